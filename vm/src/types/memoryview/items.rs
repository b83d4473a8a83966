//! Items of a view: what a format says of their bytes.

use half::f16;

use super::MemoryView;
use crate::raised::{Raised, Res};
use crate::types::bytes::Bytes;
use crate::value::Value;
use crate::vm::Vm;

/// What an item is.
#[derive(Clone, Copy)]
pub(super) struct Format {
    /// A letter of `struct`, in native size and order.
    pub letter: u8,
    /// Whether it is written with an `@` before it.
    pub marked: bool,
    /// How many bytes it has. (It is more than the letter says in a view that was asked to keep its format to itself.)
    pub bytes: u8,
}

impl Format {
    /// Of a letter, if there is such a format.
    pub(super) fn of(letter: u8) -> Option<Format> {
        let bytes = match letter {
            b'c' | b'b' | b'B' | b'?' => 1,
            b'h' | b'H' | b'e' => 2,
            b'i' | b'I' | b'f' => 4,
            b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
            _ => return None,
        };
        Some(Format { letter, marked: false, bytes })
    }
    /// That a text names: a letter, with an `@` before it or not.
    pub(super) fn named(text: &str) -> Option<Format> {
        let letter = text.strip_prefix('@').unwrap_or(text);
        let [letter] = letter.as_bytes() else { return None };
        Some(Format { marked: text.len() == 2, ..Format::of(*letter)? })
    }
    /// What an exporter says of its items: also characters, which a view shows as bytes alone.
    pub(super) fn exported(letter: u8) -> Option<Format> {
        match letter {
            b'u' | b'w' => Some(Format { letter, marked: false, bytes: 4 }),
            _ => Format::of(letter),
        }
    }
    /// Bytes as numbers.
    pub(super) const BYTES: Format = Format { letter: b'B', marked: false, bytes: 1 };
    /// Whether an item is a byte.
    pub(super) fn is_byte(self) -> bool {
        matches!(self.letter, b'c' | b'b' | b'B')
    }
}

/// Some bytes, and zeros if there are too few.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}

/// An item as a Python value.
pub(super) fn unpack(vm: &Vm, format: Format, bytes: &[u8]) -> Res {
    match format.letter {
        b'c' => vm.bytes(&array::<1>(bytes)),
        b'?' => Ok(Value::bool(array::<1>(bytes) != [0])),
        b'b' => Ok(Value::small(i64::from(i8::from_ne_bytes(array(bytes))))),
        b'B' => Ok(Value::small(i64::from(u8::from_ne_bytes(array(bytes))))),
        b'h' => vm.int(i64::from(i16::from_ne_bytes(array(bytes)))),
        b'H' => vm.int(i64::from(u16::from_ne_bytes(array(bytes)))),
        b'i' => vm.int(i64::from(i32::from_ne_bytes(array(bytes)))),
        b'I' => vm.int(i64::from(u32::from_ne_bytes(array(bytes)))),
        b'l' | b'q' | b'n' => vm.int(i64::from_ne_bytes(array(bytes))),
        b'e' => vm.float(f16::from_bits(u16::from_ne_bytes(array(bytes))).to_f64()),
        b'f' => vm.float(f64::from(f32::from_ne_bytes(array(bytes)))),
        b'd' => vm.float(f64::from_ne_bytes(array(bytes))),
        b'u' | b'w' => Err(unsupported(vm, format)),
        _ => vm.int_from_big(u64::from_ne_bytes(array(bytes)).into()),
    }
}

/// An item that a view has no value for.
#[cold]
fn unsupported(vm: &Vm, format: Format) -> Raised {
    let letter = format.letter as char;
    let class = &vm.exc.NotImplementedError;
    vm.raise(class, format_args!("memoryview: format {letter} not supported"))
}

/// Whether two items are equal.
pub(super) fn same(vm: &Vm, (a, x): (Format, &[u8]), (b, y): (Format, &[u8])) -> Res<bool> {
    if matches!(a.letter, b'u' | b'w') || matches!(b.letter, b'u' | b'w') {
        return Ok(false);
    }
    if a.letter == b.letter && !matches!(a.letter, b'e' | b'f' | b'd' | b'?') {
        return Ok(x == y);
    }
    let (x, y) = (unpack(vm, a, x)?, unpack(vm, b, y)?);
    vm.equal(&x, &y)
}

/// A Python value as an item's bytes, the first ones of the eight. Runs Python.
pub(super) fn pack(vm: &Vm, format: Format, value: &Value) -> Res<[u8; 8]> {
    let letter = format.letter as char;
    let wrong_type = || vm.type_error(format_args!("memoryview: invalid type for format '{letter}'"));
    let wrong_value = || vm.value_error(format_args!("memoryview: invalid value for format '{letter}'"));
    // Whoever fails to convert itself is of the wrong type, or of a wrong value.
    let wrong = |raised: Raised| {
        if vm.raised_is(&raised, &vm.exc.TypeError) {
            drop(vm.take_raised(raised));
            wrong_type()
        } else if vm.raised_is(&raised, &vm.exc.OverflowError) || vm.raised_is(&raised, &vm.exc.ValueError) {
            drop(vm.take_raised(raised));
            wrong_value()
        } else {
            raised
        }
    };
    let mut out = [0; 8];
    let mut put = |bytes: &[u8]| out[..bytes.len()].copy_from_slice(bytes);
    match format.letter {
        b'u' | b'w' => return Err(unsupported(vm, format)),
        b'c' => match value.get::<Bytes>().map(Bytes::as_slice) {
            Some([byte]) => put(&[*byte]),
            Some(_) => return Err(wrong_value()),
            None => return Err(wrong_type()),
        },
        b'?' => put(&[u8::from(vm.truth(value)?)]),
        b'e' | b'f' | b'd' => {
            let number = vm.as_f64(value).map_err(wrong)?;
            match format.letter {
                b'd' => put(&number.to_ne_bytes()),
                b'f' => put(&(number as f32).to_ne_bytes()),
                _ => {
                    let small = f16::from_f64(number);
                    if small.is_infinite() && number.is_finite() {
                        return Err(wrong_value());
                    }
                    put(&small.to_bits().to_ne_bytes());
                }
            }
        }
        _ => {
            let number = vm.index_big(value).map_err(wrong)?;
            macro_rules! int {
                ($ty:ty) => {
                    <$ty>::try_from(&number).ok().map(|n| put(&n.to_ne_bytes()))
                };
            }
            let fits = match format.letter {
                b'b' => int!(i8),
                b'B' => int!(u8),
                b'h' => int!(i16),
                b'H' => int!(u16),
                b'i' => int!(i32),
                b'I' => int!(u32),
                b'l' | b'q' | b'n' => int!(i64),
                b'P' => int!(u64).or_else(|| int!(i64)),
                _ => int!(u64),
            };
            fits.ok_or_else(wrong_value)?;
        }
    }
    Ok(out)
}

impl MemoryView {
    /// The bytes of an item at a place; none if it lies outside.
    pub(super) fn item(&self, place: usize) -> &[u8] {
        self.whole().get(place..place.saturating_add(self.item_bytes())).unwrap_or_default()
    }
    /// The item at a place, as a Python value.
    pub(super) fn value_at(&self, vm: &Vm, place: usize) -> Res {
        unpack(vm, self.format, self.item(place))
    }
    /// The items from a dimension on, as lists in lists; the item itself, behind the last.
    pub(super) fn to_list(&self, vm: &Vm, at: usize, place: usize) -> Res {
        if at == usize::from(self.ndim) {
            return self.value_at(vm, place);
        }
        let dim = self.dim(at);
        vm.work_on_bytes(dim.len.saturating_mul(64))?;
        let list = vm.new_list_with_capacity(dim.len)?;
        for index in 0..dim.len {
            let place = place.wrapping_add_signed(dim.stride * index as isize);
            list.push(vm, self.to_list(vm, at + 1, place)?)?;
        }
        Ok(list.into_value())
    }
    /// All items' bytes, in order; in Fortran's order, the first index goes up first.
    pub(super) fn to_bytes(&self, vm: &Vm, fortran: bool) -> Res {
        let bytes = self.bytes();
        if self.is_contiguous(fortran) {
            return vm.bytes(self.whole().get(self.start..self.start + bytes).unwrap_or_default());
        }
        vm.work_on_bytes(bytes.saturating_mul(16))?;
        vm.bytes_with(bytes, |to| {
            for (to, place) in to.chunks_exact_mut(self.item_bytes()).zip(self.walk(fortran)) {
                to.copy_from_slice(self.item(place));
            }
        })
    }
}
