//! Slices of a list: reading, assigning, deleting; repeating.

use super::List;
use crate::fuel::owe_bytes;
use crate::object::Ref;
use crate::raised::Res;
use crate::types::slice::{Slice, Walk};
use crate::value::Value;
use crate::vm::Vm;

impl List {
    /// `self[slice]`
    pub(super) fn read_slice(&self, vm: &Vm, slice: &Slice) -> Res {
        let bounds = slice.unpack(vm)?;
        let walk = bounds.within(self.len());
        match walk.step {
            1 => vm.new_list_from(&self.items()[walk.range()]),
            _ => vm.new_list_walk(self, walk),
        }
    }

    /// `del self[slice]`
    pub(super) fn delete_slice(&self, vm: &Vm, slice: &Slice) -> Res<()> {
        let bounds = slice.unpack(vm)?;
        let walk = bounds.within(self.len());
        if walk.count == 0 {
            return Ok(());
        }
        let removed = self.splice(vm, walk.upwards(), &[])?;
        if walk.step != 1 {
            // A list drops its last item first; here the first one is to go first.
            removed.reverse();
        }
        Ok(())
    }

    /// Replaces the items of a walk upwards by `new` shares, which stand where the first one stood. Gives the old ones, to be
    /// dropped now that the list is whole again.
    fn splice(&self, vm: &Vm, walk: Walk, new: &[Value]) -> Res<Ref<List>> {
        let (start, count) = (walk.start as usize, walk.count);
        let removed = vm.new_list_with_capacity(count)?;
        // Sharing may need memory, which runs no code; and the room is there before anything moves.
        self.reserve(vm, new.len().saturating_sub(count))?;
        let len = self.len();
        owe_bytes((len - start) * 8);
        // While words move, some stand in two places: nobody may count them.
        vm.heap().keep_still(true);
        self.move_words(walk, &removed, new);
        vm.heap().keep_still(false);
        self.shrink();
        Ok(removed)
    }

    /// `self[slice] = iterable`
    pub(super) fn assign_slice(&self, vm: &Vm, this: &Value, slice: &Slice, source: &Value) -> Res<()> {
        let bounds = slice.unpack(vm)?;
        if vm.slots(source).iter().is_none() && vm.slots(source).getitem().is_none() {
            return Err(vm.type_error("must assign iterable to extended slice"));
        }
        let list: Ref<List> = if source.word() == this.word() || source.exact::<List>().is_none() {
            vm.listed(source)?
        } else {
            Ref::from_value(source.clone()).unwrap_or_else(|_| unreachable!("just seen"))
        };
        let walk = bounds.within(self.len());
        if walk.step == 1 {
            // An empty slice whose start lies behind its stop stands at its start.
            return self.splice(vm, walk, list.items()).map(drop);
        }
        if list.len() != walk.count {
            return Err(vm.value_error(format_args!(
                "attempt to assign sequence of size {} to extended slice of size {}",
                list.len(),
                walk.count
            )));
        }
        let removed = vm.new_list_with_capacity(walk.count)?;
        for i in 0..walk.count {
            let old = self.slot(walk.at(i)).replace(list.slot(i).clone());
            removed.push(vm, old)?;
        }
        removed.reverse();
        Ok(())
    }

    /// Appends `count - 1` more copies of the items.
    pub(super) fn repeat(&self, vm: &Vm, count: usize) -> Res<()> {
        let len = self.len();
        if len == 0 || count == 1 {
            return Ok(());
        }
        if count == 0 {
            self.clear_all();
            return Ok(());
        }
        let Some(more) = len.checked_mul(count - 1) else { return Err(vm.no_memory()) };
        self.reserve_exact(vm, more)?;
        self.push_rounds(self.items(), count - 1);
        Ok(())
    }

    /// `self * count` as a new list.
    pub(super) fn repeated(&self, vm: &Vm, count: usize) -> Res {
        let Some(total) = self.len().checked_mul(count) else { return Err(vm.no_memory()) };
        let list = vm.new_list_with_capacity(total)?;
        if total > 0 {
            list.push_rounds(self.items(), count);
        }
        Ok(list.into_value())
    }
}
