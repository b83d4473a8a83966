//! What two sets make: union, intersection, differences, and how they compare.
//!
//! Each visits the elements in the order in which CPython does, which is the order that a script sees in the result.

use ryokan_bytecode::CompareOp;

use super::{FrozenSet, Set, any_set, lookup_hash};
use crate::object::Ref;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::plain::items_at_hand;
use crate::value::Value;
use crate::vm::Vm;

/// A new set or frozenset, as `like` is one or the other, even if it is of a subclass.
pub(super) fn empty_like(vm: &Vm, like: &Value) -> Res {
    if like.has::<FrozenSet>() {
        Ok(vm.new_object(|head| FrozenSet { set: Set::new(head) })?.into_value())
    } else {
        vm.new_set().map(Ref::into_value)
    }
}

/// The set in a value that is known to be one.
pub(super) fn set(value: &Value) -> &Set {
    any_set(value).expect("a method of a set is called with a set")
}

/// A copy of a plain type.
pub(super) fn copy(vm: &Vm, this: &Value) -> Res {
    let made = empty_like(vm, this)?;
    set(&made).merge(vm, set(this))?;
    Ok(made)
}

/// A new set, of a plain type, of what an iterable gives.
fn made_of(vm: &Vm, like: &Value, iterable: &Value) -> Res {
    let made = empty_like(vm, like)?;
    set(&made).update(vm, iterable)?;
    Ok(made)
}

/// `this | others[0] | ..`, of any iterables.
pub fn union(vm: &Vm, this: &Value, others: &[Value]) -> Res {
    let made = copy(vm, this)?;
    for other in others {
        if other.word() != this.word() {
            set(&made).update(vm, other)?;
        }
    }
    Ok(made)
}

/// What is in both; the elements come from the smaller set, or from the iterable.
pub fn intersection(vm: &Vm, this: &Value, other: &Value) -> Res {
    if this.word() == other.word() {
        return copy(vm, this);
    }
    let made = empty_like(vm, this)?;
    let result = set(&made);
    if let Some(given) = any_set(other) {
        let own = set(this);
        let (small, large) = if given.len() > own.len() { (own, given) } else { (given, own) };
        let mut from = result.add_wanted(vm, small, |key, hash| large.has_plainly(key, hash))?;
        while let Some((key, hash, next)) = small.next_from(from) {
            from = next;
            if large.has(vm, &key, hash)? {
                // Stored now, so a number gets its identity where it came from.
                let shared = small.share_from(next - 1).filter(|(_, h, n)| *h == hash && *n == next);
                result.add_hashed(vm, shared.map_or(key, |(key, ..)| key), hash)?;
            }
        }
        return Ok(made);
    }
    let iterator = vm.iter(other)?;
    while let Some(item) = vm.next(&iterator)? {
        let hash = vm.element_hash(&item)?;
        if set(this).has(vm, &item, hash)? {
            result.add_hashed(vm, item, hash)?;
        }
    }
    Ok(made)
}

/// Removes what an iterable gives.
pub(super) fn difference_update(vm: &Vm, this: &Set, other: &Value) -> Res<()> {
    if let Some(given) = any_set(other) {
        if std::ptr::eq(this, given) {
            this.clear_all();
            return Ok(());
        }
        // A much larger set is cut down first.
        if given.len() >> 3 > this.len() {
            let mut from = 0;
            let mut common = Vec::new();
            while let Some((key, hash, next)) = this.next_from(from) {
                from = next;
                if given.has(vm, &key, hash)? {
                    if common.try_reserve(1).is_err() {
                        return Err(vm.no_memory());
                    }
                    common.push((key, hash));
                }
            }
            for (key, hash) in common {
                this.remove_hashed(vm, &key, hash)?;
            }
        } else {
            let mut from = 0;
            while let Some((key, hash, next)) = given.next_from(from) {
                from = next;
                this.remove_hashed(vm, &key, hash)?;
            }
        }
    } else {
        let iterator = vm.iter(other)?;
        while let Some(item) = vm.next(&iterator)? {
            let hash = vm.element_hash(&item)?;
            this.remove_hashed(vm, &item, hash)?;
        }
    }
    // Too many gaps are swept out.
    if (this.fill.get() - this.used.get()) as usize > this.mask() / 4 {
        this.resize(vm, this.grown())?;
    }
    Ok(())
}

/// `this - other`, of any iterable.
pub(super) fn difference(vm: &Vm, this: &Value, other: &Value) -> Res {
    let own = set(this);
    let given = any_set(other);
    let dict = other.exact::<Dict>();
    let size = given.map(Set::len).or(dict.map(Dict::len));
    if size.is_none_or(|size| own.len() >> 2 > size) {
        let made = copy(vm, this)?;
        difference_update(vm, set(&made), other)?;
        return Ok(made);
    }
    let made = empty_like(vm, this)?;
    let mut from = match given {
        Some(given) => set(&made).add_wanted(vm, own, |key, hash| Some(!given.has_plainly(key, hash)?))?,
        None => 0,
    };
    while let Some((key, hash, next)) = own.share_from(from) {
        from = next;
        let there = match (given, dict) {
            (Some(given), _) => given.has(vm, &key, hash)?,
            (_, Some(dict)) => dict.find(vm, &key, hash)?.is_some(),
            _ => false,
        };
        if !there {
            set(&made).add_hashed(vm, key, hash)?;
        }
    }
    Ok(made)
}

/// Removes what both have and adds what only the other has.
pub(super) fn symmetric_difference_update(vm: &Vm, this: &Value, other: &Value) -> Res<()> {
    if this.word() == other.word() {
        set(this).clear_all();
        return Ok(());
    }
    let own = set(this);
    if let Some(dict) = other.exact::<Dict>() {
        let mut from = 0;
        while let Some((at, entry)) = dict.next_entry(from) {
            from = at + 1;
            toggle(vm, own, entry.key.clone(), entry.hash)?;
        }
        return Ok(());
    }
    let given = match any_set(other) {
        Some(_) => other.clone(),
        None => made_of(vm, this, other)?,
    };
    let mut from = 0;
    while let Some((key, hash, next)) = set(&given).share_from(from) {
        from = next;
        toggle(vm, own, key, hash)?;
    }
    Ok(())
}

fn toggle(vm: &Vm, this: &Set, key: Value, hash: i64) -> Res<()> {
    if this.remove_hashed(vm, &key, hash)? { Ok(()) } else { this.add_hashed(vm, key, hash) }
}

/// `this ^ other`, of any iterable.
pub(super) fn symmetric_difference(vm: &Vm, this: &Value, other: &Value) -> Res {
    let made = made_of(vm, this, other)?;
    symmetric_difference_update(vm, &made, this)?;
    Ok(made)
}

/// The same, as far as that can be told at once.
fn is_within_plainly(small: &Set, large: &Set) -> Option<bool> {
    if small.len() > large.len() {
        return Some(false);
    }
    for (key, hash) in small.at_hand() {
        if !large.has_plainly(key, hash)? {
            return Some(false);
        }
    }
    Some(true)
}

/// How two sets compare, as far as that can be told at once.
pub fn compare_plainly(a: &Set, b: &Set, op: CompareOp) -> Option<bool> {
    match op {
        CompareOp::Le => is_within_plainly(a, b),
        CompareOp::Ge => is_within_plainly(b, a),
        CompareOp::Lt => Some(a.len() < b.len() && is_within_plainly(a, b)?),
        CompareOp::Gt => Some(a.len() > b.len() && is_within_plainly(b, a)?),
        CompareOp::Eq => Some(a.len() == b.len() && is_within_plainly(a, b)?),
        CompareOp::Ne => Some(!(a.len() == b.len() && is_within_plainly(a, b)?)),
    }
}

/// Whether every element of one set is in the other.
pub(super) fn is_within(vm: &Vm, small: &Set, large: &Set) -> Res<bool> {
    if let Some(told) = is_within_plainly(small, large) {
        return Ok(told);
    }
    let mut from = 0;
    while let Some((key, hash, next)) = small.next_from(from) {
        from = next;
        if !large.has(vm, &key, hash)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `this.issubset(other)`, of any iterable.
pub(super) fn is_subset(vm: &Vm, this: &Value, other: &Value) -> Res<bool> {
    match any_set(other) {
        Some(other) => is_within(vm, set(this), other),
        None => Ok(set(&intersection(vm, this, other)?).len() == set(this).len()),
    }
}

/// `this.issuperset(other)`, of any iterable.
pub(super) fn is_superset(vm: &Vm, this: &Value, other: &Value) -> Res<bool> {
    if let Some(other) = any_set(other) {
        return is_within(vm, other, set(this));
    }
    let iterator = vm.iter(other)?;
    while let Some(item) = vm.next(&iterator)? {
        if !set(this).contains(vm, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether no element is in both.
pub(super) fn is_disjoint(vm: &Vm, this: &Value, other: &Value) -> Res<bool> {
    let own = set(this);
    if this.word() == other.word() {
        return Ok(own.is_empty());
    }
    if let Some(given) = any_set(other) {
        let (small, large) = if given.len() > own.len() { (own, given) } else { (given, own) };
        let mut from = 0;
        while let Some((key, hash, next)) = small.next_from(from) {
            from = next;
            if large.has(vm, &key, hash)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    let iterator = vm.iter(other)?;
    while let Some(item) = vm.next(&iterator)? {
        let hash = lookup_hash(vm, &item)?;
        if own.has(vm, &item, hash)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Set {
    /// Looks at its elements, until `look` says that it is enough; whether it never said so.
    pub fn each(&self, look: &mut dyn FnMut(&Value) -> bool) -> bool {
        self.entries().iter().filter(|e| !e.key.is_unbound()).all(|e| look(&e.key))
    }
    /// Adds what an iterable gives.
    pub fn update(&self, vm: &Vm, iterable: &Value) -> Res<()> {
        if let Some(other) = any_set(iterable) {
            return self.merge(vm, other);
        }
        if let Some(dict) = iterable.exact::<Dict>() {
            self.make_room(vm, dict.len())?;
            let mut from = 0;
            while let Some((at, entry)) = dict.next_entry(from) {
                from = at + 1;
                let (key, hash) = (entry.key.clone(), entry.hash);
                self.add_hashed(vm, key, hash)?;
            }
            return Ok(());
        }
        if items_at_hand(iterable).is_some() {
            let mut at = 0;
            while let Some(rest) = items_at_hand(iterable).and_then(|items| items.get(at..))
                && !rest.is_empty()
            {
                // What takes no more than a look runs nothing, so that the items stay.
                let shared = |item: &&Value| {
                    let word = item.word();
                    !word.needs_box()
                        && (word.is_int() && self.add_at_once(word) || self.add_plain(item, Value::clone))
                };
                let plain = rest.iter().take(256).take_while(shared).count();
                let next = rest.get(plain).cloned();
                at += plain + 1;
                vm.work(plain as u64 + 1)?;
                if let Some(next) = next {
                    self.add(vm, next)?;
                }
            }
            return Ok(());
        }
        let iterator = vm.iter(iterable)?;
        vm.each(&iterator, |item| self.add(vm, item).map(|()| true))
    }
}
