//! `_sha2`

use ryokan_vm::native::*;

use crate::hashing::*;

digest_type! { "_sha2.SHA224Type" = Sha224(::sha2::Sha224): "sha224", 28, 64; }
digest_type! { "_sha2.SHA256Type" = Sha256(::sha2::Sha256): "sha256", 32, 64; }
digest_type! { "_sha2.SHA384Type" = Sha384(::sha2::Sha384): "sha384", 48, 128; }
digest_type! { "_sha2.SHA512Type" = Sha512(::sha2::Sha512): "sha512", 64, 128; }

native_module! {
    /// SHA-2.
    "_sha2" {
        types { Sha224, Sha256, Sha384, Sha512 }
        functions {
            /// A SHA-2 digest of 224 bits, fed with bytes.
            sha224(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None");
            /// A SHA-2 digest of 256 bits, fed with bytes.
            sha256(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None");
            /// A SHA-2 digest of 384 bits, fed with bytes.
            sha384(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None");
            /// A SHA-2 digest of 512 bits, fed with bytes.
            sha512(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None");
        }
    }
}

fn sha224(cx: &Cx, data: Given, _: bool, string: Given) -> Res<Obj<Sha224>> {
    cx.new(Sha224::fed(cx, data, string)?)
}
fn sha256(cx: &Cx, data: Given, _: bool, string: Given) -> Res<Obj<Sha256>> {
    cx.new(Sha256::fed(cx, data, string)?)
}
fn sha384(cx: &Cx, data: Given, _: bool, string: Given) -> Res<Obj<Sha384>> {
    cx.new(Sha384::fed(cx, data, string)?)
}
fn sha512(cx: &Cx, data: Given, _: bool, string: Given) -> Res<Obj<Sha512>> {
    cx.new(Sha512::fed(cx, data, string)?)
}
