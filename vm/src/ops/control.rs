//! Jumps and loops.

use super::moves::{jump_overwrite, jump_unless_counted};
use super::{At, a, b, c, far, helper, jump_next, near, put, reg, switch};
use crate::object::kind::Pair;
use crate::object::slots::{Enough, Guarded, Query};
use crate::object::{Layout, ShapeBits};
use crate::raised::{Raised, Res};
use crate::running::families::{LOOKS, TARGET};
use crate::running::ops::RunOp;
use crate::types::dict_views::{DictIter, ITEMS};
use crate::types::iterators::{Enumerate, IndexIter, LIST, SeqIter, TUPLE, Zip, walk};
use crate::types::list::List;
use crate::types::range::RangeIter;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Ends a run: returns to Rust.
pub unsafe extern "C" fn exit(_: *mut u64, _: *mut Value, _: *const Value, _: *const Vm) {}

/// Goes on elsewhere.
pub unsafe extern "C" fn jump(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the target is a unit of the same code.
    unsafe { jump_next!(pc.offset(far(pc)), fp, consts, vm) }
}

/// Closes a loop.
pub unsafe extern "C" fn jump_back(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        if (*vm).breaker.is_raised() {
            return interrupted(pc, fp, consts, vm);
        }
        jump_next!(pc.offset(far(pc)), fp, consts, vm)
    }
}

switch! {
    interrupted, attend;
    trace, super::tracing::step;
}
/// Does what the breaker asks for, and the same instruction once more.
fn attend(at: At<'_>) -> Res<*mut u64> {
    at.vm.service()?;
    if at.vm.tracing.is_on() { super::tracing::go_on_traced(at.vm, at.pc) } else { Ok(at.pc) }
}

switch! { for_iter_slow, advance; }

helper! { get_iter_slow, 1, make_iterator; }

/// `a = iter(b)`
pub unsafe extern "C" fn get_iter(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    /// An iterator over a list or tuple, to which the source is moved or given a reference; `UNBOUND` if it is no such, or there is no room.
    #[inline(never)]
    unsafe fn start(vm: *const Vm, source: *const Value, moves: bool) -> Word {
        // SAFETY: the live Vm, and a register.
        let (vm, source) = unsafe { (&*vm, &*source) };
        let made = if source.exact::<List>().is_some() {
            walk::<LIST>(vm, source.clone())
        } else {
            walk::<TUPLE>(vm, source.clone())
        };
        match made {
            Ok(made) => {
                if moves {
                    // The iterator has it.
                    drop(source.take());
                }
                made.into_word()
            }
            Err(_) => {
                drop(vm.thread.raised.take());
                Word::UNBOUND
            }
        }
    }
    // SAFETY: operands are registers; an object's shape says what its payload is.
    unsafe {
        let source = reg(fp, b(pc));
        if !source.is_ptr()
            || !(source.shape() == Layout::List.shape() || Layout::Tuple.is_exact(source.shape()))
        {
            return get_iter_slow(pc, fp, consts, vm);
        }
        let moves = b(pc) >= (*(*(*vm).thread.stacks.frame.get()).run).locals;
        let made = start(vm, fp.add(b(pc)), moves);
        if made.is_unbound() {
            return get_iter_slow(pc, fp, consts, vm);
        }
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), made)
    }
}

fn make_iterator(at: At<'_>) -> Res<()> {
    let iterator = at.vm.iter(at.reg(at.b()))?;
    at.release(at.b());
    at.give(iterator)
}

/// The item that a list's or tuple's iterator is at.
#[inline(always)]
pub unsafe fn item_of<const KIND: u8>(iterator: Word) -> Option<Word> {
    // SAFETY: the caller has looked at the iterator's shape; a shape says what the source's payload is.
    unsafe {
        let walk = &*(iterator.0 as *const IndexIter<KIND>);
        let (source, at) = (walk.source.word(), walk.index.get());
        if !source.is_ptr() {
            return None;
        }
        if KIND == LIST {
            let list = &*(source.0 as *const List);
            (source.shape() == Layout::List.shape() && at < list.len())
                .then(|| list.slot_unchecked(at).word())
        } else {
            let tuple = &*(source.0 as *const Tuple);
            (Layout::Tuple.is_exact(source.shape()) && at < tuple.items().len())
                .then(|| tuple.items().get_unchecked(at).word())
        }
    }
}

/// Moves a list's or tuple's iterator on.
#[inline(always)]
pub unsafe fn step_over(iterator: Word) {
    // SAFETY: by the caller: all kinds of `IndexIter` are alike.
    unsafe {
        let walk = &*(iterator.0 as *const SeqIter);
        walk.index.set(walk.index.get() + 1);
    }
}

/// `a` = the next item of `b`, or gives up the iterator and leaves the loop.
///
/// The second unit holds two targets: of the body, and of what follows the loop. A loop becomes one of the forms below by what
/// it walks; each of them turns it back here when it meets something else.
pub unsafe extern "C" fn for_iter(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers; an object's shape says what its payload is.
    unsafe {
        let iterator = reg(fp, b(pc));
        if !iterator.is_ptr() {
            return for_iter_slow(pc, fp, consts, vm);
        }
        let form = match iterator.shape() {
            shape if shape.is_of(Layout::Native) => {
                if unpacks_pair(pc) {
                    RunOp::ForNativePair
                } else {
                    RunOp::ForNative
                }
            }
            shape if shape == Layout::RangeIter.shape() => RunOp::ForRange,
            shape if shape == Layout::SeqIter.shape() => RunOp::ForList,
            shape if shape == Layout::TupleIter.shape() => RunOp::ForTuple,
            shape if shape == Layout::Generator.shape() => RunOp::ForGenerator,
            shape if shape == Layout::DictKeyIter.shape() => RunOp::ForKeys,
            shape if shape == Layout::DictValueIter.shape() => RunOp::ForValues,
            shape if shape == Layout::AsciiIter.shape() => RunOp::ForText,
            shape if shape == Layout::Enumerate.shape() && unpacks_pair(pc) => RunOp::ForEnumerate,
            shape
                if unpacks_pair(pc)
                    && (shape == Layout::Zip.shape() || shape == Layout::DictItemIter.shape()) =>
            {
                RunOp::ForPair
            }
            _ => RunOp::ForSlot,
        };
        *pc.cast::<u16>() = form as u16;
        jump_next!(pc, fp, consts, vm)
    }
}

/// Whether an opcode is `FOR_ITER`'s, in any form.
#[inline(always)]
pub fn is_for(op: u16) -> bool {
    (RunOp::ForIter as u16..=RunOp::ForSlot as u16).contains(&op)
}

/// Turns a loop back to the general form, and runs it.
#[cold]
#[inline(never)]
pub unsafe extern "C" fn for_other(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: pc points to a FOR_ITER of some form.
    unsafe {
        *pc.cast::<u16>() = RunOp::ForIter as u16;
        for_iter(pc, fp, consts, vm)
    }
}

/// `FOR_ITER` over whatever has no form of its own. It takes the general form where the loop ends, for the next one may walk
/// something else.
pub unsafe extern "C" fn for_slot(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers.
    unsafe {
        if !reg(fp, b(pc)).is_ptr() {
            return for_other(pc, fp, consts, vm);
        }
        by_slot(pc, fp, consts, vm)
    }
}

/// Any iterator: asks the slot of its type. What the call leaves of the handler's state is in the frame's record.
#[inline(always)]
pub unsafe fn by_slot(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    #[inline(never)]
    unsafe fn step(
        vm: *const Vm,
        iterator: *const Value,
        next: Guarded<Query<Option<Value>>>,
        enough: Enough,
    ) -> Res<Option<Value>> {
        // SAFETY: the live Vm, and the handler's register, which holds the iterator as long as the loop goes on.
        unsafe { next.call_with(enough, &*vm, &*iterator) }
    }
    // SAFETY: operands are registers; the frame is the top one, also after the call.
    unsafe {
        let iterator = fp.add(b(pc));
        let next = (*vm).slots(&*iterator).next();
        let (false, Some(next), Some(enough)) = ((*vm).breaker.is_raised(), next, (*vm).enough_stack())
        else {
            return for_iter_slow(pc, fp, consts, vm);
        };
        (*(*vm).thread.stacks.frame.get()).pc = pc;
        let result = step(vm, iterator, next, enough);
        let (pc, fp, consts) = super::state(vm);
        if let Ok(Some(item)) = result {
            let word = item.into_word();
            jump_overwrite!(pc.offset(near(pc.add(1))), 0, fp, consts, vm, a(pc), word)
        }
        if result.is_err() { loop_raised(pc, fp, consts, vm) } else { leave_loop(pc, fp, consts, vm) }
    }
}

/// Gives up the iterator, which is at its end, and goes on behind the loop.
#[inline(always)]
unsafe fn leave_loop(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above; pc points to a FOR_ITER of some form.
    unsafe {
        if *pc.cast::<u16>() == RunOp::ForSlot as u16 {
            *pc.cast::<u16>() = RunOp::ForIter as u16;
        }
        jump_overwrite!(pc.offset(far(pc.add(1))), 0, fp, consts, vm, b(pc), Word::UNBOUND)
    }
}

switch! { loop_raised, end_or_raise; }
/// An iterator has raised: `StopIteration` is its end.
fn end_or_raise(at: At<'_>) -> Res<*mut u64> {
    at.vm.end_or_error(Raised(()))?;
    drop(at.reg(at.b()).take());
    // SAFETY: the second unit holds the targets.
    Ok(at.at(unsafe { far(at.pc.add(1)) }))
}

/// Whether a word is an instance of a native type.
#[inline(always)]
unsafe fn is_native(word: Word) -> bool {
    word.is_ptr() && word.shape().is_of(Layout::Native)
}

/// `FOR_ITER` over an instance of a native type.
pub unsafe extern "C" fn for_native(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers.
    unsafe {
        if !is_native(reg(fp, b(pc))) {
            return for_other(pc, fp, consts, vm);
        }
        by_slot(pc, fp, consts, vm)
    }
}

/// What a step of an iterator that is asked for pairs came to.
#[derive(Clone, Copy)]
enum Step {
    Given,
    Whole,
    End,
    Raised,
}

/// The same where the body unpacks a pair: one whose type gives pairs unmade is asked for them.
pub unsafe extern "C" fn for_native_pair(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    #[inline(never)]
    unsafe fn step(vm: *const Vm, pc: *mut u64, fp: *mut Value) -> Step {
        // SAFETY: by the handler, which has seen that the body's two units unpack a pair into locals.
        unsafe {
            match (*vm).next_pair(&*fp.add(b(pc))) {
                Ok(Pair::Of(first, second)) => {
                    let targets = pc.offset(near(pc.add(1))).add(1).cast::<u16>();
                    (*fp.add(usize::from(*targets & TARGET))).set(first);
                    (*fp.add(usize::from(*targets.add(1) & TARGET))).set(second);
                    Step::Given
                }
                Ok(Pair::Whole) => Step::Whole,
                Ok(Pair::End) => Step::End,
                Err(_) => Step::Raised,
            }
        }
    }
    // SAFETY: operands are registers; the frame is the top one, also after the call.
    unsafe {
        // That the body unpacks a pair was seen when the loop took this form; only the opcode may have changed.
        let op = *pc.offset(near(pc.add(1))).cast::<u16>();
        if !is_native(reg(fp, b(pc)))
            || !(op == RunOp::UnpackLocals as u16 || op == RunOp::UnpackLocalsPeek as u16)
        {
            return for_other(pc, fp, consts, vm);
        }
        if (*vm).breaker.is_raised() {
            return for_iter_slow(pc, fp, consts, vm);
        }
        (*(*vm).thread.stacks.frame.get()).pc = pc;
        let came_to = step(vm, pc, fp);
        let (pc, fp, consts) = super::state(vm);
        match came_to {
            Step::Given => jump_next!(pc.offset(near(pc.add(1))).add(2), fp, consts, vm),
            Step::Whole => by_slot(pc, fp, consts, vm),
            Step::End => leave_loop(pc, fp, consts, vm),
            Step::Raised => loop_raised(pc, fp, consts, vm),
        }
    }
}

macro_rules! for_items {
    ($name:ident, $kind:expr, $layout:ident, $what:literal) => {
        #[doc = concat!("`FOR_ITER` over ", $what, ".")]
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers; an object's shape says what its payload is.
            unsafe {
                let iterator = reg(fp, b(pc));
                if !iterator.is_ptr() || iterator.shape() != Layout::$layout.shape() {
                    return for_other(pc, fp, consts, vm);
                }
                if !(*vm).breaker.is_raised()
                    && let Some(word) = item_of::<{ $kind }>(iterator)
                {
                    jump_unless_counted!(word, c(pc) == 0, for_iter_slow(pc, fp, consts, vm));
                    step_over(iterator);
                    jump_overwrite!(pc.offset(near(pc.add(1))), 0, fp, consts, vm, a(pc), word)
                }
                let source = (*(iterator.0 as *const SeqIter)).source.word();
                let exact = source.is_ptr()
                    && (source.shape() == Layout::List.shape() || Layout::Tuple.is_exact(source.shape()));
                if (*vm).breaker.is_raised() || !exact {
                    return for_iter_slow(pc, fp, consts, vm);
                }
                if iterator.refs() == 1 {
                    return end_loop(pc, fp, consts, vm);
                }
                // Somebody else has the iterator too, which lets its source go.
                let source = (*(iterator.0 as *const SeqIter)).source.take().into_word();
                let _ = iterator.ptr().as_ref().decref();
                put(fp, b(pc), Word::UNBOUND);
                if source.ptr().as_ref().decref() {
                    super::run::set_dead(vm, source);
                    return super::run::release_dead(pc.offset(far(pc.add(1))), fp, consts, vm);
                }
                jump_next!(pc.offset(far(pc.add(1))), fp, consts, vm)
            }
        }
    };
}

/// Gives up the iterator of a loop, which is at its end and has no other reference, and goes on behind the loop.
#[inline(always)]
pub(super) unsafe fn end_loop(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the second unit holds the targets; the iterator is an object in a register.
    unsafe {
        let iterator = reg(fp, b(pc));
        let _ = iterator.ptr().as_ref().decref();
        put(fp, b(pc), Word::UNBOUND);
        super::run::set_dead(vm, iterator);
        super::run::release_dead(pc.offset(far(pc.add(1))), fp, consts, vm)
    }
}
for_items!(for_list, LIST, SeqIter, "a list");
for_items!(for_tuple, TUPLE, TupleIter, "a tuple");

/// `FOR_ITER` over a generator.
pub unsafe extern "C" fn for_generator(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let iterator = reg(fp, b(pc));
        if !iterator.is_ptr() || iterator.shape() != Layout::Generator.shape() {
            return for_other(pc, fp, consts, vm);
        }
        if (*vm).breaker.is_raised() {
            return for_iter_slow(pc, fp, consts, vm);
        }
        super::generators::for_iter(pc, fp, consts, vm)
    }
}

/// The item that the next step of a list's, tuple's or range's iterator gives, and whether nobody else has it.
#[inline(always)]
unsafe fn coming(iterator: Word) -> Option<(Word, bool)> {
    if !iterator.is_ptr() {
        return None;
    }
    // SAFETY: a shape says what the payload is.
    unsafe {
        match iterator.shape() {
            shape if shape == Layout::SeqIter.shape() => item_of::<LIST>(iterator).map(|item| (item, false)),
            shape if shape == Layout::TupleIter.shape() => {
                item_of::<TUPLE>(iterator).map(|item| (item, false))
            }
            shape if shape == Layout::RangeIter.shape() => {
                let range = &*(iterator.0 as *const RangeIter);
                (range.left.get() > 0).then(|| (Word::from_int(range.next.get()), true))
            }
            _ => None,
        }
    }
}

/// Moves an iterator on that `coming` has looked at.
#[inline(always)]
unsafe fn pass(iterator: Word) {
    // SAFETY: by the caller.
    unsafe {
        if iterator.shape() == Layout::RangeIter.shape() {
            let range = &*(iterator.0 as *const RangeIter);
            range.left.set(range.left.get() - 1);
            range.next.set(range.next.get().wrapping_add(range.step));
        } else {
            step_over(iterator);
        }
    }
}

/// Puts a pair in the two locals that the unit of an unpacking at `body` names, and goes on behind it. Where a number would
/// need an identity or an old value would die, it goes to `for_iter_slow` before anything has happened.
macro_rules! give_pair {
    ($pc:expr, $fp:expr, $consts:expr, $vm:expr, $x:expr, $y:expr, $then:block) => {{
        let body: *mut u64 = $pc.offset(near($pc.add(1)));
        let share = *body.cast::<u16>() == RunOp::UnpackLocals as u16;
        let targets = body.add(1).cast::<u16>();
        let (first, second) = (usize::from(*targets & TARGET), usize::from(*targets.add(1) & TARGET));
        let looks = |at: usize| *targets.add(at) & LOOKS != 0;
        let ((x, x_is_new), (y, y_is_new)): ((Word, bool), (Word, bool)) = ($x, $y);
        let (old, other) = (reg($fp, first), reg($fp, second));
        let last = 1 + u32::from(old == other);
        let dies = |word: Word| word.is_ptr() && word.ptr().as_ref().refs() == last;
        let boxes =
            share && ((!x_is_new && !looks(0) && x.needs_box()) || (!y_is_new && !looks(1) && y.needs_box()));
        if boxes || dies(old) || dies(other) {
            return for_iter_slow($pc, $fp, $consts, $vm);
        }
        x.incref();
        y.incref();
        $then;
        put($fp, first, x);
        put($fp, second, y);
        if old.is_ptr() {
            let _ = old.ptr().as_ref().decref();
        }
        if other.is_ptr() {
            let _ = other.ptr().as_ref().decref();
        }
        jump_next!(body.add(2), $fp, $consts, $vm)
    }};
}

/// A `FOR_ITER` whose body begins by unpacking a pair into two locals, over an iterator that makes pairs: the pair is never
/// made.
pub unsafe extern "C" fn for_pair(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers; an object's shape says what its payload is.
    unsafe {
        let iterator = reg(fp, b(pc));
        if !iterator.is_ptr() || !unpacks_pair(pc) {
            return for_other(pc, fp, consts, vm);
        }
        if (*vm).breaker.is_raised() {
            return for_iter_slow(pc, fp, consts, vm);
        }
        let shape = iterator.shape();
        if shape == Layout::Enumerate.shape() {
            let walk = &*(iterator.0 as *const Enumerate);
            let inner = walk.iterator.word();
            let count = walk.count.get();
            if let Some(item) = coming(inner)
                && walk.big.is_unbound()
                && count < Word::INT_MAX
            {
                give_pair!(pc, fp, consts, vm, (Word::from_int(count), true), item, {
                    pass(inner);
                    walk.count.set(count + 1);
                })
            }
        } else if shape == Layout::Zip.shape() {
            let zip = &*(iterator.0 as *const Zip);
            if let Some([one, two]) = zip.pair()
                && let Some(x) = coming(one.word())
                && let Some(y) = coming(two.word())
                && one.word() != two.word()
            {
                give_pair!(pc, fp, consts, vm, x, y, {
                    pass(one.word());
                    pass(two.word());
                })
            }
        } else if shape == Layout::DictItemIter.shape() {
            let walk = &*(iterator.0 as *const DictIter<ITEMS>);
            if let Some((at, entry)) = walk.coming() {
                let (key, value) = (entry.key.word(), entry.value.word());
                give_pair!(pc, fp, consts, vm, (key, false), (value, false), {
                    walk.pass(at);
                })
            }
        } else {
            return for_other(pc, fp, consts, vm);
        }
        for_iter_slow(pc, fp, consts, vm)
    }
}

/// The commonest of these: `for i, x in enumerate(list)`. Whatever else there is to think of, `for_pair` does.
pub unsafe extern "C" fn for_enumerate(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above; that the body unpacks a pair was seen when the loop took this form, and only the opcode may have changed.
    unsafe {
        let iterator = reg(fp, b(pc));
        let body = pc.offset(near(pc.add(1)));
        let op = *body.cast::<u16>();
        let shares = op == RunOp::UnpackLocals as u16;
        if !iterator.is_ptr()
            || iterator.shape() != Layout::Enumerate.shape()
            || !(shares || op == RunOp::UnpackLocalsPeek as u16)
        {
            return for_other(pc, fp, consts, vm);
        }
        let walk = &*(iterator.0 as *const Enumerate);
        let (inner, count) = (walk.iterator.word(), walk.count.get());
        if (*vm).breaker.is_raised()
            || !inner.is_ptr()
            || inner.shape() != Layout::SeqIter.shape()
            || !walk.big.is_unbound()
            || count >= Word::INT_MAX
        {
            return for_pair(pc, fp, consts, vm);
        }
        let Some(item) = item_of::<LIST>(inner) else { return for_iter_slow(pc, fp, consts, vm) };
        let targets = body.add(1).cast::<u16>();
        let number = fp.cast::<Word>().add(usize::from(*targets & TARGET));
        let target = *targets.add(1);
        let place = fp.cast::<Word>().add(usize::from(target & TARGET));
        let old = *place;
        if (*number).is_ptr() || (old.is_ptr() && old.refs() == 1) {
            return for_pair(pc, fp, consts, vm);
        }
        jump_unless_counted!(item, shares && target & LOOKS == 0, for_iter_slow(pc, fp, consts, vm));
        step_over(inner);
        walk.count.set(count + 1);
        *number = Word::from_int(count);
        *place = item;
        if old.is_ptr() {
            let _ = old.ptr().as_ref().decref();
        }
        jump_next!(body.add(2), fp, consts, vm)
    }
}

/// Whether the body of the loop at `pc` begins by unpacking a pair from the loop's own item into two locals.
#[inline(always)]
unsafe fn unpacks_pair(pc: *mut u64) -> bool {
    // SAFETY: the second unit holds the targets; a body has a unit.
    unsafe {
        let body = pc.offset(near(pc.add(1)));
        let op = *body.cast::<u16>();
        (op == RunOp::UnpackLocals as u16 || op == RunOp::UnpackLocalsPeek as u16)
            && c(body) == 2
            && b(body) == a(pc)
            && a(body) == a(pc)
    }
}

fn advance(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    if vm.breaker.is_raised() {
        super::tracing::service_and_go_on(vm)?;
    }
    let iterator = at.reg(at.b());
    if let Some(generator) = iterator.exact::<crate::types::generator::Generator>()
        && let Some(entry) = super::generators::resume_for(vm, generator, Value::NONE)?
    {
        return Ok(entry);
    }
    // SAFETY: the second unit holds the targets: of the body, and behind the loop.
    let targets = || unsafe { (near(at.pc.add(1)), far(at.pc.add(1))) };
    match super::tracing::next_of_loop(vm, iterator)? {
        Some(item) => {
            at.give(item)?;
            Ok(at.at(targets().0))
        }
        None => {
            drop(at.reg(at.b()).take());
            Ok(at.at(targets().1))
        }
    }
}
