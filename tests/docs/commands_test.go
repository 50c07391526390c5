package docs_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// The README's table of commands has every command and every command of a command.
func TestTheReadmeKnowsEveryCommand(t *testing.T) {
	content, err := os.ReadFile(project.Path(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(content), "\n## Commands\n")
	table, _, _ = strings.Cut(table, "\n## ")
	found := 0
	for _, command := range commandsOf(t) {
		for _, one := range append([]string{command}, prefixed(command, commandsOf(t, command))...) {
			found++
			if !regexp.MustCompile("[`(]" + one + "[` ]").MatchString(table) {
				t.Errorf("the table of commands lacks %s", one)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d commands were found", found)
	}
}

// commandsOf returns the commands that --help of a command lists; but for cobra's own, and those that only containers call.
func commandsOf(t *testing.T, of ...string) (names []string) {
	t.Helper()
	_, list, _ := strings.Cut(programtest.Succeed(t, append(of, "--help")...), "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for line := range strings.Lines(list) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !slices.Contains([]string{"help", "completion"}, name) && (len(of) == 0 || name != "healthcheck") {
			names = append(names, name)
		}
	}
	return names
}

func prefixed(command string, names []string) (all []string) {
	for _, name := range names {
		all = append(all, command+" "+name)
	}
	return all
}
