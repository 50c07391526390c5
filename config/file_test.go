package config_test

import (
	"bytes"
	"errors"
	"testing"

	"expense-tracker/config"
)

// FuzzFile holds any file to this: it is refused with Faults, or what it says can be written and read again.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		config.ExampleYAML(), "", "null", "~: 1", "1: 2", "web: {1: 2}", "[]", "a: &b [*b]", "? [a]\n: b", "<<: {listen: ':1'}",
		"storage: sqlite:'a # b'", "listen: :1\nlisten: [", "log: {level: info, level: info}", "a: &x 1\na: *x\nb: *x",
		"ledger: {currency: !!binary aGk=}", "web: !!str", "---\n---\n", "\xff", "log.level: debug\nlog: {level: info}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		c, sources, err := config.Load(t.Context(), config.LoadOptions{File: write(t, "config.yaml", content)})
		if err != nil {
			var faults config.Faults
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("error %v, want Faults", err)
			}
			return
		}
		var written bytes.Buffer
		if err := c.WriteYAML(&written, sources); err != nil {
			t.Fatal(err)
		}
		again, _, err := config.Load(t.Context(), config.LoadOptions{File: write(t, "again.yaml", written.String())})
		if err != nil && c.Masked().Storage == c.Storage {
			t.Fatalf("%v in\n%s", err, written.String())
		}
		if err == nil && again != c.Masked() {
			t.Errorf("read %+v, then %+v", c.Masked(), again)
		}
	})
}
