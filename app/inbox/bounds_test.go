package inbox_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"deskbell/app/apptest"
)

// S-94: a visitor begins so many conversations in a day and no more. Others do, what is there goes on, and asking again for one
// that has begun gives it; the next day more can begin.
func TestOneVisitorBeginsOnlySoManyConversationsInADay(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v, other := d.Visitor("clara"), d.Visitor("paul")
	begin := func(n int) m { return m{"content": fmt.Sprint("Number ", n), "clientId": fmt.Sprint("n", n)} }
	first := d.OK(v, "conversations.start", begin(1))["conversation"].(m)["id"]
	for n := 2; n <= 100; n++ {
		d.Later(time.Minute) // and not all at once, which another bound is for
		d.OK(v, "conversations.start", begin(n))
	}
	before := d.OK(d.Owner, "conversations.counts", m{})
	d.Refused("rate_limited", v, "conversations.start", begin(101))
	if after := d.OK(d.Owner, "conversations.counts", m{}); !reflect.DeepEqual(after, before) {
		t.Errorf("refused, the counts are %v, were %v", after, before)
	}
	if again := d.OK(v, "conversations.start", begin(1))["conversation"].(m)["id"]; again != first {
		t.Errorf("asked for again it is %v, was %v", again, first)
	}
	d.OK(v, "messages.send", m{"conversationId": first, "content": "One more thing"})
	d.OK(other, "conversations.start", begin(1))
	d.Later(24 * time.Hour)
	d.OK(d.Visitor("clara"), "conversations.start", begin(101))
}
