package deployment_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/tests/rig/forgertest"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/providertest"
)

// What .env says of a provider reaches the program, its secret as a file: with the environment that is composed, people sign in at a live
// one.
func TestPeopleSignInByAProviderWithWhatIsComposed(t *testing.T) {
	t.Parallel()
	site, listen := providertest.FreeSite(t)
	issuer := providertest.Start(t, "127.0.0.1:0", site).Issuer
	model := loadCompose(t, "EXPENSE_TRACKER_AUTH_MODE=password,oidc", "EXPENSE_TRACKER_AUTH_OIDC_ISSUER="+issuer,
		"EXPENSE_TRACKER_AUTH_OIDC_CLIENT_ID="+forgertest.ClientID, "EXPENSE_TRACKER_AUTH_OIDC_CLIENT_SECRET="+forgertest.ClientSecret,
		"EXPENSE_TRACKER_AUTH_OIDC_NAME=Example ID", "EXPENSE_TRACKER_AUTH_OIDC_SIGN_UP=@example.org", "EXPENSE_TRACKER_BASE_URL="+site,
		"ADMIN_PASSWORD="+programtest.AdminPassword)
	service := model.Services["expense-tracker"]
	folder := t.TempDir()
	replaced := map[string]string{
		"EXPENSE_TRACKER_LISTEN": listen, "EXPENSE_TRACKER_METRICS_LISTEN": "127.0.0.1:0", "EXPENSE_TRACKER_STORAGE": "memory:",
	}
	env := programtest.Home(t)
	for name, value := range service.Environment {
		if value == nil || strings.HasPrefix(name, "EXPENSE_TRACKER_STORAGE_") || !strings.HasPrefix(name, "EXPENSE_TRACKER_") {
			continue // there is no database here
		}
		said := *value
		if other, here := replaced[name]; here {
			said = other
		}
		if strings.HasSuffix(name, "_FILE") {
			content := handed(t, model, name) + "\n"
			said = filepath.Join(folder, name)
			if err := os.WriteFile(said, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		env = append(env, name+"="+said)
	}
	p, err := program.Start(t.Context(), programtest.Binary(t), env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	anna := programtest.Visit(t, site)
	if login := anna.Get("/login"); !strings.Contains(login.Body, "Example ID") || !strings.Contains(login.Body, `name="password"`) {
		t.Errorf("the log-in offers not both ways: %d", login.Status)
	}
	back := providertest.SignIn(t, providertest.Client(t), providertest.Leave(t, anna, "/login/oidc", nil), "anna", site)
	if answer := anna.Get(back); answer.Status != http.StatusSeeOther {
		t.Fatalf("back from the provider: %d, %s", answer.Status, answer.Body)
	}
	if account := anna.Get("/account"); !strings.Contains(account.Body, `value="anna"`) {
		t.Errorf("who signed in is not known: %d", account.Status)
	}
	if strings.Contains(p.Output(), forgertest.ClientSecret) {
		t.Error("the log has the secret")
	}
}
