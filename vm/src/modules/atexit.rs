//! `atexit`: what is called when the interpreter ends, the last one first.

use crate::native::*;
use crate::types::exceptions::unraisable_message;
use crate::vm::Vm;

crate::native_state! {
    /// The functions, each with its arguments: a triple, or None for one that was taken out.
    struct State { functions: Values }
}

crate::native_module! {
    /// Functions to be called when the interpreter ends.
    "atexit" {
        functions {
            /// Has a function called with these arguments at the end; gives the function.
            register(*args, **kwargs), shows = "($module, func, /, *args, **kwargs)";
            /// Takes out every registration of a function that equals this one.
            unregister(func: Value, /);
            /// Takes out all.
            _clear() = clear;
            /// How many there are.
            _ncallbacks() = count;
            /// Calls them now, the last one first, and takes them out.
            _run_exitfuncs() = run_now;
        }
    }
}

fn register(cx: &Cx, args: Args) -> Res {
    let Some((function, rest)) = args.positional().split_first() else {
        return Err(cx.type_error("register() takes at least 1 argument (0 given)"));
    };
    if !cx.is_callable(function) {
        return Err(cx.type_error("the first argument must be callable"));
    }
    let positional = List::new(cx, rest.len())?;
    for value in rest {
        positional.push(cx, value)?;
    }
    let named = Dict::new(cx)?;
    for (name, value) in args.named() {
        named.set(cx, name, value)?;
    }
    let entry = (function, positional, named).into_value(cx)?;
    cx.state::<State>()?.functions.push_back(cx, entry)?;
    Ok(function.clone())
}

fn unregister(cx: &Cx, function: Value) -> Res<()> {
    let state = cx.state::<State>()?;
    let mut at = state.functions.len();
    while at > 0 {
        at = (at - 1).min(state.functions.len());
        let Some(entry) = state.functions.get(at) else { continue };
        let known = Tuple::of(&entry).and_then(|entry| entry.get(0)).unwrap_or(Value::NONE);
        // Comparing may change the list.
        if cx.same_or_equal(&known, &function)? && state.functions.get(at).is_some_and(|now| now.is(&entry)) {
            drop(state.functions.remove(at));
        }
    }
    Ok(())
}

fn clear(cx: &Cx) -> Res<()> {
    cx.state::<State>()?.functions.clear();
    Ok(())
}

fn count(cx: &Cx) -> Res<usize> {
    Ok(cx.state::<State>()?.functions.len())
}

fn run_now(cx: &Cx) -> Res<()> {
    let state = cx.state::<State>()?;
    // What is registered meanwhile is not called.
    let entries = List::new(cx, 0)?;
    state.functions.add_last_to(cx, &entries, state.functions.len())?;
    while let Some(entry) = entries.pop() {
        let Some(entry) = Tuple::of(&entry) else { continue };
        let [function, positional, named] = entry.as_slice() else { continue };
        let (Some(args), Some(names)) = (List::of(positional), Dict::of(named)) else { continue };
        if let Err(raised) = cx.call_spread(function, &args, &names) {
            let exception = cx.vm().take_raised(raised);
            unraisable_message(cx.vm(), &exception, "in atexit callback", function);
        }
    }
    state.functions.clear();
    Ok(())
}

/// Calls what was registered, when the interpreter ends.
pub fn run(vm: &Vm) {
    if let Err(raised) = run_now(Cx::of(vm)) {
        drop(vm.take_raised(raised));
    }
}
