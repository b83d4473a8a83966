//! The birth of a VM: names, builtin types, exceptions, the modules that are always there.

use crate::object::Layout;
use crate::object::slots::DUNDERS;
use crate::raised::Res;
use crate::types::classes::{builtin, class};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Fills a new VM.
    pub(crate) fn boot(&self) -> Res<()> {
        // Strs need no type to exist: their shape is fixed.
        self.empty_str.set(self.str("")?);
        self.make_immortal(&self.empty_str);
        for c in 0..256 {
            let made = self.str_from_char(c)?;
            let made = self.intern_value(made)?;
            self.make_immortal(&made);
            self.latin1[c as usize].set(made);
        }
        self.make_empty_tuple()?;
        self.names.fill(self)?;
        for ((name, _), slot) in DUNDERS.iter().zip(&self.dunders) {
            slot.set(self.intern(name)?);
            self.make_immortal(slot);
        }
        types(self)?;
        let numbers = self.new_dict()?;
        for name in &self.dunders {
            numbers.set_name(self, name, Value::NONE)?;
        }
        self.dunder_numbers.set(numbers.into_value());
        crate::types::exceptions::make(self)?;
        self.prepare_memory_error()?;
        self.modules.set(self.new_dict()?.into_value());
        crate::modules::builtins::make(self)?;
        crate::modules::sys::make(self)
    }
}

fn types(vm: &Vm) -> Res<()> {
    let rows = vm.types.rows();
    for (slot, def, _) in &rows {
        let made = class::allocate(vm, def.name, def.layout, def.flags, Some(def))?;
        vm.make_immortal(made.value());
        // The first type of a layout owns its fixed shapes; `int` owns two.
        let fixed = vm.shapes.get(def.layout.shape());
        if fixed.ty.get().is_null() && !is_immediate(def.name) {
            def.layout.shapes().for_each(|id| vm.shapes.get(id).ty.set(&raw const *made));
            made.root.set(def.layout.shape());
        } else if SECOND.contains(&def.name) {
            vm.shapes.get(def.layout.second()).ty.set(&raw const *made);
            made.root.set(def.layout.second());
        }
        slot.set(made.into_value());
    }
    for layout in [Layout::Int, Layout::BigInt] {
        vm.shapes.get(layout.shape()).ty.set(&raw const *vm.types.int);
    }
    vm.shapes.get(Layout::GetSet.second()).ty.set(&raw const *vm.types.member);
    for (slot, def, _) in &rows {
        let base = match def.base {
            Some(base) => rows.iter().find(|row| std::ptr::eq(row.1, base)).map(|row| row.0),
            None => None,
        };
        let base = base.unwrap_or(&vm.types.object);
        builtin::complete(vm, slot, def, base)?;
        // It shares its layout with an earlier one, or its instances have a dict, for which the layout's fixed shape has no room.
        let keeps_dict = matches!(def.layout, Layout::ClassMethod | Layout::StaticMethod);
        if keeps_dict {
            // Room for what is copied of a function, and for its annotations.
            slot.capacity.set(6);
        }
        if (slot.root.get().is_none() && !is_immediate(def.name)) || keeps_dict {
            class::own_shape(vm, slot)?;
            class::add_dict_attribute(vm, slot, &class::NATIVE_DICT_ROW)?;
        }
    }
    for layout in Layout::ALL {
        let shape = vm.shapes.get(layout.shape());
        debug_assert!(
            matches!(layout, Layout::Free | Layout::Exception | Layout::Native) || !shape.ty.get().is_null(),
            "{layout:?} has no type in types/mod.rs"
        );
    }
    Ok(())
}

/// The types that are the second of their layout.
const SECOND: [&str; 2] = ["method_descriptor", "method-wrapper"];

/// Types whose values are no objects, and so own no shape.
fn is_immediate(name: &str) -> bool {
    matches!(name, "NoneType" | "ellipsis" | "NotImplementedType" | "bool")
}

impl Vm {
    /// Adds the builtin types to a namespace. Runs no Python; `MemoryError`.
    pub fn add_types(&self, dict: &crate::types::dict::Dict) -> Res<()> {
        for (slot, _, shown) in self.types.rows() {
            if let Some(name) = shown {
                dict.set_name(self, &self.intern(name)?, slot.to_value())?;
            }
        }
        for (name, word) in [
            ("None", Value::NONE),
            ("True", Value::TRUE),
            ("False", Value::FALSE),
            ("Ellipsis", Value::ELLIPSIS),
            ("NotImplemented", Value::NOT_IMPLEMENTED),
        ] {
            dict.set_name(self, &self.intern(name)?, word)?;
        }
        Ok(())
    }
}
