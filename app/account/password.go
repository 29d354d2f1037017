package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"deskbell/app/fault"
)

// Argon2id with the smallest of OWASP's equivalent settings: 19 MiB, two passes, one lane. Two at a time, so that a
// rush of sign-ins costs 38 MiB and not more.
const (
	memory = 19 * 1024
	passes = 2
	lanes  = 1
	keyLen = 32
)

var hashing = make(chan struct{}, 2)

func derive(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
		return argon2.IDKey([]byte(password), salt, passes, memory, lanes, keyLen), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hashPassword makes a PHC string (github.com/P-H-C/phc-string-format).
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := derive(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", memory, passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// nobody is a hash that no password has: unknown addresses cost as much time as known ones.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func passwordMatches(ctx context.Context, phc, password string) (bool, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 {
		return false, fmt.Errorf("a password hash has %d parts", len(parts))
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false, fmt.Errorf("a password hash is broken")
	}
	got, err := derive(ctx, password, salt)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

// checkPassword says what is wrong with a new password (NIST SP 800-63B: length, no composition rules).
func checkPassword(field, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < 8:
		return fault.New(fault.Invalid, "Choose a password of at least 8 characters.").On(field)
	case n > 200:
		return fault.New(fault.Invalid, "A password has at most 200 characters.").On(field)
	}
	return nil
}

// NewToken makes a capability of 256 random bits behind a prefix, and the hash of it that is kept.
func NewToken(prefix string) (token string, hash []byte) {
	var b [32]byte
	rand.Read(b[:])
	token = prefix + base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// HashToken is what is kept of a token.
func HashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
