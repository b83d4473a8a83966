//! `_sha1`

use ryokan_vm::native::*;

use crate::hashing::*;

digest_type! { "_sha1.sha1" = Sha1(::sha1::Sha1): "sha1", 20, 64; }

native_module! {
    /// SHA-1.
    "_sha1" {
        fill = fill;
        functions {
            /// A SHA-1 digest, fed with bytes.
            sha1(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None");
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("SHA1Type", module.cx().class::<Sha1>()?)
}

fn sha1(cx: &Cx, data: Given, _: bool, string: Given) -> Res<Obj<Sha1>> {
    cx.new(Sha1::fed(cx, data, string)?)
}
