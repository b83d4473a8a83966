//! `code`: a verified `Code` with its constants as objects.
//!
//! `load.rs` makes it of plain data; `tables.rs` has its tables in CPython's formats, `make.rs` the codes that scripts make, `lazy.rs`
//! those of the library.

mod lazy;
mod load;
mod make;
pub mod tables;

pub use lazy::{Origin, Units};
pub use load::looks_like_name;
use load::{as_name, bytes_of, mark_keywords};

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use ryokan_alloc::Header;
use ryokan_bytecode::{Code, CodeFlags, CompareOp, Const, Facts, InstrIndex, LocalKind, Op};

use crate::charge::Charge;
use crate::fuel::Count;
use crate::object::Layout;
use crate::object::native::{Call, GetSet, Method, getter, member, method};
use crate::object::payload::{object, traced};
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::running::{Form, RunCode};
use crate::value::{Value, Word};
use crate::vm::Vm;
use crate::vm::tracing::{Event, Events, TOOLS};

/// What of a code object only a call needs: that of a function of the library is read at its first one.
pub struct Whole {
    /// The stack code.
    pub code: Rc<Code>,
    /// `co_consts`, as objects: numbers are boxed, so that each is one object.
    pub consts: Vec<Value>,
    /// `co_names`, interned.
    pub names: Vec<Value>,
    /// Names of the locals, interned.
    pub locals: Vec<Value>,
}

/// The payload of `code`. What it runs is reached through `Deref`, once it is there: whoever has a code that may not have run yet
/// calls [`CodeObj::ensure_whole`] first.
#[repr(C)]
pub struct CodeObj {
    head: Header,
    /// What is known of it at once.
    pub facts: Facts,
    whole: OnceCell<Box<Whole>>,
    /// Where the rest is, if it is a code of the library.
    origin: Option<Box<Origin>>,
    /// `co_name`
    pub name: Value,
    /// `co_qualname`
    pub qualname: Value,
    /// `co_filename`
    pub filename: Value,
    run: OnceCell<Box<RunCode>>,
    charge: Charge,
    /// What tools of `sys.monitoring` ask for here.
    pub monitors: RefCell<Option<Box<Monitors>>>,
}

/// What tools of `sys.monitoring` ask for in one code.
#[derive(Default)]
pub struct Monitors {
    /// The events, by tool, and of which generation of the tool that is.
    pub events: [(Events, u32); TOOLS],
    /// Tools, instructions and events that are not told of any more.
    pub disabled: BTreeSet<(usize, InstrIndex, Event)>,
    /// As of which restart.
    pub restarts: u32,
}

object! {
    CodeObj as Code {
        tracked: true,
        values: [name, qualname, filename],
        traced: [whole, run],
        opaque: [facts, origin, charge, monitors],
        dying: |this| crate::vm::with_current(|vm| {
            vm.fold_counts(this);
            vm.profile_forget(this);
        }),
    }
}

traced! { nothing: [] RunCode; }
// It keeps what it owns until the code dies: the running form names the constants, and does not count them.
traced! { Whole: [consts, names, locals], |_this| () }

impl std::ops::Deref for CodeObj {
    type Target = Whole;
    fn deref(&self) -> &Whole {
        self.whole.get().expect("a code that runs is whole")
    }
}

impl CodeObj {
    /// It, as a value.
    pub fn as_value(&self) -> Value {
        crate::object::payload_value(self)
    }
    /// Whether all of it was read.
    pub fn is_whole(&self) -> bool {
        self.whole.get().is_some()
    }
    /// The running form, if it was made.
    pub fn run(&self) -> Option<&RunCode> {
        self.run.get().map(|run| &**run)
    }
    /// The running form if it was made.
    pub fn run_ptr(&self) -> *const RunCode {
        self.run.get().map_or(std::ptr::null(), |run| &raw const **run)
    }
    /// The running form, made now if need be.
    pub fn ensure_run(&self, vm: &Vm) -> Res<&RunCode> {
        if self.run.get().is_none() {
            self.ensure_whole(vm)?;
            let blocks = vm.meter.count == Count::Blocks;
            let profiled = vm.profile.charges();
            let form = if vm.meter.is_on() { Form::Costs { blocks, profiled } } else { Form::Plain };
            let made = self.lower(vm, form)?;
            self.charge.add(vm, made.bytes())?;
            let _ = self.run.set(Box::new(made));
        }
        Ok(self.run.get().expect("made above"))
    }
    /// The second running form, in which each instruction is counted by itself.
    pub fn ensure_steps(&self, vm: &Vm) -> Res<&RunCode> {
        let run = self.ensure_run(vm)?;
        if run.steps.get().is_none() {
            let blocks = vm.meter.count == Count::Blocks;
            let made = self.lower(vm, Form::Steps { blocks })?;
            self.charge.add(vm, made.bytes())?;
            let _ = run.steps.set(Box::new(made));
        }
        Ok(run.steps.get().expect("made above"))
    }
    /// The form of a run that is traced.
    pub fn ensure_traced(&self, vm: &Vm) -> Res<&RunCode> {
        let run = self.ensure_run(vm)?;
        if run.traced.get().is_none() {
            let made = self.lower(vm, Form::Traced)?;
            self.charge.add(vm, made.bytes())?;
            let _ = run.traced.set(Box::new(made));
        }
        Ok(run.traced.get().expect("made above"))
    }
    /// What a tool of `sys.monitoring` asks for here.
    pub fn tool_events(&self, vm: &Vm, tool: usize) -> Events {
        let (events, generation) =
            self.monitors.borrow().as_ref().map_or_else(Default::default, |m| m.events[tool]);
        if generation == vm.tracing.tools[tool].generation.get() { events } else { Events::empty() }
    }
    /// `co_flags`
    pub fn flags(&self) -> CodeFlags {
        self.facts.flags
    }
    /// How many free variables.
    pub fn free_count(&self) -> usize {
        self.facts.free_count as usize
    }
    /// The index of the first free variable.
    pub fn first_free(&self) -> usize {
        self.code.locals.iter().position(|l| l.kind == LocalKind::Free).unwrap_or(self.code.locals.len())
    }
}

impl Vm {
    /// Makes the object of a verified code whose constants are objects already. Runs no Python; `MemoryError`.
    pub fn code_object(&self, code: Rc<Code>, consts: Vec<Value>) -> Res {
        let charge = Charge::new(self, bytes_of(&code))?;
        let intern = |text: &ryokan_bytecode::Text| self.intern_value(self.str_from_wtf8(text.as_wtf8())?);
        let name = |text: &ryokan_bytecode::Text| intern(text).map(as_name);
        let names = code.names.iter().map(name).collect::<Res<Vec<_>>>()?;
        let locals = code.locals.iter().map(|l| name(&l.name)).collect::<Res<Vec<_>>>()?;
        mark_keywords(&code, &consts);
        let [name, qualname, filename] =
            [name(&code.name)?, intern(&code.qualname)?, intern(&code.filename)?];
        let facts = code.facts();
        let made = self.new_object(|head| CodeObj {
            head,
            facts,
            whole: OnceCell::from(Box::new(Whole { code, consts, names, locals })),
            origin: None,
            name,
            qualname,
            filename,
            run: OnceCell::new(),
            charge,
            monitors: RefCell::default(),
        })?;
        Ok(made.into_value())
    }
}

/// The immediate form of a boxed number, for arithmetic to peek at.
pub fn immediate(value: &Value) -> Option<Word> {
    let word = value.word();
    if word.is_number() { Some(word) } else { crate::types::int::unbox_number(value) }
}

/// `code`
pub static TYPE: TypeDef = TypeDef {
    name: "code",
    layout: Layout::Code,
    flags: TypeFlags::HAS_WEAKREF,
    doc: "A block of instructions with its constants and names. One that a script makes is verified.",
    slots: Slots {
        new: Some(make::new),
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &CodeObj {
    value.get().expect("a method of code is called with a code object")
}

fn whole<'a>(vm: &Vm, value: &'a Value) -> Res<&'a Whole> {
    this(value).ensure_whole(vm)
}

fn repr(vm: &Vm, value: &Value) -> Res {
    let code = this(value);
    vm.display(format_args!(
        "<code object {} at {:#x}, file \"{}\", line {}>",
        vm.text(&code.name),
        vm.id(value),
        vm.text(&code.filename),
        code.facts.first_line
    ))
}

/// What equal codes have in common, but for constants: file and qualified name are left aside.
fn same_parts(a: &Code, b: &Code) -> bool {
    a.name == b.name
        && (a.arg_count, a.posonly_count, a.kwonly_count) == (b.arg_count, b.posonly_count, b.kwonly_count)
        && (a.flags, a.first_line) == (b.flags, b.first_line)
        && a.instrs == b.instrs
        && a.names == b.names
        && a.locals == b.locals
        && a.positions == b.positions
        && a.handlers == b.handlers
        && a.consts.len() == b.consts.len()
}

fn equal(vm: &Vm, a: &CodeObj, b: &CodeObj) -> Res<bool> {
    vm.check_stack()?;
    let same = std::ptr::eq(a, b);
    let (a, b) = (a.ensure_whole(vm)?, b.ensure_whole(vm)?);
    vm.work(a.code.instrs.len() as u64 / 8)?;
    if same || Rc::ptr_eq(&a.code, &b.code) {
        return Ok(true);
    }
    if !same_parts(&a.code, &b.code) {
        return Ok(false);
    }
    // Neither list of constants ever changes.
    for ((x, y), (first, second)) in
        a.consts.iter().zip(&b.consts).zip(a.code.consts.iter().zip(&b.code.consts))
    {
        let same = match (x.get::<CodeObj>(), y.get::<CodeObj>()) {
            _ if x.is(y) => true,
            (Some(x), Some(y)) => equal(vm, x, y)?,
            (None, None) if first == second && !matches!(first, Const::Ellipsis | Const::Tuple(_)) => true,
            (None, None) => std::ptr::eq(vm.type_of(x), vm.type_of(y)) && vm.equal(x, y)?,
            _ => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    match (op, a.get::<CodeObj>(), b.get::<CodeObj>()) {
        (CompareOp::Eq | CompareOp::Ne, Some(x), Some(y)) => {
            Ok(Value::bool(equal(vm, x, y)? == (op == CompareOp::Eq)))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    let code = &whole(vm, value)?.code;
    vm.work(code.instrs.len() as u64 / 8)?;
    let mut hasher = std::hash::DefaultHasher::new();
    (&code.name, code.arg_count, code.posonly_count, code.kwonly_count, code.first_line).hash(&mut hasher);
    (code.flags, &code.instrs, &code.names, &code.locals, &code.positions).hash(&mut hasher);
    Ok((hasher.finish() as i64).max(i64::MIN + 2) | 2)
}

fn number(value: u32) -> Res {
    Ok(Value::small(i64::from(value)))
}

fn local_names(vm: &Vm, value: &Value, keep: impl Fn(LocalKind) -> bool) -> Res {
    let code = whole(vm, value)?;
    let shown = code.code.locals.iter().zip(&code.locals).filter(|(local, _)| keep(local.kind));
    vm.new_tuple(shown.map(|(_, name)| name.clone()).collect())
}

static GETSET: &[GetSet] = &[
    member("co_name", |_, c| Ok(this(c).name.clone()), ""),
    member("co_qualname", |_, c| Ok(this(c).qualname.clone()), ""),
    member("co_filename", |_, c| Ok(this(c).filename.clone()), ""),
    member("co_firstlineno", |_, c| number(this(c).facts.first_line), ""),
    member("co_argcount", |_, c| number(this(c).facts.arg_count), ""),
    member("co_posonlyargcount", |_, c| number(this(c).facts.posonly_count), ""),
    member("co_kwonlyargcount", |_, c| number(this(c).facts.kwonly_count), ""),
    member("co_flags", |_, c| number(this(c).facts.flags.bits()), ""),
    member("co_stacksize", |vm, c| number(whole(vm, c)?.code.stack_size), ""),
    member("co_consts", |vm, c| vm.new_tuple(whole(vm, c)?.consts.clone()), ""),
    member("co_names", |vm, c| vm.new_tuple(whole(vm, c)?.names.clone()), ""),
    getter(
        "co_varnames",
        |vm, c| local_names(vm, c, |k| matches!(k, LocalKind::Plain | LocalKind::Cell)),
        "",
    ),
    getter(
        "co_cellvars",
        |vm, c| local_names(vm, c, |k| matches!(k, LocalKind::Cell | LocalKind::CellOnly)),
        "",
    ),
    getter("co_freevars", |vm, c| local_names(vm, c, |k| k == LocalKind::Free), ""),
    getter(
        "co_nlocals",
        |vm, c| {
            let plain = whole(vm, c)?
                .code
                .locals
                .iter()
                .filter(|l| matches!(l.kind, LocalKind::Plain | LocalKind::Cell));
            number(plain.count() as u32)
        },
        "",
    ),
    getter("co_code", |vm, c| vm.bytes(&tables::instr_bytes(&whole(vm, c)?.code)), ""),
    getter("_co_code_adaptive", |vm, c| vm.bytes(&tables::instr_bytes(&whole(vm, c)?.code)), ""),
    getter("co_linetable", |vm, c| vm.bytes(&tables::line_table(&whole(vm, c)?.code)), ""),
    getter("co_exceptiontable", |vm, c| vm.bytes(&tables::handler_table(&whole(vm, c)?.code)), ""),
    getter("co_lnotab", line_notes, ""),
];

static METHODS: &[Method] = &[
    method(
        "replace",
        "($self, /, **changes)",
        Call::Full(make::replace),
        "A code with other values of the attributes that are named. ValueError if it would break a rule of the\nverifier.",
    ),
    method("__replace__", "($self, /, **changes)", Call::Full(make::replace), "The same as replace()."),
    method("co_lines", "($self, /)", Call::One(lines), ""),
    method("co_positions", "($self, /)", Call::One(positions), ""),
    method("co_branches", "($self, /)", Call::One(branches), ""),
    method(
        "_varname_from_oparg",
        "($self, /, oparg)",
        Call::Slice(name_of_operand),
        "The name of a local by its number.",
    ),
];

fn line_notes(vm: &Vm, code: &Value) -> Res {
    vm.warn("DeprecationWarning", "co_lnotab is deprecated, use co_lines instead.", 1)?;
    vm.bytes(&tables::line_notes(&whole(vm, code)?.code))
}

/// A number, or None for 0.
fn shown(number: u32) -> Value {
    if number == 0 { Value::NONE } else { Value::small(i64::from(number)) }
}

/// Where an instruction begins, in bytes.
fn offset(instr: InstrIndex) -> Value {
    Value::small(tables::offset(instr))
}

/// Whether it is the code of a module without a statement: all of it stands in front of the first line.
pub fn is_empty(code: &Code) -> bool {
    let ops = [Some(Op::Resume), Some(Op::LoadConst), Some(Op::ReturnValue)];
    code.instrs.iter().map(|instr| instr.op()).eq(ops)
        && code.name.as_str() == Some("<module>")
        && matches!(&code.positions[..], [only] if only.line == 0)
}

/// Whether an instruction is in front of the first line: where a module begins.
pub fn is_before(code: &Code, start: InstrIndex, line: u32) -> bool {
    if is_empty(code) {
        return true;
    }
    let first = code.instrs.first().and_then(|instr| instr.op());
    let alone = code.positions.get(1).is_some_and(|next| next.start == InstrIndex(1));
    start == InstrIndex(0) && line == 0 && first == Some(Op::Resume) && alone
}

fn lines(vm: &Vm, code: &Value) -> Res {
    let code = whole(vm, code)?;
    let spans = tables::line_spans(&code.code);
    vm.work(spans.len() as u64)?;
    let made = spans.iter().map(|&(start, end, line)| {
        let line = if is_before(&code.code, start, line) { Value::small(0) } else { shown(line) };
        vm.new_tuple(vec![offset(start), offset(end), line])
    });
    let list = vm.new_list(made.collect::<Res<Vec<_>>>()?)?;
    vm.iter(&list)
}

fn positions(vm: &Vm, code: &Value) -> Res {
    let code = &whole(vm, code)?.code;
    vm.work(code.instrs.len() as u64)?;
    let mut all = Vec::new();
    for (start, end, p) in tables::spans(code) {
        let parts = match p.line {
            0 if is_before(code, start, 0) && !vm.sys.lines_alone.get() => [0, 1, 0, 0].map(Value::small),
            0 if is_before(code, start, 0) => [Value::small(0), Value::small(0), Value::NONE, Value::NONE],
            0 => [Value::NONE, Value::NONE, Value::NONE, Value::NONE],
            line if vm.sys.lines_alone.get() => {
                let line = Value::small(i64::from(line));
                [line.clone(), line, Value::NONE, Value::NONE]
            }
            line => [line, p.end_line, p.col, p.end_col].map(|part| Value::small(i64::from(part))),
        };
        let tuple = vm.new_tuple(parts.to_vec())?;
        // One for each code unit.
        all.extend((0..(end.0 - start.0) * tables::INSTR_BYTES / 2).map(|_| tuple.clone()));
    }
    let list = vm.new_list(all)?;
    vm.iter(&list)
}

/// Where a code branches: the instruction, where it goes on, and where it jumps to.
fn branches(vm: &Vm, code: &Value) -> Res {
    let code = &whole(vm, code)?.code;
    vm.work(code.instrs.len() as u64)?;
    let mut all = Vec::new();
    for (at, instr) in code.instrs.iter().enumerate() {
        let branches = instr.op().is_some_and(|op| {
            let flags = op.flags();
            flags.jumps && !flags.ends && op != Op::Send
        });
        if branches {
            let places = [InstrIndex::of(at), InstrIndex::of(at + 1), InstrIndex(instr.arg())];
            all.push(vm.new_tuple(places.map(offset).to_vec())?);
        }
    }
    let list = vm.new_list(all)?;
    vm.iter(&list)
}

fn name_of_operand(vm: &Vm, args: &[Value]) -> Res {
    let index = vm.index_c_int(&args[1])?;
    let locals = &whole(vm, &args[0])?.locals;
    match usize::try_from(index).ok().and_then(|index| locals.get(index)) {
        Some(name) => Ok(name.clone()),
        None => Err(vm.index_error("tuple index out of range")),
    }
}

impl Drop for RunCode {
    fn drop(&mut self) {
        let units = std::mem::take(&mut self.units);
        crate::vm::with_current(|vm| vm.bury(units));
    }
}

impl RunCode {
    /// The operand of the stack instruction that a unit was made for, which has no room for it.
    #[cold]
    pub fn far_operand(&self, pc: *const u64) -> usize {
        self.object().code.instrs[self.instr_at(pc).index()].arg() as usize
    }
}
