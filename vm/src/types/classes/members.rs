//! `__slots__`: the members of a class's instances, each a word of the object.
//!
//! They are read from the namespace before there is a class, for that may run Python: nobody sees one without its layout.

use super::class::{payload_words, varies};
use crate::object::Layout;
use crate::object::Ref;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::descriptors::Member;
use crate::types::dict::Dict;
use crate::types::str::{Str, is_identifier};
use crate::value::Value;
use crate::vm::Vm;

/// What a class statement asks for, besides its bases.
pub struct Members {
    /// The names of members in the order of their words, which is their own: as the program wrote them.
    names: Vec<Value>,
    /// The flags of the places that instances get.
    flags: TypeFlags,
}

/// Names in the namespace that do not become attributes of the class.
const PASSING: [&str; 3] = ["__qualname__", "__classcell__", "__classdictcell__"];

/// The words that an object may have at most, with room for attributes behind the members.
const MAX_WORDS: usize = u16::MAX as usize - 256;

/// Whether CPython's instances of a type vary in size: Python's ints do, too.
fn varies_in_size(base: &TypeObj) -> bool {
    varies(base.layout) && base.layout != Layout::Str
        || matches!(base.layout, Layout::Int | Layout::BigInt | Layout::Type)
}

impl Members {
    /// Reads `__slots__`: may run Python. Without it, instances get a dict.
    pub fn read(vm: &Vm, class_name: &Value, namespace: &Ref<Dict>, base: &TypeObj) -> Res<Members> {
        let Some(spec) = namespace.get_name(&vm.names.__slots__).cloned() else {
            // Instances whose size varies have no weak references.
            let weak = if varies_in_size(base) && base.layout != Layout::Type {
                TypeFlags::empty()
            } else {
                TypeFlags::HAS_WEAKREF
            };
            return Ok(Members { names: Vec::new(), flags: TypeFlags::HAS_DICT | weak });
        };
        let mut members = Members { names: Vec::new(), flags: TypeFlags::empty() };
        let class_name = vm.text(class_name);
        let names = vm.collect(&if vm.is_str(&spec) { vm.new_tuple(vec![spec])? } else { spec })?;
        if varies_in_size(base) && !names.is_empty() {
            return Err(vm.type_error(format_args!(
                "nonempty __slots__ not supported for subtype of '{}'",
                vm.text(&base.name)
            )));
        }
        for name in names {
            members.add(vm, &class_name, &name, base)?;
        }
        if members.names.is_empty() {
            return Ok(members);
        }
        let passes = |name: &Value| PASSING.contains(&vm.text(name).as_str());
        if let Some(taken) =
            members.names.iter().find(|name| namespace.get_name(name).is_some() && !passes(name))
        {
            let name = vm.text(taken);
            return Err(vm.value_error(format_args!("'{name}' in __slots__ conflicts with class variable")));
        }
        let room = MAX_WORDS - usize::from(payload_words(base)) - usize::from(base.slot_words.get());
        if members.names.len() > room {
            return Err(vm.type_error(format_args!("too many __slots__: there is room for {room}")));
        }
        members.names.sort_by(|a, b| {
            let (a, b) = (vm.text(a), vm.text(b));
            a.as_str().cmp(b.as_str())
        });
        Ok(members)
    }

    /// One item of `__slots__`.
    fn add(&mut self, vm: &Vm, class_name: &str, name: &Value, base: &TypeObj) -> Res<()> {
        let Some(text) = name.get::<Str>() else {
            return Err(
                vm.type_error(format_args!("__slots__ items must be strings, not '{}'", vm.type_name(name)))
            );
        };
        if !is_identifier(text.chars()) {
            return Err(vm.type_error("__slots__ must be identifiers"));
        }
        for (place, flag) in [("__dict__", TypeFlags::HAS_DICT), ("__weakref__", TypeFlags::HAS_WEAKREF)] {
            if text.is_text(place) {
                if (self.flags | base.flags.get()).intersects(flag) {
                    return Err(vm.type_error(format_args!("{place} slot disallowed: we already got one")));
                }
                self.flags |= flag;
                return Ok(());
            }
        }
        let (plain, class_name) = (vm.text(name), class_name.trim_start_matches('_'));
        let mangled = plain.starts_with("__") && !plain.ends_with("__") && !class_name.is_empty();
        let name = match mangled {
            true => vm.intern_value(vm.display(format_args!("_{class_name}{plain}"))?)?,
            false if name.exact::<Str>().is_some() => vm.intern_value(name.clone())?,
            false => vm.intern(&plain)?,
        };
        if self.names.try_reserve(1).is_err() {
            return Err(vm.no_memory());
        }
        self.names.push(name);
        Ok(())
    }

    /// Gives a new class its members: descriptors in its namespace, words of its instances.
    pub fn install(self, vm: &Vm, ty: &Ref<TypeObj>) -> Res<()> {
        ty.add_flags(self.flags);
        // Members lie before the attributes of instances that have some, so that they keep their place in subclasses.
        let first = payload_words(ty) + ty.slot_words.get();
        ty.slot_words.set(ty.slot_words.get() + self.names.len() as u16);
        for (i, name) in self.names.iter().enumerate() {
            let at = if varies(ty.layout) { Member::IN_DICT } else { first + i as u16 };
            let member = vm.new_object(|head| Member::new(head, ty.to_value(), name.clone(), at))?;
            // What the class is given besides its namespace stays, but for the docstring that it has not.
            if ty.dict().get_name(name).is_none_or(Value::is_none) {
                ty.set_own(vm, name, member.into_value())?;
            }
        }
        if !self.names.is_empty() {
            ty.members.set(vm.new_tuple(self.names)?);
        }
        Ok(())
    }
}
