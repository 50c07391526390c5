package account_test

import (
	"strings"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

func TestPasswords(t *testing.T) {
	h := newHouse(t)
	const short, long = "a password has at least 15 characters; this has ", "a password has at most 256 characters; this has 257"
	const easy = "this password is easy to guess: it is made of what others try first; three or four unusual words are better"
	for password, want := range map[string]string{
		"":                             "enter a password",
		"swordfish":                    short + "9",
		"fourteen chars":               short + "14",
		strings.Repeat("é\u0301x", 86): long[:len(long)-3] + "258",
		"has\x00a zero byte in it":     "this has control characters, which cannot be shown (U+0000); remove them",
		"\xff\xfe no text at all here": "this is not valid text (UTF-8)",

		"passwordpassword":         easy,
		"Password12345678":         easy,
		"P@ssw0rd!P@ssw0rd!":       easy,
		"password-admin-2024":      easy,
		"administrator123":         easy,
		"qwertyuiop123456":         easy,
		"1q2w3e4r5t6y7u8i9o0p":     easy,
		"1qaz2wsx3edc4rfv":         easy,
		"123456789012345":          easy,
		"012345678901234567890":    easy,
		"aaaaaaaaaaaaaaaaaaaa":     easy,
		"abababababababababab":     easy,
		"abcdefghijklmnopqrst":     easy,
		"xyzxyzxyzxyzxyzxyz":       easy,
		"iloveyou1iloveyou2":       easy,
		"expensetracker2026":       easy,
		"Mallory McAllister":       easy,
		"mcallister mallory 1":     easy,
		"letmeinletmeinletmein":    easy,
		"!!!!!!!!!!!!!!!!!!!!":     easy,
		"                    ":     easy,
		"football baseball soccer": easy,
		"qwertzuiopasdfghjkl":      easy,

		right:                          "",
		other:                          "",
		"correct horse battery staple": "",
		"Donaudampfschifffahrt":        "",
		"vR7#kq9Lm2@xWz5p":             "",
		"пароль из четырёх слов":                    "",
		"正確な馬のバッテリーステープル":                           "",
		"the tiny otter fixed our van":              "",
		"ABCD-EFGH-JKLM-NPQR-STUV":                  easy,
		strings.Repeat("ok then it is ", 18) + "12": "",
	} {
		_, err := h.Add(t.Context(), account.Draft{Name: "Mallory McAllister", Password: password}, false)
		got := ""
		if v := fault.ViolationsOf(err); len(v) == 1 && v[0].Field == account.FieldPassword {
			got = v[0].Message.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

// An é that is typed as one character or as two is the same password.
func TestAPasswordIsComposed(t *testing.T) {
	h := newHouse(t)
	if _, err := h.Add(t.Context(), account.Draft{Name: "Zoë", Password: "caf\u00e9 near the old mill"}, false); err != nil {
		t.Fatal(err)
	}
	h.signIn("zoe\u0308", "cafe\u0301 near the old mill")
}
