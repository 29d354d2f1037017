package seal

import (
	"bytes"
	"testing"
)

func TestASealedSecretOpensOnlyInItsPlace(t *testing.T) {
	secret := bytes.Repeat([]byte{7}, 32)
	s, err := New(secret, "models")
	if err != nil {
		t.Fatal(err)
	}
	sealed := s.Close(1, "sk-very-secret-key-1234")
	if bytes.Contains(sealed, []byte("secret")) || bytes.Equal(sealed, s.Close(1, "sk-very-secret-key-1234")) {
		t.Error("a sealed secret can be read, or told from its repetition")
	}
	if got, err := s.Open(1, sealed); err != nil || got != "sk-very-secret-key-1234" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := s.Open(1, nil); got != "" || err != nil {
		t.Errorf("nothing sealed: %q, %v", got, err)
	}
	other, _ := New(secret, "mailboxes")
	foreign, _ := New(bytes.Repeat([]byte{8}, 32), "models")
	broken := bytes.Clone(sealed)
	broken[len(broken)-1] ^= 1
	for what, open := range map[string]func() (string, error){
		"another workspace": func() (string, error) { return s.Open(2, sealed) },
		"another use":       func() (string, error) { return other.Open(1, sealed) },
		"another machine":   func() (string, error) { return foreign.Open(1, sealed) },
		"a changed one":     func() (string, error) { return s.Open(1, broken) },
		"a stump":           func() (string, error) { return s.Open(1, sealed[:5]) },
	} {
		if got, err := open(); err != ErrLost || got != "" {
			t.Errorf("%s: got %q, %v", what, got, err)
		}
	}
	if End("short") != "" || End("sk-very-secret-key-1234") != "1234" {
		t.Error("End shows too much or too little")
	}
}
