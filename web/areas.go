package web

import (
	"context"
	"embed"
	"io/fs"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/accounts"
	"expense-tracker/web/bin"
	"expense-tracker/web/budgets"
	"expense-tracker/web/categories"
	"expense-tracker/web/expenses"
	"expense-tracker/web/household"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/asset"
	"expense-tracker/web/internal/client"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
	"expense-tracker/web/journal"
	"expense-tracker/web/more"
	"expense-tracker/web/rates"
	"expense-tracker/web/reports"
	"expense-tracker/web/schedules"
	"expense-tracker/web/search"
	"expense-tracker/web/settings"
	"expense-tracker/web/several"
	"expense-tracker/web/tokens"
)

//go:embed static
var staticFiles embed.FS

// areas are the areas of the site, and what answers beside them.
type areas struct {
	assets   *asset.Assets
	problems *problem.Desk
	check    func() error // of the templates

	expenses   *expenses.Area
	bin        *bin.Area
	categories *categories.Area
	reports    *reports.Area
	budgets    *budgets.Area
	schedules  *schedules.Area
	more       *more.Area
	rates      *rates.Area
	search     *search.Area
	settings   *settings.Area
	several    *several.Area
	household  *household.Area
	accounts   *accounts.Area // nil where nobody signs in
	tokens     *tokens.Area   // nil where nobody needs one
	journal    *journal.Area  // nil where nobody signs in
}

// What stands behind More.
const (
	nameCategories  words.Phrase = "Categories"
	aboutCategories words.Phrase = "What each costs; rename, colour and merge them"
	nameBudgets     words.Phrase = "Budgets"
	aboutBudgets    words.Phrase = "What a month may cost, and what is left"
	nameRates       words.Phrase = "Currencies"
	aboutRates      words.Phrase = "Your rates, and what all of it makes altogether"
	nameRepeats     words.Phrase = "Repeats"
	aboutRepeats    words.Phrase = "Rent, tickets, subscriptions: added by themselves"
	nameSettings    words.Phrase = "Settings"
	aboutSettings   words.Phrase = "Language, keys, and facts about this ledger"
	nameBin         words.Phrase = "Bin"
	nameLedgers     words.Phrase = "Ledgers"
	aboutLedgers    words.Phrase = "Open another ledger, or make one"
	namePeople      words.Phrase = "People"
	aboutPeople     words.Phrase = "Who shares this ledger, and what each may do"
	aboutBin        words.Phrase = "What was deleted; bring it back within 30 days"
	nameAccount     words.Phrase = "Account"
	aboutAccount    words.Phrase = "Your name and password, and where you are signed in"
	nameTokens      words.Phrase = "Tokens"
	aboutTokens     words.Phrase = "Let a program add to this ledger, or read it"
)

// newAreas wires the areas: each gets its services and the tools that all share.
func newAreas(services Services, o Options) (*areas, error) {
	files, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	a := &areas{}
	book, err := words.Open(o.Language)
	if err != nil {
		return nil, err
	}
	if a.assets, err = asset.Load(files, book); err != nil {
		return nil, err
	}
	tools := area.NewTools(area.Site{
		Words: book, Cookies: o.cookies(),
		About:  page.About{Links: a.assets.Links(), Manifests: a.assets.Manifests(), Version: o.Version, Demo: o.Demo, Places: places()},
		States: services.Expenses, Rates: services.Rates, Budgets: services.Budgets, People: o.People,
		Payers: services.Expenses,
		NewKey: o.NewKey, Logger: o.Logger, RequestID: o.RequestID,
	})
	a.problems, a.check = tools.Problems, tools.Frame.Check
	a.expenses = expenses.New(services.Expenses, services.Schedules, tools, o.Submitted)
	a.bin = bin.New(services.Expenses, tools)
	a.categories = categories.New(services.Expenses, tools)
	a.reports = reports.New(services.Expenses, tools)
	a.budgets = budgets.New(services.Budgets, services.Expenses, tools)
	a.rates = rates.New(services.Rates, tools)
	a.search = search.New(services.Expenses, tools)
	a.schedules = schedules.New(services.Schedules, services.Expenses, tools)
	a.settings = settings.New(tools)
	a.several = several.New(services.Expenses, tools)
	a.household = household.New(services.Members, o.SiteURL, tools)
	entries := []more.Entry{
		{Address: "/categories", Icon: "🏷️", Name: nameCategories, About: aboutCategories},
		{Address: "/budgets", Icon: "🎯", Name: nameBudgets, About: aboutBudgets},
		{Address: "/rates", Icon: "💱", Name: nameRates, About: aboutRates},
		{Address: "/repeats", Icon: "🔁", Name: nameRepeats, About: aboutRepeats},
		{Address: address.Bin, Icon: "🗑️", Name: nameBin, About: aboutBin},
		{Address: settings.Address, Icon: "⚙️", Name: nameSettings, About: aboutSettings},
		{Address: household.Address, Icon: "📒", Name: nameLedgers, About: aboutLedgers},
	}
	if o.People != nil {
		entries = append(entries, more.Entry{Address: household.PeopleAddress, Icon: "👥", Name: namePeople, About: aboutPeople})
	}
	if services.Accounts != nil {
		a.accounts = accounts.New(services.Accounts, tools, accounts.Options{
			Clients: client.Finder{Trusted: o.TrustedProxies}, SignedIn: o.SignedIn, Languages: settings.SetLanguage,
			LongestKept: int(o.BodyLimit / 2), Members: services.Members, Expenses: services.Expenses,
			Tokens:  services.Tokens,
			SiteURL: o.SiteURL,
			Offered: func(ctx context.Context, in *words.Language, token string) (accounts.Offered, error) {
				offered, err := a.household.OfferTo(ctx, in, 0, token)
				return accounts.Offered(offered), err
			},
			Welcome:    a.household.Welcome,
			Federation: services.Federation, NoPasswords: o.NoPasswords,
			Renamed: services.Members.Renamed,
		})
		a.journal = journal.New(services.Accounts, journal.Options{
			Members: watchedMembers(services.Members),
		}, tools)
		entries = append(entries, more.Entry{Address: accounts.Address, Icon: "👤", Name: nameAccount, About: aboutAccount})
	}
	if services.Tokens != nil {
		a.tokens = tokens.New(services.Tokens, client.Finder{Trusted: o.TrustedProxies}, o.SiteURL, tools)
		entries = append(entries, more.Entry{Address: tokens.Address, Icon: "🔑", Name: nameTokens, About: aboutTokens})
	}
	a.more = more.New(tools, a.accounts != nil, entries...)
	return a, nil
}

// watchedMembers returns what says whose accounts an owner of a ledger may know of: its members, since they came.
func watchedMembers(members *member.Service) func(context.Context, ledger.Actor) ([]account.Watched, error) {
	return func(ctx context.Context, actor ledger.Actor) ([]account.Watched, error) {
		all, err := members.Members(ctx, actor)
		watched := make([]account.Watched, len(all))
		for i, m := range all {
			watched[i] = account.Watched{User: m.User, Since: m.Since}
		}
		return watched, err
	}
}

// places are the sections of the navigation that the site has.
func places() page.Places { return page.Places{Month: "/months", Search: address.SearchPath} }
