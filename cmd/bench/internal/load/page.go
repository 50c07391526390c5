package load

import "github.com/valyala/fasthttp"

// Page is the URL of a page that is asked for again and again.
type Page string

// Prepare asks for the page.
func (p Page) Prepare(request *fasthttp.Request) bool {
	request.SetRequestURI(string(p))
	return true
}

// Status is 200.
func (p Page) Status() int { return fasthttp.StatusOK }
