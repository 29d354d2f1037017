// Package llm talks to language models, and expects the worst of them: that they refuse, hang, never stop, break off in
// the middle, or say what somebody else told them to say.
//
// What comes back is text of bounded length or an Error that says what kind of thing went wrong. It is a stranger's
// text: whoever shows it sanitises it. Nothing here keeps a prompt or an answer.
package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/ollama"
	"github.com/tmc/langchaingo/llms/openai"

	"deskbell/app/outside"
)

// Provider is the protocol a model server speaks.
type Provider string

// The providers. OpenAI is also spoken by vLLM, Ollama and most gateways.
const (
	OpenAI    Provider = "openai"
	Anthropic Provider = "anthropic"
	Ollama    Provider = "ollama"
)

// Bounds of one answer, where a Prompt does not set lower ones.
const (
	MostTokens = 1024
	MostBytes  = 32 << 10
	MostTime   = 60 * time.Second
	MostIdle   = 20 * time.Second // without a byte
)

// Config says which model to talk to.
type Config struct {
	Provider Provider
	BaseURL  string // empty: the provider's own; with /v1 where there is one
	Key      string
	Model    string
	Reach    outside.Reach // Private only where the owner of the machine allowed it
}

// Model is a model that can be asked.
type Model struct {
	config Config
	base   string
	client *http.Client
}

// New makes a Model. It does not connect.
func New(c Config) (*Model, error) {
	base := c.BaseURL
	if base == "" {
		base = map[Provider]string{OpenAI: "https://api.openai.com/v1", Anthropic: "https://api.anthropic.com/v1", Ollama: "http://127.0.0.1:11434"}[c.Provider]
	}
	if base == "" {
		return nil, fmt.Errorf("there is no provider %q", c.Provider)
	}
	if _, err := outside.URL(base, c.Reach); err != nil {
		return nil, &Error{Kind: Forbidden, Message: err.Error(), cause: err}
	}
	client := outside.Client(c.Reach)
	client.Transport = &watched{inner: client.Transport, provider: c.Provider}
	return &Model{config: c, base: strings.TrimRight(base, "/"), client: client}, nil
}

// Role says who speaks.
type Role string

// The roles of a talk.
const (
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn of a talk. Roles come from what is known, never from what a text claims.
type Message struct {
	Role    Role
	Text    string
	Calls   []Call   // what the assistant wanted done
	Results []Result // what came of it, from the user's side
}

// Tool is something the model may ask for.
type Tool struct {
	Name        string
	Description string
	Parameters  json.RawMessage // a JSON Schema
}

// Call is the model's wish to use a tool. Its arguments are a stranger's JSON.
type Call struct {
	ID, Name  string
	Arguments json.RawMessage
}

// Result answers a Call.
type Result struct{ ID, Name, Text string }

// Prompt is what to answer, and within which bounds. Bounds of 0 are the package's.
type Prompt struct {
	System      string
	Messages    []Message
	Tools       []Tool
	Temperature *float64 // nil: the model's own
	MaxTokens   int
	MaxBytes    int
	Timeout     time.Duration
	Idle        time.Duration           // without a byte
	Stream      func(text string) error // hears the text as it comes, and nothing else; an error stops the answer
}

// Answer is what a model said.
type Answer struct {
	Text      string
	Calls     []Call
	Cut       bool // the model stopped at its bound of tokens
	TokensIn  int
	TokensOut int
}

// Ask puts a prompt to the model. Every error is an *Error; with one there is no Answer, whatever was streamed.
func (m *Model) Ask(ctx context.Context, p Prompt) (*Answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, or(p.Timeout, MostTime), errSlow)
	defer cancel()
	ctx, run := watch(ctx, p.Temperature == nil, or(p.Idle, MostIdle))
	defer run.stop()
	a, err := m.ask(ctx, p)
	if err = run.verdict(ctx, err); err != nil {
		return nil, err
	}
	if strings.TrimSpace(a.Text) == "" && len(a.Calls) == 0 {
		return nil, &Error{Kind: Broken, Message: "the answer is empty"}
	}
	return a, nil
}

// ask runs langchaingo, whose panics on odd answers are errors here.
func (m *Model) ask(ctx context.Context, p Prompt) (a *Answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			a, err = nil, &Error{Kind: Broken, Message: fmt.Sprint("the answer could not be read: ", r)}
		}
	}()
	model, err := m.open(len(p.Tools) > 0)
	if err != nil {
		return nil, err
	}
	most, size := or(p.MaxBytes, MostBytes), 0
	options := []llms.CallOption{llms.WithMaxTokens(or(p.MaxTokens, MostTokens))}
	if m.config.Provider != Anthropic && m.config.BaseURL != "" {
		options = append(options, openai.WithLegacyMaxTokensField())
	}
	if p.Temperature != nil {
		options = append(options, llms.WithTemperature(*p.Temperature))
	}
	if len(p.Tools) > 0 {
		options = append(options, llms.WithTools(tools(p.Tools)))
	}
	options = append(options, llms.WithStreamingFunc(func(ctx context.Context, chunk []byte) error {
		if len(chunk) == 0 || toolCall(chunk) {
			return nil
		}
		if size += len(chunk); size > most {
			return &Error{Kind: TooLong, Message: fmt.Sprintf("the answer is longer than %d bytes", most)}
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if p.Stream == nil {
			return nil
		}
		return p.Stream(string(chunk))
	}))
	r, err := model.GenerateContent(ctx, messages(p), options...)
	if err != nil {
		return nil, err
	}
	return answer(r), nil
}

// open makes langchaingo's client. Its Ollama provider drops tools silently, so with tools Ollama is spoken to as
// OpenAI, which it understands.
func (m *Model) open(tools bool) (llms.Model, error) {
	key := m.config.Key
	switch {
	case m.config.Provider == Anthropic:
		return anthropic.New(anthropic.WithBaseURL(m.base), anthropic.WithToken(or(key, "none")), anthropic.WithModel(m.config.Model), anthropic.WithHTTPClient(m.client))
	case m.config.Provider == Ollama && !tools:
		return ollama.New(ollama.WithServerURL(m.base), ollama.WithModel(m.config.Model), ollama.WithHTTPClient(m.client))
	case m.config.Provider == Ollama:
		return openai.New(openai.WithBaseURL(m.base+"/v1"), openai.WithToken(or(key, "none")), openai.WithModel(m.config.Model), openai.WithHTTPClient(m.client))
	}
	return openai.New(openai.WithBaseURL(m.base), openai.WithToken(or(key, "none")), openai.WithModel(m.config.Model), openai.WithHTTPClient(m.client))
}

// toolCall reports whether a streamed chunk is langchaingo's encoding of a tool call, which is nobody's to read.
func toolCall(chunk []byte) bool {
	if chunk[0] != '[' && chunk[0] != '{' {
		return false
	}
	type call struct {
		Function *struct{} `json:"function"`
		Name     *string   `json:"name"`
		Argument *string   `json:"arguments"`
	}
	var many []call
	var one call
	if json.Unmarshal(chunk, &many) == nil && len(many) > 0 {
		return many[0].Function != nil
	}
	return json.Unmarshal(chunk, &one) == nil && one.Name != nil && one.Argument != nil
}

func tools(list []Tool) []llms.Tool {
	out := make([]llms.Tool, len(list))
	for i, t := range list {
		out[i] = llms.Tool{Type: "function", Function: &llms.FunctionDefinition{Name: t.Name, Description: t.Description, Parameters: t.Parameters}}
	}
	return out
}

func messages(p Prompt) []llms.MessageContent {
	var out []llms.MessageContent
	if p.System != "" {
		out = append(out, llms.TextParts(llms.ChatMessageTypeSystem, p.System))
	}
	for _, m := range p.Messages {
		role := llms.ChatMessageTypeHuman
		if m.Role == Assistant {
			role = llms.ChatMessageTypeAI
		}
		c := llms.MessageContent{Role: role}
		if m.Text != "" {
			c.Parts = append(c.Parts, llms.TextPart(m.Text))
		}
		for _, call := range m.Calls {
			c.Parts = append(c.Parts, llms.ToolCall{ID: call.ID, Type: "function", FunctionCall: &llms.FunctionCall{Name: call.Name, Arguments: string(call.Arguments)}})
		}
		if len(c.Parts) > 0 {
			out = append(out, c)
		}
		for _, r := range m.Results {
			out = append(out, llms.MessageContent{Role: llms.ChatMessageTypeTool, Parts: []llms.ContentPart{llms.ToolCallResponse{ToolCallID: r.ID, Name: r.Name, Content: r.Text}}})
		}
	}
	return out
}

// cut are the reasons to end that say that there would have been more.
var cut = []string{"length", "max_tokens", "model_context_window_exceeded"}

func answer(r *llms.ContentResponse) *Answer {
	a := &Answer{}
	for _, c := range r.Choices {
		a.Text += c.Content
		a.Cut = a.Cut || slices.Contains(cut, c.StopReason)
		a.TokensIn = max(a.TokensIn, number(c.GenerationInfo, "PromptTokens"), number(c.GenerationInfo, "InputTokens"))
		a.TokensOut = max(a.TokensOut, number(c.GenerationInfo, "CompletionTokens"), number(c.GenerationInfo, "OutputTokens"))
		for _, t := range c.ToolCalls {
			if t.FunctionCall == nil {
				continue
			}
			arguments := json.RawMessage(t.FunctionCall.Arguments)
			if !json.Valid(arguments) {
				arguments = json.RawMessage("{}")
			}
			a.Calls = append(a.Calls, Call{ID: t.ID, Name: t.FunctionCall.Name, Arguments: arguments})
		}
	}
	a.Text = strings.ToValidUTF8(a.Text, "\uFFFD")
	return a
}

// number is a count of tokens as the provider says, within reason: budgets are reckoned with it.
func number(info map[string]any, key string) int {
	n, _ := info[key].(int)
	return min(max(n, 0), 100_000_000)
}

// Models lists what the provider offers, by name.
func (m *Model) Models(ctx context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 10*time.Second, errSlow)
	defer cancel()
	ctx, run := watch(ctx, false, MostIdle)
	defer run.stop()
	list, err := m.models(ctx)
	return list, run.verdict(ctx, err)
}

func (m *Model) models(ctx context.Context) ([]string, error) {
	path := "/models"
	switch m.config.Provider {
	case Ollama:
		path = "/api/tags"
	case Anthropic:
		path = "/models?limit=1000"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, m.base+path, nil)
	if err != nil {
		return nil, err
	}
	if m.config.Provider == Anthropic {
		r.Header.Set("X-Api-Key", m.config.Key)
		r.Header.Set("Anthropic-Version", "2023-06-01")
	} else if m.config.Key != "" {
		r.Header.Set("Authorization", "Bearer "+m.config.Key)
	}
	answer, err := m.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var body struct {
		Data   []struct{ ID string }
		Models []struct{ Name string }
	}
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return nil, &Error{Kind: Broken, Message: "the list of models could not be read", cause: err}
	}
	list := []string{}
	for _, d := range body.Data {
		list = append(list, d.ID)
	}
	for _, d := range body.Models {
		list = append(list, d.Name)
	}
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" || len(s) > 200 })
	return list[:min(len(list), 1000)], nil
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

var errSlow = errors.New("there was no whole answer in time")
