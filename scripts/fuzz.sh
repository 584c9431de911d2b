#!/usr/bin/env bash
# Fuzzing from real inputs: scripts/fuzz.sh calc|law|standard_parsers|envelope SECONDS
# Needs a nightly compiler and cargo-fuzz. Seeds come from cases/ and law/; what is found stays in fuzz/artifacts/.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?which target}
seconds=${2:-60}
seeds=fuzz/corpus/$target
mkdir -p "$seeds"
case $target in
calc) split -l 1 -a 4 <(cat cases/worked.jsonl cases/own.jsonl) "$seeds/case-" ;;
law)
    # The first byte chooses the file it stands for; the rest is the text.
    number=0
    for file in law/*/*.toml; do
        { printf "\\x$(printf %02x $((number % 256)))"; cat "$file"; } >"$seeds/file-$number"
        number=$((number + 1))
    done
    ;;
esac
dictionary=fuzz/dictionaries/$target.txt
[ -f "$dictionary" ] && dictionary="-dict=$dictionary" || dictionary=
cd fuzz
exec cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -max_len=8192 -timeout=10 -print_final_stats=1 ${dictionary:+"${dictionary/fuzz\//}"}
