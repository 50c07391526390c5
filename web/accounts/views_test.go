package accounts

import (
	"strings"
	"testing"

	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// Each template is rendered with every part of its view filled: a field that the view does not have is found here.
func TestEveryTemplateFitsItsView(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	tools := area.NewTools(area.Site{Words: book})
	a := New(nil, tools, Options{})
	around, field := page.Layout{Title: "Title"}, form.Field{Value: "v", Error: "e", Focus: true}
	wrong := &problem.Problem{Title: "Wrong", Fields: []problem.Field{{Name: "name", Label: "Name", Message: "No"}}}
	for name, render := range map[string]func() ([]byte, error){
		"login": func() ([]byte, error) {
			return a.login.Render(loginView{
				Layout: around, onward: onward{To: "/", Kept: "k"}, Passkey: true, Name: field, Problem: wrong, Passwords: true, Provider: "p",
			})
		},
		"kept": func() ([]byte, error) {
			return a.kept.Render(keptView{
				Layout: around, To: "/", Again: problem.Again{Path: "/add", Fields: []problem.Typed{{Name: "price", Value: "1"}},
					Shown: []string{"1"}, Button: "b", Focus: true},
			})
		},
		"empty": func() ([]byte, error) { return a.login.Render(loginView{Layout: page.Layout{Bare: true}}) },
		"set-up": func() ([]byte, error) {
			return a.setup.Render(setupView{Layout: around, Code: field, Name: field, Password: field, Problem: wrong, Passwords: true,
				Provider: "p"})
		},
		"join": func() ([]byte, error) {
			return a.join.Render(joinView{Layout: around, Offered: Offered{"l", "b", "a", "u"}, To: "/join/1-0", SignIn: "/login", Name: field,
				Password: field, Problem: wrong, Passwords: true, Provider: "p"})
		},
		"account": func() ([]byte, error) {
			return a.account.Render(accountView{Layout: around, Name: field, Language: field, Old: field, New: field, Problem: wrong,
				Languages: []languageView{{Tag: "en", Name: "English", Chosen: true}}, SignsIn: true, Password: true,
				Link: &linkView{Provider: "p", Shown: "s", Asks: true, Confirm: field}})
		},
		"leaving": func() ([]byte, error) {
			return a.leaving.Render(leavingView{Layout: around, Provider: "p", Address: "https://id.example.org/"})
		},
		"linked for ever": func() ([]byte, error) {
			return a.account.Render(accountView{Layout: around, Link: &linkView{Provider: "p", Shown: "s", Stays: true}})
		},
		"passkeys": func() ([]byte, error) {
			return a.passkeys.Render(passkeysView{Layout: around, User: "u", Name: field, Password: field, Problem: wrong,
				Passkeys: []passkeyView{{Name: "n", Added: "a", Used: "u", Remove: "/r"}, {Name: "n", Added: "a"}}})
		},
		"passkeys, nowhere": func() ([]byte, error) {
			return a.passkeys.Render(passkeysView{Layout: around, Nowhere: true})
		},
		"ask": func() ([]byte, error) {
			return a.ask.Render(askView{Layout: around, New: true, Action: "/a", Options: "{}", Name: "n", onward: onward{To: "/"}, Other: "o"})
		},
		"code": func() ([]byte, error) {
			return a.code.Render(codeView{
				Layout: around, onward: onward{To: "/", Kept: "k"}, Other: "o", Code: field, Stand: field, Recovery: true, Problem: wrong,
			})
		},
		"second, off": func() ([]byte, error) {
			return a.second.Render(secondView{Layout: around, User: "u", Password: field, Problem: wrong})
		},
		"second, begun": func() ([]byte, error) {
			return a.second.Render(secondView{Layout: around, Secret: "s", Link: "otpauth://totp/x", Picture: &qrView{Size: 1}, Code: field})
		},
		"second, on": func() ([]byte, error) {
			return a.second.Render(secondView{Layout: around, On: true, Left: 1, Proof: field})
		},
		"recovery": func() ([]byte, error) {
			return a.recovery.Render(recoveryView{Layout: around, Codes: []string{"A", "B"}})
		},
		"sessions": func() ([]byte, error) {
			return a.sessions.Render(sessionsView{Layout: around, Others: true, Sessions: []sessionView{
				{Device: "d", Address: "a", Used: "u", This: true}, {Device: "d", Used: "u", End: "/e"},
			}})
		},
	} {
		if content, err := render(); err != nil || !strings.HasSuffix(string(content), "</html>\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDevices(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	const mozilla, webkit = "Mozilla/5.0 ", " AppleWebKit/537.36 (KHTML, like Gecko) "
	for agent, want := range map[string]string{
		"":           "A browser",
		"<script>":   "A browser",
		"curl/8.5.0": "curl",
		mozilla + "(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                            "Firefox on Linux",
		mozilla + "(Windows NT 10.0; Win64; x64)" + webkit + "Chrome/140.0 Safari/537.36 Edg/140.0":       "Edge on Windows",
		mozilla + "(Linux; Android 16; Pixel 9)" + webkit + "Chrome/140.0 Safari/537.36":                  "Chrome on Android",
		mozilla + "(Macintosh; Intel Mac OS X 10_15_7)" + webkit + "Version/19.0 Safari/605.1.15":         "Safari on macOS",
		mozilla + "(iPhone; CPU iPhone OS 19_0 like Mac OS X)" + webkit + "CriOS/140.0 Mobile Safari/604": "Chrome on iPhone",
	} {
		if got := device(book.English(), agent); got != want {
			t.Errorf("%s is %s, want %s", agent, got, want)
		}
	}
}
