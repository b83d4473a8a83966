//! Imports, and what the prompt prints.

use super::{At, helper, names};
use crate::raised::Res;
use crate::value::Value;

helper! {
    import_name, 1, import;
    import_from, 1, from;
    import_star, 1, star;
    print_expr, 1, print;
}

fn import(at: At<'_>) -> Res<()> {
    let (level, list) = (at.reg(at.b()).take(), at.reg(at.b() + 1).take());
    // (For a function's import `__import__` gets None as the locals.)
    let of_function = at.code().flags().intersects(ryokan_bytecode::CodeFlags::OPTIMIZED);
    let locals = if of_function { &Value::NONE } else { names::namespace(&at) };
    let around = [&at.function().globals, locals];
    let module = crate::import::import(at.vm, at.name(at.c()), around, &list, &level)?;
    at.give(module)
}
fn from(at: At<'_>) -> Res<()> {
    let first = at.a();
    let value = crate::import::import_from(at.vm, at.reg(first), at.name(at.c()))?;
    at.reg(first + 1).set(value);
    Ok(())
}
fn star(at: At<'_>) -> Res<()> {
    let module = at.reg(at.b()).take();
    crate::import::star::import_star(at.vm, &module, names::namespace(&at))
}
fn print(at: At<'_>) -> Res<()> {
    let value = at.reg(at.b()).take();
    crate::modules::sys::display_hook(at.vm, &value)
}
