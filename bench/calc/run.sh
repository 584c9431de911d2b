#!/usr/bin/env bash
# POST /api/v1/calculations/contribution over HTTP, with and without its explanation, beside a bare axum route that
# answers a JSON of the same size (crates/server/examples/bare_calc.rs), in one run: about two minutes.
# usage: make bench-calc   (SECONDS_EACH, ROUNDS and BUILT say otherwise)
set -euo pipefail
cd "$(dirname "$0")"
. ../../scripts/env.sh
seconds=${SECONDS_EACH:-5}
rounds=${ROUNDS:-3}

fail() { echo "bench-calc: $1" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
command -v wrk >/dev/null || as_root apt-get install -y -qq wrk >/dev/null || fail "wrk is missing: apt-get install wrk"
# Ours and the bare route are built alike; BUILT names a folder with the two programs instead.
built=${BUILT:-}
if [ -z "$built" ]; then
    . ../optimised.sh
    (cd ../.. && cargo build --quiet "${optimised[@]}" --package server --bin shebao --example bare_calc)
    built=$CARGO_TARGET_DIR/debug
fi
# copies, because the next build of the same profile replaces the files
home=$SHEBAO_CACHE/bench-calc
mkdir -p "$home"
cp "$built/shebao" "$built/examples/bare_calc" "$home/"

running=()
stop() { for one in "${running[@]}"; do kill "$one" 2>/dev/null || true; wait "$one" 2>/dev/null || true; done; running=(); }
trap stop EXIT
port=$((20000 + RANDOM % 20000))
printf 'data_dir = "data"\nlisten = "127.0.0.1:%s"\n' "$port" > "$home/calc.toml"
[ -d "$home/data" ] || "$home/shebao" demo --no-serve --people 1 --config "$home/calc.toml" >/dev/null
"$home/shebao" serve --config "$home/calc.toml" 2>"$home/log" & running+=($!)
wait_for() { for _ in $(seq 200); do curl -s -o /dev/null "$@" && return; sleep 0.1; done; fail "$1 does not answer"; }
wait_for -f "http://127.0.0.1:$port/readyz"
SESSION=$(curl -sf -i "http://127.0.0.1:$port/api/v1/sessions" -H 'Content-Type: application/json' -H 'X-Requested-With: shebao' \
    -d '{"username":"hr_manager","password":"Shebao-2026"}' | sed -nE 's/^set-cookie: shebao_session=([^;]*).*/\1/Ip')
[ -n "$SESSION" ] || fail "the HR manager cannot sign in"
export SESSION

python3 inputs.py > "$home/inputs.jsonl"
path=/api/v1/calculations/contribution
results=$home/results.jsonl
: > "$results"
declare -A at
for how in plain explained; do
    query=; [ $how = plain ] && query='?explain=false'
    curl -sf "http://127.0.0.1:$port$path$query" -H 'Content-Type: application/json' -H 'X-Requested-With: shebao' \
        -H "Cookie: shebao_session=$SESSION" -d "$(head -1 "$home/inputs.jsonl")" > "$home/$how.json" || fail "the calculation is refused"
    at[$how]="http://127.0.0.1:$port$path$query"
    beside=$((port + 1)); [ $how = plain ] || beside=$((port + 2))
    "$home/bare_calc" "127.0.0.1:$beside" "$home/$how.json" & running+=($!)
    at[bare_$how]="http://127.0.0.1:$beside/"
    wait_for "http://127.0.0.1:$beside/"
done

measure() { # route connections seconds keep
    local said
    said=$(BODIES=$home/inputs.jsonl wrk -t1 -c"$2" -d"$3s" -s ../status/ask.lua "${at[$1]}" | sed -n 's/^RESULT //p')
    [ -n "$said" ] || fail "wrk gave no result for $1"
    [ "$4" = keep ] && echo "{\"route\": \"$1\", \"connections\": $2, \"load\": $(cut -d' ' -f1 /proc/loadavg), ${said#\{}" | tee -a "$results"
    return 0
}
for route in "${!at[@]}"; do measure "$route" 16 1 drop; done # warm
for _ in $(seq "$rounds"); do
    for connections in 1 16 64; do
        for how in plain explained; do
            for route in $how bare_$how; do measure "$route" "$connections" "$seconds" keep; done
        done
    done
done
echo
python3 report.py "$results" "$home"
