#!/usr/bin/env bash
# The nationwide query over HTTP with a million persons in twelve regions, beside a bare axum route with one indexed
# select (crates/server/examples/bare_select.rs), on SQLite and PostgreSQL, in one run: some eight minutes, the first time also ten for the load.
# usage: make bench-status [PROFILE=release] [ARGS="quick"]
#   quick   100,000 persons and short measurements
#   PERSONS, SECONDS_EACH, SECONDS_BEFORE, ROUNDS and DATABASES say otherwise
set -euo pipefail
cd "$(dirname "$0")"
. ../../scripts/env.sh
quick=; [ "${1:-}" = quick ] && quick=1
persons=${PERSONS:-${quick:+100000}}; persons=${persons:-1000000}
seconds=${SECONDS_EACH:-${quick:+2}}; seconds=${seconds:-10}
before=${SECONDS_BEFORE:-${quick:+1}}; before=${before:-6}
rounds=${ROUNDS:-${quick:+1}}; rounds=${rounds:-2}
profile=${PROFILE:-dev}

fail() { echo "bench-status: $1" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
command -v wrk >/dev/null || as_root apt-get install -y -qq wrk >/dev/null || fail "wrk is missing: apt-get install wrk"

# The development profile leaves the handlers unoptimised, ours and the bare route alike: both are built optimised here.
# BUILT names a folder with the two programs instead.
built=${BUILT:-}
if [ -z "$built" ]; then
    if [ "$profile" = dev ]; then . ../optimised.sh; else optimised=(); fi
    (cd ../.. && cargo build --quiet --profile "$profile" "${optimised[@]}" --package server --bin shebao --example bare_select)
    built=$CARGO_TARGET_DIR/$([ "$profile" = dev ] && echo debug || echo "$profile")
fi
# copies, because the next build of the same profile replaces the files
home=$SHEBAO_CACHE/bench-status/$persons
mkdir -p "$home/sqlite"
cp "$built/shebao" "$built/examples/bare_select" "$home/"
shebao=$home/shebao bare=$home/bare_select

# one run at a time: the end of one stops the other's server
exec 8>"$SHEBAO_CACHE/bench-status/lock"
if command -v flock >/dev/null; then flock -n 8 || fail "another run is under way"; fi

# A server of its own with the disk's guarantees on: the tests' cluster runs without fsync.
export SHEBAO_PG_HOME=${SHEBAO_PG_HOME:-/var/tmp/shebao-bench-pg}
[ "$(id -u)" = 0 ] || SHEBAO_PG_HOME=$SHEBAO_CACHE/bench-pg
server=$(../../scripts/pg.sh start 8>&-)
psql() { command psql --no-psqlrc --quiet --tuples-only --no-align "$@"; }
for setting in fsync synchronous_commit full_page_writes; do psql "$server" -c "ALTER SYSTEM SET $setting = on"; done
psql "$server" -c "SELECT pg_reload_conf()" >/dev/null
name=shebao_bench_$persons
url=${server/5432\/postgres/5432\/$name}

running=()
stop() { for one in "${running[@]}"; do kill "$one" 2>/dev/null || true; wait "$one" 2>/dev/null || true; done; running=(); }
trap 'stop; ../../scripts/pg.sh stop' EXIT
port=$((20000 + RANDOM % 20000))

config() { # kind
    { echo "data_dir = \"sqlite\""; echo "listen = \"127.0.0.1:$port\""
      [ "$1" = sqlite ] || printf '[database]\nurl = "%s"\n' "$url"; } > "$home/$1.toml"
}
for kind in sqlite postgres; do config $kind; done

load() { # kind: everything through the program's own commands
    "$shebao" demo --no-serve --people 1 --config "$home/$1.toml" >/dev/null 2>"$home/$1.log" || { cat "$home/$1.log" >&2; exit 1; }
    for file in "$home"/[0-9]*.csv; do
        "$shebao" load-relations --quiet --region "$(basename "$file" .csv)" --config "$home/$1.toml" "$file" >/dev/null 2>>"$home/$1.log"
    done
    [ "$1" = sqlite ] || psql "$url" -c "VACUUM ANALYZE"
}
[ -f "$home/asked.jsonl" ] || "$bare" data "$home" "$persons"
if [ ! -f "$home/loaded.db" ]; then
    rm -f "$home"/sqlite/shebao.db*
    echo "▸ loading $persons persons into SQLite" && time load sqlite
    mv "$home/sqlite/shebao.db" "$home/loaded.db"
fi
if [ -z "$(psql "$server" -c "SELECT 1 FROM pg_database WHERE datname = '${name}_loaded'")" ]; then
    psql "$server" -c "DROP DATABASE IF EXISTS $name" -c "CREATE DATABASE $name"
    echo "▸ loading $persons persons into PostgreSQL" && time load postgres
    psql "$server" -c "ALTER DATABASE $name RENAME TO ${name}_loaded"
fi

# Every run begins with the databases as they were loaded: the trail of the runs before would weigh on this one.
begin_anew() { # kind
    if [ "$1" = sqlite ]; then
        rm -rf "$home"/sqlite/shebao.db* "$home/sqlite/shebao.spool"
        cp "$home/loaded.db" "$home/sqlite/shebao.db" && sync "$home/sqlite/shebao.db"
    else
        psql "$server" -c "DROP DATABASE IF EXISTS $name" -c "CREATE DATABASE $name TEMPLATE ${name}_loaded STRATEGY FILE_COPY"
    fi
}

wait_for() { for _ in $(seq 200); do curl -sf -o /dev/null "$1" -X "${2:-GET}" -H 'Content-Type: application/json' -d "${3:-}" && return; sleep 0.1; done; fail "$1 does not answer"; }

serve() { # kind: ours on $port, the bare route on the next
    "$shebao" serve --config "$home/$1.toml" 2>>"$home/$1.log" & running+=($!)
    local place=$home/sqlite/shebao.db; [ "$1" = sqlite ] || place=$url
    "$bare" "$1" "$place" "127.0.0.1:$((port + 1))" & running+=($!)
    wait_for "http://127.0.0.1:$port/readyz"
    wait_for "http://127.0.0.1:$((port + 1))/" POST "$(head -1 "$home/keys.jsonl")"
    SESSION=$(curl -sf -i "http://127.0.0.1:$port/api/v1/sessions" -H 'Content-Type: application/json' -H 'X-Requested-With: shebao' \
        -d '{"username":"hr_manager","password":"Shebao-2026"}' | sed -nE 's/^set-cookie: shebao_session=([^;]*).*/\1/Ip')
    [ -n "$SESSION" ] || fail "the HR manager cannot sign in"
    export SESSION
}

results=$home/results.jsonl
: > "$results"
# The load is the same for a while before it is measured: what follows a query seconds later, as the entering of the trail, is
# under way by then.
measure() { # kind route connections
    local path=/ bodies=keys at=$((port + 1)) said
    [ "$2" = ours ] && path=/api/v1/status-queries bodies=asked at=$port
    for time in "$before" "$seconds"; do
        said=$(BODIES=$home/$bodies.jsonl wrk -t1 -c"$3" -d"${time}s" -s ask.lua "http://127.0.0.1:$at$path" | sed -n 's/^RESULT //p')
        [ -n "$said" ] || fail "wrk gave no result for $2 on $1"
    done
    echo "{\"database\": \"$1\", \"route\": \"$2\", \"connections\": $3, \"load\": $(cut -d' ' -f1 /proc/loadavg), ${said#\{}" | tee -a "$results"
}

for kind in ${DATABASES:-sqlite postgres}; do
    begin_anew $kind
    serve $kind
    python3 check_answers.py "http://127.0.0.1:$port" "http://127.0.0.1:$((port + 1))" "$home" || fail "the answers are wrong"
    for _ in $(seq "$rounds"); do
        for connections in 1 16 64; do
            for route in ours bare; do measure $kind $route $connections; done
        done
    done
    stop
done
echo
python3 report.py "$results" "$persons" "$profile"
