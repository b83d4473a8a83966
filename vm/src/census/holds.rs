//! How an object holds another, in words of Python: `['key']`, `.name`, `.__closure__`; and what the interpreter itself holds.

use ryokan_alloc::ObjPtr;

use super::brief::{brief, text};
use super::fields::attribute;
use super::lent;
use crate::hooks::trace_object;
use crate::object::kind::each_field;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Layout, ShapeBits};
use crate::stack::Frame;
use crate::types::cell::CellObj;
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::types::frame::FrameObj;
use crate::types::function::{BoundMethod, Function};
use crate::types::generator::Generator;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::set::{FrozenSet, Set};
use crate::types::threads::local::Local;
use crate::types::traceback::Traceback;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// Whether a slot refers to an object.
fn is(slot: &Value, object: ObjPtr) -> bool {
    slot.object() == Some(object)
}

/// The first of the fields that refers to an object.
fn field(fields: &[(&'static str, &Value)], object: ObjPtr) -> Option<String> {
    fields.iter().find(|(_, slot)| is(slot, object)).map(|(name, _)| format!(".{name}"))
}

/// The variable of a code whose register refers to an object, or to a cell that is it.
pub fn variable(code: &CodeObj, registers: &[Value], object: ObjPtr) -> Option<String> {
    let at = registers.iter().position(|register| is(register, object))?;
    code.locals.get(at).map(text)
}

fn by_item(vm: &Vm, holder: &Value, object: ObjPtr) -> Option<String> {
    let item = |items: &[Value]| items.iter().position(|item| is(item, object)).map(|at| format!("[{at}]"));
    if let Some(list) = holder.get::<List>() {
        return item(list.items());
    }
    if let Some(tuple) = holder.get::<Tuple>() {
        return item(tuple.items());
    }
    if let Some(dict) = holder.get::<Dict>() {
        let value = dict.entries().find(|entry| is(&entry.value, object));
        return match value {
            Some(entry) => Some(format!("[{}]", brief(vm, &entry.key))),
            None => dict.entries().any(|entry| is(&entry.key, object)).then(|| " key".to_string()),
        };
    }
    (holder.has::<Set>() || holder.has::<FrozenSet>()).then(|| " element".to_string())
}

fn by_field(vm: &Vm, holder: &Value, object: ObjPtr) -> Option<String> {
    if let Some(cell) = holder.get::<CellObj>() {
        return field(&[("cell_contents", &cell.content)], object);
    }
    if let Some(f) = holder.get::<Function>() {
        let fields = [
            ("__closure__", &f.closure),
            ("__defaults__", &f.defaults),
            ("__kwdefaults__", &f.kwdefaults),
            ("__dict__", &f.dict),
            ("__globals__", &f.globals),
            ("__code__", &f.code),
            ("__annotations__", &f.annotations),
            ("__doc__", &f.doc),
        ];
        return field(&fields, object);
    }
    if let Some(method) = holder.get::<BoundMethod>() {
        return field(&[("__self__", &method.this), ("__func__", &method.function)], object);
    }
    if let Some(e) = holder.get::<Exception>() {
        let fields = [
            ("args", &e.args),
            ("__traceback__", &e.traceback),
            ("__context__", &e.context),
            ("__cause__", &e.cause),
        ];
        return field(&fields, object);
    }
    if let Some(entry) = holder.get::<Traceback>() {
        return field(&[("tb_next", &entry.next)], object)
            .or_else(|| entry.variable_of(object).map(|name| format!(".tb_frame.f_locals['{name}']")))
            .or_else(|| Some(".tb_frame".to_string()));
    }
    if let Some(frame) = holder.get::<FrameObj>() {
        return frame.variable_of(vm, object).map(|name| format!(".f_locals['{name}']"));
    }
    if let Some(generator) = holder.get::<Generator>() {
        let name = variable(generator.code(), generator.registers(), object)?;
        return Some(format!(".gi_frame.f_locals['{name}']"));
    }
    if let Some(module) = holder.get::<Module>() {
        return field(&[("__dict__", &module.dict)], object);
    }
    if holder.get::<Local>().is_some_and(|local| local.keeps(object)) {
        return Some(" by thread".to_string());
    }
    let class = holder.get::<TypeObj>()?;
    let own = class.dict().entries().find(|entry| is(&entry.value, object));
    own.map(|entry| format!(".{}", text(&entry.key))).or_else(|| Some(".__dict__".to_string()))
}

/// An attribute, which lies behind the payload.
fn by_attribute(vm: &Vm, holder: &Value, object: ObjPtr) -> Option<String> {
    let header = holder.header()?;
    if header.shape().index() < crate::object::layout::FIXED_SHAPES {
        return None;
    }
    let shape = vm.shapes.get(header.shape());
    let (mut at, mut found, mut len) = (0usize, None, 0usize);
    trace_object(vm, holder.object()?, &mut |slot| {
        if found.is_none() && is(slot, object) {
            found = Some(at);
        }
        at += 1;
        len = at;
    });
    // The last one is the class, if it is one of Python's; the one before that lies in the last word.
    let slots = len - usize::from(shape.class().is_some_and(|class| class.has(TypeFlags::HEAP)));
    let from_end = slots.checked_sub(found?)?;
    if from_end == 0 {
        return Some(".__class__".to_string());
    }
    attribute(shape, from_end).map(|name| format!(".{name}"))
}

/// How a holder holds an object: what is to be written behind the holder's name.
pub fn how(vm: &Vm, holder: ObjPtr, object: ObjPtr) -> String {
    let holder = lent(holder);
    by_item(vm, &holder, object)
        .or_else(|| by_field(vm, &holder, object))
        .or_else(|| by_attribute(vm, &holder, object))
        .or_else(|| by_native_field(&holder, object))
        .unwrap_or_else(|| " ..".to_string())
}

/// A field of a native type's body, which no name of Python leads to.
fn by_native_field(holder: &Value, object: ObjPtr) -> Option<String> {
    if crate::object::layout_of(holder.object()?) != Layout::Native as u32 {
        return None;
    }
    let mut found = "";
    each_field(holder, &mut |name, slot| {
        if is(slot, object) {
            found = name;
        }
    });
    Some(if found.is_empty() { " inside".to_string() } else { format!(" ({found})") })
}

/// Whether a frame is one of the module `ryokan`, which asks.
fn asks(frame: &Frame) -> bool {
    let code = frame.run().object();
    text(&code.filename).ends_with("/lib/python3.14/ryokan.py")
}

/// Visits what the interpreter holds by a name: the modules, then the variables of frames, from the top one on, and the context that a
/// thread is in.
pub fn each_named_root(vm: &Vm, visit: &mut dyn FnMut(ObjPtr, &dyn Fn() -> String)) {
    if let Some(modules) = vm.modules.object() {
        visit(modules, &|| "sys.modules".to_string());
    }
    vm.each_thread(&mut |_, thread| {
        for frame in thread.stacks.iter().filter(|frame| !frame.is_boundary() && !asks(frame)) {
            let code = frame.run().object();
            for (register, name) in frame.locals().iter().zip(&code.locals) {
                if let Some(object) = register.object() {
                    visit(object, &|| format!("{}: {}", place(frame), text(name)));
                }
            }
        }
        thread
            .context
            .object()
            .into_iter()
            .for_each(|context| visit(context, &|| "the current context".to_string()));
    });
}

/// A frame's function.
fn place(frame: &Frame) -> String {
    let name = text(&frame.run().object().qualname);
    if name.starts_with('<') { name } else { format!("{name}()") }
}

/// Visits what the interpreter holds in other ways: namespaces of bodies and temporaries of frames, exceptions under way, what its parts
/// keep.
pub fn each_other_root(vm: &Vm, visit: &mut dyn FnMut(ObjPtr, &'static str)) {
    vm.each_thread(&mut |_, thread| {
        thread.trace(&mut |value| {
            value.object().into_iter().for_each(|object| visit(object, "a running frame"))
        });
    });
    vm.trace_roots(&mut |value| {
        value.object().into_iter().for_each(|object| visit(object, "the interpreter"));
    });
}
