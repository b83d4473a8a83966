//! The type of parsers.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::machine::Machine;
use super::settings::{self, handler, set_handler};
use super::{ERROR, drive};
use crate::unpacking::no_pickle;

/// Handlers, by their numbers.
pub mod on {
    pub const START_ELEMENT: usize = 0;
    pub const END_ELEMENT: usize = 1;
    pub const PI: usize = 2;
    pub const CHARACTER_DATA: usize = 3;
    pub const UNPARSED: usize = 4;
    pub const NOTATION: usize = 5;
    pub const START_NAMESPACE: usize = 6;
    pub const END_NAMESPACE: usize = 7;
    pub const COMMENT: usize = 8;
    pub const START_CDATA: usize = 9;
    pub const END_CDATA: usize = 10;
    pub const DEFAULT: usize = 11;
    pub const DEFAULT_EXPAND: usize = 12;
    pub const NOT_STANDALONE: usize = 13;
    pub const EXTERNAL: usize = 14;
    pub const START_DOCTYPE: usize = 15;
    pub const END_DOCTYPE: usize = 16;
    pub const ENTITY: usize = 17;
    pub const XML_DECL: usize = 18;
    pub const ELEMENT: usize = 19;
    pub const ATTLIST: usize = 20;
    pub const SKIPPED: usize = 21;
    pub const COUNT: usize = 22;
}

native_type! {
    /// A parser of XML.
    "pyexpat.xmlparser" = pub struct Parser {
        pub machine: Own<Machine>,
        pub handlers: Values,
        pub intern: Slot,
        /// The parser of the document that this one reads an external entity of.
        parent: Slot,
        /// Text that waits for more of it, and the most of it; nothing if text is told at once.
        pub buffer: Own<Option<String>>,
        pub buffer_size: Cell<usize>,
        pub ordered: Cell<bool>,
        pub specified: Cell<bool>,
        /// Internal entities are expanded.
        pub expand: Cell<bool>,
        pub busy: Cell<bool>,
    }
    getters {
        /// The number of the last error.
        ErrorCode = settings::error_code;
        /// The line of the last error.
        ErrorLineNumber = settings::line;
        /// The column of the last error.
        ErrorColumnNumber = settings::column;
        /// The byte of the last error.
        ErrorByteIndex = settings::byte;
        /// The line of the event.
        CurrentLineNumber = settings::line;
        /// The column of the event.
        CurrentColumnNumber = settings::column;
        /// The byte of the event.
        CurrentByteIndex = settings::byte;
        /// How much text waits.
        buffer_used = settings::buffer_used;
    }
    attributes {
        /// Called with a name and attributes.
        StartElementHandler = |_, this: This<Parser>| handler(&this, on::START_ELEMENT), |cx, this, v| set_handler(cx, this, on::START_ELEMENT, v);
        /// Called with a name.
        EndElementHandler = |_, this: This<Parser>| handler(&this, on::END_ELEMENT), |cx, this, v| set_handler(cx, this, on::END_ELEMENT, v);
        /// Called with a target and data.
        ProcessingInstructionHandler = |_, this: This<Parser>| handler(&this, on::PI), |cx, this, v| set_handler(cx, this, on::PI, v);
        /// Called with text.
        CharacterDataHandler = |_, this: This<Parser>| handler(&this, on::CHARACTER_DATA), |cx, this, v| set_handler(cx, this, on::CHARACTER_DATA, v);
        /// Called with a name, a base, two identifiers and a notation.
        UnparsedEntityDeclHandler = |_, this: This<Parser>| handler(&this, on::UNPARSED), |cx, this, v| set_handler(cx, this, on::UNPARSED, v);
        /// Called with a name, a base and two identifiers.
        NotationDeclHandler = |_, this: This<Parser>| handler(&this, on::NOTATION), |cx, this, v| set_handler(cx, this, on::NOTATION, v);
        /// Called with a prefix and a namespace.
        StartNamespaceDeclHandler = |_, this: This<Parser>| handler(&this, on::START_NAMESPACE), |cx, this, v| set_handler(cx, this, on::START_NAMESPACE, v);
        /// Called with a prefix.
        EndNamespaceDeclHandler = |_, this: This<Parser>| handler(&this, on::END_NAMESPACE), |cx, this, v| set_handler(cx, this, on::END_NAMESPACE, v);
        /// Called with the text of a comment.
        CommentHandler = |_, this: This<Parser>| handler(&this, on::COMMENT), |cx, this, v| set_handler(cx, this, on::COMMENT, v);
        /// Called where a section begins.
        StartCdataSectionHandler = |_, this: This<Parser>| handler(&this, on::START_CDATA), |cx, this, v| set_handler(cx, this, on::START_CDATA, v);
        /// Called where a section ends.
        EndCdataSectionHandler = |_, this: This<Parser>| handler(&this, on::END_CDATA), |cx, this, v| set_handler(cx, this, on::END_CDATA, v);
        /// Called with the text of what has no other handler; entities are not expanded.
        DefaultHandler = |_, this: This<Parser>| handler(&this, on::DEFAULT), |cx, this, v| set_handler(cx, this, on::DEFAULT, v);
        /// The same, and entities are expanded.
        DefaultHandlerExpand = |_, this: This<Parser>| handler(&this, on::DEFAULT_EXPAND), |cx, this, v| set_handler(cx, this, on::DEFAULT_EXPAND, v);
        /// Called where a document turns out not to be standalone; 0 ends it.
        NotStandaloneHandler = |_, this: This<Parser>| handler(&this, on::NOT_STANDALONE), |cx, this, v| set_handler(cx, this, on::NOT_STANDALONE, v);
        /// Called with a context, a base and two identifiers; 0 ends the document.
        ExternalEntityRefHandler = |_, this: This<Parser>| handler(&this, on::EXTERNAL), |cx, this, v| set_handler(cx, this, on::EXTERNAL, v);
        /// Called with a name, two identifiers, and whether declarations follow.
        StartDoctypeDeclHandler = |_, this: This<Parser>| handler(&this, on::START_DOCTYPE), |cx, this, v| set_handler(cx, this, on::START_DOCTYPE, v);
        /// Called where the document type ends.
        EndDoctypeDeclHandler = |_, this: This<Parser>| handler(&this, on::END_DOCTYPE), |cx, this, v| set_handler(cx, this, on::END_DOCTYPE, v);
        /// Called with a name, whether it is a parameter, a text, a base, two identifiers and a notation.
        EntityDeclHandler = |_, this: This<Parser>| handler(&this, on::ENTITY), |cx, this, v| set_handler(cx, this, on::ENTITY, v);
        /// Called with a version, an encoding, and whether it is standalone.
        XmlDeclHandler = |_, this: This<Parser>| handler(&this, on::XML_DECL), |cx, this, v| set_handler(cx, this, on::XML_DECL, v);
        /// Called with a name and a model.
        ElementDeclHandler = |_, this: This<Parser>| handler(&this, on::ELEMENT), |cx, this, v| set_handler(cx, this, on::ELEMENT, v);
        /// Called with an element, an attribute, a type, a default, and whether it is required.
        AttlistDeclHandler = |_, this: This<Parser>| handler(&this, on::ATTLIST), |cx, this, v| set_handler(cx, this, on::ATTLIST, v);
        /// Called with a name, and whether it is a parameter.
        SkippedEntityHandler = |_, this: This<Parser>| handler(&this, on::SKIPPED), |cx, this, v| set_handler(cx, this, on::SKIPPED, v);
        /// Whether text is told in one piece.
        buffer_text = settings::buffer_text, settings::set_buffer_text;
        /// How much text is told in one piece at most.
        buffer_size = |_, this: This<Parser>| this.buffer_size.get(), settings::set_buffer_size;
        /// Whether expanded names have their prefixes.
        namespace_prefixes = settings::prefixes, settings::set_prefixes;
        /// Whether attributes are told in order, as a list.
        ordered_attributes = |_, this: This<Parser>| this.ordered.get(), settings::set_ordered;
        /// Whether only those attributes are told that stand there.
        specified_attributes = |_, this: This<Parser>| this.specified.get(), settings::set_specified;
    }
    members {
        /// Names, which are kept.
        intern = |_, this: This<Parser>| this.intern.get();
    }
    methods {
        /// Takes more of a document; all of it, if that was the last. A str is a document whatever encoding that tells.
        Parse(data: Value, isfinal: bool = false => "False", /) = drive::parse;
        /// Reads a document from a file.
        ParseFile(file: Value, /) = drive::parse_file;
        /// A parser for an external entity of the document, in a context that a handler was told.
        ExternalEntityParserCreate(context: Value, encoding: Given = Given(None) => "<unrepresentable>", /) = external;
        /// What identifiers are relative to.
        SetBase(base: Text, /) = settings::set_base;
        /// What identifiers are relative to.
        GetBase() = settings::base;
        /// What was fed, from the event on, in a handler.
        GetInputContext() = settings::input_context;
        /// Says how parameter entities are treated; whether that was possible.
        SetParamEntityParsing(flag: i32, /) = settings::set_param_parsing;
        /// Has an external document type read though the document tells none.
        UseForeignDTD(flag: bool = true => "True", /) = settings::use_foreign_dtd;
        /// Whether what is not all there yet is looked at again only when much more of it is.
        GetReparseDeferralEnabled() = settings::deferral;
        /// Says whether.
        SetReparseDeferralEnabled(enabled: bool, /) = settings::set_deferral;
        /// How many times more than was fed entities may make.
        SetBillionLaughsAttackProtectionMaximumAmplification(max_factor: f64, /) = settings::set_amplification;
        /// From how many bytes on that counts.
        SetBillionLaughsAttackProtectionActivationThreshold(threshold: Value, /) = settings::set_threshold;
        /// How many times more than was fed may be kept.
        SetAllocTrackerMaximumAmplification(max_factor: f64, /) = settings::set_kept_amplification;
        /// From how many bytes on that counts.
        SetAllocTrackerActivationThreshold(threshold: Value, /) = settings::set_kept_threshold;
        /// Cannot be pickled.
        __reduce__() = no_pickle;
    }
}

/// A parser, without handlers; or with those of another one.
pub fn make(cx: &Cx, machine: Machine, intern: Value, parent: Option<This<'_, Parser>>) -> Res {
    let handlers = Values::default();
    for at in 0..on::COUNT {
        handlers.push_back(cx, parent.map_or(Value::NONE, |parent| handler(&parent, at)))?;
    }
    let flag = |of: fn(&Parser) -> bool, usual| Cell::new(parent.map_or(usual, |parent| of(&parent)));
    let buffered = match parent {
        Some(parent) => parent.buffer.with(cx, |buffer| buffer.is_some())?,
        None => false,
    };
    let made = cx.new(Parser {
        machine: Own::new(machine),
        handlers,
        intern: Slot::new(intern),
        parent: Slot::new(parent.map_or(Value::NONE, |parent| parent.to_value())),
        buffer: Own::new(buffered.then(String::new)),
        buffer_size: Cell::new(parent.map_or(8192, |parent| parent.buffer_size.get())),
        ordered: flag(|parent| parent.ordered.get(), false),
        specified: flag(|parent| parent.specified.get(), false),
        expand: flag(|parent| parent.expand.get(), true),
        busy: Cell::new(false),
    })?;
    Ok(made.into_value())
}

fn external(cx: &Cx, this: This<Parser>, context: Value, encoding: Given) -> Res {
    let function = "ExternalEntityParserCreate() argument";
    let context = settings::text_or_none(cx, &context, format_args!("{function} 1"))?;
    let encoding = match encoding.0 {
        None => None,
        Some(given) if cx.is_str(&given) => Some(String::from_python(cx, &given)?),
        Some(given) => {
            let kind = cx.arg_name(&given);
            return Err(cx.type_error(format_args!("{function} 2 must be str, not {kind}")));
        }
    };
    let machine = this.machine.with(cx, |machine| machine.external(cx, context.as_deref(), encoding))??;
    make(cx, machine, this.intern.get(), Some(this))
}

impl Parser {
    /// Whether it belongs to another parser.
    pub fn is_external(&self) -> bool {
        !self.parent.is_none()
    }
    /// Raises an error of this document.
    #[cold]
    pub fn error(&self, cx: &Cx, code: i64, message: Option<&str>) -> Raised {
        let make = || -> Res {
            let at = self.machine.with(cx, |machine| machine.event)?;
            let text = match message {
                Some(message) => message.to_string(),
                None => {
                    let what = super::errors::text(code).unwrap_or("unknown error");
                    format!("{what}: line {}, column {}", at.line, at.column)
                }
            };
            let made = cx.call(&cx.class_of_key(&ERROR)?, (text,))?;
            cx.set_attr(&made, "code", code)?;
            cx.set_attr(&made, "offset", at.column)?;
            cx.set_attr(&made, "lineno", at.line)?;
            Ok(made)
        };
        match make() {
            Ok(made) => cx.raise_value(made),
            Err(raised) => raised,
        }
    }
}
