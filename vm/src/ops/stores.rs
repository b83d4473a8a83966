//! Stores to items of any container, and what deletes them.

use super::At;
use super::items::{place, with_key};
use super::origin::share_operands;
use crate::raised::Res;
use crate::running::families::{LAST, MOVED, REGISTER, STORE};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::value::Value;

/// `b[c] = a` of any container.
pub(super) fn store(at: At<'_>) -> Res<()> {
    let [key, _, from] = STORE.parts(at.opcode());
    let (src, target) = (at.a(), at.b());
    let value = match at.reg(src) {
        slot if from == MOVED => slot.take(),
        slot if from == LAST && slot.word().is_number() => Value::immediate(slot.word()),
        slot => slot.clone(),
    };
    if key == REGISTER {
        share_operands(&at, (target, 1), (at.c(), 0));
    }
    let container = at.reg(target);
    with_key(&at, key, |key| match container.exact::<Dict>() {
        Some(dict) => dict.set_item(at.vm, key, value),
        None => match container.exact::<List>() {
            Some(list) if key.word().is_int() => {
                let Some(place) = place::<REGISTER>(key.word(), list.len()) else {
                    return Err(at.vm.index_error("list assignment index out of range"));
                };
                list.slot(place).set(value);
                Ok(())
            }
            _ => at.vm.set_item(container, key, &value),
        },
    })?;
    at.release(target);
    Ok(())
}

/// `del b[b + 1]`
pub(super) fn delete(at: At<'_>) -> Res<()> {
    let first = at.b();
    share_operands(&at, (first, 1), (first + 1, 0));
    at.vm.del_item(at.reg(first), at.reg(first + 1))?;
    at.release(first + 1);
    at.release(first);
    Ok(())
}
