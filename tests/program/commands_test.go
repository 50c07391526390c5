package program_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

func TestTheVersionIsPrinted(t *testing.T) {
	t.Parallel()
	check.Contains(t, "--version", programtest.Succeed(t, "--version"), "expense-tracker version dev")
	for _, wrong := range []string{"--nonsense", "nonsense"} {
		result := programtest.Command(t, wrong)
		check.Equal(t, wrong, result.Code, 1)
		check.Contains(t, wrong, result.Stderr, wrong)
	}
	check.Contains(t, "--help", programtest.Succeed(t, "--help"), "migrate", "healthcheck", "config", "generate", "verify", "backup",
		"restore", "--storage", "--metrics-listen", "EXPENSE_TRACKER_LISTEN")
}

func TestTheEffectiveConfigurationMasksSecrets(t *testing.T) {
	t.Parallel()
	secret := programtest.WriteFile(t, "storage", "postgres://user:pa55word@db/expenses?sslpassword=pa55phrase\n")
	result, err := program.Run(t.Context(), programtest.Binary(t), append(programtest.Home(t), "EXPENSE_TRACKER_STORAGE_FILE="+secret,
		"EXPENSE_TRACKER_WEB_PAGE_SIZE=20"), "config", "--log-level", "warn")
	if err != nil || result.Code != 0 {
		t.Fatalf("config: %v %d %s", err, result.Code, result.Stderr)
	}
	check.Contains(t, "config", result.Stdout, "user:xxxxx@db/expenses", "EXPENSE_TRACKER_STORAGE_FILE",
		"page_size: 20 # EXPENSE_TRACKER_WEB_PAGE_SIZE", "level: warn # --log-level")
	if strings.Contains(result.Stdout+result.Stderr, "pa55") {
		t.Errorf("a secret is printed: %s", result.Stdout)
	}
}

func TestEveryFaultOfTheConfigurationIsListed(t *testing.T) {
	t.Parallel()
	file := programtest.WriteFile(t, "config.yaml",
		"lisen: 127.0.0.1:1\nweb:\n  page_size: 5\nledger:\n  currency: NIX\n  time_zone: Mars/Olympus\n")
	env := append(programtest.Home(t), "EXPENSE_TRACKER_PAGESIZE=3", "EXPENSE_TRACKER_LOG_FORMAT=xml")
	for _, subcommand := range []string{"serve", "config", "migrate", "healthcheck", "generate", "verify"} {
		result, err := program.Run(t.Context(), programtest.Binary(t), env, subcommand, "--config", file, "--listen", "nowhere", "--demo",
			"--storage", "sqlite:x.db")
		if err != nil {
			t.Fatal(err)
		}
		check.Equal(t, subcommand+": exit code", result.Code, 1)
		check.Contains(t, subcommand, result.Stderr, "lisen", "web.page_size", "time_zone", "EXPENSE_TRACKER_PAGESIZE",
			"EXPENSE_TRACKER_LOG_FORMAT",
			"listen (--listen)", "demo (--demo), storage (--storage)", "ledger.currency")
		check.Equal(t, subcommand+": standard output", result.Stdout, "")
	}
}

func TestTheHealthcheckSaysByItsExitCodeWhetherTheProgramIsReady(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--config", programtest.WriteFile(t, "config.yaml", "shutdown:\n  drain: 1m\n  timeout: 2m\n"))
	address := strings.TrimPrefix(p.URL, "http://")
	programtest.Succeed(t, "healthcheck", "--listen", address)
	programtest.Succeed(t, "healthcheck", "--listen", strings.TrimPrefix(address, "127.0.0.1"))
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.WaitReady(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	draining := programtest.Command(t, "healthcheck", "--listen", address)
	check.Equal(t, "exit code while it is drained", draining.Code, 1)
	check.Contains(t, "the reason", draining.Stderr, "503", "shutting down")
	if err := p.Signal(syscall.SIGTERM); err != nil { // a second time: at once
		t.Fatal(err)
	}
	if err := p.Wait(); err == nil {
		t.Error("a shutdown that was cut short is no success")
	}
	check.Equal(t, "exit code when it is gone", programtest.Command(t, "healthcheck", "--listen", address).Code, 1)
}

func TestMigrationsRunTwiceAndAtTheSameTime(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		const atOnce = 6
		results, failures := make([]program.Result, atOnce), make([]error, atOnce)
		path, env := programtest.Binary(t), programtest.Home(t)
		var wait sync.WaitGroup
		for i := range atOnce {
			wait.Go(func() { results[i], failures[i] = program.Run(t.Context(), path, env, "migrate", "--storage", storage) })
		}
		wait.Wait()
		for i, result := range results {
			if failures[i] != nil || result.Code != 0 {
				t.Errorf("one of several: %v, exit code %d: %s", failures[i], result.Code, result.Stderr)
			}
		}
		check.Contains(t, "migrate", programtest.Succeed(t, "migrate", "--storage", storage), "is up to date")
		check.Equal(t, "rows", programtest.Stored(t, storage), 0)
	})
}

func TestSeveralStartAtOnceOnANewDatabase(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		var all []*program.Program
		for range 4 {
			all = append(all, programtest.Launch(t, storage))
		}
		for _, p := range all {
			if err := p.AwaitURL(t.Context()); err != nil {
				t.Fatal(err)
			}
			programtest.Visit(t, p.URL).Add("food", "0.25")
		}
		check.Equal(t, "total", programtest.Visit(t, all[0].URL).Get("/").Total(), "1.00")
	})
}

// A command that is interrupted says so, whatever it was at: here, waiting for a server that is not there.
func TestAnInterruptedCommandSaysSo(t *testing.T) {
	t.Parallel()
	const nobody = "postgres://nobody@127.0.0.1:1/nothing"
	for _, args := range [][]string{
		{"verify", "--storage", nobody}, {"migrate", "--storage", nobody}, {"user", "list", "--storage", nobody},
		{"generate", "--storage", nobody},
	} {
		command := exec.CommandContext(t.Context(), programtest.Binary(t), args...)
		command.Env = append(os.Environ(), programtest.Home(t)...)
		said, err := command.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for lines := bufio.NewScanner(said); lines.Scan(); {
			all.WriteString(lines.Text() + "\n")
			if strings.Contains(lines.Text(), "trying again") {
				_ = command.Process.Signal(syscall.SIGINT) // a second one ends it at once
			}
		}
		if err := command.Wait(); err == nil || !strings.Contains(all.String(), "expense-tracker: interrupted: ") {
			t.Errorf("%v: %v, and it says %s", args, err, all.String())
		}
	}
}
