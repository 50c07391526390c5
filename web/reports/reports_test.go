package reports_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// furnished is a site with two years of expenses in two currencies, with a refund, a rate and budgets.
func furnished(s *webtest.Site) *webtest.Site {
	webtest.Furnish(s) // this month: rent, groceries and coffee, of which one in euros
	for _, draft := range []expense.Draft{
		{Category: "Clothes", Price: "80", Date: "2026-11-10"},
		{Category: "Clothes", Price: "30", Date: "2026-11-12", Refund: true, Payee: "Nordwind"},
		{Category: "Rent", Price: "1100", Date: "2026-10-01"},
		{Category: "Rent", Price: "900", Date: "2025-11-01"},
	} {
		s.Add(draft)
	}
	s.Follow(s.Post("/rates", "currency", "EUR", "rate", "1.1", "date", "2026-11-01"))
	s.Follow(s.Post("/budgets", "category", "all", "amount", "1500"))
	s.Follow(s.Post("/budgets", "category", "1", "amount", "50"))
	return s
}

func TestPagesAreAsTheyWere(t *testing.T) {
	for name, path := range map[string]string{
		"month": "/months/2026-11", "month_before": "/months/2026-10", "month_empty": "/months/2026-08", "year": "/years/2026",
		"year_empty": "/years/2020",
	} {
		webtest.Golden(t, name, func(s *webtest.Site) webtest.Answer { return furnished(s).Get(path) })
	}
}

func TestAMonthWithNothingSaysSo(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Get("/months/2026-11").Want(t, 200, `<data id="report-total" value="0.00">`, "Nothing was spent in November 2026.", `href="/add"`,
		`<a href="/months/2026-10" rel="prev"`, `<a href="/months/2026-12" rel="next"`, `href="/years/2026"`,
		"!By category", "!By day", "!class=\"list")
	s.Get("/years/2026").Want(t, 200, `<data id="report-total" value="0.00">`, "Nothing was spent in 2026.",
		`<a href="/years/2025" rel="prev"`, `<a href="/years/2027" rel="next"`, "!By category", "!By month")
}

// A hundred of the largest prices are a hundredfold of one; what is not yet ten times as much more is said in per cent.
func TestALargeChangeIsSaidInTimes(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "Castle", Price: "9999999999999.99", Date: "2026-10-01"})
	for range 100 {
		s.Add(expense.Draft{Category: "Castle", Price: "9999999999999.99", Date: "2026-11-01"})
	}
	s.Get("/months/2026-11").Want(t, 200, "by this day, 100 times as much as $9,999,999,999,999.99")
	for range 9 {
		s.Add(expense.Draft{Category: "Castle", Price: "9999999999999.99", Date: "2026-10-01"})
	}
	s.Get("/months/2026-11").Want(t, 200, "by this day, 900% more than $99,999,999,999,999.90")
}

// What is empty is not kept, and is there as soon as something is.
func TestAnExpenseIsInItsMonthAtOnce(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for range 2 {
		s.Get("/months/2026-11").Want(t, 200, "Nothing was spent")
	}
	s.Post("/add", "category", "food", "price", "2").Want(t, 303)
	for range 2 { // rendered, and kept
		s.Get("/months/2026-11").Want(t, 200, `<data id="report-total" value="2.00">`, "1 expense, ")
		s.Get("/years/2026").Want(t, 200, `<data id="report-total" value="2.00">`)
	}
	s.Post("/expenses/1/delete", "revision", "1").Want(t, 303)
	s.Get("/months/2026-11").Want(t, 200, "Nothing was spent")
}

func TestCurrenciesStandBesideEachOther(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "rent", Price: "100"})
	s.Add(expense.Draft{Category: "tea", Price: "7", Currency: "EUR"})
	s.Add(expense.Draft{Category: "tea", Price: "3", Currency: "EUR"})
	s.Get("/months/2026-11").Want(t, 200, `<data id="report-total" value="100.00">`, "and €10.00 in 2 expenses",
		"<h3>USD</h3>", "<h3>EUR</h3>", "!altogether")
	s.Follow(s.Post("/rates", "currency", "EUR", "rate", "1.1", "date", "2026-11-01"))
	s.Get("/months/2026-11").Want(t, 200, `<data id="report-total" value="100.00">`,
		`<data value="111.00">= $111.00 altogether, at 1 EUR = 1.1 USD`)
	s.Get("/years/2026").Want(t, 200, "and €10.00 in 2 expenses", `<data value="111.00">`)
	s.Get("/months/2026-10").Want(t, 200, "!altogether")
}

// Only what is left of a purchase counts; a month may bring back more than it cost.
func TestRefundsCountAsLessSpent(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "coats", Price: "200", Date: "2026-10-20"})
	s.Add(expense.Draft{Category: "tea", Price: "30", Date: "2026-11-02"})
	s.Add(expense.Draft{Category: "tea", Price: "10", Date: "2026-11-03", Refund: true})
	s.Get("/months/2026-11").Want(t, 200, `<data id="report-total" value="20.00">`, "2 expenses", ">-$10.00<")
	s.Add(expense.Draft{Category: "coats", Price: "200", Date: "2026-11-04", Refund: true})
	page := s.Get("/months/2026-11")
	page.Want(t, 200, `<data id="report-total" value="-180.00"`, `<title>Wed 4 Nov: -$200.00</title>`)
	largest := page.Body[strings.Index(page.Body, `id="largest"`):]
	if strings.Contains(largest, "coats") || !strings.Contains(largest, "tea") {
		t.Errorf("the largest are\n%s", largest)
	}
}

var percents = regexp.MustCompile(`<small class="muted">(<|&lt;)?(\d+)%</small>`)

var restLink = regexp.MustCompile(`<a href="([^"]*)" dir="auto">Everything else`)

// The largest have names, and what is left stands together: they make the whole, in money and in per cent.
func TestEverythingElseMakesTheWhole(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for i := range 11 {
		s.Add(expense.Draft{Category: fmt.Sprintf("c%02d", i), Price: fmt.Sprint(110 - 10*i)})
	}
	for _, path := range []string{"/months/2026-11", "/years/2026"} {
		page := s.Get(path)
		page.Want(t, 200, `<data id="report-total" value="660.00">`, `dir="auto">Everything else</a>`, "&#43;3", "$60.00", "c07", "!c08")
		link := restLink.FindStringSubmatch(page.Body)
		if link == nil {
			t.Fatalf("%s: nothing leads to everything else:\n%s", path, page.Body)
		}
		s.Get(strings.ReplaceAll(link[1], "&amp;", "&")).Want(t, 200, `<data id="result-total" value="60.00">`, `id="result-count" value="3"`)
		sum := 0
		for _, match := range percents.FindAllStringSubmatch(page.Body, -1) {
			n, err := strconv.Atoi(match[2])
			if err != nil || match[1] != "" {
				t.Fatal(match, err)
			}
			sum += n
		}
		if sum != 100 {
			t.Errorf("%s: the shares make %d%%", path, sum)
		}
	}
}

// Everything else leads to its expenses also where it holds more categories than a page could name. The search says how many they are.
func TestEverythingElseOfManyCategoriesLeadsToThem(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for i := range 40 {
		s.Add(expense.Draft{Category: fmt.Sprintf("c%02d", i), Price: fmt.Sprint(400 - 10*i)})
	}
	for _, path := range []string{"/months/2026-11", "/years/2026"} {
		page := s.Get(path)
		page.Want(t, 200, "&#43;32")
		link := restLink.FindStringSubmatch(page.Body)
		if link == nil {
			t.Fatalf("%s: nothing leads to everything else:\n%s", path, page.Body)
		}
		s.Get(strings.ReplaceAll(link[1], "&amp;", "&")).Want(t, 200, `<data id="result-total" value="5280.00">`,
			`id="result-count" value="32"`, "<span>32 categories</span>", `!<bdi>c08</bdi>`)
	}
}

// A month that is over is compared whole; the current one by the same day.
func TestAMonthIsComparedWithTheOneBeforeAndAYearAgo(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for date, price := range map[string]string{
		"2026-11-05": "100", "2026-10-05": "60", "2026-10-30": "500", "2025-11-23": "150", "2025-11-24": "7", "2026-09-01": "560",
	} {
		s.Add(expense.Draft{Category: "food", Price: price, Date: date})
	}
	s.Get("/months/2026-11").Want(t, 200, "<b>$40.00 more</b> than October <small", "by this day, 67% more than $60.00",
		"<b>$50.00 less</b> than November 2025 <small", "by this day, 33% less than $150.00")
	s.Get("/months/2026-10").Want(t, 200, "<b>As much</b> as in September", "!by this day", "!October 2025")
	s.Get("/months/2025-11").Want(t, 200, "!class=\"list card changes")
	s.Get("/months/2025-12").Want(t, 200, "Nothing was spent")
}

// What was typed ahead is no part of a comparison by this day, and counts in the total.
func TestWhatIsToComeIsNotCompared(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "10", Date: "2026-10-05"})
	s.Add(expense.Draft{Category: "food", Price: "12", Date: "2026-11-05"})
	s.Add(expense.Draft{Category: "rent", Price: "900", Date: "2026-11-30"})
	s.Get("/months/2026-11").Want(t, 200, `<data id="report-total" value="912.00">`, "<b>$2.00 more</b> than October")
	s.Add(expense.Draft{Category: "rent", Price: "900", Date: "2027-02-01"})
	s.Get("/months/2027-02").Want(t, 200, `<data id="report-total" value="900.00">`, "rent", `<a href="/months/2027-03" rel="next"`)
	s.Get("/months/2027-03").Want(t, 200, "Nothing was spent in March 2027.")
}

func TestWhatIsNoMonthIsNotFound(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	for _, path := range []string{
		"/months/2026-13", "/months/2026-00", "/months/2026-1", "/months/2026-011", "/months/26-11", "/months/november", "/months/2026-11-01",
		"/months/1899-12", "/months/2200-01", "/months/0000-01", "/months/+026-11", "/months/99999-01",
		"/years/1899", "/years/2200", "/years/26", "/years/02026", "/years/2026-11", "/years/x", "/years/-2026",
	} {
		s.Get(path).Want(t, 404)
	}
	a := s.Get("/months")
	if a.Want(t, 303); a.Header.Get("Location") != "/months/2026-11" {
		t.Errorf("the current month is at %s", a.Header.Get("Location"))
	}
}

// Sums may be much larger than any price.
func TestLargeSumsAreCompared(t *testing.T) {
	s := webtest.New(t, web.Options{})
	const most = "9999999999999.99"
	for range 100 {
		s.Add(expense.Draft{Category: "x", Price: most, Date: "2026-10-01"})
	}
	s.Add(expense.Draft{Category: "x", Price: most})
	s.Get("/months/2026-11").Want(t, 200, "by this day, 99% less than $999,999,999,999,999.00")
	s.Add(expense.Draft{Category: "x", Price: "0.01", Date: "2025-11-01"})
	s.Get("/months/2026-11").Want(t, 200, "by this day, 999,999,999,999,999 times as much as $0.01")
}

// A month's total is exact, though what was spent until a day of it is more than a number holds: then nothing is said of that.
func TestASumOnTheWayThatOverflowsIsNotTold(t *testing.T) {
	s := webtest.New(t, web.Options{})
	const most = "9999999999999.99"
	s.Add(expense.Draft{Category: "x", Price: "1", Date: "2026-10-01"})
	for range 20 {
		s.Add(expense.Draft{Category: "x", Price: most, Date: "2026-11-03", Refund: true})
	}
	for i := range 9230 {
		s.Add(expense.Draft{Category: "x", Price: most, Date: []string{"2026-11-01", "2026-11-02"}[i%2]})
	}
	s.Get("/months/2026-11").Want(t, 200, `<data id="report-total" value="92099999999999907.90"`, "9,250 expenses", "!a day",
		"!than October", "!as much as")
}

// At the ends of the calendar no link leads on to what is not there.
func TestTheCalendarHasEnds(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Get("/months/1900-01").Want(t, 200, `href="/months/1900-02" rel="next"`, `!rel="prev"`)
	s.Get("/months/2199-12").Want(t, 200, `href="/months/2199-11" rel="prev"`, `!rel="next"`)
	s.Get("/years/1900").Want(t, 200, `href="/years/1901" rel="next"`, `!rel="prev"`)
	s.Get("/years/2199").Want(t, 200, `href="/years/2198" rel="prev"`, `!rel="next"`)
}

func TestAYearHasItsMonths(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	s.Get("/years/2026").Want(t, 200, "!than 2025")
	s.Add(expense.Draft{Category: "Rent", Price: "900", Date: "2025-03-01"})
	s.Get("/years/2026").Want(t, 200, `<data id="report-total" value="2469.05"`, `<a href="/months/2026-11" tabindex="-1">`,
		`<th scope="row"><a href="/months/2026-10">October 2026</a></th><td>$1,151.05</td>`, "!>December 2026<",
		"<b>$251.05 more</b> than 2025", "by the end of October", "!class=\"left", "!class=\"planned", "and €4.10 in 1 expense")
	s.Get("/years/2025").Want(t, 200, `<data id="report-total" value="1818.00"`, `>December 2025</a></th><td>$18.00</td>`)
}

// Months before the first expense, and the one that is not over, are no part of an average.
func TestAYearIsAveragedFromItsFirstExpenseOn(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "30"})
	s.Get("/years/2026").Want(t, 200, "1 expense</p>", "!average")
	s.Add(expense.Draft{Category: "food", Price: "10", Date: "2026-09-30"})
	s.Get("/years/2026").Want(t, 200, "2 expenses, $5.00 a month on average", "<b>average $5.00 a month</b>")
	s.Add(expense.Draft{Category: "food", Price: "10", Date: "2025-12-31"})
	s.Get("/years/2026").Want(t, 200, "2 expenses, $1.00 a month on average")
	s.Get("/years/2025").Want(t, 200, "1 expense, $10.00 a month on average")
}

var linked = regexp.MustCompile(`href="(/search\?[^"]*)"`)

// Every bar and every share leads to exactly the expenses that make it, of its currency alone.
func TestBarsLeadToTheirExpenses(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	month := s.Get("/months/2026-11")
	for href, want := range map[string]string{
		"/search?category=1&from=2026-11-01&to=2026-11-30&currency=USD": "64.20",
		"/search?category=3&from=2026-11-01&to=2026-11-30&currency=USD": "1200.00",
		"/search?category=2&from=2026-11-01&to=2026-11-30&currency=USD": "3.80",
		"/search?category=2&from=2026-11-01&to=2026-11-30&currency=EUR": "4.10",
		"/search?from=2026-11-10&to=2026-11-10&currency=USD":            "80.00",
		"/search?from=2026-11-12&to=2026-11-12&currency=USD":            "-30.00",
		"/search?from=2026-11-22&to=2026-11-22&currency=USD":            "3.80",
	} {
		if !strings.Contains(month.Body, `"`+strings.ReplaceAll(href, "&", "&amp;")+`"`) {
			t.Errorf("nothing leads to %s", href)
		}
		total := `<data id="result-total" value="` + want + `"`
		if strings.HasSuffix(href, "EUR") {
			total = `<data id="result-total-EUR" value="` + want + `"`
		}
		s.Get(href).Want(t, 200, total)
	}
	for _, match := range linked.FindAllStringSubmatch(month.Body+s.Get("/years/2026").Body, -1) {
		s.Get(strings.ReplaceAll(match[1], "&amp;", "&")).Want(t, 200, `!<data id="result-count" value="0"`)
	}
	s.Get("/months/2026-10").Want(t, 200, `<a href="/search?category=3&amp;from=2026-10-01&amp;to=2026-10-31" dir="auto">Rent</a>`,
		`<a href="/search?from=2026-10-30&amp;to=2026-10-30" tabindex="-1">`)
}

// A month says what is left of its budgets, in its own terms: this one for the days to come, one that is over for good.
func TestAMonthSaysWhatIsLeftOfItsBudgets(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "40", Date: "2026-10-05"})
	s.Add(expense.Draft{Category: "food", Price: "30"})
	s.Get("/months/2026-11").Want(t, 200, `!class="planned`, `!class="left`)
	s.Post("/budgets", "category", "all", "amount", "100", "from", "2026-10").Want(t, 303)
	s.Post("/budgets", "category", "1", "amount", "35", "from", "2026-10").Want(t, 303)
	for range 2 { // rendered, and kept
		s.Get("/months/2026-11").Want(t, 200, "$70.00 left of $100; $10 a day for 7 days", `<small class="left">$5.00 left of $35</small>`)
		s.Get("/months/2026-10").Want(t, 200, ">$60.00 left of $100</a>", `<small class="left over">$5.00 over $35</small>`)
	}
	s.Get("/months/2026-12").Want(t, 200, "Nothing was spent", "$100.00 left of $100; $3.22 a day for 31 days")
	s.Get("/months/2026-09").Want(t, 200, `!class="planned`)
	s.Post("/budgets/1", "revision", "1", "amount", "20", "from", "2026-11").Want(t, 303)
	s.Get("/months/2026-11").Want(t, 200, `<small class="left over">$10.00 over $20</small>`)
}

func TestAStorageThatIsAwayIsSaid(t *testing.T) {
	s := furnished(webtest.New(t, web.Options{}))
	s.Get("/months/2026-11").Want(t, 200)
	s.Store.TakeAway()
	s.Get("/months/2026-11").Want(t, 503)
	s.Get("/years/2026").Want(t, 503)
	s.Store.BringBack()
	s.Get("/months/2026-11").Want(t, 200)
}

// The dashed line is named only where it is drawn: an average that one day lifts above the axis has none.
func TestAnAverageAboveTheAxisHasNoLine(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for day := range 8 {
		s.Add(expense.Draft{Category: "tea", Price: "1", Date: fmt.Sprintf("2026-11-%02d", day+1)})
	}
	s.Get("/months/2026-11").Want(t, 200, `class="mean"`, "average $0.3")
	s.Add(expense.Draft{Category: "house", Price: "100000", Date: "2026-11-01"})
	s.Get("/months/2026-11").Want(t, 200, `!class="mean"`, "average $4,3", "Cut to fit: Sun 1 Nov $100,001.00.")
}
