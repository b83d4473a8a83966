//! What an object shows of itself: its items, attributes and variables, each with a label. Not all that it refers to, but what a reader of
//! the program would draw.

use ryokan_alloc::ObjPtr;

use super::brief::{brief, text};
use crate::hooks::trace_object;
use crate::object::ShapeBits;
use crate::object::layout::FIXED_SHAPES;
use crate::object::shape::{EXT_AT_END, Shape};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::types::cell::CellObj;
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::types::function::{BoundMethod, Function};
use crate::types::generator::Generator;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::set::{FrozenSet, Set};
use crate::types::traceback::Traceback;
use crate::types::tuple::Tuple;
use crate::value::{Borrowed, Value};
use crate::vm::Vm;

/// Is shown a label and the slot that it is of; false: enough.
pub type Show<'a> = &'a mut dyn FnMut(&dyn Fn() -> String, &Value) -> bool;

fn items(items: &[Value], show: Show<'_>) {
    let _ = items.iter().enumerate().all(|(at, item)| show(&|| format!("[{at}]"), item));
}

/// What builtin containers and the parts of a program show; whether it is one.
fn plain(vm: &Vm, value: &Value, show: Show<'_>) -> bool {
    if let Some(list) = value.get::<List>() {
        items(list.items(), show);
    } else if let Some(tuple) = value.get::<Tuple>() {
        items(tuple.items(), show);
    } else if let Some(dict) = value.get::<Dict>() {
        let _ = dict.entries().all(|entry| show(&|| format!("[{}]", brief(vm, &entry.key)), &entry.value));
    } else if let Some(set) = value.get::<Set>().or_else(|| value.get::<FrozenSet>().map(FrozenSet::elements))
    {
        let _ = set.each(&mut |element| show(&|| "has".to_string(), element));
    } else if let Some(cell) = value.get::<CellObj>() {
        show(&|| "cell_contents".to_string(), &cell.content);
    } else if let Some(function) = value.get::<Function>() {
        function_parts(function, show);
    } else if let Some(method) = value.get::<BoundMethod>() {
        let _ = show(&|| "__self__".to_string(), &method.this)
            && show(&|| "__func__".to_string(), &method.function);
    } else if let Some(generator) = value.get::<Generator>() {
        let names = generator.code().locals.iter();
        let _ = names.zip(generator.registers()).all(|(name, slot)| show(&|| text(name), slot));
    } else if let Some(e) = value.get::<Exception>() {
        let parts = [
            ("args", &e.args),
            ("__traceback__", &e.traceback),
            ("__context__", &e.context),
            ("__cause__", &e.cause),
        ];
        let mut there = parts.iter().filter(|(_, slot)| !slot.is_none());
        let _ = there.all(|(name, slot)| show(&|| (*name).to_string(), slot));
    } else if let Some(entry) = value.get::<Traceback>() {
        show(&|| "tb_next".to_string(), &entry.next);
    } else if let Some(class) = value.get::<TypeObj>() {
        class_parts(class, show);
    } else {
        return value.has::<Module>();
    }
    true
}

fn function_parts(function: &Function, show: Show<'_>) {
    let free = function.closure.get::<Tuple>().map(Tuple::items).unwrap_or_default();
    let code = function.code();
    // (A code that was never called need not be whole.)
    let names: Vec<String> = match code.is_whole() {
        true => code
            .code
            .locals
            .iter()
            .zip(&code.locals)
            .filter(|(l, _)| l.kind == ryokan_bytecode::LocalKind::Free)
            .map(|(_, n)| text(n))
            .collect(),
        false => Vec::new(),
    };
    let label =
        |at: usize| names.get(at).map_or_else(|| format!("__closure__[{at}]"), |name| format!("cell {name}"));
    let goes_on = free.iter().enumerate().all(|(at, cell)| show(&|| label(at), cell));
    let parts = [
        ("__defaults__", &function.defaults),
        ("__kwdefaults__", &function.kwdefaults),
        ("__dict__", &function.dict),
    ];
    let mut there = parts.iter().filter(|(_, slot)| goes_on && !slot.is_none() && !slot.is_unbound());
    let _ = there.all(|(name, slot)| show(&|| (*name).to_string(), slot));
}

fn class_parts(class: &TypeObj, show: Show<'_>) {
    if !class.has(TypeFlags::HEAP) {
        return;
    }
    let own = class.dict().entries().filter(|entry| !text(&entry.key).starts_with("__"));
    let mut own = own.filter(|entry| !entry.value.has::<crate::types::descriptors::Member>());
    let _ = own.all(|entry| show(&|| text(&entry.key), &entry.value));
}

/// The name of the attribute in the slot that is so many from the end of an object.
pub fn attribute(shape: &Shape, from_end: usize) -> Option<String> {
    if shape.ext == EXT_AT_END {
        return (from_end == 1).then(|| "__dict__".to_string());
    }
    let word = shape.words().checked_sub(from_end)?;
    if shape.dict_mode && word == usize::from(shape.ext) {
        return Some("__dict__".to_string());
    }
    let slot = word.checked_sub(usize::from(shape.first)).filter(|_| shape.first > 0);
    if let Some(name) = slot.and_then(|slot| shape.names().get(slot).copied()) {
        return Some(text(&Borrowed::new(name)));
    }
    member(shape.class()?, word)
}

/// The name of the `__slots__` member at a word.
fn member(class: &TypeObj, word: usize) -> Option<String> {
    for class in class.mro_items().iter().filter_map(|class| class.get::<TypeObj>()) {
        for entry in class.dict().entries() {
            let member = entry.value.get::<crate::types::descriptors::Member>();
            if member.is_some_and(|member| usize::from(member.word()) == word) {
                return Some(text(&entry.key));
            }
        }
    }
    None
}

/// The attributes of an instance of a class of Python's.
fn attributes(vm: &Vm, object: ObjPtr, shape: &Shape, show: Show<'_>) {
    let (mut len, mut at, mut goes_on) = (0, 0, true);
    trace_object(vm, object, &mut |_| len += 1);
    let slots = len - usize::from(shape.class().is_some_and(|class| class.has(TypeFlags::HEAP)));
    trace_object(vm, object, &mut |slot| {
        let name =
            (at < slots && goes_on && !slot.is_unbound()).then(|| attribute(shape, slots - at)).flatten();
        at += 1;
        match (name, slot.get::<Dict>()) {
            (Some(name), Some(dict)) if name == "__dict__" => {
                goes_on =
                    dict.entries().all(|entry| show(&|| format!(".{}", text(&entry.key)), &entry.value));
            }
            (Some(name), _) => goes_on = show(&|| format!(".{name}"), slot),
            _ => {}
        }
    });
}

/// Shows the fields of an object.
pub fn each(vm: &Vm, value: &Value, show: Show<'_>) {
    let Some(object) = value.object() else { return };
    let mut goes_on = true;
    plain(vm, value, &mut |label, slot| {
        goes_on = show(label, slot);
        goes_on
    });
    let shape = value.word().shape();
    if goes_on && shape.index() >= FIXED_SHAPES && !value.has::<TypeObj>() && !value.has::<Function>() {
        attributes(vm, object, vm.shapes.get(shape), show);
    }
}

/// Whether an object shows none, whatever it refers to: names of modules and of what is written in Rust are enough.
pub fn is_closed(value: &Value) -> bool {
    let own = value.get::<TypeObj>().is_some_and(|class| !class.has(TypeFlags::HEAP));
    own || value.has::<Module>()
}
