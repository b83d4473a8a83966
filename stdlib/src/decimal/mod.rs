//! `_decimal`: decimal numbers of any precision, with contexts and signals, as the General Decimal Arithmetic Specification has them.
//!
//! | file | what |
//! |---|---|
//! | `coeff.rs` | coefficients: small ones in a word of 128 bits, large ones big ints of a crate; what is cut off of them |
//! | `num.rs`, `calc.rs` | numbers; a calculation within limits, how its results are made to fit, and its signals |
//! | `arith.rs`, `shaping.rs`, `power.rs` | operations |
//! | `quick.rs` | the short way of operators of short numbers |
//! | `functions.rs`, `fixed.rs` | square root, exponential function and logarithms, correctly rounded; these in binary fixed point |
//! | `text.rs`, `format.rs`, `convert.rs` | from and to texts, formats, ints, floats, tuples, hashes |
//! | `object.rs`, `context.rs`, `signals.rs`, `ops.rs` | the types of Python, and their methods |

mod arith;
mod calc;
mod coeff;
mod context;
mod convert;
mod fixed;
mod format;
mod functions;
mod num;
mod object;
mod ops;
mod power;
mod quick;
mod shaping;
mod signals;
mod text;

use std::cell::Cell;

use ryokan_vm::native::*;

use calc::{MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY, Rounding, flag};
use context::{Context, DEFAULT_TRAPS, IEEEContext, ROUNDINGS, getcontext, localcontext, ready, setcontext};
use object::Decimal;

native_module! {
    /// C decimal arithmetic module
    "_decimal" {
        consts {
            "MAX_PREC" = MAX_PREC;
            "MAX_EMAX" = MAX_EMAX;
            "MIN_EMIN" = MIN_EMIN;
            "MIN_ETINY" = MIN_ETINY;
            "HAVE_CONTEXTVAR" = true;
            "HAVE_THREADS" = true;
            "IEEE_CONTEXT_MAX_BITS" = 512;
            "__version__" = "1.70";
            "__libmpdec_version__" = "2.5.1";
        }
        types { Decimal, Context }
        fill = fill;
        functions {
            /// The context of the thread or task.
            getcontext();
            /// Makes a context that of the thread or task.
            setcontext(context: &Value, /);
            /// A context manager: a copy of a context, with some of its values changed, is the current one inside.
            localcontext(*args, **names), shows = "($module, /, ctx=None, **kwargs)";
            /// The context of one of the formats of IEEE 754, by its bits: a multiple of 32, 512 at most.
            IEEEContext(bits: i64, /);
        }
    }
}

native_state! {
    pub struct State {
        /// The logarithm of ten in binary fixed point, and how many bits it has.
        pub ln_ten: Slot,
        pub ln_ten_bits: Cell<usize>,
        /// A dict of the classes of signals, and the class of dicts of them.
        pub classes: Slot,
        pub signal_dict: Slot,
        pub decimal_tuple: Slot,
        pub rational: Slot,
        pub default_context: Slot,
        pub basic_context: Slot,
        pub extended_context: Slot,
        /// The variable that holds the current context.
        pub variable: Slot,
        /// The context that was current last, and when that was.
        pub current: Slot,
        pub current_at: Cell<u64>,
    }
}

/// Makes what there is once for an interpreter.
fn make_state(cx: &Cx, state: &State) -> Res<()> {
    signals::make_classes(cx, state)?;
    let numbers = cx.import("numbers")?;
    let class = cx.class::<Decimal>()?;
    cx.call_method(&cx.attr(&numbers, "Number")?, "register", (&class,))?;
    state.rational.set(cx.attr(&numbers, "Rational")?);
    let named_tuple = cx.attr(&cx.import("collections")?, "namedtuple")?;
    let tuple = cx.call(&named_tuple, ("DecimalTuple", "sign digits exponent"))?;
    cx.set_attr(&tuple, "__module__", "decimal")?;
    state.decimal_tuple.set(tuple);
    state.default_context.set(ready(cx, 28, Rounding::HalfEven, DEFAULT_TRAPS)?);
    let basic = DEFAULT_TRAPS | flag::CLAMPED | flag::UNDERFLOW;
    state.basic_context.set(ready(cx, 9, Rounding::HalfUp, basic)?);
    state.extended_context.set(ready(cx, 9, Rounding::HalfEven, 0)?);
    let variable = cx.attr(&cx.import("_contextvars")?, "ContextVar")?;
    state.variable.set(cx.call(&variable, ("decimal_context",))?);
    Ok(())
}

fn fill(module: &Filler) -> Res<()> {
    let cx = module.cx();
    let state = cx.state::<State>()?;
    if state.variable.is_none() {
        make_state(cx, &state)?;
    }
    let (classes, mut at) = (state.classes.dict(), 0);
    while let Some((next, name, class)) = classes.as_ref().and_then(|classes| classes.next_item(at)) {
        module.add(&cx.str(&name)?, class)?;
        at = next;
    }
    for (name, _) in ROUNDINGS {
        module.add(name, cx.intern(name)?)?;
    }
    module.add("DecimalTuple", state.decimal_tuple.get())?;
    module.add("DefaultContext", state.default_context.get())?;
    module.add("BasicContext", state.basic_context.get())?;
    module.add("ExtendedContext", state.extended_context.get())
}
