package web_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	postForm   = regexp.MustCompile(`(?s)<form\b[^>]*method="post".*?</form>`)
	formAction = regexp.MustCompile(`action="([^"]*)"`)
)

// What a form changes belongs to the ledger that its page showed, though its reader has gone to another since: it says which one. The
// forms of accounts, of ledgers themselves and of who signs out are of none; one that is sent once more says what it said.
func TestEveryFormSaysItsLedger(t *testing.T) {
	ofNone := map[string]bool{
		"household/templates/ledger.html": true, "household/templates/ledgers.html": true, "household/templates/join.html": true,
		"internal/problem/templates/parts/again.html": true,
	}
	forms := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".html") || strings.Contains(path, "testdata") ||
			strings.HasPrefix(path, "accounts/") || ofNone[path] {
			return err
		}
		page, err := os.ReadFile(path)
		for _, form := range postForm.FindAllString(string(page), -1) {
			action := formAction.FindStringSubmatch(form)
			if action != nil && action[1] == "/logout" {
				continue
			}
			if forms++; !strings.Contains(form, `<input type="hidden" name="ledger" value="{{$.LedgerID}}">`) {
				t.Errorf("%s: a form does not say its ledger:\n%s", path, form)
			}
		}
		return err
	})
	if err != nil || forms < 34 {
		t.Fatalf("%d forms were looked at: %v", forms, err)
	}
}
