package recall

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"deskbell/app/outside"
)

const (
	patient   = 30 * time.Second // for a batch
	mostReply = 4 << 20
)

// MostText is how many bytes of a text a server is given.
const MostText = 6000

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
func (r Remote) Embedder() (Counting, error) {
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

// Counting is an embedder that may say how many tokens it read.
type Counting interface {
	Embedder
	// EmbedCounting is Embed; tokens are 0 where the server does not say.
	EmbedCounting(ctx context.Context, texts []string) (vectors [][]float32, tokens int, err error)
}

// Embed asks once; whoever calls it knows when to try again. A vector of another length than before is an error: it
// could not be compared with those that are kept.
func (r *remote) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	list, _, err := r.EmbedCounting(ctx, texts)
	return list, err
}

func (r *remote) EmbedCounting(ctx context.Context, texts []string) (list [][]float32, tokens int, err error) {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	clipped := make([]string, len(texts))
	for i, t := range texts {
		clipped[i] = clip(t, MostText)
	}
	raw, err := r.post(ctx, clipped)
	if err != nil {
		return nil, 0, fmt.Errorf("embed with %s: %w", r.name, err)
	}
	list, tokens, err = parsed(raw, len(texts))
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if list, err = checked(list, len(texts), r.dims); err == nil && len(list) > 0 {
			r.dims = len(list[0])
		}
	}
	if err != nil {
		return nil, tokens, fmt.Errorf("embed with %s: %w", r.name, err)
	}
	return list, tokens, nil
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
		return nil, fmt.Errorf("%w: status %d%s", ErrRefused, a.StatusCode, complaint(raw))
	case a.StatusCode != http.StatusOK:
		seconds, _ := strconv.Atoi(a.Header.Get("Retry-After"))
		return nil, &delayed{fmt.Errorf("status %d%s", a.StatusCode, complaint(raw)), time.Duration(min(max(seconds, 0), 3600)) * time.Second}
	case err != nil:
		return nil, err
	case len(raw) > mostReply:
		return nil, fmt.Errorf("%w: it is too large", ErrBroken)
	}
	return raw, nil
}

// delayed is a failure whose server says how long it wants to be left alone; 0: it does not.
type delayed struct {
	error
	by time.Duration
}

// complaint is what a server says of its refusal: OpenAI's object, or Ollama's plain text.
func complaint(raw []byte) string {
	var e struct{ Error json.RawMessage }
	var object struct{ Message string }
	var text string
	if json.Unmarshal(raw, &e) != nil || json.Unmarshal(e.Error, &object) != nil && json.Unmarshal(e.Error, &text) != nil {
		return ""
	}
	if text += object.Message; text == "" {
		return ""
	}
	return ": " + clip(strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " "), 160)
}

// vector is one as JSON has it: numbers, or base64 of little-endian float32, which some servers send whatever they were asked for.
type vector []float32

// UnmarshalJSON reads either.
func (v *vector) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] != '"' {
		return json.Unmarshal(raw, (*[]float32)(v))
	}
	var packed []byte
	if err := json.Unmarshal(raw, &packed); err != nil || len(packed)%4 != 0 {
		return errors.Join(err, ErrBroken)
	}
	*v = make(vector, len(packed)/4)
	for i := range *v {
		(*v)[i] = math.Float32frombits(binary.LittleEndian.Uint32(packed[4*i:]))
	}
	return nil
}

// parsed reads both protocols' answers. OpenAI's may come in any order.
func parsed(raw []byte, n int) (list [][]float32, tokens int, err error) {
	var a struct {
		Data []struct {
			Index     int    `json:"index"`
			Embedding vector `json:"embedding"`
		} `json:"data"`
		Usage struct {
			Total int `json:"total_tokens"`
		} `json:"usage"`
		Embeddings [][]float32 `json:"embeddings"`
		Evaluated  int         `json:"prompt_eval_count"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, 0, errors.Join(ErrBroken, err)
	}
	if tokens = max(a.Usage.Total, a.Evaluated, 0); tokens > n*MostText { // no text has more tokens than bytes
		tokens = 0
	}
	if len(a.Data) == 0 {
		return a.Embeddings, tokens, nil
	}
	if len(a.Data) != n {
		return nil, tokens, fmt.Errorf("%w: %d vectors for %d texts", ErrBroken, len(a.Data), n)
	}
	list = make([][]float32, n)
	for _, d := range a.Data {
		if d.Index < 0 || d.Index >= n || list[d.Index] != nil {
			return nil, tokens, fmt.Errorf("%w: a vector for text %d of %d", ErrBroken, d.Index, n)
		}
		list[d.Index] = d.Embedding
	}
	return list, tokens, nil
}
