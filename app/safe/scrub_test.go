package safe_test

import (
	"strings"
	"testing"

	"deskbell/app/safe"
)

func TestScrubTakesPersonalDataOutAndLeavesTheRest(t *testing.T) {
	for in, want := range map[string]string{
		"Write to clara.wenzel+shop@example.co.uk today":      "Write to [e-mail] today",
		"My number is +49 170 123 45 67, please call":         "My number is [phone], please call",
		"Call (030) 901820-11 or 030/9018200":                 "Call [phone] or [phone]",
		"Card 4111 1111 1111 1111 was charged":                "Card [card] was charged",
		"4111-1111-1111-1112 is no card":                      "[number] is no card",
		"IBAN DE89 3704 0044 0532 0130 00 it is":              "IBAN [account] it is",
		"From 192.168.17.4 it fails":                          "From [address] it fails",
		"See https://shop.test/reset?token=SECRET&x=1#y now":  "See https://shop.test/reset now",
		"I am Clara Wenzel, and clara is fine. Clara Clara":   "I am [name], and [name] is fine. [name] [name]",
		"You have 30 days, it costs 129,00 EUR":               "You have 30 days, it costs 129,00 EUR",
		"On 2026-11-25 and 25.11.2026 at 10:30, 110-240 V":    "On 2026-11-25 and 25.11.2026 at 10:30, 110-240 V",
		"Declaration, declared, eclair: no name within words": "Declaration, declared, eclair: no name within words",
	} {
		if got := safe.Scrub(in, "Clara Wenzel", "Al"); got != want {
			t.Errorf("%q:\n got %q\nwant %q", in, got, want)
		}
	}
	long := strings.Repeat("1 2-3.4/5 (6) a@b.cd ", 20000)
	if got := safe.Scrub(long, "x y"); strings.Contains(got, "a@b.cd") {
		t.Error("a long text was not scrubbed")
	}
}
