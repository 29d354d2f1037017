package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"deskbell/store"
)

func TestWhatNobodyClassedSaysNothingOfItself(t *testing.T) {
	f := Of(errors.New("SELECT secret FROM users: disk on fire"))
	if f.Kind != Internal || strings.Contains(f.Error(), "secret") || errors.Unwrap(f) == nil {
		t.Errorf("got %+v", f)
	}
	if Kind("made up").Status() != 500 {
		t.Error("an unknown kind is no 500")
	}
}

func TestTheStoresErrorsHaveTheirKinds(t *testing.T) {
	for err, want := range map[error]Kind{store.ErrNotFound: NotFound, store.ErrConflict: Conflict, store.ErrFull: StorageFull, store.ErrBusy: Unavailable, store.ErrClosed: Unavailable} {
		wrapped := fmt.Errorf("thread 7: %w", err)
		if f := Of(wrapped); f.Kind != want || !errors.Is(f, err) || !Is(wrapped, want) || strings.Contains(f.Message, "7") {
			t.Errorf("%v is %s %q", err, f.Kind, f.Message)
		}
	}
	if Is(nil, Internal) {
		t.Error("nothing is a fault")
	}
	if Of(store.ErrBusy).RetryAfter != time.Second {
		t.Error("nobody is told when to come again")
	}
}

func TestAFaultKeepsWhatItWasGiven(t *testing.T) {
	cause := errors.New("cause")
	f := New(Invalid, "Choose %d.", 2).On("a").On("b").Because(cause).After(time.Minute).With("missed", 3)
	if f.Error() != "Choose 2." || len(f.Fields) != 2 || f.Fields[1] != (Field{"b", "Choose 2."}) || !errors.Is(f, cause) || f.RetryAfter != time.Minute || f.Extra["missed"] != 3 {
		t.Errorf("got %+v", f)
	}
	if got := Of(fmt.Errorf("door: %w", f)); got != f {
		t.Error("a wrapped fault is another")
	}
}
