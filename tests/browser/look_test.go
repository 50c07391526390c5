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
	"folder for a picture of every page at several widths, light and dark; demo-1280-light.png is the README's")

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

// Every page, at every width and in both schemes, with text as it is and twice as large: no scrolling sideways, no torn word, legible,
// and with a name for whatever can be used.
func TestEveryPageIsFitToBeSeenAndHeard(t *testing.T) {
	t.Parallel()
	audit, err := os.ReadFile(filepath.Join("testdata", "audit.js"))
	if err != nil {
		t.Fatal(err)
	}
	type view struct{ width, text int64 } // in pixels, in per cent
	usual := []view{{320, 100}, {390, 100}, {768, 100}, {1280, 100}}
	views := map[string][]view{"dark": usual, "light": append(usual, view{195, 100}, view{390, 200})} // the schemes differ in colours only
	for _, picture := range gallery(t) {
		t.Run(picture.name, func(t *testing.T) {
			b := openTab(t, picture.url)
			picture.show(b)
			grounds := map[string]string{}
			for _, scheme := range []string{"light", "dark"} {
				b.emulate(scheme)
				for _, view := range views[scheme] {
					b.resize(view.width)
					b.enlarge(view.text)
					name := fmt.Sprintf("%s-%d-%s", picture.name, view.width, scheme)
					if view.text != 100 {
						name += fmt.Sprintf("-%d%%", view.text)
					}
					for _, wrong := range evaluate[[]string](b, string(audit)) {
						t.Errorf("%s: %s", name, wrong)
					}
					if *screenshots != "" && view.width != 320 {
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
		check.Eventually(t, 10*time.Second, "a complaint of "+change, func() bool {
			return strings.Contains(fmt.Sprint(b.takeComplaints()), says)
		})
		b.open("/nothing") // ends what the change has begun
		b.takeComplaints()
	}
}

// The audit has to catch what it is for.
func TestTheAuditCatches(t *testing.T) {
	t.Parallel()
	audit, err := os.ReadFile(filepath.Join("testdata", "audit.js"))
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(t, programtest.Start(t, "memory:").URL)
	for change, says := range map[string]string{
		`document.querySelector("label[for=price]").remove()`:                          "has no label",
		`document.querySelector("h2").style.color = "#999"`:                            "has a contrast of",
		`document.body.append(Object.assign(document.createElement("h1")))`:            "2 headings of the first level",
		`document.querySelector("main").style.width = "1400px"`:                        "pixels wide in a window of",
		`document.querySelector("#price").style = "height: 20px; min-height: 0"`:       "pixels small",
		`document.querySelector("#price").setAttribute("aria-describedby", "nowhere")`: "which is not there",
		`document.querySelector("#price").tabIndex = 3`:                                "jumps the queue",
		`document.querySelector("h2").replaceWith(document.createElement("h4"))`:       "leaves a level out",
		`document.querySelector("header").id = "price"`:                                "is there twice",
		`document.documentElement.lang = ""`:                                           "no language",
	} {
		b.open("/")
		if wrong := evaluate[[]string](b, string(audit)); len(wrong) > 0 {
			t.Fatalf("the page itself: %v", wrong)
		}
		b.do(chromedp.Evaluate[chromedp.Void](change))
		check.Contains(t, change, fmt.Sprint(evaluate[[]string](b, string(audit))), says)
	}
}
