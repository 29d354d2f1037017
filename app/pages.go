package app

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"sync"

	"deskbell/app/web"
	"deskbell/store"
)

// pages hangs what watches the process.
func (a *App) pages() {
	a.Doors.Serve("GET", "/healthz", a.health)
	a.Doors.Serve("GET", "/metrics", a.metrics)
	a.Doors.Serve("GET", "/.well-known/deskbell.json", a.discovery)
	// Anybody may ask for it, and it is much work: it is made once.
	document := sync.OnceValues(func() ([]byte, error) { return json.Marshal(a.Doors.OpenAPI(a.Version, a.URL)) })
	a.Doors.Serve("GET", "/api/openapi.json", func(w http.ResponseWriter, r *http.Request) {
		b, err := document()
		if err != nil {
			a.Web.Refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Write(b)
	})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func (a *App) counts(r *http.Request) (c store.JobCounts, err error) {
	err = a.DB.Read(r.Context(), 0, func(tx *store.Tx) error {
		c, err = tx.Jobs.Counts()
		return err
	})
	return c, err
}

// health answers 200 while the database can be read.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	jobs, err := a.counts(r)
	last, failed := a.Backups.Last()
	h := map[string]any{"status": "ok", "version": a.Version, "database": "ok", "last_backup_at": nil, "queue_age_s": 0, "jobs_parked": jobs.Parked}
	if last.At != 0 {
		h["last_backup_at"] = last.At
	}
	if failed != nil {
		h["status"] = "backup failed"
	}
	disk := a.DB.Space()
	h["disk"], h["disk_free_bytes"] = disk.Room, disk.Free
	if disk.Room != store.Enough {
		h["status"] = "disk " + string(disk.Room)
	}
	if jobs.Oldest != 0 {
		h["queue_age_s"] = max(0, int(a.DB.Now().Sub(jobs.Oldest).Seconds()))
	}
	if err != nil {
		h["status"], h["database"] = "error", "unreadable"
		answer(w, http.StatusServiceUnavailable, h)
		return
	}
	answer(w, http.StatusOK, h)
}

// watcher says whether somebody may read the numbers for operators: a program with their token, or one on this machine.
// Who comes through a proxy is elsewhere, though the proxy may be here and nobody told us of it.
func (a *App) watcher(r *http.Request) bool {
	token, said := web.Bearer(r)
	if said && a.MetricsToken != "" && subtle.ConstantTimeCompare([]byte(token), []byte(a.MetricsToken)) == 1 {
		return true
	}
	ip := net.ParseIP(a.Web.IP(r))
	return ip != nil && ip.IsLoopback() && !a.Web.Relayed(r)
}

// metrics are in Prometheus' text format.
func (a *App) metrics(w http.ResponseWriter, r *http.Request) {
	if !a.watcher(r) {
		http.NotFound(w, r)
		return
	}
	jobs, _ := a.counts(r)
	s := a.Engine.Stats()
	disk := a.DB.Space()
	full := uint64(0)
	if disk.Room == store.None {
		full = 1
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	for _, m := range []struct {
		name, kind, help string
		value            uint64
	}{
		{"deskbell_sockets", "gauge", "Open live sockets.", uint64(a.Socket.Open())},
		{"deskbell_live_entries", "gauge", "Open live views, shared ones once.", uint64(s.Entries)},
		{"deskbell_live_runs_total", "counter", "Runs of live views.", s.Runs},
		{"deskbell_live_keyed_runs_total", "counter", "Runs of live views by changed rows alone.", s.Keyed},
		{"deskbell_live_pushes_total", "counter", "Answers handed to sockets.", s.Pushes},
		{"deskbell_jobs_ready", "gauge", "Jobs that wait.", uint64(jobs.Ready)},
		{"deskbell_jobs_parked", "gauge", "Jobs that failed too often and wait for a person.", uint64(jobs.Parked)},
		{"deskbell_disk_free_bytes", "gauge", "Bytes of the data directory's disk that are left.", uint64(disk.Free)},
		{"deskbell_disk_bytes", "gauge", "Bytes of that disk.", uint64(disk.Total)},
		{"deskbell_disk_full", "gauge", "1 while nothing new is saved because the disk is full.", full},
		{"deskbell_database_bytes", "gauge", "Bytes of the database.", uint64(disk.File)},
		{"deskbell_log_bytes", "gauge", "Bytes of its write-ahead log.", uint64(disk.Log)},
		{"deskbell_goroutines", "gauge", "Goroutines.", uint64(runtime.NumGoroutine())},
		{"deskbell_heap_bytes", "gauge", "Bytes of live heap objects.", mem.HeapAlloc},
	} {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %d\n", m.name, m.help, m.name, m.kind, m.name, m.value)
	}
}

func (a *App) discovery(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"name": "Deskbell", "url": a.URL, "version": a.Version, "signup": "invite-only", "auth": []string{"password"}})
}
