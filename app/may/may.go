// Package may says who may do what: the 23 permissions, the four roles with their defaults, and the rules that
// stand beside each door.
package may

import (
	"slices"
	"strings"

	"deskbell/app/actor"
)

// The permissions, by the names the wire and the seed use.
const (
	ReadConversations   actor.Permission = "conversations.read"
	Reply               actor.Permission = "conversations.reply"
	Assign              actor.Permission = "conversations.assign"
	Close               actor.Permission = "conversations.close"
	DeleteConversations actor.Permission = "conversations.delete"
	ReadUsers           actor.Permission = "users.read"
	InviteUsers         actor.Permission = "users.invite"
	ManageUsers         actor.Permission = "users.manage"
	RemoveUsers         actor.Permission = "users.remove"
	ReadArticles        actor.Permission = "articles.read"
	CreateArticles      actor.Permission = "articles.create"
	PublishArticles     actor.Permission = "articles.publish"
	DeleteArticles      actor.Permission = "articles.delete"
	ManageSnippets      actor.Permission = "snippets.manage"
	ManageTours         actor.Permission = "tours.manage"
	ManageChecklists    actor.Permission = "checklists.manage"
	SetWorkspace        actor.Permission = "settings.workspace"
	SetSecurity         actor.Permission = "settings.security"
	SetIntegrations     actor.Permission = "settings.integrations"
	SetBilling          actor.Permission = "settings.billing"
	ExportData          actor.Permission = "data.export"
	DeleteData          actor.Permission = "data.delete"
	ReadAudit           actor.Permission = "audit.read"
)

// The roles, from the highest rank to the lowest.
const (
	RoleOwner  = "owner"
	RoleAdmin  = "admin"
	RoleAgent  = "agent"
	RoleViewer = "viewer"
)

// All lists every permission, sorted.
var All = actor.Set(ReadConversations, Reply, Assign, Close, DeleteConversations, ReadUsers, InviteUsers, ManageUsers,
	RemoveUsers, ReadArticles, CreateArticles, PublishArticles, DeleteArticles, ManageSnippets, ManageTours,
	ManageChecklists, SetWorkspace, SetSecurity, SetIntegrations, SetBilling, ExportData, DeleteData, ReadAudit)

var defaults = map[string]actor.Permissions{
	RoleOwner:  All,
	RoleAdmin:  slices.DeleteFunc(slices.Clone(All), func(p actor.Permission) bool { return p == SetBilling }),
	RoleAgent:  actor.Set(ReadConversations, Reply, Assign, Close, ReadUsers, ReadArticles, ManageSnippets, ManageChecklists),
	RoleViewer: actor.Set(ReadConversations, ReadUsers, ReadArticles, ReadAudit),
}

// Effective is what a member may do: the role's defaults, or the list that replaces them. nil is no list; an empty
// list is no rights at all.
func Effective(role string, custom actor.Permissions) actor.Permissions {
	if custom != nil {
		return custom
	}
	return defaults[role]
}

// Known reports whether p is one of the 23.
func Known(p actor.Permission) bool { return All.Has(p) }

// Rank orders roles: a higher rank may do more. Unknown roles rank lowest.
func Rank(role string) int {
	return slices.Index([]string{RoleViewer, RoleAgent, RoleAdmin, RoleOwner}, role)
}

// Rule says who may pass a door. The zero Rule lets nobody pass.
type Rule struct {
	name   string
	staff  bool // needs a member of the named workspace (bound)
	public bool // needs nobody in particular
	allows func(actor.Actor) bool
}

// The rules that are not a permission.
var (
	// Anyone may pass, signed in or not. The verb itself decides by what it is given (a token, a password).
	Anyone = Rule{name: "Anyone", public: true, allows: func(actor.Actor) bool { return true }}
	// SignedIn is any person of staff, without regard to a workspace.
	SignedIn = Rule{name: "SignedIn", allows: func(a actor.Actor) bool { return a.Kind == actor.Staff }}
	// Member is any member of the named workspace.
	Member = Rule{name: "Member", staff: true, allows: func(a actor.Actor) bool { return a.IsStaff() && a.Workspace != 0 && a.Role != "" }}
	// Owner is the owner of the named workspace.
	Owner = Rule{name: "Owner", staff: true, allows: func(a actor.Actor) bool { return a.Kind == actor.Staff && a.Role == RoleOwner }}
	// OwnVisitor is any visitor's session; the verb confines it to the visitor's own rows.
	OwnVisitor = Rule{name: "OwnVisitor", allows: func(a actor.Actor) bool { return a.IsVisitor() && a.Workspace != 0 }}
)

// Has is a member of the named workspace who holds a permission.
func Has(p actor.Permission) Rule {
	return Rule{name: string(p), staff: true, allows: func(a actor.Actor) bool { return a.IsStaff() && a.Workspace != 0 && a.Can(p) }}
}

// Person is Has for people alone: what a program's key must not do, whatever its scopes.
func Person(p actor.Permission) Rule {
	return Rule{name: string(p) + " in person", staff: true, allows: func(a actor.Actor) bool { return a.Kind == actor.Staff && a.Workspace != 0 && a.Can(p) }}
}

// Or is a rule that either rule lets pass.
func (r Rule) Or(o Rule) Rule {
	return Rule{
		name: r.name + "|" + o.name, staff: r.staff || o.staff, public: r.public || o.public,
		allows: func(a actor.Actor) bool { return r.Allows(a) || o.Allows(a) },
	}
}

// And is a rule that lets pass whom both rules let pass.
func (r Rule) And(o Rule) Rule {
	return Rule{
		name: r.name + "&" + o.name, staff: r.staff || o.staff, public: r.public && o.public,
		allows: func(a actor.Actor) bool { return r.Allows(a) && o.Allows(a) },
	}
}

// Allows reports whether the actor may pass. The system may always.
func (r Rule) Allows(a actor.Actor) bool {
	return a.Kind == actor.System || (r.allows != nil && r.allows(a))
}

// ForStaff reports whether staff must name their workspace to pass.
func (r Rule) ForStaff() bool { return r.staff }

// Public reports whether nobody in particular may pass.
func (r Rule) Public() bool { return r.public }

// ForVisitors reports whether a visitor may pass: such doors answer the origins of customers' sites.
func (r Rule) ForVisitors() bool { return r.public || strings.Contains(r.name, OwnVisitor.name) }

// String names the rule, for the list of doors.
func (r Rule) String() string { return r.name }
