//! What a class inherits of the slots of builtin types.

use ryokan_bytecode::BinaryOp;

use crate::object::slots::Slots;
use crate::object::ty::{TypeFlags, TypeObj};

/// The slots of `own`, and of `base` where `own` has none.
pub fn merge(own: &Slots, base: &Slots) -> Slots {
    let mut slots = *own;
    macro_rules! or {
        ($($field:ident)*) => { $(slots.$field = slots.$field.or(base.$field);)* };
    }
    // A type that defines == without hash does not inherit the hash.
    if own.compare.is_some() && own.hash.is_none() {
        or!(repr str bool len iter next getattr setattr get set call new init del getitem setitem contains compare);
    } else {
        or!(repr str hash bool len iter next getattr setattr get set call new init del getitem setitem contains compare);
    }
    or!(neg pos abs invert int float index aiter anext await_ pow3);
    for op in 0..BinaryOp::PLAIN {
        slots.number[op] = slots.number[op].or(base.number[op]);
        slots.in_place[op] = slots.in_place[op].or(base.in_place[op]);
    }
    slots
}

/// What a class inherits: the native slots of the builtin types in its MRO, nearest first.
pub fn inherited(ty: &TypeObj) -> Slots {
    let mut slots = Slots::NONE;
    for class in ty.mro_items() {
        if let Some(class) = class.get::<TypeObj>()
            && !class.has(TypeFlags::HEAP)
        {
            slots = merge_all(&slots, &defined(class));
        }
    }
    slots
}

/// The slots that a builtin type has not just from its base: those come later in the MRO, behind what other bases define.
fn defined(class: &TypeObj) -> Slots {
    let mut slots = *class.slots().table();
    let Some(base) = class.base.get::<TypeObj>().map(|base| base.slots().table()) else { return slots };
    macro_rules! drop_same {
        ($($field:ident)*) => {
            $(if slots.$field.map(|f| f as usize) == base.$field.map(|f| f as usize) {
                slots.$field = None;
            })*
        };
    }
    drop_same!(repr str bool len iter next getattr setattr get set call new init del getitem setitem contains);
    drop_same!(neg pos abs invert int float index aiter anext await_);
    slots
}

fn merge_all(own: &Slots, base: &Slots) -> Slots {
    let mut slots = merge(own, base);
    // Who says what is equal says what the hash is: none, for a type that cannot be hashed.
    slots.hash = if own.compare.is_some() { own.hash } else { own.hash.or(base.hash) };
    slots
}
