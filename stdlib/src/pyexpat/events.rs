//! What a document tells, one after the other.

use super::input::Pos;

/// Something that a document tells.
#[derive(Debug)]
pub enum Event {
    XmlDecl { version: Option<String>, encoding: Option<String>, standalone: i32 },
    /// Nobody knows this encoding yet: [`Machine::answer_encoding`](super::machine::Machine::answer_encoding) tells it.
    Encoding(String),
    /// The encoding turns out to be another one: [`Machine::switch`](super::machine::Machine::switch) takes it.
    Switch,
    StartDoctype { name: String, system: Option<String>, public: Option<String>, internal: bool },
    EndDoctype,
    Element { name: String, model: Model },
    Attlist { element: String, attribute: String, kind: String, default: Option<String>, required: bool },
    Entity { name: String, param: bool, value: Option<String>, ids: Ids },
    Unparsed { name: String, ids: Ids },
    Notation { name: String, ids: Ids },
    /// [`Machine::answer`](super::machine::Machine::answer) is called with what its handler says.
    NotStandalone,
    /// The same.
    External { context: Option<String>, ids: Ids },
    Skipped { name: String, param: bool },
    /// `empty` is an element that is one tag.
    Start { name: String, attributes: Vec<(String, String)>, specified: usize, empty: bool },
    End { name: String },
    Text(String),
    Pi { target: String, data: String },
    Comment(String),
    StartCdata,
    EndCdata,
    StartNamespace { prefix: Option<String>, uri: Option<String> },
    EndNamespace { prefix: Option<String> },
    /// Something for which there is no other event.
    Other,
}

/// What an external entity or a notation is called by.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    pub base: Option<String>,
    pub system: Option<String>,
    pub public: Option<String>,
    pub notation: Option<String>,
}

/// An event, how it stands in the document if somebody wants that, and where.
#[derive(Debug)]
pub struct Queued {
    pub event: Event,
    pub raw: Option<String>,
    pub pos: Pos,
}

/// What the parser is asked for.
#[derive(Clone, Copy, Default)]
pub struct Wants {
    /// There is a handler for what has none of its own.
    pub raw: bool,
    /// Internal entities are to be expanded.
    pub expand: bool,
    pub start: bool,
    pub end: bool,
    pub external: bool,
    pub skipped: bool,
    pub not_standalone: bool,
    /// There are handlers for declarations: of the document type, of elements and so on.
    pub start_doctype: bool,
    pub end_doctype: bool,
    pub element: bool,
    pub attlist: bool,
    pub entity: bool,
    pub unparsed: bool,
    pub notation: bool,
}

/// A part of a model of content: kind and quantifier as `pyexpat.model` numbers them, a name, the parts below it. The first part is the
/// whole, and each comes before those below it.
#[derive(Debug)]
pub struct Part {
    pub kind: i64,
    pub quantifier: i64,
    pub name: Option<String>,
    pub below: Vec<usize>,
}

pub type Model = Vec<Part>;

pub const EMPTY: i64 = 1;
pub const ANY: i64 = 2;
pub const MIXED: i64 = 3;
pub const NAME: i64 = 4;
pub const CHOICE: i64 = 5;
pub const SEQUENCE: i64 = 6;
