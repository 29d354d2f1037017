// Package workspace is about a business and its team: its settings, who belongs to it, and who may join.
//
// A workspace has exactly one owner. Nobody changes a member of their own rank or above, and nobody hands out rights
// they do not have. An invitation is a link with a secret; it works once, for one address, for seven days.
package workspace

import (
	"context"
	"encoding/json"
	"errors"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/safe"
	"deskbell/app/visitor"
	"deskbell/store"
)

const mostWorkspaces = 50 // that somebody belongs to when they found another one

// Workspaces are the businesses and their teams.
type Workspaces struct {
	db       *store.DB
	url      string
	accounts *account.Accounts
}

// New makes the workspaces; url is the public base URL.
func New(db *store.DB, url string, accounts *account.Accounts) *Workspaces {
	return &Workspaces{db: db, url: url, accounts: accounts}
}

// Open hangs everything about workspaces on its doors.
func (w *Workspaces) Open(d *door.Doors) {
	door.View(d, "workspaces.get", may.Member, w.Get)
	door.Verb(d, "workspaces.update", may.Has(may.SetWorkspace), w.Update)
	door.Verb(d, "workspaces.create", may.SignedIn, w.Create)
	door.View(d, "workspaceMembers.list", may.Has(may.ReadUsers), w.Members)
	door.Verb(d, "workspaceMembers.updateRole", may.Has(may.ManageUsers), w.UpdateRole)
	door.Verb(d, "workspaceMembers.setPermissions", may.Has(may.ManageUsers), w.SetPermissions)
	door.Verb(d, "workspaceMembers.remove", may.Has(may.RemoveUsers), w.Remove, door.Vital())
	door.Verb(d, "workspaceMembers.leave", may.Member, w.Leave)
	door.Verb(d, "workspaceMembers.transferOwnership", may.Owner, w.TransferOwnership)
	door.Verb(d, "workspaceMembers.invite", may.Has(may.InviteUsers), w.Invite, door.NoIdempotency())
	door.View(d, "invitations.list", may.Has(may.ReadUsers), w.Invitations)
	door.Verb(d, "invitations.cancel", may.Has(may.InviteUsers), w.Cancel)
	door.Verb(d, "invitations.resend", may.Has(may.InviteUsers), w.Resend, door.NoIdempotency())
	door.View(d, "invitations.get", may.Anyone, w.Invitation)
	door.Verb(d, "invitations.accept", may.Anyone, w.Accept, door.NoIdempotency(), door.Cost(20))
}

// Empty is an input or output without fields.
type Empty struct{}

// Workspace is a workspace as the wire tells it.
type Workspace struct {
	ID                store.ID   `json:"id"`
	Name              string     `json:"name"`
	AccentColor       string     `json:"accentColor"`
	AllowedOrigins    []string   `json:"allowedOrigins"`
	SessionLifetimeMs int64      `json:"sessionLifetimeMs"`
	CreatedAt         store.Time `json:"createdAt"`
}

func shown(tx *store.Tx, v *store.Workspace) (Workspace, error) {
	origins, err := tx.Workspaces.Origins(v.ID)
	return Workspace{v.ID, v.Name, v.AccentColor, origins, v.SessionLifetimeMs, v.CreatedAt}, err
}

// Get tells the workspace's settings.
func (w *Workspaces) Get(tx *store.Tx, _ actor.Actor, _ Empty) (Workspace, error) {
	v, err := tx.Workspaces.ByID(tx.Workspace)
	if err != nil {
		return Workspace{}, err
	}
	return shown(tx, v)
}

// Update is what may be changed of a workspace.
type Update struct {
	Name              *string   `json:"name,omitempty" maxLength:"400"`
	AccentColor       *string   `json:"accentColor,omitempty" pattern:"^#[0-9a-fA-F]{6}$"`
	AllowedOrigins    *[]string `json:"allowedOrigins,omitempty" maxItems:"100"`
	SessionLifetimeMs *int64    `json:"sessionLifetimeMs,omitempty" minimum:"3600000" maximum:"604800000"`
}

// Update changes the workspace's settings. Where visitors may come from, and for how long, is a matter of security.
func (w *Workspaces) Update(ctx context.Context, who actor.Actor, in Update) (out Workspace, err error) {
	if (in.AllowedOrigins != nil || in.SessionLifetimeMs != nil) && !who.Can(may.SetSecurity) {
		return out, fault.New(fault.Forbidden, "You do not have the permission for this.")
	}
	name := ""
	if in.Name != nil {
		if name, err = account.Named("name", *in.Name); err != nil {
			return out, err
		}
	}
	var origins []string
	if in.AllowedOrigins != nil {
		if origins, err = normal(*in.AllowedOrigins); err != nil {
			return out, err
		}
	}
	_, err = w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		v, err := tx.Workspaces.ByID(who.Workspace)
		if err != nil {
			return err
		}
		if in.Name != nil {
			v.Name = name
		}
		if in.AccentColor != nil {
			v.AccentColor = *in.AccentColor
		}
		if in.SessionLifetimeMs != nil {
			v.SessionLifetimeMs = *in.SessionLifetimeMs
		}
		if err := tx.Workspaces.Update(v); err != nil {
			return err
		}
		if in.AllowedOrigins != nil {
			if err := tx.Workspaces.SetOrigins(v.ID, origins); err != nil {
				return err
			}
		}
		out, err = shown(tx, v)
		return err
	})
	return out, err
}

func normal(list []string) ([]string, error) {
	out, seen := []string{}, map[string]bool{}
	for _, s := range list {
		o, err := visitor.NormalOrigin(s)
		if err != nil {
			return nil, err
		}
		if !seen[o] {
			seen[o] = true
			out = append(out, o)
		}
	}
	return out, nil
}

// Create is a new workspace.
type Create struct {
	Name        string `json:"name" maxLength:"400"`
	AccentColor string `json:"accentColor,omitempty" pattern:"^#[0-9a-fA-F]{6}$"`
	Greeting    string `json:"welcomeMessage,omitempty" maxLength:"500" doc:"how the messenger greets, in the founder's language"`
}

// Create makes a workspace whose owner is the one who asks.
func (w *Workspaces) Create(ctx context.Context, who actor.Actor, in Create) (out Workspace, err error) {
	name, err := account.Named("name", in.Name)
	if err != nil {
		return out, err
	}
	_, err = w.db.Write(ctx, 0, func(tx *store.Tx) error {
		held, err := tx.Members.OfUser(who.User)
		if err == nil && len(held) >= mostWorkspaces {
			err = fault.New(fault.Conflict, "You belong to %d workspaces already.", len(held))
		}
		if err != nil {
			return err
		}
		v := &store.Workspace{Name: name, AccentColor: in.AccentColor}
		if err := tx.Workspaces.Add(v); err != nil {
			return err
		}
		if _, err := tx.In(v.ID).Members.Add(who.User, may.RoleOwner); err != nil {
			return err
		}
		if err := tx.In(v.ID).MessengerSettings.Begin(safe.Text(in.Greeting)); err != nil {
			return err
		}
		out, err = shown(tx, v)
		return err
	})
	return out, err
}

// Member is a member as the wire tells it.
type Member struct {
	ID          store.ID          `json:"id"`
	UserID      store.ID          `json:"userId"`
	Name        string            `json:"name"`
	Email       string            `json:"email"`
	AvatarURL   *string           `json:"avatarUrl"`
	Role        string            `json:"role"`
	Permissions actor.Permissions `json:"permissions"` // the member's own list; null: the role's
	Effective   actor.Permissions `json:"effectivePermissions"`
	Online      bool              `json:"online"`
	CreatedAt   store.Time        `json:"createdAt"`
}

// Key is the member's id.
func (m Member) Key() store.ID { return m.ID }

func member(m *store.Member) (Member, error) {
	out := Member{ID: m.ID, UserID: m.User, Name: m.Name, Email: m.Email, Role: m.Role, Online: m.Online, CreatedAt: m.CreatedAt}
	if m.AvatarURL != "" {
		out.AvatarURL = &m.AvatarURL
	}
	var err error
	out.Permissions, err = account.Permissions(m)
	out.Effective = may.Effective(m.Role, out.Permissions)
	return out, err
}

// Members lists the team.
func (w *Workspaces) Members(tx *store.Tx, _ actor.Actor, _ Empty) (page door.Page[Member], err error) {
	list, err := tx.Members.List()
	if err != nil {
		return page, err
	}
	out := make([]Member, 0, len(list))
	for i := range list {
		m, err := member(&list[i])
		if err != nil {
			return page, err
		}
		out = append(out, m)
	}
	return door.NewPage(out, ""), nil
}

// change finds a member whom the actor may change, lets fn change them, and shows them.
func (w *Workspaces) change(ctx context.Context, who actor.Actor, id store.ID, fn func(*store.Tx, *store.Member) error) (out Member, err error) {
	_, err = w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		m, err := tx.Members.ByID(id)
		if err != nil {
			return err
		}
		if m.Role == may.RoleOwner || may.Rank(m.Role) >= may.Rank(who.Role) && who.Role != may.RoleOwner {
			return fault.New(fault.Forbidden, "Only somebody of a higher role can change this member.")
		}
		if err := fn(tx, m); err != nil {
			return err
		}
		if m, err = tx.Members.ByID(id); err != nil {
			return err
		}
		out, err = member(m)
		return err
	})
	return out, err
}

// UpdateRole names a member and a role.
type UpdateRole struct {
	MemberID store.ID `json:"memberId"`
	Role     string   `json:"role" enum:"admin,agent,viewer"`
}

// UpdateRole gives a member another role. Rights of their own end with the old one.
func (w *Workspaces) UpdateRole(ctx context.Context, who actor.Actor, in UpdateRole) (Member, error) {
	if err := below(who, in.Role); err != nil {
		return Member{}, err
	}
	return w.change(ctx, who, in.MemberID, func(tx *store.Tx, m *store.Member) error { return tx.Members.SetRole(m.ID, in.Role) })
}

// below refuses to hand out a role above one's own, or one that brings rights which one does not have oneself: whoever
// may only invite must not invite themselves to the rest.
func below(who actor.Actor, role string) error {
	if may.Rank(role) > may.Rank(who.Role) {
		return fault.New(fault.Forbidden, "You cannot give a role above your own.")
	}
	for _, p := range may.Effective(role, nil) {
		if !who.Can(p) {
			return fault.New(fault.Forbidden, "You cannot give a role with rights that you do not have.")
		}
	}
	return nil
}

// SetPermissions names a member and their own rights; null gives them their role's again.
type SetPermissions struct {
	MemberID    store.ID  `json:"memberId"`
	Permissions *[]string `json:"permissions" nullable:"true" maxItems:"23"`
}

// SetPermissions gives a member rights of their own, of those that one has oneself.
func (w *Workspaces) SetPermissions(ctx context.Context, who actor.Actor, in SetPermissions) (Member, error) {
	list := ""
	if in.Permissions != nil {
		set := actor.Permissions{}
		for _, p := range *in.Permissions {
			switch p := actor.Permission(p); {
			case !may.Known(p):
				return Member{}, fault.New(fault.Invalid, "There is no such permission.").On("permissions")
			case !who.Can(p):
				return Member{}, fault.New(fault.Forbidden, "You cannot give a permission that you do not have.")
			default:
				set = append(set, p)
			}
		}
		raw, err := json.Marshal(append(actor.Permissions{}, actor.Set(set...)...))
		if err != nil {
			return Member{}, err
		}
		list = string(raw)
	}
	return w.change(ctx, who, in.MemberID, func(tx *store.Tx, m *store.Member) error { return tx.Members.SetPermissions(m.ID, list) })
}

// Which names a member.
type Which struct {
	MemberID store.ID `json:"memberId"`
}

// Remove ends a membership; the conversations it held are nobody's again.
func (w *Workspaces) Remove(ctx context.Context, who actor.Actor, in Which) (Empty, error) {
	_, err := w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		m, err := tx.Members.ByID(in.MemberID)
		if err != nil {
			return err
		}
		if m.Role == may.RoleOwner || may.Rank(m.Role) >= may.Rank(who.Role) && who.Role != may.RoleOwner {
			return fault.New(fault.Forbidden, "Only somebody of a higher role can remove this member.")
		}
		return part(tx, m)
	})
	return Empty{}, err
}

// Leave ends one's own membership. The owner hands over first.
func (w *Workspaces) Leave(ctx context.Context, who actor.Actor, _ Empty) (Empty, error) {
	_, err := w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		m, err := tx.Members.ByUser(who.User)
		if err != nil {
			return err
		}
		if m.Role == may.RoleOwner {
			return fault.New(fault.Conflict, "Transfer the ownership before you leave.")
		}
		return part(tx, m)
	})
	return Empty{}, err
}

func part(tx *store.Tx, m *store.Member) error {
	held, err := tx.Conversations.OfAssignee(m.User)
	if err != nil {
		return err
	}
	for i := range held {
		before, c := held[i], held[i]
		c.Assignee = 0
		if err := tx.Conversations.Save(&before, &c); err != nil {
			return err
		}
	}
	return tx.Members.Remove(m.ID)
}

// TransferOwnership makes another member the owner and the owner an admin.
func (w *Workspaces) TransferOwnership(ctx context.Context, who actor.Actor, in Which) (Empty, error) {
	_, err := w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		to, err := tx.Members.ByID(in.MemberID)
		if err != nil {
			return err
		}
		me, err := tx.Members.ByUser(who.User)
		if err != nil || me.ID == to.ID {
			return err
		}
		if me.Role != may.RoleOwner { // it has been handed over meanwhile
			return fault.New(fault.Forbidden, "Only the owner can hand the workspace over.")
		}
		return errors.Join(tx.Members.SetRole(me.ID, may.RoleAdmin), tx.Members.SetRole(to.ID, may.RoleOwner))
	})
	return Empty{}, err
}
