#!/usr/bin/env bash
# Contributions in bulk beside OpenFisca, PolicyEngine, exact numpy and a memory pass, in one run on this machine.
# Each engine runs in turn, alone; compare ratios within a run, not figures between runs.
# usage: make bench-law   (ARGS=quick leaves the peers' largest sizes out)
set -euo pipefail
cd "$(dirname "$0")"
. ../../scripts/env.sh
venv=$SHEBAO_CACHE/bench-law
results=$SHEBAO_CACHE/bench-law-results.jsonl
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
fi
(cd ../.. && cargo build --release --quiet --package policy --example bench_law)
: > "$results"
measure() { "$@" | tee -a "$results"; }
measure "$CARGO_TARGET_DIR/release/examples/bench_law"
sizes="10000 100000 1000000"
[ "${1:-}" = quick ] || sizes="$sizes 10000000"
for n in $sizes; do
    repeats=5
    [ "$n" -gt 1000000 ] && repeats=1
    measure "$venv/bin/python" exact_numpy.py "$n" "$repeats"
    for engine in openfisca_core policyengine_core; do
        measure env ENGINE=$engine "$venv/bin/python" peer.py "$n" 1 "$repeats"
        # Ten million persons through twelve months would need some 20 GiB in these engines.
        [ "$n" -gt 1000000 ] || measure env ENGINE=$engine "$venv/bin/python" peer.py "$n" 12 $((repeats > 2 ? 2 : repeats))
    done
done
echo
"$venv/bin/python" report.py "$results"
