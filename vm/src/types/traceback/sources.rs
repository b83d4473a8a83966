//! The source lines that a traceback shows: those of files, and those that only a module's loader has, such as one of a zip file.

use super::Traceback;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// A line of the file that a traceback's entry is in, if anybody has it. Runs Python: the module's loader, once a file.
pub fn line(vm: &Vm, entry: &Traceback, filename: &str, line: u32) -> Option<String> {
    // CPython has no source of what is frozen.
    if filename.starts_with("<frozen ") {
        return None;
    }
    let known = vm.host.source_line(filename, line);
    if known.is_some() || filename.starts_with('<') || vm.host.source_text(filename).is_some() {
        return known;
    }
    let text = told_by_loader(vm, entry.function().globals()).unwrap_or_else(|raised| {
        drop(vm.take_raised(raised));
        None
    });
    let text = text.map(|text| vm.text(&text));
    // Nobody is asked twice.
    vm.host.note_source(filename, text.as_deref().unwrap_or_default());
    vm.host.source_line(filename, line)
}

/// What the loader of a module says is its source.
fn told_by_loader(vm: &Vm, globals: &Dict) -> Res<Option<Value>> {
    let global = |name: &str| -> Res<Option<Value>> {
        let name = vm.intern(name)?;
        Ok(globals.get_name(&name).cloned().filter(|v| !v.is_none()))
    };
    let spec = global("__spec__")?;
    let of_spec = |name: &str| -> Res<Option<Value>> {
        let Some(spec) = &spec else { return Ok(None) };
        Ok(vm.get_attr_opt(spec, &vm.intern(name)?)?.filter(|value| !value.is_none()))
    };
    let name = of_spec("name")?.map_or_else(|| global("__name__"), |name| Ok(Some(name)))?;
    let loader = of_spec("loader")?.map_or_else(|| global("__loader__"), |loader| Ok(Some(loader)))?;
    let (Some(name), Some(loader)) = (name, loader) else { return Ok(None) };
    let Some(source) = vm.get_attr_opt(&loader, &vm.intern("get_source")?)? else { return Ok(None) };
    Ok(Some(vm.call(&source, &[name])?).filter(|text| vm.is_str(text)))
}
