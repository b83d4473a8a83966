//! Some objects and what they refer to, as data to draw: each with its type, value, count and marks, and its fields.
//!
//! A number that is not boxed is no object yet, and is shown in the field where it lies; so are `None` and its like, and small ints.

use std::collections::{HashMap, HashSet};

use ryokan_alloc::ObjPtr;

use super::brief::{brief, type_name};
use super::{fields, lent, never_dies, size_of};
use crate::types::str::Str;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// How much is shown.
#[derive(Clone, Copy)]
pub struct Limits {
    /// So many objects.
    pub objects: usize,
    /// So many fields of each.
    pub fields: usize,
}

/// What a field refers to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// The object with this place in the picture.
    Object(usize),
    /// A value that is shown where it lies: its type, itself, and what it is.
    Here { kind: String, value: String, mark: &'static str },
}

/// An object.
pub struct Shown {
    /// Where it lies: who keeps it alive looks at it again.
    pub object: ObjPtr,
    pub kind: String,
    pub value: String,
    /// How many references there are; none of one that lives for ever.
    pub refs: Option<u32>,
    pub bytes: usize,
    pub marks: Vec<&'static str>,
    pub fields: Vec<(String, Target)>,
    /// How many fields more it has.
    pub more: usize,
}

/// See the module's page.
#[derive(Default)]
pub struct Picture {
    pub objects: Vec<Shown>,
    places: HashMap<ObjPtr, usize>,
    /// Whether there was more than fits.
    pub cut: bool,
}

/// Which of some addresses objects lie at that are alive.
pub fn alive(vm: &Vm, addresses: &HashSet<usize>) -> HashSet<usize> {
    let mut found = HashSet::new();
    vm.each_living(&mut |value| {
        let address = value.object().map_or(0, |object| object.addr().get());
        if addresses.contains(&address) {
            found.insert(address);
        }
    });
    found
}

/// What a value is that is no object of its own.
fn mark(word: Word) -> &'static str {
    match word {
        word if word.needs_box() => "unboxed",
        word if word.is_number() => "small int",
        _ => "",
    }
}

impl Picture {
    /// A picture of nothing.
    pub fn new() -> Picture {
        Picture::default()
    }

    /// What a slot refers to, which comes into the picture.
    pub fn target(&mut self, vm: &Vm, slot: &Value, limits: Limits) -> Target {
        let here = |mark| Target::Here { kind: type_name(vm, slot), value: brief(vm, slot), mark };
        let Some(object) = slot.object() else { return here(mark(slot.word())) };
        if let Some(place) = self.places.get(&object) {
            return Target::Object(*place);
        }
        if self.objects.len() >= limits.objects {
            self.cut = true;
            return here("not shown");
        }
        let place = self.objects.len();
        self.places.insert(object, place);
        self.objects.push(shown(vm, slot, object));
        Target::Object(place)
    }

    /// Fills in the fields of all objects, and of those that they lead to.
    pub fn complete(&mut self, vm: &Vm, limits: Limits) {
        let mut next = 0;
        while next < self.objects.len() {
            let object = self.objects[next].object;
            let (mut found, mut more) = (Vec::new(), 0);
            let value = lent(object);
            if !fields::is_closed(&value) {
                fields::each(vm, &value, &mut |label, slot| {
                    if slot.is_unbound() {
                        return true;
                    }
                    match found.len() < limits.fields {
                        true => found.push((label(), self.target(vm, slot, limits))),
                        false => more += 1,
                    }
                    // Whoever has a million items need not be counted to the end.
                    more < 100_000
                });
            }
            (self.objects[next].fields, self.objects[next].more) = (found, more);
            next += 1;
        }
    }

    /// A picture of some values and what they lead to.
    pub fn of(vm: &Vm, values: &[Value], limits: Limits) -> (Picture, Vec<Target>) {
        let mut picture = Picture::new();
        let roots = values.iter().map(|value| picture.target(vm, value, limits)).collect();
        picture.complete(vm, limits);
        (picture, roots)
    }
}

fn shown(vm: &Vm, slot: &Value, object: ObjPtr) -> Shown {
    let mut marks = Vec::new();
    let header = slot.header();
    let immortal = never_dies(slot);
    if immortal {
        marks.push("immortal");
    }
    if slot.get::<Str>().is_some_and(Str::is_interned) {
        marks.push("interned");
    }
    if header.is_some_and(|header| header.has(ryokan_alloc::HeaderFlags::FINALIZED)) {
        marks.push("finalized");
    }
    if header.is_some_and(|header| header.has(ryokan_alloc::HeaderFlags::WEAKREFS)) {
        marks.push("weakly referenced");
    }
    Shown {
        object,
        kind: type_name(vm, slot),
        value: brief(vm, slot),
        refs: header.filter(|_| !immortal).map(ryokan_alloc::Header::refs),
        bytes: size_of(slot).total(),
        marks,
        fields: Vec::new(),
        more: 0,
    }
}
