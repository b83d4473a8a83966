//! The native API from outside: a module, types and members of types, as an embedder writes them; and what Python sees of them.

use std::cell::Cell;

use ryokan::Interpreter;
use ryokan::native::*;

native_module! {
    /// A module that tries the corners.
    "corners" {
        consts { "LEVEL" = 3; "NAMES" = ("a", 2.5, true); }
        types { Ring, Dictionary, Pause, Ticks, Guard, Grid, Cabinet }
        classes { "Error" = &ERROR; "Point" = &POINT; }
        fill = fill;
        functions {
            /// Shows its arguments.
            ///
            /// In more than a line.
            show(x: f64, y: i64 = 3, /, z: Option<Text> = None, *, last: bool = False);
            /// Counts what it is given.
            every(*args, **names);
            /// Gives nothing.
            nothing();
            /// The square root of a float, at once.
            root(x: f64, /), at_once = root_at_once;
            /// Raises an error of the module.
            fail(text: Text = Text::from("no") => "'no'", /);
            /// How often it was called.
            calls();
            /// Calls back, with arguments that are given away.
            apply(function: Value, x: Value, /);
            /// A point.
            point(x: i64, y: i64, /);
            /// What was raised, if it is a ValueError.
            caught(function: Value, /);
            /// Calls back from work without the lock, so many times.
            away(function: Value, times: i64, /);
        }
    }
}

native_exception! {
    /// What the module raises.
    static ERROR = "corners.Error": "ValueError";
}
native_record! {
    /// A place in the plane.
    static POINT = "corners.Point" { x, y };
}
native_state! {
    /// What the module remembers.
    struct State { calls: Cell<u64>, last: Slot }
}

fn fill(module: &Filler) -> Res<()> {
    module.alias("also_nothing", "nothing")
}
fn show(_: &Cx, x: f64, y: i64, z: Option<Text>, last: bool) -> String {
    format!("{x} {y} {:?} {last}", z.map(|z| z.to_string()))
}
fn every(_: &Cx, args: Args) -> usize {
    args.positional().len() + 100 * args.named_count()
}
fn nothing(_: &Cx) {}
fn root(cx: &Cx, x: f64) -> Res<f64> {
    root_at_once(x).ok_or(()).map_err(|()| cx.value_error("no root"))
}
fn root_at_once(x: f64) -> Option<f64> {
    (x >= 0.0).then(|| x.sqrt())
}
fn fail(cx: &Cx, text: Text) -> Res<()> {
    Err(cx.raise_of(&ERROR, text.as_str()))
}
fn calls(cx: &Cx) -> Res<u64> {
    let state = cx.state::<State>()?;
    state.calls.set(state.calls.get() + 1);
    state.last.set(state.value().clone());
    Ok(state.calls.get())
}
fn apply(cx: &Cx, function: Value, x: Value) -> Res {
    cx.call(&function, (&x, x.clone(), 1))
}
fn point(cx: &Cx, x: i64, y: i64) -> Res {
    cx.record(&POINT, [x, y])
}
fn caught(cx: &Cx, function: Value) -> Res {
    match cx.call(&function, ()) {
        Ok(value) => Ok(value),
        Err(raised) => cx.catch(raised, "ValueError"),
    }
}

native_type! {
    /// A ring.
    ///
    /// More text.
    "corners.Ring" = struct Ring { items: Values, limit: Cell<i64>, name: Slot }
    flags: SUBCLASS, WEAKREF;
    new(items: Option<Iter> = None, limit: i64 = -1) = ring_new;
    slots { len = ring_len; repr = ring_repr; iter = ring_iter; getitem = ring_item; }
    at_once { len = Ring::len; item = Ring::item; }
    in_place { Add = ring_add; }
    getters {
        /// How many items it is meant for.
        limit = limit;
    }
    methods {
        /// Adds x.
        append(x: Value, /), at_once = Ring::put;
        /// Takes the last.
        pop() = pop_one, at_once = Ring::pull;
        /// Puts x under a name.
        put(i: i64, x: Value, /, deep: bool = False);
    }
    class_methods {
        /// A ring with a limit.
        make(x: i64);
    }
}
native_type! {
    /// Walks a ring.
    "corners.iter" = struct RingIter { ring: Slot, at: Cell<usize> }
    slots { iter = itself; next = ring_next; }
    at_once { pairs = ring_pair; rest = ring_rest; }
}
impl Ring {
    fn len(&self) -> usize {
        self.items.len()
    }
    fn item(&self, index: i64) -> Option<Value> {
        self.items.get(index as usize)
    }
    fn put(&self, x: &Value) -> Option<Value> {
        self.items.put(false, x).then_some(Value::UNBOUND)
    }
    fn pull(&self) -> Option<Value> {
        self.items.pop_back()
    }
}
fn ring_new(cx: &Cx, class: &Value, items: Option<Iter>, limit: i64) -> Res {
    let made =
        cx.new_of(class, Ring { items: Values::default(), limit: Cell::new(limit), name: Slot::default() })?;
    if let (Some(items), Some(this)) = (items, This::<Ring>::of(cx, &made)) {
        while let Some(item) = items.next(cx)? {
            this.items.push_back(cx, item)?;
        }
    }
    Ok(made)
}
fn ring_len(_: &Cx, this: This<Ring>) -> Res<usize> {
    Ok(this.items.len())
}
fn ring_repr(cx: &Cx, this: This<Ring>) -> Res {
    format!("<ring of {}>", this.items.len()).into_value(cx)
}
fn ring_iter(cx: &Cx, this: This<Ring>) -> Res<Obj<RingIter>> {
    cx.new(RingIter { ring: Slot::new(this.to_value()), at: Cell::new(0) })
}
fn ring_next(cx: &Cx, this: This<RingIter>) -> Res<Option<Value>> {
    let ring = this.ring.get();
    let Some(ring) = This::<Ring>::of(cx, &ring) else { return Ok(None) };
    let at = this.at.get();
    this.at.set(at + 1);
    Ok(ring.items.get(at))
}
/// Pairs that a ring has as tuples are taken apart here.
fn ring_pair(cx: &Cx, this: This<RingIter>) -> Res<Pair> {
    let ring = this.ring.get();
    let Some(ring) = This::<Ring>::of(cx, &ring) else { return Ok(Pair::End) };
    let Some(item) = ring.items.get(this.at.get()) else { return Ok(Pair::End) };
    let Ok(tuple) = Tuple::from_exact(item) else { return Ok(Pair::Whole) };
    match (tuple.len(), tuple.get(0), tuple.get(1)) {
        (2, Some(a), Some(b)) => {
            this.at.set(this.at.get() + 1);
            Ok(Pair::Of(a, b))
        }
        _ => Ok(Pair::Whole),
    }
}
fn ring_rest(cx: &Cx, this: This<RingIter>, list: &List) -> Res<()> {
    while let Some(item) = ring_next(cx, this)? {
        list.push(cx, item)?;
    }
    Ok(())
}
fn ring_item(cx: &Cx, this: This<Ring>, key: &Value) -> Res {
    let i = cx.index(key)?;
    this.items.get(i as usize).ok_or(()).map_err(|()| cx.index_error("ring index out of range"))
}
fn ring_add(cx: &Cx, this: This<Ring>, other: &Value) -> Res {
    let items = cx.iter(other)?;
    while let Some(i) = items.next(cx)? {
        this.items.push_back(cx, i)?;
    }
    Ok(this.to_value())
}
fn limit(_: &Cx, this: This<Ring>) -> i64 {
    this.limit.get()
}
fn append(cx: &Cx, this: This<Ring>, x: Value) -> Res<()> {
    this.items.push_back(cx, x)
}
fn pop_one(cx: &Cx, this: This<Ring>) -> Res {
    this.items.pop_back().ok_or(()).map_err(|()| cx.index_error("empty"))
}
fn put(_: &Cx, this: This<Ring>, i: i64, x: Value, deep: bool) -> Res<()> {
    let _ = (i, deep);
    this.name.set(x);
    Ok(())
}
fn make(cx: &Cx, class: &Value, x: i64) -> Res {
    cx.call(class, (Value::NONE, x))
}

native_type! {
    /// A dict that makes what is missing.
    "corners.Dictionary" = struct Dictionary: dict { factory, other }
    flags: SUBCLASS;
    init(factory: Option<Value> = None, *, items: Option<Value> = None) = dd_init;
    slots { repr = dd_repr; }
    getters { factory = dd_factory; }
    methods {
       __missing__(key: Value, /) = missing;
    }
}
fn dd_init(cx: &Cx, this: This<Dictionary>, factory: Option<Value>, items: Option<Value>) -> Res<()> {
    this.set_member(cx, Dictionary::factory, factory.unwrap_or(Value::NONE));
    if let Some(items) = items {
        cx.call_method(this.value(), "update", (items,))?;
    }
    Ok(())
}
fn dd_repr(_: &Cx, _: This<Dictionary>) -> &'static str {
    "<dictionary>"
}
fn dd_factory(cx: &Cx, this: This<Dictionary>) -> Option<Value> {
    this.member(cx, Dictionary::factory)
}
fn missing(cx: &Cx, this: This<Dictionary>, key: Value) -> Res {
    let made = cx.call(&this.member(cx, Dictionary::factory).unwrap_or(Value::NONE), ())?;
    cx.set_item(this.value(), &key, &made)?;
    Ok(made)
}

native_type! {
    /// An awaitable: gives its turns to the loop, then the result.
    "corners.Pause" = struct Pause { turns: Cell<i64>, result: Slot }
    new(turns: i64, result: Value = Value::NONE => "None", /) = new_pause;
    slots { await_ = itself; iter = itself; next = next_turn; }
    methods {
        /// What the loop sends is kept for the result.
        send(value: Value, /) = send_turn;
        /// Raises an exception in it.
        throw(exception: Value, /) = throw_into;
        /// Ends it.
        close() = close_pause;
    }
}
fn new_pause(cx: &Cx, class: &Value, turns: i64, result: Value) -> Res {
    cx.new_of(class, Pause { turns: Cell::new(turns), result: Slot::new(result) })
}
fn next_turn(cx: &Cx, this: This<Pause>) -> Res<Option<Value>> {
    match this.turns.get() {
        0 => Err(cx.stop(this.result.get())),
        left => {
            this.turns.set(left - 1);
            left.into_value(cx).map(Some)
        }
    }
}
fn send_turn(cx: &Cx, this: This<Pause>, value: Value) -> Res {
    if !value.is_none() {
        this.result.set(value);
    }
    next_turn(cx, this).map(Option::unwrap_or_default)
}
fn throw_into(cx: &Cx, this: This<Pause>, exception: Value) -> Res {
    this.turns.set(0);
    Err(cx.raise_value(exception))
}
fn close_pause(_: &Cx, this: This<Pause>) {
    this.turns.set(0);
}

native_type! {
    /// An asynchronous iterator: counts down, with a pause before each number.
    "corners.Ticks" = struct Ticks { left: Cell<i64> }
    new(count: i64, /) = new_ticks;
    slots { aiter = itself; anext = next_tick; }
}
fn new_ticks(cx: &Cx, class: &Value, count: i64) -> Res {
    cx.new_of(class, Ticks { left: Cell::new(count) })
}
fn next_tick(cx: &Cx, this: This<Ticks>) -> Res<Obj<Pause>> {
    let left = this.left.replace(this.left.get() - 1);
    if left <= 0 {
        return Err(cx.stop_async());
    }
    cx.new(Pause { turns: Cell::new(1), result: Slot::new(left.into_value(cx)?) })
}

native_type! {
    /// A context manager that swallows ValueErrors, with attributes of its own.
    "corners.Guard" = struct Guard { log: Slot }
    flags: SUBCLASS, DICT;
    new() = new_guard;
    call(*args, **names) = call_guard;
    number { Add = add_guards; }
    attributes {
        /// Where it notes what it does: a list.
        log = read_log, write_log;
    }
    methods {
        /// Gives itself.
        __enter__() = enter_guard;
        /// Notes the class of the exception.
        __exit__(kind: Value, exception: Value, traceback: Value, /) = exit_guard;
    }
    static_methods {
        /// The sum of two numbers.
        add(a: i64, b: i64 = 1);
    }
}
fn new_guard(cx: &Cx, class: &Value) -> Res {
    let log = List::new(cx, 0)?;
    cx.new_of(class, Guard { log: Slot::new(log.into_value()) })
}
fn call_guard(cx: &Cx, this: This<Guard>, args: Args) -> Res {
    let list = List::of(&this.log.get()).ok_or(()).map_err(|()| cx.type_error("the log is no list"))?;
    for (name, value) in args.named() {
        list.push(cx, (name, value))?;
    }
    list.len().into_value(cx)
}
fn add_guards(cx: &Cx, left: &Value, right: &Value) -> Res {
    match (This::<Guard>::of(cx, left), This::<Guard>::of(cx, right)) {
        (Some(a), Some(b)) => cx.binary(BinaryOp::Add, &a.log.get(), &b.log.get()),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn read_log(_: &Cx, this: This<Guard>) -> Value {
    this.log.get()
}
fn write_log(cx: &Cx, this: This<Guard>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(cx.type_error("the log cannot be deleted")) };
    this.log.set(value.clone());
    Ok(())
}
fn enter_guard(_: &Cx, this: This<Guard>) -> Value {
    this.to_value()
}
fn exit_guard(cx: &Cx, this: This<Guard>, _kind: Value, exception: Value, _traceback: Value) -> Res<bool> {
    if exception.is_none() {
        return Ok(false);
    }
    let class = cx.class_of(&exception);
    cx.call_method(&this.log.get(), "append", (cx.attr(&class, "__name__")?,))?;
    cx.is_instance(&exception, &cx.builtin("ValueError")?)
}
fn add(_: &Cx, a: i64, b: i64) -> i64 {
    a + b
}

native_type! {
    /// Sixteen bytes that others may look into.
    "corners.Grid" = struct Grid { bytes: Slot }
    new() = new_grid;
    methods {
        /// The bytes as four numbers of four.
        __buffer__(flags: BufferFlags, /) = grid_buffer;
        /// How many bytes there are in anything that has some.
        measure(data: Buffer, /);
        /// Writes zeros over anything that can be written.
        wipe(data: BufferMut, /);
    }
}
fn new_grid(cx: &Cx, class: &Value) -> Res {
    let bytes = cx.call(&cx.builtin("bytearray")?, (16,))?;
    cx.new_of(class, Grid { bytes: Slot::new(bytes) })
}
fn grid_buffer(cx: &Cx, this: This<Grid>, flags: BufferFlags) -> Res {
    cx.export(this.value(), &this.bytes.get(), b'i', false, flags)
}
fn away(cx: &Cx, function: Value, times: i64) -> Res<i64> {
    let kept = (function, Maybe::EMPTY);
    let sum = cx.blocking_with(&kept, |away| {
        let call = |number| {
            away.back(|cx, (function, failed): &(Value, Maybe)| {
                let answer = cx.call(function, (number,)).and_then(|answer| cx.index(&answer));
                answer.map_err(|raised| failed.set(Some(cx.take_raised(raised)))).ok()
            })
        };
        (0..times).map_while(call).sum()
    });
    match kept.1.take() {
        Some(error) => Err(cx.raise_value(error)),
        None => Ok(sum),
    }
}

native_type! {
    /// Things by name: no sequence.
    "corners.Cabinet" = struct Cabinet {}
    flags: KEYED;
    new() = new_cabinet;
    slots { getitem = drawer; }
    methods {
        /// Shows another signature.
        open(*args), shows = "($self, drawer, /)";
    }
}
fn new_cabinet(cx: &Cx, class: &Value) -> Res {
    cx.new_of(class, Cabinet {})
}
fn drawer(_: &Cx, _: This<Cabinet>, key: &Value) -> Value {
    key.clone()
}
fn open(_: &Cx, _: This<Cabinet>, args: Args) -> usize {
    args.positional().len()
}
fn measure(_: &Cx, _: This<Grid>, data: Buffer) -> usize {
    data.len()
}
fn wipe(_: &Cx, _: This<Grid>, data: BufferMut) {
    data.write(0, &vec![0; data.len()]);
}

const PROGRAM: &str = include_str!("native_api/corners.py");

/// What Python sees of all that, line by line.
#[test]
fn python_sees_what_the_tables_say() {
    let python = Interpreter::builder().module(&MODULE).build().expect("room enough");
    python.exec(PROGRAM).unwrap_or_else(|error| panic!("{error}"));
    let said: Vec<String> = python.get("said").expect("a list of strs");
    let expected: Vec<&str> = include_str!("native_api/corners.out").lines().collect();
    assert_eq!(said, expected);
    python.exec("import gc; del said; gc.collect()").expect("it runs");
    python.vm().verify().expect("the heap is in order");
}
