//! `_contextvars`: variables whose values belong to a context, and contexts.
//!
//! A context's variables are a dict that is never changed while somebody else has it: copies share it, and who sets a variable then
//! copies it first. The context that a thread is in belongs to the thread.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use ryokan_vm::native::*;

native_module! {
    /// Context variables
    "_contextvars" {
        types { Context, ContextVar, Token }
        fill = fill;
        functions {
            /// A copy of the current context, in no time.
            copy_context();
        }
    }
}

native_state! {
    struct State { missing: Maybe }
}

fn fill(module: &Filler) -> Res<()> {
    module.add_to_type::<Token>("MISSING", missing(module.cx())?)
}

native_type! {
    "_contextvars.ContextVar" = struct ContextVar { name: Slot, default: Maybe }
    new(*args, **names) = new_var;
    slots { repr = repr_var; }
    members {
        name = |_, this: This<ContextVar>| this.name.get();
    }
    methods {
        /// The value in the current context, or else the default given here, or else the variable's own. LookupError if there is none.
        get(default: Given = Given(None) => "<unrepresentable>", /) = get_var;
        /// Sets the value in the current context. What is returned can reset it.
        set(value: Value, /) = set_var;
        /// Makes the variable what it was before the set that returned the token.
        reset(token: &Value, /) = reset_var;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

native_type! {
    "_contextvars.Context" = struct Context {
        vars: Slot,
        /// Whether somebody else has the dict, too.
        shared: Cell<bool>,
        /// The context that was left for this one, while it is entered.
        left: Maybe,
        /// Another number each time one of the variables changes: no two contexts ever have the same.
        serial: Cell<u64>,
    }
    flags: WEAKREF, MAPPING;
    new(*args, **names) = new_context;
    slots { len = len; iter = iter; getitem = get_item; contains = contains; compare = compare; }
    methods {
        /// A copy, in no time.
        copy() = copy;
        /// The value of a variable, or the default.
        get(key: &Value, default: Value = Value::NONE => "None", /) = get;
        /// The values, as an iterator.
        values();
        /// The variables, as an iterator.
        keys();
        /// Pairs of variables and values, as an iterator.
        items();
        /// Calls a function in this context: run(function, *args, **names).
        run(*args, **names);
    }
}

native_type! {
    "_contextvars.Token" = struct Token { context: Obj<Context>, variable: Obj<ContextVar>, old: Maybe, used: Cell<bool> }
    new(*args, **names) = new_token;
    slots { repr = repr_token; compare = compare_token; }
    getters {
        /// the variable that was set
        var = |_, this: This<Token>| this.variable.value().clone();
        /// the value before, or Token.MISSING
        old_value = old_value;
    }
    methods {
        /// The token itself.
        __enter__() = enter_token;
        /// Resets the variable.
        __exit__(kind: &Value, val: &Value, tb: &Value, /) = exit_token;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

native_type! {
    "Token.MISSING" = struct Missing {}
    slots { repr = repr_missing; }
}

native_type! {
    "keys" = struct Keys { vars: Slot, at: Cell<usize> }
    slots { iter = itself; next = next_key; }
}
native_type! {
    "values" = struct ValuesOf { vars: Slot, at: Cell<usize> }
    slots { iter = itself; next = next_value; }
}
native_type! {
    "items" = struct Items { vars: Slot, at: Cell<usize> }
    slots { iter = itself; next = next_pair; }
}

fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}

/// What stands for no value before.
fn missing(cx: &Cx) -> Res {
    let state = cx.state::<State>()?;
    if let Some(there) = state.missing.get() {
        return Ok(there);
    }
    let made = cx.new(Missing {})?.into_value();
    state.missing.set(Some(made.clone()));
    Ok(made)
}

fn repr_missing(_: &Cx, _: This<Missing>) -> &'static str {
    "<Token.MISSING>"
}

/// A number that was never given before.
fn next_serial() -> Cell<u64> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Cell::new(NEXT.fetch_add(1, Ordering::Relaxed))
}
/// A number that changes with the context that the thread is in and with its variables; 0 if it is in none.
#[inline]
pub fn serial(cx: &Cx) -> u64 {
    cx.context().body::<Context>().map_or(0, |context| context.serial.get())
}
/// The value of a variable in the current context, if it has one there.
pub fn value_of(cx: &Cx, variable: &Value) -> Res<Option<Value>> {
    cx.context().body::<Context>().map_or(Ok(None), |context| context.value_of(cx, variable))
}

/// A copy of the current context.
pub fn copied(cx: &Cx) -> Res {
    Ok(copy_context(cx)?.into_value())
}
/// Does something in a context. `TypeError` if it is none, `RuntimeError` if somebody is in it.
pub fn within<T>(cx: &Cx, context: &Value, work: impl FnOnce() -> Res<T>) -> Res<T> {
    let Some(this) = This::<Context>::of(cx, context) else {
        return Err(cx.type_error("an instance of Context was expected"));
    };
    if this.left.is_some() {
        let shown = cx.repr(context)?;
        return Err(cx.runtime_error(format_args!("cannot enter context: {shown} is already entered")));
    }
    this.left.set(Some(cx.context()));
    drop(cx.set_context(context.clone()));
    let result = work();
    let left = this.left.take().unwrap_or_default();
    drop(cx.set_context(left));
    result
}

// ---- contexts --------------------------------------------------------------------------------------------------------

fn new_of_vars(cx: &Cx, vars: Value) -> Res<Obj<Context>> {
    cx.new(Context {
        vars: Slot::new(vars),
        shared: Cell::new(true),
        left: Maybe::EMPTY,
        serial: next_serial(),
    })
}

fn new_context(cx: &Cx, class: &Value, args: Args) -> Res {
    if !args.positional().is_empty() || args.named_count() > 0 {
        return Err(cx.type_error("Context() does not accept any arguments"));
    }
    cx.new_of(
        class,
        Context {
            vars: Slot::default(),
            shared: Cell::new(false),
            left: Maybe::EMPTY,
            serial: next_serial(),
        },
    )
}

/// The context that the thread is in.
fn current(cx: &Cx) -> Res<Obj<Context>> {
    if let Ok(context) = Obj::from_value(cx.context()) {
        return Ok(context);
    }
    let made = new_of_vars(cx, Value::NONE)?;
    drop(cx.set_context(made.value().clone()));
    Ok(made)
}

impl Context {
    /// Its variables; nothing if none was ever set.
    fn dict(&self) -> Option<Dict> {
        self.vars.dict()
    }
    /// The same for somebody who keeps it: nobody changes it any more.
    fn lend(&self) -> Value {
        self.shared.set(true);
        self.vars.get()
    }
    /// Its variables, to be changed.
    fn own_dict(&self, cx: &Cx) -> Res<Dict> {
        self.serial.set(next_serial().get());
        let own = match self.dict() {
            Some(dict) if !self.shared.get() => return Ok(dict),
            Some(dict) => {
                cx.work((dict.len() / 8) as u64)?;
                dict.copy(cx)?
            }
            None => Dict::new(cx)?,
        };
        self.shared.set(false);
        self.vars.set(own.value().clone());
        Ok(own)
    }
    fn value_of(&self, cx: &Cx, variable: &Value) -> Res<Option<Value>> {
        self.dict().map_or(Ok(None), |dict| dict.get(cx, variable))
    }
}

fn copy_context(cx: &Cx) -> Res<Obj<Context>> {
    new_of_vars(cx, current(cx)?.lend())
}
fn copy(cx: &Cx, this: This<Context>) -> Res<Obj<Context>> {
    new_of_vars(cx, this.lend())
}

fn asked_var(cx: &Cx, key: &Value) -> Res<()> {
    if key.body::<ContextVar>().is_some() {
        return Ok(());
    }
    let shown = cx.repr(key)?;
    Err(cx.type_error(format_args!("a ContextVar key was expected, got {shown}")))
}

fn get(cx: &Cx, this: This<Context>, key: &Value, default: Value) -> Res {
    asked_var(cx, key)?;
    Ok(this.value_of(cx, key)?.unwrap_or(default))
}
fn get_item(cx: &Cx, this: This<Context>, key: &Value) -> Res {
    asked_var(cx, key)?;
    this.value_of(cx, key)?.ok_or(()).map_err(|()| cx.key_error(key.clone()))
}
fn contains(cx: &Cx, this: This<Context>, key: &Value) -> Res<bool> {
    asked_var(cx, key)?;
    Ok(this.value_of(cx, key)?.is_some())
}
fn len(_: &Cx, this: This<Context>) -> Res<usize> {
    Ok(this.dict().map_or(0, |dict| dict.len()))
}

fn compare(cx: &Cx, this: This<Context>, other: &Value, op: CompareOp) -> Res {
    let Some(other) = other.body::<Context>() else { return Ok(Value::NOT_IMPLEMENTED) };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    // Both are lent while they are compared, for that runs Python.
    let (mine, theirs) = (this.lend(), other.lend());
    let equal = match (Dict::of(&mine), Dict::of(&theirs)) {
        (Some(mine), Some(theirs)) => mine.equal(cx, &theirs)?,
        (mine, theirs) => mine.or(theirs).is_none_or(|dict| dict.is_empty()),
    };
    (equal == (op == CompareOp::Eq)).into_value(cx)
}

fn iter(cx: &Cx, this: This<Context>) -> Res<Obj<Keys>> {
    cx.new(Keys { vars: Slot::new(this.lend()), at: Cell::new(0) })
}
fn keys(cx: &Cx, this: This<Context>) -> Res<Obj<Keys>> {
    iter(cx, this)
}
fn values(cx: &Cx, this: This<Context>) -> Res<Obj<ValuesOf>> {
    cx.new(ValuesOf { vars: Slot::new(this.lend()), at: Cell::new(0) })
}
fn items(cx: &Cx, this: This<Context>) -> Res<Obj<Items>> {
    cx.new(Items { vars: Slot::new(this.lend()), at: Cell::new(0) })
}

fn next_entry(vars: &Slot, at: &Cell<usize>) -> Option<(Value, Value)> {
    let (next, key, value) = vars.dict()?.next_item(at.get())?;
    at.set(next);
    Some((key, value))
}
fn next_key(_: &Cx, this: This<Keys>) -> Res<Option<Value>> {
    Ok(next_entry(&this.vars, &this.at).map(|(key, _)| key))
}
fn next_value(_: &Cx, this: This<ValuesOf>) -> Res<Option<Value>> {
    Ok(next_entry(&this.vars, &this.at).map(|(_, value)| value))
}
fn next_pair(cx: &Cx, this: This<Items>) -> Res<Option<Value>> {
    next_entry(&this.vars, &this.at).map(|pair| pair.into_value(cx)).transpose()
}

fn run(cx: &Cx, this: This<Context>, args: Args) -> Res {
    let [function, ..] = args.positional() else {
        return Err(cx.type_error("run() missing 1 required positional argument"));
    };
    let function = function.clone();
    within(cx, this.value(), || args.behind(1).call(cx, &function))
}

// ---- variables -------------------------------------------------------------------------------------------------------

fn new_var(cx: &Cx, class: &Value, args: Args) -> Res {
    let (given, named) = (args.positional(), args.named_count());
    if given.len() + named > 2 {
        let count = given.len() + named;
        return Err(cx.type_error(format_args!("ContextVar() takes at most 2 arguments ({count} given)")));
    }
    let name = match given {
        [] => return Err(cx.type_error("ContextVar() takes exactly 1 positional argument (0 given)")),
        [name] => name,
        many => {
            let count = many.len();
            let message = format_args!("ContextVar() takes at most 1 positional argument ({count} given)");
            return Err(cx.type_error(message));
        }
    };
    args.known_names(cx, "ContextVar", &["", "default"])?;
    if !cx.is_str(name) {
        return Err(cx.type_error("context variable name must be a str"));
    }
    // A name is hashed once, and an instance of a class of its own might not.
    cx.hash(name)?;
    let default = args.get_named(cx, "default").map_or(Maybe::EMPTY, |value| Maybe::new(value.clone()));
    cx.new_of(class, ContextVar { name: Slot::new(name.clone()), default })
}

fn repr_var(cx: &Cx, this: This<ContextVar>) -> Res {
    let mut text = StrWriter::new(cx);
    text.push_str("<ContextVar name=")?;
    text.push_str(&cx.repr(&this.name.get())?)?;
    if let Some(default) = this.default.get() {
        text.push_str(" default=")?;
        match cx.repr_once(this.value(), || cx.repr(&default)?.into_value(cx))? {
            Some(shown) => text.push_value(&shown)?,
            None => text.push_str("...")?,
        }
    }
    text.push_str(&format!(" at {:#x}>", cx.id(this.value())))?;
    text.finish()
}

#[cold]
fn lookup_error(cx: &Cx, variable: &Value) -> Raised {
    let made = cx.builtin("LookupError").and_then(|class| cx.call(&class, (variable,)));
    match made {
        Ok(exception) => cx.raise_value(exception),
        Err(raised) => raised,
    }
}

fn get_var(cx: &Cx, this: This<ContextVar>, default: Given) -> Res {
    let context = cx.context();
    let found = context.body::<Context>().map_or(Ok(None), |context| context.value_of(cx, this.value()))?;
    let found = found.or(default.0).or_else(|| this.default.get());
    found.ok_or(()).map_err(|()| lookup_error(cx, this.value()))
}

fn set_var(cx: &Cx, this: This<ContextVar>, value: Value) -> Res<Obj<Token>> {
    let context = current(cx)?;
    let old = context.value_of(cx, this.value())?;
    let token = cx.new(Token {
        context: current(cx)?,
        variable: this.object(),
        old: old.map_or(Maybe::EMPTY, Maybe::new),
        used: Cell::new(false),
    })?;
    context.own_dict(cx)?.set(cx, this.value(), value)?;
    Ok(token)
}

fn reset_var(cx: &Cx, this: This<ContextVar>, token: &Value) -> Res<()> {
    let Some(held) = This::<Token>::of(cx, token) else {
        let shown = cx.repr(token)?;
        return Err(cx.type_error(format_args!("expected an instance of Token, got {shown}")));
    };
    reset(cx, this.value(), held)
}

fn reset(cx: &Cx, variable: &Value, token: This<Token>) -> Res<()> {
    let refused = if token.used.get() {
        let shown = cx.repr(token.value())?;
        Some(cx.runtime_error(format_args!("{shown} has already been used once")))
    } else if !token.variable.value().is(variable) {
        let shown = cx.repr(token.value())?;
        Some(cx.value_error(format_args!("{shown} was created by a different ContextVar")))
    } else if !token.context.value().is(current(cx)?.value()) {
        let shown = cx.repr(token.value())?;
        Some(cx.value_error(format_args!("{shown} was created in a different Context")))
    } else {
        None
    };
    if let Some(raised) = refused {
        return Err(raised);
    }
    token.used.set(true);
    let dict = token.context.own_dict(cx)?;
    match token.old.get() {
        Some(old) => dict.set(cx, variable, old),
        None => dict.remove(cx, variable)?.map(drop).ok_or(()).map_err(|()| lookup_error(cx, variable)),
    }
}

// ---- tokens ----------------------------------------------------------------------------------------------------------

fn new_token(cx: &Cx, _: &Value, _: Args) -> Res {
    Err(cx.runtime_error("Tokens can only be created by ContextVars"))
}
fn old_value(cx: &Cx, this: This<Token>) -> Res {
    this.old.get().map_or_else(|| missing(cx), Ok)
}
fn repr_token(cx: &Cx, this: This<Token>) -> Res {
    let mut text = StrWriter::new(cx);
    text.push_str(if this.used.get() { "<Token used var=" } else { "<Token var=" })?;
    text.push_str(&cx.repr(this.variable.value())?)?;
    text.push_str(&format!(" at {:#x}>", cx.id(this.value())))?;
    text.finish()
}
fn compare_token(_: &Cx, _: This<Token>, _: &Value, _: CompareOp) -> Value {
    Value::NOT_IMPLEMENTED
}
fn enter_token(_: &Cx, this: This<Token>) -> Value {
    this.to_value()
}
fn exit_token(cx: &Cx, this: This<Token>, _: &Value, _: &Value, _: &Value) -> Res<()> {
    reset(cx, this.variable.value(), this)
}
