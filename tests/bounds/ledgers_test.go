package bounds_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"expense-tracker/adapters/memory"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/sqlite"
	"expense-tracker/config"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/observability"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// ledgerSite is the pages on a real storage, in this process, for many ledgers: which the program does not have by itself yet.
type ledgerSite struct {
	expensetest.Store
	site *web.Site
}

// storage is an opened storage.
type storage interface {
	expensetest.Database
	webtest.Database
	Ledgers() ledger.Store
	Close() error
}

// openStorage opens a storage as the program does, and measures it if there is telemetry.
func openStorage(ctx context.Context, url string, settings config.Database, telemetry *observability.Telemetry) (storage, error) {
	ofFile := sqlite.Options{OperationTimeout: settings.OperationTimeout, MaxQueue: settings.Queue}
	ofServer := postgres.Options{
		OperationTimeout: settings.OperationTimeout, MaxConnections: settings.MaxConnections, MaxQueue: settings.Queue,
	}
	if telemetry != nil {
		batches, err := telemetry.Batches()
		if err != nil {
			return nil, err
		}
		ofFile.Observer, ofFile.Meters, ofFile.Traces = batches, telemetry.MeterProvider(), telemetry.TracerProvider()
		ofServer.Observer, ofServer.Meters, ofServer.Traces = batches, telemetry.MeterProvider(), telemetry.TracerProvider()
	}
	switch path, isFile := strings.CutPrefix(url, "sqlite:"); {
	case isFile:
		return sqlite.Open(ctx, path, ofFile)
	case url == "memory:":
		return memory.New(), nil
	}
	return postgres.Open(ctx, url, ofServer)
}

// ledgerHeader is the header by which a request says which ledger it is for.
const ledgerHeader = "X-Ledger"

// ownerByHeader takes a request for one of the owner of the ledger that its header names.
func ownerByHeader(r *http.Request) (ledger.Actor, error) {
	in, err := strconv.ParseInt(r.Header.Get(ledgerHeader), 10, 64)
	return ledger.LocalOwner(ledgertest.Ledger(ledger.ID(in))), err
}

func newKey() idempotency.Key { return idempotency.Key(uuid.Must(uuid.NewV7()).String()) }

// openLedgers opens the storage with the settings that the program has if nothing is said, until the test ends.
func openLedgers(t *testing.T, storage string) ledgerSite {
	t.Helper()
	settings, _, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{
		config.EnvPrefix + "STORAGE=" + storage, config.EnvPrefix + "DATABASE_OPERATION_TIMEOUT=20s", // tests say what takes too long
	}})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := openStorage(t.Context(), storage, settings.Database, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Errorf("close the storage: %v", err)
		}
	})
	services := webtest.Services(opened, webtest.Settings{Now: time.Now, NewKey: newKey, PageSize: settings.Web.PageSize})
	site, err := web.New(services, web.Options{NewKey: newKey, Actor: ownerByHeader,
		Timeout: settings.Database.OperationTimeout})
	if err != nil {
		t.Fatal(err)
	}
	return ledgerSite{expensetest.StoreOf(opened), site}
}

// get asks for a page of a ledger. It returns its content and how long that took.
func (s ledgerSite) get(t *testing.T, in ledger.ID, path string) (content string, took time.Duration) {
	t.Helper()
	return s.send(t, in, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil), http.StatusOK)
}

// add adds an expense of a category to a ledger. It returns how long that took.
func (s ledgerSite) add(t *testing.T, in ledger.ID, category string) (took time.Duration) {
	t.Helper()
	values := url.Values{expense.FieldCategory: {category}, expense.FieldPrice: {"12.50"}}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/add", strings.NewReader(values.Encode()))
	request.Header.Set("Content-Type", programtest.FormType)
	_, took = s.send(t, in, request, http.StatusSeeOther)
	return took
}

func (s ledgerSite) send(t *testing.T, in ledger.ID, request *http.Request, want int) (content string, took time.Duration) {
	t.Helper()
	request.Header.Set(ledgerHeader, strconv.FormatInt(int64(in), 10))
	answer := httptest.NewRecorder()
	sent := time.Now()
	s.site.ServeHTTP(answer, request)
	took = time.Since(sent)
	if answer.Code != want {
		t.Errorf("ledger %d: %s %s: %d, want %d", in, request.Method, request.URL, answer.Code, want)
	}
	return answer.Body.String(), took
}

// median sorts the times and returns the one in the middle.
func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
