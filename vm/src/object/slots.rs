//! Slots: what operators and protocols mean for a type, as plain functions.
//!
//! A builtin type fills the slots it has; a class written in Python inherits them, and where it defines a special method
//! the slot gets a trampoline (`class.rs`) that calls it. Read in the other direction, a filled slot of a builtin type
//! appears in its dict as a wrapper under the special method's name. [`DUNDERS`] is the one table for both directions.
//!
//! # The native stack
//!
//! A slot's function may call other slots: a tuple's hash those of its items, a `map` the `next` of what it maps. So a value
//! that is nested deeply enough would use up the native stack. A type's slots are therefore only reached as [`Live`]
//! ones, whose functions are [`Guarded`]: each call looks at the stack first and raises `RecursionError` where it is nearly used up.

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::call::Args;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// `op value`
pub type Unary = fn(&Vm, &Value) -> Res;
/// `left op right`; may answer `NotImplemented`. Called with the type's instance on either side.
pub type Binary = fn(&Vm, &Value, &Value) -> Res;
/// `pow(a, b, c)`
pub type Ternary = fn(&Vm, &Value, &Value, &Value) -> Res;
/// A number that says something of a value: its hash, its length, its truth.
pub type Query<T> = fn(&Vm, &Value) -> Res<T>;
/// Object, key, value (`None` deletes).
pub type Store = fn(&Vm, &Value, &Value, Option<&Value>) -> Res<()>;
/// Descriptor, instance (`None` when looked up on the class), class.
pub type Get = fn(&Vm, &Value, Option<&Value>, &Value) -> Res;
/// Callable or class, arguments.
pub type CallWith<T> = fn(&Vm, &Value, Args<'_>) -> Res<T>;
/// The dying object. What it raises it reports itself.
pub type Finalizer = fn(&Vm, &Value);
/// Whether an item is in a container.
pub type Contains = fn(&Vm, &Value, &Value) -> Res<bool>;
/// `left op right`
pub type Compare = fn(&Vm, &Value, &Value, CompareOp) -> Res;

/// The slots of a type. A missing one is `None`.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "each is the special method of its name")]
pub struct Slots {
    pub repr: Option<Unary>,
    pub str: Option<Unary>,
    pub hash: Option<Query<i64>>,
    pub bool: Option<Query<bool>>,
    pub len: Option<Query<usize>>,
    pub iter: Option<Unary>,
    /// The next item; `None` at the end.
    pub next: Option<Query<Option<Value>>>,
    pub getattr: Option<Binary>,
    pub setattr: Option<Store>,
    pub get: Option<Get>,
    /// Descriptor, instance, value (`None` deletes).
    pub set: Option<Store>,
    pub call: Option<CallWith<Value>>,
    pub new: Option<CallWith<Value>>,
    pub init: Option<CallWith<()>>,
    pub del: Option<Finalizer>,
    pub getitem: Option<Binary>,
    pub setitem: Option<Store>,
    pub contains: Option<Contains>,
    pub compare: Option<Compare>,
    pub neg: Option<Unary>,
    pub pos: Option<Unary>,
    pub abs: Option<Unary>,
    pub invert: Option<Unary>,
    pub int: Option<Unary>,
    pub float: Option<Unary>,
    pub index: Option<Unary>,
    pub aiter: Option<Unary>,
    pub anext: Option<Unary>,
    pub await_: Option<Unary>,
    pub pow3: Option<Ternary>,
    /// By the number of the plain [`BinaryOp`].
    pub number: [Option<Binary>; BinaryOp::PLAIN],
    /// The in-place forms.
    pub in_place: [Option<Binary>; BinaryOp::PLAIN],
}

impl Slots {
    /// No slot at all.
    pub const NONE: Slots = Slots {
        repr: None,
        str: None,
        hash: None,
        bool: None,
        len: None,
        iter: None,
        next: None,
        getattr: None,
        setattr: None,
        get: None,
        set: None,
        call: None,
        new: None,
        init: None,
        del: None,
        getitem: None,
        setitem: None,
        contains: None,
        compare: None,
        neg: None,
        pos: None,
        abs: None,
        invert: None,
        int: None,
        float: None,
        index: None,
        aiter: None,
        anext: None,
        await_: None,
        pow3: None,
        number: [None; BinaryOp::PLAIN],
        in_place: [None; BinaryOp::PLAIN],
    };
}

/// A slot's function as callers get it: a call looks at the native stack first.
#[derive(Clone, Copy)]
pub struct Guarded<F>(F);

/// Says that there is native stack enough for a call: [`Vm::enough_stack`] has looked.
pub struct Enough(pub(crate) ());

impl Guarded<Query<Option<Value>>> {
    /// Calls the function of whoever has looked at the stack.
    #[inline(always)]
    pub fn call_with(self, _: Enough, vm: &Vm, value: &Value) -> Res<Option<Value>> {
        (self.0)(vm, value)
    }
}

macro_rules! guarded {
    ($($kind:ty: ($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {$(
        impl Guarded<$kind> {
            /// Calls the function. `RecursionError` if the native stack is nearly used up.
            #[inline(always)]
            pub fn call(self, vm: &Vm, $($arg: $ty),*) -> $out {
                vm.check_stack()?;
                (self.0)(vm, $($arg),*)
            }
            /// Whether it is this function.
            #[inline(always)]
            pub fn is(self, function: $kind) -> bool {
                self.0 as usize == function as usize
            }
        }
        /// The same function.
        impl PartialEq for Guarded<$kind> {
            #[inline(always)]
            fn eq(&self, other: &Self) -> bool {
                self.0 as usize == other.0 as usize
            }
        }
    )*};
}

guarded! {
    Unary: (value: &Value) -> Res;
    Binary: (left: &Value, right: &Value) -> Res;
    Ternary: (a: &Value, b: &Value, c: &Value) -> Res;
    Query<i64>: (value: &Value) -> Res<i64>;
    Query<bool>: (value: &Value) -> Res<bool>;
    Query<usize>: (value: &Value) -> Res<usize>;
    Query<Option<Value>>: (value: &Value) -> Res<Option<Value>>;
    Store: (owner: &Value, key: &Value, value: Option<&Value>) -> Res<()>;
    Get: (descriptor: &Value, instance: Option<&Value>, class: &Value) -> Res;
    CallWith<Value>: (callable: &Value, args: Args<'_>) -> Res;
    CallWith<()>: (value: &Value, args: Args<'_>) -> Res<()>;
    Contains: (container: &Value, item: &Value) -> Res<bool>;
    Compare: (left: &Value, right: &Value, op: CompareOp) -> Res;
}

impl Guarded<Finalizer> {
    /// Calls the function. It runs on a used-up stack too, where what it calls in turn is refused.
    pub fn call(self, vm: &Vm, value: &Value) {
        (self.0)(vm, value);
    }
}

/// The slots of a type that lives: what there is can be seen, and called through its guard.
#[repr(transparent)]
pub struct Live(Slots);

macro_rules! live {
    ($($name:ident: $kind:ty,)*) => {
        #[allow(missing_docs, reason = "each is the slot of its name")]
        #[allow(clippy::new_ret_no_self, reason = "`__new__` is a slot like the others")]
        impl Live {
            $(#[inline(always)]
            pub fn $name(&self) -> Option<Guarded<$kind>> {
                self.0.$name.map(Guarded)
            })*
            /// By the number of the plain [`BinaryOp`].
            #[inline(always)]
            pub fn number(&self, op: usize) -> Option<Guarded<Binary>> {
                self.0.number[op].map(Guarded)
            }
            /// The in-place form.
            #[inline(always)]
            pub fn in_place(&self, op: usize) -> Option<Guarded<Binary>> {
                self.0.in_place[op].map(Guarded)
            }
        }
    };
}

live! {
    repr: Unary,
    str: Unary,
    hash: Query<i64>,
    bool: Query<bool>,
    len: Query<usize>,
    iter: Unary,
    next: Query<Option<Value>>,
    getattr: Binary,
    setattr: Store,
    get: Get,
    set: Store,
    call: CallWith<Value>,
    new: CallWith<Value>,
    init: CallWith<()>,
    del: Finalizer,
    getitem: Binary,
    setitem: Store,
    contains: Contains,
    compare: Compare,
    neg: Unary,
    pos: Unary,
    abs: Unary,
    invert: Unary,
    int: Unary,
    float: Unary,
    index: Unary,
    aiter: Unary,
    anext: Unary,
    await_: Unary,
    pow3: Ternary,
}

impl Live {
    /// A new type's.
    pub(super) const NONE: Live = Live(Slots::NONE);

    /// As the table that they are, to be copied into another type's.
    pub(crate) fn table(&self) -> &Slots {
        &self.0
    }
    /// Of a table.
    pub(super) fn of(table: Slots) -> Live {
        Live(table)
    }
}

/// `slots.number` with some rows filled: `numbers(&[(BinaryOp::Add, add)])`.
pub const fn numbers(rows: &[(BinaryOp, Binary)]) -> [Option<Binary>; BinaryOp::PLAIN] {
    let mut table = [None; BinaryOp::PLAIN];
    let mut at = 0;
    while at < rows.len() {
        table[rows[at].0 as usize] = Some(rows[at].1);
        at += 1;
    }
    table
}

/// Which slot a special method is, and in which role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the slot of its name")]
pub enum Role {
    Repr,
    Str,
    Hash,
    Bool,
    Len,
    Iter,
    Next,
    GetAttribute,
    GetAttr,
    SetAttr,
    DelAttr,
    Get,
    Set,
    Delete,
    Call,
    New,
    Init,
    Del,
    GetItem,
    SetItem,
    DelItem,
    Contains,
    Compare(CompareOp),
    Neg,
    Pos,
    Abs,
    Invert,
    Int,
    Float,
    Index,
    Aiter,
    Anext,
    Await,
    /// `left op right`
    Number(BinaryOp),
    /// `right op left`
    Reflected(BinaryOp),
    /// `left op= right`
    InPlace(BinaryOp),
    /// A special method of one argument that has a row and no slot here, but one in CPython.
    Row,
}

/// Every special method that is a slot, in the order in which CPython puts them into the dict of a type.
pub const DUNDERS: &[(&str, Role)] = &[
    ("__new__", Role::New),
    ("__repr__", Role::Repr),
    ("__hash__", Role::Hash),
    ("__call__", Role::Call),
    ("__str__", Role::Str),
    ("__getattribute__", Role::GetAttribute),
    ("__getattr__", Role::GetAttr),
    ("__setattr__", Role::SetAttr),
    ("__delattr__", Role::DelAttr),
    ("__lt__", Role::Compare(CompareOp::Lt)),
    ("__le__", Role::Compare(CompareOp::Le)),
    ("__eq__", Role::Compare(CompareOp::Eq)),
    ("__ne__", Role::Compare(CompareOp::Ne)),
    ("__gt__", Role::Compare(CompareOp::Gt)),
    ("__ge__", Role::Compare(CompareOp::Ge)),
    ("__iter__", Role::Iter),
    ("__next__", Role::Next),
    ("__get__", Role::Get),
    ("__set__", Role::Set),
    ("__delete__", Role::Delete),
    ("__init__", Role::Init),
    ("__await__", Role::Await),
    ("__aiter__", Role::Aiter),
    ("__anext__", Role::Anext),
    ("__del__", Role::Del),
    ("__add__", Role::Number(BinaryOp::Add)),
    ("__radd__", Role::Reflected(BinaryOp::Add)),
    ("__sub__", Role::Number(BinaryOp::Subtract)),
    ("__rsub__", Role::Reflected(BinaryOp::Subtract)),
    ("__mul__", Role::Number(BinaryOp::Multiply)),
    ("__rmul__", Role::Reflected(BinaryOp::Multiply)),
    ("__mod__", Role::Number(BinaryOp::Remainder)),
    ("__rmod__", Role::Reflected(BinaryOp::Remainder)),
    ("__pow__", Role::Number(BinaryOp::Power)),
    ("__rpow__", Role::Reflected(BinaryOp::Power)),
    ("__neg__", Role::Neg),
    ("__pos__", Role::Pos),
    ("__abs__", Role::Abs),
    ("__bool__", Role::Bool),
    ("__invert__", Role::Invert),
    ("__lshift__", Role::Number(BinaryOp::LeftShift)),
    ("__rlshift__", Role::Reflected(BinaryOp::LeftShift)),
    ("__rshift__", Role::Number(BinaryOp::RightShift)),
    ("__rrshift__", Role::Reflected(BinaryOp::RightShift)),
    ("__and__", Role::Number(BinaryOp::And)),
    ("__rand__", Role::Reflected(BinaryOp::And)),
    ("__xor__", Role::Number(BinaryOp::Xor)),
    ("__rxor__", Role::Reflected(BinaryOp::Xor)),
    ("__or__", Role::Number(BinaryOp::Or)),
    ("__ror__", Role::Reflected(BinaryOp::Or)),
    ("__int__", Role::Int),
    ("__float__", Role::Float),
    ("__iadd__", Role::InPlace(BinaryOp::Add)),
    ("__isub__", Role::InPlace(BinaryOp::Subtract)),
    ("__imul__", Role::InPlace(BinaryOp::Multiply)),
    ("__imod__", Role::InPlace(BinaryOp::Remainder)),
    ("__ipow__", Role::InPlace(BinaryOp::Power)),
    ("__ilshift__", Role::InPlace(BinaryOp::LeftShift)),
    ("__irshift__", Role::InPlace(BinaryOp::RightShift)),
    ("__iand__", Role::InPlace(BinaryOp::And)),
    ("__ixor__", Role::InPlace(BinaryOp::Xor)),
    ("__ior__", Role::InPlace(BinaryOp::Or)),
    ("__floordiv__", Role::Number(BinaryOp::FloorDivide)),
    ("__rfloordiv__", Role::Reflected(BinaryOp::FloorDivide)),
    ("__truediv__", Role::Number(BinaryOp::TrueDivide)),
    ("__rtruediv__", Role::Reflected(BinaryOp::TrueDivide)),
    ("__ifloordiv__", Role::InPlace(BinaryOp::FloorDivide)),
    ("__itruediv__", Role::InPlace(BinaryOp::TrueDivide)),
    ("__index__", Role::Index),
    ("__matmul__", Role::Number(BinaryOp::MatrixMultiply)),
    ("__rmatmul__", Role::Reflected(BinaryOp::MatrixMultiply)),
    ("__imatmul__", Role::InPlace(BinaryOp::MatrixMultiply)),
    ("__len__", Role::Len),
    ("__getitem__", Role::GetItem),
    ("__setitem__", Role::SetItem),
    ("__delitem__", Role::DelItem),
    ("__contains__", Role::Contains),
];

/// Where [`DUNDERS`] has the special methods of each binary operator: plain, reflected, in place.
const OPERATORS: [[usize; 3]; BinaryOp::PLAIN] = {
    let mut places = [[usize::MAX; 3]; BinaryOp::PLAIN];
    let mut at = 0;
    while at < DUNDERS.len() {
        match DUNDERS[at].1 {
            Role::Number(op) => places[op as usize][0] = at,
            Role::Reflected(op) => places[op as usize][1] = at,
            Role::InPlace(op) => places[op as usize][2] = at,
            _ => {}
        }
        at += 1;
    }
    places
};

impl Vm {
    /// The name of a binary operator's special method.
    pub fn operator_name(&self, op: usize) -> &Value {
        &self.dunders[OPERATORS[op][0]]
    }
    /// The name of the method that the right operand has.
    pub fn reflected_name(&self, op: usize) -> &Value {
        &self.dunders[OPERATORS[op][1]]
    }
    /// The name of the in-place method.
    pub fn in_place_name(&self, op: usize) -> &Value {
        &self.dunders[OPERATORS[op][2]]
    }
}

impl Slots {
    /// Whether the slot of a role is filled.
    pub fn has(&self, role: Role) -> bool {
        match role {
            Role::Repr => self.repr.is_some(),
            Role::Str => self.str.is_some(),
            Role::Hash => self.hash.is_some(),
            Role::Bool => self.bool.is_some(),
            Role::Len => self.len.is_some(),
            Role::Iter => self.iter.is_some(),
            Role::Next => self.next.is_some(),
            Role::GetAttribute => self.getattr.is_some(),
            Role::GetAttr => false,
            Role::SetAttr | Role::DelAttr => self.setattr.is_some(),
            Role::Get => self.get.is_some(),
            Role::Set | Role::Delete => self.set.is_some(),
            Role::Call => self.call.is_some(),
            Role::New | Role::Row => false,
            Role::Init => self.init.is_some(),
            Role::Del => self.del.is_some(),
            Role::GetItem => self.getitem.is_some(),
            Role::SetItem | Role::DelItem => self.setitem.is_some(),
            Role::Contains => self.contains.is_some(),
            Role::Compare(_) => self.compare.is_some(),
            Role::Neg => self.neg.is_some(),
            Role::Pos => self.pos.is_some(),
            Role::Abs => self.abs.is_some(),
            Role::Invert => self.invert.is_some(),
            Role::Int => self.int.is_some(),
            Role::Float => self.float.is_some(),
            Role::Index => self.index.is_some(),
            Role::Aiter => self.aiter.is_some(),
            Role::Anext => self.anext.is_some(),
            Role::Await => self.await_.is_some(),
            Role::Number(op) | Role::Reflected(op) => self.number[op as usize].is_some(),
            Role::InPlace(op) => self.in_place[op as usize].is_some(),
        }
    }
}
