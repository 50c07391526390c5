package revision_test

import (
	"testing"

	"expense-tracker/core/revision"
)

func TestWhatWasSeenIsWrittenAndReadBack(t *testing.T) {
	for _, tt := range []struct {
		saw  revision.Seen
		want string
	}{
		{revision.At(3), "3"},
		{revision.Of(3, "12.50", "lunch"), "3-dce76845774f"},
		{revision.Of(3, "12.50", "lunch").Beside("food"), "3-dce76845774f-05a1239ad2e2"},
	} {
		if got := tt.saw.String(); got != tt.want {
			t.Errorf("written as %s, want %s", got, tt.want)
		}
		if got, err := revision.Parse(tt.want); err != nil || got != tt.saw {
			t.Errorf("%s reads as %s, %v", tt.want, got, err)
		}
	}
	for _, text := range []string{"", "x", "0", "-1", "1.5", "2147483648", "99999999999999999999"} {
		if got, err := revision.Parse(text); err == nil {
			t.Errorf("%q reads as %s", text, got)
		}
	}
}

func TestAnotherContentAtTheSameRevisionIsOther(t *testing.T) {
	now := revision.Of(3, "12.50").Beside("food")
	for _, saw := range []revision.Seen{revision.At(3), revision.Of(3, "12.50"), now, now.Beside("fun"), revision.Of(2, "9")} {
		if saw.IsOther(now) {
			t.Errorf("%s is another than %s", saw, now)
		}
	}
	if saw := revision.Of(3, "9").Beside("food"); !saw.IsOther(now) {
		t.Errorf("%s is no other than %s", saw, now)
	}
}

func TestWhatWasSeenBesideIsRecognised(t *testing.T) {
	saw := revision.Of(3, "12.50").Beside("food")
	if !saw.SawBeside("food") || saw.SawBeside("fun") || saw.SawBeside("") || revision.Of(3, "12.50").SawBeside("food") ||
		!saw.SawOtherBeside("fun") || saw.SawOtherBeside("food") || revision.Of(3, "12.50").SawOtherBeside("food") {
		t.Errorf("%s does not tell what stood beside", saw)
	}
}
