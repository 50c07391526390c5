#!/usr/bin/env bash
# Makes the two roles of those who only look, and their passwords:
#
#   expense_monitor   postgres_exporter's: a member of pg_monitor, which sees PostgreSQL's figures and no row of anybody
#   expense_reader    Grafana's: it may read the view expense, of the ledgers that LEDGERS names, and nothing else
#
# It runs at each start, before those who need them: on a new volume, on one that is older than the roles, and after a restore. What is there
# is put right: passwords, rights and settings. Nobody has to know the passwords: they are drawn here once, and each is kept in a volume of
# its own, MONITOR_FOLDER and READER_FOLDER, that only its user mounts besides.
#
# It connects as PGUSER, a superuser, whose password is in the file PGPASSWORD_FILE. LEDGERS is all, none, or ids such as 1,3.
set -euo pipefail

fail() {
  printf 'roles: %s\n' "$*" >&2
  exit 1
}

LEDGERS=${LEDGERS//[[:space:]]/}
case $LEDGERS in
  all) shown=true ;;
  none | '') shown=false ;;
  *)
    [[ $LEDGERS =~ ^[0-9]{1,18}(,[0-9]{1,18})*$ ]] || fail "MONEY_LEDGERS is to be all, none, or ids of ledgers such as 1,3; it is ${LEDGERS@Q}"
    shown="ledger IN ($LEDGERS)"
    ;;
esac

# password FOLDER — writes a password there if there is none. Of two that start at once, the first one's is kept.
password() {
  [ ! -s "$1/password" ] || return 0
  local new
  new=$(mktemp "$1/new.XXXXXX") || fail "no password can be written to $1"
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$new"
  chmod 0444 "$new"
  ln "$new" "$1/password" 2>/dev/null || [ -s "$1/password" ] || fail "no password can be written to $1"
  rm -f "$new"
}
password "$MONITOR_FOLDER"
password "$READER_FOLDER"

if [ -n "${PGPASSWORD_FILE:-}" ]; then PGPASSWORD=$(<"$PGPASSWORD_FILE"); fi
MONITOR_PASSWORD=$(<"$MONITOR_FOLDER/password") READER_PASSWORD=$(<"$READER_FOLDER/password") SHOWN=$shown
export PGPASSWORD MONITOR_PASSWORD READER_PASSWORD SHOWN PGCONNECT_TIMEOUT=5

made() { psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --file - >/dev/null; }
made <<'SQL' || fail 'the roles could not be made; PostgreSQL says above why (the password is POSTGRES_PASSWORD in .env: the server has to have the same)'
\getenv monitor_password MONITOR_PASSWORD
\getenv reader_password READER_PASSWORD
\getenv shown SHOWN
-- Passwords stay out of the log.
SET client_min_messages = warning; -- what is there already is no news
SET log_statement = none;
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SET lock_timeout = '10s';
SELECT pg_advisory_lock(hashtext('expense_tracker.roles')); -- two that start at once

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['expense_monitor', 'expense_reader']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO expense_monitor, expense_reader', current_database()) \gexec

ALTER ROLE expense_monitor LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 5
    PASSWORD :'monitor_password';
GRANT pg_monitor TO expense_monitor;
ALTER ROLE expense_monitor SET statement_timeout = '10s';
ALTER ROLE expense_monitor SET default_transaction_read_only = on;

-- Whoever may type a query in Grafana acts as this role, and can take its settings back: they keep the honest from harm. What holds is
-- that it has the right to read one view, and five connections.
ALTER ROLE expense_reader LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 5
    PASSWORD :'reader_password';
ALTER ROLE expense_reader SET default_transaction_read_only = on;
ALTER ROLE expense_reader SET statement_timeout = '15s';
ALTER ROLE expense_reader SET lock_timeout = '2s';
ALTER ROLE expense_reader SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE expense_reader SET max_parallel_workers_per_gather = 0;
ALTER ROLE expense_reader SET temp_file_limit = '256MB';
SELECT format('REVOKE %I FROM expense_reader', roleid::regrole) FROM pg_auth_members WHERE member = 'expense_reader'::regrole \gexec
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM expense_reader;

-- Whose rows the view shows to it. The program's migrations make the view, and let the role read it if they find the role.
CREATE OR REPLACE FUNCTION expense_shown(ledger bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CURRENT_USER <> 'expense_reader' OR :shown;
SELECT 'GRANT SELECT ON expense TO expense_reader' WHERE to_regclass('expense') IS NOT NULL \gexec
SQL
printf 'roles: expense_monitor and expense_reader are there; Grafana sees the expenses of %s ledgers\n' "${LEDGERS:-none}"
