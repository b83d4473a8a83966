//! Sets the cfg `asan` in a build under AddressSanitizer, for `shadow.rs`: the compiler's own cfg for it is not stable.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(asan)");
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_SANITIZE").is_ok_and(|list| list.split(',').any(|one| one == "address")) {
        println!("cargo::rustc-cfg=asan");
    }
}
