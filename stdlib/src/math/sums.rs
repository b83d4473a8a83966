//! Sums, products and distances of many numbers.

use pymath::Error;
use ryokan_vm::native::*;

pub fn fsum(cx: &Cx, seq: Iter) -> Res<f64> {
    let mut raised = None;
    let sum = pymath::math::fsum(std::iter::from_fn(|| {
        let item = seq.next(cx).and_then(|item| item.map(|item| cx.float(&item)).transpose());
        item.unwrap_or_else(|error| {
            raised = Some(error);
            None
        })
    }));
    if let Some(raised) = raised {
        return Err(raised);
    }
    sum.map_err(|error| match error {
        Error::ERANGE => cx.overflow_error("intermediate overflow in fsum"),
        Error::EDOM => cx.value_error("-inf + inf in fsum"),
    })
}

pub fn prod(cx: &Cx, items: Iter, start: Value) -> Res {
    let mut product = start;
    while let Some(item) = items.next(cx)? {
        product = cx.binary(BinaryOp::Multiply, &product, &item)?;
    }
    Ok(product)
}

// ---- distances ---------------------------------------------------------------------------------------------------

pub fn hypot(cx: &Cx, coordinates: Args<'_>) -> Res<f64> {
    coordinates.no_keywords(cx, "math.hypot")?;
    let coordinates = coordinates.positional();
    if let [x, y] = coordinates {
        return Ok(pymath::math::hypot(&[cx.float(x)?, cx.float(y)?]));
    }
    let mut floats = cx.vector(coordinates.len())?;
    for coordinate in coordinates {
        floats.push(cx.float(coordinate)?);
    }
    room_for_one_more(cx, &floats)?;
    Ok(pymath::math::hypot(&floats))
}

pub fn dist(cx: &Cx, p: &Value, q: &Value) -> Res<f64> {
    let (p, q) = (Tuple::from_iterable(cx, p)?, Tuple::from_iterable(cx, q)?);
    if p.len() != q.len() {
        return Err(cx.value_error("both points must have the same number of dimensions"));
    }
    let (p, q) = (coordinates(cx, &p)?, coordinates(cx, &q)?);
    room_for_one_more(cx, &p)?;
    Ok(pymath::math::dist(&p, &q))
}

/// A point's coordinates as floats.
fn coordinates(cx: &Cx, point: &Tuple) -> Res<Vector<f64>> {
    let mut floats = cx.vector(point.len())?;
    cx.work_on_bytes(point.len() * 8)?;
    for at in 0..point.len() {
        floats.push(cx.float(&point.get(at).unwrap_or_default())?);
    }
    Ok(floats)
}

/// The norm is computed of a copy that the heap does not count.
fn room_for_one_more(cx: &Cx, floats: &Vector<f64>) -> Res<()> {
    cx.work_on_bytes(floats.len() * 8)?;
    cx.room_for_bytes(floats.len() * 8)
}

// ---- sumprod -----------------------------------------------------------------------------------------------------

/// A sum in three floats, each far below the one before.
#[derive(Clone, Copy, Default)]
struct Triple {
    high: f64,
    low: f64,
    tiny: f64,
}

/// A sum, and what rounding lost of it.
fn exact_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

impl Triple {
    fn add_product(self, x: f64, y: f64) -> Triple {
        let product = x * y;
        let lost = x.mul_add(y, -product);
        let (high, lost_high) = exact_sum(self.high, product);
        let (low, lost_low) = exact_sum(self.low, lost);
        let (low, lost_sum) = exact_sum(low, lost_high);
        Triple { high, low, tiny: self.tiny + lost_low + lost_sum }
    }
    fn value(self) -> f64 {
        let (high, low) = exact_sum(self.low, self.high);
        self.tiny + low + high
    }
}

/// The running sum of `sumprod`: ints first, then floats in extended precision, then whatever comes.
struct SumProd<'a> {
    cx: &'a Cx,
    total: Value,
    ints: Option<i64>,
    floats: Option<(Triple, bool)>,
}

impl SumProd<'_> {
    fn add_total(&mut self, term: &Value) -> Res<()> {
        self.total = self.cx.binary(BinaryOp::Add, &self.total, term)?;
        Ok(())
    }
    fn leave_ints(&mut self) -> Res<()> {
        match self.ints.take() {
            Some(sum) if sum != 0 => self.add_total(&sum.into_value(self.cx)?),
            _ => Ok(()),
        }
    }
    fn leave_floats(&mut self) -> Res<()> {
        match self.floats.take() {
            Some((sum, true)) => self.add_total(&sum.value().into_value(self.cx)?),
            _ => Ok(()),
        }
    }
    fn add(&mut self, p: &Value, q: &Value) -> Res<()> {
        if let Some(sum) = self.ints {
            let product = Int::exact_small(p).zip(Int::exact_small(q)).and_then(|(x, y)| x.checked_mul(y));
            if let Some(sum) = product.and_then(|product| sum.checked_add(product)) {
                self.ints = Some(sum);
                return Ok(());
            }
            self.leave_ints()?;
        }
        if let Some((sum, _)) = self.floats {
            if let Some((x, y)) = float_pair(self.cx, p, q) {
                let next = sum.add_product(x, y);
                if next.high.is_finite() {
                    self.floats = Some((next, true));
                    return Ok(());
                }
            }
            self.leave_floats()?;
        }
        let term = self.cx.binary(BinaryOp::Multiply, p, q)?;
        self.add_total(&term)
    }
}

/// Both as floats, if one is a float and the other a float, an int or a bool that has a nearest float.
fn float_pair(cx: &Cx, p: &Value, q: &Value) -> Option<(f64, f64)> {
    match (cx.exact_float(p), cx.exact_float(q)) {
        (Some(x), Some(y)) => Some((x, y)),
        (Some(x), None) => Some((x, Int::plain(q)?.to_f64()?)),
        (None, Some(y)) => Some((Int::plain(p)?.to_f64()?, y)),
        (None, None) => None,
    }
}

pub fn sumprod(cx: &Cx, p: Iter, q: Iter) -> Res {
    let mut sum =
        SumProd { cx, total: Value::small(0), ints: Some(0), floats: Some((Triple::default(), false)) };
    loop {
        match (p.next(cx)?, q.next(cx)?) {
            (Some(p), Some(q)) => sum.add(&p, &q)?,
            (None, None) => break,
            _ => return Err(cx.value_error("Inputs are not the same length")),
        }
    }
    sum.leave_ints()?;
    sum.leave_floats()?;
    Ok(sum.total)
}
