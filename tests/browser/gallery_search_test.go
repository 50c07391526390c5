package browser_test

import "github.com/chromedp/chromedp"

func searchPictures() []picture {
	const search = "GET /search"
	return []picture{
		{"search", search, demo, at("/search?q=market")},
		{"search-filtered", search, demo, at("/search?category=Groceries&max=50")},
		{"search-all", search, full, at("/search")},
		{"search-filters", search, full, func(b *tab, _ *stock) {
			b.open("/search")
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll(".offer").forEach((filter) => { filter.open = true; })`))
		}},
		{"search-nothing", search, full, at("/search?q=zeppelin")},
		{"search-refused", search, full, at("/search?from=soon&min=5&max=1&q=market")},
	}
}
