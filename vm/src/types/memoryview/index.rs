//! Items and slices of a view: `view[key]`, and `view[key] = value`.

use super::dims::{Dim, Dims};
use super::items::{pack, unpack};
use super::lend::{BufferFlags, Lent};
use super::{Items, MemoryView, make, view};
use crate::raised::{Raised, Res};
use crate::types::bytes::Bytes;
use crate::types::slice::Slice;
use crate::types::str::args::index_of;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// What a key is.
enum Key<'a> {
    /// `()`, for a view without dimensions.
    Nothing,
    /// `...`, for a view without dimensions.
    Ellipsis,
    Index(&'a Value),
    Slice(&'a Slice),
    /// As many indices as there are dimensions, or fewer or more.
    Indices(&'a [Value]),
    /// Slices in a tuple.
    Slices,
    Wrong,
}

fn key_of<'a>(vm: &Vm, key: &'a Value) -> Key<'a> {
    let is_index = |value: &Value| vm.as_i64(value).is_some() || vm.slots(value).index().is_some();
    if let Some(slice) = key.get::<Slice>() {
        return Key::Slice(slice);
    }
    match key.get::<Tuple>().map(Tuple::items) {
        Some([]) => Key::Nothing,
        Some(all) if all.iter().all(is_index) => Key::Indices(all),
        Some(all) if all.iter().all(Value::has::<Slice>) => Key::Slices,
        Some(_) => Key::Wrong,
        None if is_index(key) => Key::Index(key),
        None if key.is(&Value::ELLIPSIS) => Key::Ellipsis,
        None => Key::Wrong,
    }
}

fn not_done(vm: &Vm, message: &str) -> Raised {
    vm.raise(&vm.exc.NotImplementedError, message)
}
fn wrong_key(vm: &Vm) -> Raised {
    vm.type_error("memoryview: invalid slice key")
}
fn no_dimension(vm: &Vm) -> Raised {
    vm.type_error("invalid indexing of 0-dim memory")
}

/// How far from the first item of a dimension the one of an index lies.
fn offset(vm: &Vm, this: &MemoryView, at: usize, index: &Value) -> Res<isize> {
    let Some(index) = index_of(vm, index)? else { return Err(wrong_key(vm)) };
    let Dim { len, stride } = this.dim(at);
    let index = if index < 0 { index.saturating_add(len as i64) } else { index };
    match usize::try_from(index).ok().filter(|index| *index < len) {
        Some(index) => Ok(stride * index as isize),
        None => Err(vm.index_error(format_args!("index out of bounds on dimension {}", at + 1))),
    }
}

/// The place of the item that indices name. Runs Python, which may release the view.
fn place(vm: &Vm, this: &MemoryView, indices: &[Value]) -> Res<usize> {
    let (dims, given) = (usize::from(this.ndim), indices.len());
    if given > dims {
        return Err(
            vm.type_error(format_args!("cannot index {dims}-dimension view with {given}-element tuple"))
        );
    }
    if given < dims {
        return Err(not_done(vm, "sub-views are not implemented"));
    }
    let mut place = this.start;
    for (at, index) in indices.iter().enumerate() {
        place = place.wrapping_add_signed(offset(vm, this, at, index)?);
    }
    Ok(place)
}

/// The items of a slice of the first dimension. Runs Python.
fn items_of(vm: &Vm, this: &MemoryView, slice: &Slice) -> Res<Items> {
    let mut items = this.items();
    let Dim { len, stride } = items.dims.first;
    let walk = slice.unpack(vm)?.within(len);
    if walk.count > 0 {
        items.start = items.start.wrapping_add_signed(stride * walk.at(0) as isize);
    }
    items.dims.first = Dim { len: walk.count, stride: stride.wrapping_mul(walk.step as isize) };
    Ok(items)
}

pub(super) fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    let of = view(vm, this)?;
    let key = key_of(vm, key);
    // Converting the key may run code that releases the view.
    let place = match (of.ndim, key) {
        (0, Key::Nothing) => of.start,
        (0, Key::Ellipsis) => return Ok(this.clone()),
        (0, _) => return Err(no_dimension(vm)),
        (1, Key::Index(index)) => place(vm, of, std::slice::from_ref(index))?,
        (_, Key::Index(_)) => return Err(not_done(vm, "multi-dimensional sub-views are not implemented")),
        (_, Key::Nothing) => place(vm, of, &[])?,
        (_, Key::Indices(indices)) => place(vm, of, indices)?,
        (_, Key::Slice(slice)) => {
            // The new view is there before the slice is converted, and keeps the bytes in place.
            let source = of.source(vm)?;
            let kept = make(vm, source.clone(), of.items())?;
            let made = make(vm, source, items_of(vm, of, slice)?);
            drop(kept);
            return made;
        }
        (_, Key::Slices) => return Err(not_done(vm, "multi-dimensional slicing is not implemented")),
        (_, Key::Ellipsis | Key::Wrong) => return Err(wrong_key(vm)),
    };
    unpack(vm, of.format, view(vm, this)?.item(place))
}

pub(super) fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    let of = view(vm, this)?;
    if of.readonly {
        return Err(vm.type_error("cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(vm.type_error("cannot delete memory")) };
    let key = key_of(vm, key);
    // Converting the key, or the value, may run code that releases the view.
    let place = match (of.ndim, key) {
        (0, Key::Nothing | Key::Ellipsis) => of.start,
        (0, _) => return Err(no_dimension(vm)),
        (1, Key::Index(index)) => place(vm, of, std::slice::from_ref(index))?,
        (_, Key::Index(_)) => return Err(not_done(vm, "sub-views are not implemented")),
        (1, Key::Slice(slice)) => return set_items(vm, this, slice, value),
        (_, Key::Nothing) => place(vm, of, &[])?,
        (_, Key::Indices(indices)) => place(vm, of, indices)?,
        (_, Key::Slice(_) | Key::Slices) => {
            let message = "memoryview slice assignments are currently restricted to ndim = 1";
            return Err(not_done(vm, message));
        }
        (_, Key::Ellipsis | Key::Wrong) => return Err(wrong_key(vm)),
    };
    view(vm, this)?;
    let item = pack(vm, of.format, value)?;
    view(vm, this)?.write(place, item.get(..of.item_bytes()).unwrap_or_default());
    Ok(())
}

/// `this[slice] = value`
fn set_items(vm: &Vm, this: &Value, slice: &Slice, value: &Value) -> Res<()> {
    let source = Lent::of(vm, value, BufferFlags::FULL_READ_ONLY)?;
    let Items { start, dims: Dims { first, .. }, .. } = items_of(vm, view(vm, this)?, slice)?;
    let of = view(vm, this)?;
    let (letter, ndim, count) = match source.view() {
        Some(source) => (source.format.letter, source.ndim, source.count()),
        None => (b'B', 1, source.as_slice().len()),
    };
    if letter != of.format.letter || ndim != 1 || count != first.len {
        return Err(vm.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    vm.work_on_bytes(count.saturating_mul(16))?;
    // Both may look into the same bytes.
    let items = source.to_bytes(vm)?;
    let items = items.get::<Bytes>().map_or(&[][..], Bytes::as_slice);
    for (at, item) in items.chunks(of.item_bytes()).enumerate() {
        of.write(start.wrapping_add_signed(first.stride * at as isize), item);
    }
    Ok(())
}
