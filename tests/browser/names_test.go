package browser_test

import (
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// Names of categories as people have them: of one long word, and of letters that run from right to left.
const (
	endless  = "DonaudampfschifffahrtsgesellschaftDonaudampfschifffahrtsgese"
	lengthy  = "Kinderbetreuungskosten"
	leftward = "מצרכים לבית"
)

// A tile grows with its name as far as the row goes, and breaks only a word for which a whole row has no room.
func TestTilesHoldLongNames(t *testing.T) {
	t.Parallel()
	site := programtest.Start(t, "memory:")
	user := programtest.Visit(t, site.URL)
	for _, name := range []string{"Rent", lengthy, endless} {
		user.Add(name, "5.00")
	}
	b := openTab(t, site.URL)
	b.open("/")
	for _, width := range []int64{390, 320, 195} {
		b.resize(width)
		check.Equal(t, "the page's width", evaluate[int64](b, `document.documentElement.scrollWidth`), width)
		lines := evaluate[float64](b, `(name => name.getBoundingClientRect().height / parseFloat(getComputedStyle(name).lineHeight))(
			[...document.querySelectorAll(".choice .name")].find(e => e.textContent === "`+lengthy+`"))`)
		check.Equal(t, "lines of a long name", lines < 1.5, true)
	}
}

// A name of letters that run from right to left stands where its neighbours stand, and its note below it.
func TestNamesThatRunLeftStandBesideTheirMarks(t *testing.T) {
	t.Parallel()
	site := programtest.Start(t, "memory:")
	user := programtest.Visit(t, site.URL)
	user.Add("Rent", "5.00")
	user.Submit("/add", programtest.Form("category", leftward, "price", "7.25", "note", leftward))
	b := openTab(t, site.URL)
	b.resize(390)
	for _, path := range []string{"/categories", "/search", user.Get("/categories").Link(leftward)} {
		b.open(path)
		check.Equal(t, "texts that begin far from their marks on "+path, evaluate[int](b, `[...document.querySelectorAll(
			".list li a, .list li p, h1:not(.hidden)")].map(e => {
			const text = document.createRange(), mark = e.closest("li, .who")?.querySelector(".tile");
			text.selectNodeContents(e);
			return !mark || text.getBoundingClientRect().left - mark.getBoundingClientRect().right < 20;
		}).filter(near => !near).length`), 0)
	}
}
