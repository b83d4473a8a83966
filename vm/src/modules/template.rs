//! What t-strings make (PEP 750): `Template`, `Interpolation`, and the iterator over a template.
//!
//! A template has one more text than interpolations: `t"{a}"` has an empty one on each side. The library's module
//! `string.templatelib` names the types; it asks t-strings for them.

use std::cell::Cell;

use crate::native::*;
use crate::object::ty::TypeObj;
use crate::types::str::Str;
use crate::vm::Vm;

crate::native_type! {
    /// What a t-string makes: its texts, and between them what was interpolated. Iterating over it gives
    /// both in order, without the empty texts.
    "string.templatelib.Template" = pub struct Template { strings: Tuple, interpolations: Tuple }
    new(*args, **names) = new_template;
    slots { repr = template_repr; iter = template_iter; }
    number { Add = add; }
    getters {
        /// a tuple of the values that were interpolated
        values = values;
    }
    members {
        /// a tuple of the texts, one more than interpolations
        strings = |_, this: This<Template>| this.strings.value().clone();
        /// a tuple of what was interpolated
        interpolations = |_, this: This<Template>| this.interpolations.value().clone();
    }
    methods {
        __reduce__() = template_reduce;
    }
    class_methods {
        /// The class with types in brackets.
        __class_getitem__(object: Value, /) = class_getitem;
    }
}

crate::native_type! {
    /// A value in a t-string, with the text of its expression, its conversion ('s', 'r', 'a' or None)
    /// and its format specification. Nothing is converted or formatted.
    "string.templatelib.Interpolation" = pub struct Interpolation {
        value: Slot, expression: Slot, conversion: Slot, format_spec: Slot
    }
    new(*args, **names) = new_interpolation;
    slots { repr = interpolation_repr; }
    members {
        /// the value
        value = |_, this: This<Interpolation>| this.value.get();
        /// the text of the expression
        expression = |_, this: This<Interpolation>| this.expression.get();
        /// 's', 'r', 'a' or None
        conversion = |_, this: This<Interpolation>| this.conversion.get();
        /// the text behind the colon
        format_spec = |_, this: This<Interpolation>| this.format_spec.get();
    }
    methods {
        /// How pickle makes it again.
        __reduce__() = interpolation_reduce;
    }
    class_methods {
        /// The class with types in brackets.
        __class_getitem__(object: Value, /) = class_getitem;
    }
}

crate::native_type! {
    "string.templatelib.TemplateIter" = struct TemplateIter { template: Slot, at: Cell<usize> }
    slots { iter = itself; next = next_part; }
}

fn class_getitem(cx: &Cx, class: &Value, object: Value) -> Res {
    cx.generic_alias(class, &object)
}

// ---- what the instructions make ------------------------------------------------------------------------------------

/// `BUILD_INTERPOLATION`: of a value, the text of its expression, and the format specification if there is one. The number of the
/// conversion is the instruction's.
pub fn interpolation(vm: &Vm, parts: Vec<Value>, conversion: usize) -> Res {
    let cx = Cx::of(vm);
    let mut parts = parts.into_iter();
    let conversion = match conversion {
        1 => cx.intern("s")?,
        2 => cx.intern("r")?,
        3 => cx.intern("a")?,
        _ => Value::NONE,
    };
    let mut next = || parts.next().unwrap_or_default();
    let (value, expression, spec) = (next(), next(), next());
    let format_spec = if cx.is_str(&spec) { spec } else { cx.vm().empty_str.clone() };
    let body = Interpolation {
        value: Slot::new(value),
        expression: Slot::new(expression),
        conversion: Slot::new(conversion),
        format_spec: Slot::new(format_spec),
    };
    cx.new_of(&interpolation_class(cx)?, body)
}

/// `BUILD_TEMPLATE`: of the texts and the interpolations, two tuples that the compiler has made.
pub fn template(vm: &Vm, parts: Vec<Value>) -> Res {
    let cx = Cx::of(vm);
    let mut parts = parts.into_iter().map(Tuple::from_exact);
    let (Some(Ok(strings)), Some(Ok(interpolations))) = (parts.next(), parts.next()) else {
        return Err(cx.system_error("a template is made of two tuples"));
    };
    let fits = strings.len() == interpolations.len() + 1;
    let named = interpolations.as_slice().iter().all(|one| one.body::<Interpolation>().is_some());
    if !fits || !named || !strings.as_slice().iter().all(|text| cx.is_str(text)) {
        return Err(cx.system_error("a template has a text more than interpolations"));
    }
    Ok(cx.new(Template { strings, interpolations })?.into_value())
}

crate::native_state! {
    struct State { named: Cell<bool> }
}

/// The class of interpolations. Its fields are named for `match` before the first of them is made.
fn interpolation_class(cx: &Cx) -> Res {
    let (class, state) = (cx.class::<Interpolation>()?, cx.state::<State>()?);
    if !state.named.get()
        && let Some(ty) = class.get::<TypeObj>()
    {
        let names = ["value", "expression", "conversion", "format_spec"];
        let names = Tuple::try_from_fn(cx, names.len(), |at| cx.intern(names[at]))?;
        ty.set_own(cx.vm(), &cx.vm().names.__match_args__, names.into_value())?;
        state.named.set(true);
    }
    Ok(class)
}

// ---- templates -----------------------------------------------------------------------------------------------------

/// Texts and interpolations in the order in which they stand: neighbouring texts are joined.
struct Parts<'a> {
    cx: &'a Cx,
    strings: List,
    interpolations: List,
    /// The text that has been joined so far, and what is behind it.
    text: Option<Value>,
    more: Option<StrWriter<'a>>,
}

impl<'a> Parts<'a> {
    fn new(cx: &'a Cx) -> Res<Parts<'a>> {
        Ok(Parts {
            cx,
            strings: List::new(cx, 1)?,
            interpolations: List::new(cx, 0)?,
            text: None,
            more: None,
        })
    }
    fn push_text(&mut self, text: &Value) -> Res<()> {
        let Some(before) = self.text.take() else {
            match &mut self.more {
                Some(more) => more.push_value(text)?,
                None => self.text = Some(text.clone()),
            }
            return Ok(());
        };
        let mut more = StrWriter::new(self.cx);
        more.push_value(&before)?;
        more.push_value(text)?;
        self.more = Some(more);
        Ok(())
    }
    fn end_text(&mut self) -> Res<()> {
        let text = match (self.text.take(), self.more.take()) {
            (Some(text), _) => text,
            (None, Some(more)) => more.finish()?,
            (None, None) => self.cx.vm().empty_str.clone(),
        };
        self.strings.push(self.cx, text)
    }
    fn push_interpolation(&mut self, one: &Value) -> Res<()> {
        self.end_text()?;
        self.interpolations.push(self.cx, one)
    }
    fn push_template(&mut self, template: &Template) -> Res<()> {
        let interpolations = template.interpolations.as_slice();
        for (at, text) in template.strings.as_slice().iter().enumerate() {
            self.cx.work(1)?;
            self.push_text(text)?;
            if let Some(one) = interpolations.get(at) {
                self.push_interpolation(one)?;
            }
        }
        Ok(())
    }
    fn finish(mut self) -> Res<Template> {
        self.end_text()?;
        let strings = Tuple::from_iterable(self.cx, self.strings.value())?;
        Ok(Template { strings, interpolations: Tuple::from_iterable(self.cx, self.interpolations.value())? })
    }
}

fn new_template(cx: &Cx, class: &Value, args: Args) -> Res {
    if args.named_count() > 0 {
        return Err(cx.type_error("Template.__new__ only accepts *args arguments"));
    }
    let mut parts = Parts::new(cx)?;
    for part in args.positional() {
        cx.work(1)?;
        if cx.is_str(part) {
            parts.push_text(part)?;
        } else if part.body::<Interpolation>().is_some() {
            parts.push_interpolation(part)?;
        } else {
            return Err(cx.type_error(format_args!(
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {}",
                cx.type_name(part)
            )));
        }
    }
    cx.new_of(class, parts.finish()?)
}

fn add(cx: &Cx, left: &Value, right: &Value) -> Res {
    let Some(first) = This::<Template>::of(cx, left) else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(second) = This::<Template>::of(cx, right) else {
        let (own, other) = (cx.type_name(left), cx.type_name(right));
        return Err(cx.type_error(format_args!("can only concatenate {own} (not \"{other}\") to {own}")));
    };
    let mut parts = Parts::new(cx)?;
    parts.push_template(&first)?;
    parts.push_template(&second)?;
    Ok(cx.new(parts.finish()?)?.into_value())
}

fn template_repr(cx: &Cx, this: This<Template>) -> Res {
    let mut text = StrWriter::new(cx);
    text.push_str("Template(strings=")?;
    text.push_str(&cx.repr(this.strings.value())?)?;
    text.push_str(", interpolations=")?;
    text.push_str(&cx.repr(this.interpolations.value())?)?;
    text.push_str(")")?;
    text.finish()
}

fn values(cx: &Cx, this: This<Template>) -> Res {
    let all = this.interpolations.as_slice();
    let value = |at: usize| all[at].body::<Interpolation>().map_or(Value::NONE, |one| one.value.get());
    Ok(Tuple::from_fn(cx, all.len(), value)?.into_value())
}

/// `(a function of the library that makes templates, what it makes one of)`
fn template_reduce(cx: &Cx, this: This<Template>) -> Res {
    let make = cx.attr(&cx.import("string.templatelib")?, "_template_unpickle")?;
    (make, (this.strings.value(), this.interpolations.value())).into_value(cx)
}

fn template_iter(cx: &Cx, this: This<Template>) -> Res<Obj<TemplateIter>> {
    cx.new(TemplateIter { template: Slot::new(this.to_value()), at: Cell::new(0) })
}

/// At even places stand texts, at odd ones interpolations.
fn next_part(cx: &Cx, this: This<TemplateIter>) -> Res<Option<Value>> {
    let held = this.template.get();
    let Some(template) = This::<Template>::of(cx, &held) else { return Ok(None) };
    loop {
        let at = this.at.get();
        let list = if at.is_multiple_of(2) { &template.strings } else { &template.interpolations };
        let Some(part) = list.get(at / 2) else { return Ok(None) };
        this.at.set(at + 1);
        let is_empty = at.is_multiple_of(2) && part.get::<Str>().is_some_and(Str::is_empty);
        if !is_empty {
            return Ok(Some(part));
        }
        cx.work(1)?;
    }
}

// ---- interpolations ------------------------------------------------------------------------------------------------

fn new_interpolation(cx: &Cx, class: &Value, args: Args) -> Res {
    const NAMES: [&str; 4] = ["value", "expression", "conversion", "format_spec"];
    let signature = "(value, expression='', conversion=None, format_spec='')";
    let slots = written::bind(cx, "Interpolation", signature, args.into_call())?;
    let given = |at: usize| slots.get(at).and_then(Value::bound).cloned();
    let text = |at: usize| match given(at) {
        None => Ok(cx.vm().empty_str.clone()),
        Some(text) if cx.is_str(&text) => Ok(text),
        Some(other) => {
            let kind = cx.arg_name(&other);
            let name = NAMES[at];
            Err(cx.type_error(format_args!("Interpolation() argument '{name}' must be str, not {kind}")))
        }
    };
    let expression = text(1)?;
    let conversion = match given(2).filter(|conversion| !conversion.is_none()) {
        None => Value::NONE,
        Some(_) => text(2)?,
    };
    if !conversion.is_none() && !["s", "r", "a"].contains(&cx.str(&conversion)?.as_str()) {
        return Err(cx.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"));
    }
    let body = Interpolation {
        value: Slot::new(given(0).unwrap_or_default()),
        expression: Slot::new(expression),
        conversion: Slot::new(conversion),
        format_spec: Slot::new(text(3)?),
    };
    cx.new_of(class, body)
}

fn interpolation_repr(cx: &Cx, this: This<Interpolation>) -> Res {
    let parts = [this.value.get(), this.expression.get(), this.conversion.get(), this.format_spec.get()];
    let mut text = StrWriter::new(cx);
    text.push_str("Interpolation(")?;
    for (at, part) in parts.iter().enumerate() {
        text.push_str(if at > 0 { ", " } else { "" })?;
        text.push_str(&cx.repr(part)?)?;
    }
    text.push_str(")")?;
    text.finish()
}

fn interpolation_reduce(cx: &Cx, this: This<Interpolation>) -> Res {
    let parts = (this.value.get(), this.expression.get(), this.conversion.get(), this.format_spec.get());
    (cx.class_of(this.value()), parts).into_value(cx)
}
