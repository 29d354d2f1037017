package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strconv"
	"syscall"
	"time"

	"deskbell/app"
	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/store"
)

// hello is what a measured process prints once it serves.
type hello struct {
	URL       string   `json:"url"`
	Workspace store.ID `json:"workspace"`
	Agents    []string `json:"agents"` // bearer tokens
}

// child is a measured process.
type child struct {
	hello
	cmd *exec.Cmd
}

// spawn starts this program as a measured process: "product" or "prototype".
func spawn(what, data string, args ...string) (*child, error) {
	return spawnOf("", what, data, args...)
}

// spawnOf is spawn from another build of this program; "" is this one.
func spawnOf(program, what, data string, args ...string) (*child, error) {
	if program == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		program = self
	}
	c := &child{cmd: exec.Command(program, append([]string{"serve", what, data}, args...)...)}
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &c.hello)
	}
	if err != nil {
		c.kill()
		return nil, fmt.Errorf("%s did not start: %w", what, err)
	}
	return c, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

func (c *child) kill() {
	c.cmd.Process.Kill()
	c.cmd.Wait()
}

// call passes a request through a door of the product.
func (c *child) call(client *http.Client, token, door string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequest("POST", c.URL+"/api/"+door, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		var b bytes.Buffer
		b.ReadFrom(res.Body)
		return statusError{res.StatusCode, door + ": " + b.String()}
	}
	return json.NewDecoder(res.Body).Decode(out)
}

// statusError is an answer that was not 200.
type statusError struct {
	status int
	text   string
}

func (e statusError) Error() string { return strconv.Itoa(e.status) + " " + e.text }

func serve(what string, args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if what == "prototype" {
		past, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return prototype(ctx, args[0], past)
	}
	return product(ctx, args)
}

// product is the real server with the settings of main, and the sessions that the load needs: args are the data
// directory, the address, how many agents, how many conversations stand in the file, and where to write profiles.
func product(ctx context.Context, args []string) error {
	app.TuneGC()
	l, err := net.Listen("tcp", args[1])
	if err != nil {
		return err
	}
	a, err := app.New(ctx, app.Options{Data: args[0], Addr: l.Addr().String(), Version: "bench"})
	if err != nil {
		return err
	}
	h := hello{URL: a.URL}
	agents, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- a.Run(ctx, l) }()
	if agents > 0 {
		user, workspace, err := a.Accounts.Found(ctx, account.Founder{Name: "Bench", Email: "bench@example.com", Password: "correct horse", WorkspaceName: "Bench"})
		if err != nil {
			return err
		}
		h.Workspace = workspace
		for i := range agents {
			if i%each == each-1 {
				if user, err = colleague(ctx, a.DB, workspace, i); err != nil {
					return err
				}
			}
			in, err := a.Accounts.Welcome(ctx, actor.Actor{}, user, true)
			if err != nil {
				return err
			}
			h.Agents = append(h.Agents, in.Token)
		}
	}
	if len(args) > 3 {
		past, err := strconv.Atoi(args[3])
		if err == nil && past > 0 {
			err = fillPast(ctx, a.DB, h.Workspace, past)
		}
		if err != nil {
			return err
		}
	}
	if len(args) > 4 && args[4] != "" {
		profileOnSignal(args[4])
	}
	if err := json.NewEncoder(os.Stdout).Encode(h); err != nil {
		return err
	}
	return <-served
}

// each is how many sessions one person of the team has; more would end the oldest.
const each = 40

func colleague(ctx context.Context, db *store.DB, workspace store.ID, i int) (store.ID, error) {
	u := &store.User{Name: "Bench", Email: fmt.Sprintf("bench%d@example.com", i)}
	_, err := db.Write(ctx, workspace, func(tx *store.Tx) error {
		err := tx.Users.Add(u)
		if err == nil {
			_, err = tx.Members.Add(u.ID, "admin")
		}
		return err
	})
	return u.ID, err
}

// profileOnSignal writes a profile of the processor from one SIGUSR2 to the next, with all that was allocated beside
// it (path.allocs), and one of the heap on SIGUSR1.
func profileOnSignal(path string) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1, syscall.SIGUSR2)
	go func() { // lives as long as the process
		var running *os.File
		for sig := range asked {
			switch {
			case sig == syscall.SIGUSR1:
				runtime.GC()
				profileInto(path, "heap")
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				fmt.Fprintf(os.Stderr, "  heap: %d MB live, %d MB in use, %d MB free and not given back; stacks %d MB, the runtime's own %d MB; %d goroutines\n",
					m.HeapAlloc>>20, m.HeapInuse>>20, (m.HeapIdle-m.HeapReleased)>>20, m.StackInuse>>20, (m.MSpanInuse+m.MCacheInuse+m.GCSys+m.OtherSys)>>20, runtime.NumGoroutine())
			case running != nil:
				pprof.StopCPUProfile()
				running.Close()
				running = nil
				profileInto(path+".allocs", "allocs")
			default:
				if f, err := os.Create(path); err == nil {
					running = f
					pprof.StartCPUProfile(f)
				}
			}
		}
	}()
}

func profileInto(path, what string) {
	if f, err := os.Create(path); err == nil {
		pprof.Lookup(what).WriteTo(f, 0)
		f.Close()
	}
}

func httpClient(conns int) *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConns: conns, MaxIdleConnsPerHost: conns}}
}
