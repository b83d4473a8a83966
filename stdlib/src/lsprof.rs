//! `_lsprof`: how often functions are called, by whom, and how long they take, for the module cProfile.
//!
//! A profiler is a tool of `sys.monitoring`: the events of calls come to methods of its own. Calls that are under way lie on a stack; each
//! knows when it began, and how much of the time since was spent in calls out of it.

use std::cell::{Cell, RefCell};

use ryokan_vm::native::*;

native_module! {
    /// Measures programs. The module cProfile is what programs use.
    "_lsprof" {
        types { Profiler }
        classes { "profiler_entry" = &ENTRY; "profiler_subentry" = &SUBENTRY; }
    }
}

native_record! {
    /// What a function has taken: a code object, or a text that describes a native function; how often it was called, how often from
    /// within itself, seconds with and without what it has called, and a list of that.
    static ENTRY = "_lsprof.profiler_entry" { code, callcount, reccallcount, totaltime, inlinetime, calls };
    /// The same of the calls from one function.
    static SUBENTRY = "_lsprof.profiler_subentry" { code, callcount, reccallcount, totaltime, inlinetime };
}

native_type! {
    /// Profiler(timer=None, timeunit=0.0, subcalls=True, builtins=True)
    ///
    /// Measures what runs between enable() and disable(). A timer of one's own gives seconds, or ints that are worth a unit each.
    "_lsprof.Profiler" = struct Profiler {
        timer: Maybe,
        unit: Cell<f64>,
        subcalls: Cell<bool>,
        builtins: Cell<bool>,
        enabled: Cell<bool>,
        in_timer: Cell<bool>,
        /// Functions by identity, in the order in which they were seen.
        functions: Slot,
        /// Calls under way: the function of each, when it began, and how much of its time was spent in others.
        running: Values,
        times: RefCell<Option<Vector<i64>>>,
    }
    flags: SUBCLASS;
    shows: "(timer=None, timeunit=0.0, subcalls=True, builtins=True)";
    new(*args, **names) = new;
    init(timer: Value = Value::NONE => "None", timeunit: f64 = 0.0, subcalls: bool = True, builtins: bool = True) = init;
    methods {
        /// Begins to measure.
        enable(subcalls: bool = True, builtins: bool = True);
        /// Ends measuring: calls that are under way count as ended.
        disable();
        /// Forgets what was measured.
        clear();
        /// What was measured: a list with an entry for each function.
        getstats();
        /// A function of Python's begins or goes on.
        _pystart_callback(code: Value, instruction_offset: Value, /) = begins;
        /// A generator is thrown into.
        _pythrow_callback(code: Value, instruction_offset: Value, exception: Value, /) = thrown;
        /// A function of Python's ends or waits.
        _pyreturn_callback(code: Value, instruction_offset: Value, retval: Value, /) = ends;
        /// Something is called.
        _ccall_callback(code: Value, instruction_offset: Value, callable: Value, self_arg: Value, /) = called;
        /// A native function has ended.
        _creturn_callback(code: Value, instruction_offset: Value, callable: Value, self_arg: Value, /) = returned;
    }
}

/// What was measured of a function, or of the calls from one function to another.
#[derive(Default)]
struct Sums {
    total: Cell<i64>,
    inline: Cell<i64>,
    calls: Cell<i64>,
    recursive: Cell<i64>,
    level: Cell<i64>,
}

ryokan_vm::traced! { nothing: [] Sums; }

impl Sums {
    fn end(&self, total: i64, inline: i64) {
        self.level.set(self.level.get() - 1);
        if self.level.get() == 0 {
            self.total.set(self.total.get() + total);
        } else {
            self.recursive.set(self.recursive.get() + 1);
        }
        self.inline.set(self.inline.get() + inline);
        self.calls.set(self.calls.get() + 1);
    }
}

native_type! {
    /// A function that was called.
    "_lsprof.function" = struct Function { object: Slot, shown: Slot, sums: Sums, callees: Slot }
}
native_type! {
    /// Calls from one function to another.
    "_lsprof.calls" = struct Calls { to: Slot, sums: Sums }
}

const EVENTS: [(&str, &str); 9] = [
    ("PY_START", "_pystart_callback"),
    ("PY_RESUME", "_pystart_callback"),
    ("PY_THROW", "_pythrow_callback"),
    ("PY_RETURN", "_pyreturn_callback"),
    ("PY_YIELD", "_pyreturn_callback"),
    ("PY_UNWIND", "_pyreturn_callback"),
    ("CALL", "_ccall_callback"),
    ("C_RETURN", "_creturn_callback"),
    ("C_RAISE", "_creturn_callback"),
];
/// The number of profilers among the tools of `sys.monitoring`.
const TOOL: i64 = 2;
const NANOSECOND: f64 = 1e-9;

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    let profiler = Profiler {
        timer: Maybe::EMPTY,
        unit: Cell::new(0.0),
        subcalls: Cell::new(true),
        builtins: Cell::new(true),
        enabled: Cell::new(false),
        in_timer: Cell::new(false),
        functions: Slot::new(Dict::new(cx)?.into_value()),
        running: Values::default(),
        times: RefCell::new(None),
    };
    cx.new_of(class, profiler)
}

fn init(cx: &Cx, this: This<Profiler>, timer: Value, unit: f64, subcalls: bool, builtins: bool) -> Res<()> {
    if timer.is_none() {
        cx.require(Capability::Clock)?;
    }
    this.timer.set(Some(timer).filter(|timer| !timer.is_none()));
    this.unit.set(unit);
    this.subcalls.set(subcalls);
    this.builtins.set(builtins);
    Ok(())
}

fn monitoring(cx: &Cx) -> Res {
    let sys = cx.import("sys")?;
    cx.attr(&sys, "monitoring")
}

fn enable(cx: &Cx, this: This<Profiler>, subcalls: bool, builtins: bool) -> Res<()> {
    this.subcalls.set(subcalls);
    this.builtins.set(builtins);
    let monitoring = monitoring(cx)?;
    let events = cx.attr(&monitoring, "events")?;
    cx.call_method(&monitoring, "use_tool_id", (TOOL, "cProfile"))?;
    this.enabled.set(true);
    let mut all = 0;
    for (event, method) in EVENTS {
        let number = cx.index(&cx.attr(&events, event)?)?;
        // What comes after a native call comes with the event of the call.
        if !event.starts_with("C_") {
            all |= number;
        }
        cx.call_method(&monitoring, "register_callback", (TOOL, number, cx.attr(this.value(), method)?))?;
    }
    cx.call_method(&monitoring, "set_events", (TOOL, all)).map(drop)
}

fn disable(cx: &Cx, this: This<Profiler>) -> Res<()> {
    not_in_timer(cx, this, "disable")?;
    if !this.enabled.get() {
        return Ok(());
    }
    let monitoring = monitoring(cx)?;
    let events = cx.attr(&monitoring, "events")?;
    cx.call_method(&monitoring, "set_events", (TOOL, 0_i64))?;
    for (event, _) in EVENTS {
        let number = cx.attr(&events, event)?;
        cx.call_method(&monitoring, "register_callback", (TOOL, number, Value::NONE))?;
    }
    cx.call_method(&monitoring, "free_tool_id", (TOOL,))?;
    this.enabled.set(false);
    while let Some(function) = this.running.pop_back() {
        end(cx, this, &function)?;
    }
    Ok(())
}

fn not_in_timer(cx: &Cx, this: This<Profiler>, what: &str) -> Res<()> {
    if this.in_timer.get() {
        return Err(cx.runtime_error(format_args!("cannot {what} profiler in external timer")));
    }
    Ok(())
}

fn clear(cx: &Cx, this: This<Profiler>) -> Res<()> {
    not_in_timer(cx, this, "clear")?;
    this.running.clear();
    drop(this.times.take());
    this.functions.set(Dict::new(cx)?.into_value());
    Ok(())
}

/// The time, in nanoseconds or in units of the timer. Runs Python, if the timer is of it; what it raises is reported.
fn now(cx: &Cx, this: This<Profiler>) -> i64 {
    let Some(timer) = this.timer.get() else { return cx.monotonic().as_nanos() as i64 };
    this.in_timer.set(true);
    let time = cx.call(&timer, ()).and_then(|time| match this.unit.get() > 0.0 {
        true => cx.index(&time),
        false => Ok((cx.float(&time)? * 1e9).floor() as i64),
    });
    this.in_timer.set(false);
    time.unwrap_or_else(|raised| {
        cx.unraisable_while(raised, "Exception ignored while calling _lsprof timer", &timer);
        0
    })
}

// ---- calls -----------------------------------------------------------------------------------------------------------

/// What was measured of a function; nothing if it was never seen.
fn function(cx: &Cx, this: This<Profiler>, object: &Value) -> Res<Option<Value>> {
    let Some(functions) = this.functions.dict() else { return Ok(None) };
    functions.get(cx, &cx.id(object).into_value(cx)?)
}

/// Where the calls from a function to another are counted; made if there is none.
fn calls_of(cx: &Cx, from: &Function, to: &Value) -> Res<Option<Value>> {
    if from.callees.is_none() {
        from.callees.set(Dict::new(cx)?.into_value());
    }
    let Some(callees) = from.callees.dict() else { return Ok(None) };
    let key = cx.id(to).into_value(cx)?;
    if let Some(found) = callees.get(cx, &key)? {
        return Ok(Some(found));
    }
    let made = cx.new(Calls { to: Slot::new(to.clone()), sums: Sums::default() })?.into_value();
    callees.set(cx, &key, &made)?;
    Ok(Some(made))
}

/// A call of an object begins; `shown` is how it appears in what was measured.
fn begin(cx: &Cx, this: This<Profiler>, object: &Value, shown: impl FnOnce() -> Res) -> Res<()> {
    let made = match function(cx, this, object)? {
        Some(found) => found,
        None => {
            let (object, shown) = (Slot::new(object.clone()), Slot::new(shown()?));
            let made = cx.new(Function { object, shown, sums: Sums::default(), callees: Slot::default() })?;
            if let Some(functions) = this.functions.dict() {
                functions.set(cx, &cx.id(&made.object.get()).into_value(cx)?, made.value())?;
            }
            made.into_value()
        }
    };
    let Some(called) = This::<Function>::of(cx, &made) else { return Ok(()) };
    called.sums.level.set(called.sums.level.get() + 1);
    if this.subcalls.get()
        && let Some(last) = this.running.len().checked_sub(1)
        && let Some(caller) = this.running.get(last)
        && let Some(caller) = This::<Function>::of(cx, &caller)
        && let Some(calls) = calls_of(cx, &caller, &made)?
        && let Some(calls) = This::<Calls>::of(cx, &calls)
    {
        calls.sums.level.set(calls.sums.level.get() + 1);
    }
    this.running.push_back(cx, made.clone())?;
    let began = now(cx, this);
    let mut times = this.times.borrow_mut();
    let times = match &mut *times {
        Some(times) => times,
        none => none.insert(cx.vector(16)?),
    };
    cx.reserve(times, 2)?;
    times.push(began);
    times.push(0);
    Ok(())
}

/// The call on top of the stack, which is gone from it, ends.
fn end(cx: &Cx, this: This<Profiler>, called: &Value) -> Res<()> {
    let ended = now(cx, this);
    let (total, inline) = {
        let mut times = this.times.borrow_mut();
        let Some(times) = times.as_mut() else { return Ok(()) };
        let (Some(inner), Some(began)) = (times.pop(), times.pop()) else { return Ok(()) };
        let total = ended - began;
        if let Some(outer) = times.last_mut() {
            *outer += total;
        }
        (total, total - inner)
    };
    let Some(function) = This::<Function>::of(cx, called) else { return Ok(()) };
    function.sums.end(total, inline);
    if this.subcalls.get()
        && let Some(last) = this.running.len().checked_sub(1)
        && let Some(caller) = this.running.get(last)
        && let Some(caller) = This::<Function>::of(cx, &caller)
        && let Some(callees) = caller.callees.dict()
        && let Some(calls) = callees.get(cx, &cx.id(called).into_value(cx)?)?
        && let Some(calls) = This::<Calls>::of(cx, &calls)
    {
        calls.sums.end(total, inline);
    }
    Ok(())
}

/// A call of an object ends: the one on top, unless the object was never seen, which only leaves the stack.
fn leave(cx: &Cx, this: This<Profiler>, object: &Value) -> Res<()> {
    let Some(_) = this.running.pop_back() else { return Ok(()) };
    match function(cx, this, object)? {
        Some(called) => end(cx, this, &called),
        None => {
            if let Some(times) = this.times.borrow_mut().as_mut() {
                times.truncate(times.len().saturating_sub(2));
            }
            Ok(())
        }
    }
}

fn begins(cx: &Cx, this: This<Profiler>, code: Value, _: Value) -> Res<()> {
    begin(cx, this, &code, || Ok(code.clone()))
}
fn thrown(cx: &Cx, this: This<Profiler>, code: Value, _: Value, _: Value) -> Res<()> {
    begin(cx, this, &code, || Ok(code.clone()))
}
fn ends(cx: &Cx, this: This<Profiler>, code: Value, _: Value, _: Value) -> Res<()> {
    leave(cx, this, &code)
}

/// The object that stands for a native function, however it is called, and the function; nothing for anything else.
fn native(cx: &Cx, callable: &Value, this: &Value) -> Res<Option<(Value, Value)>> {
    let class = cx.class_of(callable);
    if class.is(&cx.class_of(&cx.attr(&cx.builtin("str")?, "upper")?)) {
        let missing = cx.attr(&monitoring(cx)?, "MISSING")?;
        return Ok(if this.is(&missing) { None } else { Some((callable.clone(), callable.clone())) });
    }
    if !class.is(&cx.class_of(&cx.builtin("len")?)) {
        return Ok(None);
    }
    let owner = cx.attr_opt(callable, "__self__")?.unwrap_or_default();
    if !owner.is_unbound() && !owner.is_none() && cx.attr_opt(callable, "__module__")?.is_none_or(|module| module.is_none()) {
        // A bound method: the type's own stands for all of them.
        let name = cx.str(&cx.attr(callable, "__name__")?)?;
        if let Some(found) = cx.attr_opt(&cx.class_of(&owner), &name)? {
            return Ok(Some((found, callable.clone())));
        }
    }
    Ok(Some((callable.clone(), callable.clone())))
}

/// How a native function appears in what was measured.
fn shown(cx: &Cx, object: &Value, callable: &Value) -> Res {
    if !object.is(callable) || !cx.class_of(object).is(&cx.class_of(&cx.builtin("len")?)) {
        return cx.repr(object)?.into_value(cx);
    }
    let name = cx.str(&cx.attr(callable, "__name__")?)?;
    let module = cx.attr_opt(callable, "__module__")?.filter(|module| cx.is_str(module));
    match module {
        Some(module) => {
            let module = cx.str(&module)?;
            format_args!("<built-in method {module}.{name}>").into_value(cx)
        }
        None => format_args!("<built-in method {name}>").into_value(cx),
    }
}

fn called(cx: &Cx, this: This<Profiler>, _: Value, _: Value, callable: Value, of: Value) -> Res<()> {
    if !this.builtins.get() {
        return Ok(());
    }
    match native(cx, &callable, &of)? {
        Some((object, callable)) => begin(cx, this, &object, || shown(cx, &object, &callable)),
        None => Ok(()),
    }
}
fn returned(cx: &Cx, this: This<Profiler>, _: Value, _: Value, callable: Value, of: Value) -> Res<()> {
    if !this.builtins.get() {
        return Ok(());
    }
    match native(cx, &callable, &of)? {
        Some((object, _)) => leave(cx, this, &object),
        None => Ok(()),
    }
}

// ---- what was measured -----------------------------------------------------------------------------------------------

fn getstats(cx: &Cx, this: This<Profiler>) -> Res<List> {
    let is_own = this.timer.is_some() && this.unit.get() > 0.0;
    let factor = if is_own { this.unit.get() } else { NANOSECOND };
    let seconds = |units: i64| units as f64 * factor;
    let list = List::new(cx, 0)?;
    let (Some(functions), mut from) = (this.functions.dict(), 0) else { return Ok(list) };
    while let Some((next, _, found)) = functions.next_item(from) {
        from = next;
        let Some(function) = This::<Function>::of(cx, &found) else { continue };
        if function.sums.calls.get() == 0 {
            continue;
        }
        let calls = match function.callees.dict() {
            Some(callees) => callees_of(cx, &callees, &seconds)?.into_value(),
            None => Value::NONE,
        };
        let [shown, count, recursive, total, inline] = fields_of(cx, &function, &function.sums, &seconds)?;
        list.push(cx, cx.record(&ENTRY, [shown, count, recursive, total, inline, calls])?)?;
    }
    Ok(list)
}

/// What an entry of a function, or of its calls from one place, begins with.
fn fields_of(cx: &Cx, function: &Function, sums: &Sums, seconds: &dyn Fn(i64) -> f64) -> Res<[Value; 5]> {
    Ok([
        function.shown.get(),
        sums.calls.get().into_value(cx)?,
        sums.recursive.get().into_value(cx)?,
        seconds(sums.total.get()).into_value(cx)?,
        seconds(sums.inline.get()).into_value(cx)?,
    ])
}

fn callees_of(cx: &Cx, callees: &Dict, seconds: &dyn Fn(i64) -> f64) -> Res<List> {
    let (list, mut from) = (List::new(cx, callees.len())?, 0);
    while let Some((next, _, found)) = callees.next_item(from) {
        from = next;
        let Some(calls) = This::<Calls>::of(cx, &found) else { continue };
        let to = calls.to.get();
        let Some(function) = This::<Function>::of(cx, &to) else { continue };
        list.push(cx, cx.record(&SUBENTRY, fields_of(cx, &function, &calls.sums, seconds)?)?)?;
    }
    Ok(list)
}
