package ai

import (
	"encoding/json"
	"time"

	"deskbell/app/fault"
	"deskbell/store"
)

// Hours are when people are there.
type Hours struct {
	Zone string `json:"zone" maxLength:"60" doc:"a name of the IANA time zone database, such as Europe/Berlin"`
	Days []Open `json:"days" maxItems:"21"`
}

// Open is a part of a day of the week, in minutes since midnight.
type Open struct {
	Day  int `json:"day" minimum:"0" maximum:"6" doc:"0 is Sunday"`
	From int `json:"from" minimum:"0" maximum:"1439"`
	To   int `json:"to" minimum:"1" maximum:"1440"`
}

// written is how hours are kept; none are empty.
func (h *Hours) written() (string, error) {
	if h == nil || len(h.Days) == 0 {
		return "", nil
	}
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "" || h.Zone == "Local" {
		return "", fault.New(fault.Invalid, "Choose a time zone.").On("hours.zone")
	}
	for _, d := range h.Days {
		if d.To <= d.From {
			return "", fault.New(fault.Invalid, "A day ends after it begins.").On("hours.days")
		}
	}
	raw, err := json.Marshal(h)
	return string(raw), err
}

// open reports whether people are there at a time.
func (h *Hours) open(at store.Time) bool {
	if h == nil {
		return true
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return true
	}
	t := at.Std().In(zone)
	minute := t.Hour()*60 + t.Minute()
	for _, d := range h.Days {
		if int(t.Weekday()) == d.Day && minute >= d.From && minute < d.To {
			return true
		}
	}
	return false
}
