//! `str`: text in the smallest of three widths (PEP 393), with its hash cached.
//!
//! ```text
//! [header 8][hash 8][len << 8 | flags 8][code units: 1, 2 or 4 bytes each]
//! ```
//!
//! The width is the least that holds the greatest character, so two equal strs have equal bytes. Lone
//! surrogates are characters like any other. The hash is SipHash-1-3 of the bytes, 0 while not known. An
//! interned str stands in the VM's table and leaves it when it dies.
//!
//! Read next: `methods.rs` (the type and its table), `build.rs` (making strs), then the files of methods by
//! their job.

use std::cell::Cell;
use std::hash::Hasher;
use std::ptr::NonNull;

use ryokan_alloc::{Header, HeaderFlags, ObjPtr};

use crate::fuel::owe_bytes;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Layout, Object, Ref, payload_ptr};
use crate::raised::Res;
use crate::value::{Value, Word};
use crate::vm::{Vm, current};

pub mod args;
pub mod build;
mod case;
mod casing;
pub mod codec;
pub mod decode;
pub mod errors;
pub(crate) mod escapes;
mod flags;
mod format_method;
mod methods;
mod pad;
pub(crate) mod percent;
mod registry;
pub mod repr;
pub mod search;
pub(crate) mod split;
pub mod tables;
pub mod text;
mod translate;
pub mod unicode;
mod utf7;

use flags::StrFlags;

pub use build::{StrBuilder, concat_strs};
pub use case::is_identifier;
pub use methods::{TYPE, add, order};
pub use search::find;
pub use text::Text;

/// The payload of `str`.
#[repr(C)]
pub struct Str {
    head: Header,
    hash: Cell<i64>,
    /// Length in characters << 8 | [`StrFlags`].
    meta: Cell<u64>,
    data: [u8; 0],
}

/// Bytes before the characters.
pub const STR_HEADER: usize = size_of::<Str>();
const _: () = assert!(STR_HEADER == 24);

/// Blocks of this size are worth the question whether the system has the memory.
pub(super) const LARGE_RUN: usize = 16 << 20;

/// Whether the system has so many bytes, now.
#[cold]
pub(super) fn system_has(bytes: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// The characters of a str, by width.
#[derive(Clone, Copy)]
pub enum Chars<'a> {
    /// All below 256.
    One(&'a [u8]),
    /// All below 65,536, some above 255.
    Two(&'a [u16]),
    /// Some above 65,535.
    Four(&'a [u32]),
}

impl<'a> Chars<'a> {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Chars::One(s) => s.len(),
            Chars::Two(s) => s.len(),
            Chars::Four(s) => s.len(),
        }
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The one at an index within bounds.
    #[inline]
    pub fn at(&self, index: usize) -> u32 {
        match self {
            Chars::One(s) => u32::from(s[index]),
            Chars::Two(s) => u32::from(s[index]),
            Chars::Four(s) => s[index],
        }
    }
    /// A part.
    pub fn slice(&self, start: usize, end: usize) -> Chars<'a> {
        match self {
            Chars::One(s) => Chars::One(&s[start..end]),
            Chars::Two(s) => Chars::Two(&s[start..end]),
            Chars::Four(s) => Chars::Four(&s[start..end]),
        }
    }
    /// Whether all are below 128.
    pub fn is_ascii(&self) -> bool {
        match self {
            Chars::One(s) => s.is_ascii(),
            wide => wide.iter().all(|c| c < 0x80),
        }
    }
    /// All of them.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = u32> + 'a {
        (0..self.len()).map(move |i| self.at(i))
    }
    /// The greatest; 0 if there are none.
    pub fn max_char(&self) -> u32 {
        match self {
            Chars::One(s) => s.iter().copied().max().unwrap_or(0).into(),
            Chars::Two(s) => s.iter().copied().max().unwrap_or(0).into(),
            Chars::Four(s) => s.iter().copied().max().unwrap_or(0),
        }
    }
}

// SAFETY: repr(C), header first; owns no values; leaves the intern table when it dies.
unsafe impl Object for Str {
    const LAYOUT: Layout = Layout::Str;
    const FIXED: bool = false;
    fn dying(&self) {
        if self.is_interned() {
            // SAFETY: strs are freed while their Vm works.
            unsafe { current() }.interned().remove(self.hash() as u64, payload_ptr(self));
        }
    }
    fn size(&self) -> usize {
        STR_HEADER + self.byte_len()
    }
}

impl Str {
    /// Length in characters.
    #[inline]
    pub fn len(&self) -> usize {
        (self.meta.get() >> 8) as usize
    }
    /// Whether a flag is set.
    #[inline(always)]
    fn has(&self, flag: StrFlags) -> bool {
        self.meta.get() & flag.in_word() != 0
    }
    #[inline(always)]
    fn mark(&self, flag: StrFlags) {
        self.meta.set(self.meta.get() | flag.in_word());
    }
    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Bytes per character.
    #[inline]
    pub fn width(&self) -> usize {
        1 << (self.meta.get() & StrFlags::WIDTH.in_word())
    }
    /// Length in bytes.
    #[inline]
    pub fn byte_len(&self) -> usize {
        self.len() << (self.meta.get() & StrFlags::WIDTH.in_word())
    }
    /// Whether every character is below 128.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.has(StrFlags::ASCII)
    }
    /// Whether it stands in the intern table.
    #[inline]
    pub fn is_interned(&self) -> bool {
        self.has(StrFlags::INTERNED)
    }
    /// Whether a lookup of this name on some type may be cached.
    pub fn is_type_cached(&self) -> bool {
        self.has(StrFlags::TYPE_CACHED)
    }
    /// Says that it may.
    pub fn mark_type_cached(&self) {
        self.mark(StrFlags::TYPE_CACHED);
    }
    /// Whether a code has it for a name. It dies with the last who holds it, where CPython keeps it for ever.
    pub fn is_name(&self) -> bool {
        self.has(StrFlags::NAME)
    }
    /// Says that one has.
    pub fn mark_name(&self) {
        self.mark(StrFlags::NAME);
    }
    /// A number that no character exceeds, and that needs the width which the str has.
    #[inline]
    pub fn max_bound(&self) -> u32 {
        match self.meta.get() & (StrFlags::WIDTH | StrFlags::ASCII).in_word() {
            0 => 0xFF,
            1 => 0xFFFF,
            2 => 0x10_FFFF,
            _ => 0x7F,
        }
    }
    fn data(&self) -> *const u8 {
        // The characters lie behind the struct, where a pointer derived from a reference to the struct may
        // not reach. The address is that of the block's own pointer, which was exposed when its word was
        // made.
        std::ptr::with_exposed_provenance(std::ptr::from_ref(self).addr() + STR_HEADER)
    }
    /// The characters' bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: a str's block has `byte_len` bytes behind the header, written when it was made.
        unsafe { std::slice::from_raw_parts(self.data(), self.byte_len()) }
    }
    /// The characters.
    #[inline]
    pub fn chars(&self) -> Chars<'_> {
        // SAFETY: a str's block has `len` characters of its width behind the header, written when it was made; 8-aligned.
        unsafe {
            match self.meta.get() & StrFlags::WIDTH.in_word() {
                0 => Chars::One(std::slice::from_raw_parts(self.data(), self.len())),
                1 => Chars::Two(std::slice::from_raw_parts(self.data().cast(), self.len())),
                _ => Chars::Four(std::slice::from_raw_parts(self.data().cast(), self.len())),
            }
        }
    }
    /// As `&str`, if it is ASCII.
    pub fn ascii(&self) -> Option<&str> {
        // SAFETY: ASCII bytes are UTF-8.
        self.is_ascii().then(|| unsafe { std::str::from_utf8_unchecked(self.bytes()) })
    }
    /// The hash.
    #[inline]
    pub fn hash(&self) -> i64 {
        self.known_hash().unwrap_or_else(|| self.hash_slow())
    }
    /// The hash, if it is known already.
    #[inline(always)]
    pub fn known_hash(&self) -> Option<i64> {
        match self.hash.get() {
            0 => None,
            known => Some(known),
        }
    }
    #[cold]
    fn hash_slow(&self) -> i64 {
        owe_bytes(self.byte_len());
        // SAFETY: strs are hashed while their Vm works.
        let hash = hash_bytes(unsafe { current() }, self.bytes());
        self.hash.set(hash);
        hash
    }
    /// Whether both hold the same text.
    #[inline]
    pub fn equals(&self, other: &Str) -> bool {
        std::ptr::eq(self, other)
            || (self.meta.get() >> 8 == other.meta.get() >> 8
                && (self.meta.get() ^ other.meta.get()) & StrFlags::WIDTH.in_word() == 0
                && same_bytes(self.bytes(), other.bytes()))
    }
    /// Whether the text is that of an ASCII literal.
    pub fn is_text(&self, text: &str) -> bool {
        self.is_ascii() && self.bytes() == text.as_bytes()
    }
    /// As a Rust string; lone surrogates become U+FFFD.
    pub fn to_text(&self) -> String {
        match self.ascii() {
            Some(text) => text.to_string(),
            None => self.chars().iter().map(|c| char::from_u32(c).unwrap_or('\u{FFFD}')).collect(),
        }
    }
    /// In WTF-8.
    pub fn to_wtf8(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.byte_len());
        for c in self.chars().iter() {
            push_wtf8(&mut out, c);
        }
        out
    }
}

/// Appends a character or lone surrogate in (generalised) UTF-8.
pub fn push_wtf8(out: &mut Vec<u8>, c: u32) {
    match char::from_u32(c) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xE0 | (c >> 12) as u8,
            0x80 | (c >> 6 & 63) as u8,
            0x80 | (c & 63) as u8,
        ]),
    }
}

/// The hash of a str's or a bytes object's bytes.
pub fn hash_bytes(vm: &Vm, bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    let mut hasher = siphasher::sip::SipHasher13::new_with_keys(vm.hash_key.0, vm.hash_key.1);
    hasher.write(bytes);
    match hasher.finish() as i64 {
        -1 => -2,
        hash => hash,
    }
}

/// Whether two texts of the same length are the same; long ones are paid for.
#[inline(always)]
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    owe_bytes(a.len());
    a == b
}

/// The characters of (generalised) UTF-8 that is known to be well-formed.
fn wtf8_chars(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = u32::from(*bytes.get(at)?);
        let follow = |i: usize| u32::from(bytes.get(at + i).copied().unwrap_or(0x80)) & 63;
        let (c, n) = match first {
            0..0x80 => (first, 1),
            0x80..0xE0 => ((first & 31) << 6 | follow(1), 2),
            0xE0..0xF0 => ((first & 15) << 12 | follow(1) << 6 | follow(2), 3),
            _ => ((first & 7) << 18 | follow(1) << 12 | follow(2) << 6 | follow(3), 4),
        };
        at += n;
        Some(c)
    })
}

/// Whether a str of the intern table is not one that waits to be freed.
fn lives(p: ObjPtr) -> bool {
    // SAFETY: a str leaves the table before its block is freed.
    unsafe { p.as_ref().refs() != 0 }
}

impl Vm {
    /// A block for an object whose size a script can choose freely. The heap's mappings promise addresses
    /// only, so the system is asked first whether it has so much memory at all.
    #[inline]
    fn alloc_run(&self, bytes: usize) -> Option<NonNull<u8>> {
        if bytes >= LARGE_RUN && !system_has(bytes) { None } else { self.heap().alloc_object(bytes) }
    }

    /// A new str of `len` characters of `width` bytes, none of them written yet. Runs no Python; `MemoryError`.
    ///
    /// # Safety
    /// The caller writes every character before the str is seen, and at least one needs that width.
    pub unsafe fn new_str_raw(&self, len: usize, width: usize, ascii: bool) -> Res<(Ref<Str>, *mut u8)> {
        let bytes = len.checked_mul(width).and_then(|n| n.checked_add(STR_HEADER)).filter(|n| *n < 1 << 48);
        let Some(block) = bytes.and_then(|n| self.alloc_run(n)) else { return Err(self.no_memory()) };
        let meta = (len as u64) << 8 | StrFlags::of(width, ascii).in_word();
        // SAFETY: the block is large enough for the header and the characters.
        unsafe {
            block.cast::<Str>().as_ptr().write(Str {
                head: Header::new(Layout::Str.shape(), HeaderFlags::empty(), 1),
                hash: Cell::new(0),
                meta: Cell::new(meta),
                data: [],
            });
            let value = Value::from_word(Word::from_ptr(block.cast()));
            let text = Ref::<Str>::from_value(value).unwrap_or_else(|_| unreachable!("just made"));
            Ok((text, block.as_ptr().add(STR_HEADER)))
        }
    }

    /// A str of UTF-8 text. Runs no Python; `MemoryError`.
    pub fn str(&self, text: &str) -> Res {
        if text.is_ascii() {
            return self.str_from_ascii(text.as_bytes());
        }
        // The greatest byte is the first one of a character, and says how wide that is.
        let max = match text.bytes().fold(0, u8::max) {
            0..0xC4 => 0xFF,
            0xC4..0xF0 => 0xFFFF,
            _ => 0x10_FFFF,
        };
        match text.chars().count() {
            1 => self.str_from_iter(1, max, text.chars().map(u32::from)),
            len => build::written(self, len, max, text.chars().map(u32::from)),
        }
    }

    /// A str of ASCII bytes. Runs no Python; `MemoryError`.
    pub fn str_from_ascii(&self, bytes: &[u8]) -> Res {
        debug_assert!(bytes.is_ascii());
        match bytes {
            [] if !self.empty_str.is_unbound() => return Ok(self.empty_str.clone()),
            [c] if !self.latin1[usize::from(*c)].is_unbound() => {
                return Ok(self.latin1[usize::from(*c)].clone());
            }
            _ => {}
        }
        // SAFETY: every byte is written here.
        unsafe {
            let (text, data) = self.new_str_raw(bytes.len(), 1, true)?;
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), data, bytes.len());
            Ok(text.into_value())
        }
    }

    /// A str of WTF-8 text. Runs no Python; `MemoryError`.
    pub fn str_from_wtf8(&self, bytes: &[u8]) -> Res {
        if bytes.is_ascii() {
            return self.str_from_ascii(bytes);
        }
        let (len, max) = wtf8_chars(bytes).fold((0, 0), |(len, max), c| (len + 1, c.max(max)));
        self.str_from_iter(len, max, wtf8_chars(bytes))
    }

    /// A str of code points. Runs no Python; `MemoryError`.
    pub fn str_from_chars(&self, chars: &[u32]) -> Res {
        self.str_from_iter(chars.len(), chars.iter().copied().max().unwrap_or(0), chars.iter().copied())
    }

    /// A str of characters of any width (a slice of another str, say). Runs no Python; `MemoryError`.
    pub fn str_from(&self, chars: Chars<'_>) -> Res {
        match chars {
            Chars::One(s) if s.is_ascii() => self.str_from_ascii(s),
            _ => self.str_from_iter_or_copy(chars, chars.max_char()),
        }
    }

    /// A str of characters, `max` being the greatest of them or all of them or-ed.
    pub(crate) fn str_from_iter_or_copy(&self, chars: Chars<'_>, max: u32) -> Res {
        let (len, shift) = (chars.len(), build::shift_of(max));
        if len <= 1 {
            return self.str_from_iter(len, max, chars.iter());
        }
        // SAFETY: every character is written at once.
        unsafe {
            let (text, data) = self.new_str_raw(len, 1 << shift, max < 0x80)?;
            build::copy_chars(chars, data, 0, shift);
            Ok(text.into_value())
        }
    }

    /// A part of a str. Runs no Python; `MemoryError`.
    pub fn str_slice(&self, text: &Str, start: usize, end: usize) -> Res {
        match text.chars().slice(start, end) {
            Chars::One(s) if text.is_ascii() => self.str_from_ascii(s),
            part => self.str_from(part),
        }
    }

    /// A str value as it is if it is exactly a str, else a str of its text. Runs no Python; `MemoryError`.
    pub fn exact_str(&self, value: &Value) -> Res {
        match value.get::<Str>() {
            Some(text) if value.exact::<Str>().is_none() => self.str_from(text.chars()),
            _ => Ok(value.clone()),
        }
    }

    /// An instance of a subclass of str with the text of a str.
    pub(crate) fn str_of_class(&self, class: &TypeObj, text: &Str) -> Res {
        let (head, block) = self.alloc_inline(class, text.size())?;
        // SAFETY: the block has room for header and characters, and nobody has seen it.
        unsafe {
            block.cast::<Str>().write(Str {
                head,
                hash: Cell::new(text.hash.get()),
                meta: Cell::new(text.meta.get() & !StrFlags::OF_ONE.in_word()),
                data: [],
            });
            std::ptr::copy_nonoverlapping(text.data(), block.add(STR_HEADER), text.byte_len());
            Ok(self.adopt_inline(class, block))
        }
    }

    /// Room for an instance of a class whose payload has `bytes` bytes of its own, with the ext word behind
    /// it empty: the payload's header, and where to write it. [`Vm::adopt_inline`] comes next.
    pub(crate) fn alloc_inline(&self, class: &TypeObj, bytes: usize) -> Res<(Header, *mut u8)> {
        let shape = self.shapes.get(class.root.get());
        let payload = if shape.first == 0 { bytes } else { bytes.next_multiple_of(8) };
        let total = if shape.first == 0 { bytes } else { payload + 8 };
        let Some(block) = self.alloc_run(total) else { return Err(self.no_memory()) };
        if shape.first != 0 {
            // SAFETY: the word lies within the block.
            unsafe { block.as_ptr().add(payload).cast::<u64>().write(Word::UNBOUND.0) };
        }
        Ok((Header::new(shape.id, HeaderFlags::empty(), 1), block.as_ptr()))
    }

    /// Makes a value of a block from [`Vm::alloc_inline`].
    ///
    /// # Safety
    /// The payload is written, and nobody owns the block yet.
    pub(crate) unsafe fn adopt_inline(&self, class: &TypeObj, block: *mut u8) -> Value {
        // SAFETY: the block is not null, holds a whole object, and its first count is nobody's yet.
        unsafe {
            let ptr = ObjPtr::new_unchecked(block.cast());
            if class.has(TypeFlags::HEAP) {
                class.word().incref();
                self.track(ptr);
            }
            Value::from_word(Word::from_ptr(ptr))
        }
    }

    /// A str of one character. Runs no Python; `MemoryError`.
    pub fn str_from_char(&self, c: u32) -> Res {
        self.str_from_iter(1, c, std::iter::once(c))
    }

    /// The str of one character that lives as long as the VM, if there is one.
    pub fn known_char(&self, c: u32) -> Option<Value> {
        self.latin1.get(c as usize).filter(|known| !known.is_unbound()).cloned()
    }

    /// A str of `len` characters, the greatest of which is `max`. Runs no Python; `MemoryError`.
    pub fn str_from_iter(&self, len: usize, max: u32, chars: impl Iterator<Item = u32>) -> Res {
        let mut chars = chars.take(len);
        if len == 0 && !self.empty_str.is_unbound() {
            return Ok(self.empty_str.clone());
        }
        if len != 1 {
            return build::written(self, len, max, chars);
        }
        // Callers may give a bound for the greatest character, within its width.
        let one = chars.next().unwrap_or(0);
        match self.known_char(one) {
            Some(known) => Ok(known),
            None => build::written(self, 1, max, std::iter::once(one)),
        }
    }

    /// The interned str of a text. Runs no Python; `MemoryError`.
    pub fn intern(&self, text: &str) -> Res {
        if text.is_ascii() {
            // The hash is that of the bytes: a known name needs no str of its own to be found.
            let hash = hash_bytes(self, text.as_bytes()) as u64;
            // SAFETY: the table holds strs only, and each leaves it when it is freed.
            let found =
                self.interned().find(hash, |p| lives(p) && unsafe { p.cast::<Str>().as_ref() }.is_text(text));
            if let Some(found) = found {
                // SAFETY: what the table gave back passed `lives`: its count is not 0.
                return Ok(unsafe { Value::from_ptr(found) });
            }
        }
        let value = self.str(text)?;
        self.intern_value(value)
    }

    /// The interned str that equals this one (which must be exactly a str). Runs no Python; `MemoryError`.
    pub fn intern_value(&self, value: Value) -> Res {
        let Some(text) = value.exact::<Str>() else { return Ok(value) };
        if text.is_interned() {
            return Ok(value);
        }
        let hash = text.hash() as u64;
        // SAFETY: the table holds strs only, and each leaves it when it is freed.
        let found =
            self.interned().find(hash, |p| lives(p) && unsafe { p.cast::<Str>().as_ref() }.equals(text));
        if let Some(found) = found {
            // SAFETY: what the table gave back passed `lives`: its count is not 0.
            return Ok(unsafe { Value::from_ptr(found) });
        }
        // SAFETY: the table holds strs only, and each leaves it when it is freed.
        let rehash = |p: ObjPtr| unsafe { p.cast::<Str>().as_ref() }.hash() as u64;
        if self.interned().insert(hash, payload_ptr(text), rehash).is_err() {
            return Err(self.no_memory());
        }
        text.mark(StrFlags::INTERNED);
        Ok(value)
    }

    /// The text of a str value, for messages; empty if it is none.
    pub fn text(&self, value: &Value) -> Text {
        Text::of(self, value)
    }
    /// Whether a value is a str of an ASCII text.
    pub fn is_text(&self, value: &Value, text: &str) -> bool {
        value.get::<Str>().is_some_and(|value| value.is_text(text))
    }
}

/// Grows a str in place if nobody else can see it: the in-place form of `a += b`.
///
/// Gives back the str unchanged if it must be copied instead.
pub fn append_in_place(vm: &Vm, left: Value, right: &Str) -> Result<Value, Value> {
    let Some(text) = left.exact::<Str>() else { return Err(left) };
    let header = text.head.refs();
    if header != 1
        || text.is_interned()
        || text.is_empty()
        || right.width() > text.width()
        || std::ptr::eq(text, right)
    {
        return Err(left);
    }
    let (len, old_bytes, width) = (text.len() + right.len(), text.size(), text.width());
    let ascii = text.is_ascii() && right.is_ascii();
    let Some(new_bytes) = len.checked_mul(width).and_then(|n| n.checked_add(STR_HEADER)) else {
        return Err(left);
    };
    let at = text.byte_len();
    // SAFETY: the only reference is `left`, which is given up for the resized object; the new characters are
    // written at once.
    unsafe {
        let word = left.word();
        let Some(block) = vm.heap().resize_object(word.ptr().cast(), old_bytes, new_bytes) else {
            return Err(left);
        };
        std::mem::forget(left);
        let text = block.cast::<Str>().as_ref();
        let data = block.as_ptr().add(STR_HEADER + at);
        match (right.chars(), width) {
            (Chars::One(s), 1) => std::ptr::copy_nonoverlapping(s.as_ptr(), data, s.len()),
            (Chars::Two(s), 2) => std::ptr::copy_nonoverlapping(s.as_ptr().cast(), data, s.len() * 2),
            (Chars::Four(s), _) => std::ptr::copy_nonoverlapping(s.as_ptr().cast(), data, s.len() * 4),
            (chars, 2) => {
                chars.iter().enumerate().for_each(|(i, c)| data.cast::<u16>().add(i).write(c as u16))
            }
            (chars, _) => chars.iter().enumerate().for_each(|(i, c)| data.cast::<u32>().add(i).write(c)),
        }
        text.hash.set(0);
        text.meta.set((len as u64) << 8 | StrFlags::of(width, ascii).in_word());
        Ok(Value::from_word(Word::from_ptr(block.cast())))
    }
}
