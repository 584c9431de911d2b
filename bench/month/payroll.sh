#!/usr/bin/env bash
# Payroll of 1,000 and 100,000 employees with contributions, housing fund and cumulative tax, committed with lines and inputs, on SQLite
# and PostgreSQL in one run on this machine. Prints employees a second and how linear the cost is.
# usage: bench/month/payroll.sh [quick]   (SIZES="1000 100000"; BUILT=folder with the program bench_payroll instead of building it)
set -euo pipefail
cd "$(dirname "$0")"
. ../../scripts/env.sh
sizes=${SIZES:-1000 100000}; [ "${1:-}" != quick ] || sizes="1000 10000"
home=$SHEBAO_CACHE/bench-month-payroll
rm -rf "$home"; mkdir -p "$home"
built=${BUILT:-}
if [ -z "$built" ]; then
    (cd ../.. && cargo build --release --quiet --package employer --example bench_payroll)
    built=$CARGO_TARGET_DIR/release/examples
fi
results=$home/results.jsonl
: > "$results"

# shellcheck disable=SC2086  # the sizes are words
"$built/bench_payroll" "$home/sqlite" $sizes | tee -a "$results"

# A server of its own with the disk's guarantees on: the tests' cluster runs without fsync.
export SHEBAO_PG_HOME=${SHEBAO_PG_HOME:-/var/tmp/shebao-bench-pg}
[ "$(id -u)" = 0 ] || SHEBAO_PG_HOME=$SHEBAO_CACHE/bench-pg
server=$(../../scripts/pg.sh start)
trap '../../scripts/pg.sh stop' EXIT
psql() { command psql --no-psqlrc --quiet --tuples-only --no-align "$@"; }
for setting in fsync synchronous_commit full_page_writes; do psql "$server" -c "ALTER SYSTEM SET $setting = on"; done
psql "$server" -c "SELECT pg_reload_conf()" >/dev/null
psql "$server" -c "DROP DATABASE IF EXISTS shebao_bench_payroll" -c "CREATE DATABASE shebao_bench_payroll"
"$built/bench_payroll" "$home/postgres" "${server/5432\/postgres/5432\/shebao_bench_payroll}" $sizes | tee -a "$results"

python3 - "$results" <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
print()
print(f"{'database':<10} {'employees':>10} {'seconds':>9} {'employees/s':>12}")
for row in rows:
    print(f"{row['database']:<10} {row['employees']:>10,} {row['seconds']:>9.2f} {row['per_second']:>12,}")
for database in sorted({row["database"] for row in rows}):
    of = sorted((row for row in rows if row["database"] == database), key=lambda row: row["employees"])
    small, large = of[0], of[-1]
    grown = (large["seconds"] / large["employees"]) / (small["seconds"] / small["employees"])
    print(f"{database}: cost of one employee at {large['employees']:,} ÷ at {small['employees']:,} = {grown:.2f} (1 is linear)")
nets = {(row["employees"], row["net_fen"]) for row in rows}
assert len(nets) == len({row["employees"] for row in rows}), "the databases disagree on the net pay"
print("Peers, measured on a machine of this size: Horilla 3.1–3.4 payslips/s, coati-payroll 16/s (not run here).")
PY
