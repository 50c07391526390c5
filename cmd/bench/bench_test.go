package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		args    string
		refused string
	}{
		{"", ""},
		{"--quick", ""},
		{"--sizes 1000000,100 --storages sqlite --rounds 3 --duration 2s", ""},
		{"--sizes 0", "--sizes"},
		{"--sizes 100000000", "--sizes"},
		{"--storages oracle", "oracle"},
		{"--storages=", "--storages"},
		{"--people -1", "--people"},
		{"--people 1000000", "--people"},
		{"--rounds 0", "--rounds"},
		{"--rounds 1000", "--rounds"},
		{"--duration 1h", "--duration"},
	} {
		var o options
		flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
		o.bind(flags)
		if err := flags.Parse(strings.Fields(c.args)); err != nil {
			t.Fatal(err)
		}
		err := o.complete(flags)
		if (err != nil) != (c.refused != "") || (err != nil && !strings.Contains(err.Error(), c.refused)) {
			t.Errorf("%q: %v", c.args, err)
		}
	}
}

func TestQuickYieldsToWhatIsGiven(t *testing.T) {
	var o options
	flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	o.bind(flags)
	if err := flags.Parse([]string{"--quick", "--sizes", "300,200,300"}); err != nil {
		t.Fatal(err)
	}
	if err := o.complete(flags); err != nil {
		t.Fatal(err)
	}
	if len(o.sizes) != 2 || o.sizes[0] != 200 || o.sizes[1] != 300 || o.rounds != 1 {
		t.Errorf("%+v", o)
	}
}

func TestLinkToOlder(t *testing.T) {
	link, err := linkToOlder([]byte(`<a class="button" href="/expenses?before=2026-01-31_17&amp;x=1" rel="next">Older</a>`))
	if err != nil || link != "/expenses?before=2026-01-31_17&x=1" {
		t.Errorf("%q, %v", link, err)
	}
	if _, err := linkToOlder([]byte("<p>Nothing here yet</p>")); err == nil {
		t.Error("a page without the link has one")
	}
}

// The real thing, as small as it gets: it counts and checks what it added, reports, and cleans up.
func TestBench(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "bench")
	if output, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	temporary := t.TempDir()
	command := exec.Command(binary, "--quick", "--storages=sqlite,memory", "--sizes=100", "--duration=300ms", "--json=-")
	command.Env = append(os.Environ(), "TMPDIR="+temporary, "GOTMPDIR="+t.TempDir())
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var report struct {
		Figures []struct {
			Storage, Task, Subject string
			Measures               map[string]struct{ Median float64 }
		}
		Verdicts []struct{ Storage, What string }
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	adds := map[string]int{}
	for _, figure := range report.Figures {
		if figure.Task == "add" && figure.Measures["per_second"].Median > 0 && figure.Measures["rss_mb"].Median > 1 {
			adds[figure.Storage]++
		}
	}
	if adds["sqlite"] != 4 || adds["memory"] != 3 || len(report.Verdicts) == 0 {
		t.Errorf("adds at 1, 8 and 32 clients, and of people, measured: %v; %d verdicts", adds, len(report.Verdicts))
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
