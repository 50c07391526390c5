package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Check judges a Config as a whole, or one value that only the caller's domain can judge. It runs only when each of its
// keys could be read. Its error stands in the report as it is: it must not hold a secret.
type Check struct {
	Keys  []string // dotted keys of the values it looks at; each is reported with its source
	Valid func(Config) error
}

// contradictions are the checks between values that are each fine alone.
func contradictions() []Check {
	return []Check{
		{Keys: []string{"demo", "storage"}, Valid: checkDemo},
		{Keys: []string{"storage", "storage_owner"}, Valid: checkOwner},
		{Keys: []string{"storage_owner", "storage_owner_password"}, Valid: checkOwnersPassword},
		{Keys: []string{"storage", "storage_password"}, Valid: checkPassword},
		{Keys: []string{"listen", "metrics.listen"}, Valid: checkListeners},
		{Keys: []string{"auth.session_idle", "auth.session_max"}, Valid: checkSessions},
		{Keys: []string{"auth.mode", "auth.oidc_issuer", "auth.oidc_client_id"}, Valid: checkProvider},
		{Keys: []string{"auth.mode", "base_url"}, Valid: checkReturn},
		{Keys: []string{"auth.mode", "auth.admin_password"}, Valid: checkAdmin},
		{Keys: []string{"shutdown.drain", "shutdown.timeout"}, Valid: checkDrain},
		{Keys: []string{"probe.secret"}, Valid: checkProbe},
	}
}

func checkDemo(c Config) error {
	if c.Demo && c.Storage != "" && c.Storage != memoryURL {
		return errors.New("the demo keeps nothing, so no storage but memory: goes with it")
	}
	return nil
}

func checkOwner(c Config) error {
	if c.StorageOwner != "" && (!isPostgres(string(c.Storage)) || !isPostgres(string(c.StorageOwner))) {
		return errors.New("an owner of tables goes with a storage in PostgreSQL, and is one there")
	}
	return nil
}

func checkOwnersPassword(c Config) error {
	if c.StorageOwnerPassword != "" && c.StorageOwner == "" {
		return errors.New("there is a password and nobody whose it is: name the owner's URL in storage_owner")
	}
	return nil
}

func checkPassword(c Config) error {
	if c.StoragePassword != "" && !isPostgres(string(c.Storage)) {
		return errors.New("a password goes with a storage in PostgreSQL alone")
	}
	return nil
}

func checkListeners(c Config) error {
	if c.Metrics.Listen != "" && overlap(c.Listen, c.Metrics.Listen) {
		return errors.New("must be two different addresses; leave metrics.listen empty to serve /metrics beside the pages")
	}
	return nil
}

// overlap says whether two checked addresses claim the same port of the same interface. Port 0 never clashes: it means any free port.
func overlap(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil || portA != portB || portA == "0" {
		return false
	}
	return hostA == hostB || everyInterface(hostA) || everyInterface(hostB)
}

func everyInterface(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

func checkSessions(c Config) error {
	if c.Auth.SessionIdle > c.Auth.SessionMax {
		return errors.New("a session cannot be left alone for longer than it may last")
	}
	return nil
}

func checkProvider(c Config) error {
	if c.Auth.Mode.HasOIDC() && (c.Auth.OIDCIssuer == "" || c.Auth.OIDCClientID == "") {
		return errors.New("oidc needs a provider: set auth.oidc_issuer and auth.oidc_client_id")
	}
	return nil
}

func checkReturn(c Config) error {
	if c.Auth.Mode.HasOIDC() && c.BaseURL == "" {
		return errors.New("oidc needs base_url: the provider sends people back there")
	}
	return nil
}

func checkAdmin(c Config) error {
	if !c.Auth.Mode.HasPassword() && c.Auth.AdminPassword != "" {
		return errors.New("nobody signs in with a password: leave auth.admin_password empty, or set auth.mode to password or password,oidc")
	}
	return nil
}

// CheckReach is the check of a program that is about to listen: without a login, only this machine may reach it. Where a name is listened
// on, only the listener knows.
func CheckReach() Check {
	return Check{Keys: []string{"auth.mode", "listen"}, Valid: func(c Config) error {
		if c.Auth.Mode == AuthNone && !isLoopback(c.Listen) {
			return ErrReach
		}
		return nil
	}}
}

// ErrReach is the error of a program that others than this machine would reach without a login.
var ErrReach = errors.New("whoever reaches this address would read and change everything: set auth.mode to password or oidc " +
	"(EXPENSE_TRACKER_AUTH_MODE=password), so that people sign in, or listen on 127.0.0.1")

// isLoopback reports whether an address may be one that only this machine reaches.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err != nil || ip.Unmap().IsLoopback()
}

func checkDrain(c Config) error {
	if c.Shutdown.Drain >= c.Shutdown.Timeout {
		return errors.New("the drain must be shorter than the whole shutdown")
	}
	return nil
}

// Warnings says which settings work, but not together as one would want.
func (c Config) Warnings() []string {
	const answer = time.Second // to write an answer after the storage's
	var warnings []string
	if left := c.Shutdown.Timeout - c.Shutdown.Drain; left < c.Database.OperationTimeout+answer {
		warnings = append(warnings, fmt.Sprintf("shutdown.timeout leaves requests %s after shutdown.drain, less than "+
			"database.operation_timeout (%s) and a second: where the storage hangs, the end cuts them off, and its exit status is 1",
			left, c.Database.OperationTimeout))
	}
	return warnings
}

// ShortestSecret is how many bytes a secret has at least that programs alone type. Nobody guesses so many, if they are drawn.
const ShortestSecret = 20

func checkProbe(c Config) error {
	if n := len(c.Probe.Secret); n > 0 && n < ShortestSecret {
		return fmt.Errorf("has %d characters; a secret has %d or more", n, ShortestSecret)
	}
	return nil
}

// Warnings says what is not as one would want of settings that work. A short key is no fault: backups that were made with it need it.
func (b Backup) Warnings() []string {
	switch n := len(b.Key); {
	case n == 0:
		return []string{"backups are not encrypted: set backup.key, and keep it where it is not lost with this machine"}
	case n < ShortestSecret:
		return []string{fmt.Sprintf("backup.key has fewer than %d characters, so whoever has the backups may guess it: take a longer one, "+
			"such as of openssl rand -base64 30, with another backup.place or by restic key add", ShortestSecret)}
	}
	return nil
}
