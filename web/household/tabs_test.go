package household_test

import (
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/web/webtest"
)

var (
	anyForm  = regexp.MustCompile(`(?s)<form\b[^>]*action="([^"]*)".*?</form>`)
	anyField = regexp.MustCompile(`<input[^>]*\bname="([^"]*)"[^>]*\bvalue="([^"]*)"`)
)

// press sends the form of a page that leads to an address, as it stands there, with other values for some fields.
func (h *house) press(user ledger.UserID, page webtest.Answer, action string, typed ...string) webtest.Answer {
	h.T.Helper()
	for _, form := range anyForm.FindAllStringSubmatch(page.Body, -1) {
		if form[1] != action {
			continue
		}
		fields := typed
		for _, field := range anyField.FindAllStringSubmatch(form[0], -1) {
			if strings.Contains(field[0], `type="checkbox"`) {
				continue // nobody has ticked it
			}
			fields = append(fields, field[1], field[2])
		}
		return h.post(user, action, fields...)
	}
	h.T.Fatalf("no form leads to %s:\n%s", action, page.Body)
	return webtest.Answer{}
}

// Invitations and tokens are numbered in each ledger: a button that was drawn in one presses nothing in another.
func TestAButtonPressesInTheLedgerThatItsPageShowed(t *testing.T) {
	h := newHouse(t)
	h.post(ada, "/ledgers", "name", "Journey", "currency", "usd", "zone", "UTC").Want(t, 303)
	h.post(ada, "/people/invitations", "role", "viewer", "note", "for the journey").Want(t, 200)
	h.post(ada, "/ledgers/1/open").Want(t, 303)
	h.post(ada, "/people/invitations", "role", "viewer", "note", "for the house").Want(t, 200)
	house := h.get(ada, "/people")
	house.Want(t, 200, "for the house")
	h.post(ada, "/ledgers/2/open").Want(t, 303) // in another tab

	h.press(ada, house, "/people/invitations/1/withdraw").Want(t, 303)
	h.get(ada, "/people").Want(t, 200, "!for the house")
	h.post(ada, "/ledgers/2/open").Want(t, 303)
	h.get(ada, "/people").Want(t, 200, "for the journey")
}

// What is typed on the page of an expense is stored, and not answered by a page that knows no such expense.
func TestAnExpenseIsSavedInTheLedgerThatItsPageShowed(t *testing.T) {
	h := newHouse(t)
	h.post(ada, "/add", "category", "lodging", "price", "7").Want(t, 303)
	h.post(ada, "/ledgers", "name", "Journey", "currency", "usd", "zone", "UTC").Want(t, 303)
	h.post(ada, "/ledgers/1/open").Want(t, 303)
	page := h.get(ada, "/expenses/1")
	h.post(ada, "/ledgers/2/open").Want(t, 303)
	h.press(ada, page, "/expenses/1", "price", "8").Want(t, 303)
	saved := h.get(ada, "/")
	saved.Want(t, 200, "Saved lodging, $8.00.")
	h.post(ada, "/ledgers/2/open").Want(t, 303)
	h.press(ada, saved, "/expenses/1/undo").Want(t, 303)
	h.get(ada, "/expenses/1").Want(t, 200, "lodging, $7.00")
}

// Who was removed from the ledger that they were in goes on in their own: its buttons work at once.
func TestWhoWasRemovedGoesOnInTheirOwnLedger(t *testing.T) {
	h := newHouse(t)
	h.post(bob, "/ledgers", "name", "Own", "currency", "usd", "zone", "UTC").Want(t, 303)
	h.post(bob, "/add", "category", "tea", "price", "1").Want(t, 303)
	h.join(bob, "editor")
	h.post(ada, "/people/2/remove").Want(t, 303)
	own := h.get(bob, "/expenses/1")
	own.Want(t, 200, "tea, $1.00")
	h.press(bob, own, "/expenses/1/delete").Want(t, 303)
	h.get(bob, "/").Want(t, 200, "Deleted tea, $1.00.")
}
