package config_test

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"expense-tracker/config"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares got with the file, or writes the file when -update is given.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; run the test with -update and look at the change (-want +got):\n%s", path, diff)
	}
}

func TestExampleFile(t *testing.T) {
	golden(t, "config.example.yaml", config.ExampleYAML())
}

func TestMarkdownTable(t *testing.T) {
	golden(t, "testdata/settings.md", config.MarkdownTable())
}

func TestExampleLoads(t *testing.T) {
	uncommented := regexp.MustCompile(`(?m)^( *)#([a-z])`).ReplaceAllString(config.ExampleYAML(), "$1$2")
	for name, test := range map[string]struct{ content, source string }{
		"as it stands": {config.ExampleYAML(), "default"},
		"uncommented":  {uncommented, "FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "config.yaml", test.content)
			got, sources, err := config.Load(t.Context(), config.LoadOptions{File: path})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(defaults(), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for key, source := range sources {
				if want := strings.ReplaceAll(test.source, "FILE", path); source != want {
					t.Errorf("%s comes from %s, want %s", key, source, want)
				}
			}
		})
	}
}

func TestWriteYAML(t *testing.T) {
	secret := write(t, "secret", "postgres://me:hunter2@db/x?sslpassword=hunter2\n")
	c, sources, err := config.Load(t.Context(), config.LoadOptions{
		Environ: []string{"EXPENSE_TRACKER_STORAGE_FILE=" + secret, "EXPENSE_TRACKER_DATABASE_CONNECT_TIMEOUT=90s"},
		Flags:   flags(t, "--log-level=warn", "--listen=:8080"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	if err := c.WriteYAML(&written, sources); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/effective.yaml", written.String())

	again, _, err := config.Load(t.Context(), config.LoadOptions{File: write(t, "config.yaml", written.String())})
	if err != nil {
		t.Fatal(err)
	}
	if again != c.Masked() {
		t.Errorf("what is written reads as %+v, want %+v", again, c.Masked())
	}
}

func TestFlagsAreDescribed(t *testing.T) {
	set := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.BindFlags(set)
	var names []string
	set.VisitAll(func(f *pflag.Flag) {
		names = append(names, f.Name)
		if !strings.Contains(f.Usage, config.EnvPrefix) {
			t.Errorf("--%s does not name its variable: %s", f.Name, f.Usage)
		}
	})
	if got, want := strings.Join(names, " "), "demo listen log-format log-level log-requests metrics-listen storage"; got != want {
		t.Errorf("flags %s, want %s", got, want)
	}
}
