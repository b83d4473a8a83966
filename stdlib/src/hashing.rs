//! What the modules of digests have in common: arguments, and types of objects that are fed with bytes.

use ryokan_vm::native::*;

/// So many bytes are read between two looks at budget and signals.
const PIECE: usize = 1 << 20;

/// An algorithm that is fed with bytes.
pub trait Algorithm: Clone + Send + Sync + 'static {
    /// Takes bytes.
    fn feed(&mut self, bytes: &[u8]);
    /// The digest of all bytes so far.
    fn digest(&self) -> Vec<u8>;
}

/// Whatever the crates of digests have.
impl<D: digest::Digest + Clone + Send + Sync + 'static> Algorithm for D {
    fn feed(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
    fn digest(&self) -> Vec<u8> {
        self.clone().finalize().to_vec()
    }
}

/// The bytes of an argument. Runs Python; `TypeError`.
pub fn bytes_of(cx: &Cx, data: &Value) -> Res<Buffer> {
    if cx.is_str(data) {
        return Err(cx.type_error("Strings must be encoded before hashing"));
    }
    Buffer::of(cx, data).or_else(|raised| {
        drop(cx.catch(raised, "TypeError")?);
        Err(cx.type_error("object supporting the buffer API required"))
    })
}

/// The bytes that a digest begins with: under one of two names.
pub fn input(cx: &Cx, data: Given, string: Given) -> Res<Option<Buffer>> {
    let string = string.0.filter(|string| !string.is_none());
    match (data.0, string) {
        (Some(_), Some(_)) => Err(cx.type_error(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.",
        )),
        (Some(data), None) | (None, Some(data)) => bytes_of(cx, &data).map(Some),
        _ => Ok(None),
    }
}

/// Feeds an algorithm that nobody else has.
pub fn feed_new(cx: &Cx, algorithm: &mut impl Algorithm, data: &Buffer) -> Res<()> {
    in_pieces(cx, data, |bytes| algorithm.feed(bytes))
}

/// Gives bytes away in pieces, with a look at budget and signals before each.
pub fn in_pieces(cx: &Cx, data: &Buffer, mut take: impl FnMut(&[u8])) -> Res<()> {
    let len = data.len();
    for from in (0..len).step_by(PIECE) {
        let to = (from + PIECE).min(len);
        cx.work_on_bytes(to - from)?;
        data.read(|bytes| take(bytes.get(from..to).unwrap_or_default()));
    }
    Ok(())
}

/// Feeds the algorithm of an object.
pub fn feed<A: Algorithm>(cx: &Cx, state: &Own<Box<A>>, data: &Value) -> Res<()> {
    let data = bytes_of(cx, data)?;
    let len = data.len();
    for from in (0..len).step_by(PIECE) {
        let to = (from + PIECE).min(len);
        cx.work_on_bytes(to - from)?;
        state.with(cx, |state| data.read(|bytes| state.feed(bytes.get(from..to).unwrap_or_default())))?;
    }
    Ok(())
}

/// Hexadecimal digits of bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| hex_digits(*byte)).map(char::from).collect()
}

/// A type of digests: `digest_type! { "module.name" = Type(Algorithm): "name", digest size, block size; {new} {getters} }`.
macro_rules! digest_type {
    ($full:literal = $T:ident($algorithm:ty): $name:literal, $size:literal, $block:literal; $({$($new:tt)*} {$($getter:tt)*})?) => {
        native_type! {
            /// A digest that is fed with bytes.
            $full = pub struct $T { state: Own<Box<$algorithm>> }
            $($($new)*)?
            getters {
                /// the algorithm's name
                name = |_: &Cx, _: This<$T>| $name;
                /// how many bytes the digest has
                digest_size = |_: &Cx, _: This<$T>| $size;
                /// how many bytes the algorithm reads at once
                block_size = |_: &Cx, _: This<$T>| $block;
                $($($getter)*)?
            }
            methods {
                /// Feeds more bytes.
                update(obj: &Value, /) = $T::update;
                /// The digest of all bytes so far.
                digest() = $T::digest;
                /// The same in hexadecimal digits.
                hexdigest() = $T::hexdigest;
                /// Another one that was fed with the same.
                copy() = $T::copy;
            }
        }

        impl $T {
            fn update(cx: &Cx, this: This<$T>, obj: &Value) -> Res<()> {
                feed(cx, &this.state, obj)
            }
            fn digest(cx: &Cx, this: This<$T>) -> Res {
                let digest = this.state.with(cx, |state| Algorithm::digest(&**state))?;
                digest.as_slice().into_value(cx)
            }
            fn hexdigest(cx: &Cx, this: This<$T>) -> Res<String> {
                this.state.with(cx, |state| hex(&Algorithm::digest(&**state)))
            }
            fn copy(cx: &Cx, this: This<$T>) -> Res {
                let state = this.state.with(cx, |state| state.clone())?;
                cx.new_of(&cx.class_of(this.value()), $T { state: Own::new(state) })
            }
            #[allow(dead_code, reason = "where there are parameters, it is made otherwise")]
            fn fed(cx: &Cx, data: Given, string: Given) -> Res<$T> {
                let mut state = <$algorithm>::default();
                if let Some(data) = input(cx, data, string)? {
                    feed_new(cx, &mut state, &data)?;
                }
                Ok($T { state: Own::new(Box::new(state)) })
            }
        }
    };
}
pub(crate) use digest_type;
