//! `_local`: an object whose attributes are each thread's own.
//!
//! It has a dict of dicts, by the threads' idents. A thread's own is made when the thread first looks at the object, by calling
//! `__init__` once more with the arguments that the object was made with; it goes when the thread ends, or the object.

use ryokan_alloc::{Header, ObjPtr};

use crate::object::call::Args;
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref, payload_ptr};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// The payload of `_local`.
#[repr(C)]
pub struct Local {
    head: Header,
    /// What `__init__` gets.
    positional: Value,
    named: Value,
    /// The dicts of the threads, by their idents.
    dicts: Value,
}

object! {
    Local {
        tracked: true,
        values: [positional, named, dicts],
        clear: |this| {
            this.positional.set(Value::UNBOUND);
            this.named.set(Value::UNBOUND);
            if let Some(dicts) = this.dicts.get::<Dict>() {
                dicts.clear_all();
            }
        },
        dying: |this| forget(payload_ptr(this)),
    }
}

impl Local {
    /// Whether an object is where the dicts of the threads are.
    pub fn keeps(&self, object: ObjPtr) -> bool {
        self.dicts.object() == Some(object)
    }
}

/// `_local`
pub static TYPE: TypeDef = TypeDef {
    name: "_thread._local",
    layout: Layout::Local,
    flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_WEAKREF),
    doc: "Attributes that each thread has for itself.",
    slots: Slots { new: Some(new), getattr: Some(getattr), setattr: Some(setattr), ..Slots::NONE },
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Local {
    value.get().expect("a method of _local is called with one")
}

/// An object dies.
fn forget(object: ObjPtr) {
    crate::vm::with_current(|vm| {
        vm.threads.locals.borrow_mut().remove(&object);
    });
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let ty = vm.expect_type(class)?;
    if !args.is_empty() && ty.slots().init() == vm.types.object.slots().init() {
        return Err(vm.type_error("Initialization arguments are not supported"));
    }
    let named = vm.new_dict()?;
    for (name, value) in args.names.iter().zip(args.named) {
        named.set_name(vm, name, value.clone())?;
    }
    let positional = vm.new_tuple(args.pos.to_vec())?;
    let (named, dicts) = (named.into_value(), vm.new_dict()?.into_value());
    let made = vm.new_of_class(class, |head| Local { head, positional, named, dicts })?;
    let known = {
        let mut locals = vm.threads.locals.borrow_mut();
        let room = locals.try_reserve(1).is_ok();
        room && locals.insert(payload_ptr(this(&made)))
    };
    if !known {
        return Err(vm.no_memory());
    }
    // `__init__` is called for this thread by whoever makes the object.
    add_dict(vm, &made)?;
    Ok(made)
}

/// The key of the thread that runs, with its hash.
fn key(vm: &Vm) -> Res<(Value, i64)> {
    let key = vm.int_from_u64(vm.threads.ident())?;
    let hash = vm.hash(&key)?;
    Ok((key, hash))
}

fn dicts(local: &Value) -> &Dict {
    this(local).dicts.get().expect("a _local has a dict from its birth to its end")
}

/// The dict of the thread that runs, if it has one.
fn known_dict(vm: &Vm, local: &Value) -> Res<Option<Ref<Dict>>> {
    let (key, _) = key(vm)?;
    Ok(dicts(local).get_item(vm, &key)?.and_then(|found| Ref::from_value(found).ok()))
}

fn add_dict(vm: &Vm, local: &Value) -> Res<Ref<Dict>> {
    let (made, (key, hash)) = (vm.new_dict()?, key(vm)?);
    dicts(local).insert(vm, key, hash, made.to_value())?;
    Ok(made)
}

/// The dict of the thread that runs, made and filled if it has none.
fn own_dict(vm: &Vm, local: &Value) -> Res<Ref<Dict>> {
    if let Some(found) = known_dict(vm, local)? {
        return Ok(found);
    }
    let made = add_dict(vm, local)?;
    let class = vm.type_of(local);
    if class.slots().init() == vm.types.object.slots().init() {
        return Ok(made);
    }
    let init = vm.get_attr(&class.to_value(), &vm.names.__init__)?;
    let mut items = vec![local.clone()];
    if let Some(tuple) = this(local).positional.get::<crate::types::tuple::Tuple>() {
        items.extend(tuple.items().iter().cloned());
    }
    let (positional, named) = (vm.new_tuple(items)?, this(local).named.clone());
    match vm.call_star(&init, &positional, &named) {
        Ok(_) => Ok(made),
        Err(raised) => {
            let pending = vm.take_raised(raised);
            if let Ok((key, hash)) = key(vm)
                && let Err(raised) = dicts(local).remove(vm, &key, hash)
            {
                drop(vm.take_raised(raised));
            }
            vm.thread.raised.set(pending);
            Err(Raised(()))
        }
    }
}

/// `local.name`: as of any object, but the dict is the thread's.
fn getattr(vm: &Vm, local: &Value, name: &Value) -> Res {
    let name = &attribute_name(vm, name)?;
    let local = &local.clone();
    let dict = own_dict(vm, local)?;
    if name.is(&vm.names.__dict__) {
        return Ok(dict.into_value());
    }
    let class = vm.type_of(local).to_value();
    let found = vm.type_of(local).lookup(vm, name);
    if let Some(descriptor) = &found {
        let slots = vm.slots(descriptor);
        if let (Some(get), true) = (slots.get(), slots.set().is_some()) {
            return get.call(vm, descriptor, Some(local), &class);
        }
    }
    if let Some(value) = dict.get_name(name) {
        return Ok(value.clone());
    }
    match found {
        None => Err(vm.no_attribute(local, name)),
        Some(found) => match vm.slots(&found).get() {
            Some(get) => get.call(vm, &found, Some(local), &class),
            None => Ok(found),
        },
    }
}

/// `local.name = value`, or `del local.name`.
fn setattr(vm: &Vm, local: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
    let name = &attribute_name(vm, name)?;
    let local = &local.clone();
    let dict = own_dict(vm, local)?;
    if name.is(&vm.names.__dict__) {
        let kind = vm.type_name(local);
        return Err(vm.attribute_error(format_args!("'{kind}' object attribute '__dict__' is read-only")));
    }
    if let Some(descriptor) = vm.type_of(local).lookup(vm, name)
        && let Some(set) = vm.slots(&descriptor).set()
    {
        return set.call(vm, &descriptor, local, value);
    }
    match value {
        Some(value) => dict.set_name(vm, name, value.clone()),
        None => match dict.remove_name(name) {
            Some(_) => Ok(()),
            None => Err(vm.no_attribute(local, name)),
        },
    }
}

fn attribute_name(vm: &Vm, name: &Value) -> Res {
    if !vm.is_str(name) {
        let kind = vm.type_name(name);
        return Err(vm.type_error(format_args!("attribute name must be string, not '{kind}'")));
    }
    vm.intern_value(name.clone())
}

/// How often a thread that ends looks for dicts: what dies with the first ones may make others, without end.
const ROUNDS: usize = 3;

/// The thread that runs ends: its dicts go. One that is made after the last round goes with its local: no other thread has the ident.
pub fn forget_thread(vm: &Vm) {
    for _ in 0..ROUNDS {
        let own = own_dicts(vm);
        if own.is_empty() {
            return;
        }
        drop(own);
    }
}

/// Takes the dicts of the thread that runs away from all locals.
fn own_dicts(vm: &Vm) -> Vec<Value> {
    let alive: Vec<Value> = {
        let locals = vm.threads.locals.borrow();
        // An object leaves the set before its block is freed; one that is dying has no reference any more, and gets none.
        let all = locals.iter().map(|object| Borrowed::new(Word::from_ptr(*object)));
        all.filter(|object| object.word().refs() != 0).map(|object| object.clone()).collect()
    };
    let mut taken = Vec::new();
    for local in &alive {
        let removed = key(vm).and_then(|(key, hash)| dicts(local).remove(vm, &key, hash));
        match removed {
            Ok(found) => taken.extend(found.map(|(_, dict)| dict)),
            Err(raised) => drop(vm.take_raised(raised)),
        }
    }
    taken
}
