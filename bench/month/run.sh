#!/usr/bin/env bash
# The two long computations of a month: payroll, and the assessment of a region. Each part runs alone as well.
# usage: make bench-month [ARGS="quick"]
set -euo pipefail
cd "$(dirname "$0")"
status=0
for part in payroll assessment; do
    if [ -x "$part.sh" ]; then "./$part.sh" "$@" || status=1; fi
done
exit $status
