package ai

import (
	"strings"
	"testing"
)

func TestAQuestionIsPartedByWhatAPassageSpeaksOf(t *testing.T) {
	for _, c := range []struct{ question, text, groups, common, other string }{
		{"Do you sell gift cards?", "Gift wrapping. We wrap any order.", "", "gift", "sell cards"},
		{"How do I return the lamps I ordered", "Returning a lamp from your order", "", "return lamps ordered", ""},
		{"Verkaufen Sie Geschenkkarten", "Geschenkverpackung kostet 4 Euro", "", "", "verkaufen geschenkkarten"},
		{"Which bulb fits", "Lamps take an E14 light source", "bulb, light source, globe", "bulb", "fits"},
		{"", "Lamps", "", "", ""},
	} {
		var groups []string
		if c.groups != "" {
			groups = []string{c.groups}
		}
		common, other := parted(c.question, c.text, groups)
		if strings.Join(common, " ") != c.common || strings.Join(other, " ") != c.other {
			t.Errorf("%q: %q and %q", c.question, common, other)
		}
	}
}
