//! What a pickler has written already: objects by identity, each with a number.

use std::cell::RefCell;

use ryokan_vm::native::*;

/// The memo of a pickler. It holds a reference to each object, so that no identity is used twice.
#[derive(Default)]
pub struct Memo(RefCell<Option<Table>>);

ryokan_vm::traced! { Memo: [0] }

/// Objects in the order in which they came, and an open-addressed table of their places in it.
struct Table {
    objects: Vector<Value>,
    numbers: Vector<i64>,
    /// A power of two of places: one more than an index, or 0. At most half of them are used.
    places: Vector<u32>,
}

ryokan_vm::traced! { Table: [objects] }

const LEAST: usize = 64;
/// A table that is no larger stays when it is cleared.
const KEPT: usize = 1024;
/// As many as a place can name.
const MOST: usize = u32::MAX as usize - 1;

/// Where the search for an identity begins.
#[inline]
fn start(object: &Value, mask: usize) -> usize {
    let address = object.object().map_or(0, |object| object.addr().get() as u64);
    ((address >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask
}

impl Table {
    fn new(cx: &Cx) -> Res<Table> {
        let mut places = cx.vector(LEAST)?;
        places.resize(LEAST, 0);
        Ok(Table { objects: cx.vector(LEAST / 2)?, numbers: cx.vector(LEAST / 2)?, places })
    }
    fn find(&self, object: &Value) -> Option<usize> {
        let (word, mask) = (object.word(), self.places.len() - 1);
        let mut at = start(object, mask);
        loop {
            let index = (self.places[at] as usize).checked_sub(1)?;
            if self.objects[index].word() == word {
                return Some(index);
            }
            at = (at + 1) & mask;
        }
    }
    /// Makes the last place that a search would come to that of the object at an index.
    fn link(&mut self, index: usize) {
        let mask = self.places.len() - 1;
        let mut at = start(&self.objects[index], mask);
        while self.places[at] != 0 {
            at = (at + 1) & mask;
        }
        self.places[at] = index as u32 + 1;
    }
    fn grow(&mut self, cx: &Cx) -> Res<()> {
        let len = self.objects.len();
        if len >= MOST / 2 {
            return Err(cx.no_memory());
        }
        cx.reserve(&mut self.objects, len.max(1))?;
        cx.reserve(&mut self.numbers, len.max(1))?;
        let room = self.places.len() * 2;
        let mut places = cx.vector(room)?;
        places.resize(room, 0);
        self.places = places;
        for index in 0..len {
            if !self.objects[index].is_unbound() {
                self.link(index);
            }
        }
        Ok(())
    }
}

impl Memo {
    /// The number of an object, if it was written.
    #[inline]
    pub fn get(&self, object: &Value) -> Option<i64> {
        let table = self.0.borrow();
        let table = table.as_ref()?;
        table.find(object).map(|index| table.numbers[index])
    }
    /// How many objects there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.borrow().as_ref().map_or(0, |table| table.objects.len())
    }
    /// Gives an object a number, also if it has one.
    #[inline]
    pub fn put(&self, cx: &Cx, object: &Value, number: i64) -> Res<()> {
        // The object is to have one identity, here and where it lies.
        object.share();
        let mut borrowed = self.0.borrow_mut();
        let table = match &mut *borrowed {
            Some(table) => table,
            none => none.insert(Table::new(cx)?),
        };
        if let Some(index) = table.find(object) {
            table.numbers[index] = number;
            return Ok(());
        }
        if table.objects.len() * 2 >= table.places.len() {
            table.grow(cx)?;
        }
        table.objects.push(object.clone());
        table.numbers.push(number);
        table.link(table.objects.len() - 1);
        Ok(())
    }
    /// Gives the next number to an object that is not made yet.
    pub fn reserve(&self, cx: &Cx) -> Res<usize> {
        let mut borrowed = self.0.borrow_mut();
        let table = match &mut *borrowed {
            Some(table) => table,
            none => none.insert(Table::new(cx)?),
        };
        if table.objects.len() * 2 >= table.places.len() {
            table.grow(cx)?;
        }
        let index = table.objects.len();
        table.objects.push(Value::UNBOUND);
        table.numbers.push(index as i64);
        Ok(index)
    }
    /// Puts the object there that has got a number by [`Memo::reserve`].
    pub fn fill(&self, index: usize, object: &Value) {
        let mut borrowed = self.0.borrow_mut();
        if let Some(table) = borrowed.as_mut()
            && let Some(place) = table.objects.get_mut(index)
        {
            *place = object.clone();
            table.link(index);
        }
    }
    /// Forgets all. They may die, which may run Python.
    pub fn clear(&self) {
        let Some(mut table) = self.0.take() else { return };
        if table.places.len() > KEPT {
            return drop(table);
        }
        table.objects.truncate(0);
        table.numbers.truncate(0);
        table.places.fill(0);
        // Whoever died meanwhile may have put something else there.
        let mut place = self.0.borrow_mut();
        if place.is_none() {
            *place = Some(table);
        }
    }
    /// Becomes another one.
    pub fn replace(&self, other: Memo) {
        drop(self.0.replace(other.0.into_inner()));
    }
    /// The object and the number at a place in their order.
    pub fn entry(&self, index: usize) -> Option<(Value, i64)> {
        let table = self.0.borrow();
        let table = table.as_ref()?;
        Some((table.objects.get(index)?.clone(), table.numbers[index]))
    }
    /// `{id: (number, object)}`
    pub fn to_dict(&self, cx: &Cx) -> Res<Dict> {
        let (dict, mut index) = (Dict::new(cx)?, 0);
        while let Some((object, number)) = self.entry(index) {
            let id = cx.id(&object).into_value(cx)?;
            dict.set(cx, &id, (number, object).into_value(cx)?)?;
            index += 1;
        }
        Ok(dict)
    }
    /// What such a dict says. `TypeError`.
    pub fn from_dict(cx: &Cx, dict: &Dict) -> Res<Memo> {
        let (memo, mut from) = (Memo::default(), 0);
        while let Some((next, _, entry)) = dict.next_item(from) {
            let pair = Tuple::of(&entry).filter(|entry| entry.len() == 2);
            let Some([number, object]) = pair.as_ref().map(Tuple::as_slice) else {
                return Err(cx.type_error("'memo' values must be 2-item tuples"));
            };
            if !cx.is_int(number) {
                return Err(cx.type_error("an integer is required"));
            }
            memo.put(cx, object, cx.index(number)?)?;
            from = next;
        }
        Ok(memo)
    }
    /// A copy.
    pub fn copy(&self, cx: &Cx) -> Res<Memo> {
        let (memo, mut index) = (Memo::default(), 0);
        while let Some((object, number)) = self.entry(index) {
            memo.put(cx, &object, number)?;
            index += 1;
        }
        Ok(memo)
    }
}
