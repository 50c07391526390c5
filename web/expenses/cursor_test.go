package expenses

import (
	"net/url"
	"testing"
)

// A place that is understood is written back as an address of this site that means the same place.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{
		"", "before=2026-01-31_17", "after=2026-01-31_17", "from=oldest", "before=x", "before=2026-01-31_0",
		"before=2026-01-31_1&after=2026-01-31_1", "before=//evil",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		place, err := parseCursor(values)
		if err != nil {
			return
		}
		address, err := url.Parse(place.address())
		if err != nil || address.Host != "" || (address.Path != "/" && address.Path != "/expenses") {
			t.Fatalf("%q leads to %q, %v", query, place.address(), err)
		}
		again, err := parseCursor(address.Query())
		if err != nil || again.address() != place.address() {
			t.Fatalf("%q leads to %q, which reads back as %q, %v", query, place.address(), again.address(), err)
		}
	})
}

// However an address is written, it is one page of the cache.
func TestAddressesOfOnePlaceAreOnePage(t *testing.T) {
	for _, typed := range []string{
		"before=2026-01-31_17", "before=2026-01-31_017", "x=1&before=2026-01-31_%2B17", "before=2026-01-31_17&before=2026-01-30_9",
	} {
		query, err := url.ParseQuery(typed)
		if err != nil {
			t.Fatal(err)
		}
		place, err := parseCursor(query)
		if got := place.Query(); err != nil || got != "?before=2026-01-31_17" {
			t.Errorf("%s is %q, %v", typed, got, err)
		}
	}
}
