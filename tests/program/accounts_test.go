package program_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// Without a login the program listens on a loopback address alone, and says what to set.
func TestListeningBeyondThisMachineNeedsALogin(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--listen", ":0"}, {"--listen", "0.0.0.0:0"}, {"--listen", ":0", "--demo"}} {
		result := programtest.Command(t, append([]string{"serve", "--storage", "memory:"}, args...)...)
		if result.Code != 1 || !strings.Contains(result.Stderr, "EXPENSE_TRACKER_AUTH_MODE=password") ||
			strings.Contains(result.Stdout, "is at") {
			t.Errorf("%v: exit code %d\n%s%s", args, result.Code, result.Stdout, result.Stderr)
		}
	}
	if output := programtest.Start(t, "memory:").Output(); strings.Contains(output, "code") {
		t.Errorf("a loopback listener asks for something: %s", output)
	}
	gated := programtest.StartGated(t, "memory:", "--listen", ":0")
	check.Equal(t, "who is not signed in", programtest.Visit(t, gated.URL).Get("/").Status, http.StatusUnauthorized)
}

// What was kept without accounts belongs to the first one; the code that made it works once, on every instance.
func TestTheFirstAccountGetsWhatWasThere(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		before := programtest.Start(t, storage)
		programtest.Visit(t, before.URL).Add("from before", "12.50")
		if err := before.Stop(); err != nil {
			t.Fatal(err)
		}
		p, code := programtest.StartToSetUp(t, storage)
		other, another := programtest.StartToSetUp(t, storage)
		user := programtest.Visit(t, p.URL)
		form := programtest.Form("code", code, "name", "Anna", "password", "seven quiet herons wade")
		check.Equal(t, "what it finds", user.Submit("/setup", form).Total(), "12.50")
		form.Set("code", another)
		check.Equal(t, "another code", programtest.Visit(t, other.URL).Post("/setup", form).Status, http.StatusConflict)

		// A session is known on every instance, and over on every one.
		cookies := user.HTTP.Jar
		elsewhere := programtest.Visit(t, other.URL)
		elsewhere.HTTP.Jar = cookies // a cookie heeds no port
		check.Equal(t, "on the other instance", elsewhere.Add("tea", "1.00").Total(), "13.50")
		check.Equal(t, "signing out", elsewhere.Post("/logout", nil).Status, http.StatusSeeOther)
		check.Equal(t, "on the first one", user.Get("/").Status, http.StatusUnauthorized)
		again := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "gated.yaml", "auth: {mode: password}\n"))
		if strings.Contains(again.Output(), "code") {
			t.Errorf("another code is shown:\n%s", again.Output())
		}
	})
}

// Tries are counted over all instances.
func TestInstancesShareTheirLimits(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		one, two := programtest.StartGated(t, storage), programtest.StartGated(t, storage)
		wrong := programtest.Form("name", "admin", "password", "eleven loud badgers dig")
		for range 5 {
			for _, url := range []string{one.URL, two.URL} {
				check.Equal(t, "a wrong password", programtest.Visit(t, url).Post("/login", wrong).Status, http.StatusUnauthorized)
			}
		}
		wrong.Set("password", programtest.AdminPassword)
		for _, url := range []string{one.URL, two.URL} {
			answer := programtest.Visit(t, url).Post("/login", wrong)
			check.Equal(t, "the eleventh try", answer.Status, http.StatusTooManyRequests)
			if answer.Header.Get("Retry-After") == "" {
				t.Error("it does not say when to try again")
			}
		}
	})
}

// A form of one's account that is refused stands there again, with what is wrong beside its field.
func TestARefusedFormOfAnAccountIsShownAgain(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.StartGated(t, storage)
		user := programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword)
		for _, refused := range []struct {
			path, wrong string
			form        url.Values
		}{
			{"/account", "enter a name", programtest.Form("name", " ", "language", "")},
			{"/account/password", "password", programtest.Form("password", "eleven loud badgers dig", "new_password", "nine brown otters swim")},
			{"/account/password", "15 characters", programtest.Form("password", programtest.AdminPassword, "new_password", "short")},
		} {
			page := user.Post(refused.path, refused.form)
			check.Equal(t, refused.path+": status", page.Status, http.StatusUnprocessableEntity)
			check.Contains(t, refused.path+": what is wrong", strings.ToLower(page.Problem()), refused.wrong)
			check.Contains(t, refused.path+": the form", page.Body, `action="`+refused.path+`"`)
		}
		if output := p.Output(); strings.Contains(output, "storage unavailable") {
			t.Errorf("the storage is said to be away:\n%s", programtest.Tail(output))
		}
	})
}

// The ways of scripts, as docs/PEOPLE.md has them.
func TestAScriptSignsIn(t *testing.T) {
	t.Parallel()
	p := programtest.StartGated(t, programtest.NewSQLite(t))
	folder := t.TempDir()
	secret := programtest.WriteFile(t, "admin-password", programtest.AdminPassword+"\n")
	jar := folder + "/session"
	curl := func(args ...string) string {
		t.Helper()
		output, err := exec.Command("curl", append([]string{"--silent", "--show-error", "--fail", "--output", os.DevNull,
			"--write-out", "%{http_code} %{redirect_url}"}, args...)...).CombinedOutput()
		if err != nil {
			t.Errorf("curl %v: %v %s", args, err, output)
		}
		return string(output)
	}
	login := curl("--cookie-jar", jar, "--data-urlencode", "name=admin", "--data-urlencode", "password@"+secret, p.URL+"/login")
	check.Equal(t, "log-in", login, "303 "+p.URL+"/")
	check.Equal(t, "add", curl("--cookie", jar, "-d", "category=food", "-d", "price=12.50", p.URL+"/add"), "303 "+p.URL+"/")
	check.Equal(t, "CSV", curl("--cookie", jar, p.URL+"/search.csv"), "200 ")
	check.Equal(t, "total", programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword).Get("/").Total(), "12.50")
}

func TestTheOperatorChangesAccounts(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		user := func(args ...string) string {
			t.Helper()
			return programtest.Succeed(t, append([]string{"user", "--storage", storage}, args...)...)
		}
		added := user("add", "Anna")
		check.Contains(t, "the first", added, "added Anna, an administrator; the password is ")
		_, password, _ := strings.Cut(strings.TrimSpace(added), "the password is ")
		check.Contains(t, "the second", user("add", "Ben"), "added Ben; the password is ")
		p := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "gated.yaml", "auth: {mode: password}\n"))
		anna := programtest.Visit(t, p.URL).SignIn("anna", password)
		check.Equal(t, "home", anna.Get("/").Status, http.StatusOK)

		reset := user("reset-password", "Anna")
		check.Equal(t, "a session from before", anna.Get("/").Status, http.StatusUnauthorized)
		_, other, _ := strings.Cut(strings.TrimSpace(reset), "the password is ")
		check.Equal(t, "the old password", anna.Post("/login", programtest.Form("name", "Anna", "password", password)).Status,
			http.StatusUnauthorized)
		anna.SignIn("Anna", other)
		for _, last := range [][]string{{"disable", "anna"}, {"promote", "Anna", "--undo"}, {"delete", "Anna", "--with-ledgers"}} {
			result := programtest.Command(t, append([]string{"user", "--storage", storage}, last...)...)
			check.Equal(t, last[0]+" of the last administrator: exit code", result.Code, 1)
			check.Contains(t, last[0]+" of the last administrator", result.Stderr, "only administrator who can come in")
		}
		check.Equal(t, "home", anna.Get("/").Status, http.StatusOK)
		user("promote", "Ben")
		check.Equal(t, "disabling", user("disable", "anna"), "Anna may not come in any more\n")
		check.Equal(t, "a disabled user", anna.Get("/").Status, http.StatusUnauthorized)
		check.Equal(t, "enabling", user("enable", "ANNA"), "Anna may come in\n")
		anna.SignIn("Anna", other)
		check.Equal(t, "promoting", user("promote", "Ben"), "Ben is an administrator\n")
		check.Equal(t, "promoting no more", user("promote", "Ben", "--undo"), "Ben is no administrator\n")
		list := user("list")
		check.Contains(t, "the list", list, "Anna", "an administrator", "Ben")
		anna.Add("food", "1.00")
		fails := func(args ...string) string {
			t.Helper()
			result := programtest.Command(t, append([]string{"user", "--storage", storage}, args...)...)
			check.Equal(t, strings.Join(args, " "), result.Code, 1)
			return result.Stderr
		}
		check.Contains(t, "without a word about the ledger", fails("delete", "Anna"), "“Expenses” would be deleted", "--with-ledgers")
		check.Contains(t, "nobody", fails("delete", "nobody"), "there is no such user", "user list")
		check.Equal(t, "home", anna.Get("/").Status, http.StatusOK)
		user("promote", "Ben")
		check.Equal(t, "deleting", user("delete", "anna", "--with-ledgers"), "Anna is deleted\n")
		check.Equal(t, "a deleted user", anna.Get("/").Status, http.StatusUnauthorized)
		if list = user("list"); strings.Contains(list, "Anna") || !strings.Contains(list, "Ben") {
			t.Errorf("after the deletion there are\n%s", list)
		}
		programtest.Succeed(t, "verify", "--storage", storage)
		if second := user("add", "Anna"); !strings.HasPrefix(second, "added Anna; ") {
			t.Errorf("the name is not free: %s", second)
		}
		for _, args := range [][]string{{"disable", "nobody"}, {"add", "anna"}, {"reset-password", "nobody"}} {
			result := programtest.Command(t, append([]string{"user", "--storage", storage}, args...)...)
			if result.Code != 1 || result.Stderr == "" {
				t.Errorf("%v: %d %s", args, result.Code, result.Stderr)
			}
		}
	})
}

// A password is read, and not shown.
func TestTheOperatorHandsAPasswordIn(t *testing.T) {
	t.Parallel()
	storage := programtest.NewSQLite(t)
	add := func(input string, args ...string) (string, error) {
		command := exec.Command(programtest.Binary(t), append([]string{"user", "add", "--password-stdin", "--storage", storage}, args...)...)
		command.Env = append(programtest.Home(t), "PATH="+os.Getenv("PATH"))
		command.Stdin = strings.NewReader(input)
		output, err := command.CombinedOutput()
		return string(output), err
	}
	output, err := add("seven quiet herons wade\nmore\n", "Anna")
	if err != nil || output != "added Anna, an administrator\n" {
		t.Errorf("%s, %v", output, err)
	}
	if output, err = add("short\n", "Ben"); err == nil || !strings.Contains(output, "at least 15 characters") {
		t.Errorf("%s, %v", output, err)
	}
	p := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "gated.yaml", "auth: {mode: password}\n"))
	programtest.Visit(t, p.URL).SignIn("Anna", "seven quiet herons wade")
}

func TestABadFirstPasswordStopsTheStart(t *testing.T) {
	t.Parallel()
	settings := programtest.WriteFile(t, "gated.yaml", "auth:\n  mode: password\n  admin_password: hunter2\n")
	result := programtest.Command(t, "serve", "--storage", "memory:", "--listen", "127.0.0.1:0", "--config", settings)
	if result.Code != 1 || !strings.Contains(result.Stderr, "auth.admin_password: a password has at least 15 characters; this has 7") ||
		strings.Contains(result.Stderr, "hunter2") {
		t.Errorf("exit code %d: %s", result.Code, result.Stderr)
	}
}

// What people type to come in stands in no log and no metric, and each outcome is counted.
func TestNoSecretIsToldOn(t *testing.T) {
	t.Parallel()
	p := programtest.StartGated(t, programtest.NewSQLite(t), "--log-level", "debug")
	user := programtest.Visit(t, p.URL)
	user.Post("/login", programtest.Form("name", "Nobodyhere", "password", "eleven loud badgers dig"))
	user.SignIn("admin", programtest.AdminPassword)
	token := ""
	site, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range user.HTTP.Jar.Cookies(site) {
		if cookie.Name == "expense_session" {
			token = cookie.Value
		}
	}
	check.Equal(t, "the token's length", len(token), 64)
	metrics := programtest.Visit(t, p.URL).Get("/metrics").Body
	check.Contains(t, "the metrics", metrics, `expense_sign_ins_total{outcome="accepted"} 1`, `expense_sign_ins_total{outcome="refused"} 1`,
		`expense_sign_ins_total{outcome="throttled"} 0`, `expense_sessions 1`, `expense_password_hash_wait_seconds_count`)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{programtest.AdminPassword, "badgers", "Nobodyhere", token, "$argon2id"} {
		if strings.Contains(p.Output(), secret) || strings.Contains(metrics, secret) {
			t.Errorf("%q is told on", secret)
		}
	}
}

// Whatever stands in what an account takes is answered with a page, and never as a fault of the program.
func TestNoFieldOfAnAccountIsAFaultOfTheProgram(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		user := programtest.Visit(t, programtest.StartGated(t, storage).URL)
		pages, forms := targets()
		for i, value := range nastyValues() {
			visitor := programtest.Visit(t, user.URL)
			if i == 0 {
				user.SignIn("admin", programtest.AdminPassword)
			}
			for _, target := range pages {
				if isOfAccounts(target.path) {
					sturdy(t, "GET "+target.address(value), user.Get(target.address(value)))
					for _, name := range target.names {
						address := target.address(value) + "?" + programtest.Form(name, value).Encode()
						sturdy(t, "GET "+address, visitor.Get(address))
					}
				}
			}
			for _, target := range forms {
				for _, name := range target.names {
					if isOfAccounts(target.path) {
						fields := programtest.Form("name", "admin", "language", "en", "password", "x", "new_password", "y", name, value)
						fields.Set(name, value)
						sturdy(t, "POST "+target.address(value)+" with "+fields.Encode(), user.Post(target.address(value), fields))
						sturdy(t, "POST "+target.address(value)+" with "+fields.Encode()+" by nobody", visitor.Post(target.address(value), fields))
					}
				}
			}
			forged := map[string]string{"Cookie": "expense_session=" + strings.Map(func(r rune) rune {
				if r < ' ' || r > '~' || r == ';' {
					return -1
				}
				return r
			}, value)}
			sturdy(t, "with a forged cookie", visitor.Send(http.MethodGet, "/", "", forged))
		}
		check.Equal(t, "afterwards", user.Get("/account").Status, http.StatusOK)
	})
}

func isOfAccounts(path string) bool {
	return path == "/login" || path == "/setup" || strings.HasPrefix(path, "/account")
}
