// Package config turns defaults, a YAML file, the environment and flags into one typed Config, in that order of
// growing strength, and refuses to start on any doubt: every fault is listed by key and source, none with a value.
//
// Each setting is declared once, as a field of Config. Its tags give
//
//	koanf     the key, in the file and, upper-cased and with EnvPrefix, in the environment
//	default   the value where nothing else is said, as text
//	help      one sentence for the example file, the README's table and --help
//	min, max  the limits of a number or a duration, both included
//	oneof     the allowed words, divided by |
//	rule      the name of a textRule that checks and tidies a text
//	optional  the text may be empty
//	flag      the flag's name, if it has one
//	list      the text is words divided by commas; in the file it may be a list
//	secret    it may hold a password
//
// and from them come the defaults, the known keys, the variables, the flags and the documentation.
//
// The package imports no other package of ours. What only the domain can judge comes in as a Check.
package config

import "time"

// EnvPrefix begins the name of every environment variable that is a setting.
const EnvPrefix = "EXPENSE_TRACKER_"

// Config is every setting of the program, checked. It is a plain value: copy it, change the copy.
type Config struct {
	Storage              StorageURL `koanf:"storage" flag:"storage" rule:"storage" optional:"true" secret:"true" help:"Where expenses are kept: memory:, sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE. Empty: an SQLite file in the user's data folder."`
	StoragePassword      Secret     `koanf:"storage_password" optional:"true" secret:"true" help:"Password of the role in storage, where its URL has none: any characters may be used. PostgreSQL only."`
	StorageOwner         StorageURL `koanf:"storage_owner" rule:"storage" optional:"true" secret:"true" help:"The same PostgreSQL database as the role that owns its tables, which migrates them at the start. Then the role of storage owns nothing, and the server itself keeps ledgers apart: row-level security. Empty: the role of storage does all."`
	StorageOwnerPassword Secret     `koanf:"storage_owner_password" optional:"true" secret:"true" help:"Password of storage_owner, where its URL has none: any characters may be used."`
	Demo                 bool       `koanf:"demo" flag:"demo" default:"false" help:"Serve sample data from memory and keep nothing. Goes with no storage but memory:."`
	Listen               string     `koanf:"listen" flag:"listen" rule:"address" default:"127.0.0.1:5000" help:"Address of the pages, as HOST:PORT. No host: every interface. Port 0: any free port."`
	BaseURL              string     `koanf:"base_url" rule:"base_url" optional:"true" help:"Where the pages are for those who use them, such as https://expenses.example.org: cookies follow it, and its name is one of web.hosts. Empty: http:// and what is listened on."`
	Auth                 Auth       `koanf:"auth"`
	Metrics              Metrics    `koanf:"metrics"`
	Log                  Log        `koanf:"log"`
	Ledger               Ledger     `koanf:"ledger"`
	Web                  Web        `koanf:"web"`
	Database             Database   `koanf:"database"`
	Audit                Audit      `koanf:"audit"`
	Shutdown             Shutdown   `koanf:"shutdown"`
	Backup               Backup     `koanf:"backup"`
	Probe                Probe      `koanf:"probe"`
}

// Auth is who may come in.
type Auth struct {
	Mode          AuthMode      `koanf:"mode" rule:"auth_mode" list:"true" default:"none" help:"Who may come in. none: whoever reaches the pages, as the one local user, so it goes with a loopback address alone. password: people with a name and a password. oidc: people whom the provider of auth.oidc_issuer knows. password,oidc: both."`
	AdminName     string        `koanf:"admin_name" default:"admin" help:"Name of the account that auth.admin_password makes."`
	AdminPassword Secret        `koanf:"admin_password" optional:"true" secret:"true" blank:"true" help:"Password of the first account, which is made at the start where there is none yet. Empty: the log shows a code, with which the page /setup makes it."`
	SessionIdle   time.Duration `koanf:"session_idle" min:"5m" max:"8760h" default:"720h" help:"A browser is signed out when it was not used for so long."`
	SessionMax    time.Duration `koanf:"session_max" min:"5m" max:"87600h" default:"2160h" help:"A browser is signed out this long after it signed in."`

	OIDCIssuer       string `koanf:"oidc_issuer" rule:"issuer" optional:"true" help:"OpenID Connect provider, letter for letter as it names itself (the issuer of its /.well-known/openid-configuration), such as https://auth.example.org."`
	OIDCClientID     string `koanf:"oidc_client_id" optional:"true" help:"Name of this program at the provider. There, the address to come back to is base_url with /login/oidc/callback behind it."`
	OIDCClientSecret Secret `koanf:"oidc_client_secret" optional:"true" secret:"true" blank:"true" help:"What the provider knows this program by. Empty: a public client."`
	OIDCName         string `koanf:"oidc_name" optional:"true" help:"What people call the provider: the button says “Sign in with” it. Empty: the host of auth.oidc_issuer."`
	OIDCSignUp       SignUp `koanf:"oidc_sign_up" rule:"sign_up" list:"true" optional:"true" help:"Who gets an account by coming in from the provider for the first time, divided by commas: addresses such as ana@example.org and domains such as @example.org, which the provider must have verified; or * for everybody that it lets in. Empty: nobody, so the operator adds each."`
	OIDCGroup        string `koanf:"oidc_group" optional:"true" help:"Group at the provider that everybody who comes in that way must be in, by the claim groups. Empty: none."`
}

// Metrics is where Prometheus finds /metrics.
type Metrics struct {
	Listen string `koanf:"listen" flag:"metrics-listen" rule:"address" optional:"true" help:"Address of a listener for /metrics alone, as HOST:PORT. Empty: /metrics is served beside the pages."`
}

// Log is what is written to standard error, and how.
type Log struct {
	Level    string `koanf:"level" flag:"log-level" oneof:"debug|info|warn|error" default:"info" help:"The least severe message that is logged."`
	Format   string `koanf:"format" flag:"log-format" oneof:"text|json" default:"text" help:"Lines for people or for a log collector."`
	Requests string `koanf:"requests" flag:"log-requests" oneof:"all|slow|failed|none" default:"all" help:"Which requests have a line. Slow: those that took log.slow_request or longer, and the failed ones. Failed: those that were answered with a 4xx or 5xx status or broken off. What went wrong has a line of its own in any case."`

	SlowRequest time.Duration `koanf:"slow_request" min:"0s" max:"1h" default:"1s" help:"From when on a request's line is a warning that says what took the time: the wait in the queue, the commit, the slowest statements. 0s: no line is."`
}

// Ledger is what the default ledger has. It is written to the storage at the start, where that says something else.
type Ledger struct {
	Currency string `koanf:"currency" rule:"currency" default:"USD" help:"ISO 4217 code of the default ledger's own currency: that of a price which names none."`
	TimeZone string `koanf:"time_zone" rule:"time_zone" default:"Local" help:"IANA name of the default ledger's time zone, which decides which day is today, or Local for the machine's own."`
}

// Web is the pages' size and what they accept.
type Web struct {
	PageSize                 int       `koanf:"page_size" min:"10" max:"200" default:"50" help:"Expenses on one page of the list."`
	BodyLimit                int64     `koanf:"body_limit" min:"4096" max:"1048576" default:"65536" help:"Largest request body accepted, in bytes."`
	MaxConnections           int       `koanf:"max_connections" min:"10" max:"100000" default:"2000" help:"Clients' connections held open at most, as far as the process may open files. One more takes the place of the longest quiet one; if all are busy, it is refused."`
	MaxConnectionsPerAddress int       `koanf:"max_connections_per_address" min:"1" max:"100000" default:"500" help:"The same for one address, or 64 bits of IPv6. Behind a reverse proxy all come from its address."`
	Hosts                    HostNames `koanf:"hosts" rule:"hosts" list:"true" optional:"true" help:"Names by which the pages are asked for, besides localhost and IP addresses, divided by commas; * for any. Other names are refused with 421: a foreign page could have made its name lead here."`
	TrustedProxies           Networks  `koanf:"trusted_proxies" rule:"networks" list:"true" optional:"true" help:"Addresses of reverse proxies, such as 10.0.0.0/8, divided by commas. Of a request that comes from one, X-Forwarded-For says who sent it; else nothing does but its connection."`
}

// Database is how an SQL storage is used. The memory storage ignores it.
type Database struct {
	ConnectTimeout   time.Duration `koanf:"connect_timeout" min:"0s" max:"1h" default:"60s" help:"How long the start retries an unreachable database. 0s: one try."`
	OperationTimeout time.Duration `koanf:"operation_timeout" min:"100ms" max:"10m" default:"5s" help:"Bound of one storage call."`
	MaxConnections   int           `koanf:"max_connections" min:"2" max:"200" default:"10" help:"Connections held open at most."`
	Queue            int           `koanf:"queue" min:"1" max:"100000" default:"1024" help:"Adds that may wait for a commit; one more is answered with 503."`
}

// Audit is how the program checks itself while it serves.
type Audit struct {
	Every time.Duration `koanf:"every" min:"0s" max:"8760h" default:"1h" help:"How often every kept total is compared with the sum of its expenses, by one of all instances, in a tenth of the time at most; the metric expense_totals_differences says what came of it. 0s: never."`
}

// Shutdown is how the program leaves on SIGTERM and SIGINT.
type Shutdown struct {
	Timeout time.Duration `koanf:"timeout" min:"100ms" max:"10m" default:"15s" help:"Bound of the whole shutdown; requests still running then are cut off."`
	Drain   time.Duration `koanf:"drain" min:"0s" max:"5m" default:"0s" help:"How long /readyz says 503 before the listener closes. Below shutdown.timeout."`
}

// Backup is how the command backups makes, checks and keeps copies of the storage. Serving ignores it.
type Backup struct {
	Place       string        `koanf:"place" rule:"backup_place" optional:"true" help:"Where backups are kept: a folder, or a place as restic names it, such as s3:https://HOST/BUCKET/FOLDER. One for each installation."`
	Key         Secret        `koanf:"key" optional:"true" secret:"true" blank:"true" help:"What backups are encrypted with, of 20 characters or more. Without it they cannot be restored, so keep it elsewhere too. Empty: they are not encrypted."`
	S3KeyID     Secret        `koanf:"s3_key_id" optional:"true" secret:"true" blank:"true" help:"Access key of an S3-compatible place."`
	S3Secret    Secret        `koanf:"s3_secret" optional:"true" secret:"true" blank:"true" help:"Secret of that access key."`
	Every       time.Duration `koanf:"every" min:"1m" max:"168h" default:"24h" help:"From one backup's beginning to the next's."`
	KeepDaily   int           `koanf:"keep_daily" min:"1" max:"3650" default:"7" help:"Days of which the last backup is kept."`
	KeepWeekly  int           `koanf:"keep_weekly" min:"0" max:"520" default:"4" help:"Weeks of which the last backup is kept."`
	KeepMonthly int           `koanf:"keep_monthly" min:"0" max:"1200" default:"12" help:"Months of which the last backup is kept."`
	Timeout     time.Duration `koanf:"timeout" min:"1m" max:"24h" default:"2h" help:"Bound of one backup, its restore included."`
	Work        string        `koanf:"work" optional:"true" help:"Folder for the dump of the moment and the scratch storage, which take some times the storage's size. Empty: one among the system's temporary files."`
	Stanza      string        `koanf:"stanza" optional:"true" help:"Name by which pgBackRest knows the PostgreSQL server, where its base backups are made and restored as well, for moments between dumps. Empty: none."`
	Listen      string        `koanf:"listen" rule:"address" default:"127.0.0.1:5001" help:"Address of /metrics and /healthz of the command backups, as HOST:PORT."`
}

// Probe is the program's own probe, which adds to a ledger of its own as people add to theirs: who it is, and whom it asks.
type Probe struct {
	Secret   Secret        `koanf:"secret" optional:"true" secret:"true" help:"What the command probe proves to the program that it is by, of 20 characters or more. Empty: no probe is let in."`
	URL      string        `koanf:"url" rule:"base_url" default:"http://127.0.0.1:5000" help:"Where the command probe asks: the address by which people reach the pages."`
	Listen   string        `koanf:"listen" rule:"address" default:"127.0.0.1:5002" help:"Address of the probe's own /metrics, as HOST:PORT."`
	Interval time.Duration `koanf:"interval" min:"1s" max:"10m" default:"30s" help:"Time between two adds of the probe, give or take a tenth."`
	Timeout  time.Duration `koanf:"timeout" min:"100ms" max:"1m" default:"10s" help:"How long the probe waits for an answer."`
}
