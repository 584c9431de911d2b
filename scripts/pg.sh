#!/bin/sh
# A private PostgreSQL for tests: scripts/pg.sh start|stop|url|status
# It installs nothing. Speed over safety (fsync off): never keep data in it.
# SHEBAO_PG_HOME names another folder for it.
# start is idempotent, safe to call from many processes at once, and prints the address.
set -eu

fail() {
    echo "pg.sh: $1" >&2
    exit 1
}

# The newest installed PostgreSQL, or the one SHEBAO_PG_BIN names.
find_bin() {
    if [ -n "${SHEBAO_PG_BIN:-}" ]; then
        echo "$SHEBAO_PG_BIN"
        return
    fi
    newest=$(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin 2>/dev/null |
        sort -V | tail -n 1)
    if [ -n "$newest" ] && [ -x "$newest/initdb" ]; then
        echo "$newest"
    elif command -v initdb >/dev/null 2>&1; then
        dirname "$(command -v initdb)"
    else
        fail "PostgreSQL 13 or newer is not installed. On Debian or Ubuntu: apt-get install -y postgresql (its own service is not used). Or set SHEBAO_PG_BIN to the folder of initdb, or SHEBAO_TEST_PG to a server's address."
    fi
}

# PostgreSQL refuses to run as root, so root runs it as the user the package made, in a folder that user can reach.
if [ "$(id -u)" = 0 ]; then
    home=${SHEBAO_PG_HOME:-/var/tmp/shebao-pg}
    id postgres >/dev/null 2>&1 || fail "there is no user postgres. On Debian or Ubuntu: apt-get install -y postgresql"
    if command -v runuser >/dev/null 2>&1; then
        as_owner() { runuser -u postgres -- "$@"; }
    else
        as_owner() { su postgres -s /bin/sh -c 'exec "$0" "$@"' -- "$@"; }
    fi
else
    home=${SHEBAO_PG_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/shebao/pg}
    as_owner() { "$@"; }
fi
data=$home/data
# A socket's path may hold 107 bytes.
socket=$home
if [ "${#socket}" -gt 80 ]; then
    socket=/tmp/shebao-pg-$(id -u)
fi

url() {
    echo "postgres://postgres@localhost:5432/postgres?host=$socket&sslmode=disable"
}

running() {
    "$bin/pg_isready" -q -h "$socket" -p 5432
}

start() {
    if running; then
        return
    fi
    for folder in "$home" "$socket"; do
        mkdir -p "$folder"
        chmod 700 "$folder"
        if [ "$(id -u)" = 0 ]; then
            chown postgres "$folder"
        fi
    done
    # one starter at a time; the lock is not inherited by the server
    exec 9>"$home/lock"
    if command -v flock >/dev/null 2>&1; then
        flock 9
    fi
    if running; then
        return
    fi
    cd "$home"
    version=$("$bin/initdb" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    if [ ! -f "$data/complete" ] || [ "$(cat "$data/PG_VERSION")" != "$version" ]; then
        make_cluster
    fi
    # without fsync a crash of the machine can spoil the cluster; it holds nothing of worth, so make it anew
    launch || { make_cluster && launch; } || fail "the server did not start, see $home/server.log"
}

make_cluster() {
    rm -rf "$data"
    # locale C sorts text by bytes, as SQLite does
    as_owner "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1 9>&- ||
        fail "initdb failed, see $home/initdb.log"
    cat >>"$data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$socket'
max_connections = 300
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
jit = off
CONF
    touch "$data/complete"
}

launch() {
    as_owner "$bin/pg_ctl" -D "$data" -l "$home/server.log" -w -t 60 start >/dev/null 2>&1 9>&-
}

bin=$(find_bin)
case "${1:-}" in
start)
    start
    url
    ;;
stop)
    if running; then
        cd "$home"
        as_owner "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null
    fi
    ;;
url)
    url
    ;;
status)
    if running; then echo running; else echo stopped; exit 3; fi
    ;;
*)
    fail "usage: pg.sh start|stop|url|status"
    ;;
esac
