//! `frame`: a frame as scripts see it, made when somebody asks.
//!
//! Frames live on the VM's stacks, those of generators in the generator; a frame object is a note about one. Each frame has at
//! most one, which it owns as long as it stands: `Vm::watched_frames` holds the objects of frames on the stacks, a generator that
//! of its own. When the frame ends and somebody else holds the object too, the locals move into it ([`FrameObj::end`]), and it
//! keeps its caller's object (`f_back`); otherwise it dies with the frame.
//!
//! | file | what |
//! |---|---|
//! | `variables.rs` | the variables of a frame by name, wherever they lie; `locals()` |
//! | `jump.rs` | `f_lineno = line`: where a frame may go on instead |
//! | `proxy.rs` | `FrameLocalsProxy`: they as a mapping that writes through |

pub mod jump;
pub mod proxy;
pub mod variables;

use std::cell::{Cell, RefCell};

use ryokan_alloc::Header;
use ryokan_bytecode::{CodeFlags, InstrIndex, Op};

use crate::object::native::{Call, GetSet, Method, attribute, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref, payload_ptr, payload_value, uncharge};
use crate::raised::Res;
use crate::stack::Frame;
use crate::types::code::{self, CodeObj};
use crate::types::function::Function;
use crate::types::generator::{Generator, State};
use crate::value::{Borrowed, Value, Word, drop_from_last};
use crate::vm::Vm;

/// The payload of `frame`.
#[repr(C)]
pub struct FrameObj {
    head: Header,
    /// The function.
    pub function: Value,
    /// The code that it runs: its function may have got another meanwhile.
    code: Value,
    /// The namespace of a module's or a class body's frame; otherwise empty.
    namespace: Value,
    /// `f_trace`
    pub trace: Value,
    /// A dict of what was stored under names that are no variables; empty until then.
    extra: Value,
    /// `f_back` of a frame that has ended; otherwise empty.
    back: Value,
    /// Where it stands, once it has ended.
    instr: Cell<InstrIndex>,
    /// Its record, while it is on a stack and no generator's; otherwise null.
    record: Cell<*const Frame>,
    /// The generator that owns this object; that takes itself out before it dies.
    generator: Cell<Word>,
    /// `f_trace_lines`
    pub trace_lines: Cell<bool>,
    /// `f_trace_opcodes`
    pub trace_opcodes: Cell<bool>,
    /// The locals of the frame that has ended.
    locals: RefCell<Vec<Value>>,
    /// What variables held that were written to from outside: the frame may be using it at this moment.
    overwritten: RefCell<Vec<Value>>,
}

object! {
    FrameObj as Frame {
        tracked: true,
        values: [function, code, namespace, trace, extra, back],
        traced: [locals, overwritten],
        plain: [instr, record, generator, trace_lines, trace_opcodes],
        clear: |this| {
            this.trace.set(Value::NONE);
            this.extra.set(Value::UNBOUND);
            this.back.set(Value::UNBOUND);
            this.drop_locals();
        },
        dying: |this| {
            this.drop_locals();
            this.drop_overwritten();
        },
    }
}

/// The record, if that frame is still on the stack: the same place, running the same function.
pub fn live<'a>(vm: &'a Vm, record: *const Frame, function: &Value) -> Option<&'a Frame> {
    if record.is_null() {
        return None;
    }
    let found = vm.find_frame(|frame| std::ptr::eq(frame, record))?;
    let same = !found.is_boundary() && std::ptr::eq(found.func, function.get::<Function>()?);
    same.then_some(found)
}

/// An object of a frame that nobody else knows.
fn make(vm: &Vm, function: Value, code: Value, namespace: Value) -> Res<Ref<FrameObj>> {
    vm.new_object(|head| FrameObj {
        head,
        function,
        code,
        namespace,
        trace: Value::NONE,
        extra: Value::UNBOUND,
        back: Value::UNBOUND,
        instr: Cell::default(),
        record: Cell::new(std::ptr::null()),
        generator: Cell::new(Word::UNBOUND),
        trace_lines: Cell::new(true),
        trace_opcodes: Cell::new(false),
        locals: RefCell::default(),
        overwritten: RefCell::default(),
    })
}

/// The frame object of a traceback's entry, whose frame has ended: it gets the locals, and the object of the caller's frame if
/// that is known.
pub fn of_traceback(
    vm: &Vm,
    function: &Value,
    namespace: &Value,
    instr: InstrIndex,
    back: &Value,
) -> Res<Ref<FrameObj>> {
    let code = function.get::<Function>().map_or(Value::NONE, |function| function.code.clone());
    let made = make(vm, function.clone(), code, namespace.clone())?;
    made.instr.set(instr);
    made.back.set(back.clone());
    Ok(made)
}

/// The object of a frame on the stack, made when it is first asked for.
pub fn of_record(vm: &Vm, record: &Frame) -> Res {
    if let Some(generator) = record.generator() {
        return owned_by(vm, generator);
    }
    if let Some(known) = known(vm, record) {
        return Ok(known);
    }
    let function = payload_value(record.function());
    let code = record.run().object().as_value();
    let made = make(vm, function, code, record.namespace().cloned().unwrap_or_default())?;
    made.record.set(record);
    vm.watch_frame(record);
    vm.watched_frames.borrow_mut().push(made.to_value());
    Ok(made.into_value())
}

/// Whether the object is that of the frame.
fn is_of(object: &Value, record: &Frame) -> bool {
    object.get::<FrameObj>().is_some_and(|this| {
        std::ptr::eq(this.record.get(), record)
            && this.function.get::<Function>().is_some_and(|function| std::ptr::eq(function, record.func))
    })
}

/// The object of a frame on the stack, if it has one.
fn known(vm: &Vm, record: &Frame) -> Option<Value> {
    // The newest frames come last.
    vm.watched_frames.borrow().iter().rev().find(|object| is_of(object, record)).cloned()
}

/// Whether a frame on the stack has an object.
pub fn has_object(vm: &Vm, record: &Frame) -> Option<Value> {
    match record.generator() {
        Some(generator) => generator.frame.bound().cloned(),
        None => known(vm, record),
    }
}

/// The object of a frame that a traceback's entry was made for, if that is still on the stack.
pub fn of_live(vm: &Vm, record: *const Frame, function: &Value) -> Res<Option<Value>> {
    live(vm, record, function).map(|record| of_record(vm, record)).transpose()
}

/// A frame on the stack ends: its object, which is owned by it no longer.
pub fn take(vm: &Vm, record: &Frame) -> Option<Value> {
    let mut watched = vm.watched_frames.borrow_mut();
    let at = watched.iter().rposition(|object| is_of(object, record))?;
    Some(watched.remove(at))
}

/// A module's or class body's frame ends, whose object this is.
pub fn namespace_ends(vm: &Vm, record: &Frame, object: Option<&Value>) {
    let Some(this) = object.and_then(|object| object.get::<FrameObj>()) else { return };
    let pending = vm.thread.raised.take();
    this.end(vm, record.run().instr_at(record.pc), Vec::new());
    vm.thread.raised.set(pending);
}

/// The object of a generator's frame.
fn owned_by(vm: &Vm, generator: &Generator) -> Res {
    if generator.frame.is_unbound() {
        let made = make(vm, generator.function.clone(), generator.code.clone(), Value::UNBOUND)?;
        adopt(vm, generator, made.value());
    }
    Ok(generator.frame.clone())
}

/// A generator owns the object from now on. Its locals have room there, so that nothing can be refused when it dies.
pub fn adopt(vm: &Vm, generator: &Generator, object: &Value) {
    let Some(this) = object.get::<FrameObj>() else { return };
    this.record.set(std::ptr::null());
    let count = generator.code().locals.len();
    if this.locals.borrow().capacity() == 0 && vm.heap().charge(count * 8) {
        *this.locals.borrow_mut() = Vec::with_capacity(count);
    }
    this.generator.set(Word::from_ptr(payload_ptr(generator)));
    generator.frame.set(object.clone());
}

/// The frame of a generator: none once it is finished.
pub fn of_generator(vm: &Vm, value: &Value) -> Res {
    match value.get::<Generator>() {
        Some(generator) if generator.state.get() != State::Finished => owned_by(vm, generator),
        _ => Ok(Value::NONE),
    }
}

/// A generator's frame ends, at an instruction: if somebody else holds its object, the locals go there. Gives the object. Nothing is
/// freed here but the object.
#[inline]
pub fn generator_ends(generator: &Generator, instr: impl FnOnce() -> InstrIndex) -> Value {
    if generator.frame.is_unbound() { Value::UNBOUND } else { frame_ends(generator, instr()) }
}
#[inline(never)]
fn frame_ends(generator: &Generator, instr: InstrIndex) -> Value {
    let object = generator.frame.take();
    let Some(this) = object.get::<FrameObj>() else { return Value::UNBOUND };
    this.generator.set(Word::UNBOUND);
    this.instr.set(instr);
    if object.word().refs() > 1 {
        let mut locals = this.locals.borrow_mut();
        let room = locals.capacity();
        locals.extend(generator.registers().iter().take(room).map(Value::take));
    }
    object
}

/// The record of a generator that runs.
fn running<'a>(vm: &'a Vm, generator: &Generator) -> Option<&'a Frame> {
    vm.find_frame(|frame| frame.generator().is_some_and(|g| std::ptr::eq(g, generator)))
}

/// Where an unstarted generator stands when it dies: behind its first RESUME.
pub fn first_instr(code: &CodeObj) -> InstrIndex {
    let resume = code.code.instrs.iter().position(|instr| instr.op() == Some(Op::Resume));
    InstrIndex::of(resume.map_or(0, |at| at + 1))
}

impl FrameObj {
    /// Does something with the generator that owns it, if one does.
    fn with_generator<R>(&self, then: impl FnOnce(&Generator) -> R) -> Option<R> {
        let word = self.generator.get();
        // The generator takes itself out before it dies.
        word.is_ptr().then(|| Borrowed::new(word)).and_then(|value| value.get::<Generator>().map(then))
    }
    fn drop_locals(&self) {
        let locals = std::mem::take(&mut *self.locals.borrow_mut());
        uncharge(self, locals.capacity() * 8);
        drop_from_last(locals);
    }
    fn drop_overwritten(&self) {
        let values = std::mem::take(&mut *self.overwritten.borrow_mut());
        uncharge(self, values.capacity() * 8);
    }
    /// The frame has ended, at an instruction: keeps its locals, and its caller's object.
    pub fn end(&self, vm: &Vm, instr: InstrIndex, locals: Vec<Value>) {
        if let Some(record) = live(vm, self.record.get(), &self.function)
            && let Some(under) = vm.frame_under(record)
        {
            match of_record(vm, under) {
                Ok(object) => self.back.set(object),
                Err(raised) => drop(vm.take_raised(raised)),
            }
        }
        self.record.set(std::ptr::null());
        self.instr.set(instr);
        self.bury(vm, locals);
        self.drop_overwritten();
    }
    /// Keeps the locals of a frame that has ended.
    pub fn bury(&self, vm: &Vm, locals: Vec<Value>) {
        if self.locals.borrow().is_empty() && vm.heap().charge(locals.capacity() * 8) {
            let old = std::mem::replace(&mut *self.locals.borrow_mut(), locals);
            uncharge(self, old.capacity() * 8);
        }
    }
    /// The function.
    pub fn function(&self) -> &Function {
        self.function.get().expect("a frame object is made of a function")
    }
    /// The code.
    pub fn code(&self) -> &CodeObj {
        self.code.get().expect("a frame object is made of a function's code")
    }
    /// Its record, if it is on a stack.
    pub fn live<'a>(&self, vm: &'a Vm) -> Option<&'a Frame> {
        match self.with_generator(|generator| running(vm, generator)) {
            Some(record) => record,
            None => live(vm, self.record.get(), &self.function),
        }
    }
    /// `f_lineno`; 0 if no source belongs to where it stands.
    pub fn line(&self, vm: &Vm) -> u32 {
        self.code().code.position(self.instr_now(vm)).line
    }
    /// The instruction at which it stands.
    pub fn instr_now(&self, vm: &Vm) -> InstrIndex {
        if let Some(record) = self.live(vm) {
            return record.run().instr_at(record.pc);
        }
        let suspended = self.with_generator(|generator| {
            generator.code().run().map_or(InstrIndex(0), |run| run.instr_at(generator.pc.get()))
        });
        suspended.unwrap_or_else(|| self.instr.get())
    }
}

impl Vm {
    /// The object of a thread's topmost frame, if it has one. Runs no Python; `MemoryError`.
    pub fn top_frame_object(&self, ident: u64) -> Res<Option<Value>> {
        let mut top: *const Frame = std::ptr::null();
        self.each_thread(&mut |other, thread| {
            if other == ident {
                top = thread.stacks.iter().find(|frame| !frame.is_boundary()).map_or(top, std::ptr::from_ref);
            }
        });
        self.find_frame(|frame| std::ptr::eq(frame, top)).map(|record| of_record(self, record)).transpose()
    }

    /// The object of a frame: 0 is the running one, 1 its caller. Runs no Python; `MemoryError`, and `ValueError` if the stack is not
    /// so deep.
    pub fn frame_object(&self, depth: usize) -> Res {
        match self.thread.stacks.iter().filter(|frame| !frame.is_boundary()).nth(depth) {
            Some(record) => of_record(self, record),
            None => Err(self.value_error("call stack is not deep enough")),
        }
    }
}

/// `frame`
pub static TYPE: TypeDef = TypeDef {
    name: "frame",
    layout: Layout::Frame,
    flags: TypeFlags::NO_NEW,
    slots: Slots { repr: Some(repr), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &FrameObj {
    value.get().expect("a method of frame is called with a frame")
}

static METHODS: &[Method] = &[method(
    "clear",
    "($self, /)",
    Call::One(clear),
    "Drops the local variables of a frame that has ended, or ends a generator that has not begun.\nRuntimeError \
     while it runs or waits.",
)];
static GETSET: &[GetSet] = &[
    getter("f_code", |_, f| Ok(this(f).code.clone()), ""),
    getter("f_globals", |_, f| Ok(this(f).function().globals.clone()), ""),
    getter("f_builtins", |vm, f| Ok(vm.builtins_behind(&this(f).function().builtins)), ""),
    getter("f_locals", variables::f_locals, ""),
    attribute("f_lineno", f_lineno, jump::set_lineno, ""),
    getter("f_lasti", |vm, f| Ok(Value::small(code::tables::offset(this(f).instr_now(vm)))), ""),
    getter("f_back", f_back, ""),
    getter("f_generator", f_generator, ""),
    attribute("f_trace", |_, f| Ok(this(f).trace.clone()), set_trace, ""),
    attribute(
        "f_trace_lines",
        |_, f| Ok(Value::bool(this(f).trace_lines.get())),
        |vm, f, value| set_flag(vm, value, &this(f).trace_lines, "can't delete numeric/char attribute"),
        "",
    ),
    attribute(
        "f_trace_opcodes",
        |_, f| Ok(Value::bool(this(f).trace_opcodes.get())),
        |vm, f, value| match value {
            None => {
                Err(vm.attribute_error("attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted"))
            }
            Some(_) => set_flag(vm, value, &this(f).trace_opcodes, ""),
        },
        "",
    ),
];

fn repr(vm: &Vm, value: &Value) -> Res {
    let (object, code) = (this(value), this(value).code());
    vm.display(format_args!(
        "<frame at {:#x}, file '{}', line {}, code {}>",
        vm.id(value),
        vm.text(&code.filename),
        object.line(vm),
        vm.text(&code.name)
    ))
}

fn f_lineno(vm: &Vm, value: &Value) -> Res {
    let frame = this(value);
    Ok(match frame.line(vm) {
        0 if code::is_before(&frame.code().code, frame.instr_now(vm), 0) => Value::small(0),
        0 => Value::NONE,
        line => Value::small(i64::from(line)),
    })
}

fn set_flag(vm: &Vm, value: Option<&Value>, flag: &Cell<bool>, undeletable: &str) -> Res<()> {
    match value.map(Value::word) {
        None => return Err(vm.type_error(undeletable)),
        Some(Word::TRUE) => flag.set(true),
        Some(Word::FALSE) => flag.set(false),
        Some(_) => return Err(vm.type_error("attribute value type must be bool")),
    }
    Ok(())
}

fn f_back(vm: &Vm, value: &Value) -> Res {
    match this(value).live(vm) {
        Some(record) => match vm.frame_under(record) {
            Some(record) => of_record(vm, record),
            None => Ok(Value::NONE),
        },
        None => Ok(this(value).back.bound().cloned().unwrap_or(Value::NONE)),
    }
}

fn f_generator(_: &Vm, value: &Value) -> Res {
    Ok(this(value).with_generator(payload_value).unwrap_or(Value::NONE))
}

fn set_trace(_: &Vm, value: &Value, trace: Option<&Value>) -> Res<()> {
    this(value).trace.set(trace.cloned().unwrap_or(Value::NONE));
    Ok(())
}

fn clear(vm: &Vm, value: &Value) -> Res {
    let object = this(value);
    if object.live(vm).is_some() {
        return Err(vm.runtime_error("cannot clear an executing frame"));
    }
    match object.with_generator(|generator| (generator.state.get(), payload_value(generator))) {
        Some((State::Created, generator)) => {
            if generator.get::<Generator>().is_some_and(|g| g.flag() == CodeFlags::COROUTINE) {
                crate::types::coroutine::warn_unawaited(vm, &generator);
            }
            crate::types::generator::close(vm, &generator)?;
        }
        Some(_) => return Err(vm.runtime_error("cannot clear a suspended frame")),
        None => {}
    }
    let object = this(value);
    object.drop_locals();
    object.extra.set(Value::UNBOUND);
    object.trace.set(Value::NONE);
    Ok(Value::NONE)
}
