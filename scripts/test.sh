#!/usr/bin/env bash
# Every check of the project, to the end even when one fails; the last line is "N passed, N failed".
# Counted: each Rust test, each web test and browser story, and each other step as one.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

passed=0
failed=0
broken=()
mkdir -p web/artefacts
started=$SECONDS

say() { printf '\n\033[1m▸ %s\033[0m  (%d s)\n' "$*" $((SECONDS - started)); }
count() {
    passed=$((passed + $1))
    failed=$((failed + $2))
}

# A step that passes or fails as a whole.
step() {
    local name=$1
    shift
    say "$name"
    if "$@"; then
        count 1 0
    else
        count 0 1
        broken+=("$name")
        echo "✗ $name failed" >&2
    fi
}

# Rust tests, which also build the program that the later steps run; with nextest, or with cargo's own runner when it is not installed.
rust_tests() {
    local log status ran bad
    log=$(mktemp)
    if cargo nextest --version >/dev/null 2>&1; then
        say "Rust tests (both databases)"
        cargo nextest run --workspace --no-fail-fast --color never --status-level pass --final-status-level fail \
            --show-progress none 2>&1 | tee "$log" | grep -v '^ *Compiling '
        status=${PIPESTATUS[0]}
        # "Summary [ 12.3s] 345 tests run: 344 passed (1 slow), 1 failed, 0 skipped"
        ran=$(sed -nE 's/^ *Summary .* ([0-9]+) passed.*/\1/p' "$log" | tail -n 1)
        bad=$(sed -nE 's/^ *Summary .* ([0-9]+) (failed|timed out).*/\1/p' "$log" | tail -n 1)
    else
        say "Rust tests (both databases; cargo test, as cargo-nextest is not installed)"
        cargo test --workspace --no-fail-fast --lib --bins --tests --color never 2>&1 | tee "$log" | grep -vE '^( *Compiling |test .* ok$)'
        status=${PIPESTATUS[0]}
        ran=$(sed -nE 's/^test result: .* ([0-9]+) passed.*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
        bad=$(sed -nE 's/^test result: .* ([0-9]+) failed.*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
    fi
    rm -f "$log"
    # a build that fails runs nothing and must not pass
    if [ "$status" != 0 ] && [ "${bad:-0}" = 0 ]; then bad=1; fi
    if [ "$status" = 0 ] && [ "${ran:-0}" = 0 ]; then bad=1; fi
    [ "${bad:-0}" = 0 ] || broken+=("Rust tests")
    count "${ran:-0}" "${bad:-0}"
}

# Vitest's own counts; a run that wrote no report is one failure.
web_tests() {
    local name=$1 script=$2 report=$3 result
    say "$name"
    rm -f "web/$report"
    (cd web && npm run --silent "$script")
    local status=$?
    result=$(cd web && node scripts/summary.mjs "$report" 2>/dev/null | tail -n 1)
    if [[ $result =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        local good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
        if [ $status != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
        count "$good" "$bad"
        [ "$bad" = 0 ] || broken+=("$name")
    else
        count 0 1
        broken+=("$name")
    fi
}

# What the program prints now must be what is committed.
openapi_is_fresh() {
    local printed
    printed=$(mktemp)
    "$CARGO_TARGET_DIR/debug/shebao" openapi >"$printed" || return 1
    diff -u web/openapi.json "$printed" | head -n 40
    local same=${PIPESTATUS[0]}
    rm -f "$printed"
    [ "$same" = 0 ] || { echo "web/openapi.json is stale: run make generate and commit" >&2; return 1; }
}

client_is_fresh() {
    local made
    made=$(mktemp --suffix .d.ts)
    (cd web && npx --no-install openapi-typescript openapi.json -o "$made" >/dev/null) || return 1
    diff -u web/src/api/schema.d.ts "$made" | head -n 40
    local same=${PIPESTATUS[0]}
    rm -f "$made"
    [ "$same" = 0 ] || { echo "web/src/api/schema.d.ts is stale: run make generate and commit" >&2; return 1; }
}

step "what the tests need" scripts/setup.sh test
step "web packages" scripts/web.sh install
step "web lint" npm --prefix web run --silent lint
step "web types" npm --prefix web run --silent typecheck
web_tests "web unit tests" test artefacts/unit.json
step "web build" scripts/web.sh build
step "PostgreSQL for the tests" bash -c 'scripts/pg.sh start >/dev/null'
rust_tests
step "Rust examples in the documentation" cargo test --doc --workspace --quiet
step "OpenAPI document is fresh" openapi_is_fresh
step "typed client is fresh" client_is_fresh
web_tests "browser stories" e2e artefacts/e2e.json

say "done"
for name in "${broken[@]:-}"; do
    [ -z "$name" ] || echo "✗ $name" >&2
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
