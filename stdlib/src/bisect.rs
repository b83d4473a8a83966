//! `_bisect`: where an item belongs in a sorted sequence.
//!
//! Comparing runs Python, which may change the sequence: each step asks for its item anew.

use ryokan_vm::native::*;

native_module! {
    /// Binary search in sorted sequences, and insertion that keeps them sorted.
    "_bisect" {
        functions {
            /// The index behind the last item that is not above x, in a[lo:hi], which is sorted.
            ///
            /// With a key, the items' keys are compared with x.
            bisect_right(a: Value, x: Value, lo: i64 = 0, hi: End = End::LAST => "None", *, key: Option<Value> = None);
            /// The index of the first item that is not below x, in a[lo:hi], which is sorted.
            ///
            /// With a key, the items' keys are compared with x.
            bisect_left(a: Value, x: Value, lo: i64 = 0, hi: End = End::LAST => "None", *, key: Option<Value> = None);
            /// Puts x into a[lo:hi], which is sorted, behind the items that equal it.
            ///
            /// With a key, the items are sorted by it.
            insort_right(a: Value, x: Value, lo: i64 = 0, hi: End = End::LAST => "None", *, key: Option<Value> = None);
            /// Puts x into a[lo:hi], which is sorted, before the items that equal it.
            ///
            /// With a key, the items are sorted by it.
            insort_left(a: Value, x: Value, lo: i64 = 0, hi: End = End::LAST => "None", *, key: Option<Value> = None);
        }
    }
}

/// Between which of two equal items an item belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Where the search ends: -1 is the end of the sequence, as None is.
#[derive(Clone, Copy)]
struct End(i64);

impl End {
    const LAST: End = End(-1);
}

impl<'a> FromArg<'a> for End {
    fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<End> {
        if arg.is_none() {
            return Ok(End::LAST);
        }
        if let Some(end) = cx.small_int(arg) {
            return Ok(End(end));
        }
        let kind = cx.type_name(arg);
        if !cx.has_index(arg) {
            return Err(cx.type_error(format_args!("argument should be integer or None, not '{kind}'")));
        }
        let Big(end) = Big::from_arg(cx, arg, place)?;
        i64::try_from(end).map(End).map_err(|_| {
            cx.overflow_error(format_args!("cannot fit '{kind}' into an index-sized integer"))
        })
    }
}

fn search(cx: &Cx, side: Side, a: &Value, x: &Value, lo: i64, hi: End, key: Option<&Value>) -> Res<i64> {
    if lo < 0 {
        return Err(cx.value_error("lo must be non-negative"));
    }
    let mut low = lo;
    let mut high = match hi.0 {
        -1 => cx.len(a)? as i64,
        high => high,
    };
    cx.expect_sequence(a)?;
    // Where Python sees no item beside a number, the items that are numbers are only looked at.
    let looks = key.is_none() && cx.is_plain_number(x);
    while low < high {
        if key.is_none() {
            (low, high) = cx.narrow(a, low, high, x, side == Side::Right);
            if low >= high {
                break;
            }
        }
        cx.work(1)?;
        let middle = low + (high - low) / 2;
        let mut item = if looks { cx.look_at(a, middle)? } else { cx.item_at(a, middle)? };
        if let Some(key) = key {
            item = cx.call_one(key, &item)?;
        }
        let before = match side {
            Side::Left => cx.holds(&item, CompareOp::Lt, x)?,
            Side::Right => !cx.holds(x, CompareOp::Lt, &item)?,
        };
        if before {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn insert(cx: &Cx, side: Side, a: &Value, x: Value, lo: i64, hi: End, key: Option<&Value>) -> Res<()> {
    let at = match key {
        Some(key) => {
            let own = cx.call(key, (&x,))?;
            search(cx, side, a, &own, lo, hi, Some(key))?
        }
        None => search(cx, side, a, &x, lo, hi, None)?,
    };
    match List::exact(a) {
        Some(list) => list.insert(cx, at as usize, x),
        None => cx.call_method(a, "insert", (at, x)).map(drop),
    }
}

fn bisect_right(cx: &Cx, a: Value, x: Value, lo: i64, hi: End, key: Option<Value>) -> Res<i64> {
    search(cx, Side::Right, &a, &x, lo, hi, key.as_ref())
}
fn bisect_left(cx: &Cx, a: Value, x: Value, lo: i64, hi: End, key: Option<Value>) -> Res<i64> {
    search(cx, Side::Left, &a, &x, lo, hi, key.as_ref())
}
fn insort_right(cx: &Cx, a: Value, x: Value, lo: i64, hi: End, key: Option<Value>) -> Res<()> {
    insert(cx, Side::Right, &a, x, lo, hi, key.as_ref())
}
fn insort_left(cx: &Cx, a: Value, x: Value, lo: i64, hi: End, key: Option<Value>) -> Res<()> {
    insert(cx, Side::Left, &a, x, lo, hi, key.as_ref())
}
