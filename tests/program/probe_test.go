package program_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// probed runs the command probe once against an address, as with a secret.
func probed(t *testing.T, url, secret string) program.Result {
	t.Helper()
	result, err := program.Run(t.Context(), programtest.Binary(t), append(programtest.Home(t),
		"EXPENSE_TRACKER_PROBE_URL="+url, "EXPENSE_TRACKER_PROBE_SECRET="+secret, "EXPENSE_TRACKER_PROBE_TIMEOUT=5s"), "probe", "--once")
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// What the probe adds is stored and read back, and nobody meets it: no page, no count, no list of users, not the view that is read along.
func TestNobodyMeetsWhatTheProbeAdds(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		p := programtest.StartGated(t, url)
		for range 2 {
			result := probed(t, p.URL, programtest.ProbeSecret)
			if result.Code != 0 || !strings.Contains(result.Stdout, "found") {
				t.Fatalf("%+v", result)
			}
		}
		check.Equal(t, "adds of the probe",
			programtest.Metric(t, p.URL, "expense_probe_submissions_total", programtest.Labels{"outcome": "accepted"}), 2)
		check.Equal(t, "adds of people", programtest.Metric(t, p.URL, "expense_submissions_total", programtest.Labels{"outcome": "accepted"}), 0)
		check.Equal(t, "expenses", programtest.Metric(t, p.URL, "expense_entries", nil), 0)
		ada := programtest.Visit(t, p.URL)
		ada.SignIn("admin", programtest.AdminPassword)
		for _, path := range []string{"/", "/ledgers", "/categories", "/search.csv", "/people", "/account/log/everybody"} {
			if page := ada.Get(path); page.Status != http.StatusOK || strings.Contains(strings.ToLower(page.Body), "probe") {
				t.Errorf("%s: %d, and it shows the probe: %t", path, page.Status, strings.Contains(strings.ToLower(page.Body), "probe"))
			}
		}
		if strings.HasPrefix(url, "memory:") {
			return
		}
		check.Equal(t, "rows of the view", programtest.Ask[int](t, url, "SELECT count(*) FROM expense"), 0)
		check.Equal(t, "rows of the probe", programtest.Ask[int](t, url, "SELECT count(*) FROM expense_entry WHERE ledger_id = -1"), 2)
		users := programtest.Succeed(t, "user", "list", "--storage", url)
		if strings.Count(users, "\n") != 1 || strings.Contains(users, "probe") {
			t.Errorf("the users are %s", users)
		}
		if said := programtest.Succeed(t, "verify", "--storage", url); !strings.Contains(said, "0 differences") {
			t.Errorf("verify says %s", said)
		}
	})
}

// A program that nobody has opened yet still offers the first account, whatever the probe has added.
func TestTheProbeIsNotTheFirstAccount(t *testing.T) {
	p, code := programtest.StartToSetUp(t, programtest.NewSQLite(t))
	if code == "" {
		t.Error("no code is offered")
	}
	result := probed(t, p.URL, programtest.ProbeSecret) // no secret is set there
	if result.Code != 1 || !strings.Contains(result.Stdout, "refused") || !strings.Contains(result.Stdout, "probe.secret") {
		t.Errorf("%+v", result)
	}
}

func TestAProbeSaysWhatIsWrong(t *testing.T) {
	p := programtest.StartGated(t, "memory:")
	for name, tt := range map[string]struct{ url, secret, says string }{
		"another secret":    {p.URL, programtest.ProbeSecret + "!", "401"},
		"nobody there":      {"http://127.0.0.1:9", programtest.ProbeSecret, "connection refused"},
		"no such name":      {"http://no-such-name.invalid", programtest.ProbeSecret, "no-such-name.invalid"},
		"no secret":         {p.URL, "", "probe.secret is not set"},
		"a short secret":    {p.URL, "short", "20 or more"},
		"an address of ftp": {"ftp://127.0.0.1", programtest.ProbeSecret, "probe.url"},
	} {
		result := probed(t, tt.url, tt.secret)
		said := result.Stdout + result.Stderr
		if result.Code != 1 || !strings.Contains(said, tt.says) || strings.Contains(said, programtest.ProbeSecret) {
			t.Errorf("%s: %d, %s", name, result.Code, said)
		}
	}
}

// The probe goes on through an outage of the program, and finds afterwards what was acknowledged before.
func TestAProbeOutlivesAnOutage(t *testing.T) {
	storage := programtest.NewSQLite(t)
	p := programtest.StartGated(t, storage)
	address := strings.TrimPrefix(p.URL, "http://")
	own, err := loopback.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	probe, err := program.Launch(programtest.Binary(t), append(programtest.Home(t), "EXPENSE_TRACKER_PROBE_URL="+p.URL,
		"EXPENSE_TRACKER_PROBE_SECRET="+programtest.ProbeSecret, "EXPENSE_TRACKER_PROBE_LISTEN="+own,
		"EXPENSE_TRACKER_PROBE_INTERVAL=1s"), "probe")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = probe.Kill() })
	adds := func(outcome string) float64 {
		return programtest.Metric(t, "http://"+own, "expense_probe_adds_total", programtest.Labels{"outcome": outcome})
	}
	await := func(what string, met func() bool) {
		t.Helper()
		check.Eventually(t, 30*time.Second, what, met)
	}
	await("the probe listens", func() bool {
		response, err := http.Get("http://" + own + "/readyz") //nolint:noctx // within the test's time
		if err != nil {
			return false
		}
		return response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
	await("it adds", func() bool { return adds("accepted") >= 2 })
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	await("it fails", func() bool { return adds("failed") >= 2 })
	before := adds("accepted")
	programtest.StartGated(t, storage, "--listen", address)
	await("it adds again", func() bool { return adds("accepted") > before+1 })
	check.Equal(t, "lost", programtest.Metric(t, "http://"+own, "expense_probe_readbacks_total", programtest.Labels{"outcome": "lost"}), 0)
	if err := probe.Stop(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}
