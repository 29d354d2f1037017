package store

import "time"

// Time is a moment in milliseconds since 1970 (UTC). 0 is no time.
type Time int64

// At is a time.Time as a moment of the store.
func At(t time.Time) Time { return Time(t.UnixMilli()) }

// Std is the moment as a time.Time in UTC.
func (t Time) Std() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add is the moment d later.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }

// After reports whether t is later than u.
func (t Time) After(u Time) bool { return t > u }

// Before reports whether t is earlier than u.
func (t Time) Before(u Time) bool { return t < u }

// Sub is the time from u to t.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t-u) * time.Millisecond }
