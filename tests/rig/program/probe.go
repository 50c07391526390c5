package program

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// RSS returns the program's resident memory in bytes, from /proc.
func (p *Program) RSS() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
			return kilobytes << 10, nil
		}
	}
	return 0, errors.New("no VmRSS in /proc")
}

// WaitReady asks /readyz until it answers as wanted: 200 if ready, else 503.
func (p *Program) WaitReady(ctx context.Context, ready bool) error {
	want := http.StatusServiceUnavailable
	if ready {
		want = http.StatusOK
	}
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/readyz", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close() // only its status was wanted
			if response.StatusCode == want {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("/readyz does not answer %d: %w", want, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
