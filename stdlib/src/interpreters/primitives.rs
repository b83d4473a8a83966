//! `_interpreters`: making interpreters, and work in them.

use ryokan_vm::native::*;

use super::caught::{display, pack_caught, unpack_caught};
use super::load::Load;
use super::pack::{Fallback, is_grave, is_shareable as shareable, pack, pack_callable, pack_names, pack_texts};
use super::script::pack_script;
use super::unpack::{BufferView, unpack};
use super::{config, error_under};

native_module! {
    /// Interpreters beside this one, at their plainest; concurrent.interpreters is made of them.
    "_interpreters" {
        consts {
            "WHENCE_UNKNOWN" = 0;
            "WHENCE_RUNTIME" = 1;
            "WHENCE_LEGACY_CAPI" = 2;
            "WHENCE_CAPI" = 3;
            "WHENCE_XI" = 4;
            "WHENCE_STDLIB" = WHENCE_STDLIB;
        }
        types { BufferView }
        classes {
            "InterpreterError" = &INTERPRETER_ERROR;
            "InterpreterNotFoundError" = &NOT_FOUND;
            "NotShareableError" = &NOT_SHAREABLE;
        }
        functions {
            /// Makes an interpreter, configured as config says or is called; gives its ID. With reqrefs it ends when nobody holds it any more.
            create(config: Value = Value::NONE => "'isolated'", *, reqrefs: bool = False), shows = "";
            /// Ends an interpreter in which nobody is at work.
            destroy(id: Value, *, restrict: bool = False), shows = "";
            /// The IDs of all interpreters, each with who has made it.
            list_all(*, require_ready: bool = False), shows = "";
            /// The ID of this interpreter, and who has made it.
            get_current();
            /// The ID of the main interpreter, and who has made it.
            get_main();
            /// A configuration by its name, with what is to be otherwise.
            new_config(*args, **overrides) = config::new_config, shows = "";
            /// How an interpreter is configured.
            get_config(id: Value, *, restrict: bool = False), shows = "";
            /// Who has made an interpreter, as a number.
            whence(id: Value), shows = "";
            /// Executes a text, a code object or the body of a function in an interpreter's __main__; gives what is to be told of the exception
            /// that nobody caught there, or None.
            exec(id: Value, code: Value, shared: Given = Given(None) => "None", *, restrict: bool = False), shows = "";
            /// The same of a text.
            run_string(id: Value, script: Value, shared: Given = Given(None) => "None", *, restrict: bool = False), shows = "";
            /// The same of a function or a code object.
            run_func(id: Value, func: Value, shared: Given = Given(None) => "None", *, restrict: bool = False), shows = "";
            /// Calls something in an interpreter; gives the result, and what is to be told of the exception that nobody caught there.
            call(id: Value, callable: Value, args: Value = Value::NONE => "None", kwargs: Value = Value::NONE => "None", *, restrict: bool = False), shows = "";
            /// Binds names in an interpreter's __main__.
            set___main___attrs(id: Value, updates: Value, *, restrict: bool = False) = set_main_attrs, shows = "";
            /// Whether somebody is at work in an interpreter.
            is_running(id: Value, *, restrict: bool = False), shows = "";
            /// Whether objects of this class can cross from one interpreter to another by themselves.
            is_shareable(obj: Value), shows = "";
            /// Says that an interpreter is needed; with implieslink it ends when that is no longer so.
            incref(id: Value, *, implieslink: bool = False, restrict: bool = False), shows = "";
            /// Says that an interpreter is not needed any more.
            decref(id: Value, *, restrict: bool = False), shows = "";
            /// What exec() would tell of an exception.
            capture_exception(exc: Value = Value::NONE => "None"), shows = "";
        }
    }
}

/// `WHENCE_STDLIB`: made by this module.
const WHENCE_STDLIB: i64 = 5;

native_exception! {
    /// A cross-interpreter operation failed
    pub static INTERPRETER_ERROR = "concurrent.interpreters.InterpreterError": "Exception";
}

/// An interpreter was not found.
pub static NOT_FOUND: ClassKey = ClassKey::new(|vm| {
    let cx = Cx::of(vm);
    let base = cx.class_of_key(&INTERPRETER_ERROR)?;
    let doc = "An interpreter was not found";
    error_under(cx, "concurrent.interpreters", "InterpreterNotFoundError", &base, doc)
});
/// An object cannot cross.
pub static NOT_SHAREABLE: ClassKey = ClassKey::new(|vm| {
    let cx = Cx::of(vm);
    error_under(cx, "concurrent.interpreters", "NotShareableError", &cx.builtin("TypeError")?, "")
});

// ---- who there is ----------------------------------------------------------------------------------------------------

fn id_of(cx: &Cx, id: &Value) -> Res<i64> {
    if !cx.has_index(id) {
        let kind = cx.type_name(id);
        return Err(cx.type_error(format_args!("interpreter ID must be an int, got {kind}")));
    }
    let Some(id) = cx.to_index(id)?.small() else { return Err(cx.overflow_error("int too big to convert")) };
    if id < 0 {
        return Err(cx.value_error(format_args!("interpreter ID must be a non-negative int, got {id}")));
    }
    Ok(id)
}

fn refused(cx: &Cx, id: i64, why: Refusal) -> Raised {
    match why {
        Refusal::NotThere => cx.raise_of(&NOT_FOUND, format_args!("unrecognized interpreter ID {id}")),
        Refusal::Runs => cx.raise_of(&INTERPRETER_ERROR, "interpreter already running"),
    }
}

fn find(cx: &Cx, id: &Value) -> Res<Known> {
    let id = id_of(cx, id)?;
    cx.known_interpreter(id).map_err(|why| refused(cx, id, why))
}

/// An interpreter that one may do something with: with `restrict` only those that were made here.
fn find_to(cx: &Cx, id: &Value, restrict: bool, what: &str) -> Res<Known> {
    let known = find(cx, id)?;
    if restrict && known.whence != WHENCE_STDLIB {
        let id = known.id;
        return Err(cx.raise_of(&INTERPRETER_ERROR, format_args!("cannot {what} unrecognized interpreter {id}")));
    }
    Ok(known)
}

fn create(cx: &Cx, config: Value, reqrefs: bool) -> Res<i64> {
    let mut rights = config::read(cx, &config)?;
    let failed = || {
        let first = cx.raise_of(&INTERPRETER_ERROR, "sub-interpreter creation failed");
        let first = cx.take_raised(first);
        cx.chain(cx.raise_of(&INTERPRETER_ERROR, "interpreter creation failed"), first)
    };
    if !config::is_possible(&rights) {
        return Err(failed());
    }
    if rights.gil == Gil::Default {
        rights.gil = Gil::Shared;
    }
    cx.make_interpreter(rights, reqrefs)?.ok_or(()).map_err(|()| failed())
}

fn destroy(cx: &Cx, id: Value, restrict: bool) -> Res<()> {
    let known = find_to(cx, &id, restrict, "destroy")?;
    if known.id == cx.interpreter_id() {
        return Err(cx.raise_of(&INTERPRETER_ERROR, "cannot destroy the current interpreter"));
    }
    cx.end_interpreter(known.id)?.map_err(|why| match why {
        Refusal::Runs => cx.raise_of(&INTERPRETER_ERROR, "interpreter running"),
        Refusal::NotThere => refused(cx, known.id, why),
    })
}

fn list_all(cx: &Cx, _: bool) -> Res<Vec<(i64, i64)>> {
    let known = cx.interpreters();
    let _room = cx.charge(known.len() * size_of::<(i64, i64)>())?;
    Ok(known.iter().map(|known| (known.id, known.whence)).collect())
}

fn get_current(cx: &Cx) -> Res<(i64, i64)> {
    let id = cx.interpreter_id();
    let known = cx.known_interpreter(id).map_err(|why| refused(cx, id, why))?;
    Ok((known.id, known.whence))
}

fn get_main(_: &Cx) -> (i64, i64) {
    (0, 1)
}

fn get_config(cx: &Cx, id: Value, restrict: bool) -> Res {
    let known = find_to(cx, &id, restrict, "get the config of")?;
    config::show(cx, known.rights)
}

fn whence(cx: &Cx, id: Value) -> Res<i64> {
    Ok(find(cx, &id)?.whence)
}

fn is_running(cx: &Cx, id: Value, restrict: bool) -> Res<bool> {
    Ok(find_to(cx, &id, restrict, "check if running for")?.runs)
}

fn incref(cx: &Cx, id: Value, implieslink: bool, restrict: bool) -> Res<()> {
    let id = find_to(cx, &id, restrict, "incref")?.id;
    cx.hold_interpreter(id, implieslink).map_err(|why| refused(cx, id, why))
}

fn decref(cx: &Cx, id: Value, restrict: bool) -> Res<()> {
    let id = find_to(cx, &id, restrict, "decref")?.id;
    cx.let_interpreter_go(id)?.map_err(|why| refused(cx, id, why))
}

fn is_shareable(cx: &Cx, obj: Value) -> Res<bool> {
    shareable(cx, &obj)
}

fn capture_exception(cx: &Cx, exc: Value) -> Res {
    if exc.is_none() {
        return Ok(exc);
    }
    if !cx.is_instance(&exc, &cx.builtin("BaseException")?)? {
        let shown = cx.repr(&exc)?;
        return Err(cx.type_error(format_args!("expected exception, got {shown}")));
    }
    unpack_caught(cx, &pack_caught(cx, &exc))
}

// ---- work in another one ---------------------------------------------------------------------------------------------

/// How work in another interpreter ended, and what is to be told of it.
enum Outcome {
    Done(Load),
    /// Nobody caught it.
    Caught(Load),
    /// Something did not cross, as its text says.
    Unfit(&'static str, Load),
}

fn caught(cx: &Cx, raised: Raised) -> Outcome {
    let exception = cx.take_raised(raised);
    Outcome::Caught(pack_caught(cx, &exception))
}

/// What did not cross, and why. What says nothing of an object is told as what was caught.
fn unfit(cx: &Cx, what: &'static str, raised: Raised) -> Outcome {
    if is_grave(cx, &raised) {
        return caught(cx, raised);
    }
    let exception = cx.take_raised(raised);
    let why = display(cx, &exception).unwrap_or_else(|raised| {
        drop(cx.take_raised(raised));
        Value::NONE
    });
    Outcome::Unfit(what, pack_texts(cx, &[why]))
}

/// Binds what [`pack_names`] has packed.
fn bind(cx: &Cx, names: &Load) -> Res<()> {
    let main = cx.main_namespace()?;
    let names = unpack(cx, names)?;
    for pair in Tuple::of(&names).as_ref().map_or(&[][..], Tuple::as_slice).chunks_exact(2) {
        main.set(cx, &cx.intern_value(pair[0].clone())?, pair[1].clone())?;
    }
    Ok(())
}

/// Does work elsewhere, and says how it ended: the result, and what was caught.
fn elsewhere(cx: &Cx, id: i64, work: impl FnOnce(&Cx) -> Outcome + Send) -> Res<(Value, Value)> {
    match cx.in_interpreter(id, work)?.map_err(|why| refused(cx, id, why))? {
        Outcome::Done(result) => Ok((unpack(cx, &result)?, Value::NONE)),
        Outcome::Caught(told) => Ok((Value::NONE, unpack_caught(cx, &told)?)),
        Outcome::Unfit(what, why) => {
            let why = unpack(cx, &why)?;
            let why = Tuple::of(&why).and_then(|why| why.get(0)).unwrap_or_default();
            let cause = cx.call(&cx.builtin("Exception")?, (why,))?;
            Err(super::caused(cx, cx.raise_of(&NOT_SHAREABLE, what), cause))
        }
    }
}

/// A dict that is asked for, or nothing.
fn dict_of(cx: &Cx, function: &str, position: u32, given: Option<&Value>) -> Res<Option<Dict>> {
    let Some(given) = given else { return Ok(None) };
    match Dict::of(given) {
        Some(dict) => Ok(Some(dict)),
        None => {
            let kind = cx.arg_name(given);
            Err(cx.type_error(format_args!(
                "_interpreters.{function}() argument {position} must be dict, not {kind}"
            )))
        }
    }
}

fn run(cx: &Cx, id: i64, script: &Value, shared: Option<Dict>) -> Res {
    let script = pack_script(cx, script)?;
    let names = shared.map_or(Ok(Load::NONE), |shared| pack_names(cx, &shared))?;
    let (_, told) = elsewhere(cx, id, move |cx| {
        let code = bind(cx, &names).and_then(|()| {
            let bytes = unpack(cx, &script)?;

            cx.code_of_bytes(Bytes::of(&bytes).as_ref().map_or(&[], Bytes::as_slice))
        });
        let code = match code {
            Ok(code) => code,
            Err(raised) => return unfit(cx, "the script did not cross", raised),
        };
        match cx.main_namespace().and_then(|main| cx.run_code(&code, &main)) {
            Ok(_) => Outcome::Done(Load::NONE),
            Err(raised) => caught(cx, raised),
        }
    })?;
    Ok(told)
}

fn exec(cx: &Cx, id: Value, code: Value, shared: Given, restrict: bool) -> Res {
    let shared = dict_of(cx, "exec", 3, shared.0.as_ref())?;
    let known = find_to(cx, &id, restrict, "exec code for")?;
    run(cx, known.id, &code, shared)
}

fn run_string(cx: &Cx, id: Value, script: Value, shared: Given, restrict: bool) -> Res {
    if !cx.is_str(&script) {
        let kind = cx.arg_name(&script);
        return Err(cx.type_error(format_args!("_interpreters.run_string() argument 2 must be str, not {kind}")));
    }
    let shared = dict_of(cx, "run_string", 3, shared.0.as_ref())?;
    let known = find_to(cx, &id, restrict, "run a string in")?;
    run(cx, known.id, &script, shared)
}

fn run_func(cx: &Cx, id: Value, func: Value, shared: Given, restrict: bool) -> Res {
    let shared = dict_of(cx, "run_func", 3, shared.0.as_ref())?;
    let known = find_to(cx, &id, restrict, "run a function in")?;
    if !cx.is_function(&func) && !cx.is_code(&func) {
        let kind = cx.arg_name(&func);
        return Err(cx.type_error(format_args!(
            "_interpreters.run_func() argument 2 must be a function, not {kind}"
        )));
    }
    run(cx, known.id, &func, shared)
}

fn set_main_attrs(cx: &Cx, id: Value, updates: Value, restrict: bool) -> Res<()> {
    let updates = dict_of(cx, "set___main___attrs", 2, Some(&updates))?;
    let known = find_to(cx, &id, restrict, "update __main__ for")?;
    let Some(updates) = updates.filter(|updates| !updates.is_empty()) else {
        return Err(cx.value_error("arg 2 must be a non-empty dict"));
    };
    let names = pack_names(cx, &updates)?;
    let work = move |cx: &Cx| match bind(cx, &names) {
        Ok(()) => Outcome::Done(Load::NONE),
        Err(raised) => unfit(cx, "the values did not cross", raised),
    };
    let (_, told) = elsewhere(cx, known.id, work)?;
    if told.is_none() {
        return Ok(());
    }
    // What is caught there, as there is no memory, leaves names out.
    let told = cx.attr(&told, "formatted")?;
    let told = cx.str(&told)?;
    Err(cx.raise_of(&INTERPRETER_ERROR, told))
}

fn call(cx: &Cx, id: Value, callable: Value, args: Value, kwargs: Value, restrict: bool) -> Res<(Value, Value)> {
    if !args.is_none() && Tuple::of(&args).is_none() {
        let kind = cx.arg_name(&args);
        return Err(cx.type_error(format_args!("_interpreters.call() argument 3 must be tuple, not {kind}")));
    }
    dict_of(cx, "call", 4, Some(&kwargs).filter(|kwargs| !kwargs.is_none()))?;
    let known = find_to(cx, &id, restrict, "make a call in")?;
    if !cx.is_callable(&callable) {
        let shown = cx.repr(&callable)?;
        return Err(cx.type_error(format_args!("expected a callable, got {shown}")));
    }
    let callable = pack_callable(cx, &callable)?;
    let args = pack(cx, &args, Fallback::Any)?;
    let kwargs = pack(cx, &kwargs, Fallback::Any)?;
    elsewhere(cx, known.id, move |cx| call_here(cx, [callable, args, kwargs]))
}

/// The other side of `call`.
fn call_here(cx: &Cx, loads: [Load; 3]) -> Outcome {
    const WHAT: [&str; 3] = ["func not shareable", "args not shareable", "kwargs not shareable"];
    let mut parts = [const { Value::NONE }; 3];
    for ((part, load), what) in parts.iter_mut().zip(loads).zip(WHAT) {
        match unpack(cx, &load) {
            Ok(value) => *part = value,
            Err(raised) => return unfit(cx, what, raised),
        }
    }
    let [callable, args, kwargs] = parts;
    let called = match Tuple::of(&args) {
        Some(args) => cx.call_star(&callable, &args, &kwargs),
        None => Tuple::from_fn(cx, 0, |_| Value::NONE).and_then(|none| cx.call_star(&callable, &none, &kwargs)),
    };
    match called.map(|result| pack(cx, &result, Fallback::Any)) {
        Ok(Ok(result)) => Outcome::Done(result),
        Ok(Err(raised)) => unfit(cx, "object does not support cross-interpreter data", raised),
        Err(raised) => caught(cx, raised),
    }
}
