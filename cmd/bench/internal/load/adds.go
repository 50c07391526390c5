package load

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// Adds send the page's form, each time with another key.
type Adds struct {
	url   string
	key   string // what the keys begin with
	limit int64  // 0 for no limit
	days  int64  // that they are spread over if there is a limit
	today time.Time
	sent  atomic.Int64
}

// NewAdds returns adds of today to the program at base. No two of one key prefix may be used on one storage.
func NewAdds(base, key string, today time.Time) *Adds {
	return &Adds{url: base + "/add", key: key, today: today}
}

// NewFill returns count adds, spread over the days up to today, the oldest first.
func NewFill(base, key string, today time.Time, count, days int) *Adds {
	a := NewAdds(base, key, today)
	a.limit, a.days = int64(count), int64(days)
	return a
}

// Prepare fills the form in.
func (a *Adds) Prepare(request *fasthttp.Request) bool {
	n := a.sent.Add(1)
	if a.limit > 0 && n > a.limit {
		return false
	}
	request.Header.SetMethod(fasthttp.MethodPost)
	request.Header.SetContentType("application/x-www-form-urlencoded")
	request.SetRequestURI(a.url)
	request.SetBodyRaw(a.form(request.Body()[:0], n))
	return true
}

// form appends the nth form to body.
func (a *Adds) form(body []byte, n int64) []byte {
	categories := [...]string{"Groceries", "Coffee", "Restaurants", "Transport", "Household", "Children", "Books", "Gifts", "Travel", "Pets"}
	body = append(body, "category="...)
	body = append(body, categories[n%int64(len(categories))]...)
	body = append(body, "&price="...)
	body = strconv.AppendInt(body, 1+n%97, 10)
	body = append(body, ".50&currency=USD&note=&date="...)
	body = a.today.AddDate(0, 0, -a.daysAgo(n)).AppendFormat(body, time.DateOnly)
	body = append(body, "&idempotency_key="...)
	body = append(body, a.key...)
	body = append(body, '-')
	return strconv.AppendInt(body, n, 10)
}

// daysAgo returns how old the nth expense is.
func (a *Adds) daysAgo(n int64) int {
	if a.limit == 0 {
		return 0
	}
	return int(a.days - 1 - (n-1)*a.days/a.limit)
}

// Status is 303: nothing else says that the expense is stored.
func (a *Adds) Status() int { return fasthttp.StatusSeeOther }
