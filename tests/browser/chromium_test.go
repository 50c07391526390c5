package browser_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	browserlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// plainHost is a name for this machine that browsers do not take for it: what they ask of it by plain HTTP may be read on the way.
const plainHost = "household.test"

// atPlainHost returns the address of a program at plainHost.
func atPlainHost(t testing.TB, address string) string {
	t.Helper()
	site, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	site.Host = plainHost + ":" + site.Port()
	return site.String()
}

// closeChromium ends the browser that chromium has started, if it has.
var closeChromium = func() {}

// chromium starts a real browser, once for all tests of the process. A machine without one fails them.
var chromium = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.UserDataDir(filepath.Join(programtest.Folder(), "chromium")),
		chromedp.Flag("host-resolver-rules", "MAP "+plainHost+" 127.0.0.1"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // with which it refuses to run as root
	}
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	closeChromium = func() {
		_ = chromedp.Cancel(ctx) // waits until it is gone, however it goes
		end()
		free()
	}
	return ctx, chromedp.Do(ctx)
})

// tab is a tab of the browser with cookies of its own. Whatever a page complains about, or asks of another host, fails the test.
type tab struct {
	t      testing.TB
	ctx    context.Context
	url    string // of the program
	abroad string // of another site that its pages lead to; empty if they lead to none

	mu         sync.Mutex
	complaints []string
}

// openTab opens a tab for the program's pages.
func openTab(t testing.TB, url string) *tab {
	t.Helper()
	browser, err := chromium()
	if err != nil {
		t.Fatalf("start Chromium, which this test needs: %v", err)
	}
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	b := &tab{t: t, ctx: ctx, url: url}
	t.Cleanup(func() {
		closeTab()
		for _, complaint := range b.takeComplaints() {
			t.Errorf("the browser: %s", complaint)
		}
	})
	if err := chromedp.Listen(ctx, b.watch); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, browserlog.Enable, cdp.Empty{})
	call(b, emulation.SetFocusEmulationEnabled,
		emulation.SetFocusEmulationEnabledParams{Enabled: true}) // many tabs, each as if it were in front
	b.resize(1280)
	return b
}

// watch notes what must not happen.
func (b *tab) watch(event any) {
	complaint := ""
	isAbroad := func(url string) bool { return b.abroad != "" && strings.HasPrefix(url, b.abroad) }
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(event.Request.URL, b.url+"/") && !strings.HasPrefix(event.Request.URL, "data:") && !isAbroad(event.Request.URL) {
			complaint = "a request to " + event.Request.URL
		}
	case *network.EventResponseReceived:
		if event.Response.Status >= 400 && event.Type != network.ResourceTypeDocument && !isAbroad(event.Response.URL) {
			complaint = "no " + event.Response.URL
		}
	case *browserlog.EventEntryAdded:
		switch {
		case event.Entry.Source == browserlog.EntrySourceNetwork: // the status of a page, which tests look at themselves
		case strings.HasPrefix(event.Entry.Text, "Autofocus processing was blocked"): // the test was at a field before the page was drawn
		case strings.Contains(b.url, plainHost) && strings.Contains(event.Entry.Text, "header has been ignored"): // it counts by HTTPS only
		default:
			complaint = event.Entry.Text
		}
	case *runtime.EventConsoleAPICalled:
		complaint = "a script wrote to the console"
	case *runtime.EventExceptionThrown:
		complaint = event.ExceptionDetails.Text
	}
	if complaint != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.complaints = append(b.complaints, complaint)
	}
}

// takeComplaints returns what was noted since it was called last.
func (b *tab) takeComplaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	complaints := b.complaints
	b.complaints = nil
	return complaints
}

// call sends a command of the DevTools protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// do performs steps of a user.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("the browser: %v", err)
	}
}

// evaluate returns the value of an expression in the page; pages that run no scripts answer too.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%.60s: %v", expression, err)
	}
	return value
}

// await waits until an expression is true in the page that is there then, which may be the next one.
func (b *tab) await(what, expression string) {
	b.t.Helper()
	check.Eventually(b.t, 30*time.Second, what, func() bool {
		ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
		defer cancel()
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && !!("+expression+")"))
		return err == nil && holds // between two pages there is none to ask
	})
}
