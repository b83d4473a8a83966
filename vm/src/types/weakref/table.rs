//! Who refers weakly to what: by object, its weak references.
//!
//! An object with weak references has the flag `WEAKREFS` in its header, so that its death takes the long way and comes by here. The
//! table owns neither side: a reference leaves it when it dies, and all of an object's do when that dies. What the table takes is
//! charged by the reference.
//!
//! The order is CPython's: the one that `ref(x)` gives again and again, the one of `proxy(x)`, then the others, the newest first.

use std::cell::RefCell;
use std::collections::HashMap;

use ryokan_alloc::{HeaderFlags, ObjPtr};

use super::WeakRef;
use crate::raised::Res;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// What one weak reference is charged beside its object, in bytes.
const ENTRY_BYTES: usize = 96;

/// Where a reference stands in its object's list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nowhere: its object is dead.
    Out,
    /// It is the one that `ref` shares.
    Plain,
    /// It is the one that `proxy` shares.
    Proxy,
    /// Among the others, by age.
    Other(usize),
}

/// The weak references of one object.
#[derive(Default)]
struct Refs {
    plain: Option<ObjPtr>,
    proxy: Option<ObjPtr>,
    /// The oldest first; gaps where one has died.
    others: Vec<Option<ObjPtr>>,
    gaps: usize,
}

/// The weak references of all objects that have some.
#[derive(Default)]
pub struct WeakTable {
    known: RefCell<HashMap<u64, Refs>>,
}

/// A weak reference that lives: one whose count is zero waits for its own death.
fn living(ptr: ObjPtr) -> Option<Value> {
    let lent = Borrowed::new(Word::from_ptr(ptr));
    let lives = lent.header().is_some_and(|header| header.refs() > 0);
    lives.then(|| Value::clone(&lent))
}

impl Refs {
    fn is_empty(&self) -> bool {
        self.plain.is_none() && self.proxy.is_none() && self.others.len() == self.gaps
    }

    /// Those that live, in order.
    fn all(&self) -> impl Iterator<Item = Value> {
        let others = self.others.iter().rev().copied();
        [self.plain, self.proxy].into_iter().chain(others).flatten().filter_map(living)
    }

    /// Closes the gaps, once they are most of the list.
    fn close_gaps(&mut self) {
        if self.gaps < 8 || self.gaps * 2 < self.others.len() {
            return;
        }
        self.others.retain(Option::is_some);
        self.gaps = 0;
        for (at, ptr) in self.others.iter().flatten().enumerate() {
            let lent = Borrowed::new(Word::from_ptr(*ptr));
            if let Some(reference) = lent.get::<WeakRef>() {
                reference.standing.set(Standing::Other(at));
            }
        }
    }
}

impl WeakTable {
    /// The reference that is given again to whoever asks without a callback.
    pub fn shared(&self, referent: &Value, proxy: bool) -> Option<Value> {
        let known = self.known.borrow();
        let refs = known.get(&referent.word().0)?;
        living(if proxy { refs.proxy? } else { refs.plain? })
    }

    /// The weak references of an object.
    pub fn all(&self, referent: &Value) -> Vec<Value> {
        self.known.borrow().get(&referent.word().0).map_or(Vec::new(), |refs| refs.all().collect())
    }

    /// The first of them.
    pub fn first(&self, referent: &Value) -> Option<Value> {
        self.known.borrow().get(&referent.word().0)?.all().next()
    }

    /// How many there are.
    pub fn count(&self, referent: &Value) -> usize {
        self.known.borrow().get(&referent.word().0).map_or(0, |refs| refs.all().count())
    }

    /// Takes a new reference in. `shares` is the standing of one that is to be shared.
    pub fn add(&self, vm: &Vm, reference: &Value, referent: &Value, shares: Option<Standing>) -> Res<()> {
        let (Some(this), Some(ptr), Some(header)) =
            (reference.get::<WeakRef>(), reference.object(), referent.header())
        else {
            return Err(vm.system_error("a weak reference to no object"));
        };
        if !vm.heap().charge(ENTRY_BYTES) {
            return Err(vm.no_memory());
        }
        let mut known = self.known.borrow_mut();
        let refused = known.try_reserve(1).is_err() || {
            let refs = known.entry(referent.word().0).or_default();
            refs.others.try_reserve(1).is_err()
        };
        let Some(refs) = known.get_mut(&referent.word().0).filter(|_| !refused) else {
            drop(known);
            vm.heap().uncharge(ENTRY_BYTES);
            return Err(vm.no_memory());
        };
        let standing = match shares {
            Some(Standing::Plain) if refs.plain.is_none() => {
                refs.plain = Some(ptr);
                Standing::Plain
            }
            Some(Standing::Proxy) if refs.proxy.is_none() => {
                refs.proxy = Some(ptr);
                Standing::Proxy
            }
            _ => {
                refs.others.push(Some(ptr));
                Standing::Other(refs.others.len() - 1)
            }
        };
        this.standing.set(standing);
        this.referent.set(referent.word());
        header.set_flag(HeaderFlags::WEAKREFS);
        Ok(())
    }

    /// Takes a reference out that dies.
    fn remove(&self, vm: &Vm, this: &WeakRef) {
        let standing = this.standing.replace(Standing::Out);
        let referent = this.referent.replace(Word::UNBOUND);
        if standing == Standing::Out {
            return;
        }
        vm.heap().uncharge(ENTRY_BYTES);
        let mut known = self.known.borrow_mut();
        let Some(refs) = known.get_mut(&referent.0) else { return };
        match standing {
            Standing::Plain => refs.plain = None,
            Standing::Proxy => refs.proxy = None,
            Standing::Other(at) => {
                if refs.others.get_mut(at).and_then(Option::take).is_some() {
                    refs.gaps += 1;
                }
                refs.close_gaps();
            }
            Standing::Out => {}
        }
        if refs.is_empty() {
            known.remove(&referent.0);
            if let Some(header) = Borrowed::new(referent).header() {
                header.clear_flag(HeaderFlags::WEAKREFS);
            }
        }
    }

    /// Takes all references to an object out, which is dead for them from now on. Gives those whose callbacks are to be called, in
    /// order; they still have them.
    fn forget(&self, vm: &Vm, ptr: ObjPtr) -> Vec<Value> {
        let word = Word::from_ptr(ptr);
        let Some(refs) = self.known.borrow_mut().remove(&word.0) else { return Vec::new() };
        if let Some(header) = Borrowed::new(word).header() {
            header.clear_flag(HeaderFlags::WEAKREFS);
        }
        let mut calls = Vec::new();
        let others = refs.others.iter().rev().copied();
        for ptr in [refs.plain, refs.proxy].into_iter().chain(others).flatten() {
            vm.heap().uncharge(ENTRY_BYTES);
            let lent = Borrowed::new(Word::from_ptr(ptr));
            let Some(reference) = lent.get::<WeakRef>() else { continue };
            reference.standing.set(Standing::Out);
            reference.referent.set(Word::UNBOUND);
            let calls_back = !reference.callback.is_unbound() && !reference.is_garbage.get();
            if calls_back
                && lent.header().is_some_and(|header| header.refs() > 0)
                && calls.try_reserve(1).is_ok()
            {
                calls.push(Value::clone(&lent));
            }
        }
        calls
    }
}

/// A weak reference dies.
pub fn dying(this: &WeakRef) {
    crate::vm::with_current(|vm| vm.weak.remove(vm, this));
}

/// Calls the callbacks of references whose object has died. Runs Python; what it raises is reported.
fn call_back(vm: &Vm, calls: Vec<Value>) {
    if calls.is_empty() {
        return;
    }
    let pending = vm.thread.raised.take();
    for reference in calls {
        let callback = reference.get::<WeakRef>().map_or(Value::NONE, |this| this.callback.take());
        if let Err(raised) = vm.call(&callback, &[reference]) {
            let exception = vm.take_raised(raised);
            let what = "while calling weakref callback";
            crate::types::exceptions::unraisable_message(vm, &exception, what, &callback);
        }
    }
    vm.thread.raised.set(pending);
}

/// An object that has weak references dies: they know it from now on, and their callbacks are called.
#[cold]
pub fn bury(vm: &Vm, ptr: ObjPtr) {
    call_back(vm, vm.weak.forget(vm, ptr));
}

/// The same for what a collection has found, after its finalizers have run; nobody is called any more.
#[cold]
pub fn bury_in_silence(vm: &Vm, garbage: &[ObjPtr]) {
    for ptr in garbage {
        let lent = Borrowed::new(Word::from_ptr(*ptr));
        if lent.header().is_some_and(|header| header.has(HeaderFlags::WEAKREFS)) {
            drop(vm.weak.forget(vm, *ptr));
        }
    }
}

/// The same for what a collection has found, all at once and before anything of it is finalized. References that are garbage
/// themselves do not call back.
#[cold]
pub fn bury_garbage(vm: &Vm, garbage: &[ObjPtr]) {
    let marked = |mark: bool| {
        for ptr in garbage {
            let lent = Borrowed::new(Word::from_ptr(*ptr));
            if let Some(reference) = lent.get::<WeakRef>() {
                reference.is_garbage.set(mark);
            }
        }
    };
    let flagged = |ptr: &&ObjPtr| {
        let lent = Borrowed::new(Word::from_ptr(**ptr));
        lent.header().is_some_and(|header| header.has(HeaderFlags::WEAKREFS))
    };
    if !garbage.iter().any(|ptr| flagged(&ptr)) {
        return;
    }
    marked(true);
    let mut calls = Vec::new();
    for ptr in garbage.iter().filter(flagged) {
        let mut more = vm.weak.forget(vm, *ptr);
        if calls.try_reserve(more.len()).is_ok() {
            calls.append(&mut more);
        }
    }
    marked(false);
    call_back(vm, calls);
}
