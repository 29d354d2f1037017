package account

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/safe"
	"deskbell/store"
)

const setupKey = "setup_token"

// SetupURL makes the one-time link of the first run, or "" when there is somebody already. An earlier link ends.
func (a *Accounts) SetupURL(ctx context.Context) (string, error) {
	token, hash := NewToken("")
	needed := false
	_, err := a.db.Write(ctx, 0, func(tx *store.Tx) error {
		any, err := tx.Users.Any()
		if err != nil {
			return err
		}
		if needed = !any; any {
			return tx.Meta.Remove(setupKey)
		}
		return tx.Meta.Set(setupKey, hex.EncodeToString(hash))
	})
	if err != nil || !needed {
		return "", err
	}
	return a.url + "/setup?token=" + token, nil
}

// SetupStatus asks whether the set-up is open, and for the holder of the link whether the link is good.
type SetupStatus struct {
	Token string `json:"token,omitempty" maxLength:"200"`
}

// SetupState is the answer.
type SetupState struct {
	Needed     bool `json:"needed"`
	TokenValid bool `json:"tokenValid"`
}

// SetupStatus tells whether somebody still has to set Deskbell up.
func (a *Accounts) SetupStatus(tx *store.Tx, _ actor.Actor, in SetupStatus) (SetupState, error) {
	any, err := tx.Users.Any()
	if err != nil || any {
		return SetupState{}, err
	}
	return SetupState{Needed: true, TokenValid: tokenGood(tx, in.Token) == nil}, nil
}

func tokenGood(tx *store.Tx, token string) error {
	kept, err := tx.Meta.Value(setupKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(kept), []byte(hex.EncodeToString(HashToken(token)))) != 1 {
		return fault.New(fault.Forbidden, "This set-up link is not valid (any longer). Start Deskbell again for a new one.")
	}
	return nil
}

// Founder is who sets Deskbell up, and for what.
type Founder struct {
	Token         string `json:"token" maxLength:"200"`
	Name          string `json:"name" maxLength:"400"`
	Email         string `json:"email" maxLength:"254"`
	Password      string `json:"password" maxLength:"1000"`
	WorkspaceName string `json:"workspaceName" maxLength:"400"`
	AccentColor   string `json:"accentColor,omitempty" pattern:"^#[0-9a-fA-F]{6}$"`
	Greeting      string `json:"welcomeMessage,omitempty" maxLength:"500" doc:"how the messenger greets, in the founder's language"`
}

// CompleteSetup makes the first user, the owner of the first workspace, and signs them in. It works once.
func (a *Accounts) CompleteSetup(ctx context.Context, who actor.Actor, in Founder) (SignedIn, error) {
	err := a.db.Read(ctx, 0, func(tx *store.Tx) error { return tokenGood(tx, in.Token) })
	if err != nil {
		return SignedIn{}, err
	}
	user, _, err := a.found(ctx, in, func(tx *store.Tx) error { return tokenGood(tx, in.Token) })
	if err != nil {
		return SignedIn{}, err
	}
	return a.Welcome(ctx, who, user, false)
}

// Found makes the first user and workspace from the command line.
func (a *Accounts) Found(ctx context.Context, in Founder) (user, workspace store.ID, err error) {
	return a.found(ctx, in, func(*store.Tx) error { return nil })
}

// Check says what is wrong with a founder, and puts what is right into the form in which it is kept.
func (in *Founder) Check() (err error) {
	if in.Email, err = Address("email", in.Email); err != nil {
		return err
	}
	if in.Name, err = Named("name", in.Name); err != nil {
		return err
	}
	if in.WorkspaceName, err = Named("workspaceName", in.WorkspaceName); err != nil {
		return err
	}
	return checkPassword("password", in.Password)
}

func (a *Accounts) found(ctx context.Context, in Founder, allowed func(*store.Tx) error) (user, workspace store.ID, err error) {
	if err := in.Check(); err != nil {
		return 0, 0, err
	}
	hash, err := hashPassword(ctx, in.Password)
	if err != nil {
		return 0, 0, err
	}
	_, err = a.db.Write(ctx, 0, func(tx *store.Tx) error {
		any, err := tx.Users.Any()
		if err != nil {
			return err
		}
		if any {
			return fault.New(fault.Conflict, "Deskbell is set up already.")
		}
		if err := allowed(tx); err != nil {
			return err
		}
		u := &store.User{Email: in.Email, Name: in.Name, PasswordHash: hash}
		if err := tx.Users.Add(u); err != nil {
			return err
		}
		w := &store.Workspace{Name: in.WorkspaceName, AccentColor: in.AccentColor}
		if err := tx.Workspaces.Add(w); err != nil {
			return err
		}
		if _, err := tx.In(w.ID).Members.Add(u.ID, may.RoleOwner); err != nil {
			return err
		}
		if err := tx.In(w.ID).MessengerSettings.Begin(safe.Text(in.Greeting)); err != nil {
			return err
		}
		user, workspace = u.ID, w.ID
		return tx.Meta.Remove(setupKey)
	})
	return user, workspace, err
}

// AddUser makes a user with a password, for invitations and the demo. A taken address is a conflict.
func AddUser(ctx context.Context, name, email, password string) (*store.User, error) {
	if err := checkPassword("password", password); err != nil {
		return nil, err
	}
	name, err := Named("name", name)
	if err != nil {
		return nil, err
	}
	hash, err := hashPassword(ctx, password)
	return &store.User{Email: email, Name: name, PasswordHash: hash}, err
}
