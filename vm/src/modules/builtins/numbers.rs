//! Numbers: arithmetic functions, `sum`, `min` and `max`, digits, characters.

use std::cmp::Ordering;

use ryokan_bytecode::{BinaryOp, CompareOp};

use crate::native::Cx;
use crate::object::call::Args;
use crate::raised::Res;
use crate::types::complex::Complex;
use crate::types::float::float_of;
use crate::types::int::{RADIX_ROOM, small_radix_text, unbox_word};
use crate::types::list::List;
use crate::types::plain::{items_at_hand, quick_order};
use crate::types::set::{FrozenSet, Set};
use crate::types::str::Str;
use crate::types::str::args::{given, given_value};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn abs(vm: &Vm, value: &Value) -> Res {
    let word = unbox_word(value.word());
    if word.is_int() {
        return if word.int() < 0 { vm.int(-word.int()) } else { Ok(value.clone()) };
    }
    vm.absolute(value)
}

fn digits(vm: &Vm, value: &Value, spec: &str, base: u8, prefix: &str) -> Res {
    let number = vm.index(value)?;
    if let Some(small) = vm.as_i64(&number) {
        return vm.str_from_ascii(small_radix_text(small, base, false, prefix, &mut [0; RADIX_ROOM]));
    }
    // A subclass may format itself otherwise: the plain int's digits are wanted.
    let format = vm.get_attr(&vm.types.int.to_value(), &vm.names.__format__)?;
    vm.call(&format, &[number, vm.str(spec)?])
}
pub(super) fn bin(vm: &Vm, value: &Value) -> Res {
    digits(vm, value, "#b", 2, "0b")
}
pub(super) fn oct(vm: &Vm, value: &Value) -> Res {
    digits(vm, value, "#o", 8, "0o")
}
pub(super) fn hex(vm: &Vm, value: &Value) -> Res {
    digits(vm, value, "#x", 16, "0x")
}

pub(super) fn chr(vm: &Vm, value: &Value) -> Res {
    let number = vm.index(value)?;
    match crate::modules::sys::small_int(&number) {
        Some(c @ 0..=0x10_FFFF) => vm.str_from_char(c as u32),
        _ => Err(vm.value_error("chr() arg not in range(0x110000)")),
    }
}

pub(super) fn ord(vm: &Vm, value: &Value) -> Res {
    let units: (usize, Option<u32>) = if let Some(text) = value.get::<Str>() {
        (text.len(), (text.len() == 1).then(|| text.chars().at(0)))
    } else if let Some(bytes) = super::run::bytes_of(value) {
        (bytes.len(), (bytes.len() == 1).then(|| u32::from(bytes[0])))
    } else {
        let kind = vm.type_name(value);
        return Err(vm.type_error(format_args!("ord() expected string of length 1, but {kind} found")));
    };
    match units {
        (_, Some(c)) => Ok(Value::small(i64::from(c))),
        (len, None) => {
            Err(vm.type_error(format_args!("ord() expected a character, but string of length {len} found")))
        }
    }
}

pub(super) fn divmod(vm: &Vm, left: &Value, right: &Value) -> Res {
    vm.divmod(left, right)
}

pub(super) fn pow(vm: &Vm, args: &[Value]) -> Res {
    vm.power(&args[0], &args[1], given(args, 2).unwrap_or(&Value::NONE))
}

pub(super) fn round(vm: &Vm, args: &[Value]) -> Res {
    let digits = given_value(args, 1);
    let rest: Vec<Value> = digits.into_iter().cloned().collect();
    match vm.call_special(&args[0], &vm.names.__round__, &rest)? {
        Some(result) => Ok(result),
        None => {
            let kind = vm.type_name(&args[0]);
            Err(vm.type_error(format_args!("type {kind} doesn't define __round__ method")))
        }
    }
}

// ---- sum ---------------------------------------------------------------------------------------------------------------

/// A sum of floats that keeps what rounding loses (Neumaier's).
#[derive(Clone, Copy)]
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn add(&mut self, x: f64) {
        let total = self.high + x;
        self.low +=
            if self.high.abs() >= x.abs() { (self.high - total) + x } else { (x - total) + self.high };
        self.high = total;
    }
    fn total(self) -> f64 {
        // An infinite or NaN rest says only that the sum overflowed.
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

/// What the running total of `sum` is.
enum Total {
    Int(i64),
    Float(Compensated),
    /// Both parts.
    Complex(Compensated, Compensated),
    Any(Value),
}

impl Total {
    fn of(vm: &Vm, value: Value) -> Total {
        let word = value.word();
        if vm.type_of(&value).word() == vm.types.int.word()
            && let Some(number) = crate::modules::sys::small_int(&value)
        {
            return Total::Int(number);
        }
        if vm.type_of_word(word).word() == vm.types.float.word()
            && let Ok(number) = vm.as_f64(&value)
        {
            return Total::Float(Compensated { high: number, low: 0.0 });
        }
        match value.exact::<Complex>() {
            Some(z) => {
                let part = |high: f64| Compensated { high, low: 0.0 };
                Total::Complex(part(z.re), part(z.im))
            }
            None => Total::Any(value),
        }
    }
    fn value(self, vm: &Vm) -> Res {
        match self {
            Total::Int(number) => vm.int(number),
            Total::Float(sum) => vm.float(sum.total()),
            Total::Complex(re, im) => vm.complex(re.total(), im.total()),
            Total::Any(value) => Ok(value),
        }
    }
}

pub(super) fn sum(vm: &Vm, args: &[Value]) -> Res {
    let iterator = if items_at_hand(&args[0]).is_some() { None } else { Some(vm.iter(&args[0])?) };
    let start = given(args, 1).cloned().unwrap_or(Value::small(0));
    let refuse = |kind: &str, empty: &str| {
        vm.type_error(format_args!("sum() can't sum {kind} [use {empty}.join(seq) instead]"))
    };
    if vm.is_str(&start) {
        return Err(refuse("strings", "''"));
    }
    if super::run::bytes_of(&start).is_some() {
        return Err(if vm.type_name(&start) == "bytearray" {
            refuse("bytearray", "b''")
        } else {
            refuse("bytes", "b''")
        });
    }
    let mut total = Total::of(vm, start);
    let Some(iterator) = iterator else {
        let mut at = 0;
        loop {
            let items = items_at_hand(&args[0]).unwrap_or_default();
            let from = at;
            match &mut total {
                Total::Int(sum) => at += add_leading(sum, items.get(at..).unwrap_or_default()),
                Total::Float(sum) => at += add_leading_floats(sum, items.get(at..).unwrap_or_default()),
                _ => {}
            }
            let Some(item) = items.get(at).cloned() else { return total.value(vm) };
            vm.work((at - from) as u64 + 1)?;
            total = step(vm, total, &item)?;
            at += 1;
        }
    };
    vm.each(&iterator, |item| {
        let so_far = std::mem::replace(&mut total, Total::Int(0));
        total = step(vm, so_far, &item)?;
        Ok(true)
    })?;
    total.value(vm)
}

/// So many numbers are added before somebody is asked.
const MOST_LEADING: usize = 4096;

/// Adds floats, as [`add_leading`] adds ints.
fn add_leading_floats(sum: &mut Compensated, items: &[Value]) -> usize {
    let mut added = 0;
    for item in items.iter().take(MOST_LEADING) {
        let word = unbox_word(item.word());
        if !word.is_float() {
            break;
        }
        sum.add(word.float());
        added += 1;
    }
    added
}

/// Adds short ints, as many as stand at the beginning (but not too many at a time, for nobody is asked meanwhile); how many.
fn add_leading(sum: &mut i64, items: &[Value]) -> usize {
    let mut added = 0;
    for item in items.iter().take(MOST_LEADING) {
        let word = unbox_word(item.word());
        match sum.checked_add(word.int()).filter(|_| word.is_int()) {
            Some(next) => *sum = next,
            None => break,
        }
        added += 1;
    }
    added
}

fn step(vm: &Vm, total: Total, item: &Value) -> Res<Total> {
    let word = item.word();
    match total {
        Total::Int(sum) => {
            let number = if word.is_int() { Some(word.int()) } else { exact_int_or_bool(vm, item) };
            if let Some(next) = number.and_then(|n| sum.checked_add(n)) {
                return Ok(Total::Int(next));
            }
            add(vm, vm.int(sum)?, item)
        }
        Total::Float(mut sum) => {
            if word.is_float() || vm.type_of(item).word() == vm.types.float.word() {
                sum.add(if word.is_float() { word.float() } else { vm.as_f64(item)? });
                return Ok(Total::Float(sum));
            }
            // An int is rounded once and then added like a float, with what is lost kept.
            if crate::types::int::is_int(item) {
                sum.add(vm.as_f64(item)?);
                return Ok(Total::Float(sum));
            }
            add(vm, vm.float(sum.total())?, item)
        }
        Total::Complex(mut re, mut im) => {
            if let Some(z) = item.exact::<Complex>() {
                re.add(z.re);
                im.add(z.im);
            } else if word.is_float() || crate::types::int::is_int(item) || float_of(item).is_some() {
                re.add(vm.as_f64(item)?);
            } else {
                return add(vm, vm.complex(re.total(), im.total())?, item);
            }
            Ok(Total::Complex(re, im))
        }
        Total::Any(sum) => vm.binary_op(&sum, item, BinaryOp::Add).map(Total::Any),
    }
}

fn add(vm: &Vm, sum: Value, item: &Value) -> Res<Total> {
    vm.binary_op(&sum, item, BinaryOp::Add).map(|next| {
        // A float or complex number takes over with its own way of adding; anything else stays what it is.
        match vm.type_of(&next).word() == vm.types.float.word() || next.exact::<Complex>().is_some() {
            true => Total::of(vm, next),
            false => Total::Any(next),
        }
    })
}

fn exact_int_or_bool(vm: &Vm, item: &Value) -> Option<i64> {
    let ty = vm.type_of(item).word();
    (ty == vm.types.int.word() || ty == vm.types.bool.word()).then(|| crate::modules::sys::small_int(item))?
}

// ---- min and max ---------------------------------------------------------------------------------------------------------

pub(super) fn min(vm: &Vm, args: Args<'_>) -> Res {
    extreme(vm, args, "min", CompareOp::Lt)
}
pub(super) fn max(vm: &Vm, args: Args<'_>) -> Res {
    extreme(vm, args, "max", CompareOp::Gt)
}

/// The same of a list, tuple or set of values whose order can be told at once; nothing where that isn't so, or there are none.
fn plain_extreme(vm: &Vm, container: &Value, op: CompareOp) -> Res<Option<Value>> {
    fn best<'a>(mut items: impl Iterator<Item = &'a Value>, better: Ordering) -> Option<&'a Value> {
        let first = items.next()?;
        items.try_fold(first, |best, item| Some(if quick_order(item, best)? == better { item } else { best }))
    }
    let better = if op == CompareOp::Lt { Ordering::Less } else { Ordering::Greater };
    let set = container.exact::<Set>().or_else(|| container.exact::<FrozenSet>().map(FrozenSet::elements));
    if let Some(set) = set {
        vm.work(set.len() as u64)?;
        return Ok(best(set.at_hand().map(|(key, _)| key), better).cloned());
    }
    if let Some(list) = container.exact::<List>() {
        vm.work(list.len() as u64)?;
        return Ok(best(list.items().iter(), better).cloned());
    }
    let Some(tuple) = container.exact::<Tuple>() else { return Ok(None) };
    vm.work(tuple.items().len() as u64)?;
    Ok(best(tuple.items().iter(), better).cloned())
}

fn extreme(vm: &Vm, args: Args<'_>, name: &str, op: CompareOp) -> Res {
    if let ([one, two], true) = (args.pos, args.names.is_empty()) {
        let other = Cx::of(vm).holds(two, op, one)?;
        return Ok(if other { two.take() } else { one.take() });
    }
    if args.pos.is_empty() {
        return Err(vm.type_error(format_args!("{name} expected at least 1 argument, got 0")));
    }
    let names = &vm.names;
    for given in args.names {
        if !given.is(&names.key) && !given.is(&names.default) {
            return Err(vm.unexpected_keyword(name, given, &["key", "default"]));
        }
    }
    let key = args.named(&names.key).filter(|k| !k.is_none());
    let default = args.named(&names.default);
    if args.pos.len() > 1 && default.is_some() {
        return Err(vm.type_error(format_args!(
            "Cannot specify a default for {name}() with multiple positional arguments"
        )));
    }
    if let ([container], None) = (args.pos, key)
        && let Some(best) = plain_extreme(vm, container, op)?
    {
        return Ok(best);
    }
    // The best one, and what the key function gives for it.
    let mut best: Option<(Value, Option<Value>)> = None;
    let mut consider = |item: Value| -> Res<()> {
        let rank = key.map(|key| vm.call(key, &[item.clone()])).transpose()?;
        let better = match &best {
            Some((old, old_rank)) => {
                Cx::of(vm).holds(rank.as_ref().unwrap_or(&item), op, old_rank.as_ref().unwrap_or(old))?
            }
            None => true,
        };
        if better {
            best = Some((item, rank));
        }
        Ok(())
    };
    if args.pos.len() > 1 {
        for item in args.pos {
            consider(item.clone())?;
        }
    } else {
        let iterator = vm.iter(&args.pos[0])?;
        while let Some(item) = vm.next(&iterator)? {
            consider(item)?;
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(vm.value_error(format_args!("{name}() iterable argument is empty"))),
    }
}
