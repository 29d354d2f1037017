package account

import (
	"container/list"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// Passwords are guessed in many ways: one account from one place, one account from many places, many accounts from one
// place. Each is counted, and each waits after some failures, longer with every one, up to a quarter of an hour.
//
// Whoever counts by account alone lets any stranger lock its owner out. So a browser that has signed in to the account
// before (it keeps a signed note of it), and a network in which the account is signed in now, are counted by themselves
// alone: what strangers do elsewhere does not concern them. Whoever has neither waits with the strangers, for a quarter
// of an hour at most at a time; open sessions go on, and the machine's owner can always set a new password on the
// command line, which also forgets the failures.
//
// What has come near the limit is kept in the file, too: a restart does not forget it. A key holds a keyed hash of the
// address that was tried, and never the address.

const (
	patience   = 15 * time.Minute
	forgotten  = time.Hour // after which failures are no longer counted
	remembered = 50000     // keys that are counted at a time
)

// How often one may fail before waiting.
const (
	freeHere    = 5  // one account from one place, or in one known browser
	freeAccount = 20 // one account from everywhere
	freeNetwork = 60 // all accounts from one place: there may be a whole office
)

// tally is a key that failures are counted under.
type tally struct {
	key  string
	free int
}

// throttle counts failures.
type throttle struct {
	mu     sync.Mutex
	order  *list.List // least recently noted last
	keys   map[string]*list.Element
	loaded bool
}

type failures struct {
	key  string
	n    int
	kept int // of n, in the file
	last store.Time
}

// load takes over what a former run of the program kept.
func (t *throttle) load(kept []store.Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.loaded {
		return
	}
	t.loaded = true
	for _, k := range kept {
		f := t.find(k.Key)
		f.n, f.kept, f.last = f.n+k.N, k.N, max(f.last, k.Last)
	}
}

func (t *throttle) fresh() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.loaded
}

// changes are what of some keys is to be kept in the file now: those that have used up half of what is free. The many that
// fail once or twice are not worth a write, and whoever fills the memory with them does not fill the disk.
func (t *throttle) changes(under []tally) (list []store.Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range under {
		el := t.keys[u.key]
		if el == nil {
			continue
		}
		f := el.Value.(*failures)
		n := f.n
		if n < (u.free+1)/2 {
			n = 0
		}
		if n != f.kept {
			f.kept = n
			list = append(list, store.Failure{Key: f.key, N: n, Last: f.last})
		}
	}
	return list
}

// begin counts an attempt as failed until it has succeeded, so that many at once are no more than one after another;
// or it says how long to wait, and counts nothing.
func (t *throttle) begin(now store.Time, under []tally) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range under {
		if el := t.keys[u.key]; el != nil {
			wait = max(wait, el.Value.(*failures).wait(now, u.free))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, u := range under {
		f := t.find(u.key)
		if now.Sub(f.last) > forgotten {
			f.n = 0
		}
		f.n, f.last = f.n+1, now
	}
	return 0
}

func (f *failures) wait(now store.Time, free int) time.Duration {
	if now < f.last { // the clock was put back: nobody waits for it to come round
		f.last = now
	}
	if f.n < free || now.Sub(f.last) > forgotten {
		return 0
	}
	return max(0, min(patience, time.Second<<min(f.n-free+1, 10))-now.Sub(f.last))
}

func (t *throttle) find(key string) *failures {
	if t.keys == nil {
		t.order, t.keys = list.New(), map[string]*list.Element{}
	}
	el := t.keys[key]
	if el == nil {
		for t.order.Len() >= remembered {
			old := t.order.Back()
			delete(t.keys, old.Value.(*failures).key)
			t.order.Remove(old)
		}
		el = t.order.PushFront(&failures{key: key})
		t.keys[key] = el
	}
	t.order.MoveToFront(el)
	return el.Value.(*failures)
}

// forgive takes an attempt back that has succeeded: where it came from nothing is counted any longer, and for the
// account and the network it is as if it had not been.
func (t *throttle) forgive(under []tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, u := range under {
		if el := t.keys[u.key]; el != nil {
			f := el.Value.(*failures)
			f.n = max(0, f.n-1)
			if i == 0 {
				f.n = 0
			}
		}
	}
}

// forget counts nothing any longer of an account, and says which keys those were.
func (t *throttle) forget(account string) (keys []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, el := range t.keys {
		if strings.HasSuffix(key, " "+account) {
			t.order.Remove(el)
			delete(t.keys, key)
			keys = append(keys, key)
		}
	}
	return keys
}

// blind is what stands for an address in keys.
func (a *Accounts) blind(email string) string { return a.signed("account " + canonical(email)) }

// remember reads what a former run kept, once.
func (a *Accounts) remember(tx *store.Tx) error {
	if !a.failed.fresh() {
		return nil
	}
	list, err := tx.Failures.Since(tx.Now().Add(-forgotten), remembered)
	if err == nil {
		a.failed.load(list)
	}
	return err
}

// keep brings the file up to date with what has become of an attempt. Where that cannot be written, it is still counted.
func (a *Accounts) keep(ctx context.Context, under []tally) {
	list := a.failed.changes(under)
	if len(list) == 0 {
		return
	}
	a.db.Write(context.WithoutCancel(ctx), 0, func(tx *store.Tx) error {
		for _, f := range list {
			if err := tx.Failures.Keep(f); err != nil {
				return err
			}
		}
		return tx.Failures.Purge(tx.Now().Add(-forgotten))
	})
}

// tallies are what an attempt at an account counts under. u is nil where there is no such account: that looks the same.
func (a *Accounts) tallies(tx *store.Tx, who actor.Actor, email string, u *store.User) ([]tally, error) {
	if err := a.remember(tx); err != nil {
		return nil, err
	}
	network, account := actor.Network(who.IP), a.blind(email)
	here := tally{"here " + network + " " + account, freeHere}
	strange := []tally{here, {"account " + account, freeAccount}, {"network " + network, freeNetwork}}
	if u == nil {
		return strange, nil
	}
	if nonce, known := a.knows(who.Device, u.ID); known {
		return []tally{{"browser " + nonce + " " + account, freeHere}}, nil
	}
	open, err := tx.Sessions.List(u.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range open {
		if actor.Network(s.IP) == network {
			return []tally{here}, nil
		}
	}
	return strange, nil
}

func throttled(wait time.Duration) error {
	return fault.New(fault.RateLimited, "Too many failed attempts. Try again later.").After(wait)
}

// prove finds the account of an address and holds a password against it; nil where that fails, which looks and lasts
// the same whether there is such an account or not.
func (a *Accounts) prove(ctx context.Context, who actor.Actor, email, password string) (*store.User, error) {
	var u *store.User
	var under []tally
	err := a.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		if u, err = tx.Users.ByEmail(email); errors.Is(err, store.ErrNotFound) {
			u, err = nil, nil
		}
		if err == nil {
			under, err = a.tallies(tx, who, email, u)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if wait := a.failed.begin(a.db.Now(), under); wait > 0 {
		return nil, throttled(wait)
	}
	hash := nobody
	if u != nil {
		hash = u.PasswordHash
	}
	ok, err := passwordMatches(ctx, hash, password)
	if err == nil && ok && u != nil {
		a.failed.forgive(under)
	}
	a.keep(ctx, under)
	if err != nil || !ok || u == nil {
		return nil, err
	}
	return u, nil
}

// Prove holds a password against a user's: it counts as a sign-in where that is tried too often.
func (a *Accounts) Prove(ctx context.Context, who actor.Actor, u *store.User, password string) (bool, error) {
	found, err := a.prove(ctx, who, u.Email, password)
	return found != nil && found.ID == u.ID, err
}

// note is what a browser keeps of having signed in as a user. It opens nothing: it only says that this browser is no
// stranger.
func (a *Accounts) note(user store.ID) string {
	said := user.String() + "." + rand.Text()
	return said + "." + a.signed(said)
}

func (a *Accounts) signed(said string) string {
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(said))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// knows says whether a browser has signed in as a user before, and by what it is told from others.
func (a *Accounts) knows(note string, user store.ID) (nonce string, ok bool) {
	said, mac, ok := cutLast(note, ".")
	id, nonce, _ := strings.Cut(said, ".")
	return nonce, ok && id == user.String() && hmac.Equal([]byte(mac), []byte(a.signed(said)))
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// canonical is the one form of an address that accounts are found by: e-mail addresses are compared without regard to
// the case of Latin letters and of no others, as the database does.
func canonical(email string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, strings.TrimSpace(email))
}
