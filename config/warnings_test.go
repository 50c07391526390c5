package config_test

import (
	"strings"
	"testing"
	"time"

	"expense-tracker/config"
)

func TestAKeyOfBackupsThatProtectsLittleIsWarnedOf(t *testing.T) {
	t.Parallel()
	for key, want := range map[config.Secret]string{
		"":                                   "not encrypted",
		"k":                                  "backup.key has fewer than 20",
		"nineteen characters":                "backup.key has fewer than 20",
		"twenty characters ok":               "",
		"c2l4dHkgYml0cyBhcmUgbm90IGVub3VnaA": "",
	} {
		warnings := strings.Join(config.Backup{Key: key}.Warnings(), "\n")
		if want == "" && warnings != "" || !strings.Contains(warnings, want) || len(key) > 1 && strings.Contains(warnings, string(key)) {
			t.Errorf("a key of %d bytes: %q, want %q and not the key", len(key), warnings, want)
		}
	}
}

func TestAnEndThatIsShorterThanTheStoragesAnswerIsWarnedOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		timeout, drain, operation time.Duration
		warned                    bool
	}{
		"as set from the start":      {15 * time.Second, 0, 5 * time.Second, false},
		"just enough":                {9 * time.Second, 3 * time.Second, 5 * time.Second, false},
		"the drain takes it":         {5 * time.Second, 2 * time.Second, 5 * time.Second, true},
		"a patient storage":          {15 * time.Second, 0, 15 * time.Second, true},
		"a hair's breadth too short": {9*time.Second - 1, 3 * time.Second, 5 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			warnings := config.Config{
				Shutdown: config.Shutdown{Timeout: c.timeout, Drain: c.drain},
				Database: config.Database{OperationTimeout: c.operation},
			}.Warnings()
			if got := strings.Contains(strings.Join(warnings, "\n"), "shutdown.timeout"); got != c.warned {
				t.Errorf("warnings %q, wanted one: %v", warnings, c.warned)
			}
		})
	}
}
