//! Structural pattern matching.

use super::{At, helper};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;

helper! {
    class, 1, match_class;
    mapping, 1, is_mapping;
    sequence, 1, is_sequence;
    keys, 1, match_keys;
    len, 1, length;
}

fn flagged(at: At<'_>, flag: TypeFlags) -> Res<()> {
    let first = at.a();
    let ty = at.vm.type_of(at.reg(first));
    let answer = ty.mro_items().iter().any(|c| c.get::<TypeObj>().is_some_and(|c| c.has(flag)));
    at.reg(first + 1).set(Value::bool(answer));
    Ok(())
}
fn is_mapping(at: At<'_>) -> Res<()> {
    flagged(at, TypeFlags::MAPPING)
}
fn is_sequence(at: At<'_>) -> Res<()> {
    flagged(at, TypeFlags::SEQUENCE)
}
fn length(at: At<'_>) -> Res<()> {
    let len = at.vm.length(at.reg(at.a()))?;
    at.reg(at.a() + 1).set(at.vm.int(len as i64)?);
    Ok(())
}
fn match_keys(at: At<'_>) -> Res<()> {
    let (vm, first) = (at.vm, at.a());
    let (subject, keys) = (at.reg(first), at.reg(first + 1).clone());
    let list = keys.get::<Tuple>().map_or(&[][..], Tuple::items);
    let mut found: Vec<Value> = Vec::with_capacity(list.len());
    let missing = vm.new_list(Vec::new())?;
    let get = vm.get_attr(subject, &vm.intern("get")?)?;
    for (i, key) in list.iter().enumerate() {
        for earlier in &list[..i] {
            if vm.equal(earlier, key)? {
                return Err(vm.value_error(format_args!(
                    "mapping pattern checks duplicate key ({})",
                    vm.key_name(key)
                )));
            }
        }
        let value = vm.call(&get, &[key.clone(), missing.clone()])?;
        if value.is(&missing) {
            at.reg(first + 2).set(Value::NONE);
            return Ok(());
        }
        found.push(value);
    }
    at.reg(first + 2).set(vm.new_tuple(found)?);
    Ok(())
}
fn match_class(at: At<'_>) -> Res<()> {
    let (vm, first, positional) = (at.vm, at.b(), at.c());
    let subject = at.reg(first).take();
    let class = at.reg(first + 1).take();
    let names = at.reg(first + 2).take();
    let Some(ty) = class.get::<TypeObj>() else {
        return Err(vm.type_error("called match pattern must be a class"));
    };
    if !vm.is_instance_of(&subject, &class)? {
        return at.give(Value::NONE);
    }
    let kind = || vm.text(&ty.name);
    let named = items_of(&names);
    let mut allowed = None;
    let mut itself = false;
    if positional > 0 {
        allowed = match vm.get_attr_opt(&class, &vm.names.__match_args__)? {
            Some(args) if !args.has::<Tuple>() => {
                return Err(vm.type_error(format_args!(
                    "{}.__match_args__ must be a tuple (got {})",
                    kind(),
                    vm.type_name(&args)
                )));
            }
            args => args,
        };
        itself = allowed.is_none()
            && ty
                .mro_items()
                .iter()
                .any(|c| c.get::<TypeObj>().is_some_and(|c| c.has(TypeFlags::MATCH_SELF)));
        let most = if itself { 1 } else { allowed.as_ref().map_or(0, |args| items_of(args).len()) };
        if positional > most {
            let plural = if most == 1 { "" } else { "s" };
            return Err(vm.type_error(format_args!(
                "{}() accepts {most} positional sub-pattern{plural} ({positional} given)",
                kind()
            )));
        }
    }
    let positions = match &allowed {
        Some(args) if !itself => &items_of(args)[..positional],
        _ => &[],
    };
    let mut found = vm.vector(usize::from(itself) + positions.len() + named.len())?;
    if itself {
        found.push(subject.clone());
    }
    for (at_position, name) in positions.iter().chain(named).enumerate() {
        if at_position < positions.len() && !name.has::<Str>() {
            return Err(vm.type_error(format_args!(
                "__match_args__ elements must be strings (got {})",
                vm.type_name(name)
            )));
        }
        let same = |other: &Value| other.is(name) || vm.text(other) == vm.text(name);
        if positions.iter().chain(named).take(at_position).any(same) {
            return Err(vm.type_error(format_args!(
                "{}() got multiple sub-patterns for attribute '{}'",
                kind(),
                vm.text(name)
            )));
        }
        match vm.get_attr_opt(&subject, name)? {
            Some(value) => found.push(value),
            None => return at.give(Value::NONE),
        }
    }
    at.give(vm.take_tuple(&found)?)
}

/// The items of what was seen to be a tuple.
fn items_of(tuple: &Value) -> &[Value] {
    tuple.get::<Tuple>().map_or(&[], Tuple::items)
}
