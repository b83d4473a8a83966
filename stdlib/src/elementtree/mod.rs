//! `_elementtree`: what `xml.etree.ElementTree` has instead of its classes in Python.
//!
//! A parser of the other module, `pyexpat`, tells events, and this one makes elements of them without anything of Python's in between,
//! as long as the tree is built by a `TreeBuilder` itself; the methods of any other target are called.
//!
//! | file | what |
//! |---|---|
//! | `element.rs` | elements: their type, tags, texts, attributes |
//! | `children.rs` | elements as sequences |
//! | `find.rs`, `iterate.rs` | looking for elements, walking over them |
//! | `copies.rs` | copying and pickling |
//! | `builder.rs` | the builder of trees |
//! | `parser.rs`, `events.rs` | the parser, and what it does with each event |

use ryokan_vm::native::*;

mod builder;
mod children;
mod copies;
mod element;
mod events;
mod find;
mod iterate;
mod parser;

use builder::TreeBuilder;
use element::Element;
use parser::XmlParser;

native_module! {
    /// Elements, and the parser that makes trees of them.
    "_elementtree" {
        types { Element, TreeBuilder, XmlParser }
        classes { "ParseError" = &ERROR; }
        functions {
            /// A new element, as the last one below another.
            SubElement(*args, **names) = element::sub_element, shows = "";
            /// Names what makes comments and processing instructions, and gives what did so before.
            _set_factories(comment_factory: Value, pi_factory: Value, /) = set_factories;
        }
    }
}

native_exception! {
    /// What is wrong with a document, with 'code' and 'position'.
    pub static ERROR = "xml.etree.ElementTree.ParseError": "SyntaxError";
}

native_state! {
    /// What makes comments and processing instructions.
    pub struct State { pub comment: Maybe, pub pi: Maybe }
}

fn set_factories(cx: &Cx, comment: Value, pi: Value) -> Res<(Option<Value>, Option<Value>)> {
    for (kind, factory) in [("Comment", &comment), ("PI", &pi)] {
        if !factory.is_none() && !cx.is_callable(factory) {
            let given = cx.type_name(factory);
            return Err(cx.type_error(format_args!("{kind} factory must be callable, not {given}")));
        }
    }
    let state = cx.state::<State>()?;
    let old = (state.comment.get(), state.pi.get());
    state.comment.set(Some(comment).filter(|factory| !factory.is_none()));
    state.pi.set(Some(pi).filter(|factory| !factory.is_none()));
    Ok(old)
}
