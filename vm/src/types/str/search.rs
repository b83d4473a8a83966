//! Finding text in text: the algorithms over the three widths, and the methods made of them.

use memchr::memmem;

use super::args::{bounds, given, part_of, size, str_arg, text};
use super::build::{StrBuilder, ascii_of_runs, mapped, unit_bytes};
use super::{Chars, Str};
use crate::raised::Res;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// A code unit of one of the three widths.
pub trait Unit: Copy + Into<u32> + PartialEq {}
impl Unit for u8 {}
impl Unit for u16 {}
impl Unit for u32 {}

/// Runs an expression with the slice of the width that there is.
macro_rules! each_width {
    ($chars:expr, $s:ident => $e:expr) => {
        match $chars {
            Chars::One($s) => $e,
            Chars::Two($s) => $e,
            Chars::Four($s) => $e,
        }
    };
}

fn equal<H: Unit, N: Unit>(a: &[H], b: &[N]) -> bool {
    a.iter().zip(b).all(|(x, y)| (*x).into() == (*y).into())
}

fn find_wide<H: Unit, N: Unit>(hay: &[H], needle: &[N]) -> Option<usize> {
    let first: u32 = needle[0].into();
    let last = hay.len() - needle.len();
    let mut at = 0;
    while at <= last {
        at += hay[at..=last].iter().position(|c| (*c).into() == first)?;
        if equal(&hay[at..], needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn rfind_wide<H: Unit, N: Unit>(hay: &[H], needle: &[N]) -> Option<usize> {
    (0..=hay.len() - needle.len()).rev().find(|at| equal(&hay[*at..], needle))
}

/// A needle of so few units is compared at every place.
const SHORT: usize = 4;
/// What rolling sums are taken modulo.
const MODULUS: u64 = (1 << 61) - 1;
const BASE: u64 = 0x0bf5_8476_d1ce_4e5b;

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let sum = (product as u64 & MODULUS) + (product >> 61) as u64;
    if sum >= MODULUS { sum - MODULUS } else { sum }
}

/// The first or last place, in time that does not depend on the needle's length: the sum of a window rolls along.
fn find_rolling<H: Unit, N: Unit>(hay: &[H], needle: &[N], backwards: bool) -> Option<usize> {
    let (size, last) = (needle.len(), hay.len() - needle.len());
    let in_hay = |i: usize| u64::from(hay[if backwards { hay.len() - 1 - i } else { i }].into());
    let in_needle = |i: usize| u64::from(needle[if backwards { size - 1 - i } else { i }].into());
    let (mut wanted, mut sum, mut top) = (0, 0, 1);
    for i in 0..size {
        wanted = (times(wanted, BASE) + in_needle(i)) % MODULUS;
        sum = (times(sum, BASE) + in_hay(i)) % MODULUS;
        top = if i > 0 { times(top, BASE) } else { top };
    }
    for passed in 0..=last {
        let at = if backwards { last - passed } else { passed };
        if sum == wanted && equal(&hay[at..], needle) {
            return Some(at);
        }
        if passed < last {
            let rest = sum + MODULUS - times(top, in_hay(passed));
            sum = (times(rest % MODULUS, BASE) + in_hay(passed + size)) % MODULUS;
        }
    }
    None
}

/// Finds units of the same width by their bytes, in linear time: if their bytes are found too often across the units, by
/// rolling sums.
fn find_units<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    const TRIES: usize = 16;
    let finder = memmem::Finder::new(unit_bytes(needle));
    let (bytes, mut from) = (unit_bytes(hay), 0);
    for _ in 0..TRIES {
        let at = from + finder.find(&bytes[from..])?;
        if at % size_of::<U>() == 0 {
            return Some(at / size_of::<U>());
        }
        from = at + 1;
    }
    find_rolling(hay, needle, false)
}

/// The first place of `needle` in `hay`.
pub fn find(hay: Chars<'_>, needle: Chars<'_>) -> Option<usize> {
    if needle.len() > hay.len() {
        return None;
    }
    match (hay, needle) {
        (_, n) if n.is_empty() => Some(0),
        (Chars::One(h), Chars::One([c])) => memchr::memchr(*c, h),
        (Chars::One(h), Chars::One(n)) if h.len() <= BRIEF => find_brief(h, n),
        (Chars::One(h), Chars::One(n)) => find_bytes(h, n),
        (Chars::Two(h), Chars::Two(n)) if n.len() > SHORT => find_units(h, n),
        (Chars::Four(h), Chars::Four(n)) if n.len() > SHORT => find_units(h, n),
        (h, n) if n.len() > SHORT => each_width!(h, h => each_width!(n, n => find_rolling(h, n, false))),
        _ => each_width!(hay, h => each_width!(needle, n => find_wide(h, n))),
    }
}

/// The places of a needle that is not empty, none overlapping: found by its first byte while that is rare, for making a searcher
/// takes longer than most searches do.
pub(crate) struct Places<'a> {
    hay: &'a [u8],
    needle: &'a [u8],
    from: usize,
    /// How many places the first byte may yet be looked for at.
    patience: usize,
    finder: Option<memmem::Finder<'a>>,
}

impl<'a> Places<'a> {
    /// From the beginning.
    pub(crate) fn new(hay: &'a [u8], needle: &'a [u8]) -> Places<'a> {
        Places { hay, needle, from: 0, patience: 8, finder: None }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;
    #[inline]
    fn next(&mut self) -> Option<usize> {
        let size = self.needle.len();
        let end = (self.hay.len() + 1).checked_sub(size)?;
        while self.finder.is_none() {
            let at = self.from + memchr::memchr(self.needle[0], self.hay.get(self.from..end)?)?;
            let found = self.hay[at..at + size] == *self.needle;
            self.from = at + if found { size } else { 1 };
            match self.patience.checked_sub(1) {
                Some(left) => self.patience = left,
                None => self.finder = Some(memmem::Finder::new(self.needle)),
            }
            if found {
                return Some(at);
            }
        }
        let at = self.from + self.finder.as_ref()?.find(self.hay.get(self.from..)?)?;
        self.from = at + size;
        Some(at)
    }
}

/// The first place of a needle that is not empty.
pub(crate) fn find_bytes(hay: &[u8], needle: &[u8]) -> Option<usize> {
    // (For one place, a searcher is soon worth its making.)
    Places { patience: 2, ..Places::new(hay, needle) }.next()
}

/// Up to so many bytes a plain walk finds a needle before a searcher for it is made.
const BRIEF: usize = 48;

/// The first place of a needle that is not empty, in a text that is not long.
fn find_brief(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle[0];
    (0..=hay.len() - needle.len()).find(|at| hay[*at] == first && hay[*at..].starts_with(needle))
}

/// The last place of `needle` in `hay`.
pub fn rfind(hay: Chars<'_>, needle: Chars<'_>) -> Option<usize> {
    if needle.len() > hay.len() {
        return None;
    }
    match (hay, needle) {
        (_, n) if n.is_empty() => Some(hay.len()),
        (Chars::One(h), Chars::One([c])) => memchr::memrchr(*c, h),
        (Chars::One(h), Chars::One(n)) => memmem::rfind(h, n),
        (h, n) if n.len() > SHORT => each_width!(h, h => each_width!(n, n => find_rolling(h, n, true))),
        _ => each_width!(hay, h => each_width!(needle, n => rfind_wide(h, n))),
    }
}

/// Whether `hay` begins with `needle`.
pub fn starts_with(hay: Chars<'_>, needle: Chars<'_>) -> bool {
    needle.len() <= hay.len()
        && match (hay, needle) {
            (Chars::One(h), Chars::One(n)) => h.starts_with(n),
            _ => each_width!(hay, h => each_width!(needle, n => equal(h, n))),
        }
}

/// Whether `hay` ends with `needle`.
pub fn ends_with(hay: Chars<'_>, needle: Chars<'_>) -> bool {
    needle.len() <= hay.len() && starts_with(hay.slice(hay.len() - needle.len(), hay.len()), needle)
}

/// Calls `found` with up to `limit` places of a needle that is not empty, left to right, none overlapping.
pub fn each_match(
    hay: Chars<'_>,
    needle: Chars<'_>,
    limit: usize,
    mut found: impl FnMut(usize) -> Res<()>,
) -> Res<()> {
    match (hay, needle) {
        (Chars::One(h), Chars::One([c])) => memchr::memchr_iter(*c, h).take(limit).try_for_each(found),
        (Chars::One(h), Chars::One(n)) if n.len() > 1 => Places::new(h, n).take(limit).try_for_each(found),
        _ => {
            let mut from = 0;
            for _ in 0..limit {
                let Some(at) = find(hay.slice(from, hay.len()), needle) else { break };
                found(from + at)?;
                from += at + needle.len();
            }
            Ok(())
        }
    }
}

/// How often `needle` is in `hay`, up to a limit.
pub fn count_in(hay: Chars<'_>, needle: Chars<'_>, limit: usize) -> usize {
    if needle.is_empty() {
        return (hay.len() + 1).min(limit);
    }
    match (hay, needle) {
        (Chars::One(h), Chars::One([c])) if limit >= h.len() => return memchr::memchr_iter(*c, h).count(),
        (Chars::One(h), Chars::One(n)) if n.len() > 1 => return memmem::find_iter(h, n).take(limit).count(),
        _ => {}
    }
    let mut count = 0;
    let counted = each_match(hay, needle, limit, |_| {
        count += 1;
        Ok(())
    });
    debug_assert!(counted.is_ok());
    count
}

// ---- methods ----------------------------------------------------------------------------------------------

/// The place of an argument within the bounds of the others.
fn locate(
    vm: &Vm,
    args: &[Value],
    what: &str,
    search: fn(Chars<'_>, Chars<'_>) -> Option<usize>,
) -> Res<Option<usize>> {
    let needle = str_arg(vm, &args[1], what)?;
    let bounds = bounds(vm, args, 2)?;
    let hay = text(&args[0]);
    let Some((start, end)) = part_of(bounds, hay.len()) else { return Ok(None) };
    vm.work_on_bytes(end - start)?;
    Ok(search(hay.chars().slice(start, end), needle.chars()).map(|at| start + at))
}

fn found_or_minus_one(found: Option<usize>) -> Res {
    Ok(Value::small(found.map_or(-1, |at| at as i64)))
}

fn found_or_error(vm: &Vm, found: Option<usize>) -> Res {
    match found {
        Some(at) => Ok(Value::small(at as i64)),
        None => Err(vm.value_error("substring not found")),
    }
}

pub(super) fn find_method(vm: &Vm, args: &[Value]) -> Res {
    found_or_minus_one(locate(vm, args, "find() argument 1", find)?)
}

pub(super) fn rfind_method(vm: &Vm, args: &[Value]) -> Res {
    found_or_minus_one(locate(vm, args, "rfind() argument 1", rfind)?)
}

pub(super) fn index(vm: &Vm, args: &[Value]) -> Res {
    let found = locate(vm, args, "index() argument 1", find)?;
    found_or_error(vm, found)
}

pub(super) fn rindex(vm: &Vm, args: &[Value]) -> Res {
    let found = locate(vm, args, "rindex() argument 1", rfind)?;
    found_or_error(vm, found)
}

pub(super) fn count(vm: &Vm, args: &[Value]) -> Res {
    let needle = str_arg(vm, &args[1], "count() argument 1")?;
    let bounds = bounds(vm, args, 2)?;
    let hay = text(&args[0]);
    let Some((start, end)) = part_of(bounds, hay.len()) else { return Ok(Value::small(0)) };
    vm.work_on_bytes(end - start)?;
    Ok(Value::small(count_in(hay.chars().slice(start, end), needle.chars(), usize::MAX) as i64))
}

fn fix(vm: &Vm, args: &[Value], name: &str, test: fn(Chars<'_>, Chars<'_>) -> bool) -> Res {
    let bounds = bounds(vm, args, 2)?;
    let hay = text(&args[0]);
    let part = part_of(bounds, hay.len()).map(|(start, end)| hay.chars().slice(start, end));
    let matches = |fix: &Str| part.is_some_and(|part| test(part, fix.chars()));
    if let Some(tuple) = args[1].get::<Tuple>() {
        vm.work_on_bytes(tuple.items().len() * 16)?;
        for item in tuple.items() {
            let Some(fix) = item.get::<Str>() else {
                let kind = vm.type_name(item);
                return Err(vm.type_error(format_args!("tuple for {name} must only contain str, not {kind}")));
            };
            if matches(fix) {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    match args[1].get::<Str>() {
        Some(fix) => Ok(Value::bool(matches(fix))),
        None => Err(vm.type_error(format_args!(
            "{name} first arg must be str or a tuple of str, not {}",
            vm.type_name(&args[1])
        ))),
    }
}

pub(super) fn startswith(vm: &Vm, args: &[Value]) -> Res {
    fix(vm, args, "startswith", starts_with)
}

pub(super) fn endswith(vm: &Vm, args: &[Value]) -> Res {
    fix(vm, args, "endswith", ends_with)
}

pub(super) fn removeprefix(vm: &Vm, this: &Value, prefix: &Value) -> Res {
    let (hay, prefix) = (text(this), str_arg(vm, prefix, "removeprefix() argument")?);
    if !prefix.is_empty() && starts_with(hay.chars(), prefix.chars()) {
        return vm.str_slice(hay, prefix.len(), hay.len());
    }
    vm.exact_str(this)
}

pub(super) fn removesuffix(vm: &Vm, this: &Value, suffix: &Value) -> Res {
    let (hay, suffix) = (text(this), str_arg(vm, suffix, "removesuffix() argument")?);
    if !suffix.is_empty() && ends_with(hay.chars(), suffix.chars()) {
        return vm.str_slice(hay, 0, hay.len() - suffix.len());
    }
    vm.exact_str(this)
}

pub(super) fn contains(vm: &Vm, this: &Value, item: &Value) -> Res<bool> {
    match item.get::<Str>() {
        Some(needle) => {
            vm.work_on_bytes(text(this).byte_len())?;
            Ok(find(text(this).chars(), needle.chars()).is_some())
        }
        None => Err(vm.type_error(format_args!(
            "'in <string>' requires string as left operand, not {}",
            vm.type_name(item)
        ))),
    }
}

/// So many places are noted while they are counted.
const NOTED: usize = 32;

/// As [`count_in`]; says where the first ones are, too, of those that are looked for one after the other.
fn count_noting(hay: Chars<'_>, needle: Chars<'_>, limit: usize, noted: &mut [usize; NOTED]) -> usize {
    if needle.is_empty() {
        return count_in(hay, needle, limit);
    }
    let mut count = 0;
    let counted = each_match(hay, needle, limit, |at| {
        if let Some(slot) = noted.get_mut(count) {
            *slot = at;
        }
        count += 1;
        Ok(())
    });
    debug_assert!(counted.is_ok());
    count
}

/// Replaces so many places in ASCII by ASCII, the first ones of which were noted.
fn replace_ascii(
    vm: &Vm,
    body: &[u8],
    (old, new): (Chars<'_>, &[u8]),
    total: usize,
    (count, noted): (usize, &[usize; NOTED]),
) -> Res {
    ascii_of_runs(vm, total, |out| {
        let mut from = 0;
        let mut put = |at| {
            out.put(&body[from..at]);
            out.put(new);
            from = at + old.len();
            Ok(())
        };
        let done = match noted.get(..count) {
            Some(places) => places.iter().copied().try_for_each(put),
            None => each_match(Chars::One(body), old, count, &mut put),
        };
        debug_assert!(done.is_ok());
        out.put(&body[from..]);
    })
}

pub(super) fn replace(vm: &Vm, args: &[Value]) -> Res {
    let old = str_arg(vm, &args[1], "replace() argument 1")?;
    let new = str_arg(vm, &args[2], "replace() argument 2")?;
    let limit = given(args, 3).map_or(Ok(-1), |count| size(vm, count))?;
    let limit = if limit < 0 { usize::MAX } else { limit as usize };
    let hay = text(&args[0]);
    if limit == 0 || hay.len() < old.len() || old.equals(new) {
        return vm.exact_str(&args[0]);
    }
    let chars = hay.chars();
    vm.work_on_bytes(hay.byte_len())?;
    if let (Some([from]), Some([to]), Some(body), usize::MAX) =
        (old.ascii().map(str::as_bytes), new.ascii().map(str::as_bytes), hay.ascii(), limit)
        && body.len() > 1
    {
        return match memchr::memchr(*from, body.as_bytes()) {
            Some(_) => mapped(vm, body.as_bytes(), |byte| if byte == *from { *to } else { byte }),
            None => vm.exact_str(&args[0]),
        };
    }
    let mut noted = [0; NOTED];
    let count = count_noting(chars, old.chars(), limit, &mut noted);
    if count == 0 {
        return vm.exact_str(&args[0]);
    }
    let grown = (hay.len() - if old.is_empty() { 0 } else { count * old.len() }) as u128;
    let total = grown + count as u128 * new.len() as u128;
    if total > i64::MAX as u128 {
        return Err(vm.overflow_error("replace string is too long"));
    }
    if let (true, true, false) = (hay.is_ascii(), new.is_ascii(), old.is_empty())
        && total > 1
    {
        return replace_ascii(vm, hay.bytes(), (old.chars(), new.bytes()), total as usize, (count, &noted));
    }
    let mut out = StrBuilder::with_capacity(vm, total as usize, hay.max_bound().max(new.max_bound()))?;
    if old.is_empty() {
        for at in 0..count {
            out.push_text(new)?;
            if at < hay.len() {
                out.push_char(chars.at(at))?;
            }
        }
        if count < hay.len() {
            out.push_chars(chars.slice(count, hay.len()))?;
        }
        return out.finish();
    }
    let mut from = 0;
    each_match(chars, old.chars(), count, |at| {
        out.push_chars(chars.slice(from, at))?;
        from = at + old.len();
        out.push_text(new)
    })?;
    out.push_chars(chars.slice(from, hay.len()))?;
    out.finish()
}
