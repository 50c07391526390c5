package browser_test

import (
	"fmt"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// overlapping evaluates to the names and figures of a chart that cover one another, or stand above its bars' feet.
const overlapping = `[...document.querySelectorAll(".chart, .run")].flatMap((chart) => {
	const texts = [...chart.querySelectorAll("text, .figures-y span")].filter((e) => e.checkVisibility() && e.textContent);
	const boxes = texts.map((e) => [e.textContent, e.getBoundingClientRect()]);
	const foot = chart.querySelector(".base").getBoundingClientRect().top;
	return boxes.flatMap(([name, a], i) => boxes.slice(i + 1)
		.filter(([, b]) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
		.map(([other]) => name + " covers " + other))
		.concat([...chart.querySelectorAll(".axis text")].filter((e) => e.getBoundingClientRect().bottom < foot)
			.map((e) => e.textContent + " stands above the bars"));
})`

// Charts of the largest amounts leave their bars room, and a total stays beside its chart.
func TestLargeAmountsLeaveChartsRoom(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	user := programtest.Visit(t, p.URL)
	for _, price := range []string{"412345678901.99", "1234567890.12"} {
		user.Submit("/add", programtest.Form("category", "rent", "price", price))
	}
	for _, language := range []string{"en", "de"} {
		b := openTab(t, p.URL)
		b.read(language)
		for _, path := range []string{"/", "/months", "/years", "/categories/1"} {
			b.open(path)
			for _, view := range []view{{width: 320, text: 100}, {width: 390, text: 200}, {width: 1280, text: 100}} {
				b.resize(view.width)
				b.enlarge(view.text)
				name := fmt.Sprintf("%s, %s, %d pixels, text %d", language, path, view.width, view.text)
				check.Equal(t, name, fmt.Sprint(evaluate[[]string](b, overlapping)), "[]")
				if path != "/" {
					check.Equal(t, name+": the bars have half of the room", evaluate[bool](b,
						`(c => c.querySelector(".plot").clientWidth * 2 > c.clientWidth)(document.querySelector(".chart"))`), true)
				} else if view.width == 1280 {
					check.Equal(t, name+": the total ends before the chart", evaluate[bool](b, `document.querySelector(".glance .big data")
						.getBoundingClientRect().right <= document.querySelector(".run").getBoundingClientRect().left`), true)
				}
			}
			b.enlarge(100)
		}
	}
}

// Amounts of other currencies push no page wider than its window, in text twice as large.
func TestLargeAmountsOfOtherCurrenciesFit(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:")
	programtest.Visit(t, p.URL).Submit("/add", programtest.Form("category", "hotel", "price", "123456789012", "currency", "IDR"))
	b := openTab(t, p.URL)
	for _, path := range []string{"/", "/months", "/years", "/search", "/several", "/categories", "/categories/1", "/rates", "/expenses/1"} {
		b.open(path)
		b.enlarge(200)
		for _, width := range []int64{320, 390} {
			b.resize(width)
			check.Equal(t, fmt.Sprintf("%s, %d pixels: how wide it is", path, width),
				evaluate[int64](b, `document.documentElement.scrollWidth`), width)
		}
	}
}
