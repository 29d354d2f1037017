package apptest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Hear reads answers of a live socket until one fits.
func Hear(t testing.TB, ws *websocket.Conn, fits func(m) bool) m {
	t.Helper()
	ws.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		_, raw, err := ws.ReadMessage()
		if err != nil {
			t.Fatalf("socket: %v", err)
		}
		var many []m
		if json.Unmarshal(raw, &many) != nil {
			many = make([]m, 1)
			json.Unmarshal(raw, &many[0])
		}
		for _, one := range many {
			if fits(one) {
				return one
			}
		}
	}
}

// Closed reads until the socket is closed, and gives the code.
func Closed(t *testing.T, ws *websocket.Conn) int {
	t.Helper()
	ws.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		if _, _, err := ws.ReadMessage(); err != nil {
			var c *websocket.CloseError
			if errors.As(err, &c) {
				return c.Code
			}
			return -1
		}
	}
}
