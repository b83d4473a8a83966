//! `sys.getrefcount`, as CPython 3.14 counts.
//!
//! CPython's `LOAD_FAST_BORROW` passes a local to a call without counting a reference; here every argument's register
//! holds one. So for each frame that the object was handed to, this file looks at how the caller loaded that argument:
//! a reference that CPython would only have lent is taken off the count.

use ryokan_bytecode::{Code, Effect, Op};

use crate::census::never_dies;
use crate::modules::builtins::scope;
use crate::raised::Res;
use crate::stack::Frame;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// What CPython answers for an immortal object.
const IMMORTAL: i64 = 3 << 30;

pub(super) fn getrefcount(vm: &Vm, value: &Value) -> Res {
    let word = value.word();
    let Some(header) = value.header() else {
        return vm.int(if word.needs_box() { 1 } else { IMMORTAL });
    };
    if never_dies(value) {
        return vm.int(IMMORTAL);
    }
    vm.int((i64::from(header.refs()) - lent(vm, word)).max(1))
}

/// How many of the references to an object are arguments that CPython would have lent.
fn lent(vm: &Vm, word: Word) -> i64 {
    let mut lent = 0;
    let frames: Vec<&Frame> = vm.thread.stacks.iter().collect();
    if let Some(caller) = scope::calling_frame(vm)
        && std::ptr::eq(caller, frames[0])
        && borrowed(caller, Argument::Last(0), 1)
    {
        lent += 1;
    }
    for pair in frames.windows(2) {
        let (callee, caller) = (pair[0], pair[1]);
        if callee.is_boundary() || caller.is_boundary() || callee.generator().is_some() {
            continue;
        }
        let code = callee.run().object();
        let positional = code.code.arg_count as usize;
        for (at, slot) in callee.locals().iter().take(positional).enumerate() {
            if slot.word() == word && borrowed(caller, Argument::First(at), positional) {
                lent += 1;
            }
        }
    }
    lent
}

/// Which argument of a call.
#[derive(Clone, Copy)]
enum Argument {
    /// Counted from the last one.
    Last(usize),
    /// Counted from the first parameter of the callee, `self` included.
    First(usize),
}

/// Whether the call that a frame stands at loaded an argument from a local, so that CPython would lend it.
fn borrowed(frame: &Frame, argument: Argument, _: usize) -> bool {
    let code = &frame.run().object().code;
    let at = frame.run().instr_at(frame.pc).index();
    let Some(op) = code.instrs.get(at).and_then(|i| i.op()) else { return false };
    let count = code.instrs[at].arg() as usize;
    let names = match op {
        Op::Call => 0,
        Op::CallKw => 1,
        _ => return false,
    };
    let above = match argument {
        Argument::Last(n) => names + n,
        Argument::First(n) => {
            // A method's self stands below the arguments: it is what was loaded before `LOAD_METHOD`.
            if let Some(load) = method_load(code, at, names + count) {
                if n == 0 {
                    return code.instrs[..load].last().and_then(|i| i.op()) == Some(Op::LoadFast);
                }
                names + count - n
            } else if n < count {
                names + count - 1 - n
            } else {
                return false;
            }
        }
    };
    producer(code, at, above) == Some(Op::LoadFast)
}

/// The `LOAD_METHOD` of the call at `at`, if its callable came from one; `args` values stand above the pair.
fn method_load(code: &Code, at: usize, args: usize) -> Option<usize> {
    let found = producer_index(code, at, args)?;
    (code.instrs[found].op() == Some(Op::LoadMethod)).then_some(found)
}

fn producer(code: &Code, at: usize, above: usize) -> Option<Op> {
    code.instrs[producer_index(code, at, above)?].op()
}

/// The instruction that pushed the value that has `above` values above it before instruction `at`; `None` if control
/// may come from elsewhere in between.
fn producer_index(code: &Code, at: usize, mut above: usize) -> Option<usize> {
    for index in (0..at).rev() {
        let instr = code.instrs[index];
        let op = instr.op()?;
        if op.flags().jumps || op.flags().ends {
            return None;
        }
        let Effect { pops, pushes } = op.effect(instr.arg());
        if above < pushes as usize {
            return Some(index);
        }
        above = above - pushes as usize + pops as usize;
    }
    None
}
