package web

import (
	"errors"
	"net/http"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/accounts"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/problem"
)

// routes is every address of the site.
func (s *Site) routes(a *areas) {
	s.handle("GET /{$}", a.expenses.Home)
	s.handle("POST /add", a.expenses.Add)
	s.handle("GET /add", editors(a.expenses.New))
	s.handle("GET /quick", editors(a.expenses.Quick))
	s.handle("GET /expenses", a.expenses.List)
	s.handle("GET /expenses/{id}", a.expenses.Show)
	s.handle("POST /expenses/{id}", a.expenses.Save)
	s.handle("POST /expenses/{id}/delete", a.expenses.Delete)
	s.handle("POST /expenses/{id}/restore", a.expenses.Restore)
	s.handle("POST /expenses/{id}/undo", a.expenses.Undo)

	s.handle("GET /bin", a.bin.Show)

	s.handle("GET /several", editors(a.several.Show))
	s.handle("POST /several", a.several.Change)
	s.handle("POST /several/{id}/undo", a.several.Undo)

	s.handle("GET /categories", a.categories.List)
	s.handle("GET /categories/{id}", a.categories.Show)
	s.handle("POST /categories/{id}/rename", a.categories.Rename)
	s.handle("POST /categories/{id}/look", a.categories.Look)
	s.handle("POST /categories/{id}/merge", a.categories.Merge)
	s.handle("POST /categories/{id}/archive", a.categories.Archive)
	s.handle("POST /categories/{id}/restore", a.categories.Restore)
	s.handle("POST /categories/{id}/remove", a.categories.Remove)
	s.handle("POST /categories/{id}/undo", a.categories.Undo)

	s.handle("GET /months", a.reports.Now)
	s.handle("GET /months/{month}", a.reports.Month)
	s.handle("GET /years", a.reports.ThisYear)
	s.handle("GET /years/{year}", a.reports.Year)
	s.handle("GET /rates", a.rates.List)
	s.handle("POST /rates", a.rates.Enter)
	s.handle("GET /rates/{id}", a.rates.Show)
	s.handle("POST /rates/{id}", a.rates.Change)
	s.handle("POST /rates/{id}/remove", a.rates.Remove)
	s.handle("POST /rates/{id}/restore", a.rates.Restore)

	s.handle("GET /more", a.more.Show)
	s.handle("GET /settings", a.settings.Show)
	s.handle("POST /settings", a.settings.Save)

	s.handle("GET /budgets", a.budgets.List)
	s.handle("GET /budgets/new", editors(a.budgets.New))
	s.handle("POST /budgets", a.budgets.Add)
	s.handle("POST /budgets/copy", a.budgets.Copy)
	s.handle("GET /budgets/{id}", a.budgets.Show)
	s.handle("POST /budgets/{id}", a.budgets.Save)
	s.handle("POST /budgets/{id}/end", a.budgets.End)

	s.handle("GET /search", a.search.Show)
	s.handle("GET /search.csv", a.search.Export)

	s.handle("GET /repeats", a.schedules.List)
	s.handle("POST /repeats", a.schedules.Create)
	s.handle("GET /repeats/new", editors(a.schedules.New))
	s.handle("GET /repeats/{id}", a.schedules.Show)
	s.handle("POST /repeats/{id}", a.schedules.Save)
	s.handle("POST /repeats/{id}/amount", a.schedules.SetPrice)
	s.handle("POST /repeats/{id}/skip", a.schedules.Skip)
	s.handle("POST /repeats/{id}/unskip", a.schedules.Unskip)
	s.handle("POST /repeats/{id}/pause", a.schedules.Pause)
	s.handle("POST /repeats/{id}/resume", a.schedules.Resume)
	s.handle("POST /repeats/{id}/end", a.schedules.End)

	s.handle("GET /people", a.household.Members)
	s.handle("GET /people/log", a.household.Log)
	s.handle("GET /people/log.csv", a.household.LogFile)
	s.handle("POST /people/leave", a.household.Leave)
	s.handle("POST /people/invitations", a.household.Invite)
	s.handle("POST /people/invitations/{id}/withdraw", a.household.Withdraw)
	s.handle("POST /people/{id}/role", a.household.SetRole)
	s.handle("POST /people/{id}/remove", a.household.Remove)

	if a.tokens != nil {
		s.handle("GET /tokens", a.tokens.List)
		s.handle("POST /tokens", a.tokens.Make)
		s.handle("POST /tokens/{id}/revoke", a.tokens.Revoke)
	}
	if a.journal != nil {
		s.account("GET /account/log", a.journal.Own)
		s.account("GET /account/log.csv", a.journal.OwnFile)
		s.account("GET /account/log/everybody", a.journal.All)
		s.account("GET /account/log/everybody.csv", a.journal.AllFile)
		s.handle("GET /account/log/members", a.journal.Members)
		s.handle("GET /account/log/members.csv", a.journal.MembersFile)
	}

	s.person("GET /ledgers", a.household.Ledgers)
	s.person("POST /ledgers", a.household.Create)
	s.person("GET /ledgers/new", a.household.New)
	s.person("GET /ledgers/{id}", a.household.Ledger)
	s.person("POST /ledgers/{id}", a.household.Describe)
	s.person("POST /ledgers/{id}/open", a.household.Open)
	s.everybody("GET /join/{token}", s.offer(a))
	s.person("POST /join/{token}", a.household.Accept)

	if a.accounts != nil {
		s.accountRoutes(a.accounts)
		if a.accounts.HasPasswords() {
			s.passwordRoutes(a.accounts)
		}
		if a.accounts.HasProvider() {
			s.providerRoutes(a.accounts)
		}
	}

	s.public("GET /static/{file}", a.assets.Serve)
	s.public("GET /favicon.ico", a.assets.ServeIcon)
}

// accountRoutes are the addresses of a site where people sign in.
func (s *Site) accountRoutes(a *accounts.Area) {
	s.everybody("GET /login", a.Login)
	s.everybody("POST /login", a.SignIn)
	s.everybody("POST /logout", a.SignOut)
	s.everybody("GET /setup", a.Setup)

	s.account("GET /account", a.Show)
	s.account("POST /account", a.Save)
	s.account("GET /account/data.zip", a.Export)
	s.account("GET /account/delete", a.Leave)
	s.account("POST /account/delete", a.Delete)
	s.account("GET /account/sessions", a.Sessions)
	s.account("POST /account/sessions/end", a.EndOthers)
	s.account("POST /account/sessions/{id}/end", a.EndSession)
}

// passwordRoutes are the addresses of a site where people sign in with a password.
func (s *Site) passwordRoutes(a *accounts.Area) {
	s.everybody("POST /setup", a.SetUp)
	s.everybody("POST /join/{token}/account", a.Join)

	s.account("POST /account/password", a.ChangePassword)

	s.everybody("GET /login/code", a.Code)
	s.everybody("POST /login/code", a.EnterCode)
	s.everybody("POST /login/passkey", a.UsePasskey)
	s.everybody("POST /login/passkey/answer", a.SignInWithPasskey)

	s.account("GET /account/second", a.Second)
	s.account("POST /account/second", a.StartSecond)
	s.account("POST /account/second/confirm", a.ConfirmSecond)
	s.account("POST /account/second/drop", a.DropSecond)
	s.account("POST /account/second/codes", a.NewCodes)
	s.account("POST /account/second/end", a.EndSecond)
	s.account("GET /account/passkeys", a.Passkeys)
	s.account("POST /account/passkeys", a.NewPasskey)
	s.account("POST /account/passkeys/new", a.AddPasskey)
	s.account("POST /account/passkeys/{id}/remove", a.RemovePasskey)
}

// providerRoutes are the addresses of a site where people sign in at an identity provider.
func (s *Site) providerRoutes(a *accounts.Area) {
	s.everybody("POST /login/oidc", a.BeginSignIn)
	s.everybody("GET /login/oidc/callback", a.Return)
	s.everybody("POST /setup/oidc", a.BeginSetUp)

	s.account("POST /account/oidc", a.BeginLink)
	s.account("POST /account/oidc/unlink", a.Unlink)
}

// handle makes h answer a pattern to the members of a ledger. What h returns becomes a page.
func (s *Site) handle(pattern string, h area.Handler) { s.person(pattern, s.needLedger(h)) }

// person makes h answer a pattern behind the steps that lead to an actor, who may be in no ledger.
func (s *Site) person(pattern string, h area.Handler) {
	h = through(h, s.steps)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r, nobody()); err != nil {
			s.problems.Answer(w, r, err)
		}
	})
}

// account makes h answer a pattern to who is signed in, with the session that asks.
func (s *Site) account(pattern string, h accounts.Handler) {
	s.withoutActor(pattern, func(w http.ResponseWriter, r *http.Request) error {
		visit, err := s.signedIn.Visit(r, s.wish(r))
		if err != nil {
			return s.turnAway(w, r, err)
		}
		return problem.Of(visit.Actor, s.resendable(r, h(w, r, visit.Actor, visit.Signed)))
	})
}

// offer shows an invitation: to who is signed in as it is, and to a person who is not with the ways in.
func (s *Site) offer(a *areas) func(http.ResponseWriter, *http.Request) error {
	known := through(a.household.Offer, s.steps[len(s.open):])
	return func(w http.ResponseWriter, r *http.Request) error {
		if a.accounts != nil && takesPages(r) {
			if _, err := a.accounts.Who(r); errors.Is(err, fault.Unauthenticated) {
				return a.accounts.Offer(w, r)
			}
		}
		return known(w, r, nobody())
	}
}

// everybody makes h answer a pattern with a page for who need not be signed in.
func (s *Site) everybody(pattern string, h func(http.ResponseWriter, *http.Request) error) {
	s.withoutActor(pattern, func(w http.ResponseWriter, r *http.Request) error { return problem.OfStranger(h(w, r)) })
}

// withoutActor makes h answer a pattern behind the steps that need no actor.
func (s *Site) withoutActor(pattern string, h func(http.ResponseWriter, *http.Request) error) {
	open := through(func(w http.ResponseWriter, r *http.Request, _ ledger.Actor) error { return h(w, r) }, s.open)
	s.public(pattern, func(w http.ResponseWriter, r *http.Request) error { return open(w, r, nobody()) })
}

// public makes h answer a pattern to everybody.
func (s *Site) public(pattern string, h func(http.ResponseWriter, *http.Request) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.problems.Answer(w, r, err)
		}
	})
}
