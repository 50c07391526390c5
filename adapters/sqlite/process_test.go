package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// The environment that makes a second process of the test program.
const (
	childPath = "EXPENSE_TEST_CHILD_PATH"
	childName = "EXPENSE_TEST_CHILD_NAME" // its keys start with it
)

// childAdders is how many adds a child has under way, so that it is killed between batches and within them.
const childAdders = 8

// addForever adds to a file and prints a line with ID and key for each add that was acknowledged, until it is killed.
func addForever(path, name string) error {
	store, err := tryOpen(context.Background(), path, sqlite.Options{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for adder := range childAdders {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%s-%d-%d", name, adder, i)
				receipt, err := store.Add(context.Background(), ledger.Default, entry(key))
				if err != nil {
					failed <- err
					return
				}
				fmt.Printf("%d %s\n", receipt.Expense.ID, key) // one write call, so that lines stay whole
			}
		}()
	}
	return <-failed
}

// child is a process that adds until it is killed.
type child struct {
	*exec.Cmd
	output io.ReadCloser
}

func startChild(t *testing.T, path, name string) child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self)
	command.Env = append(os.Environ(), childPath+"="+path, childName+"="+name)
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return child{Cmd: command, output: output}
}

// killAfter lets the child acknowledge that many adds, kills it without a warning, and returns all that it acknowledged.
func (c child) killAfter(t *testing.T, adds int) map[idempotency.Key]expense.ID {
	t.Helper()
	acknowledged := make(map[idempotency.Key]expense.ID)
	lines := bufio.NewScanner(c.output)
	for lines.Scan() {
		var id expense.ID
		var key string
		if _, err := fmt.Sscan(lines.Text(), &id, &key); err != nil {
			t.Fatalf("the child said %q: %v", lines.Text(), err)
		}
		acknowledged[idempotency.Key(key)] = id
		if len(acknowledged) == adds {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Wait(); err == nil || len(acknowledged) < adds {
		t.Fatalf("the child ended by itself after %d adds: %v", len(acknowledged), err)
	}
	return acknowledged
}

// wantStored checks that exactly one expense stands for each acknowledged key, and that every total is right.
func wantStored(t *testing.T, store storage, acknowledged map[idempotency.Key]expense.ID) {
	t.Helper()
	for key, id := range acknowledged {
		receipt, err := store.Add(t.Context(), ledger.Default, entry(string(key)))
		if err != nil || !receipt.Duplicate || receipt.Expense.ID != id {
			t.Fatalf("the acknowledged add %s of %d is now %+v, %v", key, id, receipt, err)
		}
	}
	if differences, err := store.Audit(t.Context(), ledger.Default, false); err != nil || len(differences) > 0 {
		t.Errorf("audit: %+v, %v", differences, err)
	}
}

func TestKilledProcessLosesNothing(t *testing.T) {
	path := newPath(t)
	acknowledged := make(map[idempotency.Key]expense.ID)
	for round := range 4 {
		for key, id := range startChild(t, path, fmt.Sprint("round", round)).killAfter(t, 50+150*round) {
			acknowledged[key] = id
		}
	}
	store := open(t, path)
	wantStored(t, store, acknowledged)
	stored, err := store.CountExpenses(t.Context())
	if atMost := int64(len(acknowledged) + 4*childAdders); err != nil || stored < int64(len(acknowledged)) || stored > atMost {
		t.Errorf("%d are stored, %v, want %d and at most those under way more", stored, err, len(acknowledged))
	}
	t.Logf("%d acknowledged, %d stored", len(acknowledged), stored)
}

func TestTwoProcessesOnOneFile(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	children := []child{startChild(t, path, "one"), startChild(t, path, "two")}
	acknowledged := make(map[idempotency.Key]expense.ID)
	var mine sync.WaitGroup
	var mu sync.Mutex
	for i := range 50 {
		mine.Go(func() {
			key := fmt.Sprint("mine-", i)
			receipt, err := store.Add(t.Context(), ledger.Default, entry(key))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			acknowledged[idempotency.Key(key)] = receipt.Expense.ID
		})
	}
	mine.Wait()
	for _, c := range children {
		for key, id := range c.killAfter(t, 100) {
			acknowledged[key] = id
		}
	}
	wantStored(t, store, acknowledged)
}

func TestOneKeyThroughTwoHandles(t *testing.T) {
	path := newPath(t)
	handles := []storage{open(t, path), open(t, path)}
	ids := make([]expense.ID, 50)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			receipt, err := handles[i%2].Add(t.Context(), ledger.Default, entry("the key"))
			if err != nil {
				t.Error(err)
			}
			ids[i] = receipt.Expense.ID
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] || id == 0 {
			t.Fatalf("ids %v, want one", ids)
		}
	}
}

func TestAddsDuringALongRead(t *testing.T) {
	store := openWith(t, newFile(t), sqlite.Options{OperationTimeout: patience})
	entries := make([]expense.Entry, 20_000)
	for i := range entries {
		entries[i] = entry(fmt.Sprint("key-", i))
	}
	for batch := range slices.Chunk(entries, 1000) { // each in the time of an operation, on a busy machine too
		if _, err := store.AddAll(t.Context(), ledger.Default, batch); err != nil {
			t.Fatal(err)
		}
	}
	audited := make(chan error)
	go func() {
		differences, err := store.Audit(t.Context(), ledger.Default, false)
		if len(differences) > 0 {
			err = fmt.Errorf("differences %+v", differences)
		}
		audited <- err
	}()
	for i := 0; ; i++ {
		select {
		case err := <-audited:
			if err != nil {
				t.Error(err)
			}
			return
		case <-time.After(time.Millisecond):
			if _, err := store.Add(t.Context(), ledger.Default, entry(fmt.Sprint("meanwhile-", i))); err != nil {
				t.Error(err)
			}
		}
	}
}
