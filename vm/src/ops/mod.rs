//! Handlers of the running form, and the table that dispatch goes through.
//!
//! A handler is `unsafe extern "C" fn(pc, fp, consts, vm)` and ends by calling the next one in tail position, which LLVM turns
//! into a jump. Four state arguments fit in registers; a local whose address escapes would spoil the jump. So handlers hold
//! scalars only, and anything more lives in a *helper*: an ordinary `#[inline(never)]` function that gets an [`At`] and
//! returns one word. Slow paths are cold handlers, entered by a jump too.
//!
//! | macro | the handler |
//! |---|---|
//! | [`helper!`] | calls a helper, goes on after `n` units |
//! | [`switch!`] | calls a helper that may push or pop frames and says where to go on |
//! | `next!` | goes on at a unit |
//!
//! Safety, of every handler: `pc` points to a unit of the top frame's lowered code, `fp` and `consts` are that frame's, `vm` is live.
//!
//! One file a group; a row of the table below names the function. Adding an opcode: a row, a function, an emit in `lower/`.

#![allow(clippy::missing_safety_doc, reason = "one contract for all handlers: the page above")]

pub mod arith;
pub mod attrs;
pub mod build;
pub mod calls;
pub mod compare;
pub mod control;
pub mod count;
pub mod errors;
pub mod generators;
pub mod imports;
pub mod items;
pub mod matching;
pub mod moves;
pub mod names;
pub mod origin;
pub mod run;

use ryokan_bytecode::{BinaryOp, CompareOp};

use crate::raised::Res;
use crate::running::{FAR, RunCode};
use crate::types::code::CodeObj;
use crate::types::function::Function;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// What every handler is.
pub type Handler = unsafe extern "C" fn(*mut u64, *mut Value, *const Value, *const Vm);

/// Operands: two registers.
pub const RR: usize = 0;
/// A register and a constant.
pub const RK: usize = 1;
/// A constant and a register.
pub const KR: usize = 2;

macro_rules! run_ops {
    ($($name:ident = $handler:path,)*) => {
        /// The opcodes that have no operand modes.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u16)]
        #[allow(missing_docs, reason = "each is its handler's name")]
        pub enum RunOp { $($name),* }
        const SIMPLE: &[Handler] = &[$($handler),*];
    };
}

run_ops! {
    Exit = control::exit,
    MoveShare = moves::move_share,
    MoveLast = moves::move_last,
    MoveTemp = moves::move_temp,
    LoadK = moves::load_k,
    LoadFarK = moves::load_far_k,
    Null = moves::null,
    Drop = moves::drop_temp,
    CopyTemp = moves::copy_temp,
    CopyBits = moves::move_last,
    SwapTemps = moves::swap_temps,
    TakeLocal = moves::take_local,
    CheckBound = names::check_bound,
    DeleteFast = names::delete_fast,
    MakeCell = names::make_cell,
    CopyFree = names::copy_free,
    LoadClosure = names::load_closure,
    LoadDeref = names::load_deref,
    LoadDerefPeek = names::load_deref_peek,
    StoreDeref = names::store_deref,
    DeleteDeref = names::delete_deref,
    LoadDictOrDeref = names::load_dict_or_deref,
    LoadLocals = names::load_locals,
    LoadName = names::load_name,
    LoadNamePeek = names::load_name_peek,
    StoreName = names::store_name,
    DeleteName = names::delete_name,
    LoadGlobal = names::load_global,
    LoadGlobalPeek = names::load_global_peek,
    LoadGlobalModule = names::load_global_module,
    LoadGlobalModulePeek = names::load_global_module_peek,
    LoadGlobalBuiltin = names::load_global_builtin,
    StoreGlobal = names::store_global,
    DeleteGlobal = names::delete_global,
    LoadDictOrGlobal = names::load_dict_or_global,
    SetupAnnotations = names::setup_annotations,
    LoadCommon = names::load_common,
    LoadBuildClass = names::load_build_class,
    LoadAttr = attrs::load_attr,
    LoadAttrPeek = attrs::load_attr_peek,
    LoadAttrSlot = attrs::load_attr_slot,
    LoadAttrSlotPeek = attrs::load_attr_slot_peek,
    LoadAttrSlotT = attrs::load_attr_slot_t,
    LoadAttrSlotTPeek = attrs::load_attr_slot_t_peek,
    LoadMethod = attrs::load_method,
    LoadMethodCached = attrs::load_method_cached,
    LoadSuperAttr = attrs::load_super_attr,
    LoadSuperMethod = attrs::load_super_method,
    LoadSpecial = attrs::load_special,
    StoreAttr = attrs::store_attr,
    StoreAttrLast = attrs::store_attr_last,
    StoreAttrSlot = attrs::store_attr_slot,
    StoreAttrSlotLast = attrs::store_attr_slot_last,
    StoreAttrSlotMove = attrs::store_attr_slot_move,
    StoreAttrSlotT = attrs::store_attr_slot_t,
    StoreAttrSlotTLast = attrs::store_attr_slot_t_last,
    StoreAttrSlotTMove = attrs::store_attr_slot_t_move,
    StoreAttrNew = attrs::store_attr_new,
    StoreAttrNewLast = attrs::store_attr_new_last,
    DeleteAttr = attrs::delete_attr,
    DeleteSubscr = items::delete_subscr,
    SubscrCell = items::subscript_cell,
    SubscrCellPeek = items::subscript_cell_peek,
    BinarySlice = items::binary_slice,
    StepSlice = items::step_slice,
    StoreSlice = items::store_slice,
    BuildSlice = build::slice,
    Negative = arith::negative,
    Positive = arith::positive,
    Invert = arith::invert,
    Not = compare::not,
    ToBool = compare::to_bool,
    Is = compare::is,
    IsNot = compare::is_not,
    Contains = compare::contains,
    NotContains = compare::not_contains,
    BuildTuple = build::tuple,
    BuildList = build::list,
    BuildSet = build::set,
    BuildMap = build::map,
    BuildString = build::string,
    BuildInterpolation = build::interpolation,
    BuildTemplate = build::template,
    ListAppend = build::list_append,
    ListExtend = build::list_extend,
    SetAdd = build::set_add,
    SetUpdate = build::set_update,
    MapAdd = build::map_add,
    DictUpdate = build::dict_update,
    DictMerge = build::dict_merge,
    ListToTuple = build::list_to_tuple,
    Unpack = build::unpack,
    UnpackPeek = build::unpack_peek,
    UnpackLocals = build::unpack_locals,
    UnpackLocalsPeek = build::unpack_locals_peek,
    UnpackRun = build::unpack_run,
    UnpackRunPeek = build::unpack_run_peek,
    UnpackEx = build::unpack_ex,
    Convert = build::convert,
    Format = build::format,
    FormatSpec = build::format_spec,
    Jump = control::jump,
    JumpBack = control::jump_back,
    JumpIfNone = control::jump_if_none,
    JumpIfNotNone = control::jump_if_not_none,
    GetIter = control::get_iter,
    ForIter = control::for_iter,
    ForRange = control::for_range,
    ForList = control::for_list,
    ForTuple = control::for_tuple,
    ForGenerator = control::for_generator,
    ForPair = control::for_pair,
    ForEnumerate = control::for_enumerate,
    Return = calls::return_value,
    ReturnK = calls::return_const,
    ReturnFromGenerator = generators::return_value,
    MakeFunction = build::function,
    SetFunctionPart = build::function_part,
    Call = calls::call,
    CallMethod = calls::call_method,
    CallGlobal = calls::call_global,
    CallGlobalCached = calls::call_global_cached,
    CallBuiltin = calls::call_builtin,
    CallKw = calls::call_kw,
    CallEx = calls::call_ex,
    Constructed = calls::constructed,
    Raise = errors::raise,
    PushExcInfo = errors::push_exc_info,
    PopExcept = errors::pop_except,
    Reraise = errors::reraise,
    CheckExcMatch = errors::check_exc_match,
    CheckEgMatch = errors::check_eg_match,
    PrepReraiseStar = errors::prep_reraise_star,
    WithExceptStart = errors::with_except_start,
    ReturnGenerator = generators::return_generator,
    Yield = generators::yield_value,
    YieldOnly = generators::yield_only,
    Send = generators::send,
    EndSend = generators::end_send,
    CleanupThrow = generators::cleanup_throw,
    GetYieldFromIter = generators::get_yield_from_iter,
    GetAwaitable = generators::get_awaitable,
    GetAiter = generators::get_aiter,
    GetAnext = generators::get_anext,
    EndAsyncFor = generators::end_async_for,
    AsyncGenWrap = generators::async_gen_wrap,
    StopIterationError = generators::stop_iteration_error,
    ImportName = imports::import_name,
    ImportFrom = imports::import_from,
    ImportStar = imports::import_star,
    MatchClass = matching::class,
    MatchMapping = matching::mapping,
    MatchSequence = matching::sequence,
    MatchKeys = matching::keys,
    GetLen = matching::len,
    BuildTypeForm = build::type_form,
    PrintExpr = imports::print_expr,
    Count = count::count,
    Tally = count::tally,
    Block = count::block,
    Step = count::step,
    ChangeOver = count::change_over,
}

/// The binary operators, in the order of their handlers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the operator of its name")]
pub enum Arith {
    Add,
    Subtract,
    Multiply,
    FloorDivide,
    Remainder,
    TrueDivide,
    And,
    Or,
    Xor,
    LeftShift,
    RightShift,
    Power,
    MatrixMultiply,
}

impl Arith {
    /// The handler group of a plain operator.
    pub fn of(op: BinaryOp) -> Arith {
        match op {
            BinaryOp::Add => Arith::Add,
            BinaryOp::Subtract => Arith::Subtract,
            BinaryOp::Multiply => Arith::Multiply,
            BinaryOp::FloorDivide => Arith::FloorDivide,
            BinaryOp::Remainder => Arith::Remainder,
            BinaryOp::TrueDivide => Arith::TrueDivide,
            BinaryOp::And => Arith::And,
            BinaryOp::Or => Arith::Or,
            BinaryOp::Xor => Arith::Xor,
            BinaryOp::LeftShift => Arith::LeftShift,
            BinaryOp::RightShift => Arith::RightShift,
            BinaryOp::Power => Arith::Power,
            _ => Arith::MatrixMultiply,
        }
    }
}

const ARITH_BASE: usize = SIMPLE.len();
const COMPARE_BASE: usize = ARITH_BASE + 13 * 6;
const JUMP_BASE: usize = COMPARE_BASE + 6 * 3;
const TRUTH_BASE: usize = JUMP_BASE + 6 * 3 * 4;
const FLOAT_BASE: usize = TRUTH_BASE + 4;
/// From an operator's opcode to that of its form that looks for floats first.
const FLOATS_FIRST: u16 = (FLOAT_BASE - ARITH_BASE) as u16;
const SUBSCRIPT_BASE: usize = FLOAT_BASE + 6 * 6;
const STORE_BASE: usize = SUBSCRIPT_BASE + 3 * 8;
/// How many opcodes there are.
pub const OPCODES: usize = STORE_BASE + 3 * 6;

/// The opcode of a binary operator; `to_local` is 1 if the destination is a local.
pub fn arith_number(op: Arith, mode: usize, to_local: usize) -> u16 {
    (ARITH_BASE + op as usize * 6 + mode * 2 + to_local) as u16
}
/// The opcode of a comparison whose result is a value.
pub fn compare_number(op: CompareOp, mode: usize) -> u16 {
    (COMPARE_BASE + op as usize * 3 + mode) as u16
}
/// The opcode of a comparison that jumps if it is `sense`; `back` where the jump closes a loop.
pub fn compare_jump_number(op: CompareOp, mode: usize, sense: bool, back: bool) -> u16 {
    (JUMP_BASE + (op as usize * 3 + mode) * 4 + usize::from(sense) * 2 + usize::from(back)) as u16
}
/// The opcode of a subscript; see [`items::load_number`].
pub fn subscript_number(number: usize) -> u16 {
    (SUBSCRIPT_BASE + number) as u16
}
/// The opcode of a store to a subscript; see [`items::store_number`].
pub fn store_number(number: usize) -> u16 {
    (STORE_BASE + number) as u16
}
/// The opcode of a jump on the truth of a register.
pub fn truth_jump_number(sense: bool, back: bool) -> u16 {
    (TRUTH_BASE + usize::from(sense) * 2 + usize::from(back)) as u16
}

const fn build_table() -> [Handler; OPCODES] {
    let mut table = [control::exit as Handler; OPCODES];
    let mut at = 0;
    while at < SIMPLE.len() {
        table[at] = SIMPLE[at];
        at += 1;
    }
    let mut group = 0;
    while group < arith::HANDLERS.len() {
        let mut mode = 0;
        while mode < 6 {
            table[ARITH_BASE + group * 6 + mode] = arith::HANDLERS[group][mode];
            if group < 6 {
                table[FLOAT_BASE + group * 6 + mode] = arith::FLOATS[group][mode];
            }
            mode += 1;
        }
        group += 1;
    }
    let mut group = 0;
    while group < 6 {
        let mut mode = 0;
        while mode < 3 {
            table[COMPARE_BASE + group * 3 + mode] = compare::VALUES[group][mode];
            let mut kind = 0;
            while kind < 4 {
                table[JUMP_BASE + (group * 3 + mode) * 4 + kind] = compare::JUMPS[group][mode][kind];
                kind += 1;
            }
            mode += 1;
        }
        group += 1;
    }
    let mut number = 0;
    while number < 24 {
        table[SUBSCRIPT_BASE + number] = items::LOADS[number / 8][number / 4 % 2][number / 2 % 2][number % 2];
        if number < 18 {
            table[STORE_BASE + number] = items::STORES[number / 6][number / 3 % 2][number % 3];
        }
        number += 1;
    }
    let mut kind = 0;
    while kind < 4 {
        table[TRUTH_BASE + kind] = compare::TRUTHS[kind];
        kind += 1;
    }
    table
}

/// Handlers by opcode.
pub static TABLE: [Handler; OPCODES] = build_table();

/// The first operand of the unit at `pc`.
#[inline(always)]
pub unsafe fn a(pc: *mut u64) -> usize {
    // SAFETY: pc points to a unit of lowered code.
    unsafe { usize::from(*pc.cast::<u16>().add(1)) }
}
/// The second.
#[inline(always)]
pub unsafe fn b(pc: *mut u64) -> usize {
    // SAFETY: as above.
    unsafe { usize::from(*pc.cast::<u16>().add(2)) }
}
/// The third.
#[inline(always)]
pub unsafe fn c(pc: *mut u64) -> usize {
    // SAFETY: as above.
    unsafe { usize::from(*pc.cast::<u16>().add(3)) }
}
/// The upper half of a unit: a target relative to the unit.
#[inline(always)]
pub unsafe fn far(pc: *mut u64) -> isize {
    // SAFETY: as above.
    unsafe { *pc.cast::<i32>().add(1) as isize }
}
/// The lower half.
#[inline(always)]
pub unsafe fn near(pc: *mut u64) -> isize {
    // SAFETY: as above.
    unsafe { *pc.cast::<i32>() as isize }
}
/// The word in a register.
#[inline(always)]
pub unsafe fn reg(fp: *mut Value, index: usize) -> Word {
    // SAFETY: operands are registers of the frame.
    unsafe { *fp.cast::<Word>().add(index) }
}
/// Writes a register without looking at what was there.
#[inline(always)]
pub unsafe fn put(fp: *mut Value, index: usize, word: Word) {
    // SAFETY: as above.
    unsafe { *fp.cast::<Word>().add(index) = word }
}
/// A constant's word.
#[inline(always)]
pub unsafe fn konst(consts: *const Value, index: usize) -> Word {
    // SAFETY: operands are constants of the code.
    unsafe { *consts.cast::<Word>().add(index) }
}

/// Goes on at a unit.
macro_rules! next {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr) => {{
        let pc: *mut u64 = $pc;
        // SAFETY: pc points to a unit of lowered code, whose opcode is in the table.
        #[allow(unused_unsafe, reason = "used within unsafe blocks and outside")]
        return unsafe {
            let handler = *$crate::ops::TABLE.as_ptr().add(usize::from(*pc.cast::<u16>()));
            handler(pc, $fp, $consts, $vm)
        };
    }};
}
pub(crate) use next;

/// Goes on at a unit of the top frame, whose registers are read from its record.
macro_rules! resume {
    ($pc:expr, $vm:expr) => {{
        let pc: *mut u64 = $pc;
        // SAFETY: the top frame is whole.
        #[allow(unused_unsafe, reason = "as in next!")]
        unsafe {
            let frame = (*$vm).stacks.frame.get();
            $crate::ops::next!(pc, (*frame).fp, (*frame).consts, $vm)
        }
    }};
}
pub(crate) use resume;

/// Where a helper is called from: the VM, the instruction, the registers.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The VM.
    pub vm: &'a Vm,
    /// The instruction.
    pub pc: *mut u64,
    /// The registers.
    pub fp: *mut Value,
}

impl<'a> At<'a> {
    /// Notes the instruction in the frame's record.
    #[inline(always)]
    pub unsafe fn new(pc: *mut u64, fp: *mut Value, vm: *const Vm) -> At<'a> {
        // SAFETY: handlers are only entered with the live Vm and its top frame.
        unsafe {
            (*(*vm).stacks.frame.get()).pc = pc;
            At { vm: &*vm, pc, fp }
        }
    }
    /// The operand.
    pub fn a(&self) -> usize {
        // SAFETY: pc points to a unit.
        unsafe { a(self.pc) }
    }
    /// The operand.
    pub fn b(&self) -> usize {
        // SAFETY: as above.
        unsafe { b(self.pc) }
    }
    /// The operand.
    pub fn c(&self) -> usize {
        // SAFETY: as above.
        unsafe { c(self.pc) }
    }
    /// A register.
    pub fn reg(&self, index: usize) -> &'a Value {
        // SAFETY: operands are registers of the frame, which stays while the helper runs.
        unsafe { &*self.fp.add(index) }
    }
    /// Consecutive registers.
    pub fn regs(&self, first: usize, count: usize) -> &'a [Value] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts(self.fp.add(first), count) }
    }
    /// The function.
    pub fn function(&self) -> &'a Function {
        // SAFETY: the top frame's function lives while the frame does.
        unsafe { &*self.vm.stacks.top().func }
    }
    /// Its code.
    pub fn code(&self) -> &'a CodeObj {
        self.run().object()
    }
    /// Its running form.
    pub fn run(&self) -> &'a RunCode {
        // SAFETY: the top frame is not a boundary, and its running form stays while it runs.
        unsafe { &*self.vm.stacks.top().run }
    }
    /// A name of the code.
    pub fn name(&self, index: usize) -> &'a Value {
        let index = if index == usize::from(FAR) { self.run().far_name(self.pc) } else { index };
        &self.code().names[index]
    }
    /// Whether a register is a temporary.
    pub fn is_temp(&self, index: usize) -> bool {
        index >= self.run().locals
    }
    /// The value of a register: moved out of a temporary, shared with a local.
    pub fn take(&self, index: usize) -> Value {
        if self.is_temp(index) { self.reg(index).take() } else { self.reg(index).clone() }
    }
    /// Gives up what a temporary still holds; nothing for a local.
    pub fn release(&self, index: usize) {
        if self.is_temp(index) {
            drop(self.reg(index).take());
        }
    }
    /// Puts the result in the destination, register `a`.
    pub fn give(&self, value: Value) -> Res<()> {
        self.reg(self.a()).set(value);
        Ok(())
    }
    /// Goes on at an instruction `distance` units away.
    pub fn at(&self, distance: isize) -> *mut u64 {
        self.pc.wrapping_offset(distance)
    }
}

/// A handler that calls a helper `fn(At) -> Res<()>` and goes on after `$len` units.
macro_rules! helper {
    ($($name:ident, $len:expr, $helper:path;)*) => {$(
        #[doc = concat!("Calls `", stringify!($helper), "`.")]
        #[cold]
        #[inline(never)]
        pub unsafe extern "C" fn $name(
            pc: *mut u64,
            fp: *mut $crate::value::Value,
            consts: *const $crate::value::Value,
            vm: *const $crate::vm::Vm,
        ) {
            #[inline(never)]
            unsafe fn call(pc: *mut u64, fp: *mut $crate::value::Value, vm: *const $crate::vm::Vm) -> bool {
                // SAFETY: by the handler.
                $helper(unsafe { $crate::ops::At::new(pc, fp, vm) }).is_ok()
            }
            // SAFETY: the handler's own arguments.
            if unsafe { call(pc, fp, vm) } {
                $crate::ops::next!(pc.wrapping_add($len), fp, consts, vm)
            }
            // SAFETY: as above.
            return unsafe { $crate::ops::errors::unwind(pc, fp, consts, vm) };
        }
    )*};
}
pub(crate) use helper;

/// A handler that calls a helper `fn(At) -> Res<*mut u64>`, which may change the top frame, and goes on where it says.
macro_rules! switch {
    ($($name:ident, $helper:path;)*) => {$(
        #[doc = concat!("Calls `", stringify!($helper), "`.")]
        #[cold]
        #[inline(never)]
        pub unsafe extern "C" fn $name(
            pc: *mut u64,
            fp: *mut $crate::value::Value,
            consts: *const $crate::value::Value,
            vm: *const $crate::vm::Vm,
        ) {
            #[inline(never)]
            unsafe fn call(pc: *mut u64, fp: *mut $crate::value::Value, vm: *const $crate::vm::Vm) -> *mut u64 {
                // SAFETY: by the handler.
                $helper(unsafe { $crate::ops::At::new(pc, fp, vm) }).unwrap_or(std::ptr::null_mut())
            }
            // SAFETY: the handler's own arguments.
            let to = unsafe { call(pc, fp, vm) };
            if !to.is_null() {
                $crate::ops::resume!(to, vm)
            }
            // SAFETY: as above.
            return unsafe { $crate::ops::errors::unwind(pc, fp, consts, vm) };
        }
    )*};
}
pub(crate) use switch;
