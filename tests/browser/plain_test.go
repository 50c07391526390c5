package browser_test

import (
	"net/url"
	"strings"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

// Somebody joins at a site that is reached by a name and by plain HTTP, as one in a home network is: there browsers say of a form only
// from which page it comes.
func TestAnInvitationIsAcceptedByPlainHTTP(t *testing.T) {
	t.Parallel()
	settings := "auth: {mode: password, admin_password: " + programtest.AdminPassword + "}\nweb: {hosts: " + plainHost + "}\n"
	p := programtest.Start(t, "memory:", "--config", programtest.WriteFile(t, "plain.yaml", settings))
	ada := programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword)
	made := ada.Post("/people/invitations", programtest.Form("role", "editor", "note", ""))
	invited, err := url.Parse(made.Field("link"))
	if err != nil || !strings.HasPrefix(invited.Path, "/join/") {
		t.Fatalf("the link is %s, %v", invited, err)
	}
	ben := openTab(t, atPlainHost(t, p.URL))
	ben.open(invited.Path)
	ben.retype("name", "Ben")
	ben.retype("password", "eleven loud badgers dig")
	ben.press(`form[action$="/account"] button`)
	ben.await("the welcome", `location.pathname === "/" && document.querySelector("[role=status]")?.textContent.includes("Welcome")`)
}
