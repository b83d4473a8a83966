//! How the command is linked: see `link/order`, and "Starting" in docs/performance.md.

use std::env::var;

fn main() {
    println!("cargo:rerun-if-changed=link/start.ld");
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| var(name).is_ok_and(|value| value == wanted);
    let linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let Ok(root) = var("CARGO_MANIFEST_DIR") else { return };
    if linux && is("CARGO_CFG_TARGET_ARCH", "x86_64") && is("PROFILE", "release") {
        // Functions that a start executes lie side by side.
        println!("cargo:rustc-link-arg-bin=ryokan=-Wl,-T,{root}/link/start.ld");
        // The binary has its addresses already: twenty thousand pointers need not be written at each start.
        println!("cargo:rustc-link-arg-bin=ryokan=-no-pie");
    }
}
