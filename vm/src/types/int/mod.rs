//! `int`: immediate where it fits, boxed in 64 bits where it has an identity, and of any size behind that.
//!
//! ```text
//! Word        62 bits in the value itself
//! IntBox      [header 8][value: i64]       an exact int with an identity, or one of 63 or 64 bits
//! BigInt      [header 8][value: IBig 24]   an exact int beyond 64 bits, or an instance of a subclass, whatever its size
//! ```
//!
//! Invariant: an exact `BigInt` never holds what fits in an `IntBox`, so that a layout tells a range. Whoever only wants
//! the number asks [`view`], which gives an `i64` whenever it fits, also for bools and subclasses.
//!
//! The digits of a `BigInt` lie outside the heap's pools but inside its budget: they are charged when the object is made
//! and given back when it dies ([`digit_bytes`]). A result that may be huge asks [`Vm::room_for_bits`] before it is computed.
//!
//! Read next: `arith.rs` (operators), `power.rs`, `parse.rs` (the constructor and text), `methods.rs` (the rest, and the table).

use std::borrow::Cow;

use dashu_int::{IBig, Sign, UBig};
use ryokan_alloc::Header;

use crate::object::payload::object;
use crate::object::uncharge;
use crate::raised::Res;
use crate::types::float::FloatBox;
use crate::value::{Value, Word};
use crate::vm::Vm;

mod arith;
mod boolean;
mod bytes;
mod methods;
mod parse;
mod power;

pub use arith::{HASH_MODULUS, compare_ints, divmod, floor_div_rem, hash_number, true_divide};
pub use boolean::BOOL_TYPE;
pub use methods::TYPE;
pub use parse::{
    DECIMAL_ROOM, RADIX_ROOM, decimal_digit, decimal_text, int_from_text, radix_text, repr, small_radix_text,
    small_text, strip, to_ascii_number,
};
pub use power::{power, power_mod};

/// The payload of an exact int that needs an object and fits in 64 bits.
#[repr(C)]
pub struct IntBox {
    head: Header,
    /// The number.
    pub value: i64,
}

const _: () = assert!(size_of::<IntBox>() == 16);

object! {
    IntBox as Int {
        tracked: false,
        values: [],
        plain: [value],
    }
}

/// The payload of a larger int, and of instances of int's subclasses.
#[repr(C)]
pub struct BigInt {
    head: Header,
    /// The number.
    pub value: IBig,
}

const _: () = assert!(size_of::<BigInt>() == 32);

object! {
    BigInt {
        tracked: false,
        values: [],
        owned: [value],
        dying: |this| uncharge(this, digit_bytes(&this.value)),
    }
}

/// What a number's digits are charged: nothing for the two words that lie within the object.
pub fn digit_bytes(value: &IBig) -> usize {
    let words = value.as_sign_words().1.len();
    if words > 2 { words * 8 } else { 0 }
}

/// An int as a number.
#[derive(Clone, Copy)]
pub enum Num<'a> {
    /// Fits in 64 bits.
    Small(i64),
    /// Does not.
    Big(&'a IBig),
}

impl<'a> Num<'a> {
    /// As a big integer: borrowed, or made on the stack.
    #[inline]
    pub fn big(self) -> Cow<'a, IBig> {
        match self {
            Num::Small(n) => Cow::Owned(IBig::from(n)),
            Num::Big(n) => Cow::Borrowed(n),
        }
    }
    /// Whether it is below zero.
    #[inline]
    pub fn is_negative(self) -> bool {
        match self {
            Num::Small(n) => n < 0,
            Num::Big(n) => n.sign() == Sign::Negative,
        }
    }
    /// Whether it is zero.
    #[inline]
    pub fn is_zero(self) -> bool {
        matches!(self, Num::Small(0))
    }
    /// Bits of the magnitude.
    #[inline]
    pub fn bits(self) -> usize {
        match self {
            Num::Small(n) => 64 - n.unsigned_abs().leading_zeros() as usize,
            Num::Big(n) => magnitude_bits(n),
        }
    }
}

/// Bits of a big integer's magnitude.
pub fn magnitude_bits(value: &IBig) -> usize {
    let words = value.as_sign_words().1;
    words.last().map_or(0, |top| words.len() * 64 - top.leading_zeros() as usize)
}

/// The number of an int, a bool, or an instance of a subclass of int.
#[inline]
pub fn view(value: &Value) -> Option<Num<'_>> {
    let word = value.word();
    if word.is_int() {
        return Some(Num::Small(word.int()));
    }
    if let Some(boxed) = value.get::<IntBox>() {
        return Some(Num::Small(boxed.value));
    }
    if let Some(big) = value.get::<BigInt>() {
        return Some(match i64::try_from(&big.value) {
            Ok(small) => Num::Small(small),
            Err(_) => Num::Big(&big.value),
        });
    }
    match word {
        Word::TRUE => Some(Num::Small(1)),
        Word::FALSE => Some(Num::Small(0)),
        _ => None,
    }
}

/// Whether it is an int, a bool, or an instance of a subclass of int.
#[inline]
pub fn is_int(value: &Value) -> bool {
    let word = value.word();
    word.is_int()
        || value.has::<IntBox>()
        || value.has::<BigInt>()
        || word == Word::TRUE
        || word == Word::FALSE
}

/// Whether its type is int itself.
#[inline]
pub fn is_exact_int(value: &Value) -> bool {
    value.word().is_int() || value.exact::<IntBox>().is_some() || value.exact::<BigInt>().is_some()
}

impl Word {
    /// The box of an immediate int or float; the word that is given owns one reference. `None` if no memory is left.
    pub(crate) fn boxed(self) -> Option<Word> {
        let boxed = if self.is_int() {
            Vm::try_new_for_value(|head| IntBox { head, value: self.int() })?.into_value()
        } else if self.is_float() {
            Vm::try_new_for_value(|head| FloatBox::new(head, self.float()))?.into_value()
        } else {
            return None;
        };
        Some(boxed.into_word())
    }
}

/// The immediate of an exact number: itself, or what its box holds if that fits; else [`Word::UNBOUND`].
#[inline(always)]
pub fn unbox_word(word: Word) -> Word {
    if word.is_number() {
        return word;
    }
    if word.is_ptr() {
        if let Some(value) = word.peek(|int: &IntBox| int.value) {
            return Word::try_int(value).unwrap_or(Word::UNBOUND);
        }
        if let Some(value) = word.peek(|float: &FloatBox| float.value) {
            return Word::try_float(value).unwrap_or(Word::UNBOUND);
        }
    }
    Word::UNBOUND
}

/// As [`unbox_word`], of a value; `None` if it is no exact number that could be immediate.
#[inline]
pub fn unbox_number(value: &Value) -> Option<Word> {
    let word = unbox_word(value.word());
    if word.is_unbound() { None } else { Some(word) }
}

/// How much more than the result it takes to make a large one: measured peaks of `dashu-int`, whose transforms need room.
pub mod scratch {
    /// A square, a power.
    pub const SQUARE: u128 = 11;
    /// A product of two numbers, a product tree.
    pub const PRODUCT: u128 = 20;
    /// A quotient (of the dividend), a root, decimal digits.
    pub const QUOTIENT: u128 = 10;
    /// A number read from decimal digits.
    pub const PARSE: u128 = 30;
}

/// Numbers up to this size are worked on with little more room than their own.
const PLAIN_BITS: u128 = 1 << 19;

/// Of the addresses that arithmetic reserves as scratch space, it uses about one in so many.
const RESERVED: u128 = 8;

/// Whether the system would grant an allocation: the arithmetic itself cannot be refused one.
fn system_agrees(bytes: usize) -> bool {
    bytes < 1 << 24 || Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// Below this many bytes a result is not worth asking the heap about beforehand.
const UNASKED_BYTES: u128 = 1 << 12;

impl Vm {
    /// An int. Runs no Python; `MemoryError`.
    #[inline]
    pub fn int(&self, value: i64) -> Res {
        match Word::try_int(value) {
            Some(word) => Ok(Value::immediate(word)),
            None => Ok(self.new_object(|head| IntBox { head, value })?.into_value()),
        }
    }

    /// An int of 128 bits. Runs no Python; `MemoryError`.
    #[inline]
    pub fn int_from_i128(&self, value: i128) -> Res {
        match i64::try_from(value) {
            Ok(small) => self.int(small),
            Err(_) => self.int_from_big(IBig::from(value)),
        }
    }

    /// An unsigned int. Runs no Python; `MemoryError`.
    pub fn int_from_u64(&self, value: u64) -> Res {
        self.int_from_i128(i128::from(value))
    }

    /// An int of any size, in the least form that holds it. Runs no Python; `MemoryError`.
    pub fn int_from_big(&self, value: IBig) -> Res {
        if let Ok(small) = i64::try_from(&value) {
            return self.int(small);
        }
        self.charge_digits(&value)?;
        let bytes = digit_bytes(&value);
        match self.new_object(|head| BigInt { head, value }) {
            Ok(made) => Ok(made.into_value()),
            Err(raised) => {
                self.heap().uncharge(bytes);
                Err(raised)
            }
        }
    }

    /// An instance of a subclass of int. Runs no Python; `MemoryError`, and `TypeError` for another class.
    pub fn int_of_class(&self, class: &Value, value: IBig) -> Res {
        self.charge_digits(&value)?;
        let bytes = digit_bytes(&value);
        let made = self.new_of_class(class, |head| BigInt { head, value });
        if made.is_err() && bytes != 0 {
            self.heap().uncharge(bytes);
        }
        made
    }

    fn charge_digits(&self, value: &IBig) -> Res<()> {
        let bytes = digit_bytes(value);
        if bytes != 0 && !self.heap().charge(bytes) { Err(self.no_memory()) } else { Ok(()) }
    }

    /// Asks whether a number of so many bits may exist now; [`Vm::no_memory`] if not. Runs no Python; raises as [`Vm::work`], too.
    #[inline]
    pub fn room_for_bits(&self, bits: u128) -> Res<()> {
        self.work_on_bytes(usize::try_from(bits / 8).unwrap_or(usize::MAX))?;
        self.room_for_bytes(bits / 8)
    }

    /// Asks whether a number of so many bits may be computed now; see [`scratch`]. Runs no Python; `MemoryError`, and as [`Vm::work`].
    #[inline]
    pub fn room_for_work(&self, bits: u128, factor: u128) -> Res<()> {
        self.work_on_digits(bits)?;
        if bits <= PLAIN_BITS {
            return self.room_for_bits(bits);
        }
        let bits = bits.saturating_mul(factor);
        self.room_for_bits(bits)?;
        let reserved = usize::try_from(bits / 8 * RESERVED).unwrap_or(usize::MAX);
        if system_agrees(reserved) { Ok(()) } else { Err(self.no_memory()) }
    }

    /// Charges a metered run for a product, a quotient or the like of so many bits: what dashu takes grows with about the 1.5th
    /// power of the length, and cannot be stopped midway. Runs no Python; raises as [`Vm::work`].
    #[inline]
    pub fn work_on_digits(&self, bits: u128) -> Res<()> {
        if bits < 1 << 12 || !self.meter.is_on() {
            return Ok(());
        }
        let words = (bits / 64).min(1 << 40) as f64;
        self.work((words * words.sqrt() / 16.0) as u64)
    }

    /// Asks whether so many bytes outside the pools may be taken now. What is then made is charged by itself. Runs no Python;
    /// `MemoryError`.
    #[inline]
    pub fn room_for_bytes(&self, bytes: u128) -> Res<()> {
        if bytes <= UNASKED_BYTES { Ok(()) } else { self.ask_for_room(bytes) }
    }

    #[cold]
    fn ask_for_room(&self, bytes: u128) -> Res<()> {
        let Some(bytes) = usize::try_from(bytes).ok().filter(|n| *n < isize::MAX as usize / 4) else {
            return Err(self.no_memory());
        };
        if !self.heap().charge(bytes) {
            return Err(self.no_memory());
        }
        self.heap().uncharge(bytes);
        // Without a cap the system has the last word.
        if system_agrees(bytes) { Ok(()) } else { Err(self.no_memory()) }
    }

    /// An int of the bytes of its magnitude, the lowest first. Runs no Python; `MemoryError`.
    pub fn int_from_bytes_le(&self, negative: bool, magnitude: &[u8]) -> Res {
        if magnitude.len() > 16 {
            self.room_for_bytes(magnitude.len() as u128)?;
        }
        let sign = if negative { Sign::Negative } else { Sign::Positive };
        self.int_from_big(IBig::from_parts(sign, UBig::from_le_bytes(magnitude)))
    }

    /// The number of an int, a bool or an instance of a subclass, if it fits in 64 bits.
    #[inline]
    pub fn as_i64(&self, value: &Value) -> Option<i64> {
        match view(value) {
            Some(Num::Small(n)) => Some(n),
            _ => None,
        }
    }

    /// The number of an int, a bool or an instance of a subclass.
    pub fn to_big(&self, value: &Value) -> Option<IBig> {
        view(value).map(|n| n.big().into_owned())
    }

    /// `operator.index(value)`: an exact int. Runs Python (`__index__`); raises what that raises, and `TypeError` if there is none, or it
    /// gives no int.
    pub fn index(&self, value: &Value) -> Res {
        if is_exact_int(value) {
            return Ok(value.clone());
        }
        let found = self.index_like(value)?;
        self.exact_int(&found)
    }

    /// The int of a value that has an `__index__`, itself if it is an int of any kind.
    fn index_like(&self, value: &Value) -> Res {
        if is_int(value) {
            return Ok(value.clone());
        }
        let Some(index) = self.slots(value).index() else {
            return Err(self.type_error(format_args!(
                "'{}' object cannot be interpreted as an integer",
                self.type_name(value)
            )));
        };
        let found = index.call(self, value)?;
        if !is_int(&found) {
            return Err(
                self.type_error(format_args!("__index__ returned non-int (type {})", self.type_name(&found)))
            );
        }
        if !is_exact_int(&found) {
            self.warn_of_subclass("__index__", "int", &found)?;
        }
        Ok(found)
    }

    /// A special method gave an instance of a subclass where the type itself is wanted: that is deprecated. Runs Python. Raises the warning
    /// where filters make it an error.
    #[cold]
    pub fn warn_of_subclass(&self, method: &str, kind: &str, found: &Value) -> Res<()> {
        let found = self.type_name(found);
        let message = format!(
            "{method} returned non-{kind} (type {found}).  The ability to return an instance of a strict subclass of {kind} is \
             deprecated, and may be removed in a future version of Python."
        );
        self.warn("DeprecationWarning", &message, 1)
    }

    /// The same number as an exact int: itself if it is one. Runs no Python; `MemoryError`, and `SystemError` if it is no int.
    pub fn exact_int(&self, value: &Value) -> Res {
        if is_exact_int(value) {
            return Ok(value.clone());
        }
        match view(value) {
            Some(Num::Small(n)) => self.int(n),
            Some(Num::Big(n)) => self.int_from_big(n.clone()),
            None => Err(self.system_error("bad argument to internal function")),
        }
    }

    /// `operator.index(value)` if it fits in a C `ssize_t`. Runs Python and raises as [`Vm::index`]; `OverflowError` if it does not.
    pub fn index_i64(&self, value: &Value) -> Res<i64> {
        if let Some(n) = self.as_i64(value) {
            return Ok(n);
        }
        match self.as_i64(&self.index_like(value)?) {
            Some(n) => Ok(n),
            None => Err(self.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    /// `operator.index(value)`, or the nearest number that fits in 64 bits. Runs Python and raises as [`Vm::index`].
    pub fn index_clamped(&self, value: &Value) -> Res<i64> {
        let found = if is_int(value) { None } else { Some(self.index_like(value)?) };
        Ok(match view(found.as_ref().unwrap_or(value)) {
            Some(Num::Small(n)) => n,
            Some(n) if n.is_negative() => i64::MIN,
            _ => i64::MAX,
        })
    }

    /// The big integer of `operator.index(value)`. Runs Python and raises as [`Vm::index`].
    pub fn index_big(&self, value: &Value) -> Res<IBig> {
        if let Some(n) = view(value) {
            return Ok(n.big().into_owned());
        }
        let found = self.index_like(value)?;
        Ok(view(&found).map_or(IBig::ZERO, |n| n.big().into_owned()))
    }

    /// The number in an argument that C would take for an `int` or a `long`: 64 bits here. Runs Python and raises as [`Vm::index`];
    /// `OverflowError` if it does not fit.
    pub fn index_long(&self, value: &Value) -> Res<i64> {
        match self.as_i64(&self.index_like(value)?) {
            Some(n) => Ok(n),
            None => Err(self.overflow_error("Python int too large to convert to C long")),
        }
    }

    /// The same, as C's `int`. Runs Python and raises as [`Vm::index`]; `OverflowError` if it does not fit.
    pub fn index_c_int(&self, value: &Value) -> Res<i32> {
        match self.as_i64(&self.index_like(value)?).and_then(|n| i32::try_from(n).ok()) {
            Some(n) => Ok(n),
            None => Err(self.overflow_error("Python int too large to convert to C int")),
        }
    }
}
