//! Functions that remember what they gave: all of it, or what was asked for last.
//!
//! The memory is a dict in the order of use, the oldest first.

use std::cell::Cell;

use ryokan_vm::native::*;

native_type! {
    /// A function that remembers its results.
    ///
    /// maxsize is how many: None for all, 0 for none. With typed, arguments of different types are different ones.
    "functools._lru_cache_wrapper" = pub struct Cached {
        function: Slot,
        info: Slot,
        memory: Slot,
        mark: Slot,
        most: Cell<Option<usize>>,
        typed: Cell<bool>,
        hits: Cell<u64>,
        misses: Cell<u64>,
    }
    flags: SUBCLASS, DICT, WEAKREF;
    new(*args, **names) = new;
    call(*args, **names) = call;
    slots { get = get; }
    methods {
        /// How often it remembered, how often not, how much it may keep, and how much it has.
        cache_info();
        /// Forgets all.
        cache_clear();
        /// Its name: pickle finds it again.
        __reduce__() = reduce;
        /// The function itself.
        __copy__() = copy;
        /// The function itself.
        __deepcopy__(memo: &Value, /) = deepcopy;
    }
}

native_type! {
    "functools._keyword_mark" = struct Mark {}
}

type Lru<'a> = This<'a, Cached>;

/// The parameters, in order.
const NAMES: [&str; 4] = ["user_function", "maxsize", "typed", "cache_info_type"];

fn new(cx: &Cx, class: &Value, args: Args) -> Res {
    let given = args.positional();
    let count = given.len() + args.named_count();
    if count > NAMES.len() {
        return Err(cx.type_error(format_args!("lru_cache() takes at most 4 arguments ({count} given)")));
    }
    let mut values = [Value::NONE, Value::NONE, Value::NONE, Value::NONE];
    for (at, name) in NAMES.iter().enumerate() {
        values[at] = match (given.get(at), args.get_named(cx, name)) {
            (Some(value), None) => value.clone(),
            (None, Some(value)) => value.clone(),
            (Some(_), Some(_)) => {
                let at = at + 1;
                let message = format_args!("argument for lru_cache() given by name ('{name}') and position ({at})");
                return Err(cx.type_error(message));
            }
            (None, None) => {
                let at = at + 1;
                let message = format_args!("lru_cache() missing required argument '{name}' (pos {at})");
                return Err(cx.type_error(message));
            }
        };
    }
    args.known_names(cx, "lru_cache", &NAMES)?;
    let [function, most, typed, info] = values;
    if !cx.is_callable(&function) {
        return Err(cx.type_error("the first argument must be callable"));
    }
    let most = if most.is_none() {
        None
    } else if cx.has_index(&most) {
        Some(usize::try_from(cx.index(&most)?).unwrap_or(0))
    } else {
        return Err(cx.type_error("maxsize should be integer or None"));
    };
    let typed = cx.truth(&typed)?;
    let (memory, mark) = (Dict::new(cx)?.into_value(), cx.new(Mark {})?.into_value());
    cx.new_of(class, Cached {
        function: Slot::new(function),
        info: Slot::new(info),
        memory: Slot::new(memory),
        mark: Slot::new(mark),
        most: Cell::new(most),
        typed: Cell::new(typed),
        hits: Cell::new(0),
        misses: Cell::new(0),
    })
}

fn get(cx: &Cx, this: Lru, instance: Option<&Value>, _: &Value) -> Res {
    match instance.filter(|instance| !instance.is_none()) {
        Some(instance) => cx.bind(this.value(), instance),
        None => Ok(this.to_value()),
    }
}

/// What arguments are remembered by.
fn key(cx: &Cx, this: Lru, args: Args) -> Res {
    let given = args.positional();
    if !this.typed.get()
        && args.named_count() == 0
        && let [only] = given
        && (cx.is_exact_int(only) || (Str::exact(only).is_some()))
    {
        return Ok(only.clone());
    }
    let named = args.named_count();
    let marked = usize::from(named > 0);
    let typed = if this.typed.get() { given.len() + named } else { 0 };
    let len = given.len() + marked + 2 * named + typed;
    let mut parts = cx.vector(len)?;
    parts.extend(given.iter().cloned());
    if marked == 1 {
        parts.push(this.mark.get());
        for (name, value) in args.named() {
            parts.push(name.clone());
            parts.push(value.clone());
        }
    }
    if typed > 0 {
        parts.extend(given.iter().map(|value| cx.class_of(value)));
        parts.extend(args.named().map(|(_, value)| cx.class_of(value)));
    }
    Ok(Tuple::from_fn(cx, len, |at| parts[at].clone())?.into_value())
}

fn call(cx: &Cx, this: Lru, args: Args) -> Res {
    let function = this.function.get();
    if this.most.get() == Some(0) {
        this.misses.set(this.misses.get() + 1);
        return args.call(cx, &function);
    }
    let key = key(cx, this, args)?;
    let hash = cx.hash(&key)?;
    let Some(memory) = this.memory.dict() else { return args.call(cx, &function) };
    if let Some(place) = memory.place_of(cx, &key, hash)?
        && let Some(found) = memory.value_at(place)
    {
        this.hits.set(this.hits.get() + 1);
        if this.most.get().is_some() {
            memory.move_to_end(cx, place, true)?;
        }
        return Ok(found);
    }
    this.misses.set(this.misses.get() + 1);
    let result = args.call(cx, &function)?;
    let Some(most) = this.most.get() else {
        memory.insert(cx, key, hash, result.clone())?;
        return Ok(result);
    };
    // The call may have come here with the same arguments.
    if memory.place_of(cx, &key, hash)?.is_some() {
        return Ok(result);
    }
    let oldest = if memory.len() >= most { memory.first().and_then(|place| memory.take_at(place)) } else { None };
    memory.insert(cx, key, hash, result.clone())?;
    // It may run Python when it dies, and finds the memory whole.
    drop(oldest);
    Ok(result)
}

fn cache_info(cx: &Cx, this: Lru) -> Res {
    let len = this.memory.dict().map_or(0, |memory| memory.len());
    cx.call(&this.info.get(), (this.hits.get(), this.misses.get(), this.most.get(), len))
}
fn cache_clear(_: &Cx, this: Lru) {
    this.hits.set(0);
    this.misses.set(0);
    if let Some(memory) = this.memory.dict() {
        memory.clear();
    }
}
fn reduce(cx: &Cx, this: Lru) -> Res {
    cx.attr(this.value(), "__qualname__")
}
fn copy(_: &Cx, this: Lru) -> Value {
    this.to_value()
}
fn deepcopy(_: &Cx, this: Lru, _: &Value) -> Value {
    this.to_value()
}
