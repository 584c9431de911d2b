#!/usr/bin/env bash
# The browser side: scripts/web.sh install|build|check|generate
#   install   packages, when package-lock.json changed since
#   build     dist/, when a source changed since
#   check     lint, types, unit tests, build
#   generate  the typed client from openapi.json
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
cd web

install() {
    # npm writes this file last, so it is newer than the lock only after a whole install
    if [ node_modules/.package-lock.json -nt package-lock.json ]; then
        return
    fi
    echo "▸ npm ci"
    local try
    for try in 1 2 3; do
        npm ci --no-audit --no-fund && break
        [ "$try" = 3 ] && exit 1
        sleep $((try * 5))
    done
    touch node_modules/.package-lock.json
}

fresh() {
    [ -f dist/.built ] || return 1
    [ -z "$(find src public scripts ./*.html ./*.json ./*.ts -newer dist/.built -type f 2>/dev/null | head -n 1)" ]
}

build() {
    install
    fresh && return
    echo "▸ web build"
    npm run --silent build
    touch dist/.built
}

case ${1:-} in
install) install ;;
build) build ;;
check)
    install
    echo "▸ web lint" && npm run --silent lint
    echo "▸ web types" && npm run --silent typecheck
    echo "▸ web unit tests" && npm run --silent test
    build
    ;;
generate) install && npm run --silent generate ;;
*)
    echo "usage: scripts/web.sh install|build|check|generate" >&2
    exit 2
    ;;
esac
