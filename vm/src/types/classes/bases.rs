//! Bases of classes: which of them lends its layout, in which order they are searched, and what may take another's place.
//!
//! The *best base* of a class is the one whose payload and members its instances share (`TypeObj::base`); following it up leads
//! to `object`. A type is *solid* if it adds fields to those of its best base. What a layout allows is decided along best
//! bases alone: an MRO is what a metaclass says that it is, so each class in it is checked here. From then on whoever is an
//! instance of a type, by the MRO, has that type's fields.

use std::collections::{BTreeMap, HashSet};

use super::trampoline;
use crate::object::shape::EXT_AT_END;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

// ---- the best base -------------------------------------------------------------------------------------------------

/// A type and its best bases, up to `object`.
fn line(ty: &TypeObj) -> impl Iterator<Item = &TypeObj> {
    std::iter::successors(Some(ty), |ty| ty.base.get::<TypeObj>())
}

/// Whether instances of a type have fields that those of its best base have not.
fn adds_fields(ty: &TypeObj) -> bool {
    ty.base.get::<TypeObj>().is_none_or(|base| {
        ty.layout != base.layout || ty.slot_words.get() != base.slot_words.get() || ty.has(TypeFlags::FIELDS)
    })
}

/// The nearest solid type.
fn solid(ty: &TypeObj) -> &TypeObj {
    line(ty).find(|ty| adds_fields(ty)).unwrap_or(ty)
}

/// Whether instances of a type begin with the fields of another.
fn extends(ty: &TypeObj, other: &TypeObj) -> bool {
    line(ty).any(|ty| std::ptr::eq(ty, other))
}

/// The base whose payload the class's instances share.
pub fn best_base(vm: &Vm, bases: &[Value]) -> Res<Ref<TypeObj>> {
    let mut best: Option<(&TypeObj, &TypeObj)> = None;
    for base in bases {
        let Some(ty) = base.get::<TypeObj>() else { return Err(vm.type_error("bases must be types")) };
        if !ty.has(TypeFlags::BASETYPE) {
            return Err(
                vm.type_error(format_args!("type '{}' is not an acceptable base type", ty.full_name(vm)))
            );
        }
        let lends = solid(ty);
        best = match best {
            Some((winner, base)) if extends(winner, lends) => Some((winner, base)),
            Some((winner, _)) if !extends(lends, winner) => {
                return Err(vm.type_error("multiple bases have instance lay-out conflict"));
            }
            _ => Some((lends, ty)),
        };
    }
    match best {
        Some((_, base)) => Ok(Ref::from_payload(base)),
        None => Err(vm.type_error("a class needs a base")),
    }
}

/// The most derived metaclass of a metaclass and the types of some bases.
pub fn winner(vm: &Vm, meta: &Value, bases: &[Value]) -> Res {
    let mut winner = meta.clone();
    for base in bases {
        let kind = vm.type_of(base);
        let current = vm.expect_type(&winner)?;
        if current.is_subtype(kind) {
            continue;
        }
        if kind.is_subtype(current) {
            winner = kind.to_value();
            continue;
        }
        return Err(vm.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

// ---- the order of bases --------------------------------------------------------------------------------------------

/// The C3 linearisation of a class with these bases.
pub fn linearise(vm: &Vm, class: &TypeObj, bases: &[Value]) -> Res<Vec<Value>> {
    let mut lists: Vec<Value> = Vec::with_capacity(bases.len() + 1);
    for base in bases {
        let base = vm.expect_type(base)?;
        if !base.mro.has::<Tuple>() {
            return Err(
                vm.type_error(format_args!("Cannot extend an incomplete type '{}'", vm.text(&base.name)))
            );
        }
        lists.push(base.mro.clone());
    }
    let mut order = vec![class.to_value()];
    let items: Vec<&[Value]> =
        lists.iter().map(|list| list.get::<Tuple>().map_or(&[][..], Tuple::items)).collect();
    vm.work(items.iter().map(|list| list.len() as u64).sum::<u64>() / 8)?;
    if let [only] = items[..] {
        order.extend(only.iter().cloned());
        return Ok(order);
    }
    merge(vm, items, bases, &mut order)?;
    Ok(order)
}

/// Merges lists of classes, and that of the bases themselves: again and again the first head that is in no list's tail.
fn merge<'a>(vm: &Vm, mut lists: Vec<&'a [Value]>, bases: &'a [Value], order: &mut Vec<Value>) -> Res<()> {
    lists.push(bases);
    // In how many tails a class is.
    let mut tails: BTreeMap<u64, usize> = BTreeMap::new();
    for class in lists.iter().flat_map(|list| list.iter().skip(1)) {
        *tails.entry(class.word().0).or_default() += 1;
    }
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            return Ok(());
        }
        vm.work(lists.len() as u64 / 8)?;
        let heads = || lists.iter().filter_map(|list| list.first());
        let Some(next) = heads().find(|head| tails.get(&head.word().0).is_none_or(|count| *count == 0))
        else {
            let mut names: Vec<String> = Vec::new();
            for name in heads().filter_map(|head| head.get::<TypeObj>()).map(|class| vm.text(&class.name)) {
                if !names.iter().any(|known| *known == name.as_str()) {
                    names.push(name.to_string());
                }
            }
            return Err(vm.type_error(format_args!(
                "Cannot create a consistent method resolution order (MRO) for bases {}",
                names.join(", ")
            )));
        };
        let next = next.clone();
        for list in &mut lists {
            if let Some((head, tail)) = list.split_first()
                && head.word() == next.word()
            {
                *list = tail;
                if let Some(count) = tail.first().and_then(|class| tails.get_mut(&class.word().0)) {
                    *count -= 1;
                }
            }
        }
        order.push(next);
    }
}

/// Whether a class's metaclass says itself what the MRO is.
pub fn has_own_mro(vm: &Vm, class: &TypeObj) -> bool {
    let this = class.to_value();
    let word = |found: Option<Value>| found.map_or(Word::UNBOUND, |found| found.word());
    let (own, default) =
        (vm.type_of(&this).lookup(vm, &vm.names.mro), vm.types.r#type.lookup(vm, &vm.names.mro));
    word(own) != word(default)
}

/// The MRO of a class with these bases, or what its metaclass says that it is.
pub fn new_mro(vm: &Vm, class: &TypeObj, bases: &[Value]) -> Res {
    if !has_own_mro(vm, class) {
        return vm.new_tuple(linearise(vm, class, bases)?);
    }
    let listed = vm.call_method(&class.to_value(), &vm.names.mro, &[])?;
    let mro = vm.new_tuple(vm.collect(&listed)?.into_iter().collect())?;
    let items = mro.get::<Tuple>().map_or(&[][..], Tuple::items);
    if items.is_empty() {
        return Err(vm.type_error("type MRO must not be empty"));
    }
    let own = solid(class);
    for item in items {
        let Some(ty) = item.get::<TypeObj>() else {
            return Err(vm.type_error(format_args!("mro() returned a non-class ('{}')", vm.type_name(item))));
        };
        vm.work(line(ty).count() as u64 / 8 + 1)?;
        if !extends(own, solid(ty)) {
            let name = vm.text(&ty.name);
            return Err(vm.type_error(format_args!("mro() returned base with unsuitable layout ('{name}')")));
        }
    }
    Ok(mro)
}

// ---- what may take another's place ---------------------------------------------------------------------------------

/// The highest type along the best bases that has nothing less than `ty`.
fn plainest(ty: &TypeObj) -> &TypeObj {
    let more = |ty: &&TypeObj| {
        adds_fields(ty) || ty.base.get::<TypeObj>().is_some_and(|base| places(base) != places(ty))
    };
    line(ty).find(more).unwrap_or(ty)
}

/// Whether two types have added the same members, if any, to the same best base.
fn added_the_same(a: &TypeObj, b: &TypeObj) -> bool {
    let names = |ty: &TypeObj| -> Vec<u64> {
        ty.members.get::<Tuple>().map_or(&[][..], Tuple::items).iter().map(|name| name.word().0).collect()
    };
    let alike = a.layout == b.layout
        && a.slot_words.get() == b.slot_words.get()
        && !a.has(TypeFlags::FIELDS)
        && !b.has(TypeFlags::FIELDS);
    alike && a.base.has::<TypeObj>() && a.base.word() == b.base.word() && names(a) == names(b)
}

/// What instances of a type have besides their fields.
fn places(ty: &TypeObj) -> TypeFlags {
    ty.flags.get() & (TypeFlags::HAS_DICT | TypeFlags::HAS_WEAKREF)
}

/// Whether CPython's collector knows the instances of a type: those that it does not know are freed in another way.
fn is_collected(vm: &Vm, ty: &TypeObj) -> bool {
    let tracked = || match ty.kind.get() {
        Some(kind) => kind.is_tracked(),
        None => ty.layout.ops().is_some_and(|ops| ops.tracked),
    };
    ty.has(TypeFlags::HEAP) || !std::ptr::eq(ty, &*vm.types.object) && tracked()
}

/// Fails unless instances of `old` are laid out as those of `new` are, and have such places.
fn check_layout(vm: &Vm, old: &TypeObj, new: &TypeObj, have: bool, what: &str) -> Res<()> {
    let (a, b) = (plainest(old), plainest(new));
    let differs = match is_collected(vm, old) == is_collected(vm, new) {
        true if have && (std::ptr::eq(a, b) || added_the_same(a, b)) => return Ok(()),
        true => "object layout",
        false => "deallocator",
    };
    let (new, old) = (vm.text(&new.name), vm.text(&old.name));
    Err(vm.type_error(format_args!("{what} assignment: '{new}' {differs} differs from '{old}'")))
}

impl Vm {
    /// `value.__class__ = new`. Runs Python where the old class dies by it; `MemoryError`, and `TypeError` unless instances of both
    /// classes are laid out alike and may change.
    pub fn change_class(&self, value: &Value, new: &TypeObj) -> Res<()> {
        let (old, new) = (Ref::from_payload(self.type_of(value)), Ref::from_payload(new));
        let heap = |ty: &TypeObj| ty.has(TypeFlags::HEAP);
        let module = |ty: &TypeObj| ty.layout == Layout::Module;
        if !(heap(&old) && heap(&new) || module(&old) && module(&new)) {
            return Err(self.type_error(
                "__class__ assignment only supported for mutable types or ModuleType subclasses",
            ));
        }
        check_layout(self, &old, &new, places(&old) == places(&new), "__class__")?;
        let Some(shape) = self.shape_of(value) else { return Ok(()) };
        let id = if matches!(shape.ext, 0 | EXT_AT_END) {
            new.root.get()
        } else {
            self.to_dict_mode(value)?;
            self.dict_shape(&new, shape)?
        };
        self.reshape(value, id);
        // A class's metaclass changes, or a value that classes may have becomes a descriptor.
        let descriptor = |ty: &TypeObj| ty.slots().get().is_some() || ty.slots().set().is_some();
        if value.has::<TypeObj>() || descriptor(&old) || descriptor(&new) {
            self.bump_epoch();
        }
        Ok(())
    }
}

/// Whether a type is among the bases of another, or among theirs, whatever the MROs say.
fn is_above(vm: &Vm, ty: &TypeObj, below: &TypeObj) -> Res<bool> {
    let (mut seen, mut work) = (HashSet::new(), vec![below.to_value()]);
    while let Some(class) = work.pop() {
        if class.word() == ty.word() {
            return Ok(true);
        }
        if seen.insert(class.word().0)
            && let Some(bases) = class.get::<TypeObj>().and_then(|class| class.bases.get::<Tuple>())
        {
            vm.work(1)?;
            work.extend(bases.items().iter().cloned());
        }
    }
    Ok(false)
}

/// The classes below one, itself first, each behind its bases.
pub fn descendants(vm: &Vm, ty: &TypeObj) -> Res<Vec<Ref<TypeObj>>> {
    let mut seen = HashSet::from([ty.word().0]);
    let mut order = Vec::new();
    let mut work = vec![(Ref::from_payload(ty), ty.subclasses())];
    // A class is put out when all below it are: the reverse of what is wanted.
    while let Some((class, below)) = work.last_mut() {
        match below.pop() {
            Some(next) => {
                if seen.insert(next.word().0) {
                    let below = next.subclasses();
                    work.push((next, below));
                }
            }
            None => {
                vm.work(class.mro_items().len() as u64 / 8 + WORK_OF_SLOTS)?;
                order.extend(work.pop().map(|(class, _)| class));
            }
        }
    }
    order.reverse();
    Ok(order)
}

/// What it costs to find the slots of a class anew, in instructions.
const WORK_OF_SLOTS: u64 = 64;

/// `class.__bases__ = bases`
pub fn change_bases(vm: &Vm, ty: &TypeObj, bases: &Value) -> Res<()> {
    let list = checked_bases(vm, ty, bases)?;
    let best = best_base(vm, &list)?;
    let (old_bases, old_base) = (ty.bases.clone(), ty.base.clone());
    if let Some(old) = old_base.get::<TypeObj>() {
        check_layout(vm, old, &best, places(ty).contains(places(&best)), "__bases__")?;
    }
    let below = descendants(vm, ty)?;
    let new_bases = vm.new_tuple(list)?;
    ty.bases.set(new_bases.clone());
    ty.base.set(best.to_value());
    // Every class below gets its new MRO, or none does. (A metaclass that is asked may change bases itself: the last one wins.)
    let mut changed: Vec<(&Ref<TypeObj>, Value, Value)> = Vec::new();
    for class in &below {
        let bases = class.bases.clone();
        let bases = bases.get::<Tuple>().map_or(&[][..], Tuple::items);
        match new_mro(vm, class, bases) {
            Ok(mro) => {
                let old = class.mro.replace(mro.clone());
                vm.bump_epoch();
                changed.push((class, mro, old));
            }
            Err(raised) => {
                for (class, mro, old) in changed.iter().rev() {
                    if class.mro.word() == mro.word() {
                        class.mro.set(old.clone());
                    }
                }
                if ty.bases.word() == new_bases.word() {
                    ty.bases.set(old_bases);
                    ty.base.set(old_base);
                }
                vm.bump_epoch();
                return Err(raised);
            }
        }
    }
    if ty.bases.word() == new_bases.word() {
        ty.list_in_bases(vm)?;
    }
    below.iter().for_each(|class| trampoline::fill(vm, class));
    vm.bump_epoch();
    Ok(())
}

/// The bases that a class may be given.
fn checked_bases(vm: &Vm, ty: &TypeObj, bases: &Value) -> Res<Vec<Value>> {
    let name = vm.text(&ty.name);
    let Some(list) = bases.get::<Tuple>().map(|tuple| tuple.items().to_vec()) else {
        return Err(vm.type_error(format_args!(
            "can only assign tuple to {name}.__bases__, not {}",
            vm.type_name(bases)
        )));
    };
    if list.is_empty() {
        return Err(
            vm.type_error(format_args!("can only assign non-empty tuple to {name}.__bases__, not ()"))
        );
    }
    for base in &list {
        let Some(base) = base.get::<TypeObj>() else {
            return Err(vm.type_error(format_args!(
                "{name}.__bases__ must be tuple of classes, not '{}'",
                vm.type_name(base)
            )));
        };
        if base.is_subtype(ty) || is_above(vm, ty, base)? {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    super::class::check_distinct(vm, &list)?;
    Ok(list)
}
