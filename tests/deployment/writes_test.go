package deployment_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every operation of the storage is known to read, or is watched by the alert on changes that the storage refuses.
func TestTheAlertOnRefusedChangesKnowsEveryChange(t *testing.T) {
	reads := strings.Fields(`journal_events token_find token_list
		account_all account_by_id account_by_name account_is_offered account_is_set_up account_names batch_before bin budget_get budget_list
		categories_by_id category_named each_found entries get get_category half_begun history identity_find identity_of
		list list_categories member_events member_get
		member_invitations member_ledgers member_list member_look merged_category overview ping rate_get rate_list rate_newest report
		schedule_get schedule_list search session_count session_find session_of session_visit spent_since state suggest_categories`)
	known := make(map[string]bool)
	for _, name := range reads {
		known[name] = true
	}
	for _, rule := range rules(t) {
		if rule.Alert == "ExpenseTrackerWritesFailing" {
			for _, name := range strings.Split(regexp.MustCompile(`operation=~"([^"]*)"`).FindStringSubmatch(rule.Expr)[1], "|") {
				known[name] = true
			}
		}
	}
	files, err := filepath.Glob("../../observability/*.go")
	if err != nil {
		t.Fatal(err)
	}
	measured := regexp.MustCompile(`measure(?:Done)?\(ctx, s\.operations, "(\w+)"`)
	found := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range measured.FindAllStringSubmatch(string(content), -1) {
			if found++; !known[name[1]] {
				t.Errorf("%s: %s neither reads nor stands in ExpenseTrackerWritesFailing", filepath.Base(file), name[1])
			}
		}
	}
	if found < len(reads) {
		t.Errorf("only %d operations were found", found)
	}
}
