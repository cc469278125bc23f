#!/bin/sh
# with-postgres.sh COMMAND…: runs the command with FLASK_DATABASE_URL pointing at a PostgreSQL server of its own,
# which lives in a temporary folder, listens on a Unix socket only and is gone afterwards.
set -eu
cd "$(dirname "$0")/.."

# Debian keeps the server's programs out of the PATH; elsewhere they are in it.
initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
initdb=${initdb:-$(command -v initdb)} || {
  echo "! Chưa có PostgreSQL. Cài bằng: sudo apt install postgresql" >&2
  exit 1
}
bin=$(dirname "$(readlink -f "$initdb")")
place=$(mktemp -d "${TMPDIR:-/tmp}/pg.XXXXXX")

# PostgreSQL refuses to run as root; its package brings an account for it.
as_server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

finish() {
  as_server "$bin/pg_ctl" -D "$place/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$place"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ "$(id -u)" = 0 ]; then chown postgres "$place"; fi
as_server "$bin/initdb" -D "$place/data" -U sangkien --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$place.log" 2>&1 ||
  { cat "$place.log" >&2; rm -f "$place.log"; exit 1; }
rm -f "$place.log"
# Nothing here outlives a power cut, so nothing waits for the disk.
as_server "$bin/pg_ctl" -D "$place/data" -l "$place/server.log" -w \
  -o "-c listen_addresses='' -c unix_socket_directories='$place' -c fsync=off -c full_page_writes=off" start >/dev/null
as_server "$bin/createdb" -h "$place" -U sangkien sangkien

FLASK_DATABASE_URL="postgresql+psycopg://sangkien@/sangkien?host=$place"
export FLASK_DATABASE_URL
"$@"
