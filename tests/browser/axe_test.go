package browser_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

// axe asks axe-core about pages. Without it a test fails and says what to run.
type axe struct{ library, question string }

// loadAxe returns the axe-core that package.json pins.
func loadAxe(t testing.TB) axe {
	t.Helper()
	const missing = "run `make axe`, which installs what tests/browser/package.json pins"
	var pinned struct {
		DevDependencies map[string]string `json:"devDependencies"`
	}
	var installed struct {
		Version string `json:"version"`
	}
	folder := filepath.Join("node_modules", "axe-core")
	readJSON(t, "package.json", &pinned, "")
	readJSON(t, filepath.Join(folder, "package.json"), &installed, missing)
	if want := pinned.DevDependencies["axe-core"]; installed.Version != want {
		t.Fatalf("axe-core is %s and should be %s: %s", installed.Version, want, missing)
	}
	library, err := os.ReadFile(filepath.Join(folder, "axe.min.js"))
	if err != nil {
		t.Fatalf("%v: %s", err, missing)
	}
	return axe{library: string(library), question: script(t, "axe.js")}
}

func readJSON(t testing.TB, name string, into any, advice string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(content, into)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, advice)
	}
}

// violations returns what axe-core finds wrong with the page as it is shown now: rule, element and what would help. The window is as
// tall as the page meanwhile: axe does not scroll, and would blame what the bar of links happens to cover.
func (a axe) violations(b *tab) []string {
	b.t.Helper()
	if !evaluate[bool](b, `"axe" in window`) {
		b.do(chromedp.Evaluate[chromedp.Void](a.library))
	}
	size := evaluate[[]int64](b, `[innerWidth, innerHeight, document.scrollingElement.scrollHeight]`)
	if width, height, page := size[0], size[1], size[2]; page > height {
		b.do(chromedp.EmulateViewport(width, page))
		defer b.do(chromedp.EmulateViewport(width, height))
	}
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](a.question, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("axe: %v", err)
	}
	return found
}

// A violation is told with its rule and its element, in each scheme.
func TestAxeCatches(t *testing.T) {
	t.Parallel()
	axe := loadAxe(t)
	b := openTab(t, programtest.Start(t, "memory:").URL)
	const paled = `document.querySelector("#newest-title").style.color = "#777"`
	for _, seen := range []struct{ scheme, change, says string }{
		{"light", paled, "rule color-contrast, #newest-title: "},
		{"dark", paled, "rule color-contrast, #newest-title: "},
		{"light", `document.querySelector("label[for=note]").remove(); document.querySelector(".fold").open = true`, "rule label, #note: "},
		{"light", `document.querySelector("main").role = "presentation"`, "rule landmark-one-main, html: "},
		{"light", `document.querySelector("#main").append(document.createElement("li"))`, "rule listitem, li: "},
		{"dark", `document.querySelector("nav").style = "display: grid; gap: 0";
			for (const a of document.querySelectorAll("nav a")) a.style = "min-height: 0; height: 10px"`, "rule target-size, "},
	} {
		b.emulate(seen.scheme)
		b.open("/")
		b.do(chromedp.Evaluate[chromedp.Void](seen.change))
		if wrong := strings.Join(axe.violations(b), "\n"); !strings.Contains(wrong, seen.says) {
			t.Errorf("%s, %s: %q, want %q", seen.scheme, seen.change, wrong, seen.says)
		}
	}
}
