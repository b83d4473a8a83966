//! What a document has declared: entities, attributes. A parser of an external parameter entity shares it with the one that it belongs to.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::events::Ids;

/// An entity.
#[derive(Clone, Default)]
pub struct Entity {
    /// Of an internal one.
    pub text: Option<Rc<str>>,
    pub ids: Ids,
    /// It is being expanded.
    pub open: bool,
    /// It was declared in the document itself.
    pub is_internal: bool,
}

/// A declared attribute.
#[derive(Clone)]
pub struct Attribute {
    pub name: Rc<str>,
    pub cdata: bool,
    pub default: Option<Rc<str>>,
}

/// What was declared.
#[derive(Clone)]
pub struct Dtd {
    pub general: HashMap<Rc<str>, Entity>,
    pub params: HashMap<Rc<str>, Entity>,
    pub attributes: HashMap<Rc<str>, Vec<Attribute>>,
    /// Declarations are used: no parameter entity was skipped.
    pub keep: bool,
    pub has_param_refs: bool,
    pub standalone: bool,
    /// Somebody reads the external entity that was asked for.
    pub param_read: bool,
    /// Bytes that it takes, about, and those of them that are not charged yet.
    pub bytes: usize,
    pub bytes_new: usize,
}

pub type Shared = Rc<RefCell<Dtd>>;

impl Default for Dtd {
    fn default() -> Dtd {
        Dtd {
            general: HashMap::new(),
            params: HashMap::new(),
            attributes: HashMap::new(),
            keep: true,
            has_param_refs: false,
            standalone: false,
            param_read: false,
            bytes: 0,
            bytes_new: 0,
        }
    }
}

impl Dtd {
    pub fn entities(&mut self, param: bool) -> &mut HashMap<Rc<str>, Entity> {
        if param { &mut self.params } else { &mut self.general }
    }
    /// Declares an entity; whether it is the first of its name, which counts.
    pub fn declare(&mut self, param: bool, name: &str, entity: Entity) -> bool {
        let text = entity.text.as_ref().map_or(0, |text| text.len());
        let entities = self.entities(param);
        if entities.contains_key(name) {
            return false;
        }
        entities.insert(name.into(), entity);
        self.grow(200 + name.len() + text);
        true
    }
    /// Declares an attribute of an element; the first of its name counts.
    pub fn declare_attribute(&mut self, element: &str, attribute: Attribute) {
        let default = attribute.default.as_ref().map_or(0, |default| default.len());
        let bytes = 100 + attribute.name.len() + default;
        let list = self.attributes.entry(element.into()).or_default();
        if !list.iter().any(|other| other.name == attribute.name) {
            list.push(attribute);
            self.grow(bytes + 100 + element.len());
        }
    }
    fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.bytes_new += bytes;
    }
}

/// How much was fed, and how much entities have made of it: shared by a parser and those of its external entities.
pub struct Account {
    pub direct: Cell<u64>,
    pub indirect: Cell<u64>,
    pub most: Cell<f64>,
    pub threshold: Cell<u64>,
    /// The same of what is kept of a document.
    kept: Cell<u64>,
    pub most_kept: Cell<f64>,
    pub threshold_kept: Cell<u64>,
}

impl Default for Account {
    fn default() -> Account {
        Account {
            direct: Cell::new(0),
            indirect: Cell::new(0),
            most: Cell::new(100.0),
            threshold: Cell::new(8 << 20),
            kept: Cell::new(0),
            most_kept: Cell::new(100.0),
            threshold_kept: Cell::new(64 << 20),
        }
    }
}

impl Account {
    pub fn fed(&self, bytes: usize) {
        self.direct.set(self.direct.get() + bytes as u64);
    }
    /// Counts what an entity made; whether that is still in proportion.
    pub fn made(&self, bytes: usize) -> bool {
        self.indirect.set(self.indirect.get() + bytes as u64);
        let (direct, all) = (self.direct.get(), self.direct.get() + self.indirect.get());
        let factor = if direct == 0 { (22.0 + all as f64) / 22.0 } else { all as f64 / direct as f64 };
        all < self.threshold.get() || factor <= self.most.get()
    }
    /// Counts what is kept; whether that is still in proportion.
    pub fn kept(&self, bytes: usize) -> bool {
        let all = self.kept.get() + bytes as u64;
        self.kept.set(all);
        all < self.threshold_kept.get() || all as f64 / self.direct.get().max(1) as f64 <= self.most_kept.get()
    }
    pub fn freed(&self, bytes: usize) {
        self.kept.set(self.kept.get().saturating_sub(bytes as u64));
    }
}
