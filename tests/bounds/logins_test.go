package bounds_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/tests/rig/programtest"
)

// floods are how many try passwords at once, each from ever other addresses, so that no limit but that of the hashes holds them.
const floods = 16

// While passwords are tried as fast as the program lets them, who is signed in is served: few hashes are made at a time.
func TestAFloodOfLogInsStarvesNobody(t *testing.T) {
	settings := programtest.WriteFile(t, "config.yaml", "auth:\n  mode: password\n  admin_password: "+programtest.AdminPassword+
		"\nweb:\n  trusted_proxies: 127.0.0.0/8\nlog:\n  requests: none\n")
	p := programtest.Start(t, programtest.NewSQLite(t), "--config", settings)
	user := programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword)
	user.Add("food", "12.50")
	read := func(long time.Duration) (times []time.Duration) {
		t.Helper()
		for began := time.Now(); time.Since(began) < long; time.Sleep(5 * time.Millisecond) { // a user is no hammer
			asked := time.Now()
			if status := user.Get("/").Status; status != http.StatusOK {
				t.Fatalf("the first page: %d", status)
			}
			times = append(times, time.Since(asked))
		}
		slices.Sort(times)
		return times
	}
	read(time.Second) // of what is made once
	alone := read(3 * time.Second)

	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	var tried, busy atomic.Int64
	for flood := range floods {
		running.Go(func() {
			visitor := programtest.Visit(t, p.URL)
			form := programtest.Form("name", "nobody", "password", "eleven loud badgers dig")
			for n := 0; ctx.Err() == nil; n++ {
				form.Set("name", fmt.Sprint("nobody ", flood, ".", n))
				answer := visitor.Send(http.MethodPost, "/login", form.Encode(), map[string]string{
					"Content-Type": programtest.FormType, "X-Forwarded-For": fmt.Sprintf("10.%d.%d.%d", flood, n/250%250, n%250),
				})
				switch answer.Status {
				case http.StatusUnauthorized:
					tried.Add(1)
				case http.StatusServiceUnavailable:
					busy.Add(1)
				default:
					t.Errorf("a try: %d", answer.Status)
					return
				}
			}
		})
	}
	beside := read(5 * time.Second)
	cancel()
	running.Wait()
	at := func(times []time.Duration, part float64) time.Duration { return times[int(part*float64(len(times)-1))] }
	t.Logf("first page, p50 and p99: alone %.2f and %.2f ms of %d; beside %d tries (%d refused as busy) %.2f and %.2f ms of %d",
		ms(at(alone, 0.5)), ms(at(alone, 0.99)), len(alone), tried.Load(), busy.Load(), ms(at(beside, 0.5)), ms(at(beside, 0.99)), len(beside))
	if tried.Load() < floods {
		t.Errorf("only %d passwords were tried", tried.Load())
	}
	// A machine that does much else makes some answers slow by itself, and not most of them. Where hashes are not bounded, most are.
	if most := 5*at(alone, 0.5) + 40*time.Millisecond; at(beside, 0.5) > most {
		t.Errorf("beside log-ins the median is %s, want at most %s", at(beside, 0.5), most)
	}
}
