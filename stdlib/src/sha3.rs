//! `_sha3`

use ::sha3::digest::{ExtendableOutput, Update, XofReader};
use ryokan_vm::native::*;

use crate::hashing::*;

/// A digest of a fixed size, which Python calls.
macro_rules! fixed {
    ($full:literal = $T:ident($algorithm:ty): $name:literal, $size:literal, $block:literal;) => {
        digest_type! { $full = $T($algorithm): $name, $size, $block;
            { new(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None") = $T::make; }
            {
                /// bits of the state that no input reaches
                _capacity_bits = |_: &Cx, _: This<$T>| 1600 - $block * 8;
                /// bits that are read at once
                _rate_bits = |_: &Cx, _: This<$T>| $block * 8;
                /// what is added behind the input
                _suffix = |cx: &Cx, _: This<$T>| (&[6_u8][..]).into_value(cx);
            }
        }
        impl $T {
            fn make(cx: &Cx, class: &Value, data: Given, _: bool, string: Given) -> Res {
                cx.new_of(class, $T::fed(cx, data, string)?)
            }
        }
    };
}

fixed! { "_sha3.sha3_224" = Sha224(::sha3::Sha3_224): "sha3_224", 28, 144; }
fixed! { "_sha3.sha3_256" = Sha256(::sha3::Sha3_256): "sha3_256", 32, 136; }
fixed! { "_sha3.sha3_384" = Sha384(::sha3::Sha3_384): "sha3_384", 48, 104; }
fixed! { "_sha3.sha3_512" = Sha512(::sha3::Sha3_512): "sha3_512", 64, 72; }

native_module! {
    /// SHA-3, and the digests of any length that belong to it.
    "_sha3" {
        consts { "implementation" = "RustCrypto"; }
        types { Sha224, Sha256, Sha384, Sha512, Shake128, Shake256 }
    }
}

/// A digest may have so many bytes.
const LONGEST: usize = (1 << 29) - 1;

/// A digest of any length.
macro_rules! extendable {
    ($full:literal = $T:ident($algorithm:ty): $name:literal, $block:literal;) => {
        native_type! {
            /// A digest of any length that is fed with bytes.
            $full = pub struct $T { state: Own<$algorithm> }
            new(data: Given = Given(None) => "b''", *, usedforsecurity: bool = True, string: Given = Given(None) => "None") = $T::make;
            getters {
                /// the algorithm's name
                name = |_: &Cx, _: This<$T>| $name;
                /// 0: a digest has as many bytes as are asked for
                digest_size = |_: &Cx, _: This<$T>| 0;
                /// how many bytes the algorithm reads at once
                block_size = |_: &Cx, _: This<$T>| $block;
                /// bits of the state that no input reaches
                _capacity_bits = |_: &Cx, _: This<$T>| 1600 - $block * 8;
                /// bits that are read at once
                _rate_bits = |_: &Cx, _: This<$T>| $block * 8;
                /// what is added behind the input
                _suffix = |cx: &Cx, _: This<$T>| (&[0x1F_u8][..]).into_value(cx);
            }
            methods {
                /// Feeds more bytes.
                update(data: &Value, /) = $T::update;
                /// So many bytes of the digest of all bytes so far.
                digest(length: Int) = $T::digest;
                /// The same in hexadecimal digits.
                hexdigest(length: Int) = $T::hexdigest;
                /// Another one that was fed with the same.
                copy() = $T::copy;
            }
        }

        impl $T {
            fn make(cx: &Cx, class: &Value, data: Given, _: bool, string: Given) -> Res {
                let mut state = Shake(<$algorithm>::default());
                if let Some(data) = input(cx, data, string)? {
                    feed_new(cx, &mut state, &data)?;
                }
                cx.new_of(class, $T { state: Own::new(state.0) })
            }
            fn update(cx: &Cx, this: This<$T>, data: &Value) -> Res<()> {
                // It is fed aside: reading may run Python, which may look at it.
                let mut state = Shake(this.state.with(cx, |state| state.clone())?);
                feed_new(cx, &mut state, &bytes_of(cx, data)?)?;
                this.state.with(cx, |place| *place = state.0)
            }
            fn read(cx: &Cx, this: This<$T>, length: Int) -> Res<Vector<u8>> {
                if length.is_negative() {
                    return Err(cx.value_error("Cannot convert negative int"));
                }
                let length = length.small().map_or(usize::MAX, |length| length as usize);
                if length > LONGEST {
                    return Err(cx.value_error("length is too large"));
                }
                let mut out = cx.vector(length)?;
                cx.work_on_bytes(length * 8)?;
                out.resize(length, 0);
                let state = this.state.with(cx, |state| state.clone())?;
                state.finalize_xof().read(&mut out);
                Ok(out)
            }
            fn digest(cx: &Cx, this: This<$T>, length: Int) -> Res {
                (&$T::read(cx, this, length)?[..]).into_value(cx)
            }
            fn hexdigest(cx: &Cx, this: This<$T>, length: Int) -> Res {
                let bytes = $T::read(cx, this, length)?;
                let mut text = StrWriter::new(cx);
                for part in bytes.chunks(4096) {
                    text.push_str(&hex(part))?;
                }
                text.finish()
            }
            fn copy(cx: &Cx, this: This<$T>) -> Res<Obj<$T>> {
                let state = this.state.with(cx, |state| state.clone())?;
                cx.new($T { state: Own::new(state) })
            }
        }
    };
}

extendable! { "_sha3.shake_128" = Shake128(::sha3::Shake128): "shake_128", 168; }
extendable! { "_sha3.shake_256" = Shake256(::sha3::Shake256): "shake_256", 136; }

/// One of them, to be fed.
#[derive(Clone)]
struct Shake<A>(A);

impl<A: Update + Clone + Send + Sync + 'static> Algorithm for Shake<A> {
    fn feed(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    fn digest(&self) -> Vec<u8> {
        Vec::new()
    }
}
