package observability_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/observability"
)

// disk takes the writes of a log, and may be slow or full.
type disk struct {
	mu     sync.Mutex
	text   bytes.Buffer
	writes int
	full   bool
	gate   chan struct{} // a write waits for it; nil for none
}

func (d *disk) Write(p []byte) (int, error) {
	if d.gate != nil {
		<-d.gate
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes++
	if d.full {
		return 0, errors.New("no space left on device")
	}
	return d.text.Write(p)
}

func (d *disk) state() (text string, writes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String(), d.writes
}

// gathering returns a logger whose lines are gathered before the disk. Only the messages are written.
func gathering(t *testing.T, d *disk) (*slog.Logger, *observability.Chunks) {
	t.Helper()
	chunks := observability.NewChunks(d)
	logger, err := observability.NewLogger(chunks, "info", "json")
	if err != nil {
		t.Fatal(err)
	}
	return logger, chunks
}

func TestInformationIsWrittenTogetherAndWithin200Milliseconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d disk
		logger, chunks := gathering(t, &d)
		for round := 1; round <= 3; round++ {
			for range 50 {
				logger.Info("one of many")
			}
			time.Sleep(199 * time.Millisecond)
			if _, writes := d.state(); writes != round-1 {
				t.Errorf("round %d: %d writes before the time", round, writes)
			}
			time.Sleep(2 * time.Millisecond)
			text, writes := d.state()
			if got := strings.Count(text, "\n"); got != 50*round || writes != round {
				t.Errorf("round %d: %d lines in %d writes", round, got, writes)
			}
			time.Sleep(time.Hour) // with nothing to write, nothing is written
		}
		if _, writes := d.state(); writes != 3 {
			t.Errorf("%d writes", writes)
		}
		if err := chunks.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestAWarningIsWrittenAtOnceWithWhatCameBefore(t *testing.T) {
	for _, level := range []slog.Level{slog.LevelWarn, slog.LevelError} {
		var d disk
		logger, _ := gathering(t, &d)
		logger.Info("first")
		logger.Info("second")
		logger.With("key", "value").WithGroup("group").Log(t.Context(), level, "third")
		text, writes := d.state()
		first, second, third := strings.Index(text, "first"), strings.Index(text, "second"), strings.Index(text, "third")
		if first < 0 || second < first || third < second || writes != 1 {
			t.Errorf("%s: in %d writes:\n%s", level, writes, text)
		}
	}
}

func TestTheEndOfTheLogIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails if a goroutine or a timer is left
		var d disk
		logger, chunks := gathering(t, &d)
		logger.Info("last words")
		if err := chunks.Close(); err != nil {
			t.Fatal(err)
		}
		if text, _ := d.state(); !strings.Contains(text, "last words") {
			t.Errorf("wrote %q", text)
		}
		logger.Info("an afterthought")
		if text, _ := d.state(); !strings.Contains(text, "an afterthought") {
			t.Errorf("wrote %q after the end", text)
		}
	})
}

// However slow the disk is: no line is lost or torn, each goroutine's lines keep their order, and what waits in memory is bounded.
func TestManyLinesAreFewWritesAndNoneIsLost(t *testing.T) {
	const goroutines, each = 8, 2000
	d := disk{gate: make(chan struct{})}
	logger, chunks := gathering(t, &d)
	var wait sync.WaitGroup
	for g := range goroutines {
		wait.Go(func() {
			for i := range each {
				logger.Info("line", "of", fmt.Sprintf("%d-%d;", g, i))
			}
		})
	}
	close(d.gate)
	wait.Wait()
	if err := chunks.Close(); err != nil {
		t.Fatal(err)
	}
	text, writes := d.state()
	if got := strings.Count(text, "\n"); got != goroutines*each {
		t.Errorf("%d lines", got)
	}
	if writes > goroutines*each/100 {
		t.Errorf("%d writes", writes)
	}
	for g := range goroutines {
		at := 0
		for i := range each {
			found := strings.Index(text[at:], fmt.Sprintf(`"%d-%d;"`, g, i))
			if found < 0 {
				t.Fatalf("line %d of goroutine %d is not after the one before", i, g)
			}
			at += found
		}
	}
}

func TestALogThatCannotBeWrittenIsSaidToWhoEndsIt(t *testing.T) {
	d := disk{full: true}
	logger, chunks := gathering(t, &d)
	logger.Info("a line")
	if err := chunks.Close(); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("closed with %v", err)
	}
	d.full = false
	logger.Warn("there is room again")
	if text, _ := d.state(); !strings.Contains(text, "there is room again") {
		t.Errorf("wrote %q", text)
	}
}

func TestDurationsAreWrittenWithTheirUnit(t *testing.T) {
	for format, want := range map[string][]string{
		"text": {"wait_ms=1.5", "took_ms=0.123", "count=3"}, "json": {`"wait_ms":1.5`, `"took_ms":0.123`, `"count":3`},
	} {
		var log bytes.Buffer
		logger, err := observability.NewLogger(&log, "info", format)
		if err != nil {
			t.Fatal(err)
		}
		logger.With("wait", 1500*time.Microsecond).Info("done", "took", 123*time.Microsecond, "count", 3)
		for _, part := range want {
			if !strings.Contains(log.String(), part) {
				t.Errorf("%s: no %s in %s", format, part, &log)
			}
		}
	}
}
