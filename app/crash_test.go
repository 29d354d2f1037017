package app_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app"
	"deskbell/store"
)

// victim is a Deskbell in a process of its own, which can be killed.
type victim struct {
	t            *testing.T
	binary, data string
	addr         string
	cmd          *exec.Cmd
}

// newVictim has a data directory and an address; it does not run yet.
func newVictim(t *testing.T) *victim {
	t.Helper()
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return &victim{t: t, binary: binary, data: t.TempDir(), addr: l.Addr().String()}
}

func (v *victim) start() {
	v.t.Helper()
	v.cmd = exec.Command(v.binary, "serve", "--data", v.data, "--addr", v.addr)
	out, err := v.cmd.StdoutPipe()
	if err == nil {
		err = v.cmd.Start()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		v.t.Fatal("the server did not start:", err)
	}
}

func (v *victim) kill() {
	v.cmd.Process.Kill()
	v.cmd.Wait()
}

func (v *victim) post(token, door string, in m) (m, error) {
	body, _ := json.Marshal(in)
	r, _ := http.NewRequest("POST", "http://"+v.addr+"/api/"+door, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	if token == "" {
		r.Header.Del("Authorization")
	}
	res, err := (&http.Client{Timeout: 3 * time.Second}).Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var out m
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != 200 {
		return nil, fmt.Errorf("%d %v %v", res.StatusCode, out, err)
	}
	return out, nil
}

// Kills at random moments under load: every acknowledged message exists exactly once, counts and previews agree, the
// file is sound. DESKBELL_KILLS sets how many (the gate: 20; 200 for a long look).
func TestKillsLoseNothingThatWasAcknowledged(t *testing.T) {
	kills := 20
	if n, err := strconv.Atoi(os.Getenv("DESKBELL_KILLS")); err == nil {
		kills = n
	}
	v := newVictim(t)
	set := exec.Command(v.binary, "setup", "--data", v.data, "--email", "a@b.test", "--name", "Ann", "--workspace", "Shop", "--password-stdin")
	set.Stdin = strings.NewReader("correct horse\n")
	out, err := set.Output()
	if err != nil {
		t.Fatal(err, string(out))
	}
	var made struct{ WorkspaceID string }
	json.Unmarshal(out, &made)
	v.start()
	boot, err := v.post("", "widgetSessions.boot", m{"workspaceId": made.WorkspaceID, "sessionId": strings.Repeat("k", 43)})
	if err != nil {
		t.Fatal(err)
	}
	token := boot["sessionToken"].(string)
	begun, err := v.post(token, "conversations.start", m{"content": "first"})
	if err != nil {
		t.Fatal(err)
	}
	id := begun["conversation"].(m)["id"].(string)

	var mu sync.Mutex
	acked := map[string]string{} // clientId → message id
	for k := range kills {
		var load sync.WaitGroup
		stop := make(chan struct{})
		for n := range 8 {
			load.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					client := fmt.Sprintf("%d.%d.%d", k, n, i)
					out, err := v.post(token, "messages.send", m{"conversationId": id, "content": "message " + client, "clientId": client})
					if err != nil {
						return
					}
					mu.Lock()
					acked[client] = out["id"].(string)
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(20+rand.IntN(120)) * time.Millisecond)
		v.kill()
		close(stop)
		load.Wait()
		v.start()
	}
	v.kill()

	a, err := app.New(t.Context(), app.Options{Data: v.data, Addr: v.addr})
	if err != nil {
		t.Fatal(err)
	}
	defer a.DB.Close()
	if err := a.DB.Check(t.Context()); err != nil {
		t.Error(err)
	}
	ws, _ := store.ParseID(made.WorkspaceID)
	conversation, _ := store.ParseID(id)
	kept := map[string]string{}
	err = a.DB.Read(t.Context(), ws, func(tx *store.Tx) error {
		for before := store.ID(0); ; {
			page, err := tx.Messages.Newest(conversation, before, false, 500)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, msg := range page {
				if msg.ClientID != "" && kept[msg.ClientID] != "" {
					t.Errorf("%s was kept twice", msg.ClientID)
				}
				kept[msg.ClientID] = msg.ID.String()
			}
			before = page[0].ID
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for client, id := range acked {
		if kept[client] != id {
			t.Errorf("%s was acknowledged as %s, and is %q", client, id, kept[client])
		}
	}
	t.Logf("%d kills, %d acknowledged messages, all there once", kills, len(acked))
}
