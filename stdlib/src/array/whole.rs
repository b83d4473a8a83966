//! What is done with whole arrays.

use ryokan_vm::native::*;

use super::{Arr, Array, add_all, kinds, of_bytes, plain};

pub fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}
pub fn buffer(cx: &Cx, this: Arr, flags: BufferFlags) -> Res {
    // What a view of characters is called, the old code too.
    let code = if this.code.get() == b'u' { b'w' } else { this.code.get() };
    cx.export(this.value(), this.bytes.value(), code, false, flags)
}
pub fn buffer_info(cx: &Cx, this: Arr) -> (usize, usize) {
    (cx.id(this.bytes.value()), this.len())
}
pub fn size_of(_: &Cx, this: Arr) -> usize {
    // CPython's figure of the object, and the items.
    64 + this.bytes.len()
}
pub fn copy(cx: &Cx, this: Arr) -> Res {
    plain(cx, this.code.get(), &this.copy_of(cx, 0, this.len())?)
}
pub fn deepcopy(cx: &Cx, this: Arr, _: &Value) -> Res {
    copy(cx, this)
}

pub fn repr(cx: &Cx, this: Arr) -> Res {
    let code = char::from(this.code.get());
    let mut text = StrWriter::new(cx);
    let class = cx.class_of(this.value());
    text.push_str(&cx.str(&cx.attr(&class, "__name__")?)?)?;
    text.push_str(&format!("('{code}'"))?;
    if this.len() > 0 {
        let items = if kinds::is_text(this.code.get()) { tounicode(cx, this)? } else { tolist(cx, this)?.into_value() };
        text.push_str(", ")?;
        text.push_str(&cx.repr(&items)?)?;
    }
    text.push_str(")")?;
    text.finish()
}

pub fn compare(cx: &Cx, this: Arr, other: &Value, op: CompareOp) -> Res {
    let Some(that) = other.body::<Array>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let unlike = this.len() != that.len();
    if unlike && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return (op == CompareOp::Ne).into_value(cx);
    }
    let mut at = 0;
    while let (Some(mine), Some(theirs)) = (this.item(cx, at)?, that.item(cx, at)?) {
        cx.work(1)?;
        if !cx.holds(&mine, CompareOp::Eq, &theirs)? {
            return match op {
                CompareOp::Eq => false.into_value(cx),
                CompareOp::Ne => true.into_value(cx),
                _ => cx.compare(&mine, op, &theirs),
            };
        }
        at += 1;
    }
    let (mine, theirs) = (this.len().into_value(cx)?, that.len().into_value(cx)?);
    cx.compare(&mine, op, &theirs)
}

// ---- joining ---------------------------------------------------------------------------------------------------------

pub fn add(cx: &Cx, left: &Value, right: &Value) -> Res {
    let Some(this) = left.body::<Array>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(that) = right.body::<Array>() else {
        let kind = cx.type_name(right);
        return Err(cx.type_error(format_args!("can only append array (not \"{kind}\") to array")));
    };
    if this.code.get() != that.code.get() {
        return Err(cx.type_error("bad argument type for built-in operation"));
    }
    let (mut all, more) = (this.copy_of(cx, 0, this.len())?, that.copy_of(cx, 0, that.len())?);
    cx.reserve(&mut all, more.len())?;
    all.extend_from_slice(&more);
    plain(cx, this.code.get(), &all)
}
pub fn add_in_place(cx: &Cx, this: Arr, other: &Value) -> Res {
    if other.body::<Array>().is_none() {
        let kind = cx.type_name(other);
        return Err(cx.type_error(format_args!("can only extend array with array (not \"{kind}\")")));
    }
    extend(cx, this, other)?;
    Ok(this.to_value())
}
/// The bytes of an array so many times.
fn repeated(cx: &Cx, this: &Array, times: usize) -> Res<Vector<u8>> {
    let once = this.copy_of(cx, 0, this.len())?;
    let Some(bytes) = once.len().checked_mul(times) else { return Err(cx.no_memory()) };
    let mut all = cx.vector(bytes)?;
    cx.work_on_bytes(bytes)?;
    if !once.is_empty() {
        (0..times).for_each(|_| all.extend_from_slice(&once));
    }
    Ok(all)
}
pub fn multiply(cx: &Cx, left: &Value, right: &Value) -> Res {
    let (array, count) = match (left.body::<Array>(), right.body::<Array>()) {
        (Some(array), _) => (array, right),
        (_, Some(array)) => (array, left),
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    let Some(times) = cx.repeat_count(count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    plain(cx, array.code.get(), &repeated(cx, array, times)?)
}
pub fn multiply_in_place(cx: &Cx, this: Arr, count: &Value) -> Res {
    let Some(times) = cx.repeat_count(count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let all = repeated(cx, &this, times)?;
    this.splice(cx, 0, this.len(), &all)?;
    Ok(this.to_value())
}
pub fn extend(cx: &Cx, this: Arr, more: &Value) -> Res<()> {
    let Some(other) = more.body::<Array>() else { return add_all(cx, this, more) };
    if other.code.get() != this.code.get() {
        return Err(cx.type_error("can only extend with array of same kind"));
    }
    let bytes = other.copy_of(cx, 0, other.len())?;
    this.splice(cx, this.len(), 0, &bytes)
}

/// Works on the bytes of all items at once.
fn rewrite(cx: &Cx, this: Arr, work: impl FnOnce(&mut [u8], usize)) -> Res<()> {
    let mut bytes = this.copy_of(cx, 0, this.len())?;
    cx.work_on_bytes(bytes.len())?;
    work(&mut bytes, this.size());
    this.bytes.write(0, &bytes);
    Ok(())
}
pub fn reverse(cx: &Cx, this: Arr) -> Res<()> {
    rewrite(cx, this, |bytes, size| {
        bytes.reverse();
        bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    })
}
pub fn byteswap(cx: &Cx, this: Arr) -> Res<()> {
    rewrite(cx, this, |bytes, size| bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse))
}

// ---- bytes, lists, text, files ---------------------------------------------------------------------------------------

pub fn tobytes(cx: &Cx, this: Arr) -> Res {
    (&this.copy_of(cx, 0, this.len())?[..]).into_value(cx)
}
pub fn frombytes(cx: &Cx, this: Arr, buffer: &Value) -> Res<()> {
    let bytes = Buffer::of(cx, buffer)?;
    if !bytes.len().is_multiple_of(this.size()) {
        return Err(cx.value_error("bytes length not a multiple of item size"));
    }
    let copy = bytes.copied(cx)?;
    drop(bytes);
    this.splice(cx, this.len(), 0, &copy)
}
pub fn tolist(cx: &Cx, this: Arr) -> Res<List> {
    let list = List::new(cx, this.len())?;
    let mut at = 0;
    while let Some(item) = this.item(cx, at)? {
        list.push(cx, item)?;
        at += 1;
        cx.work(u64::from(at.is_multiple_of(64)) * 8)?;
    }
    Ok(list)
}
pub fn fromlist(cx: &Cx, this: Arr, list: &Value) -> Res<()> {
    let Some(items) = List::of(list) else { return Err(cx.type_error("arg must be list")) };
    let (before, count) = (this.len(), items.len());
    this.resize(cx, before + count)?;
    let write = |at: usize| {
        let Some(item) = items.get(at) else { return Ok(()) };
        let place = (this.len() + at).saturating_sub(count);
        this.write_item(cx, place, &kinds::encode(cx, this.code.get(), &item)?)?;
        match items.len() == count {
            true => cx.work(1),
            false => Err(cx.runtime_error("list changed size during iteration")),
        }
    };
    (0..count).try_for_each(write).or_else(|raised| {
        // All or none: the items so far go again.
        let error = cx.catch(raised, "Exception")?;
        this.resize(cx, before)?;
        Err(cx.raise_value(error))
    })
}
pub fn tounicode(cx: &Cx, this: Arr) -> Res {
    if !kinds::is_text(this.code.get()) {
        let message = "tounicode() may only be called on unicode type arrays ('u' or 'w')";
        return Err(cx.value_error(message));
    }
    let mut text = StrWriter::new(cx);
    let mut at = 0;
    while let Some(c) = this.item(cx, at)? {
        text.push_value(&c)?;
        at += 1;
    }
    text.finish()
}
pub fn fromunicode(cx: &Cx, this: Arr, ustr: &Value) -> Res<()> {
    let Some(text) = Str::of(ustr) else {
        let kind = cx.arg_name(ustr);
        return Err(cx.type_error(format_args!("fromunicode() argument must be str, not {kind}")));
    };
    if !kinds::is_text(this.code.get()) {
        let message = "fromunicode() may only be called on unicode type arrays ('u' or 'w')";
        return Err(cx.value_error(message));
    }
    let mut bytes = cx.vector(text.len() * 4)?;
    bytes.extend(text.chars().iter().flat_map(u32::to_le_bytes));
    this.splice(cx, this.len(), 0, &bytes)
}
/// So many bytes are written to a file at once.
const BLOCK: usize = 64 << 10;

pub fn tofile(cx: &Cx, this: Arr, f: &Value) -> Res<()> {
    let mut at = 0;
    let items = BLOCK / this.size();
    while at < this.len() {
        let part = this.copy_of(cx, at, (at + items).min(this.len()))?;
        drop(cx.call_method(f, "write", (&part[..],))?);
        at += items;
    }
    Ok(())
}
pub fn fromfile(cx: &Cx, this: Arr, f: &Value, n: i64) -> Res<()> {
    if n < 0 {
        return Err(cx.value_error("negative count"));
    }
    let Some(bytes) = n.checked_mul(this.size() as i64) else { return Err(cx.no_memory()) };
    let read = cx.call_method(f, "read", (bytes,))?;
    let Some(given) = Bytes::of(&read) else { return Err(cx.type_error("read() didn't return bytes")) };
    let whole = given.as_slice().len() as i64 == bytes;
    frombytes(cx, this, &read)?;
    if whole { Ok(()) } else { Err(cx.raise_builtin("EOFError", "read() didn't return enough bytes")) }
}

// ---- pickling --------------------------------------------------------------------------------------------------------

/// Formats of bytes, by number: of ints how many bytes and whether there are signs; then floats, doubles, text.
fn format_of(code: u8) -> i32 {
    match code {
        b'f' => 14,
        b'd' => 16,
        b'u' | b'w' => 20,
        b'B' => 0,
        b'b' => 1,
        _ => {
            let wide = match kinds::size(code) {
                Some(2) => 2,
                Some(4) => 6,
                _ => 10,
            };
            wide + if kinds::int(code) == Some(true) { 2 } else { 0 }
        }
    }
}

pub fn reduce_ex(cx: &Cx, this: Arr, value: &Value) -> Res {
    let protocol = cx.long(value)?;
    let class = cx.class_of(this.value());
    let own = cx.attr_opt(this.value(), "__dict__")?.unwrap_or(Value::NONE);
    let code = char::from(this.code.get()).to_string();
    if protocol < 3 {
        let list = if kinds::is_text(this.code.get()) {
            List::from_iterable(cx, this.value())?
        } else {
            tolist(cx, this)?
        };
        return (class, (code, list), own).into_value(cx);
    }
    let make = cx.attr(&cx.import("array")?, "_array_reconstructor")?;
    (make, (class, code, format_of(this.code.get()), tobytes(cx, this)?), own).into_value(cx)
}

/// `_array_reconstructor`
pub fn reconstruct(cx: &Cx, class: &Value, typecode: &Value, format: i32, items: &Value) -> Res {
    let array = cx.class::<Array>()?;
    if !cx.is_instance(class, &cx.builtin("type")?)? {
        let kind = cx.type_name(class);
        return Err(cx.type_error(format_args!("first argument must be a type object, not {kind}")));
    }
    if !cx.truth(&cx.call(&cx.builtin("issubclass")?, (class, &array))?)? {
        let shown = cx.str(&cx.attr(class, "__name__")?)?;
        return Err(cx.type_error(format_args!("{shown} is not a subtype of array.array")));
    }
    let code = Str::of(typecode).filter(|text| text.len() == 1).and_then(|text| u8::try_from(text.chars().at(0)).ok());
    let Some(code) = code.filter(|code| kinds::size(*code).is_some()) else {
        return Err(cx.value_error("second argument must be a valid type code"));
    };
    if !(0..=21).contains(&format) {
        return Err(cx.value_error("third argument must be a valid machine format code."));
    }
    let Some(items) = Bytes::of(items) else {
        let kind = cx.type_name(items);
        return Err(cx.type_error(format_args!("fourth argument should be bytes, not {kind}")));
    };
    let bytes = items.as_slice();
    if format == format_of(code) && !kinds::is_text(code) && bytes.len().is_multiple_of(kinds::size(code).unwrap_or(1)) {
        return of_bytes(cx, class, code, bytes);
    }
    let whole = |size: usize| match bytes.len().is_multiple_of(size) {
        true => Ok(()),
        false => Err(cx.value_error("bytes length not a multiple of item size")),
    };
    if format >= 18 {
        let name = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"][format as usize - 18];
        let text = cx.call_method(items.value(), "decode", (name,))?;
        let made = of_bytes(cx, class, code, &[])?;
        fromunicode(cx, This::expect(cx, &made)?, &text)?;
        return Ok(made);
    }
    // The kind of array whose items are these bytes.
    let (size, stored) = match format {
        14 | 15 => (4, b'f'),
        16 | 17 => (8, b'd'),
        _ => {
            let (size, signed) = match format {
                0 | 1 => (1, format == 1),
                2..=5 => (2, format >= 4),
                6..=9 => (4, format >= 8),
                _ => (8, format >= 12),
            };
            let fits = |code: &u8| kinds::size(*code) == Some(size) && kinds::int(*code) == Some(signed);
            (size, kinds::CODES.bytes().rfind(fits).unwrap_or(b'b'))
        }
    };
    whole(size)?;
    let mut copy = cx.vector(bytes.len())?;
    copy.extend_from_slice(bytes);
    if size > 1 && format & 1 == 1 {
        copy.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    if kinds::int(stored).is_some() && kinds::int(code).is_some() {
        return of_bytes(cx, class, stored, &copy);
    }
    let made = of_bytes(cx, class, code, &[])?;
    let this = This::<Array>::expect(cx, &made)?;
    for item in copy.chunks_exact(size) {
        this.push(cx, &kinds::decode(cx, stored, item)?)?;
    }
    Ok(made.clone())
}
