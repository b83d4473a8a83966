//! `traceback`: where an exception came through, one entry a frame.
//!
//! The entry of a frame that died by the exception owns the frame's locals, until somebody asks for the frame object: then
//! that owns them. An entry of a frame that handled the exception *watches* it ([`watch`]): if the entry is still there when the
//! frame returns, the locals live on in the frame's object ([`keep_watched`]).
//!
//! Read next: `format.rs` (an exception as text), `lines.rs` (one entry with its source and carets), `anchors.rs` (which part
//! of an expression the carets stress), `names.rs` (what a misspelt name may have meant).

use std::cell::{Cell, RefCell};

use ryokan_alloc::{Header, ObjPtr};
use ryokan_bytecode::{CodeFlags, InstrIndex, Position};

use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::TypeDef;
use crate::object::{Layout, Ref, payload_ptr, payload_value, uncharge};
use crate::raised::Res;
use crate::stack::Frame;
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::types::frame::{self, FrameObj};
use crate::types::function::Function;
use crate::types::str::Str;
use crate::types::str::args::bind;
use crate::value::{Borrowed, Value, Word, drop_from_last};
use crate::vm::Vm;

mod anchors;
mod format;
mod keywords;
mod lines;
mod names;
mod sources;
mod width;

pub use lines::is_prompt;

/// The payload of `traceback`.
#[repr(C)]
pub struct Traceback {
    head: Header,
    /// `tb_next`: the entry of the frame that this one called, or None.
    pub next: Value,
    /// The function whose frame it was.
    pub function: Value,
    /// The namespace of a module's or a class body's frame; otherwise empty.
    pub namespace: Value,
    /// `tb_frame` once it was asked for.
    frame: Value,
    /// The caller's frame object, where that has been shown to a script; otherwise empty.
    back: Value,
    /// The instruction.
    pub instr: Cell<InstrIndex>,
    /// Where the frame raised the exception last: here, or again elsewhere.
    left: Cell<InstrIndex>,
    /// How much `tb_lasti` is more, where a script made the traceback.
    rest: i8,
    /// `tb_lineno`, where a script made the traceback; otherwise 0.
    line: u32,
    /// The frame's record, to be looked at only if [`frame::live`] says so.
    record: Cell<*const Frame>,
    /// Whether it is in `Vm::watching`.
    watches: Cell<bool>,
    /// The locals of the dead frame.
    locals: RefCell<Vec<Value>>,
}

object! {
    Traceback {
        tracked: true,
        values: [next, function, namespace, frame, back],
        traced: [locals],
        plain: [instr, left, rest, line, record, watches],
        clear: |this| {
            this.next.set(Value::NONE);
            this.namespace.set(Value::UNBOUND);
            this.frame.set(Value::UNBOUND);
            this.back.set(Value::UNBOUND);
            drop_from_last(this.take_locals());
        },
        dying: |this| {
            this.look_away();
            drop_from_last(this.take_locals());
        },
    }
}

impl Traceback {
    fn look_away(&self) {
        if self.watches.replace(false) {
            let this = payload_ptr(self);
            crate::vm::with_current(|vm| vm.watching.borrow_mut().retain(|entry| *entry != this));
        }
    }
    /// The function.
    pub fn function(&self) -> &Function {
        self.function.get().expect("an entry is made of a function")
    }
    /// Where in the source.
    pub fn position(&self) -> Position {
        self.function().code().code.position(self.instr.get())
    }
    /// `tb_lineno`
    pub fn line(&self) -> u32 {
        if self.line != 0 { self.line } else { self.position().line }
    }
    /// Gives the locals up, and their room back.
    fn take_locals(&self) -> Vec<Value> {
        let locals = std::mem::take(&mut *self.locals.borrow_mut());
        uncharge(self, locals.capacity() * 8);
        locals
    }
    /// The name of the dead frame's variable that refers to an object.
    pub fn variable_of(&self, object: ObjPtr) -> Option<String> {
        let function = self.function.get::<Function>()?;
        let at = self.locals.borrow().iter().position(|local| local.object() == Some(object))?;
        function.code().locals.get(at)?.get::<Str>().map(Str::to_text)
    }
    /// The names and values of the frame's variables.
    pub fn variables(&self, vm: &Vm) -> Vec<(Value, Value)> {
        if let Some(frame) = self.frame.get::<FrameObj>() {
            return frame.variables(vm);
        }
        if let Some(dict) = self.namespace.get::<Dict>() {
            return dict.entries().map(|e| (e.key.clone(), e.value.clone())).collect();
        }
        if let Some(record) = frame::live(vm, self.record.get(), &self.function)
            && self.locals.borrow().is_empty()
        {
            return frame::variables::live_variables(record);
        }
        frame::variables::named(self.function().code(), &self.locals.borrow())
    }
}

/// An entry for a frame.
fn entry(vm: &Vm, record: &Frame, instr: InstrIndex, next: Value) -> Res<Ref<Traceback>> {
    let function = payload_value(record.function());
    let namespace = record.namespace().cloned().unwrap_or_default();
    vm.new_object(|head| Traceback {
        head,
        next,
        function,
        namespace,
        frame: Value::UNBOUND,
        back: Value::UNBOUND,
        instr: Cell::new(instr),
        left: Cell::new(instr),
        rest: 0,
        line: 0,
        record: Cell::new(record),
        watches: Cell::new(false),
        locals: RefCell::default(),
    })
}

/// Adds an entry for the top frame to the exception on its way. Where there is no memory for one, there is none.
pub fn add_entry(vm: &Vm, _: &Function, instr: InstrIndex) {
    let exception = vm.thread.raised.take();
    if let Some(payload) = exception.get::<Exception>() {
        vm.heap().open_reserve();
        let made = entry(vm, vm.thread.stacks.top(), instr, payload.traceback.clone());
        vm.heap().close_reserve();
        match made {
            Ok(made) => payload.traceback.set(made.into_value()),
            Err(raised) => drop(vm.take_raised(raised)),
        }
    }
    vm.thread.raised.set(exception);
}

/// A traceback of the running frame alone.
pub fn here(vm: &Vm) -> Res {
    match vm.thread.stacks.iter().find(|frame| !frame.is_boundary()) {
        Some(frame) => Ok(entry(vm, frame, frame.run().instr_at(frame.pc), Value::NONE)?.into_value()),
        None => Ok(Value::NONE),
    }
}

/// The top frame handles the exception on its way: the newest entry watches it. Frames without locals of their own are not
/// watched: a module's or class body's, and a generator's, whose locals are the generator's.
pub fn watch(vm: &Vm) {
    let newest =
        || vm.thread.raised.get::<Exception>().and_then(|exception| exception.traceback.get::<Traceback>());
    let Some(this) = newest() else { return };
    let top: *const Frame = vm.thread.stacks.top();
    if vm.thread.stacks.top().generator().is_some() && this.record.get() == top && this.frame.is_unbound() {
        let this = Ref::from_payload(this);
        // Its locals are the generator's, which leaves them to the object.
        let pending = vm.thread.raised.take();
        match frame::of_record(vm, vm.thread.stacks.top()) {
            Ok(object) => this.frame.set(object),
            Err(raised) => drop(vm.take_raised(raised)),
        }
        vm.thread.raised.set(pending);
        return;
    }
    if this.record.get() == top && vm.thread.stacks.watch(top) && !this.watches.replace(true) {
        vm.watching.borrow_mut().push(payload_ptr(this));
    }
}

/// The top frame ends, and is watched: if somebody still has an entry of it, its locals go to its frame object.
pub fn keep_watched(vm: &Vm, instr: InstrIndex) {
    // Where there is no memory for that, the exception on its way must not suffer.
    let pending = vm.thread.raised.take();
    bury_watched(vm, instr);
    vm.thread.raised.set(pending);
}

fn bury_watched(vm: &Vm, instr: InstrIndex) {
    let record: *const Frame = vm.thread.stacks.top();
    let mut entries: Vec<Ref<Traceback>> = Vec::new();
    vm.watching.borrow_mut().retain(|entry| {
        // An entry leaves the list before its block is freed. What is dying already stays dead.
        let entry = Borrowed::new(Word::from_ptr(*entry));
        let alive = entry.get::<Traceback>().filter(|_| entry.word().refs() != 0);
        let Some(this) = alive.filter(|this| this.record.get() == record) else { return true };
        this.watches.set(false);
        entries.push(Ref::from_payload(this));
        false
    });
    let owned = frame::take(vm, vm.thread.stacks.top());
    vm.thread.stacks.unwatch_top();
    let object = match (entries.first(), owned) {
        // Nobody but the frame had it.
        (None, Some(frame)) if frame.word().refs() == 1 => return,
        (_, Some(frame)) => Ok(frame),
        (Some(first), None) if !first.frame.is_unbound() => Ok(first.frame.clone()),
        (Some(first), None) => {
            frame::of_traceback(vm, &first.function, &first.namespace, first.left.get(), &first.back)
                .map(Ref::into_value)
        }
        (None, None) => return,
    };
    let object = match object {
        Ok(object) => object,
        // Without memory for the object the locals go now.
        Err(raised) => return drop(vm.take_raised(raised)),
    };
    let top = vm.thread.stacks.top();
    let locals: Vec<Value> = top.locals().iter().map(Value::take).collect();
    if let Some(frame) = object.get::<FrameObj>() {
        frame.end(vm, instr, locals);
    }
    for entry in &entries {
        entry.record.set(std::ptr::null());
        entry.frame.set(object.clone());
    }
}

/// The newest entry, if it is one of the top frame.
fn newest(vm: &Vm) -> Option<Ref<Traceback>> {
    let exception = vm.thread.raised.clone();
    let newest = exception.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    let this: &Traceback = newest.get()?;
    std::ptr::eq(this.record.get(), vm.thread.stacks.top()).then(|| Ref::from_payload(this))
}

/// The top frame raises the exception on its way again, at an instruction.
pub fn raised_again(vm: &Vm, instr: InstrIndex) {
    if let Some(entry) = newest(vm) {
        entry.left.set(instr);
    }
}

/// Where the top frame dies by the exception on its way: where it came up, or was raised again, though the end of a handler may have
/// passed it on.
pub fn end_of_top(vm: &Vm, instr: InstrIndex) -> InstrIndex {
    newest(vm).map_or(instr, |entry| entry.left.get())
}

/// The top frame dies, and had an object: its entry shows that.
pub fn keep_object(vm: &Vm, object: Value) {
    if let Some(this) = newest(vm).filter(|this| this.frame.is_unbound() && !object.is_unbound()) {
        this.frame.set(object);
    }
}

/// Moves the locals of the top frame, which dies, into its entry.
pub fn keep_locals(vm: &Vm, locals: Vec<Value>) {
    let exception = vm.thread.raised.clone();
    let newest = exception.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    let Some(this) = newest.get::<Traceback>() else { return };
    let record: *const Frame = vm.thread.stacks.top();
    if locals.is_empty() || this.record.get() != record {
        return;
    }
    this.look_away();
    this.record.set(std::ptr::null());
    if let Some(frame) = this.frame.get::<FrameObj>() {
        frame.bury(vm, locals);
    } else if this.locals.borrow().is_empty() && vm.heap().charge(locals.capacity() * 8) {
        *this.locals.borrow_mut() = locals;
    }
}

/// `traceback`
pub static TYPE: TypeDef = TypeDef {
    name: "traceback",
    layout: Layout::Traceback,
    doc: "A call that an exception went through: its frame, the place in it, and the next call inwards.",
    slots: Slots { new: Some(new), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Traceback {
    value.get().expect("a method of traceback is called with a traceback")
}

static METHODS: &[Method] = &[method("__dir__", "($self, /)", Call::One(dir), "")];
static GETSET: &[GetSet] = &[
    attribute("tb_next", tb_next, set_next, ""),
    getter("tb_lineno", |_, tb| Ok(Value::small(i64::from(this(tb).line()))), ""),
    getter("tb_frame", tb_frame, ""),
    getter(
        "tb_lasti",
        |_, tb| {
            Ok(Value::small(
                crate::types::code::tables::offset(this(tb).instr.get()) + i64::from(this(tb).rest),
            ))
        },
        "",
    ),
];

fn dir(vm: &Vm, _: &Value) -> Res {
    let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
    vm.new_list(names.iter().map(|name| vm.intern(name)).collect::<Res<Vec<_>>>()?)
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    let names = ["tb_next", "tb_frame", "tb_lasti", "tb_lineno"];
    let given = bind(vm, "traceback", args, names, 4)?;
    let [next, frame, last, line] = &given;
    let Some(object) = frame.get::<FrameObj>() else {
        return Err(vm.type_error(format_args!(
            "traceback() argument 'tb_frame' must be frame, not {}",
            vm.arg_name(frame)
        )));
    };
    if !next.is_none() && !next.has::<Traceback>() {
        return Err(
            vm.type_error(format_args!("expected traceback object or None, got '{}'", vm.type_name(next)))
        );
    }
    let (last, line) = (vm.index_c_int(last)?, vm.index_c_int(line)?);
    let made = vm.new_object(|head| Traceback {
        head,
        next: next.clone(),
        function: object.function.clone(),
        namespace: Value::UNBOUND,
        frame: frame.clone(),
        back: Value::UNBOUND,
        instr: Cell::new(crate::types::code::tables::instr_at(last)),
        left: Cell::new(crate::types::code::tables::instr_at(last)),
        rest: if last < 0 { -1 } else { (last % 4) as i8 },
        line: line.max(0) as u32,
        record: Cell::new(std::ptr::null()),
        watches: Cell::new(false),
        locals: RefCell::default(),
    })?;
    Ok(made.into_value())
}

/// Who shows the next entry shows whom its frame was called by, too.
fn tb_next(vm: &Vm, tb: &Value) -> Res {
    let next = this(tb).next.clone();
    if let Some(inner) = next.get::<Traceback>()
        && inner.back.is_unbound()
        && inner.frame.is_unbound()
        && !inner.function().code().flags().intersects(CodeFlags::MAKES_GENERATOR)
    {
        let back = tb_frame(vm, tb)?;
        inner.back.set(back);
    }
    Ok(next)
}

fn set_next(vm: &Vm, tb: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("can't delete tb_next attribute")) };
    if !value.is_none() && !value.has::<Traceback>() {
        return Err(vm.type_error(format_args!("expected traceback object, got '{}'", vm.type_name(value))));
    }
    let (mut at, mut passed) = (value.clone(), 0);
    while let Some(entry) = at.get::<Traceback>()
        && !at.is(tb)
    {
        let next = entry.next.clone();
        at = next;
        passed += 1;
    }
    vm.work(passed)?;
    if at.is(tb) {
        return Err(vm.value_error("traceback loop detected"));
    }
    this(tb).next.set(value.clone());
    Ok(())
}

fn tb_frame(vm: &Vm, tb: &Value) -> Res {
    let this = this(tb);
    if this.frame.is_unbound()
        && let Some(frame) = frame::of_live(vm, this.record.get(), &this.function)?
    {
        this.frame.set(frame);
    }
    if this.frame.is_unbound() {
        let made = frame::of_traceback(vm, &this.function, &this.namespace, this.left.get(), &this.back)?;
        let locals = this.take_locals();
        if !locals.is_empty() {
            made.bury(vm, locals);
        }
        this.frame.set(made.into_value());
    }
    Ok(this.frame.clone())
}
