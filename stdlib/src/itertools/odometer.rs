//! `product`, `permutations`, `combinations`, `combinations_with_replacement`: all the ways to choose items.
//!
//! Each has a pool of items, fixed at its birth, and wheels that point at those which are shown, as an odometer has. To go on is to
//! turn the last wheel that can turn, and to set those behind it.

use ryokan_vm::native::*;

/// Wheels that nobody has asked for yet, that turn, or that have come to their end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Turning,
    Over,
}

/// The wheels: each points at an item of the pool.
struct Wheels {
    phase: Phase,
    at: Vector<usize>,
    /// Up to where the last one can turn without the others.
    end: usize,
}

impl Wheels {
    /// Turns the last one alone, if it has not come to its end: so it is most often.
    #[inline]
    fn turn_last(&mut self) -> bool {
        match &mut self.at[..] {
            [.., last] if self.phase == Phase::Turning && *last + 1 < self.end => {
                *last += 1;
                true
            }
            _ => false,
        }
    }
    /// Goes on: `turn` turns the wheels, and says whether they could be turned. The first time they are shown as they are.
    #[inline]
    fn turn(&mut self, turn: impl FnOnce(&mut [usize]) -> bool) -> bool {
        match self.phase {
            Phase::New => self.phase = Phase::Turning,
            Phase::Turning if turn(&mut self.at) => {}
            _ => self.phase = Phase::Over,
        }
        self.phase != Phase::Over
    }
}

/// Wheels at these places; over from the start if there is nothing to show.
fn wheels(
    cx: &Cx,
    count: usize,
    over: bool,
    end: usize,
    place: impl FnMut(usize) -> usize,
) -> Res<Own<Wheels>> {
    if count > isize::MAX as usize / 8 {
        return Err(cx.no_memory());
    }
    // Who has nothing to show needs no wheels.
    let mut at = cx.vector(if over { 0 } else { count })?;
    if !over {
        at.extend((0..count).map(place));
    }
    Ok(Own::new(Wheels { phase: if over { Phase::Over } else { Phase::New }, at, end }))
}

/// How many items are chosen at a time.
fn length(cx: &Cx, r: i64) -> Res<usize> {
    usize::try_from(r).map_err(|_| cx.value_error("r must be non-negative"))
}

// ---- combinations ----------------------------------------------------------------------------------------------------

native_type! {
    /// All the ways to choose r items of an iterable, each in the order of the iterable.
    "itertools.combinations" = pub struct Combinations { pool: Tuple, wheels: Own<Wheels>, given: [Again; 2] }
    flags: SUBCLASS;
    new(iterable: &Value, r: i64) = combinations;
    slots { iter = itself; next = combinations_next; }
    at_once { pairs = combinations_pair; }
    methods {
        /// The bytes of the object, its indices included.
        __sizeof__() = combinations_size;
    }
}

fn combinations(cx: &Cx, class: &Value, iterable: &Value, r: i64) -> Res {
    let pool = Tuple::from_iterable(cx, iterable)?;
    let r = length(cx, r)?;
    let wheels = wheels(cx, r, r > pool.len(), pool.len(), |at| at)?;
    cx.new_of(class, Combinations { pool, wheels, given: Again::two() })
}

/// Turns the wheels; whether they could be turned.
#[inline]
fn turn_combinations(this: This<Combinations>, wheels: &mut Wheels) -> bool {
    if wheels.turn_last() {
        return true;
    }
    // The wheel at i comes to its end where those behind it still have places of their own.
    let spare = this.pool.len().wrapping_sub(wheels.at.len());
    wheels.turn(|at| {
        let Some(turned) = (0..at.len()).rev().find(|i| at[*i] != i + spare) else { return false };
        let place = at[turned] + 1;
        at.iter_mut().skip(turned).enumerate().for_each(|(behind, at)| *at = place + behind);
        true
    })
}

fn combinations_next(cx: &Cx, this: This<Combinations>) -> Res<Option<Value>> {
    this.wheels.with(cx, |wheels| {
        if turn_combinations(this, wheels) { Again::choose(&this.given, cx, &this.pool, &wheels.at).map(Some) } else { Ok(None) }
    })?
}

fn combinations_pair(cx: &Cx, this: This<Combinations>) -> Res<Pair> {
    this.wheels.with(cx, |wheels| match (wheels.phase, wheels.at.len()) {
        (Phase::Over, _) => Pair::End,
        (_, 2) if turn_combinations(this, wheels) => pair_of(&this.pool, &wheels.at),
        (_, 2) => Pair::End,
        _ => Pair::Whole,
    })
}

fn combinations_size(cx: &Cx, this: This<Combinations>) -> Res<usize> {
    size(cx, this.value(), &this.wheels, 1)
}

/// The bytes of an object with wheels of so many words.
fn size(cx: &Cx, object: &Value, wheels: &Own<Wheels>, words: usize) -> Res<usize> {
    Ok(cx.size_of(object) + 8 * words * wheels.with(cx, |wheels| wheels.at.len())?)
}

// ---- combinations_with_replacement -----------------------------------------------------------------------------------

native_type! {
    /// All the ways to choose r items of an iterable, in its order, where each may be chosen again.
    "itertools.combinations_with_replacement" = pub struct Multisets { pool: Tuple, wheels: Own<Wheels>, given: [Again; 2] }
    flags: SUBCLASS;
    new(iterable: &Value, r: i64) = multisets;
    slots { iter = itself; next = multisets_next; }
    at_once { pairs = multisets_pair; }
    methods {
        /// The bytes of the object, its indices included.
        __sizeof__() = multisets_size;
    }
}

fn multisets(cx: &Cx, class: &Value, iterable: &Value, r: i64) -> Res {
    let pool = Tuple::from_iterable(cx, iterable)?;
    let r = length(cx, r)?;
    let wheels = wheels(cx, r, pool.is_empty() && r > 0, pool.len(), |_| 0)?;
    cx.new_of(class, Multisets { pool, wheels, given: Again::two() })
}

/// Turns the wheels; whether they could be turned.
#[inline]
fn turn_multisets(this: This<Multisets>, wheels: &mut Wheels) -> bool {
    if wheels.turn_last() {
        return true;
    }
    let end = this.pool.len().wrapping_sub(1);
    wheels.turn(|at| {
        let Some(turned) = at.iter().rposition(|at| *at != end) else { return false };
        let place = at[turned] + 1;
        at.iter_mut().skip(turned).for_each(|at| *at = place);
        true
    })
}

fn multisets_next(cx: &Cx, this: This<Multisets>) -> Res<Option<Value>> {
    this.wheels.with(cx, |wheels| {
        if turn_multisets(this, wheels) { Again::choose(&this.given, cx, &this.pool, &wheels.at).map(Some) } else { Ok(None) }
    })?
}

fn multisets_pair(cx: &Cx, this: This<Multisets>) -> Res<Pair> {
    this.wheels.with(cx, |wheels| match (wheels.phase, wheels.at.len()) {
        (Phase::Over, _) => Pair::End,
        (_, 2) if turn_multisets(this, wheels) => pair_of(&this.pool, &wheels.at),
        (_, 2) => Pair::End,
        _ => Pair::Whole,
    })
}

fn multisets_size(cx: &Cx, this: This<Multisets>) -> Res<usize> {
    size(cx, this.value(), &this.wheels, 1)
}

// ---- permutations ----------------------------------------------------------------------------------------------------

native_type! {
    /// All the ways to choose r items of an iterable, in every order.
    "itertools.permutations" = pub struct Permutations {
        pool: Tuple,
        /// All items, the first of which are shown.
        wheels: Own<Wheels>,
        /// For each item that is shown, how often it is still exchanged for one behind it.
        cycles: Own<Vector<usize>>,
        given: [Again; 2],
    }
    flags: SUBCLASS;
    new(iterable: &Value, r: Option<Value> = None) = permutations;
    slots { iter = itself; next = permutations_next; }
    methods {
        /// The bytes of the object, its indices included.
        __sizeof__() = permutations_size;
    }
}

fn permutations(cx: &Cx, class: &Value, iterable: &Value, r: Option<Value>) -> Res {
    let pool = Tuple::from_iterable(cx, iterable)?;
    let n = pool.len();
    let r = match &r {
        None => n,
        Some(r) if cx.is_int(r) => length(cx, cx.index(r)?)?,
        Some(_) => return Err(cx.type_error("Expected int as r")),
    };
    if r > isize::MAX as usize / 8 {
        return Err(cx.no_memory());
    }
    let wheels = wheels(cx, n, r > n, 0, |at| at)?;
    let shown = if r > n { 0 } else { r };
    let mut cycles = cx.vector(shown)?;
    cycles.extend((0..shown).map(|at| n - at));
    cx.new_of(class, Permutations { pool, wheels, cycles: Own::new(cycles), given: Again::two() })
}

/// The next order of the wheels, the first `cycles.len()` of which are shown.
fn next_permutation(at: &mut [usize], cycles: &mut [usize]) -> bool {
    let n = at.len();
    for (i, cycle) in cycles.iter_mut().enumerate().rev() {
        *cycle -= 1;
        if *cycle > 0 {
            at.swap(i, n - *cycle);
            return true;
        }
        // This one has been at every place: all behind it are as they were in the beginning.
        at[i..].rotate_left(1);
        *cycle = n - i;
    }
    false
}

fn permutations_next(cx: &Cx, this: This<Permutations>) -> Res<Option<Value>> {
    this.wheels.with(cx, |wheels| {
        this.cycles.with(cx, |cycles| {
            if wheels.turn(|at| next_permutation(at, cycles)) {
                let shown = wheels.at.get(..cycles.len()).unwrap_or_default();
                Again::choose(&this.given, cx, &this.pool, shown).map(Some)
            } else {
                Ok(None)
            }
        })?
    })?
}

fn permutations_size(cx: &Cx, this: This<Permutations>) -> Res<usize> {
    Ok(size(cx, this.value(), &this.wheels, 1)? + 8 * this.cycles.with(cx, |cycles| cycles.len())?)
}

// ---- product ---------------------------------------------------------------------------------------------------------

native_type! {
    /// All the ways to choose an item of each iterable: the last one changes fastest.
    ///
    /// With repeat, the iterables are taken so many times.
    "itertools.product" = pub struct Product {
        /// The items of all iterables, one behind the other.
        pool: Tuple,
        wheels: Own<Wheels>,
        /// Where the stretch of each wheel begins and ends.
        stretches: Own<Vector<(usize, usize)>>,
        given: [Again; 2],
    }
    flags: SUBCLASS;
    new(*iterables, **names) = product;
    slots { iter = itself; next = product_next; }
    at_once { pairs = product_pair; }
    methods {
        /// The bytes of the object, its indices included.
        __sizeof__() = product_size;
    }
}

/// The number of times that a call asks for.
fn repeat_of(cx: &Cx, args: Args) -> Res<usize> {
    let count = args.named_count();
    if count > 1 {
        return Err(cx.type_error(format_args!("product() takes at most 1 keyword argument ({count} given)")));
    }
    let repeat = match args.get_named(cx, "repeat") {
        Some(repeat) => cx.index(repeat)?,
        None => {
            args.known_names(cx, "product", &["repeat"])?;
            1
        }
    };
    usize::try_from(repeat).map_err(|_| cx.value_error("repeat argument cannot be negative"))
}

fn product(cx: &Cx, class: &Value, args: Args) -> Res {
    let repeat = repeat_of(cx, args)?;
    let iterables = if repeat == 0 { &[] } else { args.positional() };
    let count = iterables.len().checked_mul(repeat).filter(|count| *count <= isize::MAX as usize / 8);
    let Some(count) = count else { return Err(cx.overflow_error("repeat argument too large")) };

    let mut pools = cx.vector(iterables.len())?;
    for iterable in iterables {
        pools.push(Tuple::from_iterable(cx, iterable)?);
    }
    let mut stretches = cx.vector::<(usize, usize)>(pools.len())?;
    let mut end = 0;
    for pool in &pools {
        stretches.push((end, end + pool.len()));
        end += pool.len();
    }
    let over = stretches.iter().any(|(start, end)| start == end);
    let wheels = wheels(cx, count, over, end, |at| stretches[at % stretches.len()].0)?;
    let pool = match &pools[..] {
        [one] => one.clone(),
        _ => {
            let mut items = pools.iter().flat_map(|pool| pool.as_slice());
            Tuple::from_fn(cx, end, |_| items.next().cloned().unwrap_or_default())?
        }
    };
    cx.new_of(class, Product { pool, wheels, stretches: Own::new(stretches), given: Again::two() })
}

/// Turns the wheels; whether they could be turned.
#[inline]
fn turn_product(cx: &Cx, this: This<Product>, wheels: &mut Wheels) -> Res<bool> {
    if wheels.turn_last() {
        return Ok(true);
    }
    if wheels.phase != Phase::Turning {
        return Ok(wheels.turn(|_| false));
    }
    this.stretches.with(cx, |stretches| {
        wheels.turn(|at| {
            let mut stretch = stretches.len();
            for at in at.iter_mut().rev() {
                stretch = stretch.checked_sub(1).unwrap_or(stretches.len() - 1);
                let (start, end) = stretches[stretch];
                *at += 1;
                if *at < end {
                    return true;
                }
                *at = start;
            }
            false
        })
    })
}

fn product_next(cx: &Cx, this: This<Product>) -> Res<Option<Value>> {
    this.wheels.with(cx, |wheels| {
        if turn_product(cx, this, wheels)? { Again::choose(&this.given, cx, &this.pool, &wheels.at).map(Some) } else { Ok(None) }
    })?
}

fn product_pair(cx: &Cx, this: This<Product>) -> Res<Pair> {
    this.wheels.with(cx, |wheels| match (wheels.phase, wheels.at.len()) {
        // Wheels that are over from the start have no places.
        (Phase::Over, _) => Ok(Pair::End),
        (_, 2) if turn_product(cx, this, wheels)? => Ok(pair_of(&this.pool, &wheels.at)),
        (_, 2) => Ok(Pair::End),
        _ => Ok(Pair::Whole),
    })?
}

/// The items that two wheels show.
#[inline]
fn pair_of(pool: &Tuple, at: &[usize]) -> Pair {
    match at {
        [x, y, ..] => Pair::Of(pool.get(*x).unwrap_or_default(), pool.get(*y).unwrap_or_default()),
        _ => Pair::End,
    }
}

fn product_size(cx: &Cx, this: This<Product>) -> Res<usize> {
    size(cx, this.value(), &this.wheels, 1)
}
