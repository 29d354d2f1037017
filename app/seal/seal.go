// Package seal keeps secrets of others (keys of model servers, passwords of mailboxes) unreadable in the database: who
// has a copy of it, but not the machine's secret.key, has nothing.
//
// A sealed secret is bound to its place: moved to another workspace or another use it does not open. AES-256-GCM (NIST
// SP 800-38D) with a random nonce before the text, under a key derived by HKDF (RFC 5869).
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"deskbell/store"
)

// ErrLost says that a secret does not open: secret.key is another one than when it was sealed, or the place is.
var ErrLost = errors.New("the secret cannot be opened any more; enter it again")

// Seal seals and opens secrets for one use.
type Seal struct{ aead cipher.AEAD }

// New makes the Seal of a use from the machine's secret.
func New(secret []byte, use string) (*Seal, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "deskbell seal: "+use, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &Seal{aead}, err
}

// Close seals a secret of a workspace.
func (s *Seal) Close(workspace store.ID, secret string) []byte {
	return s.aead.Seal(nil, nil, []byte(secret), place(workspace))
}

// Open gives a secret back, or ErrLost. Nothing sealed is the empty secret.
func (s *Seal) Open(workspace store.ID, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := s.aead.Open(nil, nil, sealed, place(workspace))
	if err != nil {
		return "", ErrLost
	}
	return string(plain), nil
}

// End is what may be shown of a secret, to tell it from others: the last four characters of a long one.
func End(secret string) string {
	if len(secret) < 16 {
		return ""
	}
	return secret[len(secret)-4:]
}

func place(workspace store.ID) []byte { return fmt.Append(nil, "workspace ", int64(workspace)) }
