package programtest

import (
	"net/http"
	"regexp"
	"testing"

	"expense-tracker/tests/rig/program"
)

// AdminPassword is that of the account admin of a program that StartGated starts.
const AdminPassword = "seven quiet herons wade"

// ProbeSecret lets a probe into a program that StartGated starts.
const ProbeSecret = "nine slow herons wade by night"

// StartGated is Start for a program where people sign in, and admin has an account.
func StartGated(t testing.TB, storage string, args ...string) *program.Program {
	t.Helper()
	settings := "auth:\n  mode: password\n  admin_password: " + AdminPassword + "\nprobe:\n  secret: " + ProbeSecret + "\n"
	return Start(t, storage, append([]string{"--config", WriteFile(t, "gated.yaml", settings)}, args...)...)
}

// StartToSetUp is Start for a program where people sign in, and nobody has an account. It returns the code of its set-up, too.
func StartToSetUp(t testing.TB, storage string, args ...string) (p *program.Program, code string) {
	t.Helper()
	return StartWithCode(t, storage, append([]string{"--config", WriteFile(t, "gated.yaml", "auth: {mode: password}\n")}, args...)...)
}

// StartWithCode is Start for a program that shows the code of its set-up, which it returns, too.
func StartWithCode(t testing.TB, storage string, args ...string) (p *program.Program, code string) {
	t.Helper()
	p = Start(t, storage, args...)
	found := regexp.MustCompile(`code="?([A-Z2-9-]{24})`).FindStringSubmatch(p.Output())
	if found == nil {
		t.Fatalf("the log shows no code:\n%s", p.Output())
	}
	return p, found[1]
}

// SignIn signs the visitor in.
func (v *Visitor) SignIn(name, password string) *Visitor {
	v.t.Helper()
	if answer := v.Post("/login", Form("name", name, "password", password)); answer.Status != http.StatusSeeOther {
		v.t.Fatalf("sign in as %s: %d: %s", name, answer.Status, answer.Problem())
	}
	return v
}
