//! Finding bytes in bytes: find, count, startswith, replace and their kin.

use memchr::memmem;

use super::{buffer, built_like, data, own_or_lent, part, unchanged};
use crate::raised::Res;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::memoryview::{BufferFlags, Lent};
use crate::types::str::Chars;
use crate::types::str::args::{bounds, optional_size, part_of};
use crate::types::str::search::{count_in, each_match, find_bytes};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// What is looked for: bytes, or a single byte given as a number.
enum Needle {
    Slice(Lent),
    Byte([u8; 1]),
}

impl Needle {
    fn bytes(&self) -> &[u8] {
        match self {
            Needle::Slice(lent) => lent.as_slice(),
            Needle::Byte(byte) => byte,
        }
    }
}

/// What an argument says is looked for. Runs Python, while the bytes of `this` keep their place.
fn needle(vm: &Vm, this: &Value, value: &Value) -> Res<Needle> {
    if value.exact::<Bytes>().is_some() {
        return Ok(Needle::Slice(Lent::hold(value.clone())));
    }
    let _kept = Lent::hold(this.clone());
    if let Some(lent) = Lent::maybe(vm, value, BufferFlags::SIMPLE)? {
        return Ok(Needle::Slice(lent));
    }
    if vm.slots(value).index().is_none() {
        return Err(vm.type_error(format_args!(
            "argument should be integer or bytes-like object, not '{}'",
            vm.type_name(value)
        )));
    }
    match u8::try_from(vm.index_clamped(value)?) {
        Ok(byte) => Ok(Needle::Byte([byte])),
        Err(_) => Err(vm.value_error("byte must be in range(0, 256)")),
    }
}

/// The place of the argument within the bounds of the others.
fn locate(vm: &Vm, args: &[Value], search: fn(&[u8], &[u8]) -> Option<usize>) -> Res<Option<usize>> {
    let bounds = bounds(vm, args, 2)?;
    let needle = needle(vm, &args[0], &args[1])?;
    let hay = data(&args[0]);
    let Some((start, end)) = part_of(bounds, hay.len()) else { return Ok(None) };
    vm.work_on_bytes(end - start)?;
    Ok(search(&hay[start..end], needle.bytes()).map(|at| start + at))
}

/// The first place.
pub(in crate::types) fn first(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [byte] => memchr::memchr(*byte, hay),
        _ if needle.len() > hay.len() => None,
        _ => find_bytes(hay, needle),
    }
}

/// The last place.
pub(in crate::types) fn last(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [byte] => memchr::memrchr(*byte, hay),
        _ => memmem::rfind(hay, needle),
    }
}

fn place(found: Option<usize>) -> Res {
    Ok(Value::small(found.map_or(-1, |at| at as i64)))
}

fn place_or_error(vm: &Vm, found: Option<usize>) -> Res {
    match found {
        Some(at) => Ok(Value::small(at as i64)),
        None => Err(vm.value_error("subsection not found")),
    }
}

pub(in crate::types) fn find(vm: &Vm, args: &[Value]) -> Res {
    place(locate(vm, args, first)?)
}
pub(in crate::types) fn rfind(vm: &Vm, args: &[Value]) -> Res {
    place(locate(vm, args, last)?)
}
pub(in crate::types) fn index(vm: &Vm, args: &[Value]) -> Res {
    let found = locate(vm, args, first)?;
    place_or_error(vm, found)
}
pub(in crate::types) fn rindex(vm: &Vm, args: &[Value]) -> Res {
    let found = locate(vm, args, last)?;
    place_or_error(vm, found)
}

pub(in crate::types) fn count(vm: &Vm, args: &[Value]) -> Res {
    let bounds = bounds(vm, args, 2)?;
    let needle = needle(vm, &args[0], &args[1])?;
    let hay = data(&args[0]);
    let Some((start, end)) = part_of(bounds, hay.len()) else { return Ok(Value::small(0)) };
    vm.work_on_bytes(end - start)?;
    let count = count_in(Chars::One(&hay[start..end]), Chars::One(needle.bytes()), usize::MAX);
    Ok(Value::small(count as i64))
}

fn fix(vm: &Vm, args: &[Value], name: &str, test: fn(&[u8], &[u8]) -> bool) -> Res {
    let bounds = bounds(vm, args, 2)?;
    let hay = Lent::hold(args[0].clone());
    let part = |hay| part_of(bounds, <[u8]>::len(hay)).map(|(start, end)| &hay[start..end]);
    let matches = |fix: &[u8]| part(hay.as_slice()).is_some_and(|part| test(part, fix));
    if let Some(tuple) = args[1].get::<Tuple>() {
        vm.work_on_bytes(tuple.items().len() * 16)?;
        for item in tuple.items() {
            if matches(own_or_lent(vm, item)?.as_slice()) {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    match own_or_lent(vm, &args[1]) {
        Ok(fix) => Ok(Value::bool(matches(fix.as_slice()))),
        Err(raised) if vm.raised_is(&raised, &vm.exc.TypeError) => {
            drop(vm.take_raised(raised));
            Err(vm.type_error(format_args!(
                "{name} first arg must be bytes or a tuple of bytes, not {}",
                vm.type_name(&args[1])
            )))
        }
        Err(raised) => Err(raised),
    }
}

pub(in crate::types) fn startswith(vm: &Vm, args: &[Value]) -> Res {
    fix(vm, args, "startswith", |hay, fix| hay.starts_with(fix))
}
pub(in crate::types) fn endswith(vm: &Vm, args: &[Value]) -> Res {
    fix(vm, args, "endswith", |hay, fix| hay.ends_with(fix))
}

pub(in crate::types) fn removeprefix(vm: &Vm, this: &Value, prefix: &Value) -> Res {
    let lent = buffer(vm, prefix)?;
    let (body, prefix) = (data(this), lent.as_slice());
    let cut = if body.starts_with(prefix) { prefix.len() } else { 0 };
    part(vm, this, cut, body.len())
}
pub(in crate::types) fn removesuffix(vm: &Vm, this: &Value, suffix: &Value) -> Res {
    let lent = buffer(vm, suffix)?;
    let (body, suffix) = (data(this), lent.as_slice());
    let cut = if body.ends_with(suffix) { suffix.len() } else { 0 };
    part(vm, this, 0, body.len() - cut)
}

pub(in crate::types) fn replace(vm: &Vm, args: &[Value]) -> Res {
    let lent = (buffer(vm, &args[1])?, buffer(vm, &args[2])?);
    let limit = optional_size(vm, args, 3, -1)?;
    let limit = if limit < 0 { usize::MAX } else { limit as usize };
    let (old, new) = (lent.0.as_slice(), lent.1.as_slice());
    let this = &args[0];
    let body = data(this);
    vm.work_on_bytes(body.len())?;
    let count = count_in(Chars::One(body), Chars::One(old), limit);
    if count == 0 {
        return unchanged(vm, this);
    }
    let total = body.len() as u128 - (count * old.len()) as u128 + count as u128 * new.len() as u128;
    if total > i64::MAX as u128 {
        return Err(vm.overflow_error("replace bytes is too long"));
    }
    let mut out = ByteBuilder::with_capacity(vm, total as usize)?;
    if old.is_empty() {
        for at in 0..count {
            out.extend(new)?;
            out.extend(body.get(at..at + 1).unwrap_or(&[]))?;
        }
        out.extend(body.get(count..).unwrap_or(&[]))?;
        return built_like(vm, this, out);
    }
    let mut from = 0;
    each_match(Chars::One(body), Chars::One(old), count, |at| {
        out.extend(&body[from..at])?;
        from = at + old.len();
        out.extend(new)
    })?;
    out.extend(&body[from..])?;
    built_like(vm, this, out)
}

// ---- strip ------------------------------------------------------------------------------------------------

fn strip_with(vm: &Vm, args: &[Value], left: bool, right: bool) -> Res {
    let lent = match args.get(1).and_then(Value::bound).filter(|v| !v.is_none()) {
        Some(set) => Some(buffer(vm, set)?),
        None => None,
    };
    let set = lent.as_ref().map(Lent::as_slice);
    let goes = |byte: u8| set.map_or_else(|| super::case::is_space(byte), |set| set.contains(&byte));
    let body = data(&args[0]);
    let (mut start, mut end) = (0, body.len());
    while left && start < end && goes(body[start]) {
        start += 1;
    }
    while right && end > start && goes(body[end - 1]) {
        end -= 1;
    }
    let each = set.as_ref().map_or(8, |set| set.len().max(8));
    vm.work_on_bytes((body.len() - (end - start)).saturating_add(1).saturating_mul(each))?;
    part(vm, &args[0], start, end)
}

pub(in crate::types) fn strip(vm: &Vm, args: &[Value]) -> Res {
    strip_with(vm, args, true, true)
}
pub(in crate::types) fn lstrip(vm: &Vm, args: &[Value]) -> Res {
    strip_with(vm, args, true, false)
}
pub(in crate::types) fn rstrip(vm: &Vm, args: &[Value]) -> Res {
    strip_with(vm, args, false, true)
}
