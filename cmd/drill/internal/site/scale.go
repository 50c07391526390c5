package site

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// scaled finds the durations of rules and of Alertmanager's configuration: how long an alert has to last and is held, how often a group is
// worked out, what a rate looks back on, what is compared with before, and how long messages wait.
var scaled = regexp.MustCompile(
	`((?:for|keep_firing_for|group_wait|group_interval|repeat_interval|interval): |\[|offset\s+)(\d+)(s|m|h|d)\b`)

// patient is how long an add or the first page may take in a drill. In the objectives it is less: on a machine that does much else, each
// would be slow by itself.
var patient = strings.NewReplacer(`le="0.1"`, `le="0.25"`, `le="0.05"`, `le="0.5"`)

// Scale divides the durations in a text by a factor. None becomes shorter than a second, and no look back shorter than three scrapes. What
// is quick enough by the objectives becomes what is so in a drill.
func Scale(text string, factor int) string {
	return scaled.ReplaceAllStringFunc(patient.Replace(text), func(found string) string {
		parts := scaled.FindStringSubmatch(found)
		n, err := strconv.Atoi(parts[2])
		if err != nil {
			return found
		}
		least := time.Second
		if parts[1] == "[" {
			least = 4 * time.Second
		}
		d := max(time.Duration(n)*units[parts[3]]/time.Duration(factor), least)
		return fmt.Sprintf("%s%dms", parts[1], d.Milliseconds())
	})
}

var units = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
