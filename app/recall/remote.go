package recall

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"deskbell/app/outside"
)

const (
	patient   = 30 * time.Second // for a batch
	mostReply = 4 << 20
	mostText  = 6000 // bytes of a text
)

// Remote says which model server embeds.
type Remote struct {
	Protocol string // "openai", which many speak, or "ollama"
	BaseURL  string // with /v1 for openai
	Key      string
	Model    string
	Dims     int           // 0: the model's own; otherwise asked for (openai) and insisted on
	Reach    outside.Reach // Private only where the owner of the machine allowed it
}

type remote struct {
	Remote
	name, url string
	client    *http.Client

	mu   sync.Mutex
	dims int // as of the first answer
}

// Embedder makes the embedder that asks it. It does not connect.
func (r Remote) Embedder() (Embedder, error) {
	path := map[string]string{"openai": "/embeddings", "ollama": "/api/embed"}[r.Protocol]
	if path == "" {
		return nil, fmt.Errorf("there is no protocol %q", r.Protocol)
	}
	u, err := outside.URL(r.BaseURL, r.Reach)
	if err != nil {
		return nil, err
	}
	name := r.Protocol + "/" + r.Model + "@" + u.Host
	if r.Dims > 0 {
		name += fmt.Sprintf("/%d", r.Dims)
	}
	return &remote{Remote: r, name: name, url: strings.TrimRight(r.BaseURL, "/") + path, client: outside.Client(r.Reach), dims: r.Dims}, nil
}

func (r *remote) Name() string { return r.name }

// Embed asks once; whoever calls it knows when to try again. A vector of another length than before is an error: it
// could not be compared with those that are kept.
func (r *remote) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	clipped := make([]string, len(texts))
	for i, t := range texts {
		clipped[i] = clip(t, mostText)
	}
	raw, err := r.post(ctx, clipped)
	if err != nil {
		return nil, fmt.Errorf("embed with %s: %w", r.name, err)
	}
	list, err := parsed(raw, len(texts))
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if list, err = checked(list, len(texts), r.dims); err == nil && len(list) > 0 {
			r.dims = len(list[0])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("embed with %s: %w", r.name, err)
	}
	return list, nil
}

func (r *remote) post(ctx context.Context, texts []string) ([]byte, error) {
	ask := map[string]any{"model": r.Model, "input": texts}
	if r.Protocol == "openai" {
		ask["encoding_format"] = "float"
		if r.Dims > 0 {
			ask["dimensions"] = r.Dims
		}
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/json")
	if r.Key != "" {
		q.Header.Set("Authorization", "Bearer "+r.Key)
	}
	a, err := r.client.Do(q)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(a.Body, mostReply+1))
	switch {
	case a.StatusCode == http.StatusBadRequest, a.StatusCode == http.StatusRequestEntityTooLarge, a.StatusCode == http.StatusUnprocessableEntity:
		return nil, fmt.Errorf("%w: status %d", ErrRefused, a.StatusCode)
	case a.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("status %d", a.StatusCode)
	case err != nil:
		return nil, err
	case len(raw) > mostReply:
		return nil, fmt.Errorf("%w: it is too large", ErrBroken)
	}
	return raw, nil
}

// parsed reads both protocols' answers. OpenAI's may come in any order.
func parsed(raw []byte, n int) ([][]float32, error) {
	var a struct {
		Data []struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		} `json:"data"`
		Embeddings [][]float32 `json:"embeddings"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, errors.Join(ErrBroken, err)
	}
	if len(a.Data) == 0 {
		return a.Embeddings, nil
	}
	if len(a.Data) != n {
		return nil, fmt.Errorf("%w: %d vectors for %d texts", ErrBroken, len(a.Data), n)
	}
	list := make([][]float32, n)
	for _, d := range a.Data {
		if d.Index < 0 || d.Index >= n || list[d.Index] != nil {
			return nil, fmt.Errorf("%w: a vector for text %d of %d", ErrBroken, d.Index, n)
		}
		list[d.Index] = d.Embedding
	}
	return list, nil
}
