// Package providertest gives tests a real identity provider, that is not ours.
package providertest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/tests/rig/forgertest"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// Password is that of all people of the real provider.
const Password = "verysecure"

// Real is a real provider, in a process of its own. Anna and ben have accounts there.
type Real struct {
	Issuer string
	end    func()
}

// build builds the real provider, once for the tests of a process.
var build = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(programtest.Folder(), "provider")
	command := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".") //nolint:noctx // once for all tests
	command.Dir = source
	command.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the provider: %w\n%s", err, output)
	}
	return binary, nil
})

// source is the folder of the provider's own module. The first test that starts one sets it.
var (
	source string
	find   sync.Once
)

// Start starts the provider on an address, such as 127.0.0.1:0, for a program whose pages are at a URL. It ends after the test.
func Start(t testing.TB, address, site string) *Real {
	t.Helper()
	find.Do(func() { source = project.Path(t, "tests/rig/providertest/zitadel") })
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), binary, "-listen", address, "-redirect", site+"/login/oidc/callback")
	stdin, errIn := command.StdinPipe()
	stdout, errOut := command.StdoutPipe()
	if err := errors.Join(errIn, errOut, command.Start()); err != nil {
		t.Fatal(err)
	}
	p := &Real{end: sync.OnceFunc(func() {
		_ = stdin.Close()
		_ = command.Process.Kill()
		_ = command.Wait()
	})}
	t.Cleanup(p.end)
	lines := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(stdout).ReadString('\n')
		lines <- strings.TrimSpace(line)
		_, _ = io.Copy(io.Discard, stdout)
	}()
	select {
	case p.Issuer = <-lines:
	case <-time.After(30 * time.Second):
	}
	if p.Issuer == "" {
		t.Fatal("the provider does not start")
	}
	return p
}

// Stop ends the provider.
func (p *Real) Stop() { p.end() }

// Address returns what the provider listens on.
func (p *Real) Address() string {
	parsed, err := url.Parse(p.Issuer)
	if err != nil {
		return ""
	}
	return parsed.Host
}

// Settings are those of a program whose people sign in at an issuer.
func Settings(t testing.TB, mode, issuer, site string, more ...string) string {
	t.Helper()
	text := "base_url: " + site + "\nauth:\n  mode: " + mode + "\n  oidc_issuer: " + issuer + "\n  oidc_client_id: " + forgertest.ClientID +
		"\n  oidc_client_secret: " + forgertest.ClientSecret + "\n  oidc_name: Example ID\n"
	for _, line := range more {
		text += "  " + line + "\n"
	}
	return programtest.WriteFile(t, "oidc.yaml", text)
}

// FreeSite returns the URL of a site that is yet to be started, on a port that is free now, and what it has to listen on.
func FreeSite(t testing.TB) (site, listen string) {
	t.Helper()
	listen, err := loopback.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + listen, listen
}
