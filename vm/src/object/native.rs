//! Functions written in Rust: how a table row describes one, and the objects made of rows.
//!
//! A row's *signature* is what `help()` and `inspect` show, and it is also what binds the arguments: the function gets a
//! slice with one slot a parameter, in order, an empty slot (or a shorter slice) where the caller gave nothing.
//!
//! ```text
//! "($self, object, /)"                      two positional-only parameters
//! "($self, /, *, key=None, reverse=False)"  two keyword-only ones
//! "($self, *args, **kwargs)"                takes an `Args` as it came: `Call::Full`
//! ```

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use ryokan_alloc::Header;

use super::call::Args;
use super::payload::object;
use crate::raised::Res;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The Rust function of a row, by how it wants its arguments.
#[derive(Clone, Copy)]
pub enum Call {
    /// `self` or the only argument.
    One(fn(&Vm, &Value) -> Res),
    /// A function of one float: what gives the result at once, or nothing where that takes more; and what takes anything.
    Float(fn(f64) -> Option<f64>, fn(&Vm, &Value) -> Res),
    /// One or two arguments (the second word is empty where there is one): what may answer at once, with an immediate and without
    /// an effect, or gives nothing; and what takes anything.
    Quick(u8, fn(&Vm, Word, Word) -> Word, fn(&Vm, &[Value]) -> Res),
    /// `self` and one more.
    Two(fn(&Vm, &Value, &Value) -> Res),
    /// `self` and one more, which is pushed to `self`: where that is exactly a list with room, the call does it itself.
    Push(fn(&Vm, &Value, &Value) -> Res),
    /// `self` and one more, which is put into it: what may do it at once, moves the item then, and gives what fell out for it, an empty
    /// value if nothing did; or does nothing, and gives nothing. And what takes anything.
    Put(fn(&Value, &Value) -> Option<Value>, fn(&Vm, &Value, &Value) -> Res),
    /// `self`, which an item is taken from: the same.
    Pull(fn(&Value) -> Option<Value>, fn(&Vm, &Value) -> Res),
    /// The same, where more arguments may say which item; what takes anything is bound by the signature.
    Take(fn(&Value) -> Option<Value>, fn(&Vm, &[Value]) -> Res),
    /// `self` and two more.
    Three(fn(&Vm, &Value, &Value, &Value) -> Res),
    /// Bound by the signature: a slot a parameter; trailing ones may be missing.
    Slice(fn(&Vm, &[Value]) -> Res),
    /// The same, after which whoever calls goes on in another form: somebody traces now.
    Watch(fn(&Vm, &[Value]) -> Res),
    /// Everything as it came, `self` first.
    Full(fn(&Vm, Args<'_>) -> Res),
}

/// How a method of a type is bound.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// To an instance.
    Instance,
    /// To the class.
    Class,
    /// Not at all.
    Static,
}

/// A row: a method of a type, or a function of a module.
pub struct Method {
    /// `__name__`
    pub name: &'static str,
    /// See the module's page.
    pub signature: &'static str,
    /// The function.
    pub call: Call,
    /// How it is bound.
    pub binding: Binding,
    /// `__doc__`
    pub doc: &'static str,
    /// What `__text_signature__` says instead of the signature; None if it is empty.
    pub shown: Option<&'static str>,
}

impl Method {
    /// The row with another `__text_signature__`, as CPython has it; None if it is empty.
    pub const fn showing(self, signature: &'static str) -> Method {
        Method { shown: Some(signature), ..self }
    }
}

/// A row of a method or function.
pub const fn method(name: &'static str, signature: &'static str, call: Call, doc: &'static str) -> Method {
    Method { name: bare(name), signature, call, binding: Binding::Instance, doc, shown: None }
}

/// A name without the mark that Rust wants of one that is a word of its own.
const fn bare(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// A row of a class method; the class comes first.
pub const fn class_method(
    name: &'static str,
    signature: &'static str,
    call: Call,
    doc: &'static str,
) -> Method {
    Method { name, signature, call, binding: Binding::Class, doc, shown: None }
}

/// A row of a static method.
pub const fn static_method(
    name: &'static str,
    signature: &'static str,
    call: Call,
    doc: &'static str,
) -> Method {
    Method { name, signature, call, binding: Binding::Static, doc, shown: None }
}

/// A row: an attribute computed on access.
pub struct GetSet {
    /// Its name.
    pub name: &'static str,
    /// Computes it.
    pub get: fn(&Vm, &Value) -> Res,
    /// Sets it, or deletes it if no value is given; `None` makes it read-only.
    pub set: Option<fn(&Vm, &Value, Option<&Value>) -> Res<()>>,
    /// `__doc__`
    pub doc: &'static str,
    /// Whether it is a field of CPython's objects, and so a `member_descriptor`.
    pub is_field: bool,
}

/// A row of a read-only attribute.
pub const fn getter(name: &'static str, get: fn(&Vm, &Value) -> Res, doc: &'static str) -> GetSet {
    GetSet { name: bare(name), get, set: None, doc, is_field: false }
}

/// A row of a read-write attribute.
pub const fn attribute(
    name: &'static str,
    get: fn(&Vm, &Value) -> Res,
    set: fn(&Vm, &Value, Option<&Value>) -> Res<()>,
    doc: &'static str,
) -> GetSet {
    GetSet { name: bare(name), get, set: Some(set), doc, is_field: false }
}

/// A row of what is a plain member in CPython: who writes it is refused in other words.
pub const fn member(name: &'static str, get: fn(&Vm, &Value) -> Res, doc: &'static str) -> GetSet {
    attribute(name, get, |vm, _, _| Err(vm.attribute_error("readonly attribute")), doc)
}

/// A row of a field of a native type.
pub const fn field(name: &'static str, get: fn(&Vm, &Value) -> Res, doc: &'static str) -> GetSet {
    GetSet { is_field: true, ..member(name, get, doc) }
}

/// `builtin_function_or_method` and `method_descriptor`: a row, and what it is bound to.
#[repr(C)]
pub struct NativeFunction {
    head: Header,
    /// The row.
    pub def: &'static Method,
    /// The instance, class or module it is bound to; empty for a method that is looked up on its type.
    pub this: Value,
    /// The type whose method it is, or the module's name; None for neither.
    pub owner: Value,
    /// Least and most positional arguments, `self` included; 255 is any number.
    arity: Cell<(u8, u8)>,
    /// Where [`KnownRows`] has the row's parameters, counted from one; 0 until somebody names one.
    known: Cell<u32>,
}

object! {
    NativeFunction {
        tracked: true,
        values: [this, owner],
        plain: [def, arity, known],
    }
}

/// A parameter of a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameter<'a> {
    /// Its name.
    pub name: &'a str,
    /// May be left out.
    pub optional: bool,
    /// May be given by position.
    pub positional: bool,
    /// May be given by name.
    pub keyword: bool,
}

/// Reads a signature; `None` if it has `*args` or `**kwargs`.
pub fn parameters(signature: &str) -> Option<Vec<Parameter<'_>>> {
    let inner = signature.strip_prefix('(')?.strip_suffix(')')?;
    let mut list: Vec<Parameter<'_>> = Vec::new();
    let mut keyword_only = false;
    for part in split_commas(inner) {
        let part = part.trim();
        match part {
            "" => {}
            "/" => list.iter_mut().for_each(|p| p.keyword = false),
            "*" => keyword_only = true,
            _ if part.starts_with('*') => return None,
            _ => {
                let (name, default) = part.split_once('=').map_or((part, None), |(n, d)| (n, Some(d)));
                let name = name.trim();
                list.push(Parameter {
                    name: name.trim_start_matches('$').trim_start_matches("r#"),
                    optional: default.is_some(),
                    positional: !keyword_only,
                    keyword: !name.starts_with('$'),
                });
            }
        }
    }
    Some(list)
}

/// Splits at commas that are not within brackets or quotes of a default.
fn split_commas(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start, mut quote) = (Vec::new(), 0, 0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), _) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

impl NativeFunction {
    /// A payload.
    pub fn new(head: Header, def: &'static Method, this: Value, owner: Value) -> NativeFunction {
        NativeFunction { head, def, this, owner, arity: Cell::new(arity_of(def)), known: Cell::new(0) }
    }
    /// A payload of the same row, with its object.
    pub fn bound(&self, head: Header, this: Value) -> NativeFunction {
        let NativeFunction { def, owner, arity, known, .. } = self;
        NativeFunction { head, def, this, owner: owner.clone(), arity: arity.clone(), known: known.clone() }
    }
    /// Whether so many positional arguments, `self` included, are enough and not too many.
    #[inline(always)]
    fn takes(&self, count: usize) -> bool {
        let (least, most) = self.arity.get();
        count >= usize::from(least) && (count <= usize::from(most) || most == 255)
    }
}

fn arity_of(def: &Method) -> (u8, u8) {
    match def.call {
        Call::One(_) | Call::Float(..) | Call::Pull(..) => (1, 1),
        Call::Quick(count, ..) => (count, count),
        Call::Two(_) | Call::Push(_) | Call::Put(..) => (2, 2),
        Call::Three(_) => (3, 3),
        Call::Full(_) => (0, 255),
        Call::Slice(_) | Call::Watch(_) | Call::Take(..) => {
            let bytes = def.signature.as_bytes();
            if bytes == b"()" {
                return (0, 0);
            }
            let Some(list) = parameters(def.signature) else { return (0, 255) };
            if list.iter().any(|p| !p.positional && !p.optional) {
                // What is asked for by name alone is missing from every call without names.
                return (u8::MAX, 0);
            }
            let most = list.iter().filter(|p| p.positional).count();
            let least = list.iter().filter(|p| p.positional && !p.optional).count();
            (least as u8, most as u8)
        }
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// What is wrong with the number of arguments of a function that takes them by position only, from `low` to `high` of them.
fn positional_message(short: &str, shown: &str, low: usize, high: usize, given: usize) -> String {
    match (low, high) {
        (0, 0) => format!("{shown}() takes no arguments ({given} given)"),
        (1, 1) => format!("{shown}() takes exactly one argument ({given} given)"),
        (l, h) if l == h => format!("{short} expected {h} argument{}, got {given}", plural(h)),
        (l, _) if given < l => format!("{short} expected at least {l} argument{}, got {given}", plural(l)),
        (_, h) => format!("{short} expected at most {h} argument{}, got {given}", plural(h)),
    }
}

/// What is wrong with the number of arguments of a function that takes some by name, `self` left out; in the order in which
/// CPython's `_PyArg_UnpackKeywords` looks.
fn keyword_message(short: &str, list: &[Parameter<'_>], given: usize, named: usize) -> Option<String> {
    let (len, total) = (list.len(), given + named);
    let most = list.iter().filter(|p| p.positional).count();
    let least = list.iter().filter(|p| p.positional && !p.keyword && !p.optional).count();
    if total > len {
        let kind = if given == 0 { "keyword " } else { "" };
        return Some(format!("{short}() takes at most {len} {kind}argument{} ({total} given)", plural(len)));
    }
    if given > most {
        if most == 0 {
            return Some(format!("{short}() takes no positional arguments"));
        }
        let asked = list.iter().filter(|p| p.positional && !p.optional).count();
        let how = if asked < most { "at most" } else { "exactly" };
        return Some(format!(
            "{short}() takes {how} {most} positional argument{} ({given} given)",
            plural(most)
        ));
    }
    if given < least {
        let how = if least < most { "at least" } else { "exactly" };
        return Some(format!(
            "{short}() takes {how} {least} positional argument{} ({given} given)",
            plural(least)
        ));
    }
    None
}

/// A function as messages about its arguments name it, and its signature.
pub struct Named<'a> {
    /// `append`
    pub short: &'a str,
    /// `list.append`
    pub shown: &'a str,
    /// See the module's page.
    pub signature: &'a str,
}

/// The parameters of a row, as its signature tells them.
struct Row {
    /// All of them; none if the signature has `*args`.
    list: Vec<Parameter<'static>>,
    /// How many may be given by position.
    positional: usize,
    /// A bit for each that must be given.
    required: u32,
}

impl Row {
    fn of(signature: &'static str) -> Row {
        let list = parameters(signature).unwrap_or_default();
        let positional = list.iter().take_while(|p| p.positional).count();
        let asked = list.iter().take(SLOTS).enumerate().filter(|(_, p)| !p.optional);
        let required = asked.fold(0, |bits, (at, _)| bits | 1 << at);
        Row { list, positional, required }
    }

    /// A slot for each parameter, if the arguments fit them without more ado. Otherwise nothing, and nothing is moved.
    fn bind(&self, vm: &Vm, args: Args<'_>) -> Option<[Value; SLOTS]> {
        let (given, count) = (args.pos.len(), self.list.len());
        if count > SLOTS || given + args.names.len() > count || given > self.positional {
            return None;
        }
        let mut filled = (1u32 << given) - 1;
        let mut places = [0u8; SLOTS];
        for (name, place) in args.names.iter().zip(&mut places) {
            let at = self.list.iter().position(|p| p.keyword && vm.is_text(name, p.name))?;
            if filled & 1 << at != 0 {
                return None;
            }
            filled |= 1 << at;
            *place = at as u8;
        }
        if filled & self.required != self.required {
            return None;
        }
        let slots = [const { Value::UNBOUND }; SLOTS];
        for (slot, value) in slots.iter().zip(args.pos) {
            slot.set(value.take());
        }
        for (value, place) in args.named.iter().zip(places) {
            slots[usize::from(place)].set(value.take());
        }
        Some(slots)
    }
}

/// So many parameters are bound without a buffer of their own.
const SLOTS: usize = 12;

/// The rows whose functions somebody called by a parameter's name: this interpreter's copy of a list that the process keeps, and that
/// only grows (there are as many as rows).
#[derive(Default)]
pub struct KnownRows(RefCell<Vec<&'static Row>>);

impl KnownRows {
    #[inline]
    fn of(&self, function: &NativeFunction) -> &'static Row {
        let known = self.0.borrow();
        match known.get((function.known.get() as usize).wrapping_sub(1)) {
            Some(row) => row,
            None => {
                drop(known);
                self.learn(function)
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn learn(&self, function: &NativeFunction) -> &'static Row {
        type Rows = (HashMap<(usize, usize), usize>, Vec<&'static Row>);
        static ROWS: LazyLock<Mutex<Rows>> = LazyLock::new(Mutex::default);
        let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
        let (numbers, list) = &mut *rows;
        let signature = function.def.signature;
        let at = *numbers.entry((signature.as_ptr() as usize, signature.len())).or_insert_with(|| {
            list.push(Box::leak(Box::new(Row::of(signature))));
            list.len() - 1
        });
        function.known.set(at as u32 + 1);
        let mut known = self.0.borrow_mut();
        let new = known.len();
        known.extend_from_slice(&list[new..]);
        list[at]
    }
}

/// A slot for each parameter of a signature, with what the caller gave or empty; `self` first, if the signature has one. The arguments
/// are moved. `TypeError` if they do not fit.
pub fn bind_named(vm: &Vm, function: &Named<'_>, args: Args<'_>) -> Res<Vec<Value>> {
    let Named { short, shown, signature } = *function;
    let list = &parameters(signature).unwrap_or_default();
    let this = usize::from(signature.starts_with("($"));
    let most = list.iter().filter(|p| p.positional).count();
    let least = list.iter().filter(|p| p.positional && !p.optional).count();
    if this == 1 && args.pos.is_empty() {
        return Err(vm.type_error(format_args!("unbound method {shown}() needs an argument")));
    }
    let given = args.pos.len() - this;
    let no_keywords = !list.iter().any(|p| p.keyword);
    if no_keywords && !args.names.is_empty() {
        return Err(vm.type_error(format_args!("{shown}() takes no keyword arguments")));
    }
    let (low, high) = (least - this.min(least), most - this);
    if no_keywords && (args.pos.len() > most || args.pos.len() < least) {
        return Err(vm.type_error(positional_message(short, shown, low, high, given)));
    }
    if let Some(message) = keyword_message(short, &list[this..], given, args.names.len()) {
        return Err(vm.type_error(message));
    }
    let bound: Vec<Value> = list.iter().map(|_| Value::UNBOUND).collect();
    for (slot, value) in bound.iter().zip(args.pos) {
        slot.set(value.take());
    }
    let mut wrong = None;
    for (name, value) in args.names.iter().zip(args.named) {
        let text = vm.text(name);
        match list.iter().position(|p| p.keyword && p.name == text.as_str()) {
            Some(at) if bound[at].is_unbound() => bound[at].set(value.take()),
            found => wrong = wrong.or(Some((name, found))),
        }
    }
    // What is missing is said before what is wrong.
    for (at, parameter) in list.iter().enumerate() {
        if !parameter.optional && bound[at].is_unbound() {
            return Err(vm.type_error(format_args!(
                "{short}() missing required argument '{}' (pos {})",
                parameter.name,
                at + 1 - this
            )));
        }
    }
    match wrong {
        None => Ok(bound),
        Some((name, Some(at))) => Err(vm.type_error(format_args!(
            "argument for {short}() given by name ('{}') and position ({})",
            vm.text(name),
            at + 1 - this
        ))),
        Some((name, None)) => {
            let known: Vec<&str> = list.iter().filter(|p| p.keyword).map(|p| p.name).collect();
            Err(vm.unexpected_keyword(short, name, &known))
        }
    }
}

impl Vm {
    /// Calls a row's function with positional arguments, `self` first if it is bound. Runs Python where the function does; raises what
    /// the function raises, and `TypeError` for arguments that it does not take.
    #[inline(always)]
    pub fn call_positional(&self, function: &NativeFunction, args: &[Value]) -> Res {
        // The way is asked first, and then the number: so there is one jump.
        match function.def.call {
            Call::One(f) | Call::Float(_, f) | Call::Pull(_, f) if args.len() == 1 => f(self, &args[0]),
            Call::Two(f) | Call::Push(f) | Call::Put(_, f) if args.len() == 2 => f(self, &args[0], &args[1]),
            Call::Slice(f) | Call::Watch(f) | Call::Take(_, f) if function.takes(args.len()) => f(self, args),
            Call::Quick(count, _, f) if args.len() == usize::from(count) => f(self, args),
            Call::Three(f) if args.len() == 3 => f(self, &args[0], &args[1], &args[2]),
            Call::Full(f) => f(self, Args::pos(args)),
            _ => self.call_native_slow(function, Args::pos(args)),
        }
    }

    /// Calls a row's function with arguments (`self` first if it is bound), the last of which may be named. Runs Python and raises as
    /// [`Vm::call_positional`].
    pub fn call_native(&self, function: &NativeFunction, args: Args<'_>) -> Res {
        if let Call::Full(f) = function.def.call {
            return f(self, args);
        }
        if args.names.is_empty() {
            return self.call_positional(function, args.pos);
        }
        self.call_fitting(function, args).unwrap_or_else(|| self.call_otherwise(function, args))
    }

    /// The same for arguments that fit the row's parameters; where they do not, nothing is done with them.
    #[inline]
    fn call_fitting(&self, function: &NativeFunction, args: Args<'_>) -> Option<Res> {
        let row = self.natives.known_rows.of(function);
        let slots = row.bind(self, args)?;
        Some(self.call_bound(function, &slots[..row.list.len()]))
    }

    #[cold]
    #[inline(never)]
    fn call_native_slow(&self, function: &NativeFunction, args: Args<'_>) -> Res {
        self.call_fitting(function, args).unwrap_or_else(|| self.call_otherwise(function, args))
    }

    /// The same for arguments that do not: with more parameters than slots, or with an error.
    #[cold]
    #[inline(never)]
    fn call_otherwise(&self, function: &NativeFunction, args: Args<'_>) -> Res {
        self.call_bound(function, &self.bind_native(function, args)?)
    }

    /// Calls a row's function with a slot for each parameter.
    #[inline]
    fn call_bound(&self, function: &NativeFunction, slots: &[Value]) -> Res {
        match function.def.call {
            Call::One(f) | Call::Float(_, f) | Call::Pull(_, f) => f(self, &slots[0]),
            Call::Two(f) | Call::Push(f) | Call::Put(_, f) => f(self, &slots[0], &slots[1]),
            Call::Three(f) => f(self, &slots[0], &slots[1], &slots[2]),
            Call::Slice(f) | Call::Watch(f) | Call::Quick(.., f) | Call::Take(_, f) => f(self, slots),
            Call::Full(f) => f(self, Args::pos(slots)),
        }
    }

    fn bind_native(&self, function: &NativeFunction, args: Args<'_>) -> Res<Vec<Value>> {
        let class = args.pos.first().and_then(|class| class.get::<super::ty::TypeObj>());
        let shown = match class {
            Some(class) if function.def.binding == Binding::Class => {
                format!("{}.{}", self.text(&class.qualname), function.def.name)
            }
            _ => self.native_name(function),
        };
        let Method { name, signature, .. } = function.def;
        bind_named(self, &Named { short: name, shown: &shown, signature }, args)
    }

    /// The error of a keyword that a function does not know, with the one that was meant.
    #[cold]
    pub fn unexpected_keyword(&self, function: &str, given: &Value, known: &[&str]) -> crate::raised::Raised {
        let text = self.text(given);
        let hint = crate::suggest::closest(&text, known.iter().copied());
        let hint = hint.map_or(String::new(), |h| format!(". Did you mean '{h}'?"));
        self.type_error(format_args!("{function}() got an unexpected keyword argument '{text}'{hint}"))
    }

    /// How messages name a native function: `list.append`, `len`.
    pub fn native_name(&self, function: &NativeFunction) -> String {
        if let Some(this) = function.this.bound() {
            let ty = this.get::<super::ty::TypeObj>().unwrap_or_else(|| self.type_of(this));
            return format!("{}.{}", self.text(&ty.qualname), function.def.name);
        }
        match function.owner.get::<super::ty::TypeObj>() {
            Some(ty) => format!("{}.{}", self.text(&ty.name), function.def.name),
            None if function.owner.is(&self.names.builtins) || !self.is_str(&function.owner) => {
                function.def.name.to_string()
            }
            None => format!("{}.{}", self.text(&function.owner), function.def.name),
        }
    }
}
