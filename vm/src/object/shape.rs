//! Shapes: the type and the attribute layout of an object in 24 bits of its header.
//!
//! Every type has a *root* shape, which new instances get; adding attribute `a` to an object of shape `S` moves it along
//! the transition `S --a--> S'`. The values lie in slots behind the payload, in the order in which they were added:
//!
//! ```text
//! word:  0        ..        members      first    first+1  ..  first+capacity
//!        [header, payload.. ][__slots__ ][slot 0][slot 1]..[        ]
//! ```
//!
//! An instance that loses an attribute goes along the transitions of the others, if they are few. One whose dict somebody asked for,
//! that had many, or that was given more than `capacity`, goes to *dict mode*: it has the shape `TypeObj::dict_shape`, slot 0
//! (`ext == first`) holds the dict, and the other slots are empty. Where the payload's
//! size varies, the one word for the dict lies behind it. Builtin objects without attributes have a shape of no words at all.
//!
//! Invariant: `count <= capacity`, and `count` = length of the parent chain up to the root.

use std::cell::{Cell, RefCell};

use ryokan_alloc::{Header, HeaderFlags, Heap, ObjPtr, ShapeId};

use super::layout::{FIXED_SHAPES, Layout};
use super::ty::{TypeFlags, TypeObj};
use super::{SHAPE_INDEX_BITS, ShapeBits};
use crate::raised::Res;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// [`Shape::ext`] of types with payloads of varying size: the one word lies behind the payload.
pub const EXT_AT_END: u16 = u16::MAX;

/// How many objects of a shape died, and the bytes of their blocks.
#[derive(Default)]
pub(crate) struct Tally {
    objects: Cell<u64>,
    bytes: Cell<u64>,
}

impl Tally {
    /// One more object, whose block has so many bytes.
    #[inline(always)]
    pub(crate) fn add(&self, bytes: usize) {
        self.objects.update(|n| n + 1);
        self.bytes.update(|n| n + bytes as u64);
    }
    /// Objects and bytes.
    pub(crate) fn get(&self) -> (u64, u64) {
        (self.objects.get(), self.bytes.get())
    }
    /// Begins anew.
    pub(crate) fn clear(&self) {
        self.objects.set(0);
        self.bytes.set(0);
    }
}

/// One shape.
pub struct Shape {
    /// The type; alive as long as any object of this shape is.
    pub ty: Cell<*const TypeObj>,
    /// The number in headers.
    pub id: ShapeId,
    /// Whether attributes live in a dict, in the word `ext`.
    pub dict_mode: bool,
    /// Word index of the dict in dict mode; 0 if instances can have none.
    pub ext: u16,
    /// Word index of slot 0.
    pub first: u16,
    /// How many slots the object has room for.
    pub capacity: u16,
    /// How many are in use.
    pub count: u16,
    /// The shape before the last attribute was added; itself for a root.
    parent: *const Shape,
    /// The last attribute's name, an interned str kept alive by the type's list of names.
    name: Word,
    transitions: RefCell<Vec<(Word, *const Shape)>>,
    /// How many objects of this shape died, if the VM counts.
    pub(crate) died: Tally,
}

impl Shape {
    /// The type; none before boot has made it.
    #[inline(always)]
    pub fn class(&self) -> Option<&TypeObj> {
        // SAFETY: null, or a type that gives its shapes back only while it dies, when no object has one of them any more.
        unsafe { self.ty.get().as_ref() }
    }
    /// The type of an object that is alive.
    #[inline(always)]
    pub fn bound_class(&self) -> &TypeObj {
        debug_assert!(!self.ty.get().is_null());
        // SAFETY: the shape was an object's, which lives; its type was made before it, and lives as long.
        unsafe { &*self.ty.get() }
    }
    /// Words behind the payload's start, payload included.
    pub fn words(&self) -> usize {
        usize::from(self.first) + usize::from(self.capacity)
    }
    /// An object of this shape is about to die.
    ///
    /// # Safety
    /// It has not done so yet.
    #[inline(always)]
    pub(crate) unsafe fn count_death(&self, ptr: ObjPtr) {
        // SAFETY: the object is alive, or dies now: its block is still there.
        self.died.add(unsafe { Heap::block_size(ptr) });
    }
    /// The shape before the last attribute was added; none of a root, or in dict mode.
    #[inline]
    pub fn before(&self) -> Option<&Shape> {
        if self.count == 0 || self.dict_mode {
            return None;
        }
        // SAFETY: a parent is made before its child, and freed with it: when the type dies (`drop_tree`).
        Some(unsafe { &*self.parent })
    }
    /// The slot of an attribute (a word index in the object).
    pub fn find(&self, name: Word) -> Option<u16> {
        let mut at = self;
        while let Some(before) = at.before() {
            if at.name == name {
                return Some(at.first + at.count - 1);
            }
            at = before;
        }
        None
    }
    /// The names in the order of addition.
    pub fn names(&self) -> Vec<Word> {
        let mut names = Vec::with_capacity(usize::from(self.count));
        let mut at = self;
        while let Some(before) = at.before() {
            names.push(at.name);
            at = before;
        }
        names.reverse();
        names
    }
}

/// All shapes of a VM, by index.
pub struct Shapes {
    table: RefCell<Vec<*const Shape>>,
    free: RefCell<Vec<u32>>,
}

impl Shapes {
    /// A table with the fixed shapes of builtin types, not yet bound to their types.
    pub fn new() -> Shapes {
        let mut table = vec![std::ptr::null(); FIXED_SHAPES as usize];
        for id in Layout::ALL.iter().flat_map(|layout| layout.shapes()) {
            let shape = Shape {
                ty: Cell::new(std::ptr::null()),
                id,
                dict_mode: false,
                ext: 0,
                first: 0,
                capacity: 0,
                count: 0,
                parent: std::ptr::null(),
                name: Word::UNBOUND,
                transitions: RefCell::default(),
                died: Tally::default(),
            };
            table[id.index() as usize] = Box::into_raw(Box::new(shape)).cast_const();
        }
        Shapes { table: RefCell::new(table), free: RefCell::default() }
    }
    /// The shape with this number.
    #[inline]
    pub fn get(&self, id: ShapeId) -> &Shape {
        let index = id.index() as usize;
        // SAFETY: the table is only borrowed for the moment of a push; entries are never null and live with the VM
        // or until their type, and with it every object of that shape, is gone.
        unsafe {
            let table: &Vec<*const Shape> = &*self.table.as_ptr();
            &**table.get_unchecked(index)
        }
    }

    /// How many numbers of shapes there are, free ones included.
    pub(crate) fn len(&self) -> usize {
        self.table.borrow().len()
    }

    /// Calls back for each.
    pub(crate) fn for_each(&self, mut see: impl FnMut(&Shape)) {
        for &shape in self.table.borrow().iter().filter(|shape| !shape.is_null()) {
            // SAFETY: entries live with the VM or until their type is gone; the callback makes no shapes.
            see(unsafe { &*shape });
        }
    }

    fn add(&self, vm: &Vm, make: impl FnOnce(ShapeId) -> Shape, layout: Layout) -> Res<&Shape> {
        if !vm.heap().charge(size_of::<Shape>() + 16) {
            return Err(vm.no_memory());
        }
        let index = match self.free.borrow_mut().pop() {
            Some(index) => index,
            None => {
                let mut table = self.table.borrow_mut();
                if table.len() >= 1 << SHAPE_INDEX_BITS {
                    return Err(vm.no_memory());
                }
                table.push(std::ptr::null());
                table.len() as u32 - 1
            }
        };
        let shape = Box::into_raw(Box::new(make(ShapeId::new((layout as u32) << SHAPE_INDEX_BITS | index))));
        self.table.borrow_mut()[index as usize] = shape;
        // SAFETY: just made.
        Ok(unsafe { &*shape })
    }

    /// A root (or dict-mode) shape of a type; `words` as in the page above.
    pub fn root(
        &self,
        vm: &Vm,
        ty: &TypeObj,
        dict_mode: bool,
        ext: u16,
        first: u16,
        capacity: u16,
    ) -> Res<&Shape> {
        let make = |id| Shape {
            ty: Cell::new(ty),
            id,
            dict_mode,
            ext,
            first,
            capacity,
            count: 0,
            parent: std::ptr::null(),
            name: Word::UNBOUND,
            transitions: RefCell::default(),
            died: Tally::default(),
        };
        self.add(vm, make, ty.layout)
    }

    /// The shape after adding `name` (interned); `None` if the object has no room, so that it must go to dict mode.
    pub fn extend(&self, vm: &Vm, from: &Shape, name: Word) -> Res<Option<&Shape>> {
        if let Some(&(_, next)) = from.transitions.borrow().iter().find(|t| t.0 == name) {
            // SAFETY: shapes live as long as their type.
            return Ok(Some(unsafe { &*next }));
        }
        if from.dict_mode || from.count >= from.capacity || from.transitions.borrow().len() >= 64 {
            return Ok(None);
        }
        // SAFETY: a shape's type outlives it.
        let ty = unsafe { &*from.ty.get() };
        ty.keep_name(vm, name)?;
        let make = |id| Shape {
            ty: Cell::new(ty),
            id,
            dict_mode: false,
            ext: from.ext,
            first: from.first,
            capacity: from.capacity,
            count: from.count + 1,
            parent: from,
            name,
            transitions: RefCell::default(),
            died: Tally::default(),
        };
        let next = self.add(vm, make, ty.layout)?;
        from.transitions.borrow_mut().push((name, next));
        Ok(Some(next))
    }

    /// Gives back a root and all that grew from it; no object may have one of these shapes.
    pub fn drop_tree(&self, vm: &Vm, id: ShapeId) {
        let mut list = vec![id];
        while let Some(id) = list.pop() {
            let index = id.index();
            let shape = std::mem::replace(&mut self.table.borrow_mut()[index as usize], std::ptr::null());
            // SAFETY: made by Box::into_raw in `add`, and taken out of the table just now.
            let shape = unsafe { Box::from_raw(shape.cast_mut()) };
            if vm.meter.is_on() {
                vm.fold_deaths(&shape);
            }
            // SAFETY: children are dropped after their parents here, so each is still whole when it is read.
            list.extend(shape.transitions.borrow().iter().map(|t| unsafe { (*t.1).id }));
            self.free.borrow_mut().push(index);
            vm.heap().uncharge(size_of::<Shape>() + 16);
        }
    }
}

impl Default for Shapes {
    fn default() -> Self {
        Shapes::new()
    }
}

impl Drop for Shapes {
    fn drop(&mut self) {
        for &shape in self.table.borrow().iter() {
            if !shape.is_null() {
                // SAFETY: made by Box::into_raw; the VM and every object are gone.
                drop(unsafe { Box::from_raw(shape.cast_mut()) });
            }
        }
    }
}

/// The words that an object's shape tells of.
impl Vm {
    /// The instance's shape, if it is an object.
    pub fn shape_of(&self, owner: &Value) -> Option<&Shape> {
        owner.object().map(|_| self.shapes.get(owner.word().shape()))
    }

    /// Where an instance that can have a dict keeps it, once it is in dict mode.
    pub fn ext_slot<'a>(&self, owner: &'a Value) -> Option<&'a Value> {
        let shape = self.shape_of(owner)?;
        match shape.ext {
            0 => None,
            // SAFETY: the owner keeps the object alive, whose shape says that a slot lies behind it.
            EXT_AT_END => unsafe { self.slots_behind(owner.word().ptr()) }.first(),
            at => Some(self.word_slot(owner, at)),
        }
    }

    /// The slot at a word index of an object.
    #[inline]
    pub fn word_slot<'a>(&self, owner: &'a Value, at: u16) -> &'a Value {
        // SAFETY: word indices come from the object's own shape.
        unsafe { &*(owner.word().0 as *const Value).add(usize::from(at)) }
    }

    /// Gives an object another shape with as many words. An object of a class of Python's holds that class: it lets go of the old one
    /// and holds the new one. Runs Python where the old class dies by it.
    pub fn reshape(&self, value: &Value, id: ShapeId) {
        let (old, new) = (self.shapes.get(value.word().shape()), self.shapes.get(id));
        let alike = old.id.layout() == id.layout();
        assert!(alike && old.words() == new.words() && old.ext == new.ext, "the shapes differ in layout");
        // SAFETY: the types of shapes in use live. The value is live, and has the words that the new shape says. Its reference to
        // the class is given up when it has the other one.
        unsafe {
            let (was, is) = (old.ty.get().as_ref(), new.ty.get().as_ref());
            is.into_iter().for_each(TypeObj::hold_for_instance);
            value.word().ptr().as_ref().set_shape(id);
            if let Some(was) = was.filter(|ty| ty.has(TypeFlags::HEAP)) {
                was.word().decref();
            }
        }
    }

    /// A new instance of a class whose payload is plain. Runs no Python; `MemoryError`, and `TypeError` for another class.
    pub fn new_instance(&self, ty: &TypeObj) -> Res {
        if ty.layout != Layout::Instance || ty.root.get().is_none() {
            return Err(self.type_error(format_args!("cannot create '{}' instances", self.text(&ty.name))));
        }
        let shape = self.shapes.get(ty.root.get());
        let words = shape.words().max(1);
        let Some(block) = self.heap().alloc_object(words * 8) else { return Err(self.no_memory()) };
        // SAFETY: the block has room for so many words, the first of which is the header; all are written before anyone
        // sees them.
        let made = unsafe {
            let header = block.cast::<Header>();
            header.write(Header::new(shape.id, HeaderFlags::empty(), 1));
            for at in 1..words {
                block.cast::<u64>().add(at).write(Word::UNBOUND.0);
            }
            self.track(header);
            Value::from_word(Word::from_ptr(header))
        };
        self.note_birth(ty, &made);
        Ok(made)
    }

    /// Gives an object the next shape of its class: with one more attribute, whose slot is filled, or with its attributes in a dict.
    pub(crate) fn grow_to(&self, owner: &Value, next: &Shape) {
        let shape = self.shapes.get(owner.word().shape());
        assert!(shape.words() == next.words() && shape.ty == next.ty, "the shapes differ in layout");
        if let Some(header) = owner.header() {
            header.set_shape(next.id);
        }
    }
}
