//! A value in a few characters, told without running Python and without giving a number an identity.

use super::size_of;
use crate::object::kind::each_field;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::types::bytes::Bytes;
use crate::types::code::CodeObj;
use crate::types::complex::{Complex, complex_text};
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::types::float::{FloatBox, repr_text};
use crate::types::function::Function;
use crate::types::generator::Generator;
use crate::types::int::{Num, is_exact_int, view};
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::set::{FrozenSet, Set};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// So many characters of a text are shown.
const CHARACTERS: usize = 48;
/// Ints of more bits are told by how many.
const BITS: usize = 160;

/// The name of a class, with its module unless that is `builtins` or `__main__`.
pub fn class_name(vm: &Vm, class: &TypeObj) -> String {
    if let (Some(def), false) = (class.def, class.has(TypeFlags::HEAP)) {
        return def.name.strip_prefix("builtins.").unwrap_or(def.name).to_string();
    }
    let name = text(&class.qualname);
    let module = class.dict().get_name(&vm.names.__module__).map(text).unwrap_or_default();
    if ["", "builtins", "__main__"].contains(&module.as_str()) { name } else { format!("{module}.{name}") }
}

/// The name of a value's class.
pub fn type_name(vm: &Vm, value: &Value) -> String {
    class_name(vm, vm.type_of(value))
}

/// The characters of a str, at most a few hundred; of anything else none.
pub fn text(value: &Value) -> String {
    let shown = |c: u32| char::from_u32(c).unwrap_or('\u{FFFD}');
    value.get::<Str>().map(|text| text.chars().iter().take(300).map(shown).collect()).unwrap_or_default()
}

/// A str as Python shows it, or the beginning of one.
fn quoted(text: &Str) -> String {
    let quote = if text.chars().iter().take(CHARACTERS).any(|c| c == u32::from('\'')) { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars().iter().take(CHARACTERS) {
        match char::from_u32(c) {
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some('\r') => out.push_str("\\r"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => out.extend(['\\', c]),
            Some(c) if !c.is_control() => out.push(c),
            _ => out.push_str(&format!("\\x{c:02x}")),
        }
    }
    out.push(quote);
    if text.len() > CHARACTERS { format!("{out}.. ({} characters)", text.len()) } else { out }
}

fn bytes(bytes: &[u8]) -> String {
    let shown: String = bytes.iter().take(CHARACTERS / 2).map(|b| b.escape_ascii().to_string()).collect();
    match bytes.len() > CHARACTERS / 2 {
        true => format!("b'{shown}'.. ({} bytes)", bytes.len()),
        false => format!("b'{shown}'"),
    }
}

/// A number, exactly of a builtin type.
fn number(vm: &Vm, value: &Value) -> Option<String> {
    let word = crate::types::int::unbox_word(value.word());
    if word.is_float() {
        return Some(repr_text(word.float()));
    }
    if let Some(float) = value.exact::<FloatBox>() {
        return Some(repr_text(float.value));
    }
    if let Some(complex) = value.exact::<Complex>() {
        return Some(complex_text((complex.re, complex.im)));
    }
    let exact = is_exact_int(value) && std::ptr::eq(vm.type_of(value), &*vm.types.int);
    match view(value).filter(|_| exact)? {
        Num::Small(n) => Some(n.to_string()),
        Num::Big(n) => {
            let bits = Num::Big(n).bits();
            Some(if bits <= BITS { n.to_string() } else { format!("an int of {bits} bits") })
        }
    }
}

fn named(word: Word) -> Option<&'static str> {
    Some(match word {
        Word::NONE => "None",
        Word::TRUE => "True",
        Word::FALSE => "False",
        Word::ELLIPSIS => "Ellipsis",
        Word::NOT_IMPLEMENTED => "NotImplemented",
        Word::UNBOUND => "nothing",
        _ => return None,
    })
}

/// Things with names of their own.
fn called(vm: &Vm, value: &Value) -> Option<String> {
    if let Some(function) = value.get::<Function>() {
        return Some(format!("{}()", text(&function.qualname)));
    }
    if let Some(class) = value.get::<TypeObj>() {
        return Some(format!("class {}", class_name(vm, class)));
    }
    if let Some(module) = value.get::<Module>() {
        return Some(format!(
            "module {}",
            module.dict().get_name(&vm.names.__name__).map(text).unwrap_or_default()
        ));
    }
    if let Some(code) = value.get::<CodeObj>() {
        return Some(format!("code of {}()", text(&code.qualname)));
    }
    let generator = value.get::<Generator>()?;
    Some(format!("{} {}()", generator.kind(), text(generator.qualname())))
}

/// A container by its size.
fn counted(value: &Value) -> Option<usize> {
    let list = value.get::<List>().map(List::len);
    let tuple = || value.get::<Tuple>().map(|tuple| tuple.items().len());
    let dict = || value.get::<Dict>().map(Dict::len);
    let set = || value.get::<Set>().map(Set::len);
    list.or_else(tuple)
        .or_else(dict)
        .or_else(set)
        .or_else(|| value.get::<FrozenSet>().map(|set| set.elements().len()))
}

/// See the module's page.
pub fn brief(vm: &Vm, value: &Value) -> String {
    if let Some(known) = named(value.word()) {
        return known.to_string();
    }
    if let Some(number) = number(vm, value) {
        return number;
    }
    if let Some(text) = value.exact::<Str>() {
        return quoted(text);
    }
    if let Some(data) = value.exact::<Bytes>() {
        return bytes(data.as_slice());
    }
    if let Some(called) = called(vm, value) {
        return called;
    }
    let name = type_name(vm, value);
    if let Some(len) = counted(value) {
        return format!("{name} of {len}");
    }
    match value.get::<Exception>() {
        Some(exception) => match exception.args.get::<Tuple>().map(Tuple::items) {
            Some([only]) if only.exact::<Str>().is_some() => format!("{name}({})", brief(vm, only)),
            _ => format!("{name}(..)"),
        },
        None => match title(value) {
            Some(title) => format!("<{name} {title}>"),
            None => format!("<{name}>"),
        },
    }
}

/// What an instance of a native type is called, if it has a name: a variable of a context, say.
fn title(value: &Value) -> Option<String> {
    let mut found = None;
    each_field(value, &mut |field, slot| {
        if field == "name" {
            found = slot.exact::<Str>().map(quoted);
        }
    });
    found
}

/// A value's name, with what it takes.
pub fn with_size(vm: &Vm, value: &Value) -> String {
    format!("{} ({} bytes)", brief(vm, value), size_of(value).total())
}
