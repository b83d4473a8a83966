//! Values that are computed when somebody asks, and what stands for a default that is not there.

use crate::native::*;
use crate::object::payload::traced;
use crate::types::generic_alias::push_type;
use crate::types::str::build::StrBuilder;

/// The format in which a function of annotations gives texts (`annotationlib.Format.STRING`).
const STRING: i64 = 4;

/// A value that may have to be computed: by a function that the compiler has made, which is asked once.
#[derive(Default)]
pub struct Lazy {
    value: Maybe,
    compute: Maybe,
}

traced! { Lazy: [value, compute] }

impl Lazy {
    /// A value that is known.
    pub fn known(value: Value) -> Lazy {
        Lazy { value: Maybe::new(value), compute: Maybe::EMPTY }
    }
    /// A value that a function computes.
    pub fn computed(compute: &Value) -> Lazy {
        Lazy { value: Maybe::EMPTY, compute: Maybe::new(compute.clone()) }
    }
    /// From now on a function computes the value.
    pub fn compute_by(&self, compute: &Value) {
        self.compute.set(Some(compute.clone()));
    }
    /// Whether there is a value besides `NoDefault`, known or to be computed.
    pub fn is_default(&self, cx: &Cx) -> Res<bool> {
        match self.value.get() {
            _ if self.compute.is_some() => Ok(true),
            Some(value) => Ok(!value.is(&no_default(cx)?)),
            None => Ok(false),
        }
    }
    /// The function that computes the value, if one does.
    pub fn function(&self) -> Option<Value> {
        self.compute.get()
    }
    /// The value, computed if nobody has asked before; nothing if there is none. Runs Python.
    pub fn get(&self, cx: &Cx) -> Res<Option<Value>> {
        if let Some(known) = self.value.get() {
            return Ok(Some(known));
        }
        let Some(compute) = self.compute.get() else { return Ok(None) };
        let value = cx.call(&compute, ())?;
        self.value.set(Some(value.clone()));
        Ok(Some(value))
    }
    /// What computes the value in any format: its function, or one for a value that was given; None if there is no value.
    pub fn evaluator(&self, cx: &Cx) -> Res {
        match (self.compute.get(), self.value.get()) {
            (Some(compute), _) => Ok(compute),
            (None, Some(value)) => Ok(cx.new(ConstEvaluator { value: Slot::new(value) })?.into_value()),
            (None, None) => Ok(Value::NONE),
        }
    }
}

// ---- NoDefault -----------------------------------------------------------------------------------------------------

crate::native_state! {
    struct State { no_default: Maybe }
}

/// `NoDefault`, the same object each time.
pub fn no_default(cx: &Cx) -> Res {
    let state = cx.state::<State>()?;
    if let Some(made) = state.no_default.get() {
        return Ok(made);
    }
    let made = cx.new(NoDefaultType {})?.into_value();
    state.no_default.set(Some(made.clone()));
    Ok(made)
}

crate::native_type! {
    /// Has one instance, NoDefault, which says that a type parameter has no default.
    "NoDefaultType" = struct NoDefaultType {}
    new(*args, **names) = only_one;
    slots { repr = no_default_repr; }
    methods {
        __reduce__() = no_default_name;
    }
}

fn only_one(cx: &Cx, _: &Value, args: Args) -> Res {
    if !args.positional().is_empty() || args.named_count() > 0 {
        return Err(cx.type_error("NoDefaultType takes no arguments"));
    }
    no_default(cx)
}
fn no_default_repr(_: &Cx, _: This<NoDefaultType>) -> &'static str {
    "typing.NoDefault"
}
fn no_default_name(_: &Cx, _: This<NoDefaultType>) -> &'static str {
    "NoDefault"
}

// ---- evaluators of what is known -----------------------------------------------------------------------------------

crate::native_type! {
    "_typing._ConstEvaluator" = struct ConstEvaluator { value: Slot }
    call(*args, **names) = evaluate;
    slots { repr = evaluator_repr; }
}

fn evaluate(cx: &Cx, this: This<ConstEvaluator>, args: Args) -> Res {
    const NAME: &str = "constevaluator.__call__";
    args.no_keywords(cx, NAME)?;
    let [format] = args.positional() else {
        let given = args.positional().len();
        return Err(cx.type_error(format_args!("{NAME}() takes exactly 1 argument ({given} given)")));
    };
    let format = cx.long(format)?;
    let value = this.value.get();
    if format != STRING {
        return Ok(value);
    }
    let mut text = StrBuilder::new(cx.vm());
    match Tuple::exact(&value) {
        Some(tuple) => {
            text.push_str("(")?;
            for (at, one) in tuple.as_slice().iter().enumerate() {
                if at > 0 {
                    text.push_str(", ")?;
                }
                push_type(cx.vm(), &mut text, one)?;
            }
            text.push_str(")")?;
        }
        None => push_type(cx.vm(), &mut text, &value)?,
    }
    text.finish()
}

fn evaluator_repr(cx: &Cx, this: This<ConstEvaluator>) -> Res {
    let mut text = StrWriter::new(cx);
    text.push_str("<constevaluator ")?;
    text.push_str(&cx.repr(&this.value.get())?)?;
    text.push_str(">")?;
    text.finish()
}
