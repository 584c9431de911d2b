#!/usr/bin/env bash
# The contributions of a whole region for one month, five insurances, to committed rows, orders and balances, beside a bare
# load of the same rows into the same table (COPY BINARY on PostgreSQL, prepared inserts in one transaction on SQLite).
# usage: bench/month/assessment.sh [quick]
#   quick   100,000 people only; PEOPLE, ROUNDS and DATABASES say otherwise
set -euo pipefail
cd "$(dirname "$0")"
. ../../scripts/env.sh
quick=; [ "${1:-}" = quick ] && quick=1
sizes=${PEOPLE:-${quick:+100000}}; sizes=${sizes:-100000 1000000}
rounds=${ROUNDS:-${quick:+1}}; rounds=${rounds:-3}

fail() { echo "bench-month: $1" >&2; exit 1; }
# the two crates that do the work are optimised as the release is; the yardstick is in the same program
optimised=(--config 'profile.dev.package.agency.opt-level=3' --config 'profile.dev.package.store.opt-level=3')
built=${BUILT:-}
if [ -z "$built" ]; then
    (cd ../.. && cargo build --quiet "${optimised[@]}" --package agency --example assess_region)
    built=$CARGO_TARGET_DIR/debug/examples
fi
home=$SHEBAO_CACHE/bench-month
mkdir -p "$home"
exec 8>"$home/lock"
if command -v flock >/dev/null; then flock -n 8 || fail "another run is under way"; fi
# a copy, because the next build of the same profile replaces the file
cp "$built/assess_region" "$home/"
program=$home/assess_region

# A server of its own with the disk's guarantees on: the tests' cluster runs without fsync.
export SHEBAO_PG_HOME=${SHEBAO_PG_HOME:-/var/tmp/shebao-bench-pg}
[ "$(id -u)" = 0 ] || SHEBAO_PG_HOME=$SHEBAO_CACHE/bench-pg
trap '../../scripts/pg.sh stop; rm -rf "$home/sqlite" "$home/peer"' EXIT
case " ${DATABASES:-sqlite postgres} " in *" postgres "*)
    server=$(../../scripts/pg.sh start 8>&-)
    psql() { command psql --no-psqlrc --quiet --tuples-only --no-align "$@"; }
    for setting in fsync synchronous_commit full_page_writes; do psql "$server" -c "ALTER SYSTEM SET $setting = on"; done
    psql "$server" -c "SELECT pg_reload_conf()" >/dev/null
esac

results=$home/assessment.jsonl
: > "$results"
fresh() { # kind name: an empty place
    if [ "$1" = sqlite ]; then rm -rf "${home:?}/$2"; mkdir -p "$home/$2"; echo "$home/$2"; return; fi
    psql "$server" -c "DROP DATABASE IF EXISTS shebao_month_$2" -c "CREATE DATABASE shebao_month_$2"
    echo "${server/5432\/postgres/5432\/shebao_month_$2}"
}
for kind in ${DATABASES:-sqlite postgres}; do
    for people in $sizes; do
        for round in $(seq "$rounds"); do
            ours=$(fresh "$kind" sqlite) peer=$(fresh "$kind" peer)
            "$program" settle "$ours" "$people" >/dev/null
            for what in run bare; do
                [ "$kind" = sqlite ] || psql "$server" -c CHECKPOINT
                if [ "$what" = run ]; then said=$("$program" run "$ours"); else said=$("$program" bare "$ours" "$peer"); fi
                echo "{\"database\": \"$kind\", \"people\": $people, \"round\": $round, \"load\": $(cut -d' ' -f1 /proc/loadavg), ${said#\{}" | tee -a "$results"
            done
        done
    done
done
python3 assessment_report.py "$results"
