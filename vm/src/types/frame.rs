//! `frame`: a frame as scripts see it, made when somebody asks.
//!
//! Frames live on the VM's stacks; a frame object is a note about one. While the frame is *live* (its record still stands on
//! the stack and runs the same function), the object looks there; after that it tells what it noted, and the locals that a
//! dying frame left it.

use std::cell::{Cell, RefCell};

use ryokan_alloc::{Header, ObjPtr};
use ryokan_bytecode::LocalKind;

use crate::object::native::{Call, GetSet, Method, attribute, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, type_flag};
use crate::object::{Layout, Ref, payload_ptr, payload_value, uncharge};
use crate::raised::Res;
use crate::stack::Frame;
use crate::types::cell::CellObj;
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::generator::{Generator, State};
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// The payload of `frame`.
#[repr(C)]
pub struct FrameObj {
    head: Header,
    /// The function.
    pub function: Value,
    /// The namespace of a module's or a class body's frame; otherwise empty.
    namespace: Value,
    /// `f_trace`
    trace: Value,
    /// The generator whose frame it is, while that is suspended; otherwise empty.
    generator: Value,
    instr: Cell<u32>,
    record: Cell<*const Frame>,
    /// Whether `Vm::watched_frames` has it.
    watches: Cell<bool>,
    /// The locals of the dead frame.
    locals: RefCell<Vec<Value>>,
}

object! {
    FrameObj as Frame {
        tracked: true,
        values: [function, namespace, trace, generator],
        traced: [locals],
        plain: [instr, record, watches],
        clear: |this| {
            this.namespace.set(Value::UNBOUND);
            this.generator.set(Value::UNBOUND);
            this.trace.set(Value::NONE);
            this.drop_locals();
        },
        dying: |this| {
            this.look_away();
            this.drop_locals();
        },
    }
}

/// The record, if that frame is still on the stack: the same place, running the same function.
pub fn live<'a>(vm: &'a Vm, record: *const Frame, function: &Value) -> Option<&'a Frame> {
    let found = vm.find_frame(|frame| std::ptr::eq(frame, record))?;
    let same = !found.is_boundary() && std::ptr::eq(found.func, function.get::<Function>()?);
    same.then_some(found)
}

/// The names and values of a code's bound variables, from the values of its registers. Cells are looked into.
pub fn named(code: &CodeObj, registers: &[Value]) -> Vec<(Value, Value)> {
    let mut list = Vec::new();
    for ((variable, name), value) in code.code.locals.iter().zip(&code.locals).zip(registers) {
        if variable.hidden && variable.kind == LocalKind::Plain {
            continue;
        }
        let value = match (variable.kind, value.get::<CellObj>()) {
            (LocalKind::Plain, _) | (_, None) => value,
            (_, Some(cell)) => &cell.content,
        };
        if !value.is_unbound() {
            list.push((name.clone(), value.clone()));
        }
    }
    list
}

/// The same of a live frame.
pub fn live_variables(record: &Frame) -> Vec<(Value, Value)> {
    let code = record.run().object();
    named(code, record.locals())
}

fn make(vm: &Vm, function: Value, namespace: Value, instr: u32, record: *const Frame) -> Res<Ref<FrameObj>> {
    vm.new_object(|head| FrameObj {
        head,
        function,
        namespace,
        trace: Value::NONE,
        generator: Value::UNBOUND,
        instr: Cell::new(instr),
        record: Cell::new(record),
        watches: Cell::new(false),
        locals: RefCell::default(),
    })
}

/// The frame object of a traceback's entry.
pub fn of_traceback(
    vm: &Vm,
    function: &Value,
    namespace: &Value,
    instr: u32,
    record: *const Frame,
) -> Res<Ref<FrameObj>> {
    make(vm, function.clone(), namespace.clone(), instr, record)
}

/// The object of a frame on the stack, made when it is first asked for. When the frame ends it keeps the locals.
fn of_record(vm: &Vm, record: &Frame) -> Res {
    if let Some(known) = vm.watched_frames.borrow().iter().find_map(|frame| watcher(*frame, record)) {
        return Ok(known.into_value());
    }
    let function = payload_value(record.function());
    let instr = record.run().instr_at(record.pc);
    let made = make(vm, function, record.namespace().cloned().unwrap_or_default(), instr, record)?;
    if let Some(generator) = record.generator() {
        made.generator.set(payload_value(generator));
    } else if vm.watch_frame(record) {
        made.watches.set(true);
        vm.watched_frames.borrow_mut().push(payload_ptr(&*made));
    }
    Ok(made.into_value())
}

/// The object of a frame that a traceback's entry was made for, if that is still on the stack.
pub fn of_live(vm: &Vm, record: *const Frame, function: &Value) -> Res<Option<Value>> {
    live(vm, record, function).map(|record| of_record(vm, record)).transpose()
}

/// The frame object in the list of those that watch, if it watches this frame and is not dying.
fn watcher(object: ObjPtr, record: *const Frame) -> Option<Ref<FrameObj>> {
    // An object leaves the list before its block is freed.
    let object = Borrowed::new(Word::from_ptr(object));
    let this = object.get::<FrameObj>().filter(|this| this.record.get() == record)?;
    (object.word().refs() != 0).then(|| Ref::from_payload(this))
}

/// The objects of a frame that ends: they watch it no longer.
pub fn take_watchers(vm: &Vm, record: *const Frame) -> Vec<Ref<FrameObj>> {
    let mut found = Vec::new();
    vm.watched_frames.borrow_mut().retain(|frame| match watcher(*frame, record) {
        None => true,
        Some(object) => {
            object.watches.set(false);
            found.push(object);
            false
        }
    });
    found
}

/// The frame of a generator: the one on the stack while it runs, otherwise one that looks at its registers; None once it is
/// finished.
pub fn of_generator(vm: &Vm, value: &Value) -> Res {
    let Some(generator) = value.get::<Generator>() else { return Ok(Value::NONE) };
    match generator.state.get() {
        State::Finished => Ok(Value::NONE),
        State::Running => running(vm, generator).map_or(Ok(Value::NONE), |record| of_record(vm, record)),
        State::Created | State::Suspended => {
            let made = make(vm, generator.function.clone(), Value::UNBOUND, 0, std::ptr::null())?;
            made.generator.set(value.clone());
            Ok(made.into_value())
        }
    }
}

/// The record of a generator that runs.
fn running<'a>(vm: &'a Vm, generator: &Generator) -> Option<&'a Frame> {
    vm.find_frame(|frame| frame.generator().is_some_and(|g| std::ptr::eq(g, generator)))
}

impl FrameObj {
    /// The suspended generator whose frame it is.
    fn suspended(&self) -> Option<&Generator> {
        self.generator.get::<Generator>().filter(|generator| generator.is_suspended())
    }
    fn look_away(&self) {
        if self.watches.replace(false) {
            let this = payload_ptr(self);
            crate::vm::with_current(|vm| vm.watched_frames.borrow_mut().retain(|frame| *frame != this));
        }
    }
    /// Notes where the frame stands, which ends.
    pub fn note_end(&self, vm: &Vm) {
        self.instr_now(vm);
    }
    fn drop_locals(&self) {
        let locals = std::mem::take(&mut *self.locals.borrow_mut());
        uncharge(self, locals.capacity() * 8);
    }
    /// Keeps the locals of the frame, which is dead.
    pub fn bury(&self, vm: &Vm, locals: Vec<Value>) {
        self.record.set(std::ptr::null());
        if self.locals.borrow().is_empty() && vm.heap().charge(locals.capacity() * 8) {
            *self.locals.borrow_mut() = locals;
        }
    }
    /// The function.
    pub fn function(&self) -> &Function {
        self.function.get().expect("a frame object is made of a function")
    }
    fn live<'a>(&self, vm: &'a Vm) -> Option<&'a Frame> {
        if let Some(generator) = self.generator.get::<Generator>() {
            return running(vm, generator);
        }
        live(vm, self.record.get(), &self.function)
    }
    /// The names and values of the frame's variables.
    pub fn variables(&self, vm: &Vm) -> Vec<(Value, Value)> {
        if let Some(dict) = self.namespace.get::<Dict>() {
            return dict.entries().map(|e| (e.key.clone(), e.value.clone())).collect();
        }
        if let Some(generator) = self.suspended() {
            let code = generator.code();
            return named(code, &generator.registers()[..code.locals.len()]);
        }
        match self.live(vm) {
            Some(record) if self.locals.borrow().is_empty() => live_variables(record),
            _ => named(self.function().code(), &self.locals.borrow()),
        }
    }
    /// `f_lineno`
    pub fn line(&self, vm: &Vm) -> u32 {
        self.function().code().code.position(self.instr_now(vm)).line
    }
    fn instr_now(&self, vm: &Vm) -> u32 {
        if let Some(generator) = self.suspended() {
            self.instr.set(generator.code().run().map_or(0, |run| run.instr_at(generator.pc.get())));
        } else if let Some(record) = self.live(vm) {
            self.instr.set(record.run().instr_at(record.pc));
        }
        self.instr.get()
    }
}

impl Vm {
    /// The object of a thread's topmost frame, if it has one.
    pub fn top_frame_object(&self, ident: u64) -> Res<Option<Value>> {
        let mut top: *const Frame = std::ptr::null();
        self.each_thread(&mut |other, thread| {
            if other == ident {
                top = thread.stacks.iter().find(|frame| !frame.is_boundary()).map_or(top, std::ptr::from_ref);
            }
        });
        self.find_frame(|frame| std::ptr::eq(frame, top)).map(|record| of_record(self, record)).transpose()
    }

    /// The object of a frame: 0 is the running one, 1 its caller.
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
    flags: type_flag::NO_NEW,
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
    "Drops the local variables of a frame that has ended, or ends a generator that waits.\nRuntimeError \
     while it runs.",
)];
static GETSET: &[GetSet] = &[
    getter("f_code", |_, f| Ok(this(f).function().code.clone()), ""),
    getter("f_globals", |_, f| Ok(this(f).function().globals.clone()), ""),
    getter("f_builtins", |_, f| Ok(this(f).function().builtins.clone()), ""),
    getter("f_locals", f_locals, ""),
    getter("f_lineno", |vm, f| Ok(Value::small(i64::from(this(f).line(vm)))), ""),
    getter("f_lasti", |vm, f| Ok(Value::small(i64::from(this(f).instr_now(vm)) * 2)), ""),
    getter("f_back", f_back, ""),
    getter("f_generator", f_generator, ""),
    attribute("f_trace", |_, f| Ok(this(f).trace.clone()), set_trace, ""),
    getter("f_trace_lines", |_, _| Ok(Value::TRUE), ""),
    getter("f_trace_opcodes", |_, _| Ok(Value::FALSE), ""),
];

fn repr(vm: &Vm, value: &Value) -> Res {
    let (object, code) = (this(value), this(value).function().code());
    vm.display(format_args!(
        "<frame at {:#x}, file '{}', line {}, code {}>",
        vm.id(value),
        vm.text(&code.filename),
        object.line(vm),
        vm.text(&code.name)
    ))
}

fn f_locals(vm: &Vm, value: &Value) -> Res {
    let object = this(value);
    if !object.namespace.is_unbound() {
        return Ok(object.namespace.clone());
    }
    let dict = vm.new_dict()?;
    for (name, value) in object.variables(vm) {
        dict.set_name(vm, &name, value)?;
    }
    Ok(dict.into_value())
}

fn f_back(vm: &Vm, value: &Value) -> Res {
    let Some(record) = this(value).live(vm) else { return Ok(Value::NONE) };
    match vm.frame_under(record) {
        Some(record) => of_record(vm, record),
        None => Ok(Value::NONE),
    }
}

fn f_generator(vm: &Vm, value: &Value) -> Res {
    if this(value).suspended().is_some() {
        return Ok(this(value).generator.clone());
    }
    let generator = this(value).live(vm).and_then(Frame::generator);
    Ok(generator.map_or(Value::NONE, payload_value))
}

fn set_trace(_: &Vm, value: &Value, trace: Option<&Value>) -> Res<()> {
    this(value).trace.set(trace.cloned().unwrap_or(Value::NONE));
    Ok(())
}

fn clear(vm: &Vm, value: &Value) -> Res {
    if this(value).live(vm).is_some() {
        return Err(vm.runtime_error("cannot clear an executing frame"));
    }
    if this(value).suspended().is_some() {
        crate::types::generator::close(vm, &this(value).generator)?;
    }
    this(value).drop_locals();
    Ok(Value::NONE)
}
