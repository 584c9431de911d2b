# Sourced by the benchmarks over HTTP: the development profile with the crates of this workspace optimised, as the bare
# routes are whose code lies in the same workspace. Dependencies stay as every build has them, for both.
optimised=()
for crate in server store control employer exchange agency platform; do
    optimised+=(--config "profile.dev.package.$crate.opt-level=3" --config "profile.dev.package.$crate.codegen-units=16")
done
