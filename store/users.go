package store

// User is a person of the team. One user may belong to several workspaces.
type User struct {
	ID           ID
	Email        string // lower case
	Name         string
	AvatarURL    string
	PasswordHash string // PHC string
	CreatedAt    Time
}

const userColumns = `id, email, name, avatar_url, password_hash, created_at`

func (u *User) fields() []any {
	return []any{&u.ID, &u.Email, &u.Name, &u.AvatarURL, &u.PasswordHash, &u.CreatedAt}
}

// Users are the people of the team, across workspaces.
type Users struct{ *session }

// ByID finds a user.
func (u Users) ByID(id ID) (*User, error) {
	u.saw("users", "id", id)
	return one[User](u.session, `SELECT `+userColumns+` FROM users WHERE id = ?`, id)
}

// ByEmail finds a user by their address in lower case.
func (u Users) ByEmail(email string) (*User, error) {
	u.sawTable("users")
	return one[User](u.session, `SELECT `+userColumns+` FROM users WHERE email = ?`, email)
}

// Any reports whether there is any user at all: before there is, the set-up is open.
func (u Users) Any() (bool, error) {
	u.sawTable("users")
	var n int
	err := pick(u.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM users)`)
	return n == 1, err
}

// Add keeps a new user. A taken address is ErrConflict.
func (u Users) Add(user *User) error {
	user.ID, user.CreatedAt = u.NewID(), u.Now()
	_, err := exec(u.session, `INSERT INTO users (id, email, name, avatar_url, password_hash, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		user.ID, user.Email, user.Name, user.AvatarURL, user.PasswordHash, user.CreatedAt, user.CreatedAt)
	return err
}

// SetName renames a user.
func (u Users) SetName(id ID, name string) error {
	return must(u.session, `UPDATE users SET name = ?, updated_at = ? WHERE id = ?`, name, u.Now(), id)
}

// SetPassword replaces a user's password hash.
func (u Users) SetPassword(id ID, hash string) error {
	return must(u.session, `UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?`, hash, u.Now(), id)
}
