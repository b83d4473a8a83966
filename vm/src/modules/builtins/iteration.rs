//! Functions on iterables.

use crate::object::call::Args;
use crate::raised::Res;
use crate::types::str::Str;
use crate::types::str::args::given;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn all(vm: &Vm, iterable: &Value) -> Res {
    let iterator = vm.iter(iterable)?;
    let mut all = true;
    vm.each(&iterator, |item| {
        all = vm.truth(&item)?;
        Ok(all)
    })?;
    Ok(Value::bool(all))
}

pub(super) fn any(vm: &Vm, iterable: &Value) -> Res {
    let iterator = vm.iter(iterable)?;
    let mut any = false;
    vm.each(&iterator, |item| {
        any = vm.truth(&item)?;
        Ok(!any)
    })?;
    Ok(Value::bool(any))
}

pub(super) fn iter(vm: &Vm, args: &[Value]) -> Res {
    match given(args, 1) {
        None => vm.iter(&args[0]),
        Some(_) if vm.slots(&args[0]).call().is_none() => {
            Err(vm.type_error("iter(v, w): v must be callable"))
        }
        Some(sentinel) => vm.new_call_iter(args[0].clone(), sentinel.clone()),
    }
}

pub(super) fn next(vm: &Vm, args: &[Value]) -> Res {
    let Some(default) = given(args, 1) else {
        return match vm.next_or_stop(&args[0])? {
            Some(item) => Ok(item),
            None => {
                let stop = vm.new_exception(&vm.exc.StopIteration, Vec::new())?;
                Err(vm.raise_value(stop))
            }
        };
    };
    Ok(vm.next(&args[0])?.unwrap_or_else(|| default.clone()))
}

pub(super) fn aiter(vm: &Vm, value: &Value) -> Res {
    match vm.slots(value).aiter() {
        Some(slot) => {
            let iterator = slot.call(vm, value)?;
            if vm.slots(&iterator).anext().is_none() {
                let kind = vm.type_name(&iterator);
                return Err(
                    vm.type_error(format_args!("aiter() returned not an async iterator of type '{kind}'"))
                );
            }
            Ok(iterator)
        }
        None => Err(vm.type_error(format_args!("'{}' object is not an async iterable", vm.type_name(value)))),
    }
}

pub(super) fn anext(vm: &Vm, args: &[Value]) -> Res {
    let Some(slot) = vm.slots(&args[0]).anext() else {
        return Err(
            vm.type_error(format_args!("'{}' object is not an async iterator", vm.type_name(&args[0])))
        );
    };
    let awaitable = slot.call(vm, &args[0])?;
    match given(args, 1) {
        Some(default) => crate::types::coroutine::anext_or(vm, awaitable, default.clone()),
        None => Ok(awaitable),
    }
}

pub(super) fn sorted(vm: &Vm, args: Args<'_>) -> Res {
    let [iterable] = args.pos else {
        return Err(vm.type_error(format_args!("sorted expected 1 argument, got {}", args.pos.len())));
    };
    let list = vm.list_of(iterable)?.into_value();
    if args.names.is_empty() {
        crate::types::list::sort_plainly(vm, &list)?;
        return Ok(list);
    }
    let (mut key, mut reverse) = (None, false);
    for (name, value) in args.names.iter().zip(args.named) {
        let text = name.get::<Str>();
        if text.is_some_and(|text| text.is_text("key")) {
            key = Some(value).filter(|key| !key.is_none());
        } else if text.is_some_and(|text| text.is_text("reverse")) {
            reverse = vm.truth(value)?;
        } else {
            return Err(vm.unexpected_keyword("sort", name, &["key", "reverse"]));
        }
    }
    crate::types::list::sort_by(vm, &list, key, reverse)?;
    Ok(list)
}
