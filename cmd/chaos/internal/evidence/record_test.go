package evidence_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"expense-tracker/cmd/chaos/internal/evidence"
)

func TestABreachIsWrittenAtOnce(t *testing.T) {
	var journal strings.Builder
	record := evidence.NewRecord(&journal, going)
	over := record.Fault("kill", "kill at instance 1")
	record.Breach("stored twice", "the answer")
	for _, want := range []string{"kill at instance 1 begins\n", "BREACH: stored twice\nthe answer\n"} {
		if !strings.Contains(journal.String(), want) {
			t.Errorf("the journal lacks %q:\n%s", want, journal.String())
		}
	}
	over()
	if want := "kill at instance 1 is over\n"; !strings.HasSuffix(journal.String(), want) {
		t.Errorf("the journal does not end with %q:\n%s", want, journal.String())
	}
}

func TestOnlyTheProgramsOwnFailureIsABreach(t *testing.T) {
	for status, want := range map[int]int{200: 0, 303: 0, 404: 0, 409: 0, 429: 0, 500: 1, 501: 1, 502: 1, 503: 0, 504: 1} {
		record := evidence.NewRecord(io.Discard, going)
		record.Answer("GET /", status, "")
		if found, _ := record.Breached(); found != want {
			t.Errorf("%d makes %d breaches, want %d", status, found, want)
		}
	}
}

func TestNothingIsABreachOnceATrialIsBrokenOff(t *testing.T) {
	off := false
	record := evidence.NewRecord(io.Discard, func() bool { return off })
	record.Breach("before", "")
	off = true
	record.Breach("after", "")
	if found, which := record.Breached(); found != 1 || which[0].What != "before" {
		t.Errorf("%d breaches: %v", found, which)
	}
}

func TestAJournalThatCannotBeWrittenIsToldOf(t *testing.T) {
	record := evidence.NewRecord(full{}, going)
	record.Breach("stored twice", "")
	if err := record.Close(); !errors.Is(err, errFull) {
		t.Errorf("%v, want %v", err, errFull)
	}
}

var errFull = errors.New("the disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
