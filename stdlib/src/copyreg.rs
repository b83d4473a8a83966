//! `copyreg`: what pickle and copy know of classes that do not say themselves how their instances are made again.
//!
//! `object.__reduce_ex__` stands on it: protocols 0 and 1 ask `_reduce_ex`, the others name `__newobj__` or `__newobj_ex__` as what
//! makes the object.

use ryokan_vm::native::*;

native_module! {
    /// Functions that say how objects are pickled, for classes that do not say it themselves.
    "copyreg" {
        consts { "_HEAPTYPE" = HEAP_TYPE; }
        fill = fill;
        functions {
            /// Objects of exactly this class are taken apart by the function, which gives what makes them again and its arguments.
            pickle(ob_type: Value, pickle_function: Value, constructor_ob: Option<Value> = None);
            /// TypeError unless the object can be called.
            constructor(object: Value);
            /// Makes an object of a class whose nearest builtin base made the state.
            _reconstructor(cls: Value, base: Value, state: Value);
            /// What object.__reduce_ex__ gives for protocols 0 and 1.
            _reduce_ex(object: Value, proto: i64, /);
            /// A new object by the __new__ of its class.
            __newobj__(*args) = new_object;
            /// The same, with arguments by name.
            __newobj_ex__(cls: Value, args: Value, kwargs: Dict) = new_object_ex;
            /// The names of all members that instances of a class have by __slots__, which the class then remembers.
            _slotnames(cls: Value);
            /// Gives a global, by its module's name and its own, a number under which pickles name it.
            add_extension(module: Value, name: Value, code: Value);
            /// Takes that number back.
            remove_extension(module: Value, name: Value, code: Value);
            /// Forgets what was loaded by numbers.
            clear_extension_cache();
            /// How a complex number is pickled.
            pickle_complex(c: Value);
            /// How a union of types is pickled.
            pickle_union(obj: Value);
            /// How what super() gave is pickled.
            pickle_super(obj: Value);
        }
    }
}

native_state! {
    /// The dicts that the module shows.
    struct State { dispatch: Slot, registry: Slot, inverted: Slot, cache: Slot }
}

/// The bit of `__flags__` that classes written in Python have.
const HEAP_TYPE: i64 = 1 << 9;
const LARGEST_CODE: i64 = 0x7fff_ffff;

fn fill(module: &Filler) -> Res<()> {
    let cx = module.cx();
    let state = cx.state::<State>()?;
    for (slot, name) in [
        (&state.dispatch, "dispatch_table"),
        (&state.registry, "_extension_registry"),
        (&state.inverted, "_inverted_registry"),
        (&state.cache, "_extension_cache"),
    ] {
        let dict = Dict::new(cx)?.into_value();
        slot.set(dict.clone());
        module.add(name, dict)?;
    }
    let complex = cx.builtin("complex")?;
    let reduce = cx.binary(BinaryOp::Or, &cx.builtin("int")?, &cx.builtin("str")?)?;
    let union = cx.class_of(&reduce);
    module.add("_new_type", cx.class_of(&cx.attr(&cx.builtin("int")?, "__new__")?))?;
    let names = ["pickle", "constructor", "add_extension", "remove_extension", "clear_extension_cache"];
    module.add("__all__", names.to_vec())?;
    let of_super = cx.builtin("super")?;
    for (class, name) in [(complex, "pickle_complex"), (union, "pickle_union"), (of_super, "pickle_super")] {
        if let Some(function) = module.get(name)? {
            cx.set_item(&state.dispatch.get(), class, function)?;
        }
    }
    Ok(())
}

fn pickle(cx: &Cx, class: Value, function: Value, maker: Option<Value>) -> Res<()> {
    if !cx.is_callable(&function) {
        return Err(cx.type_error("reduction functions must be callable"));
    }
    cx.set_item(&cx.state::<State>()?.dispatch.get(), class, function)?;
    maker.map_or(Ok(()), |maker| constructor(cx, maker))
}

fn constructor(cx: &Cx, object: Value) -> Res<()> {
    if cx.is_callable(&object) { Ok(()) } else { Err(cx.type_error("constructors must be callable")) }
}

fn pickle_complex(cx: &Cx, c: Value) -> Res {
    let parts = (cx.attr(&c, "real")?, cx.attr(&c, "imag")?);
    (cx.builtin("complex")?, parts).into_value(cx)
}

fn pickle_union(cx: &Cx, union: Value) -> Res {
    let getitem = cx.attr(&cx.import("operator")?, "getitem")?;
    (getitem, (cx.class_of(&union), cx.attr(&union, "__args__")?)).into_value(cx)
}

fn pickle_super(cx: &Cx, object: Value) -> Res {
    let parts = (cx.attr(&object, "__thisclass__")?, cx.attr(&object, "__self__")?);
    (cx.builtin("super")?, parts).into_value(cx)
}

fn _reconstructor(cx: &Cx, class: Value, base: Value, state: Value) -> Res {
    let object = cx.builtin("object")?;
    if base.is(&object) {
        return cx.call_method(&object, "__new__", (class,));
    }
    let made = cx.call_method(&base, "__new__", (class, &state))?;
    if cx.holds(&cx.attr(&base, "__init__")?, CompareOp::Ne, &cx.attr(&object, "__init__")?)? {
        cx.call_method(&base, "__init__", (&made, state))?;
    }
    Ok(made)
}

/// The nearest builtin class of an object's: the first in the MRO that is none of Python's, or makes objects by its own `__new__`.
fn builtin_base(cx: &Cx, class: &Value) -> Res {
    let new_type = cx.class_of(&cx.attr(&cx.builtin("int")?, "__new__")?);
    let classes = cx.iter(&cx.attr(class, "__mro__")?)?;
    while let Some(base) = classes.next(cx)? {
        if let Some(flags) = cx.attr_opt(&base, "__flags__")?
            && cx.index(&flags)? & HEAP_TYPE == 0
        {
            return Ok(base);
        }
        let new = cx.attr(&base, "__new__")?;
        if cx.is_instance(&new, &new_type)? && cx.attr(&new, "__self__")?.is(&base) {
            return Ok(base);
        }
    }
    cx.builtin("object")
}

fn _reduce_ex(cx: &Cx, object: Value, _: i64) -> Res {
    let class = cx.attr(&object, "__class__")?;
    let root = cx.builtin("object")?;
    let base = builtin_base(cx, &class)?;
    let quoted = |cx: &Cx| cx.repr(&cx.attr(&class, "__name__")?);
    let state = if base.is(&root) {
        Value::NONE
    } else if base.is(&class) {
        return Err(cx.type_error(format_args!("cannot pickle {} object", quoted(cx)?)));
    } else {
        cx.call(&base, (&object,))?
    };
    let slots = match cx.attr_opt(&object, "__slots__")? {
        Some(slots) => cx.truth(&slots)?,
        None => false,
    };
    let no_state = |cx: &Cx| {
        cx.type_error("a class that defines __slots__ without defining __getstate__ cannot be pickled")
    };
    let kept = match cx.attr_opt(&object, "__getstate__")? {
        None if slots => return Err(no_state(cx)),
        None => cx.attr_opt(&object, "__dict__")?.unwrap_or(Value::NONE),
        Some(getstate) => {
            let own = cx.attr(&cx.class_of(&object), "__getstate__")?;
            if slots && own.is(&cx.attr(&root, "__getstate__")?) {
                return Err(no_state(cx));
            }
            cx.call(&getstate, ())?
        }
    };
    let maker = cx.attr(&cx.import("copyreg")?, "_reconstructor")?;
    let args = (class, base, state);
    if cx.truth(&kept)? { (maker, args, kept).into_value(cx) } else { (maker, args).into_value(cx) }
}

fn new_object(cx: &Cx, args: Args) -> Res {
    let Some(class) = args.positional().first().cloned() else {
        return Err(cx.type_error("__newobj__() missing 1 required positional argument: 'cls'"));
    };
    args.no_keywords(cx, "__newobj__")?;
    args.call(cx, &cx.attr(&class, "__new__")?)
}

fn new_object_ex(cx: &Cx, class: Value, args: Value, named: Dict) -> Res {
    let new = cx.attr(&class, "__new__")?;
    let given = List::from_iterable(cx, &args)?;
    given.insert(cx, 0, class)?;
    cx.call_spread(&new, &given, &named)
}

fn _slotnames(cx: &Cx, class: Value) -> Res {
    let known = cx.call_method(&cx.attr(&class, "__dict__")?, "get", ("__slotnames__",))?;
    if !known.is_none() {
        return Ok(known);
    }
    let names = List::new(cx, 0)?;
    if cx.attr_opt(&class, "__slots__")?.is_some() {
        let classes = cx.iter(&cx.attr(&class, "__mro__")?)?;
        while let Some(base) = classes.next(cx)? {
            let dict = cx.attr(&base, "__dict__")?;
            if cx.contains(&dict, &cx.intern("__slots__")?)? {
                let slots = cx.item(&dict, "__slots__")?;
                add_slots(cx, &names, &base, &slots)?;
            }
        }
    }
    // A class that cannot remember them is asked again.
    if let Err(raised) = cx.set_attr(&class, "__slotnames__", names.value()) {
        drop(cx.catch(raised, "Exception")?);
    }
    Ok(names.into_value())
}

/// The names of one class's members, as they are mangled.
fn add_slots(cx: &Cx, names: &List, class: &Value, slots: &Value) -> Res<()> {
    let slots = if cx.is_str(slots) { (slots,).into_value(cx)? } else { slots.clone() };
    let slots = cx.iter(&slots)?;
    while let Some(name) = slots.next(cx)? {
        let text = cx.str(&name)?;
        if matches!(text.as_str(), "__dict__" | "__weakref__") {
            continue;
        }
        let own = cx.str(&cx.attr(class, "__name__")?)?;
        let own = own.trim_start_matches('_');
        if text.starts_with("__") && !text.ends_with("__") && !own.is_empty() {
            names.push(cx, format!("_{own}{}", text.as_str()))?;
        } else {
            names.push(cx, name)?;
        }
    }
    Ok(())
}

/// The key of an extension, its number, and whether both are registered for each other.
fn extension(cx: &Cx, state: &State, module: Value, name: Value, code: &Value) -> Res<(Value, bool)> {
    let key = (module, name).into_value(cx)?;
    let number = cx.call_method(&state.registry.get(), "get", (&key,))?;
    let owner = cx.call_method(&state.inverted.get(), "get", (code,))?;
    let same = cx.holds(&number, CompareOp::Eq, code)? && cx.holds(&owner, CompareOp::Eq, &key)?;
    Ok((key, same))
}

fn add_extension(cx: &Cx, module: Value, name: Value, code: Value) -> Res<()> {
    let code = cx.call(&cx.builtin("int")?, (code,))?;
    if !cx.small_int(&code).is_some_and(|code| (1..=LARGEST_CODE).contains(&code)) {
        return Err(cx.value_error("code out of range"));
    }
    let state = cx.state::<State>()?;
    let (key, same) = extension(cx, &state, module, name, &code)?;
    if same {
        return Ok(());
    }
    let (registry, inverted) = (state.registry.get(), state.inverted.get());
    if cx.contains(&registry, &key)? {
        let (shown, taken) = (cx.str(&key)?, cx.str(&cx.item(&registry, &key)?)?);
        let message = format!("key {} is already registered with code {}", shown.as_str(), taken.as_str());
        return Err(cx.value_error(message));
    }
    if cx.contains(&inverted, &code)? {
        let (shown, taken) = (cx.str(&code)?, cx.str(&cx.item(&inverted, &code)?)?);
        let message = format!("code {} is already in use for key {}", shown.as_str(), taken.as_str());
        return Err(cx.value_error(message));
    }
    cx.set_item(&registry, &key, &code)?;
    cx.set_item(&inverted, code, key)
}

fn remove_extension(cx: &Cx, module: Value, name: Value, code: Value) -> Res<()> {
    let state = cx.state::<State>()?;
    let (key, same) = extension(cx, &state, module, name, &code)?;
    if !same {
        let (shown, code) = (cx.str(&key)?, cx.str(&code)?);
        let message = format!("key {} is not registered with code {}", shown.as_str(), code.as_str());
        return Err(cx.value_error(message));
    }
    cx.del_item(&state.registry.get(), key)?;
    cx.del_item(&state.inverted.get(), &code)?;
    cx.call_method(&state.cache.get(), "pop", (code, Value::NONE)).map(drop)
}

fn clear_extension_cache(cx: &Cx) -> Res<()> {
    cx.call_method(&cx.state::<State>()?.cache.get(), "clear", ()).map(drop)
}
