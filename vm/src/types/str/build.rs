//! Building a str piece by piece in memory that is charged to the heap.
//!
//! The characters gather in a small buffer within the builder, then in a buffer of the heap, which widens
//! when a character needs it. [`StrBuilder::finish`] copies them into a str of the least width.

use std::fmt::Display;
use std::ptr::NonNull;

use super::search::Unit;
use super::text::stood_for;
use super::{Chars, LARGE_RUN, Str, system_has};
use crate::raised::{Raised, Res};
use crate::value::Value;
use crate::vm::Vm;

const INLINE_WORDS: usize = 16;

/// A str in the making. It may be held while Python code runs.
pub struct StrBuilder<'v> {
    vm: &'v Vm,
    heap: Option<NonNull<u8>>,
    /// Bytes of the buffer in use.
    room: usize,
    len: usize,
    /// log2 of the bytes per character.
    shift: u32,
    /// All characters, or-ed.
    seen: u32,
    inline: [u64; INLINE_WORDS],
}

impl<'v> StrBuilder<'v> {
    /// An empty one.
    pub fn new(vm: &'v Vm) -> StrBuilder<'v> {
        StrBuilder {
            vm,
            heap: None,
            room: INLINE_WORDS * 8,
            len: 0,
            shift: 0,
            seen: 0,
            inline: [0; INLINE_WORDS],
        }
    }

    /// An empty one with room for so many characters of the width that `max` needs.
    pub fn with_capacity(vm: &'v Vm, len: usize, max: u32) -> Res<StrBuilder<'v>> {
        let mut builder = StrBuilder::new(vm);
        builder.shift = shift_of(max);
        builder.reserve(len)?;
        Ok(builder)
    }

    /// Characters so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes room for more characters.
    pub fn reserve(&mut self, more: usize) -> Res<()> {
        let need = self.len.checked_add(more).and_then(|n| n.checked_mul(1 << self.shift));
        match need {
            Some(need) if need <= self.room => Ok(()),
            Some(need) => self.grow(need, self.shift),
            None => Err(self.vm.no_memory()),
        }
    }

    /// Appends a character.
    #[inline]
    pub fn push_char(&mut self, c: u32) -> Res<()> {
        if shift_of(c) > self.shift {
            self.widen(c)?;
        }
        self.reserve(1)?;
        self.seen |= c;
        // SAFETY: there is room for one more, of this width.
        unsafe { self.write(self.len, c) };
        self.len += 1;
        Ok(())
    }

    /// Appends a character several times.
    pub fn push_repeated(&mut self, c: u32, count: usize) -> Res<()> {
        if count == 0 {
            return Ok(());
        }
        if shift_of(c) > self.shift {
            self.widen(c)?;
        }
        self.reserve(count)?;
        self.seen |= c;
        // SAFETY: there is room for `count` more, of this width.
        unsafe {
            if self.shift == 0 {
                self.data().add(self.len).write_bytes(c as u8, count);
            } else {
                (self.len..self.len + count).for_each(|at| self.write(at, c));
            }
        }
        self.len += count;
        Ok(())
    }

    /// Appends characters.
    pub fn push_chars(&mut self, chars: Chars<'_>) -> Res<()> {
        let max = match chars {
            Chars::One(s) if s.is_ascii() => 0x7F,
            _ => chars.max_char(),
        };
        self.push_known(chars, max)
    }

    /// Appends a whole str.
    pub fn push_text(&mut self, text: &Str) -> Res<()> {
        self.push_known(text.chars(), text.max_bound())
    }

    /// Appends a value that is a str; anything else adds nothing.
    pub fn push_value(&mut self, value: &Value) -> Res<()> {
        value.get::<Str>().map_or(Ok(()), |text| self.push_text(text))
    }

    /// Appends characters, the greatest of which needs the same width as `max`, and is ASCII if `max` is.
    fn push_known(&mut self, chars: Chars<'_>, max: u32) -> Res<()> {
        if chars.is_empty() {
            return Ok(());
        }
        if shift_of(max) > self.shift {
            self.widen(max)?;
        }
        self.reserve(chars.len())?;
        self.seen |= max;
        // SAFETY: there is room for them, of this width, which is at least theirs.
        unsafe { copy_chars(chars, self.data(), self.len, self.shift) };
        self.len += chars.len();
        Ok(())
    }

    /// Appends ASCII.
    pub(crate) fn push_ascii(&mut self, bytes: &[u8]) -> Res<()> {
        debug_assert!(bytes.is_ascii());
        self.push_known(Chars::One(bytes), 0x7F)
    }

    /// Appends UTF-8 text.
    pub fn push_str(&mut self, text: &str) -> Res<()> {
        if text.is_ascii() {
            return self.push_known(Chars::One(text.as_bytes()), 0x7F);
        }
        if let Some(surrogate) = stood_for(text) {
            return self.push_char(surrogate);
        }
        text.chars().try_for_each(|c| self.push_char(u32::from(c)))
    }

    /// The characters so far.
    pub fn chars(&self) -> Chars<'_> {
        // SAFETY: `len` characters of this width are written; the buffer is 8-aligned.
        unsafe {
            match self.shift {
                0 => Chars::One(std::slice::from_raw_parts(self.start(), self.len)),
                1 => Chars::Two(std::slice::from_raw_parts(self.start().cast(), self.len)),
                _ => Chars::Four(std::slice::from_raw_parts(self.start().cast(), self.len)),
            }
        }
    }

    /// The str.
    pub fn finish(self) -> Res {
        if self.seen < 0x80 {
            // A builder that was made wider than it had to be holds ASCII in wide characters.
            return match self.chars() {
                Chars::One(s) => self.vm.str_from_ascii(s),
                wide => self.vm.str_from_iter(self.len, self.seen, wide.iter()),
            };
        }
        self.vm.str_from_iter_or_copy(self.chars(), self.seen)
    }

    fn start(&self) -> *const u8 {
        self.heap.map_or(self.inline.as_ptr().cast(), |p| p.as_ptr().cast_const())
    }

    fn data(&mut self) -> *mut u8 {
        self.heap.map_or(self.inline.as_mut_ptr().cast(), NonNull::as_ptr)
    }

    /// Writes a character.
    ///
    /// # Safety
    /// There is room at the index, and the width is enough.
    #[inline]
    unsafe fn write(&mut self, at: usize, c: u32) {
        let data = self.data();
        // SAFETY: there is room for a character of this width at the index, which is aligned for it.
        unsafe {
            match self.shift {
                0 => data.add(at).write(c as u8),
                1 => data.cast::<u16>().add(at).write(c as u16),
                _ => data.cast::<u32>().add(at).write(c),
            }
        }
    }

    #[cold]
    fn widen(&mut self, c: u32) -> Res<()> {
        let shift = shift_of(c);
        match self.len.checked_add(1).and_then(|n| n.checked_mul(1 << shift)) {
            Some(need) => self.grow(need, shift),
            None => Err(self.vm.no_memory()),
        }
    }

    /// Moves the characters to a buffer of at least `need` bytes and of a width.
    #[cold]
    fn grow(&mut self, need: usize, shift: u32) -> Res<()> {
        let room = need.max(need + need / 4).max(INLINE_WORDS * 16);
        if room >= 1 << 48 || (room >= LARGE_RUN && !system_has(room)) {
            return Err(self.vm.no_memory());
        }
        let heap = self.vm.heap();
        if let (Some(old), true) = (self.heap, shift == self.shift) {
            // SAFETY: the buffer is of this heap and of `room` bytes.
            let Some(moved) = (unsafe { heap.resize_buffer(old, self.room, room) }) else {
                return Err(self.vm.no_memory());
            };
            self.heap = Some(moved);
        } else {
            let Some(fresh) = heap.alloc_buffer(room) else { return Err(self.vm.no_memory()) };
            // SAFETY: the new buffer has room for all characters in the new width.
            unsafe { copy_chars(self.chars(), fresh.as_ptr(), 0, shift) };
            if let Some(old) = self.heap.replace(fresh) {
                // SAFETY: the old buffer has `room` bytes of this heap, and nobody uses it any more.
                unsafe { heap.free_buffer(old, self.room) };
            }
            self.shift = shift;
        }
        self.room = room;
        Ok(())
    }
}

impl Drop for StrBuilder<'_> {
    fn drop(&mut self) {
        if let Some(buffer) = self.heap {
            // SAFETY: the buffer is of this heap and of `room` bytes.
            unsafe { self.vm.heap().free_buffer(buffer, self.room) };
        }
    }
}

/// log2 of the bytes that a character needs.
#[inline]
pub(super) fn shift_of(c: u32) -> u32 {
    u32::from(c >= 0x100) + u32::from(c >= 0x1_0000)
}

/// The bytes of code units.
pub(super) fn unit_bytes<U: Unit>(s: &[U]) -> &[u8] {
    // SAFETY: u8, u16 and u32, which the units are, have no padding.
    unsafe { std::slice::from_raw_parts(s.as_ptr().cast(), size_of_val(s)) }
}

/// A str of one-byte characters whose bytes are others, mapped from ASCII to ASCII.
pub(super) fn mapped(vm: &Vm, from: &[u8], mut map: impl FnMut(u8) -> u8) -> Res {
    // SAFETY: the block has a byte for each of `from`, and each is written.
    unsafe {
        let (made, data) = vm.new_str_raw(from.len(), 1, true)?;
        for (at, byte) in from.iter().enumerate() {
            let byte = map(*byte);
            debug_assert!(byte.is_ascii());
            data.add(at).write(byte);
        }
        Ok(made.into_value())
    }
}

/// A new str of `len` characters, the greatest of which needs the width of `max`; if there are fewer, zeros follow.
pub(super) fn written(vm: &Vm, len: usize, max: u32, chars: impl Iterator<Item = u32>) -> Res {
    // SAFETY: the block has room for `len` characters of this width, and each is written.
    unsafe {
        let (text, data) = vm.new_str_raw(len, 1 << shift_of(max), max < 0x80)?;
        match shift_of(max) {
            0 => write_units(data, len, chars.map(|c| c as u8)),
            1 => write_units(data.cast(), len, chars.map(|c| c as u16)),
            _ => write_units(data.cast(), len, chars),
        }
        Ok(text.into_value())
    }
}

/// Writes `len` units; where there are fewer, zeros follow.
///
/// # Safety
/// There is room for so many at `to`.
unsafe fn write_units<U: Unit + Default>(to: *mut U, len: usize, units: impl Iterator<Item = U>) {
    let mut at = 0;
    for unit in units {
        if at == len {
            break;
        }
        // SAFETY: `at` is below `len`.
        unsafe { to.add(at).write(unit) };
        at += 1;
    }
    // SAFETY: they are below `len`.
    (at..len).for_each(|at| unsafe { to.add(at).write(U::default()) });
}

/// A new ASCII str: what stands before a filling, the filling so many times, what stands behind it, and the filling again.
pub(super) fn filled(vm: &Vm, (head, left): (&[u8], usize), fill: u8, (body, right): (&[u8], usize)) -> Res {
    let sum = head.len().checked_add(left).and_then(|n| n.checked_add(body.len()));
    let Some(len) = sum.and_then(|n| n.checked_add(right)) else { return Err(vm.no_memory()) };
    debug_assert!(head.is_ascii() && fill.is_ascii() && body.is_ascii());
    if len <= 1 {
        let fills = std::iter::repeat_n(&fill, left + right);
        return vm.str_from_iter(len, 0x7F, head.iter().chain(body).chain(fills).map(|b| u32::from(*b)));
    }
    // SAFETY: the block has room for the four parts, which are written one after the other.
    unsafe {
        let (text, data) = vm.new_str_raw(len, 1, true)?;
        copy_short(head, data);
        data.add(head.len()).write_bytes(fill, left);
        let body_at = data.add(head.len() + left);
        copy_short(body, body_at);
        body_at.add(body.len()).write_bytes(fill, right);
        Ok(text.into_value())
    }
}

/// The bytes of a new ASCII str, which are written one run after the other.
pub(super) struct AsciiRuns {
    to: *mut u8,
    left: usize,
}

impl AsciiRuns {
    /// Writes the next ones.
    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) {
        debug_assert!(bytes.is_ascii());
        assert!(bytes.len() <= self.left);
        // SAFETY: at `to` there is room for `left` bytes of a str that nobody has seen.
        unsafe {
            copy_short(bytes, self.to);
            self.to = self.to.add(bytes.len());
        }
        self.left -= bytes.len();
    }
}

/// A new ASCII str of `len` bytes, two or more, which `fill` writes.
pub(super) fn ascii_of_runs(vm: &Vm, len: usize, fill: impl FnOnce(&mut AsciiRuns)) -> Res {
    // SAFETY: the str is given away only if each of its bytes was written.
    unsafe {
        let (text, data) = vm.new_str_raw(len, 1, true)?;
        let mut runs = AsciiRuns { to: data, left: len };
        fill(&mut runs);
        assert!(runs.left == 0);
        Ok(text.into_value())
    }
}

/// A str of `len` characters: a whole number, not 0, of copies of one that is not empty.
pub(super) fn repeated(vm: &Vm, body: &Str, len: usize) -> Res {
    let (width, unit) = (body.width(), body.byte_len());
    // SAFETY: the block has `len * width` bytes, and each is written: the first copy, then copies of what there is, doubling.
    unsafe {
        let (made, data) = vm.new_str_raw(len, width, body.is_ascii())?;
        if unit == 1 {
            data.write_bytes(body.bytes()[0], len);
            return Ok(made.into_value());
        }
        std::ptr::copy_nonoverlapping(body.bytes().as_ptr(), data, unit);
        let mut done = unit;
        while done < len * width {
            let count = done.min(len * width - done);
            std::ptr::copy_nonoverlapping(data, data.add(done), count);
            done += count;
        }
        Ok(made.into_value())
    }
}

/// Copies characters to the index `at` of a buffer whose characters have `1 << shift` bytes.
///
/// # Safety
/// There is room, and no character is too wide.
pub(super) unsafe fn copy_chars(chars: Chars<'_>, to: *mut u8, at: usize, shift: u32) {
    // SAFETY: from `at` on there is room for `chars.len()` characters of this width, which no reference covers.
    unsafe {
        match (chars, shift) {
            (Chars::One(s), 0) => std::ptr::copy_nonoverlapping(s.as_ptr(), to.add(at), s.len()),
            (Chars::Two(s), 1) => {
                std::ptr::copy_nonoverlapping(s.as_ptr(), to.cast::<u16>().add(at), s.len())
            }
            (Chars::Four(s), 2) => {
                std::ptr::copy_nonoverlapping(s.as_ptr(), to.cast::<u32>().add(at), s.len())
            }
            (chars, 0) => chars.iter().enumerate().for_each(|(i, c)| to.add(at + i).write(c as u8)),
            (chars, 1) => {
                chars.iter().enumerate().for_each(|(i, c)| to.cast::<u16>().add(at + i).write(c as u16))
            }
            (chars, _) => chars.iter().enumerate().for_each(|(i, c)| to.cast::<u32>().add(at + i).write(c)),
        }
    }
}

/// For messages: what cannot be written for want of memory is an error of the format, and a `MemoryError` waits.
impl std::fmt::Write for StrBuilder<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push_str(text).map_err(|Raised(())| std::fmt::Error)
    }
}

impl Vm {
    /// What is displayed, as a str: written where it is charged, so that no script can make it too long. Runs no Python but what the
    /// displaying runs; `MemoryError`, and as [`Vm::work`].
    pub fn display(&self, what: impl Display) -> Res {
        let pending = self.thread.raised.take();
        let mut out = StrBuilder::new(self);
        let written = std::fmt::Write::write_fmt(&mut out, format_args!("{what}"));
        if written.is_err() {
            if self.thread.raised.is_unbound() {
                return Err(self.no_memory());
            }
            return Err(Raised(()));
        }
        self.thread.raised.set(pending);
        self.work_on_bytes(out.len())?;
        out.finish()
    }

    /// The concatenation of texts. Runs no Python; `MemoryError`.
    pub fn str_concat(&self, parts: &[&str]) -> Res {
        let mut out = StrBuilder::new(self);
        parts.iter().try_for_each(|part| out.push_str(part))?;
        out.finish()
    }
}

/// The concatenation of values that are all strs. A single exact str is given back as it is.
pub fn concat_strs(vm: &Vm, parts: &[&Value]) -> Res {
    if let [one] = parts
        && one.exact::<Str>().is_some()
    {
        return Ok((*one).clone());
    }
    join_texts(vm, None, parts.len(), |at| parts[at].get::<Str>())
}

/// Copies bytes of a text, most of which are few.
///
/// # Safety
/// There is room for as many at `to`, which lies elsewhere.
#[inline(always)]
unsafe fn copy_short(bytes: &[u8], to: *mut u8) {
    // SAFETY: as the caller says.
    unsafe {
        match bytes {
            [] => {}
            [one] => to.write(*one),
            _ => std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()),
        }
    }
}

/// Joins `count` strs with a separator between them; the result is measured first and written once.
pub(super) fn join_texts<'a>(
    vm: &Vm,
    separator: Option<&'a Str>,
    count: usize,
    part: impl Fn(usize) -> Option<&'a Str>,
) -> Res {
    let (mut len, mut max) = (0usize, 0);
    for text in (0..count).filter_map(&part) {
        max |= text.max_bound();
        len = match len.checked_add(text.len()) {
            Some(len) => len,
            None => return Err(vm.no_memory()),
        };
    }
    if let (Some(between), 2..) = (separator, count) {
        max |= between.max_bound();
        len = match between.len().checked_mul(count - 1).and_then(|more| len.checked_add(more)) {
            Some(len) => len,
            None => return Err(vm.no_memory()),
        };
    }
    if len == 0 || (len == 1 && max < 256) {
        let only = (0..count).find_map(|at| part(at).filter(|t| !t.is_empty())).or(separator);
        return only.filter(|_| len == 1).map_or_else(|| vm.str(""), |text| vm.str_from(text.chars()));
    }
    let shift = shift_of(max);
    // SAFETY: the loop writes exactly the characters counted above, the widest of which needs this width.
    unsafe {
        let (text, data) = vm.new_str_raw(len, 1 << shift, max < 0x80)?;
        let mut at = 0;
        let mut write = |text: &Str| {
            match text.chars() {
                Chars::One(bytes) if shift == 0 => copy_short(bytes, data.add(at)),
                chars => copy_chars(chars, data, at, shift),
            }
            at += text.len();
        };
        for i in 0..count {
            if let Some(between) = separator.filter(|_| i > 0) {
                write(between);
            }
            if let Some(text) = part(i) {
                write(text);
            }
        }
        Ok(text.into_value())
    }
}
