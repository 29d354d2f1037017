package recall

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"time"

	"deskbell/app/recall/minilm"
)

const (
	tardy   = 2 * time.Second // a text that takes longer is one for this process
	nearing = time.Minute     // for so long after that all are
)

// apart embeds passages with the built-in model in a process of its own, which gets the processor only where nobody else
// wants it. Within this process that cannot be had: a thread that the system puts last holds up those that wait for it.
// Only one goroutine may use it.
type apart struct {
	command []string
	process *exec.Cmd
	in      io.Closer
	texts   *json.Encoder
	vectors *json.Decoder
	near    time.Time // until then there is to be no such process
}

// Apart has Run embed what can wait in a process that command starts and that calls Passages. Where it cannot be started, or
// is too slow because the processor is busy, Run does it itself.
func (x *Index) Apart(command ...string) { x.apart = &apart{command: command} }

// Passages answers texts with their vectors, both as JSON, until there are no more. It takes the whole process back behind
// all others.
func Passages(in io.Reader, out io.Writer) error {
	last()
	texts, vectors := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var text string
		if err := texts.Decode(&text); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := vectors.Encode(minilm.Embed(text)); err != nil {
			return err
		}
	}
}

// serves says whether an embedder's passages are to be embedded apart.
func (a *apart) serves(e gentle) bool {
	return a != nil && Embedder(e) == Builtin && time.Now().After(a.near)
}

func (a *apart) embed(ctx context.Context, texts []string, rest func(context.Context, time.Duration)) (out [][]float32, err error) {
	for _, text := range texts {
		begun := time.Now()
		v, err := a.one(ctx, text)
		if err != nil {
			a.end()
			if ctx.Err() == nil { // otherwise it was this side that gave up
				a.near = time.Now().Add(nearing)
			}
			return nil, err
		}
		out = append(out, v)
		rest(ctx, time.Since(begun))
	}
	return out, ctx.Err()
}

func (a *apart) one(ctx context.Context, text string) (v []float32, err error) {
	if a.process == nil {
		if err := a.begin(); err != nil {
			return nil, err
		}
	}
	ctx, stop := context.WithTimeout(ctx, tardy)
	defer stop()
	process := a.process.Process
	defer context.AfterFunc(ctx, func() { process.Kill() })()
	if err := a.texts.Encode(text); err != nil {
		return nil, errors.Join(ctx.Err(), err)
	}
	if err := a.vectors.Decode(&v); err != nil {
		return nil, errors.Join(ctx.Err(), err)
	}
	if len(v) != minilm.Dims {
		return nil, ErrBroken
	}
	return v, nil
}

func (a *apart) begin() error {
	c := exec.Command(a.command[0], a.command[1:]...)
	c.Env = []string{"GOMAXPROCS=1"}
	c.SysProcAttr = alone()
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	a.process, a.in, a.texts, a.vectors = c, in, json.NewEncoder(in), json.NewDecoder(out)
	return nil
}

// end ends the process, if there is one. It holds nothing that anybody needs.
func (a *apart) end() {
	if a == nil || a.process == nil {
		return
	}
	a.in.Close()
	a.process.Process.Kill()
	a.process.Wait()
	a.process = nil
}
