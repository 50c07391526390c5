#!/bin/sh
# Looks at the passwords that the set-up for the internet would start with, as files in a folder, and refuses those that everybody knows.
# Nothing else starts before this has passed.
#
#   guard.sh FOLDER
#
# It needs nothing but a POSIX shell.
set -eu
refused=
# refuse NAME PASSWORD... - refuses the password of a variable of .env that is one of these.
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
      echo "$name is empty, or one that everybody knows: put a password of your own into .env" >&2
      refused=yes
    fi
  done
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
case $(cat "$folder/PROMETHEUS_PASSWORD_HASH") in
  '$2'[aby]'$'[0-9][0-9]'$'*) ;;
  *)
    echo "PROMETHEUS_PASSWORD_HASH is no bcrypt hash. Make one of PROMETHEUS_PASSWORD, and put it into .env in single quotes:" >&2
    echo "  docker run --rm -it caddy:2.10.2-alpine caddy hash-password" >&2
    refused=yes
    ;;
esac
if [ -n "$refused" ]; then
  echo "the set-up for the internet does not start" >&2
  exit 1
fi
echo "the passwords are one's own"
