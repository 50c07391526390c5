package browser_test

import (
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// The phone that an add is measured on, and its line.
const (
	slower      = 4         // than this machine
	lineBytes   = 400e3 / 8 // a second, each way
	lineLatency = 400       // milliseconds
)

// Bounds of an add. They are far above what is measured, and far below what a framework would bring.
const (
	mostColdBytes    = 60_000 // of the first page, when nothing of it is there
	mostColdRequests = 6
	mostWarmBytes    = 16_000 // of the first page, when its style and script are there
	mostAddBytes     = 18_000 // of the answer to an add, and the page that it leads to
	mostAddRequests  = 4
	mostTaps         = 3
	mostWait         = 10 * time.Second // for any page; the machine may be busy with something else
)

// throttled is what Network.emulateNetworkConditions takes, which browsers of all ages know.
type throttled struct {
	Offline            bool    `json:"offline"`
	Latency            float64 `json:"latency"`
	DownloadThroughput float64 `json:"downloadThroughput"`
	UploadThroughput   float64 `json:"uploadThroughput"`
}

// wire counts what goes over the line: what a browser has in its cache does not.
type wire struct {
	mu              sync.Mutex
	requests, bytes int
}

func (w *wire) watch(event any) {
	length := 0.0
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if event.RedirectResponse != nil {
			length = event.RedirectResponse.EncodedDataLength
		}
	case *network.EventLoadingFinished:
		length = event.EncodedDataLength
	}
	if length > 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.requests, w.bytes = w.requests+1, w.bytes+int(length)
	}
}

// take returns what was counted since it was called last.
func (w *wire) take() (requests, bytes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	requests, bytes = w.requests, w.bytes
	w.requests, w.bytes = 0, 0
	return requests, bytes
}

// One add on a slow phone with a slow line, from the address of the first page to the row that is lit up: taps, requests, bytes and
// milliseconds. `go test -run TestAddOnAPhone -v ./tests/browser` tells them.
func TestAddOnAPhone(t *testing.T) { // alone, since it measures
	p := programtest.Start(t, "memory:", "--demo")
	phone := openTab(t, p.URL)
	line := &wire{}
	if err := chromedp.Listen(phone.ctx, line.watch); err != nil {
		t.Fatal(err)
	}
	phone.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	call(phone, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slower})
	call(phone, cdp.Command[throttled, cdp.Empty]{Method: "Network.emulateNetworkConditions"},
		throttled{Latency: lineLatency, DownloadThroughput: lineBytes, UploadThroughput: lineBytes})

	measure := func(what string, do func(), until string) (requests, bytes int) {
		t.Helper()
		line.take()
		start := time.Now()
		do()
		phone.await(what, until)
		took := time.Since(start)
		time.Sleep(200 * time.Millisecond) // the last events are on their way
		requests, bytes = line.take()
		t.Logf("%-28s %d requests, %6d bytes, %5d ms", what+":", requests, bytes, took.Milliseconds())
		if took > mostWait {
			t.Errorf("%s took %v", what, took)
		}
		return requests, bytes
	}
	atMost := func(what string, seen, most int) {
		t.Helper()
		if seen > most {
			t.Errorf("%s: %d, at most %d", what, seen, most)
		}
	}
	taps := 0
	tap := func(selector string) {
		t.Helper()
		taps++
		check.Equal(t, selector+" is on the first screen", evaluate[bool](phone,
			`(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector(`+quoted(selector)+`).getBoundingClientRect())`), true)
		phone.do(chromedp.Click(chromedp.CSS(selector)))
	}
	const ready = `document.querySelector("#price")`
	for _, cache := range []string{"cold", "warm"} {
		requests, bytes := measure("the first page, "+cache, func() { phone.open("/") }, ready)
		if cache == "cold" {
			atMost("requests of the first page", requests, mostColdRequests)
			atMost("bytes of the first page", bytes, mostColdBytes)
		} else {
			atMost("bytes of the first page again", bytes, mostWarmBytes)
		}
		taps = 0
		tap("#price")
		phone.do(chromedp.KeyEvent("4.50"))
		tap(tile(evaluate[string](phone, `document.querySelector(".choice input").value`)))
		requests, bytes = measure("the add, "+cache, func() { tap(addTap) }, `document.querySelector(".list .lit")`)
		t.Logf("%-28s %d taps and the digits", "the add, "+cache+":", taps)
		atMost("taps", taps, mostTaps)
		atMost("requests of an add", requests, mostAddRequests)
		atMost("bytes of an add", bytes, mostAddBytes)
		phone.happened("Added")
	}
}
