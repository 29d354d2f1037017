package llmtest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// talk is how a protocol says things.
type talk interface {
	begin() string
	text(string) string
	call() string
	fail() string
	odd() string
	end(reason string) string
}

// reason is why an answer ends, by the words of OpenAI; protocols that have others translate them.
func (m Mode) reason() string {
	switch m {
	case Held:
		return "content_filter"
	case Short:
		return "length"
	}
	return "stop"
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, mode Mode, t talk) {
	w.Header().Set("Content-Type", "text/event-stream")
	say := func(text string) bool {
		_, err := io.WriteString(w, text)
		w.(http.Flusher).Flush()
		return err == nil
	}
	say(t.begin())
	switch mode {
	case Empty:
	case Endless:
		for say(t.text("and so on ")) {
			select {
			case <-s.stop:
				return
			case <-time.After(100 * time.Microsecond):
			}
		}
		return
	case Huge:
		say(t.text(strings.Repeat("x", 10<<20)))
	case Injected:
		say(t.text(Injection))
	case Stalling:
		say(t.text("You can"))
		s.wait(r)
		return
	case Truncated:
		whole := t.text("You can send it")
		say(whole + whole[:len(whole)/2])
		return
	case BrokenOff:
		say(t.text("You can send it"))
		return
	case Erring:
		say(t.text("You can") + t.fail())
		return
	case Odd:
		say(t.odd())
	case Calling:
		say(t.call())
	default:
		for _, word := range strings.SplitAfter(Text, " ") {
			say(t.text(word))
		}
	}
	say(t.end(mode.reason()))
}

func quoted(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

type openAITalk struct{}

func (openAITalk) begin() string { // a comment, as gateways send them, and the role, as the server itself does
	return ": hello\n\n" + `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}` + "\n\n"
}
func (openAITalk) text(s string) string {
	return `data: {"choices":[{"index":0,"delta":{"content":` + quoted(s) + `},"finish_reason":null}]}` + "\n\n"
}
func (openAITalk) call() string {
	return `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"orders_track","arguments":""}}]},"finish_reason":null}]}` + "\n\n" +
		`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"order\":"}}]},"finish_reason":null}]}` + "\n\n" +
		`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"42}"}}]},"finish_reason":"tool_calls"}]}` + "\n\n"
}
func (openAITalk) fail() string {
	return `data: {"error":{"message":"The server is overloaded"}}` + "\n\n"
}
func (openAITalk) odd() string {
	return `data: {"choices":[{"index":-1,"delta":{"tool_calls":[{"index":-3}],"content":"x"}}]}` + "\n\n" + `data: {"choices":null}` + "\n\n" + `data: 7` + "\n\n"
}
func (openAITalk) end(reason string) string {
	return `data: {"choices":[{"index":0,"delta":{},"finish_reason":` + quoted(reason) + `}]}` + "\n\n" + `data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21}}` + "\n\ndata: [DONE]\n\n"
}

type anthropicTalk struct{}

func (anthropicTalk) begin() string {
	return "event: message_start\n" + `data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","usage":{"input_tokens":12,"output_tokens":1}}}` + "\n\n" +
		"event: content_block_start\n" + `data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n" + "event: ping\n" + `data: {"type":"ping"}` + "\n\n"
}
func (anthropicTalk) text(s string) string {
	return "event: content_block_delta\n" + `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":` + quoted(s) + `}}` + "\n\n"
}
func (anthropicTalk) call() string {
	return `data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c1","name":"orders_track","input":{}}}` + "\n\n" +
		`data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"order\":42}"}}` + "\n\n" + `data: {"type":"content_block_stop","index":1}` + "\n\n"
}
func (anthropicTalk) fail() string {
	return `data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}` + "\n\n" + `data: {"type":"ping"}` + "\n\n"
}
func (anthropicTalk) odd() string {
	return `data: {"type":"content_block_delta","index":-1,"delta":{"type":"text_delta","text":"x"}}` + "\n\n"
}
func (anthropicTalk) end(reason string) string {
	reason = map[string]string{"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}[reason]

	return "event: content_block_stop\n" + `data: {"type":"content_block_stop","index":0}` + "\n\nevent: message_delta\n" +
		`data: {"type":"message_delta","delta":{"stop_reason":` + quoted(reason) + `,"stop_sequence":null},"usage":{"output_tokens":9}}` + "\n\nevent: message_stop\n" + `data: {"type":"message_stop"}` + "\n\n"
}

type ollamaTalk struct{}

func (ollamaTalk) begin() string { return "" }
func (ollamaTalk) text(s string) string {
	return `{"model":"m","message":{"role":"assistant","content":` + quoted(s) + `},"done":false}` + "\n"
}
func (ollamaTalk) call() string { return "" }
func (ollamaTalk) fail() string { return `{"error":"out of memory"}` + "\n" }
func (ollamaTalk) odd() string  { return `{"message":null}` + "\n" + `[1,2]` + "\n" }
func (ollamaTalk) end(reason string) string {
	return `{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":` + quoted(reason) + `,"prompt_eval_count":12,"eval_count":9}` + "\n"
}
