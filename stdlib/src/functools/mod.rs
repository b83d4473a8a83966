//! `_functools`: the native half of `functools`.
//!
//! | file | what |
//! |---|---|
//! | `partial.rs` | functions with some arguments given, and what stands for those to come |
//! | `lru.rs` | functions that remember |

use ryokan_vm::native::*;

mod lru;
mod partial;

native_module! {
    /// Tools for functions.
    "_functools" {
        types { partial::Partial, partial::PlaceholderType, lru::Cached }
        fill = fill;
        functions {
            /// A key for sorting, made of a function that compares two values as C does.
            cmp_to_key(mycmp: Value);
            /// Applies a function of two arguments to all items, from left to right: what it gave is its first argument next time.
            reduce(function: &Value, iterable: &Value, /, initial: Given = Given(None) => "<unrepresentable>");
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("Placeholder", partial::placeholder(module.cx())?)
}

fn reduce(cx: &Cx, function: &Value, iterable: &Value, initial: Given) -> Res {
    let items = cx.iter(iterable).or_else(|raised| {
        drop(cx.catch(raised, "TypeError")?);
        Err(cx.type_error("reduce() arg 2 must support iteration"))
    })?;
    let first = match initial.0 {
        Some(initial) => Some(initial),
        None => items.next(cx)?,
    };
    let Some(mut result) = first else {
        return Err(cx.type_error("reduce() of empty iterable with no initial value"));
    };
    while let Some(item) = items.next(cx)? {
        result = cx.call(function, (result, item))?;
    }
    Ok(result)
}

// ---- cmp_to_key ------------------------------------------------------------------------------------------------------

native_type! {
    /// A value that is compared by a function.
    "functools.KeyWrapper" = struct Key { compare: Slot, object: Maybe }
    call(*args, **names) = wrap;
    slots { compare = compare; }
    attributes {
        /// the value
        obj = |_, this: This<Key>| this.object.get(), set_object;
    }
}

fn cmp_to_key(cx: &Cx, mycmp: Value) -> Res<Obj<Key>> {
    cx.new(Key { compare: Slot::new(mycmp), object: Maybe::EMPTY })
}
fn wrap(cx: &Cx, this: This<Key>, args: Args) -> Res<Obj<Key>> {
    let count = args.positional().len() + args.named_count();
    if count > 1 {
        return Err(cx.type_error(format_args!("K() takes at most 1 argument ({count} given)")));
    }
    args.known_names(cx, "K", &["obj"])?;
    let obj = match (args.positional().first(), args.get_named(cx, "obj")) {
        (Some(obj), _) | (_, Some(obj)) => obj.clone(),
        _ => return Err(cx.type_error("K() missing required argument 'obj' (pos 1)")),
    };
    cx.new(Key { compare: Slot::new(this.compare.get()), object: Maybe::new(obj) })
}
fn set_object(_: &Cx, this: This<Key>, value: Option<&Value>) -> Res<()> {
    this.object.set(value.cloned());
    Ok(())
}
fn compare(cx: &Cx, this: This<Key>, other: &Value, op: CompareOp) -> Res {
    let Some(other) = other.body::<Key>() else {
        return Err(cx.type_error("other argument must be K instance"));
    };
    let (Some(mine), Some(theirs)) = (this.object.get(), other.object.get()) else {
        return Err(cx.attribute_error("object"));
    };
    let order = cx.call(&this.compare.get(), (mine, theirs))?;
    cx.compare(&order, op, &Value::small(0))
}
