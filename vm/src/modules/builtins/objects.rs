//! Functions on any object: attributes, types, text, identity.

use super::scope;
use crate::object::ty::TypeObj;
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::dict::{Dict, merge};
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::set::Set;
use crate::types::str::args::given;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

pub(super) fn repr(vm: &Vm, value: &Value) -> Res {
    vm.repr(value)
}

pub(super) fn ascii(vm: &Vm, value: &Value) -> Res {
    let shown = vm.repr(value)?;
    let Some(text) = shown.get::<Str>() else { return Ok(shown) };
    if text.is_ascii() {
        return Ok(shown);
    }
    let mut out = StrBuilder::new(vm);
    for c in text.chars().iter() {
        match c {
            0..0x80 => out.push_char(c)?,
            0x80..0x100 => out.push_str(&format!("\\x{c:02x}"))?,
            0x100..0x1_0000 => out.push_str(&format!("\\u{c:04x}"))?,
            _ => out.push_str(&format!("\\U{c:08x}"))?,
        }
    }
    out.finish()
}

pub(super) fn format(vm: &Vm, args: &[Value]) -> Res {
    match given(args, 1) {
        None => vm.format(&args[0], &vm.empty_str),
        Some(spec) if vm.is_str(spec) => vm.format(&args[0], spec),
        Some(spec) => {
            let kind = vm.arg_name(spec);
            Err(vm.type_error(format_args!("format() argument 2 must be str, not {kind}")))
        }
    }
}

pub(super) fn callable(vm: &Vm, value: &Value) -> Res {
    Ok(Value::bool(vm.slots(value).call().is_some()))
}

pub(super) fn hash(vm: &Vm, value: &Value) -> Res {
    vm.int(vm.hash(value)?)
}

pub(super) fn id(vm: &Vm, value: &Value) -> Res {
    vm.int(vm.id(value) as i64)
}

pub(super) fn len(vm: &Vm, args: &[Value]) -> Res {
    vm.int(vm.length(&args[0])? as i64)
}
/// The same of an instance of a native type.
#[inline(never)]
fn native_len(vm: &Vm, object: Word) -> Word {
    vm.native_len(&Borrowed::new(object)).map_or(Word::UNBOUND, |len| Word::from_int(len as i64))
}
/// The length of a container that can be told at once, or nothing.
pub(super) fn len_at_hand(vm: &Vm, object: Word, _: Word) -> Word {
    let object = Borrowed::new(object);
    let len = if let Some(list) = object.exact::<List>() {
        list.len()
    } else if let Some(text) = object.exact::<Str>() {
        text.len()
    } else if let Some(tuple) = object.exact::<Tuple>() {
        tuple.items().len()
    } else if let Some(dict) = object.exact::<Dict>() {
        dict.len()
    } else if let Some(set) = object.exact::<Set>() {
        set.len()
    } else {
        return native_len(vm, object.word());
    };
    Word::from_int(len as i64)
}

pub(super) fn isinstance(vm: &Vm, args: &[Value]) -> Res {
    vm.is_instance_of(&args[0], &args[1]).map(Value::bool)
}
/// So many classes are looked at without being paid for.
const FEW: usize = 16;

/// What `isinstance` says of a class whose metaclass is `type`, or of a tuple of such, where nothing of Python's is asked; otherwise nothing.
pub(super) fn surely_instance(vm: &Vm, object: Word, class: Word) -> Word {
    let ty = vm.type_of_word(object);
    if ty.word() == class {
        return Word::TRUE;
    }
    let is_plain = |class: Word| class.is_ptr() && class.shape() == Layout::Type.shape();
    // (The type itself is the first of its MRO.)
    let derives = |class: Word| ty.mro_items().iter().skip(1).any(|base| base.word() == class);
    if is_plain(class) {
        if derives(class) {
            return Word::TRUE;
        }
    } else if let Some(classes) = Borrowed::new(class).exact::<Tuple>().filter(|all| all.items().len() <= FEW)
    {
        for class in classes.items() {
            if !is_plain(class.word()) {
                return Word::UNBOUND;
            }
            if ty.word() == class.word() || derives(class.word()) {
                return Word::TRUE;
            }
        }
    } else {
        return Word::UNBOUND;
    }
    // What has another `__class__` may claim to be one.
    if vm.claims_own_class(ty) { Word::FALSE } else { Word::UNBOUND }
}
pub(super) fn issubclass(vm: &Vm, sub: &Value, class: &Value) -> Res {
    vm.is_subclass_of(sub, class).map(Value::bool)
}

// ---- attributes ----------------------------------------------------------------------------------------------------------

fn check_name(vm: &Vm, name: &Value) -> Res<()> {
    if vm.is_str(name) {
        return Ok(());
    }
    Err(vm.type_error(format_args!("attribute name must be string, not '{}'", vm.type_name(name))))
}

pub(super) fn getattr(vm: &Vm, args: &[Value]) -> Res {
    check_name(vm, &args[1])?;
    let Some(default) = given(args, 2) else { return vm.get_attr(&args[0], &args[1]) };
    Ok(vm.get_attr_opt(&args[0], &args[1])?.unwrap_or_else(|| default.clone()))
}
pub(super) fn hasattr(vm: &Vm, object: &Value, name: &Value) -> Res {
    check_name(vm, name)?;
    Ok(Value::bool(vm.get_attr_opt(object, name)?.is_some()))
}
pub(super) fn setattr(vm: &Vm, object: &Value, name: &Value, value: &Value) -> Res {
    check_name(vm, name)?;
    vm.set_attr(object, name, Some(value)).map(|()| Value::NONE)
}
pub(super) fn delattr(vm: &Vm, object: &Value, name: &Value) -> Res {
    check_name(vm, name)?;
    vm.set_attr(object, name, None).map(|()| Value::NONE)
}

pub(super) fn vars(vm: &Vm, args: &[Value]) -> Res {
    let Some(object) = given(args, 0) else { return scope::locals(vm) };
    match vm.get_attr_opt(object, &vm.names.__dict__)? {
        Some(dict) => Ok(dict),
        None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
    }
}

// ---- dir -----------------------------------------------------------------------------------------------------------------

fn sorted_list(vm: &Vm, items: &Value) -> Res {
    let list = vm.list_of(items)?.into_value();
    crate::types::list::sort_plainly(vm, &list)?;
    Ok(list)
}

/// The keys of a namespace, which may be any mapping.
fn keys_of(vm: &Vm, namespace: &Value) -> Res {
    if namespace.exact::<Dict>().is_some() {
        return Ok(namespace.clone());
    }
    vm.mapping_keys(namespace)
}

pub(super) fn dir(vm: &Vm, args: &[Value]) -> Res {
    let Some(object) = given(args, 0) else {
        return sorted_list(vm, &keys_of(vm, &scope::locals(vm)?)?);
    };
    match vm.call_special(object, &vm.names.__dir__, &[])? {
        Some(names) => sorted_list(vm, &names),
        None => Err(vm.type_error("object does not provide __dir__")),
    }
}

impl Vm {
    /// Adds the names of a class and of its bases. Runs Python (`__eq__` of keys that are no strs); raises what that raises,
    /// `MemoryError`, and as [`Vm::work`].
    pub fn class_names(&self, ty: &TypeObj, names: &Dict) -> Res<()> {
        for class in ty.mro_items().to_vec() {
            let Some(class) = class.get::<TypeObj>() else { continue };
            self.work(1)?;
            merge(self, names, class.dict(), true)?;
        }
        Ok(())
    }
}

impl Vm {
    /// `object.__dir__`, `type.__dir__` and `module.__dir__`: a list of names in no particular order. Runs Python (`__dict__`,
    /// `__class__`, the `__dir__` of a module); raises what that raises, and as [`Vm::class_names`].
    pub fn object_dir(&self, object: &Value) -> Res {
        let names = self.new_dict()?;
        if let Some(ty) = object.get::<TypeObj>() {
            self.class_names(ty, &names)?;
        } else {
            let own = self.get_attr_opt(object, &self.names.__dict__)?;
            if let Some(module) = object.get::<Module>()
                && let Some(custom) = module.dict().get_name(&self.names.__dir__)
            {
                return self.call(&custom.clone(), &[]);
            }
            if let Some(own) = own.as_ref().and_then(|o| o.get::<Dict>()) {
                merge(self, &names, own, true)?;
            }
            if !object.has::<Module>()
                && let Some(class) = self.get_attr_opt(object, &self.names.__class__)?
                && let Some(ty) = class.get::<TypeObj>()
            {
                self.class_names(ty, &names)?;
            }
        }
        self.list_of(names.value()).map(Ref::into_value)
    }
}
