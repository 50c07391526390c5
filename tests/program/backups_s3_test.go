package program_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// startS3 starts a server of S3's protocol that is not ours and has nothing yet.
func startS3(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	t.Cleanup(server.Close)
	return server
}

// inBucket are backups of a storage in a bucket of a server.
func inBucket(t *testing.T, storage, url string) backups {
	t.Helper()
	return newBackups(t, storage, "EXPENSE_TRACKER_BACKUP_PLACE=s3:"+url+"/bucket/expenses", "EXPENSE_TRACKER_BACKUP_S3_KEY_ID=an id",
		"EXPENSE_TRACKER_BACKUP_S3_SECRET_FILE="+programtest.WriteFile(t, "secret", "a secret\n"))
}

// Backups of either storage go to an S3-compatible place and become the storage again from there.
func TestBackupsAreKeptInAnS3CompatiblePlace(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		programtest.Succeed(t, "generate", "--count", "100", "--storage", storage)
		s3 := startS3(t)
		b := inBucket(t, storage, s3.URL)
		check.Contains(t, "now", b.succeed("now"), "restored and checked", "100 expenses")
		programtest.Succeed(t, "generate", "--count", "20", "--seed", "2", "--storage", storage)
		check.Contains(t, "now", b.succeed("now"), "120 expenses", "kept")
		list := b.succeed("list")
		if strings.Count(list, " yes ") != 1 || !strings.Contains(list, "120") { // the last of a day is kept
			t.Errorf("the list is\n%s", list)
		}
		programtest.Succeed(t, "generate", "--count", "20", "--seed", "3", "--storage", storage)
		b.succeed("restore", "latest", "--replace")
		check.Equal(t, "expenses", programtest.Stored(t, storage), 120)
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")

		s3.Close()
		began := time.Now()
		b.fail("a place that is gone", []string{"cannot be reached"}, "now")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("that was said after %s", took)
		}
	})
}

// A place that refuses the secret says so at once, and which setting that is.
func TestAnS3CompatiblePlaceThatRefusesIsSaid(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>`))
	}))
	t.Cleanup(refusing.Close)
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "migrate", "--storage", storage)
	b := inBucket(t, storage, refusing.URL)
	for _, command := range []string{"list", "now"} {
		b.fail(command, []string{"refuses backup.s3_key_id and backup.s3_secret"}, command)
	}
}

// Where a proxy alone leads to the place, it is reached.
func TestAnS3CompatiblePlaceIsReachedThroughAProxy(t *testing.T) {
	t.Parallel()
	s3 := startS3(t)
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "generate", "--count", "10", "--storage", storage)
	b := inBucket(t, storage, "http://place.invalid").with("HTTP_PROXY="+s3.URL, "http_proxy="+s3.URL, "NO_PROXY=", "no_proxy=")
	check.Contains(t, "now", b.succeed("now"), "10 expenses")
}
