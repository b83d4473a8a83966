//! Taking text apart and putting it together: split, strip, partition, splitlines, join.

use super::args::{given, given_value, optional_size, text};
use super::search::{find, rfind};
use super::unicode::{is_line_break, is_space};
use super::{Chars, Str};
use crate::raised::Res;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// A list in the making, charged as it grows.
pub(crate) struct Parts<'v> {
    vm: &'v Vm,
    list: Value,
}

impl<'v> Parts<'v> {
    /// An empty one.
    pub(crate) fn new(vm: &'v Vm) -> Res<Parts<'v>> {
        Ok(Parts { vm, list: vm.new_list(Vec::new())? })
    }
    /// Appends a value.
    pub(crate) fn push(&self, value: Value) -> Res<()> {
        self.vm.work(1)?;
        self.list.get::<List>().map_or(Ok(()), |list| list.push(self.vm, value))
    }
    /// The list.
    pub(crate) fn finish(self) -> Res {
        Ok(self.list)
    }
    /// The list, its items in reverse.
    pub(crate) fn finish_reversed(self) -> Res {
        if let Some(list) = self.list.get::<List>() {
            let items = list.items();
            for at in 0..items.len() / 2 {
                let last = items[items.len() - 1 - at].take();
                items[items.len() - 1 - at].set(items[at].replace(last));
            }
        }
        Ok(self.list)
    }
}

fn parts_of(vm: &Vm, text: &Str, pieces: impl Iterator<Item = (usize, usize)>, whole: &Value) -> Res<Value> {
    let list = Parts::new(vm)?;
    push_parts(vm, text, pieces, whole, &list)?;
    list.finish()
}

fn push_parts(
    vm: &Vm,
    text: &Str,
    mut pieces: impl Iterator<Item = (usize, usize)>,
    whole: &Value,
    list: &Parts<'_>,
) -> Res<()> {
    pieces.try_for_each(|(start, end)| {
        list.push(if end - start == text.len() {
            vm.exact_str(whole)?
        } else {
            vm.str_slice(text, start, end)?
        })
    })
}

/// Cuts at runs of white space, left to right.
pub(crate) fn cut_spaces(
    chars: Chars<'_>,
    mut limit: usize,
    is_space: fn(u32) -> bool,
) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let space = |i: usize| is_space(chars.at(i));
        while at < chars.len() && space(at) {
            at += 1;
        }
        if at == chars.len() {
            return None;
        }
        let start = at;
        if limit == 0 {
            // What is left goes as it is, with the white space at its end.
            at = chars.len();
            return Some((start, at));
        }
        limit -= 1;
        while at < chars.len() && !space(at) {
            at += 1;
        }
        Some((start, at))
    })
}

/// Cuts at runs of white space, right to left.
pub(crate) fn rcut_spaces(
    chars: Chars<'_>,
    mut limit: usize,
    is_space: fn(u32) -> bool,
) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = chars.len();
    std::iter::from_fn(move || {
        let space = |i: usize| is_space(chars.at(i));
        while at > 0 && space(at - 1) {
            at -= 1;
        }
        if at == 0 {
            return None;
        }
        let end = at;
        if limit == 0 {
            at = 0;
            return Some((0, end));
        }
        limit -= 1;
        while at > 0 && !space(at - 1) {
            at -= 1;
        }
        Some((at, end))
    })
}

fn separator<'a>(vm: &Vm, args: &'a [Value]) -> Res<Option<&'a Str>> {
    let Some(value) = given_value(args, 1) else { return Ok(None) };
    match value.get::<Str>() {
        None => Err(vm.type_error(format_args!("must be str or None, not {}", vm.type_name(value)))),
        Some(text) if text.is_empty() => Err(vm.value_error("empty separator")),
        Some(text) => Ok(Some(text)),
    }
}

fn limit_of(vm: &Vm, args: &[Value]) -> Res<usize> {
    let limit = optional_size(vm, args, 2, -1)?;
    Ok(if limit < 0 { usize::MAX } else { limit as usize })
}

pub(super) fn split(vm: &Vm, args: &[Value]) -> Res {
    let limit = limit_of(vm, args)?;
    let this = text(&args[0]);
    let chars = this.chars();
    let Some(separator) = separator(vm, args)? else {
        return match this.ascii() {
            Some(ascii) => split_ascii(vm, ascii.as_bytes(), limit, &args[0]),
            None => parts_of(vm, this, cut_spaces(chars, limit, is_space), &args[0]),
        };
    };
    if let (Some(body), Chars::One([separator])) = (this.ascii(), separator.chars()) {
        return split_ascii_at(vm, body.as_bytes(), *separator, limit, &args[0]);
    }
    let (list, mut from) = (Parts::new(vm)?, 0);
    super::search::each_match(chars, separator.chars(), limit, |at| {
        let part = vm.str_slice(this, from, at)?;
        from = at + separator.len();
        list.push(part)
    })?;
    push_parts(vm, this, std::iter::once((from, this.len())), &args[0], &list)?;
    list.finish()
}

/// White space below 128.
#[inline]
fn is_ascii_space(byte: u8) -> bool {
    byte <= b' ' && matches!(byte, 9..=13 | 28..=32)
}

/// Splits ASCII at runs of white space.
fn split_ascii(vm: &Vm, body: &[u8], mut limit: usize, whole: &Value) -> Res {
    let list = Parts::new(vm)?;
    let mut at = 0;
    loop {
        at += body[at..].iter().take_while(|b| is_ascii_space(**b)).count();
        let rest = &body[at..];
        if rest.is_empty() {
            return list.finish();
        }
        // What is left beyond the limit goes as it is, with the white space at its end.
        let long = match limit {
            0 => rest.len(),
            _ => rest.iter().position(|b| is_ascii_space(*b)).unwrap_or(rest.len()),
        };
        limit = limit.saturating_sub(1);
        let part = &rest[..long];
        list.push(if long == body.len() { vm.exact_str(whole)? } else { vm.str_from_ascii(part)? })?;
        at += long;
    }
}

/// The first place of a byte: most words are short, so that a plain walk finds their end before a search for it has begun.
pub(super) fn near(body: &[u8], byte: u8) -> Option<usize> {
    const NEAR: usize = 16;
    let (head, rest) = body.split_at(body.len().min(NEAR));
    match head.iter().position(|b| *b == byte) {
        Some(at) => Some(at),
        None => memchr::memchr(byte, rest).map(|at| head.len() + at),
    }
}

/// Splits ASCII at a byte.
fn split_ascii_at(vm: &Vm, body: &[u8], separator: u8, limit: usize, whole: &Value) -> Res {
    let (list, mut rest) = (Parts::new(vm)?, body);
    for _ in 0..limit {
        let Some(at) = near(rest, separator) else { break };
        list.push(vm.str_from_ascii(&rest[..at])?)?;
        rest = &rest[at + 1..];
    }
    list.push(if rest.len() == body.len() { vm.exact_str(whole)? } else { vm.str_from_ascii(rest)? })?;
    list.finish()
}

pub(super) fn rsplit(vm: &Vm, args: &[Value]) -> Res {
    let mut limit = limit_of(vm, args)?;
    let this = text(&args[0]);
    let chars = this.chars();
    let list = Parts::new(vm)?;
    let Some(separator) = separator(vm, args)? else {
        push_parts(vm, this, rcut_spaces(chars, limit, is_space), &args[0], &list)?;
        return list.finish_reversed();
    };
    let mut end = this.len();
    while limit > 0
        && let Some(at) = rfind(chars.slice(0, end), separator.chars())
    {
        list.push(vm.str_slice(this, at + separator.len(), end)?)?;
        end = at;
        limit -= 1;
    }
    push_parts(vm, this, std::iter::once((0, end)), &args[0], &list)?;
    list.finish_reversed()
}

/// The lines of a text, with or without the line breaks that end them.
pub(crate) fn cut_lines(
    chars: Chars<'_>,
    keep: bool,
    is_break: fn(u32) -> bool,
) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at == chars.len() {
            return None;
        }
        let start = at;
        while at < chars.len() && !is_break(chars.at(at)) {
            at += 1;
        }
        let mut end = at;
        if at < chars.len() {
            at += 1;
            if chars.at(at - 1) == 13 && at < chars.len() && chars.at(at) == 10 {
                at += 1;
            }
            if keep {
                end = at;
            }
        }
        Some((start, end))
    })
}

pub(super) fn splitlines(vm: &Vm, args: &[Value]) -> Res {
    let keep = given(args, 1).map_or(Ok(false), |v| vm.truth(v))?;
    let this = text(&args[0]);
    parts_of(vm, this, cut_lines(this.chars(), keep, is_line_break), &args[0])
}

// ---- strip ------------------------------------------------------------------------------------------------

/// Takes white space off ASCII.
fn strip_ascii(vm: &Vm, body: &[u8], whole: &Value, left: bool, right: bool) -> Res {
    let mut rest = body;
    while let (true, [byte, more @ ..]) = (left, rest)
        && is_ascii_space(*byte)
    {
        rest = more;
    }
    while let (true, [more @ .., byte]) = (right, rest)
        && is_ascii_space(*byte)
    {
        rest = more;
    }
    let gone = body.len() - rest.len();
    vm.work_on_bytes(gone.saturating_add(1).saturating_mul(8))?;
    if gone == 0 { vm.exact_str(whole) } else { vm.str_from_ascii(rest) }
}

fn strip_with(vm: &Vm, args: &[Value], name: &str, left: bool, right: bool) -> Res {
    let set = match given_value(args, 1) {
        None => None,
        Some(value) => match value.get::<Str>() {
            Some(set) => Some(set.chars()),
            None => return Err(vm.type_error(format_args!("{name} arg must be None or str"))),
        },
    };
    let this = text(&args[0]);
    if let (None, Some(ascii)) = (set, this.ascii()) {
        return strip_ascii(vm, ascii.as_bytes(), &args[0], left, right);
    }
    let chars = this.chars();
    let goes = |c: u32| set.map_or_else(|| is_space(c), |set| set.iter().any(|s| s == c));
    let (mut start, mut end) = (0, this.len());
    while left && start < end && goes(chars.at(start)) {
        start += 1;
    }
    while right && end > start && goes(chars.at(end - 1)) {
        end -= 1;
    }
    vm.work_on_bytes(
        (this.len() - (end - start)).saturating_add(1).saturating_mul(set.map_or(8, |set| set.len().max(8))),
    )?;
    if end - start == this.len() { vm.exact_str(&args[0]) } else { vm.str_slice(this, start, end) }
}

pub(super) fn strip(vm: &Vm, args: &[Value]) -> Res {
    strip_with(vm, args, "strip", true, true)
}

pub(super) fn lstrip(vm: &Vm, args: &[Value]) -> Res {
    strip_with(vm, args, "lstrip", true, false)
}

pub(super) fn rstrip(vm: &Vm, args: &[Value]) -> Res {
    strip_with(vm, args, "rstrip", false, true)
}

// ---- partition --------------------------------------------------------------------------------------------

fn cut_once(
    vm: &Vm,
    this: &Value,
    separator: &Value,
    search: fn(Chars<'_>, Chars<'_>) -> Option<usize>,
) -> Res<Option<Value>> {
    let Some(cut) = separator.get::<Str>() else {
        return Err(vm.type_error(format_args!("must be str, not {}", vm.type_name(separator))));
    };
    if cut.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let whole = text(this);
    vm.work_on_bytes(whole.byte_len())?;
    let Some(at) = search(whole.chars(), cut.chars()) else { return Ok(None) };
    let (head, tail) = (vm.str_slice(whole, 0, at)?, vm.str_slice(whole, at + cut.len(), whole.len())?);
    vm.new_tuple(vec![head, separator.clone(), tail]).map(Some)
}

pub(super) fn partition(vm: &Vm, this: &Value, separator: &Value) -> Res {
    match cut_once(vm, this, separator, find)? {
        Some(parts) => Ok(parts),
        None => vm.new_tuple(vec![vm.exact_str(this)?, vm.str("")?, vm.str("")?]),
    }
}

pub(super) fn rpartition(vm: &Vm, this: &Value, separator: &Value) -> Res {
    match cut_once(vm, this, separator, rfind)? {
        Some(parts) => Ok(parts),
        None => vm.new_tuple(vec![vm.str("")?, vm.str("")?, vm.exact_str(this)?]),
    }
}

// ---- join -------------------------------------------------------------------------------------------------

/// The items of an iterable as a list or tuple: itself if it is one, else a new list.
pub(crate) fn as_sequence(vm: &Vm, iterable: &Value) -> Res {
    if iterable.exact::<List>().is_some() || iterable.exact::<Tuple>().is_some() {
        return Ok(iterable.clone());
    }
    if vm.slots(iterable).iter().is_none() && vm.slots(iterable).getitem().is_none() {
        return Err(vm.type_error("can only join an iterable"));
    }
    let list = Parts::new(vm)?;
    let iterator = vm.iter(iterable)?;
    while let Some(item) = vm.next(&iterator)? {
        list.push(item)?;
    }
    list.finish()
}

/// The items of what [`as_sequence`] gives.
pub(crate) fn sequence_items(sequence: &Value) -> &[Value] {
    match (sequence.get::<List>(), sequence.get::<Tuple>()) {
        (Some(list), _) => list.items(),
        (_, Some(tuple)) => tuple.items(),
        _ => &[],
    }
}

pub(super) fn join(vm: &Vm, this: &Value, iterable: &Value) -> Res {
    let sequence = as_sequence(vm, iterable)?;
    let items = sequence_items(&sequence);
    vm.work_on_bytes(items.len() * 64)?;
    if let [only] = items
        && only.exact::<Str>().is_some()
    {
        return Ok(only.clone());
    }
    if let Some(at) = items.iter().position(|item| !item.has::<Str>()) {
        let kind = vm.type_name(&items[at]);
        return Err(vm.type_error(format_args!("sequence item {at}: expected str instance, {kind} found")));
    }
    super::build::join_texts(vm, Some(text(this)), items.len(), |at| items[at].get::<Str>())
}
