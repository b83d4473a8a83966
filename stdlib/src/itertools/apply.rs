//! `accumulate`, `starmap`: what a function makes of items.

use ryokan_vm::native::*;

// ---- accumulate ------------------------------------------------------------------------------------------------------

native_type! {
    /// Running totals of an iterable: sums, or what a function of the total and the next item gives.
    ///
    /// With initial, the totals begin with it.
    "itertools.accumulate" = pub struct Accumulate {
        source: Iter,
        /// Nothing adds.
        function: Maybe,
        total: Maybe,
        /// What is to come before the first item.
        initial: Maybe,
    }
    flags: SUBCLASS;
    new(iterable: Iter, func: Option<Value> = None, *, initial: Option<Value> = None) = accumulate;
    slots { iter = itself; next = accumulate_next; }
}

fn accumulate(cx: &Cx, class: &Value, source: Iter, function: Option<Value>, initial: Option<Value>) -> Res {
    let [function, initial] = [function, initial].map(|given| given.map_or_else(Maybe::default, Maybe::new));
    cx.new_of(class, Accumulate { source, function, total: Maybe::default(), initial })
}

fn accumulate_next(cx: &Cx, this: This<Accumulate>) -> Res<Option<Value>> {
    if let Some(initial) = this.initial.take() {
        this.total.set(Some(initial.clone()));
        return Ok(Some(initial));
    }
    let Some(item) = this.source.next(cx)? else { return Ok(None) };
    let function = this.function.get();
    // Where nobody but the sum sees the total, a number needs no identity.
    let total = if function.is_none() { this.total.look() } else { this.total.get() };
    let total = match (total, &function) {
        (None, _) => item,
        (Some(total), None) => {
            let sum = cx.binary(BinaryOp::Add, &total, &item)?;
            let shown = sum.look();
            this.total.set(Some(sum));
            return Ok(Some(shown));
        }
        (Some(total), Some(function)) => cx.call(function, (total, item))?,
    };
    this.total.set(Some(total.clone()));
    Ok(Some(total))
}

// ---- starmap ---------------------------------------------------------------------------------------------------------

native_type! {
    /// What a function gives for the arguments that an iterable gives, a tuple each time.
    "itertools.starmap" = pub struct StarMap { function: Slot, source: Iter }
    flags: SUBCLASS;
    new(function: Value, iterable: Iter, /) = starmap;
    slots { iter = itself; next = starmap_next; }
}

fn starmap(cx: &Cx, class: &Value, function: Value, source: Iter) -> Res {
    cx.new_of(class, StarMap { function: Slot::new(function), source })
}

fn starmap_next(cx: &Cx, this: This<StarMap>) -> Res<Option<Value>> {
    let Some(args) = this.source.next(cx)? else { return Ok(None) };
    let args = match Tuple::from_exact(args) {
        Ok(args) => args,
        Err(other) => Tuple::from_iterable(cx, &other)?,
    };
    cx.call(&this.function.get(), args).map(Some)
}
