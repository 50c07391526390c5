package postgres

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	connectTimeout = 5 * time.Second // of one try at one host, unless the URL has connect_timeout
	keepalive      = 15 * time.Second
)

// The parameters of a session that this package has a say in.
const (
	paramCommit      = "synchronous_commit"
	paramStatement   = "statement_timeout"
	paramLock        = "lock_timeout"
	paramTransaction = "idle_in_transaction_session_timeout"
	paramIsolation   = "default_transaction_isolation"
	paramPlans       = "plan_cache_mode"
	paramSeqScan     = "enable_seqscan"
	paramBitmapScan  = "enable_bitmapscan"
	paramSort        = "enable_sort"
	paramHashJoin    = "enable_hashjoin"
	paramNestedLoop  = "enable_nestloop"
	paramMergeJoin   = "enable_mergejoin"
	paramMaterial    = "enable_material"
	paramJIT         = "jit"
	paramApplication = "application_name"
	paramDays        = "expense.counts_days" // of this program's own: on where the statement that adds counts the days
	paramZone        = "timezone"
	paramEncoding    = "client_encoding"
)

// errURL leaves out the driver's own words, which quote the URL and the password in it.
var errURL = errors.New("this is not a PostgreSQL URL that can be used: " +
	"write reserved characters in user, password and parameters as %XX, and check the parameters")

// parseURL reads a postgres:// URL with libpq's parameters. What the URL says stands; what it leaves open is set for safety:
// several hosts are searched for the primary, and commits are durable.
func parseURL(text string) (*pgx.ConnConfig, error) {
	if u, err := url.Parse(text); err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return nil, errURL
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, errURL
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
		if severalHosts(config) {
			config.ConnectTimeout = connectTimeoutOfMany
		}
	}
	config.ValidateConnect = validateSession(isPooled(config), config.ValidateConnect)
	config.DialFunc = (&net.Dialer{KeepAlive: keepalive, Timeout: config.ConnectTimeout}).DialContext
	config.OnPgError = keepConnection
	config.RuntimeParams[paramApplication] = applicationName(config.RuntimeParams[paramApplication])
	config.RuntimeParams[paramEncoding] = "UTF8" // whatever the database's own is, such as SQL_ASCII; poolers know this one
	if isPooled(config) {
		config.RuntimeParams[paramZone] = "UTC" // which poolers know; a day is sent as a moment
		return config, nil
	}
	if config.RuntimeParams[paramCommit] != "remote_apply" { // which waits for even more
		config.RuntimeParams[paramCommit] = "on" // an acknowledged expense is never lost, whatever the server's default
	}
	config.RuntimeParams[paramIsolation] = "read committed" // AddAll's statement has to see what it waited for
	return config, nil
}

// ourName is what the program's connections are called. A restore and a copy find by it who serves.
const ourName = "expense-tracker"

// applicationName returns what the program's connections are called where the operator has a name for them, too.
func applicationName(theirs string) string {
	if theirs == "" || theirs == ourName {
		return ourName
	}
	return ourName + ": " + theirs
}

// ofThisProgram is the condition on pg_stat_activity for connections of the program that serves, but for the one that asks.
const ofThisProgram = `datname = current_database() AND pid <> pg_backend_pid()
	AND (application_name = '` + ourName + `' OR application_name LIKE '` + ourName + `: %')`

// keepConnection says which connections live on after an error: not those that the server ended, nor those to a primary that has
// become a standby, so that the next one looks for the new primary.
func keepConnection(_ *pgconn.PgConn, err *pgconn.PgError) bool {
	return err.Code != stateReadOnly && err.SeverityUnlocalized != "FATAL" && err.SeverityUnlocalized != "PANIC"
}

// patience is how much longer than a call a connection waits, so that the error of the call's context usually comes first.
const patience = 200 * time.Millisecond

// limited returns a copy of the configuration whose statements end in time: the server itself cuts them off, and where it is silent
// the connection does.
func limited(config *pgx.ConnConfig, timeout time.Duration) *pgx.ConnConfig {
	config = config.Copy()
	config.DialFunc = bounded(config.DialFunc, timeout)
	if isPooled(config) {
		return config
	}
	milliseconds := strconv.FormatInt(max(1, timeout.Milliseconds()), 10)
	for _, param := range []string{paramStatement, paramLock, paramTransaction} {
		setDefault(config, param, milliseconds)
	}
	return config
}

func setDefault(config *pgx.ConnConfig, param, value string) {
	if _, set := config.RuntimeParams[param]; !set {
		config.RuntimeParams[param] = value
	}
}
