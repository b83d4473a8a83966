//! `_md5`

use ryokan_vm::native::*;

use crate::hashing::*;

digest_type! { "_md5.md5" = Md5(::md5::Md5): "md5", 16, 64; }

native_module! {
    /// MD5.
    "_md5" {
        fill = fill;
        functions {
            /// An MD5 digest, fed with bytes.
            md5(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None");
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("MD5Type", module.cx().class::<Md5>()?)
}

fn md5(cx: &Cx, data: Given, _: bool, string: Given) -> Res<Obj<Md5>> {
    cx.new(Md5::fed(cx, data, string)?)
}
