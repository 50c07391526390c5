package browser_test

import "expense-tracker/tests/rig/programtest"

func journalPictures() []picture {
	// failed has tries of others in the log, and many lines.
	failed := func(path string) func(*tab, *stock) {
		return func(b *tab, s *stock) {
			visitor := programtest.Visit(b.t, b.url)
			visitor.Post("/login", programtest.Form("name", "admin", "password", "a password that is wrong"))
			visitor.Post("/login", programtest.Form("name", longest, "password", "a password that is wrong"))
			newSession(b.t, b.url)
			signed(path)(b, s)
		}
	}
	return []picture{
		{"log-own", "GET /account/log", gated, failed("/account/log")},
		{"log-everybody", "GET /account/log/everybody", gated, failed("/account/log/everybody")},
		{"log-members", "GET /account/log/members", gated, failed("/account/log/members")},
	}
}
