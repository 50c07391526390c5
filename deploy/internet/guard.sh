#!/bin/sh
# Looks at the passwords that the set-up for the internet would start with, as files in a folder, and refuses those that everybody knows or that are short.
# Nothing else starts before this has passed.
#
#   guard.sh FOLDER
#
# It needs nothing but a POSIX shell.
set -eu
refused=
shortest=12 # characters: fewer can be guessed, since whoever gets a hash of them tries billions a second
# refuse NAME PASSWORD... - refuses the password of a variable of .env that is short, or one of these.
refuse() {
  name=$1
  file=$folder/$name
  shift
  if [ ! -r "$file" ]; then
    echo "$name: there is no file $file" >&2
    refused=yes
    return
  fi
  value=$(cat "$file")
  for known in "" "$@"; do
    if [ "$value" = "$known" ]; then
      echo "$name is empty, or one that everybody knows: put a password of your own into .env, such as what openssl rand -hex 24 prints" >&2
      refused=yes
      return
    fi
  done
  if [ "${#value}" -lt "$shortest" ]; then
    echo "$name has ${#value} characters, and needs $shortest or more: put another into .env, such as what openssl rand -hex 24 prints" >&2
    refused=yes
  fi
}
folder=${1:?name the folder of the passwords}
refuse GRAFANA_ADMIN_PASSWORD admin password grafana
refuse POSTGRES_PASSWORD expense_password password postgres
refuse POSTGRES_APP_PASSWORD expense_app_password password postgres
refuse PROBE_SECRET expense_probe_secret
refuse PROMETHEUS_PASSWORD "nobody asks" admin password prometheus
if [ "$(cat "$folder/POSTGRES_PASSWORD")" = "$(cat "$folder/POSTGRES_APP_PASSWORD")" ]; then
  echo "POSTGRES_PASSWORD and POSTGRES_APP_PASSWORD are one and the same: who has the one must not have the other" >&2
  refused=yes
fi
# Those of the available set-up are empty where it is not used; where it is, its nodes refuse an empty one by themselves.
for name in POSTGRES_REPLICATION_PASSWORD PATRONI_PASSWORD; do
  if grep -q . "$folder/$name"; then refuse "$name" replication_password patroni_password password; fi
done

# encoded - its input in base64, on one line.
encoded() { base64 | tr -d '\n'; }

# fits HASH - asks Caddy whether the hash is one of Prometheus' password, as Prometheus will. Neither is an argument, which others could see.
# It succeeds as well where there is no Caddy to ask.
fits() {
  work=$(mktemp -d)
  bound="127.0.0.1:${GUARD_PORT:-2081}"
  cat >"$work/caddy.json" <<CONFIG
{"admin": {"disabled": true, "config": {"persist": false}}, "logging": {"logs": {"default": {"level": "PANIC"}}},
 "apps": {"http": {"servers": {
  "door": {"listen": ["unix/$work/door"], "automatic_https": {"disable": true}, "routes": [{"handle": [
    {"handler": "authentication", "providers": {"http_basic": {"hash": {"algorithm": "bcrypt"},
      "accounts": [{"username": "prometheus", "password": "$(printf %s "$1" | encoded)"}]}}},
    {"handler": "static_response", "body": "fits"}]}]},
  "guest": {"listen": ["$bound"], "automatic_https": {"disable": true}, "routes": [
    {"match": [{"path": ["/up"]}], "handle": [{"handler": "static_response", "body": "up"}], "terminal": true},
    {"handle": [{"handler": "reverse_proxy", "upstreams": [{"dial": "unix/$work/door"}], "headers": {"request": {"set": {
      "Authorization": ["Basic $(printf 'prometheus:%s' "$(cat "$folder/PROMETHEUS_PASSWORD")" | encoded)"]}}}}]}]}}}}}
CONFIG
  XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work caddy run --config "$work/caddy.json" >/dev/null 2>&1 &
  caddy=$!
  answer=
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if [ "$(wget -q -O - "http://$bound/up" 2>/dev/null)" = up ]; then
      answer=$(wget -q -O - "http://$bound/" 2>/dev/null) || answer=another
      break
    fi
    sleep 1
  done
  kill "$caddy" 2>/dev/null || true
  wait "$caddy" 2>/dev/null || true
  rm -rf "$work"
  [ "$answer" != another ]
}

hash=$(cat "$folder/PROMETHEUS_PASSWORD_HASH")
wrong=
if ! printf %s "$hash" | grep -Eqx '\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}'; then
  wrong="is no bcrypt hash"
elif ! fits "$hash"; then
  wrong="is the hash of another password than PROMETHEUS_PASSWORD"
fi
if [ -n "$wrong" ]; then
  echo "PROMETHEUS_PASSWORD_HASH $wrong. Make one of PROMETHEUS_PASSWORD, and put it into .env in single quotes:" >&2
  echo "  docker run --rm -it caddy:2.10.2-alpine caddy hash-password" >&2
  refused=yes
fi
if [ -n "$refused" ]; then
  echo "the set-up for the internet does not start" >&2
  exit 1
fi
echo "the passwords are one's own"
