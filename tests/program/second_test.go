package program_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// The operator gives another password, and takes the second step away from who has lost that, too.
func TestTheOperatorTurnsTheSecondStepOff(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.StartGated(t, storage)
		user := programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword)
		user.Post("/account/second", programtest.Form("password", programtest.AdminPassword))
		secret := regexp.MustCompile(`<p class="secret" dir="ltr">([A-Z2-7 ]+)</p>`).FindStringSubmatch(user.Get("/account/second").Body)
		if secret == nil {
			t.Fatal("the page shows no secret")
		}
		code, err := totp.GenerateCode(strings.ReplaceAll(secret[1], " ", ""), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		check.Equal(t, "turned on", user.Post("/account/second/confirm", programtest.Form("code", code)).Status, http.StatusOK)
		check.Equal(t, "the session that turned it on", user.Get("/").Status, http.StatusOK)

		reset := func(args ...string) (password string) {
			said := programtest.Succeed(t, append([]string{"user", "reset-password", "admin", "--storage", storage}, args...)...)
			_, password, _ = strings.Cut(strings.TrimSpace(said), "the password is ")
			return password
		}
		password := reset()
		check.Equal(t, "a session from before", user.Get("/").Status, http.StatusUnauthorized)
		script := programtest.Visit(t, p.URL)
		asked := script.Post("/login", programtest.Form("name", "admin", "password", password))
		check.Equal(t, "the way to the code", asked.Header.Get("Location"), "/login/code")
		check.Equal(t, "home with the password alone", script.Get("/").Status, http.StatusUnauthorized)
		password = reset("--without-second-step")
		check.Equal(t, "a code for a log-in from before", script.Post("/login/code", programtest.Form("code", code)).Status,
			http.StatusUnauthorized)
		script.SignIn("admin", password)
		check.Equal(t, "home", script.Get("/").Status, http.StatusOK)
	})
}
