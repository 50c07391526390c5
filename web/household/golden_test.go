package household_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "ledgers_empty", func(s *webtest.Site) webtest.Answer { return s.Get("/ledgers") })
	webtest.Golden(t, "ledger_new", func(s *webtest.Site) webtest.Answer { return s.Get("/ledgers/new") })
	webtest.Golden(t, "ledger_wrong", func(s *webtest.Site) webtest.Answer {
		return s.Post("/ledgers", "name", "", "currency", "<b>", "zone", "Mars")
	})
	for name, path := range map[string]string{
		"ledgers": "/ledgers", "ledger_configured": "/ledgers/1", "ledger": "/ledgers/2", "people_alone": "/people", "log": "/people/log",
	} {
		webtest.Golden(t, name, func(s *webtest.Site) webtest.Answer { fill(s); return s.Get(path) })
	}
	webtest.Golden(t, "people", func(s *webtest.Site) webtest.Answer {
		fill(s)
		named, err := web.New(s.Services, web.Options{People: people{}, Ledger: ledgertest.Ledger(ledger.Default), Version: "1.0.0"})
		if err != nil {
			t.Fatal(err)
		}
		recorder := httptest.NewRecorder()
		named.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/people", nil))
		return webtest.AnswerOf(recorder)
	})
	webtest.Golden(t, "invited", func(s *webtest.Site) webtest.Answer {
		fill(s)
		return s.Post("/people/invitations", "role", "editor", "note", "Cyd")
	})
	webtest.Golden(t, "join", func(s *webtest.Site) webtest.Answer { return s.Get("/join/" + fill(s)) })
}

// fill gives the local user two ledgers and a second member, and returns the token of an open invitation.
func fill(s *webtest.Site) string {
	s.T.Helper()
	ctx, actor := s.T.Context(), ledgertest.Owner()
	must := func(err error) {
		s.T.Helper()
		if err != nil {
			s.T.Fatal(err)
		}
	}
	_, err := s.Store.Ledgers().Define(ctx, actor.Ledger)
	must(err)
	must(s.Services.Members.Settle(ctx, actor.Ledger, ada))
	_, err = s.Services.Members.Create(ctx, ada, "", member.Draft{Name: "Our <journey>", Currency: "JPY", Zone: "Asia/Tokyo"})
	must(err)
	var last string
	for _, role := range []ledger.Role{ledger.Editor, ledger.Viewer} {
		_, token, err := s.Services.Members.Invite(ctx, actor, member.InviteDraft{Role: role.String(), Note: "Bob & <Cyd>"})
		must(err)
		last = token.Text()
		if role == ledger.Editor {
			_, err = s.Services.Members.Accept(ctx, bob, last)
			must(err)
		}
	}
	return last
}
