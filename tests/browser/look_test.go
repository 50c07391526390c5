package browser_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

var screenshots = flag.String("screenshots", "",
	"folder for photographs of every picture of the gallery; demo-1280-light.png is the README's")

// emulate shows pages to somebody who prefers that colour scheme.
func (b *tab) emulate(scheme string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme",
		Value: scheme}}})
}

// enlarge shows text as somebody sees it who has set the browser's to so many per cent.
func (b *tab) enlarge(percent int64) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.documentElement.style.fontSize = "%d%%"`, percent)))
}

// view is how somebody looks at pages.
type view struct {
	width, text int64 // in pixels, in per cent
	axe         bool  // axe-core is asked
	photograph  bool
}

// views are every width, with text as it is and twice as large. The schemes differ in colours only.
func views(scheme string) []view {
	all := []view{
		{width: 320, text: 100},
		{width: 390, text: 100, axe: true, photograph: true},
		{width: 390, text: 200, photograph: true},
		{width: 768, text: 100},
		{width: 1280, text: 100, axe: true, photograph: true},
	}
	if scheme == "light" {
		all = append(all, view{width: 195, text: 100})
	}
	return all
}

// Every page, at every width and in both schemes, with text as it is and twice as large: no scrolling sideways, no torn word, legible,
// with a name for whatever can be used, and nothing that axe-core knows to be wrong.
func TestEveryPageIsFitToBeSeenAndHeard(t *testing.T) {
	t.Parallel()
	audit, axe, stock := script(t, "audit.js"), loadAxe(t), newStock(t)
	if *screenshots != "" {
		haveFonts(t, stock)
	}
	for _, picture := range gallery() {
		t.Run(picture.name, func(t *testing.T) {
			b := picture.open(t, stock, "")
			grounds := map[string]string{}
			for _, scheme := range []string{"light", "dark"} {
				b.emulate(scheme)
				for _, view := range views(scheme) {
					b.resize(view.width)
					b.enlarge(view.text)
					name := fmt.Sprintf("%s-%d-%s", picture.name, view.width, scheme)
					if view.text != 100 {
						name += fmt.Sprintf("-text%d", view.text)
					}
					wrong := evaluate[[]string](b, audit)
					if view.axe {
						wrong = append(wrong, axe.violations(b)...)
					}
					for _, wrong := range wrong {
						t.Errorf("%s: %s", name, wrong)
					}
					if *screenshots != "" && view.photograph {
						shot := chromedp.FullScreenshot(100)
						if picture.name == "demo" && view.width > 390 {
							shot = chromedp.CaptureScreenshot() // what its visitors see first
						}
						b.photograph(name+".png", shot)
					}
				}
				b.enlarge(100)
				grounds[scheme] = evaluate[string](b, `getComputedStyle(document.body).backgroundColor`)
			}
			if grounds["light"] == grounds["dark"] {
				t.Errorf("%s is %s in both schemes", picture.name, grounds["light"])
			}
		})
	}
}

// photograph writes a picture of the page.
func (b *tab) photograph(name string, shot chromedp.Action[[]byte]) {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, shot)
	if err != nil {
		b.t.Fatalf("%s: %v", name, err)
	}
	if err := os.MkdirAll(*screenshots, 0o750); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name), picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// haveFonts fails the test if photographs would not show the fonts that make screenshots brings: without them nothing looks as on a phone.
func haveFonts(t *testing.T, s *stock) {
	t.Helper()
	b := openTab(t, s.url[empty])
	b.open("/")
	if !evaluate[bool](b, `(() => {
		const ruler = document.createElement("canvas").getContext("2d");
		const width = (font) => { ruler.font = "40px " + font; return ruler.measureText("What did you spend?").width };
		return width("system-ui") === width("Inter, monospace");
	})()`) {
		t.Fatal("pages would not be in Inter: run make screenshots, which brings it")
	}
}

// The tab has to notice what its pages must not do.
func TestTheTabComplains(t *testing.T) {
	t.Parallel()
	b := openTab(t, programtest.Start(t, "memory:").URL)
	for change, says := range map[string]string{
		`const s = document.createElement("script"); s.textContent = "1"; document.body.append(s)`: "Content Security Policy",
		`document.body.append(Object.assign(new Image(), {src: "http://127.0.0.2:9/x.png"}))`:      "Content Security Policy",
		`document.body.append(Object.assign(new Image(), {src: "/static/nothing.png"}))`:           "no " + b.url + "/static/nothing.png",
		`location.assign("http://127.0.0.2:9/elsewhere")`:                                          "a request to http://127.0.0.2:9/elsewhere",
		`console.error("no")`:                         "wrote to the console",
		`setTimeout(() => { throw new Error("no") })`: "Uncaught",
	} {
		b.open("/")
		if complaints := b.takeComplaints(); len(complaints) > 0 {
			t.Fatalf("the page itself: %v", complaints)
		}
		b.do(chromedp.Evaluate[chromedp.Void](change))
		check.Eventually(t, 30*time.Second, "a complaint of "+change, func() bool {
			return strings.Contains(fmt.Sprint(b.takeComplaints()), says)
		})
		b.open("/nothing") // ends what the change has begun
		b.takeComplaints()
	}
}

// The audit has to catch what it is for.
func TestTheAuditCatches(t *testing.T) {
	t.Parallel()
	audit := script(t, "audit.js")
	b := openTab(t, programtest.Start(t, "memory:").URL)
	for change, says := range map[string]string{
		`document.querySelector("label[for=price]").remove()`:                                                 "has no label",
		`document.querySelector(".newest h2").style.color = "#999"`:                                           "has a contrast of",
		`document.body.append(Object.assign(document.createElement("h1")))`:                                   "2 headings of the first level",
		`document.querySelector("main").style.width = "1400px"`:                                               "pixels wide in a window of",
		`document.querySelector("#price").style = "height: 20px; min-height: 0"`:                              "pixels small",
		`document.querySelector("#price").setAttribute("aria-describedby", "nowhere")`:                        "which is not there",
		`document.querySelector("#price").tabIndex = 3`:                                                       "jumps the queue",
		`document.querySelector(".newest h2").replaceWith(document.createElement("h4"))`:                      "leaves a level out",
		`document.styleSheets[0].insertRule("nav, svg { display: flex !important; stroke: #ccc !important}")`: "the icon of",
		`document.querySelector("header").id = "price"`:                                                       "is there twice",
		`Object.assign(document.querySelector(".newest h2"), { style: "width: 1em", textContent: "1 234" })`:  "breaks inside the number",
		`document.documentElement.lang = ""`:                                                                  "no language",
	} {
		b.open("/")
		if wrong := evaluate[[]string](b, audit); len(wrong) > 0 {
			t.Fatalf("the page itself: %v", wrong)
		}
		b.do(chromedp.Evaluate[chromedp.Void](change))
		check.Contains(t, change, fmt.Sprint(evaluate[[]string](b, audit)), says)
	}
}
