//! Tells cargo that the embedded web files belong to this crate.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
    println!("cargo::rerun-if-changed=../../web/openapi.json");
}
