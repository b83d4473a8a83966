//! `pyexpat`: reading XML, as Expat does it.
//!
//! The parser is ours. A crate would have to read in pieces that end anywhere, tell of declarations, resolve entities with a guard against
//! what grows without bound, and say for each event where it stands and for each error which of Expat's it is; those that there are
//! read documents as a whole, or leave the document type to their caller. It knows nothing of Python, and gives one event after
//! the other (`machine.rs`); `drive.rs` calls handlers with them, and `_elementtree` builds trees of them. A declaration is read when it is there as a whole.
//!
//! | file | what |
//! |---|---|
//! | `parser.rs`, `settings.rs` | the type, its attributes |
//! | `drive.rs`, `values.rs` | feeding it, and calling handlers |
//! | `machine.rs`, `events.rs` | the parser, and what it tells |
//! | `input.rs`, `chars.rs`, `letters.rs` | encodings, places, characters |
//! | `scan.rs`, `content.rs` | tokens of content, and what they mean; `namespaces.rs` the names in it |
//! | `prolog.rs`, `decl.rs`, `subset.rs` | tokens of declarations, what these tell, and what they mean |
//! | `dtd.rs`, `entities.rs` | what was declared, and the values of attributes and entities |
//! | `errors.rs` | what can be wrong |

use ryokan_vm::native::*;

mod chars;
mod content;
mod decl;
pub mod drive;
mod dtd;
mod entities;
pub mod errors;
pub mod events;
mod input;
mod letters;
pub mod machine;
pub mod namespaces;
mod parser;
mod prolog;
mod scan;
mod settings;
mod subset;
pub mod values;

use machine::Machine;
use namespaces::Namespaces;
use parser::Parser;

native_module! {
    /// Reading XML, as Expat does it.
    "pyexpat" {
        consts {
            "EXPAT_VERSION" = "expat_2.9.0"; "native_encoding" = "UTF-8";
            "XML_PARAM_ENTITY_PARSING_NEVER" = 0; "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE" = 1;
            "XML_PARAM_ENTITY_PARSING_ALWAYS" = 2;
        }
        classes { "ExpatError" = &ERROR; "error" = &ERROR; }
        fill = fill;
        functions {
            /// A parser. With a separator, names have their namespaces before them; 'intern' is a dict that keeps names.
            ParserCreate(
                encoding: Value = Value::NONE => "None", namespace_separator: Value = Value::NONE => "None", intern: Given = Given(None) => "<unrepresentable>"
            ) = parser_create;
            /// What the number of an error stands for.
            ErrorString(code: i64, /) = error_string;
        }
    }
}

native_exception! {
    /// What is wrong with a document, with 'code', 'lineno' and 'offset'.
    pub static ERROR = "xml.parsers.expat.ExpatError": "Exception";
}

fn error_string(_: &Cx, code: i64) -> Option<&'static str> {
    errors::text(code)
}

fn parser_create(cx: &Cx, encoding: Value, separator: Value, intern: Given) -> Res {
    let encoding = settings::text_or_none(cx, &encoding, "ParserCreate() argument 'encoding'")?;
    let separator = settings::text_or_none(cx, &separator, "ParserCreate() argument 'namespace_separator'")?;
    let namespaces = match separator {
        None => None,
        Some(text) => {
            let mut chars = text.chars();
            let separator = chars.next();
            if chars.next().is_some() {
                let message = "namespace_separator must be at most one character, omitted, or None";
                return Err(cx.value_error(message));
            }
            Some(Namespaces::new(separator))
        }
    };
    let intern = match intern.0 {
        None => Dict::new(cx)?.into_value(),
        Some(given) if given.is_none() || Dict::of(&given).is_some() => given,
        Some(_) => return Err(cx.type_error("intern must be a dictionary")),
    };
    let machine = Machine::new(cx, encoding, namespaces)?;
    parser::make(cx, machine, intern, None)
}

/// The constants that are no numbers, the type, and two modules of constants.
fn fill(module: &Filler<'_>) -> Res<()> {
    let cx = module.cx();
    module.add("version_info", (2, 9, 0))?;
    module.add("features", features(cx)?)?;
    module.add("XMLParserType", cx.class::<Parser>()?)?;
    let class = cx.class_of(&cx.import("sys")?);
    let modules = cx.sys_attr("modules")?;
    let make = |name: &str, doc: &str| -> Res {
        let made = cx.call(&class, (name, doc))?;
        if let Some(modules) = &modules {
            cx.set_item(modules, name, &made)?;
        }
        Ok(made)
    };
    let model = make("pyexpat.model", "Constants of models of content.")?;
    let names = ["EMPTY", "ANY", "MIXED", "NAME", "CHOICE", "SEQ"];
    for (name, number) in names.iter().zip(1i64..) {
        cx.set_attr(&model, &format!("XML_CTYPE_{name}"), number)?;
    }
    for (name, number) in ["NONE", "OPT", "REP", "PLUS"].iter().zip(0i64..) {
        cx.set_attr(&model, &format!("XML_CQUANT_{name}"), number)?;
    }
    module.add("model", model)?;
    let list = make("pyexpat.errors", "Constants of errors.")?;
    let (codes, messages) = (Dict::new(cx)?, Dict::new(cx)?);
    for ((name, text), number) in errors::ERRORS.iter().zip(1i64..) {
        cx.set_attr(&list, name, *text)?;
        codes.set_str(cx, text, number)?;
        messages.set(cx, &number.into_value(cx)?, *text)?;
    }
    cx.set_attr(&list, "codes", codes)?;
    cx.set_attr(&list, "messages", messages)?;
    module.add("errors", list)
}

/// What Expat tells of how it was built.
fn features(cx: &Cx) -> Res<List> {
    let features = [
        ("sizeof(XML_Char)", 1i64),
        ("sizeof(XML_LChar)", 1),
        ("XML_DTD", 0),
        ("XML_CONTEXT_BYTES", 1024),
        ("XML_NS", 0),
        ("XML_BLAP_MAX_AMP", 100),
        ("XML_BLAP_ACT_THRES", 8 << 20),
        ("XML_GE", 0),
    ];
    let list = List::new(cx, features.len())?;
    for feature in features {
        list.push(cx, feature)?;
    }
    Ok(list)
}
