//! `array`: items of one kind, packed.
//!
//! | file | what |
//! |---|---|
//! | `kinds.rs` | what items are, by the type code |
//! | `whole.rs` | what is done with whole arrays: bytes, files, text, pickling |
//!
//! The bytes lie in a bytearray, which is what others look into, and which keeps its size meanwhile.

use std::cell::Cell;
use std::ops::Range;

use ryokan_vm::native::*;

mod kinds;
mod whole;

use whole::*;

native_module! {
    /// Arrays of numbers and characters, packed.
    "array" {
        consts { "typecodes" = kinds::CODES; }
        types { Array }
        fill = fill;
        functions {
            /// How pickle makes an array again.
            _array_reconstructor(arraytype: &Value, typecode: &Value, mformat_code: i32, items: &Value, /) = reconstruct;
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.alias("ArrayType", "array")?;
    // What asks for a mutable sequence takes an array.
    let cx = module.cx();
    let sequence = cx.attr(&cx.import("collections.abc")?, "MutableSequence")?;
    cx.call_method(&sequence, "register", (cx.class::<Array>()?,)).map(drop)
}

native_type! {
    /// array(typecode [, initializer]) -> items of one kind, packed
    "array.array" = pub struct Array { bytes: ByteArray, code: Cell<u8> }
    flags: SUBCLASS, WEAKREF, SEQUENCE;
    new(*args, **names) = new;
    slots {
        len = len; repr = repr; iter = iter; compare = compare;
        getitem = get_item; setitem = set_item; contains = contains;
    }
    at_once { len = Array::len; item = Array::item_at_once; store = Array::store_at_once; }
    number { Add = add; Multiply = multiply; }
    in_place { Add = add_in_place; Multiply = multiply_in_place; }
    getters {
        /// the letter that says what items are
        typecode = |cx: &Cx, this: This<Array>| char::from(this.code.get()).to_string().into_value(cx);
        /// how many bytes an item has
        itemsize = |_: &Cx, this: This<Array>| this.size();
    }
    methods {
        /// Adds an item behind the last.
        append(v: &Value, /);
        /// The bytes, as others look at them.
        __buffer__(flags: BufferFlags, /) = buffer;
        /// Where the bytes lie, and how many items there are.
        buffer_info();
        /// Turns the bytes of each item round.
        byteswap();
        /// Takes all items out.
        clear();
        /// A copy.
        __copy__() = copy;
        /// A copy.
        __deepcopy__(unused: &Value, /) = deepcopy;
        /// How many items equal a value.
        count(v: &Value, /);
        /// Adds the items of an array of the same kind, or of an iterable.
        extend(bb: &Value, /);
        /// Adds items that lie in bytes.
        frombytes(buffer: &Value, /);
        /// Adds n items that are read from a file.
        fromfile(f: &Value, n: i64, /);
        /// Adds the items of a list, all or none.
        fromlist(list: &Value, /);
        /// Adds the characters of a str.
        fromunicode(ustr: &Value, /);
        /// The first place of a value, between start and stop.
        index(v: &Value, start: Bound = Bound(0) => "0", stop: Bound = Bound(i64::MAX) => "sys.maxsize", /);
        /// Puts an item before the one at an index.
        insert(i: i64, v: &Value, /);
        /// Takes the item at an index.
        pop(i: i64 = -1, /);
        /// Takes the first item that equals a value.
        remove(v: &Value, /);
        /// Turns the order round.
        reverse();
        /// The bytes.
        tobytes();
        /// Writes the bytes to a file.
        tofile(f: &Value, /);
        /// The items as a list.
        tolist();
        /// The characters as a str.
        tounicode();
        /// How pickle makes it again.
        __reduce_ex__(value: &Value, /) = reduce_ex;
        /// The size in memory, in bytes.
        __sizeof__() = size_of;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

native_type! {
    "array.arrayiterator" = struct Walk { of: Slot, at: Cell<usize> }
    slots { iter = itself; next = next_item; }
    methods {
        /// How pickle makes it again.
        __reduce__() = reduce_walk;
        /// Goes on elsewhere.
        __setstate__(state: i64, /) = set_walk;
    }
}

type Arr<'a> = This<'a, Array>;

impl Array {
    /// How many bytes an item has.
    pub fn size(&self) -> usize {
        kinds::size(self.code.get()).unwrap_or(1)
    }
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.size()
    }
    /// Where the bytes lie of the item at an index that may count from the end, if there is one.
    #[inline]
    fn span(&self, index: i64) -> Option<Range<usize>> {
        let (bytes, size) = (self.bytes.len(), self.size());
        let at = if index < 0 { index + (bytes / size) as i64 } else { index };
        let from = usize::try_from(at).ok()?.checked_mul(size)?;
        (from < bytes).then(|| from..from + size)
    }
    /// The item at such an index, if it is an immediate number.
    fn item_at_once(&self, index: i64) -> Option<Value> {
        self.bytes.read(|bytes| {
            // The commonest, whose size need not be asked for.
            if self.code.get() == b'd' {
                let (items, _) = bytes.as_chunks();
                let at = if index < 0 { index + items.len() as i64 } else { index };
                return Value::try_float(f64::from_le_bytes(*items.get(usize::try_from(at).ok()?)?));
            }
            kinds::number(self.code.get(), bytes.get(self.span(index)?)?)
        })
    }
    /// Puts a number in the place of the item at such an index; whether that could be done without running anything.
    fn store_at_once(cx: &Cx, this: &Array, index: i64, value: &Value) -> bool {
        match (this.span(index), kinds::bits_at_once(cx, this.code.get(), value)) {
            (Some(span), Some(bits)) => {
                this.bytes.write(span.start, &bits.to_le_bytes()[..span.len()]);
                true
            }
            _ => false,
        }
    }
    /// The item at a place, if there is one.
    pub fn item(&self, cx: &Cx, at: usize) -> Res<Option<Value>> {
        let (mut item, size) = ([0; 8], self.size());
        let there = self.bytes.read(|bytes| match bytes.get(at * size..(at + 1) * size) {
            Some(bytes) => {
                item[..size].copy_from_slice(bytes);
                true
            }
            None => false,
        });
        if there { kinds::decode(cx, self.code.get(), &item[..size]).map(Some) } else { Ok(None) }
    }
    /// Puts bytes in the place of so many items.
    pub fn splice(&self, cx: &Cx, at: usize, removed: usize, bytes: &[u8]) -> Res<()> {
        let size = self.size();
        cx.work_on_bytes(self.bytes.len() + bytes.len())?;
        self.bytes.splice(cx, at * size, removed * size, bytes).map_err(|raised| resized(cx, raised))
    }
    /// Adds an item.
    pub fn push(&self, cx: &Cx, value: &Value) -> Res<()> {
        self.put(cx, self.len(), value)
    }
    /// Puts an item before the one at a place. What a value of Python's class does meanwhile is done to an array that has the room already:
    /// it is asked once whether it fits, and once what it is.
    fn put(&self, cx: &Cx, place: usize, value: &Value) -> Res<()> {
        let (len, size) = (self.len(), self.size());
        if let Some(bits) = kinds::bits_at_once(cx, self.code.get(), value) {
            return self.splice_in(cx, place, 0, &bits.to_le_bytes()[..size]);
        }
        kinds::encode(cx, self.code.get(), value)?;
        self.resize(cx, len)?;
        self.splice_in(cx, place, 0, &[0; 8][..size])?;
        let item = kinds::encode(cx, self.code.get(), value)?;
        self.write_item(cx, place, &item)
    }
    /// Makes it as long as so many items, which are zeros where there was none.
    pub fn resize(&self, cx: &Cx, len: usize) -> Res<()> {
        let (now, size) = (self.len(), self.size());
        match len.checked_sub(now) {
            None => self.splice_in(cx, len, now - len, &[]),
            Some(0) => Ok(()),
            Some(more) => self.splice_in(cx, now, 0, ByteWriter::zeros(cx, more * size)?.as_slice()),
        }
    }
    /// Writes the item at a place. `IndexError` if it is there no more.
    pub fn write_item(&self, cx: &Cx, place: usize, item: &[u8; 8]) -> Res<()> {
        if place >= self.len() {
            return Err(cx.index_error("array assignment index out of range"));
        }
        self.bytes.write(place * self.size(), &item[..self.size()]);
        Ok(())
    }
    /// [`Array::splice`] for a few items.
    fn splice_in(&self, cx: &Cx, at: usize, removed: usize, bytes: &[u8]) -> Res<()> {
        let size = self.size();
        self.bytes.splice(cx, at * size, removed * size, bytes).map_err(|raised| resized(cx, raised))
    }
    /// A copy of the bytes between two places, outside of what others can change.
    pub fn copy_of(&self, cx: &Cx, from: usize, to: usize) -> Res<Vector<u8>> {
        let size = self.size();
        let mut copy = cx.vector(to.saturating_sub(from) * size)?;
        self.bytes.read(|bytes| copy.extend_from_slice(bytes.get(from * size..to * size).unwrap_or_default()));
        Ok(copy)
    }
    /// The place of a value from another one on. Runs Python.
    fn find(&self, cx: &Cx, value: &Value, from: usize, to: usize) -> Res<Option<usize>> {
        let mut at = from;
        while at < to
            && let Some(item) = self.item(cx, at)?
        {
            cx.work(1)?;
            if cx.holds(&item, CompareOp::Eq, value)? {
                return Ok(Some(at));
            }
            at += 1;
        }
        Ok(None)
    }
}

/// The error of a size that would change while others look at the bytes.
#[cold]
fn resized(cx: &Cx, raised: Raised) -> Raised {
    match cx.catch(raised, "BufferError") {
        Ok(_) => cx.buffer_error("cannot resize an array that is exporting buffers"),
        Err(raised) => raised,
    }
}

/// An array of a kind, with bytes.
fn of_bytes(cx: &Cx, class: &Value, code: u8, bytes: &[u8]) -> Res {
    cx.new_of(class, Array { bytes: ByteArray::new(cx, bytes)?, code: Cell::new(code) })
}
/// The same of the type itself.
fn plain(cx: &Cx, code: u8, bytes: &[u8]) -> Res {
    of_bytes(cx, &cx.class::<Array>()?, code, bytes)
}

/// The type code that a str is.
fn code_of(cx: &Cx, value: &Value) -> Res<u8> {
    let what = "array() argument 1 must be a unicode character, not";
    let c = match Str::of(value) {
        Some(text) if text.len() == 1 => text.chars().at(0),
        Some(text) => return Err(cx.type_error(format_args!("{what} a string of length {}", text.len()))),
        None => return Err(cx.type_error(format_args!("{what} {}", cx.arg_name(value)))),
    };
    let code = u8::try_from(c).ok().filter(|code| kinds::size(*code).is_some());
    let bad = "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)";
    code.ok_or(()).map_err(|()| cx.value_error(bad))
}

fn new(cx: &Cx, class: &Value, args: Args) -> Res {
    args.no_keywords_of::<Array>(cx, class, "array.array")?;
    let (kind, initial) = match args.positional() {
        [] => return Err(cx.type_error("array() takes at least 1 argument (0 given)")),
        [kind] => (kind, None),
        [kind, initial] => (kind, Some(initial)),
        many => {
            let count = many.len();
            return Err(cx.type_error(format_args!("array() takes at most 2 arguments ({count} given)")));
        }
    };
    let code = code_of(cx, kind)?;
    if code == b'u' {
        cx.warn("DeprecationWarning", "The 'u' type code is deprecated and will be removed in Python 3.16")?;
    }
    let shown = char::from(code);
    if let Some(initial) = initial.filter(|_| !kinds::is_text(code)) {
        if cx.is_str(initial) {
            let message = format_args!("cannot use a str to initialize an array with typecode '{shown}'");
            return Err(cx.type_error(message));
        }
        if initial.body::<Array>().is_some_and(|other| kinds::is_text(other.code.get())) {
            let message = format_args!("cannot use a unicode array to initialize an array with typecode '{shown}'");
            return Err(cx.type_error(message));
        }
    }
    let made = of_bytes(cx, class, code, &[])?;
    let this = This::<Array>::expect(cx, &made)?;
    let Some(initial) = initial.filter(|initial| !initial.is_none()) else { return Ok(made.clone()) };
    match initial.body::<Array>() {
        Some(other) if other.code.get() == code => {
            this.splice(cx, 0, 0, &other.copy_of(cx, 0, other.len())?)?;
        }
        _ if kinds::is_text(code) && cx.is_str(initial) => fromunicode(cx, this, initial)?,
        None if Bytes::of(initial).is_some() || cx.is_bytearray(initial) => frombytes(cx, this, initial)?,
        _ => add_all(cx, this, initial)?,
    }
    Ok(made.clone())
}

/// Adds the items of an iterable.
fn add_all(cx: &Cx, this: Arr, iterable: &Value) -> Res<()> {
    let items = cx.iter(iterable)?;
    while let Some(item) = items.next(cx)? {
        this.push(cx, &item)?;
    }
    Ok(())
}

// ---- items -----------------------------------------------------------------------------------------------------------

fn len(_: &Cx, this: Arr) -> Res<usize> {
    Ok(this.len())
}
fn iter(cx: &Cx, this: Arr) -> Res<Obj<Walk>> {
    cx.new(Walk { of: Slot::new(this.to_value()), at: Cell::new(0) })
}
fn next_item(cx: &Cx, this: This<Walk>) -> Res<Option<Value>> {
    let of = this.of.get();
    let Some(array) = of.body::<Array>() else { return Ok(None) };
    let at = this.at.replace(this.at.get() + 1);
    let item = array.item(cx, at)?;
    if item.is_none() {
        this.of.set(Value::NONE);
    }
    Ok(item)
}
fn reduce_walk(cx: &Cx, this: This<Walk>) -> Res {
    let iter = cx.builtin("iter")?;
    match this.of.get() {
        none if none.is_none() => (iter, (Tuple::from_fn(cx, 0, |_| Value::NONE)?,)).into_value(cx),
        of => (iter, (of,), this.at.get()).into_value(cx),
    }
}
fn set_walk(_: &Cx, this: This<Walk>, state: i64) {
    let len = this.of.get().body::<Array>().map_or(0, Array::len);
    this.at.set((state.max(0) as usize).min(len));
}

/// What a slice means: the first place, the step, and how many places; nothing for another key. Runs Python, and asks for the length
/// when that has run; `TypeError`, `ValueError`.
pub fn slice_of(
    cx: &Cx,
    key: &Value,
    len: impl FnOnce() -> Res<usize>,
) -> Res<Option<(i64, i64, usize)>> {
    if !cx.is_slice(key) {
        return Ok(None);
    }
    let bound = |name: &str| -> Res<Option<i64>> {
        let bound = cx.attr(key, name)?;
        if bound.is_none() {
            return Ok(None);
        }
        if !cx.has_index(&bound) {
            let message = "slice indices must be integers or None or have an __index__ method";
            return Err(cx.type_error(message));
        }
        Clamped::from_python(cx, &bound).map(|bound| Some(bound.0))
    };
    let step = bound("step")?.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return Err(cx.value_error("slice step cannot be zero"));
    }
    let (start, stop) = (bound("start")?, bound("stop")?);
    let len = len()? as i64;
    // Backwards, what lies before the first place is -1.
    let (least, most) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let place = |bound: i64| if bound < 0 { bound.saturating_add(len) } else { bound }.clamp(least, most);
    let (first, last) = if step > 0 { (least, most) } else { (most, least) };
    let (start, stop) = (start.map_or(first, place), stop.map_or(last, place));
    let (span, stride) = if step > 0 { (stop - start, step) } else { (start - stop, -step) };
    let count = if span > 0 { (span - 1) / stride + 1 } else { 0 };
    Ok(Some((start, step, count as usize)))
}

/// The place of an item that a key means.
fn place(cx: &Cx, this: Arr, key: &Value, what: &str) -> Res<usize> {
    if !cx.has_index(key) {
        return Err(cx.type_error("array indices must be integers"));
    }
    let index = cx.index(key)?;
    let at = this.span(index).map(|span| span.start / this.size());
    at.ok_or(()).map_err(|()| cx.index_error(format_args!("array {what}index out of range")))
}

fn get_item(cx: &Cx, this: Arr, key: &Value) -> Res {
    let Some((start, step, count)) = slice_of(cx, key, || Ok(this.len()))? else {
        let at = place(cx, this, key, "")?;
        return Ok(this.item(cx, at)?.unwrap_or_default());
    };
    let (size, mut part) = (this.size(), cx.vector(count * this.size())?);
    cx.work_on_bytes(count * size)?;
    this.bytes.read(|bytes| {
        for index in 0..count as i64 {
            let at = (start + index * step) as usize * size;
            part.extend_from_slice(bytes.get(at..at + size).unwrap_or_default());
        }
    });
    plain(cx, this.code.get(), &part)
}

fn set_item(cx: &Cx, this: Arr, key: &Value, value: Option<&Value>) -> Res<()> {
    let slice = slice_of(cx, key, || Ok(this.len()))?;
    let (Some((start, step, count)), value) = (slice, value) else {
        let at = place(cx, this, key, "assignment ")?;
        let Some(value) = value else { return this.splice(cx, at, 1, &[]) };
        return this.write_item(cx, at, &kinds::encode(cx, this.code.get(), value)?);
    };
    let size = this.size();
    let new = match value {
        None => cx.vector(0)?,
        Some(value) => match value.body::<Array>() {
            None => {
                let kind = cx.type_name(value);
                return Err(cx.type_error(format_args!("can only assign array (not \"{kind}\") to array slice")));
            }
            Some(other) if other.code.get() != this.code.get() => {
                return Err(cx.type_error("bad argument type for built-in operation"));
            }
            Some(other) => other.copy_of(cx, 0, other.len())?,
        },
    };
    if step == 1 {
        return this.splice(cx, start as usize, count, &new);
    }
    if value.is_none() {
        // From the last to the first, so that places stay what they are.
        let mut at: Vec<i64> = (0..count as i64).map(|index| start + index * step).collect();
        at.sort_unstable();
        return at.into_iter().rev().try_for_each(|at| this.splice(cx, at as usize, 1, &[]));
    }
    let given = new.len() / size;
    if given != count {
        let message = format_args!("attempt to assign array of size {given} to extended slice of size {count}");
        return Err(cx.value_error(message));
    }
    for (index, item) in new.chunks_exact(size).enumerate() {
        this.bytes.write((start + index as i64 * step) as usize * size, item);
    }
    Ok(())
}

fn contains(cx: &Cx, this: Arr, value: &Value) -> Res<bool> {
    Ok(this.find(cx, value, 0, usize::MAX)?.is_some())
}
fn append(cx: &Cx, this: Arr, v: &Value) -> Res<()> {
    this.push(cx, v)
}
fn insert(cx: &Cx, this: Arr, i: i64, v: &Value) -> Res<()> {
    cx.work_on_bytes(this.bytes.len())?;
    this.put(cx, Bound(i).among(this.len()), v)
}
fn pop(cx: &Cx, this: Arr, i: i64) -> Res {
    if this.len() == 0 {
        return Err(cx.index_error("pop from empty array"));
    }
    let at = if i < 0 { i + this.len() as i64 } else { i };
    let at = usize::try_from(at).ok().filter(|at| *at < this.len());
    let at = at.ok_or(()).map_err(|()| cx.index_error("pop index out of range"))?;
    let item = this.item(cx, at)?.unwrap_or_default();
    this.splice(cx, at, 1, &[])?;
    Ok(item)
}
fn remove(cx: &Cx, this: Arr, v: &Value) -> Res<()> {
    match this.find(cx, v, 0, usize::MAX)? {
        Some(at) => this.splice(cx, at, 1, &[]),
        None => Err(cx.value_error("array.remove(x): x not in array")),
    }
}
fn index(cx: &Cx, this: Arr, v: &Value, start: Bound, stop: Bound) -> Res<usize> {
    let len = this.len();
    let found = this.find(cx, v, start.among(len), stop.among(len))?;
    found.ok_or(()).map_err(|()| cx.value_error("array.index(x): x not in array"))
}
fn count(cx: &Cx, this: Arr, v: &Value) -> Res<usize> {
    let (mut count, mut from) = (0, 0);
    while let Some(at) = this.find(cx, v, from, usize::MAX)? {
        (count, from) = (count + 1, at + 1);
    }
    Ok(count)
}
fn clear(cx: &Cx, this: Arr) -> Res<()> {
    this.splice(cx, 0, this.len(), &[])
}
