//! `_hmac`: digests with a key (RFC 2104) over the digests of this crate.

use ryokan_vm::native::*;

use crate::blake2::{Narrow, Wide};
use crate::hashing::*;

native_module! {
    /// Digests with a key.
    "_hmac" {
        consts { "_GIL_MINSIZE" = 2048; }
        types { Hmac }
        classes { "UnknownHashError" = &UNKNOWN; }
        functions {
            /// An object that is fed with a message, under a key and an algorithm.
            new(key: &Value, msg: Given = Given(None) => "None", digestmod: Given = Given(None) => "None");
            /// The digest of a message under a key, by an algorithm's name.
            compute_digest(key: &Value, msg: &Value, digest: &Value);
            /// HMAC-MD5 of a message.
            compute_md5(key: &Value, msg: &Value, /);
            /// HMAC-SHA-1 of a message.
            compute_sha1(key: &Value, msg: &Value, /);
            /// HMAC-SHA-224 of a message.
            compute_sha224(key: &Value, msg: &Value, /);
            /// HMAC-SHA-256 of a message.
            compute_sha256(key: &Value, msg: &Value, /);
            /// HMAC-SHA-384 of a message.
            compute_sha384(key: &Value, msg: &Value, /);
            /// HMAC-SHA-512 of a message.
            compute_sha512(key: &Value, msg: &Value, /);
            /// HMAC-SHA-3-224 of a message.
            compute_sha3_224(key: &Value, msg: &Value, /);
            /// HMAC-SHA-3-256 of a message.
            compute_sha3_256(key: &Value, msg: &Value, /);
            /// HMAC-SHA-3-384 of a message.
            compute_sha3_384(key: &Value, msg: &Value, /);
            /// HMAC-SHA-3-512 of a message.
            compute_sha3_512(key: &Value, msg: &Value, /);
            /// HMAC-BLAKE2s of a message.
            compute_blake2s_32(key: &Value, msg: &Value, /);
            /// HMAC-BLAKE2b of a message.
            compute_blake2b_32(key: &Value, msg: &Value, /);
        }
    }
}

native_exception! {
    static UNKNOWN = "_hmac.UnknownHashError": "ValueError";
}

native_type! {
    "_hmac.HMAC" = pub struct Hmac { keyed: Own<Keyed>, algorithm: Own<&'static Known> }
    slots { repr = repr; }
    getters {
        /// the algorithm's name behind `hmac-`
        name = name;
        /// how many bytes the algorithm reads at once
        block_size = |cx: &Cx, this: This<Hmac>| this.algorithm.with(cx, |known| known.block);
        /// how many bytes the digest has
        digest_size = |cx: &Cx, this: This<Hmac>| this.algorithm.with(cx, |known| known.size);
    }
    methods {
        /// Feeds more of the message.
        update(msg: &Value);
        /// The digest of the message so far.
        digest();
        /// The same in hexadecimal digits.
        hexdigest();
        /// Another one that was fed with the same.
        copy();
    }
}

/// An algorithm with the key in it already: one state begins the digest of the message, one the digest of that.
pub trait Fed: Send + Sync {
    fn feed(&mut self, bytes: &[u8]);
    fn digest(&self) -> Vec<u8>;
    fn copy(&self) -> Keyed;
    /// Replaces bytes by their digest, and adds that to a sum without carry, so many times.
    fn iterate(&self, last: &mut Vec<u8>, sum: &mut [u8], count: u64);
}
pub type Keyed = Box<dyn Fed>;

#[derive(Clone)]
struct Pair<A> {
    inner: A,
    outer: A,
}

impl<A: Algorithm> Fed for Pair<A> {
    fn feed(&mut self, bytes: &[u8]) {
        self.inner.feed(bytes);
    }
    fn digest(&self) -> Vec<u8> {
        let mut outer = self.outer.clone();
        outer.feed(&self.inner.digest());
        outer.digest()
    }
    fn copy(&self) -> Keyed {
        Box::new(self.clone())
    }
    fn iterate(&self, last: &mut Vec<u8>, sum: &mut [u8], count: u64) {
        for _ in 0..count {
            let mut pair = self.clone();
            pair.inner.feed(last);
            *last = Fed::digest(&pair);
            sum.iter_mut().zip(&*last).for_each(|(byte, other)| *byte ^= other);
        }
    }
}

/// A state for a key of at most a block: the rest of the block counts as zeros.
fn keyed<A: Algorithm + Default>(key: &[u8], block: usize) -> Keyed {
    let mut pad = vec![0; block];
    pad[..key.len()].copy_from_slice(key);
    let (mut inner, mut outer) = (A::default(), A::default());
    inner.feed(&pad.iter().map(|byte| byte ^ 0x36).collect::<Vec<u8>>());
    outer.feed(&pad.iter().map(|byte| byte ^ 0x5C).collect::<Vec<u8>>());
    Box::new(Pair { inner, outer })
}

/// An algorithm that has a name.
pub struct Known {
    name: &'static str,
    block: usize,
    pub size: usize,
    start: fn(&[u8], usize) -> Keyed,
    /// A long key is replaced by its digest.
    digest: fn(&Cx, &Buffer) -> Res<Vec<u8>>,
}

fn digest_of<A: Algorithm + Default>(cx: &Cx, data: &Buffer) -> Res<Vec<u8>> {
    let mut state = A::default();
    feed_new(cx, &mut state, data)?;
    Ok(state.digest())
}

const fn known<A: Algorithm + Default>(name: &'static str, block: usize, size: usize) -> Known {
    Known { name, block, size, start: keyed::<A>, digest: digest_of::<A> }
}

static KNOWN: [Known; 12] = [
    known::<::md5::Md5>("md5", 64, 16),
    known::<::sha1::Sha1>("sha1", 64, 20),
    known::<::sha2::Sha224>("sha224", 64, 28),
    known::<::sha2::Sha256>("sha256", 64, 32),
    known::<::sha2::Sha384>("sha384", 128, 48),
    known::<::sha2::Sha512>("sha512", 128, 64),
    known::<::sha3::Sha3_224>("sha3_224", 144, 28),
    known::<::sha3::Sha3_256>("sha3_256", 136, 32),
    known::<::sha3::Sha3_384>("sha3_384", 104, 48),
    known::<::sha3::Sha3_512>("sha3_512", 72, 64),
    known::<Narrow>("blake2s", 64, 32),
    known::<Wide>("blake2b", 128, 64),
];

/// The algorithm of a name, in whatever case. `UnknownHashError`.
fn find(cx: &Cx, name: &Value) -> Res<&'static Known> {
    if cx.is_str(name) {
        let text = cx.str(name)?.to_string();
        if let Some(known) = KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(&text)) {
            return Ok(known);
        }
    }
    let shown = cx.repr(name)?;
    Err(cx.raise_of(&UNKNOWN, format_args!("unsupported hash type: {shown}")))
}

/// The algorithm of a name, if there is one, or of one that OpenSSL has for it.
pub fn known_as(name: &str) -> Option<&'static Known> {
    let name = name.to_ascii_lowercase();
    let plain = match name.strip_prefix("sha3-") {
        Some(size) => format!("sha3_{size}"),
        None => name.replace("sha2-", "sha").replace("sha-", "sha"),
    };
    let plain = match plain.as_str() {
        "blake2b512" => "blake2b",
        "blake2s256" => "blake2s",
        plain => plain,
    };
    KNOWN.iter().find(|known| known.name == plain)
}

/// A state under a key. Runs Python; `TypeError`.
fn start(cx: &Cx, known: &'static Known, key: &Value) -> Res<Keyed> {
    keyed_by(cx, known, &bytes_of(cx, key)?)
}
/// The same of a key's bytes.
pub fn keyed_by(cx: &Cx, known: &'static Known, key: &Buffer) -> Res<Keyed> {
    if key.len() > known.block {
        return Ok((known.start)(&(known.digest)(cx, key)?, known.block));
    }
    // What lies there may have been made shorter since, not longer.
    Ok(key.read(|key| (known.start)(&key[..key.len().min(known.block)], known.block)))
}

fn feed_keyed(cx: &Cx, keyed: &mut Keyed, data: &Value) -> Res<()> {
    let data = bytes_of(cx, data)?;
    in_pieces(cx, &data, |bytes| keyed.feed(bytes))
}

fn new(cx: &Cx, key: &Value, msg: Given, digestmod: Given) -> Res<Obj<Hmac>> {
    let Some(name) = digestmod.0 else {
        return Err(cx.type_error("new() missing 1 required argument 'digestmod'"));
    };
    let known = find(cx, &name)?;
    let mut keyed = start(cx, known, key)?;
    if let Some(msg) = msg.0.filter(|msg| !msg.is_none()) {
        feed_keyed(cx, &mut keyed, &msg)?;
    }
    cx.new(Hmac { keyed: Own::new(keyed), algorithm: Own::new(known) })
}

fn compute(cx: &Cx, known: &'static Known, key: &Value, msg: &Value) -> Res {
    let mut keyed = start(cx, known, key)?;
    feed_keyed(cx, &mut keyed, msg)?;
    keyed.digest().as_slice().into_value(cx)
}

fn compute_digest(cx: &Cx, key: &Value, msg: &Value, digest: &Value) -> Res {
    compute(cx, find(cx, digest)?, key, msg)
}

/// Functions that know their algorithm.
macro_rules! computed {
    ($($name:ident = $at:literal;)*) => {
        $(fn $name(cx: &Cx, key: &Value, msg: &Value) -> Res {
            compute(cx, &KNOWN[$at], key, msg)
        })*
    };
}
computed! {
    compute_md5 = 0;
    compute_sha1 = 1;
    compute_sha224 = 2;
    compute_sha256 = 3;
    compute_sha384 = 4;
    compute_sha512 = 5;
    compute_sha3_224 = 6;
    compute_sha3_256 = 7;
    compute_sha3_384 = 8;
    compute_sha3_512 = 9;
    compute_blake2s_32 = 10;
    compute_blake2b_32 = 11;
}

fn name(cx: &Cx, this: This<Hmac>) -> Res<String> {
    this.algorithm.with(cx, |known| format!("hmac-{}", known.name))
}
fn repr(cx: &Cx, this: This<Hmac>) -> Res<String> {
    let name = this.algorithm.with(cx, |known| known.name)?;
    Ok(format!("<{name} HMAC object @ {:#x}>", cx.id(this.value())))
}
fn update(cx: &Cx, this: This<Hmac>, msg: &Value) -> Res<()> {
    // It is fed aside: reading may run Python, which may look at it.
    let mut keyed = this.keyed.with(cx, |keyed| keyed.copy())?;
    feed_keyed(cx, &mut keyed, msg)?;
    this.keyed.with(cx, |place| *place = keyed)
}
fn digest(cx: &Cx, this: This<Hmac>) -> Res {
    this.keyed.with(cx, |keyed| keyed.digest())?.as_slice().into_value(cx)
}
fn hexdigest(cx: &Cx, this: This<Hmac>) -> Res<String> {
    this.keyed.with(cx, |keyed| hex(&keyed.digest()))
}
fn copy(cx: &Cx, this: This<Hmac>) -> Res<Obj<Hmac>> {
    let keyed = this.keyed.with(cx, |keyed| keyed.copy())?;
    let algorithm = this.algorithm.with(cx, |known| *known)?;
    cx.new(Hmac { keyed: Own::new(keyed), algorithm: Own::new(algorithm) })
}
