package store

import (
	"sync"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// gathering is the name of a VFS (https://sqlite.org/vfs.html) that is the machine's own but for the log of the writer:
// what is written to it is gathered, and handed to the machine in one piece when SQLite syncs it. SQLite writes each
// page of a commit with two small calls; of a group of messages that is a fifth of all processor time.
//
// It is right only with synchronous=FULL, where a commit syncs the log before anybody else hears of its frames: then they are
// handed over, if not yet synced. Whatever else is done to the file comes behind what was gathered.
const gathering = "gathering"

// gathered is how many bytes are held back at most: SQLite's write(2) takes less than 128 KB at once.
const gathered = 120 << 10

// walFile is an open log and what has been gathered for it.
type walFile struct {
	own  *sqlite3.Tsqlite3_io_methods // the machine's
	room uintptr                      // SQLite's memory
	at   int64                        // where in the file the gathered bytes begin
	n    int
	fd   int  // the machine's number of the file; -1: not known
	late bool // the sync of the commit that runs comes after it
	owed bool // and was asked for
}

var (
	walFiles sync.Map // uintptr (sqlite3_file*) -> *walFile
	openFile func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
)

// gatherOnce registers the VFS. What it is made of lives as long as the process.
var gatherOnce = sync.OnceFunc(func() {
	tls := libc.NewTLS()
	defer tls.Close()
	own := structAt[sqlite3.Tsqlite3_vfs](sqlite3.Xsqlite3_vfs_find(tls, 0))
	called(own.FxOpen, &openFile)
	at := libc.Xmalloc(tls, types.Size_t(unsafe.Sizeof(*own)))
	vfs := structAt[sqlite3.Tsqlite3_vfs](at)
	*vfs = *own
	vfs.FpNext, vfs.FxOpen = 0, pointer(openGathering)
	vfs.FzName, _ = libc.CString(gathering)
	sqlite3.Xsqlite3_vfs_register(tls, at, 0)
})

// vfsOf is how the writer's connection opens the file.
func vfsOf(d Durability) string {
	if d != Full {
		return ""
	}
	gatherOnce()
	return "vfs=" + gathering
}

// structAt is what stands at an address of SQLite's memory.
func structAt[T any](at uintptr) *T { return *(**T)(unsafe.Pointer(&at)) }

// called makes a function of SQLite's callable; see pointer.
func called[T any](at uintptr, fn *T) { *fn = *(*T)(unsafe.Pointer(&struct{ at uintptr }{at})) }

func openGathering(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	rc := openFile(tls, vfs, name, file, flags, out)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	f := structAt[sqlite3.Tsqlite3_file](file)
	w := &walFile{own: structAt[sqlite3.Tsqlite3_io_methods](f.FpMethods), fd: descriptor(file)}
	if w.room = libc.Xmalloc(tls, gathered); w.room == 0 {
		return rc // as the machine does it
	}
	at := libc.Xmalloc(tls, types.Size_t(unsafe.Sizeof(*w.own)))
	if at == 0 {
		libc.Xfree(tls, w.room)
		return rc
	}
	m := structAt[sqlite3.Tsqlite3_io_methods](at)
	*m = *w.own
	m.FxWrite, m.FxRead, m.FxTruncate = pointer(writeWAL), pointer(readWAL), pointer(truncateWAL)
	m.FxSync, m.FxFileSize, m.FxClose = pointer(syncWAL), pointer(sizeWAL), pointer(closeWAL)
	walFiles.Store(file, w)
	f.FpMethods = at
	return rc
}

// log is the connection's open log, if it gathers.
func (c *conn) log() *walFile {
	main, err := libc.CString("main")
	if err != nil {
		return nil
	}
	defer libc.Xfree(c.tls, main)
	if sqlite3.Xsqlite3_file_control(c.tls, c.db, main, sqlite3.SQLITE_FCNTL_JOURNAL_POINTER, c.out) != sqlite3.SQLITE_OK {
		return nil
	}
	w, _ := walFiles.Load(c.pointed())
	log, _ := w.(*walFile)
	return log
}

func walOf(file uintptr) *walFile {
	w, _ := walFiles.Load(file)
	return w.(*walFile)
}

// transfer is the shape of xRead and xWrite.
type transfer = func(tls *libc.TLS, file, from uintptr, n int32, at int64) int32

// flush hands over what was gathered. What fails to be written is forgotten: SQLite undoes the commit.
func (w *walFile) flush(tls *libc.TLS, file uintptr) int32 {
	if w.n == 0 {
		return sqlite3.SQLITE_OK
	}
	n := w.n
	w.n = 0
	var write transfer
	called(w.own.FxWrite, &write)
	return write(tls, file, w.room, int32(n), w.at)
}

func writeWAL(tls *libc.TLS, file, from uintptr, n int32, at int64) int32 {
	w := walOf(file)
	if w.n > 0 && at != w.at+int64(w.n) || w.n+int(n) > gathered {
		if rc := w.flush(tls, file); rc != sqlite3.SQLITE_OK {
			return rc
		}
	}
	if n > gathered {
		var write transfer
		called(w.own.FxWrite, &write)
		return write(tls, file, from, n, at)
	}
	if w.n == 0 {
		w.at = at
	}
	copy(memory(w.room+uintptr(w.n), int(n)), memory(from, int(n)))
	w.n += int(n)
	return sqlite3.SQLITE_OK
}

// behind hands over what was gathered, and gives the machine's own function to go on with.
func behind[T any](tls *libc.TLS, file uintptr, own func(*sqlite3.Tsqlite3_io_methods) uintptr) (fn T, rc int32) {
	w := walOf(file)
	called(own(w.own), &fn)
	return fn, w.flush(tls, file)
}

func readWAL(tls *libc.TLS, file, to uintptr, n int32, at int64) int32 {
	own, rc := behind[transfer](tls, file, func(m *sqlite3.Tsqlite3_io_methods) uintptr { return m.FxRead })
	if rc == sqlite3.SQLITE_OK {
		rc = own(tls, file, to, n, at)
	}
	return rc
}

func truncateWAL(tls *libc.TLS, file uintptr, size int64) int32 {
	own, rc := behind[func(*libc.TLS, uintptr, int64) int32](tls, file, func(m *sqlite3.Tsqlite3_io_methods) uintptr { return m.FxTruncate })
	if rc == sqlite3.SQLITE_OK {
		rc = own(tls, file, size)
	}
	return rc
}

// syncWAL leaves the sync of a commit to whoever answers for it (see flight). A sync that only puts what is written in order, as
// the one of the log's head when it begins again, is done at once.
func syncWAL(tls *libc.TLS, file uintptr, flags int32) int32 {
	if w := walOf(file); w.late && w.n > 0 && w.at > 0 {
		w.owed = true
		return w.flush(tls, file)
	}
	own, rc := behind[func(*libc.TLS, uintptr, int32) int32](tls, file, func(m *sqlite3.Tsqlite3_io_methods) uintptr { return m.FxSync })
	if rc == sqlite3.SQLITE_OK {
		rc = own(tls, file, flags)
	}
	return rc
}

func sizeWAL(tls *libc.TLS, file, size uintptr) int32 {
	own, rc := behind[func(*libc.TLS, uintptr, uintptr) int32](tls, file, func(m *sqlite3.Tsqlite3_io_methods) uintptr { return m.FxFileSize })
	if rc == sqlite3.SQLITE_OK {
		rc = own(tls, file, size)
	}
	return rc
}

func closeWAL(tls *libc.TLS, file uintptr) int32 {
	own, rc := behind[func(*libc.TLS, uintptr) int32](tls, file, func(m *sqlite3.Tsqlite3_io_methods) uintptr { return m.FxClose })
	w := walOf(file)
	walFiles.Delete(file)
	libc.Xfree(tls, w.room)
	f := structAt[sqlite3.Tsqlite3_file](file)
	libc.Xfree(tls, f.FpMethods)
	f.FpMethods = uintptr(unsafe.Pointer(w.own))
	if closed := own(tls, file); rc == sqlite3.SQLITE_OK {
		rc = closed
	}
	return rc
}
