package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"deskbell/app/apptest"
)

// till calls something again and again until it is refused for its number, and gives how often it went well.
func till(t *testing.T, most int, call func(i int) int) (n int) {
	t.Helper()
	for i := range most {
		switch status := call(i); status {
		case http.StatusOK:
			n++
		case http.StatusTooManyRequests:
			return n
		default:
			t.Fatalf("call %d: %d", i, status)
		}
	}
	t.Errorf("%d calls, and none was refused", most)
	return n
}

// Uploads are bounded like doors: one sender's by their session, a stranger's many sessions by where they come from.
// Nothing is kept of what is refused, and nobody else waits.
func TestUploadsAreBoundedLikeDoors(t *testing.T) {
	d := apptest.New(t)
	send := func(token string) int {
		status, _ := d.Knock(token, "POST /api/files.upload", "")
		return status
	}
	v := d.Visitor("clara")
	d.Stop()
	if n := till(t, 60, func(int) int { return send(v) }); n != 24 {
		t.Errorf("%d files of one visitor at once, want 24", n)
	}
	if status := send(d.Owner); status != 200 {
		t.Errorf("the team's: %d", status)
	}
	if status := send(d.Visitor("paul")); status != 200 {
		t.Errorf("another visitor's: %d", status)
	}
	if n := till(t, 600, func(i int) int { return send(d.Visitor(fmt.Sprint("mallory", i))) }); n != 240-25-1 {
		t.Errorf("%d files from one place by ever new visitors, want 214", n)
	}
	if status := send(d.Owner); status != 200 {
		t.Errorf("the team's, from the same place: %d", status)
	}
	r, _ := http.NewRequest("POST", d.URL+"/api/files.upload", bytes.NewReader(nil))
	r.Header.Set("Authorization", "Bearer "+v)
	res, _ := d.Fetch(r)
	if res.StatusCode == 429 && res.Header.Get("Retry-After") == "" {
		t.Error("nobody says when it goes on")
	}
}

// The pages of a help center are bounded by where their reader comes from.
func TestPagesAreBoundedByWhereOneComesFrom(t *testing.T) {
	d := apptest.Behind(t)
	d.Wrote("Bulbs", "Lumen tells how bright.", nil)
	d.Stop()
	read := func(from string) int {
		status, _ := d.Answered("", "GET", "/help/shop/search?q=lumen", http.Header{"X-Forwarded-For": {from}})
		return status
	}
	if n := till(t, 3000, func(int) int { return read("203.0.113.9") }); n != 400 {
		t.Errorf("%d pages at once, want 400", n)
	}
	if status := read("203.0.113.10"); status != 200 {
		t.Errorf("another reader: %d", status)
	}
}
