//! The class statement: `__build_class__`, which asks the bases, prepares the namespace, runs the body and calls the metaclass.

use super::bases::winner;
use crate::object::call::Args;
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::cell::CellObj;
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `__build_class__(body, name, *bases, metaclass=.., **kwargs)`
pub fn build_class(vm: &Vm, args: Args<'_>) -> Res {
    let [body, name, given @ ..] = args.pos else {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    };
    if !body.has::<Function>() {
        return Err(vm.type_error("__build_class__: func must be a function"));
    };
    if !vm.is_str(name) {
        return Err(vm.type_error("__build_class__: name is not a string"));
    }
    let (bases, changed) = resolve_bases(vm, given)?;
    let bases_tuple = vm.new_tuple(bases.clone())?;
    let mut meta = None;
    let (mut names, mut named): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for (n, v) in args.names.iter().zip(args.named) {
        if n.word() == vm.names.metaclass.word() {
            meta = Some(v.clone());
        } else {
            names.push(n.clone());
            named.push(v.clone());
        }
    }
    let meta = match meta {
        Some(meta) if meta.get::<TypeObj>().is_none() => meta,
        Some(meta) => winner(vm, &meta, &bases)?,
        None => {
            let first = bases.first().map_or(vm.types.r#type.to_value(), |b| vm.type_of(b).to_value());
            winner(vm, &first, &bases)?
        }
    };
    let mut slots = vec![name.clone(), bases_tuple.clone()];
    slots.extend(named.iter().cloned());
    let namespace = match vm.get_attr_opt(&meta, &vm.names.__prepare__)? {
        Some(prepare) => vm.call_args(&prepare, Args::split(&slots, &names))?,
        None => vm.new_dict()?.into_value(),
    };
    if vm.slots(&namespace).getitem().is_none() {
        let shown = meta.get::<TypeObj>().map_or("<metaclass>".to_string(), |m| vm.text(&m.name).to_string());
        return Err(vm.type_error(format_args!(
            "{shown}.__prepare__() must return a mapping, not {}",
            vm.type_name(&namespace)
        )));
    }
    let cell = vm.run_code(body, &namespace)?;
    if changed {
        vm.set_item(&namespace, &vm.names.__orig_bases__, &vm.new_tuple(given.to_vec())?)?;
    }
    let mut slots = vec![name.clone(), bases_tuple, namespace];
    slots.extend(named);
    let class = vm.call_args(&meta, Args::split(&slots, &names))?;
    if let Some(content) = cell.get::<CellObj>()
        && class.get::<TypeObj>().is_some()
        && !content.content.is(&class)
    {
        let shown = vm.text(name);
        if content.content.is_unbound() {
            return Err(vm.runtime_error(format_args!(
                "__class__ not set defining '{shown}' as {}. Was __classcell__ propagated to type.__new__?",
                vm.key_name(&class)
            )));
        }
        return Err(vm.type_error(format_args!(
            "__class__ set to {} defining '{shown}' as {}",
            vm.key_name(&content.content),
            vm.key_name(&class)
        )));
    }
    Ok(class)
}

/// Replaces bases that are no types by what their `__mro_entries__` gives.
fn resolve_bases(vm: &Vm, given: &[Value]) -> Res<(Vec<Value>, bool)> {
    let mut bases = Vec::with_capacity(given.len());
    let mut changed = false;
    for base in given {
        if base.get::<TypeObj>().is_none()
            && let Some(hook) = vm.get_attr_opt(base, &vm.names.__mro_entries__)?
        {
            let entries = vm.call(&hook, &[vm.new_tuple(given.to_vec())?])?;
            let Some(tuple) = entries.get::<Tuple>() else {
                return Err(vm.type_error("__mro_entries__ must return a tuple"));
            };
            bases.extend(tuple.items().iter().cloned());
            changed = true;
        } else {
            bases.push(base.clone());
        }
    }
    Ok((bases, changed))
}
