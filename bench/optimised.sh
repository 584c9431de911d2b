# Sourced by the benchmarks over HTTP: the development profile with the crates of this workspace optimised, as the bare
# routes are whose code lies in the same workspace, and the crates a request passes, for both.
optimised=()
for crate in server store control employer exchange agency platform; do
    optimised+=(--config "profile.dev.package.$crate.opt-level=3" --config "profile.dev.package.$crate.codegen-units=16")
done
for crate in hyper hyper-util http httparse bytes axum axum-core tower tower-http matchit tokio mio futures-util futures-core serde serde_core \
    serde_json rusqlite hashlink jiff uuid rand chacha20 tracing tracing-core tracing-subscriber aes-gcm-siv polyval hmac sqlx-core \
    sqlx-postgres libmimalloc-sys parking_lot smallvec itoa memchr metrics metrics-util metrics-exporter-prometheus; do
    optimised+=(--config "profile.dev.package.$crate.opt-level=3")
done
