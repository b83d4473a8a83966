//! `weakref.ReferenceType`, and with it the payload of weak proxies: an object that knows another one as long as that lives.
//!
//! | file | what |
//! |---|---|
//! | `table.rs` | who refers to what, and what happens when that dies |
//! | `proxy.rs` | `ProxyType` and `CallableProxyType` |

mod proxy;
mod table;

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::{Args, Special};
use crate::object::native::{GetSet, Method, getter};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

pub use proxy::{CALLABLE_TYPE, TYPE as PROXY_TYPE, proxy};
use table::Standing;
pub use table::{WeakTable, bury, bury_garbage, bury_in_silence};

/// The payload of weak references and proxies.
#[repr(C)]
pub struct WeakRef {
    head: Header,
    /// The object, not owned; nothing once it is dead.
    referent: Cell<Word>,
    /// What is called when it dies, if anything.
    callback: Value,
    /// The object's hash, once it was asked for.
    hash: Cell<Option<i64>>,
    standing: Cell<Standing>,
    /// Whether a collection has found it unreachable, and looks at what it refers to.
    is_garbage: Cell<bool>,
    is_proxy: bool,
}

object! {
    WeakRef {
        tracked: true,
        values: [callback],
        plain: [referent, hash, standing, is_garbage, is_proxy],
        clear: |this| this.callback.set(Value::UNBOUND),
        dying: |this| table::dying(this),
    }
}

impl WeakRef {
    fn new(head: Header, callback: Value, is_proxy: bool) -> WeakRef {
        WeakRef {
            head,
            referent: Cell::new(Word::UNBOUND),
            callback,
            hash: Cell::new(None),
            standing: Cell::new(Standing::Out),
            is_garbage: Cell::new(false),
            is_proxy,
        }
    }

    /// What is called when the object dies, if that is still to come.
    pub fn pending_callback(&self) -> Option<&Value> {
        self.callback.bound().filter(|_| self.referent.get() != Word::UNBOUND)
    }
    /// The object, if it lives: one whose count is zero is dying.
    pub fn upgrade(&self) -> Option<Value> {
        let word = self.referent.get();
        if word == Word::UNBOUND {
            return None;
        }
        let lent = Borrowed::new(word);
        let lives = lent.header().is_some_and(|header| header.refs() > 0);
        lives.then(|| Value::clone(&lent))
    }
}

/// Whether an object can have weak references.
fn check(vm: &Vm, referent: &Value) -> Res<()> {
    if referent.object().is_some() && vm.type_of(referent).has(TypeFlags::HAS_WEAKREF) {
        return Ok(());
    }
    let kind = vm.type_name(referent);
    Err(vm.type_error(format_args!("cannot create weak reference to '{kind}' object")))
}

/// The object and the callback among arguments.
fn two(vm: &Vm, name: &str, args: &[Value]) -> Res<(Value, Value)> {
    let callback = args.get(1).filter(|callback| !callback.is_none()).cloned().unwrap_or(Value::UNBOUND);
    match args {
        [] => Err(vm.type_error(format_args!("{name} expected at least 1 argument, got 0"))),
        [referent] | [referent, _] => Ok((referent.clone(), callback)),
        more => Err(vm.type_error(format_args!("{name} expected at most 2 arguments, got {}", more.len()))),
    }
}

/// `weakref.ReferenceType`
pub static TYPE: TypeDef = TypeDef {
    name: "weakref.ReferenceType",
    layout: Layout::WeakRef,
    flags: TypeFlags::BASETYPE,
    doc: "ReferenceType(object, callback=None, /)\n\nRefers to an object and does not keep it alive. A call gives the object, or None \
          once it is dead;\nthen callback was called with the reference. Without a callback an object has one such\nreference, which is \
          given again. TypeError for objects of types that cannot be referred to so.",
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        new: Some(new),
        init: Some(init),
        compare: Some(compare),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

static METHODS: &[Method] = &[crate::types::generic_alias::CLASS_GETITEM];

static GETSET: &[GetSet] = &[getter(
    "__callback__",
    |_, r| Ok(this(r).callback.bound().cloned().unwrap_or(Value::NONE)),
    "what is called when the object dies",
)];

fn this(value: &Value) -> &WeakRef {
    value.get().expect("a method of a weak reference is called with one")
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let (referent, callback) = two(vm, "__new__", args.pos)?;
    check(vm, &referent)?;
    let shares = class.word() == vm.types.weakref.word() && callback.is_unbound();
    if shares && let Some(known) = vm.weak.shared(&referent, false) {
        return Ok(known);
    }
    let made = vm.new_of_class(class, |head| WeakRef::new(head, callback, false))?;
    vm.weak.add(vm, &made, &referent, shares.then_some(Standing::Plain))?;
    Ok(made)
}

fn init(vm: &Vm, _: &Value, args: Args<'_>) -> Res<()> {
    if !args.names.is_empty() {
        return Err(vm.type_error("ref() takes no keyword arguments"));
    }
    two(vm, "__init__", args.pos).map(drop)
}

fn call(vm: &Vm, value: &Value, args: Args<'_>) -> Res {
    if !args.is_empty() {
        return Err(vm.type_error(format_args!("weakref expected 0 arguments, got {}", args.len())));
    }
    Ok(this(value).upgrade().unwrap_or(Value::NONE))
}

fn repr(vm: &Vm, value: &Value) -> Res {
    let id = vm.id(value);
    let Some(referent) = this(value).upgrade() else {
        return vm.display(format_args!("<weakref at {id:#x}; dead>"));
    };
    // That of the type: an attribute of the object's own may do anything.
    let name = match vm.lookup_special(&referent, &vm.names.__name__)? {
        Some(Special::Bound(name) | Special::Unbound(name)) => Some(name).filter(|name| vm.is_str(name)),
        None => None,
    };
    let kind = vm.type_name(&referent);
    let to = format!("<weakref at {id:#x}; to '{kind}' at {:#x}", vm.id(&referent));
    match name {
        Some(name) => vm.str_concat(&[&to, " (", &vm.text(&name), ")>"]),
        None => vm.str_concat(&[&to, ">"]),
    }
}

fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    if let Some(known) = this(value).hash.get() {
        return Ok(known);
    }
    let Some(referent) = this(value).upgrade() else {
        return Err(vm.type_error("weak object has gone away"));
    };
    let hash = vm.hash(&referent)?;
    this(value).hash.set(Some(hash));
    Ok(hash)
}

/// References to living objects are equal if these are; others if they are the same.
fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> Res {
    let reference = |value: &Value| value.get::<WeakRef>().filter(|r| !r.is_proxy).map(WeakRef::upgrade);
    let (Some(a), Some(b)) = (reference(left), reference(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (a, b) {
        (Some(a), Some(b)) => vm.compare(&a, &b, op),
        _ => Ok(Value::bool(left.is(right) == (op == CompareOp::Eq))),
    }
}
