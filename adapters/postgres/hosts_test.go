package postgres_test

import (
	"errors"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/ledger"
)

// onHosts is a URL with other hosts, each HOST:PORT.
func onHosts(t *testing.T, text, hosts string) string {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = hosts
	return u.String()
}

func hostOf(t *testing.T, text string) string {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// A host that takes connections and says nothing, as a machine that hangs does, must not eat the time of a call; and once the primary was
// found behind it, nobody asks it again.
func TestASilentHostBeforeThePrimaryCostsOneWaitAlone(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() }) // which ends accept
	var asked atomic.Int64
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			asked.Add(1)
			defer func() { _ = conn.Close() }() // whoever asked has gone by then
		}
	}()
	database := postgrestest.Start(t)
	store := open(t, onHosts(t, database, silent.Addr().String()+","+hostOf(t, database)), postgres.Options{MaxConnections: 4})
	add := func(n int64) {
		t.Helper()
		began := time.Now()
		if _, err := store.Add(t.Context(), ledger.Default, entry(n, usd(t))); err != nil {
			t.Errorf("add %d after %s: %v", n, time.Since(began), err)
		}
	}
	add(1) // the first connection of its pool
	first := asked.Load()
	if first == 0 {
		t.Fatal("the silent host was not asked")
	}
	for n := range int64(3) {
		execute(t, database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'expense-tracker' "+
			"AND datname = current_database()")
		add(n + 2)
	}
	if again := asked.Load() - first; again > 0 {
		t.Errorf("the silent host was asked %d times more", again)
	}
}

// A primary that was demoted in place keeps its connections and answers what only reads. Where there are other hosts, they are looked at.
func TestADemotedPrimaryThatAnswersIsLeftForAnother(t *testing.T) {
	old, next := postgrestest.StartServer(t), postgrestest.StartServer(t)
	if err := postgres.Migrate(t.Context(), next.URL()); err != nil {
		t.Fatal(err)
	}
	secret, err := url.Parse(next.URL())
	if err != nil {
		t.Fatal(err)
	}
	password, _ := secret.User.Password()
	execute(t, old.URL(), "ALTER ROLE "+secret.User.Username()+" PASSWORD '"+password+"'") // the same on both, as on a standby
	store := open(t, onHosts(t, next.URL(), hostOf(t, old.URL())+","+hostOf(t, next.URL())), postgres.Options{})
	if _, err := store.Add(t.Context(), ledger.Default, entry(1, usd(t))); err != nil {
		t.Fatal(err)
	}
	counts := func(want int64) error {
		switch entries, err := store.CountExpenses(t.Context()); {
		case err != nil:
			return err
		case entries != want:
			return errors.New("another count")
		}
		return nil
	}
	if err := counts(1); err != nil {
		t.Fatal(err)
	}
	execute(t, old.URL(), "ALTER SYSTEM SET default_transaction_read_only = on")
	execute(t, old.URL(), "SELECT pg_reload_conf()")
	eventually(t, func() error { return counts(0) }) // as the next one has none
	if _, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); err != nil {
		t.Errorf("add after the primary was left: %v", err)
	}
	if err := counts(1); err != nil {
		t.Error(err)
	}
	if err := store.db.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
}
