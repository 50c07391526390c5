package household_test

import (
	"net/http"
	"regexp"
	"testing"
)

// What was typed and chosen is not lost when the storage is away.
func TestAFailingStorageLeavesTheFormsOfPeopleAsTheyWere(t *testing.T) {
	h := newHouse(t)
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(h.get(ada, "/people").Body)[1]
	h.Store.TakeAway()
	invited := h.post(ada, "/people/invitations", "token", token, "role", "viewer", "note", "for <Bob>")
	invited.Want(t, http.StatusServiceUnavailable, `value="for &lt;Bob&gt;"`, `value="viewer" required checked`,
		`name="token" value="`+token+`"`, "!Leave this ledger")
	h.Store.BringBack()
	h.post(ada, "/people/invitations", "token", token, "role", "viewer", "note", "for <Bob>").Want(t, http.StatusOK, "/join/")
}
