//! Writing collections. Any of them may change while its parts are written.

use ryokan_vm::native::*;

use super::save::Saver;
use super::{full_name, op};

/// As many items as are put into a collection at once.
const BATCH: usize = 1000;
/// So many collections may lie in each other before a fast pickler looks for cycles.
const FAST_NESTING: usize = 50;

impl Saver<'_> {
    /// An item of a collection, and where in it it lies.
    fn item(&mut self, item: &Value, of: &Value, at: usize) -> Res<()> {
        self.save(item)
            .map_err(|raised| self.noted(raised, || Ok(format!("when serializing {} item {at}", full_name(self.cx, of)))))
    }
    /// A key and its value.
    fn pair(&mut self, key: &Value, value: &Value, of: &Value) -> Res<()> {
        self.save(key)?;
        self.save(value).map_err(|raised| {
            let note = || {
                let (kind, key) = (full_name(self.cx, of), self.cx.repr(key)?);
                Ok(format!("when serializing {kind} item {key}"))
            };
            self.noted(raised, note)
        })
    }
    fn element(&mut self, element: &Value, of: &Value) -> Res<()> {
        self.save(element)
            .map_err(|raised| self.noted(raised, || Ok(format!("when serializing {} element", full_name(self.cx, of)))))
    }

    /// A collection in which a fast pickler may meet itself. `ValueError` if it does.
    fn nested(&mut self, object: &Value, write: impl FnOnce(&mut Self) -> Res<()>) -> Res<()> {
        if self.pickler.fast.get() == 0 {
            return write(self);
        }
        self.nesting += 1;
        let deep = self.nesting >= FAST_NESTING;
        if deep && self.underway.get(object) == Some(1) {
            let (kind, id) = (self.cx.type_name(object), self.cx.id(object));
            let message = format!("fast mode: can't pickle cyclic objects including object type {kind} at {id:#x}");
            return Err(self.cx.value_error(message));
        }
        if deep {
            self.underway.put(self.cx, object, 1)?;
        }
        write(self)?;
        if deep {
            self.underway.put(self.cx, object, 0)?;
        }
        self.nesting -= 1;
        Ok(())
    }

    pub fn tuple(&mut self, object: &Value) -> Res<()> {
        let Some(tuple) = Tuple::of(object) else { return Ok(()) };
        let len = tuple.len();
        if len == 0 {
            return if self.protocol > 0 { self.out.byte(op::EMPTY_TUPLE) } else { self.out.push(&[op::MARK, op::TUPLE]) };
        }
        let short = len <= 3 && self.protocol >= 2;
        if !short {
            self.out.byte(op::MARK)?;
        }
        for (at, item) in tuple.as_slice().iter().enumerate() {
            self.item(item, object, at)?;
        }
        // If it is remembered by now it lies in itself: what was written of it is of no use.
        if let Some(number) = self.pickler.memo.get(object) {
            if !short && self.binary() {
                self.out.byte(op::POP_MARK)?;
            } else {
                for _ in 0..len + usize::from(!short) {
                    self.out.byte(op::POP)?;
                }
            }
            return self.get(number);
        }
        self.out.byte(match (short, len) {
            (true, 1) => op::TUPLE1,
            (true, 2) => op::TUPLE2,
            (true, _) => op::TUPLE3,
            _ => op::TUPLE,
        })?;
        self.put(object)
    }

    pub fn list(&mut self, object: &Value) -> Res<()> {
        self.nested(object, |this| {
            let Some(list) = List::of(object) else { return Ok(()) };
            if this.binary() { this.out.byte(op::EMPTY_LIST)? } else { this.out.push(&[op::MARK, op::LIST])? };
            this.put(object)?;
            if list.is_empty() {
                return Ok(());
            }
            if this.protocol > 0 {
                return this.list_items(&list);
            }
            let items = this.cx.iter(object)?;
            this.append_all(&items, object)
        })
    }
    fn list_items(&mut self, list: &List) -> Res<()> {
        let (object, watched, len) = (list.value(), self.is_watched(), list.len());
        let get = |at: usize| if watched { list.get(at) } else { list.look(at) };
        if len == 1 {
            let Some(only) = get(0) else { return Ok(()) };
            self.item(&only, object, 0)?;
            return self.out.byte(op::APPEND);
        }
        let mut at = 0;
        loop {
            self.out.byte(op::MARK)?;
            let end = at + BATCH;
            while let Some(item) = get(at) {
                self.item(&item, object, at)?;
                at += 1;
                if at == end {
                    break;
                }
            }
            self.out.byte(op::APPENDS)?;
            if list.len() != len {
                return Err(self.cx.runtime_error("list changed size during iteration"));
            }
            if at >= len {
                return Ok(());
            }
        }
    }
    /// What an iterator gives, to be appended to an object.
    pub fn append_all(&mut self, items: &Iter, object: &Value) -> Res<()> {
        let (cx, mut at) = (self.cx, 0);
        if self.protocol == 0 {
            while let Some(item) = items.next(cx)? {
                self.item(&item, object, at)?;
                self.out.byte(op::APPEND)?;
                at += 1;
            }
            return Ok(());
        }
        loop {
            let Some(first) = items.next(cx)? else { return Ok(()) };
            let mut next = items.next(cx)?;
            if next.is_none() {
                self.item(&first, object, at)?;
                return self.out.byte(op::APPEND);
            }
            self.out.byte(op::MARK)?;
            self.item(&first, object, at)?;
            at += 1;
            let mut count = 1;
            while let Some(item) = next {
                self.item(&item, object, at)?;
                at += 1;
                count += 1;
                next = if count == BATCH { None } else { items.next(cx)? };
            }
            self.out.byte(op::APPENDS)?;
            if count < BATCH {
                return Ok(());
            }
        }
    }

    pub fn dict(&mut self, object: &Value) -> Res<()> {
        self.nested(object, |this| {
            let Some(dict) = Dict::of(object) else { return Ok(()) };
            if this.binary() { this.out.byte(op::EMPTY_DICT)? } else { this.out.push(&[op::MARK, op::DICT])? };
            this.put(object)?;
            if dict.is_empty() {
                return Ok(());
            }
            if this.protocol > 0 {
                return this.dict_items(&dict);
            }
            let pairs = this.cx.iter(&this.cx.call_method(object, "items", ())?)?;
            this.set_all(&pairs, object)
        })
    }
    fn dict_items(&mut self, dict: &Dict) -> Res<()> {
        let (object, watched, len) = (dict.value(), self.is_watched(), dict.len());
        let next = |from: usize| if watched { dict.next_item(from) } else { dict.look_next(from) };
        if len == 1 {
            let Some((_, key, value)) = next(0) else { return Ok(()) };
            self.pair(&key, &value, object)?;
            return self.out.byte(op::SETITEM);
        }
        let mut from = 0;
        loop {
            let mut count = 0;
            self.out.byte(op::MARK)?;
            while let Some((after, key, value)) = next(from) {
                from = after;
                self.pair(&key, &value, object)?;
                count += 1;
                if count == BATCH {
                    break;
                }
            }
            self.out.byte(op::SETITEMS)?;
            if dict.len() != len {
                return Err(self.cx.runtime_error("dictionary changed size during iteration"));
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }
    /// A key and a value as an iterator gives them. `TypeError`.
    fn as_pair(&self, pair: &Value) -> Res<(Value, Value)> {
        match Tuple::of(pair).as_ref().map(Tuple::as_slice) {
            Some([key, value]) => Ok((key.clone(), value.clone())),
            _ => Err(self.cx.type_error("dict items iterator must return 2-tuples")),
        }
    }
    /// The pairs that an iterator gives, to be set in an object.
    pub fn set_all(&mut self, pairs: &Iter, object: &Value) -> Res<()> {
        let cx = self.cx;
        if self.protocol == 0 {
            while let Some(pair) = pairs.next(cx)? {
                let (key, value) = self.as_pair(&pair)?;
                self.pair(&key, &value, object)?;
                self.out.byte(op::SETITEM)?;
            }
            return Ok(());
        }
        loop {
            let Some(first) = pairs.next(cx)? else { return Ok(()) };
            let (key, value) = self.as_pair(&first)?;
            let mut next = pairs.next(cx)?;
            if next.is_none() {
                self.pair(&key, &value, object)?;
                return self.out.byte(op::SETITEM);
            }
            self.out.byte(op::MARK)?;
            self.pair(&key, &value, object)?;
            let mut count = 1;
            while let Some(pair) = next {
                let (key, value) = self.as_pair(&pair)?;
                self.pair(&key, &value, object)?;
                count += 1;
                next = if count == BATCH { None } else { pairs.next(cx)? };
            }
            self.out.byte(op::SETITEMS)?;
            if count < BATCH {
                return Ok(());
            }
        }
    }

    /// How protocols before 4 write a set: as its class, called with a list.
    fn set_as_list(&mut self, object: &Value, class: &str) -> Res<()> {
        let items = List::from_iterable(self.cx, object)?;
        let args = (self.cx.builtin(class)?, (items,)).into_value(self.cx)?;
        self.reduced_again(&args, object)
    }
    pub fn set(&mut self, object: &Value) -> Res<()> {
        if self.protocol < 4 {
            return self.set_as_list(object, "set");
        }
        self.out.byte(op::EMPTY_SET)?;
        self.put(object)?;
        let len = self.cx.element_count(object);
        if len == 0 {
            return Ok(());
        }
        let mut from = 0;
        loop {
            let mut count = 0;
            self.out.byte(op::MARK)?;
            while let Some((after, element)) = self.cx.next_element(object, from) {
                from = after;
                self.element(&element, object)?;
                count += 1;
                if count == BATCH {
                    break;
                }
            }
            self.out.byte(op::ADDITEMS)?;
            if self.cx.element_count(object) != len {
                return Err(self.cx.runtime_error("set changed size during iteration"));
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }
    pub fn frozenset(&mut self, object: &Value) -> Res<()> {
        if self.protocol < 4 {
            return self.set_as_list(object, "frozenset");
        }
        self.nested(object, |this| {
            this.out.byte(op::MARK)?;
            let mut from = 0;
            while let Some((after, element)) = this.cx.next_element(object, from) {
                from = after;
                this.element(&element, object)?;
            }
            // As a tuple, it may lie in itself.
            if let Some(number) = this.pickler.memo.get(object) {
                this.out.byte(op::POP_MARK)?;
                return this.get(number);
            }
            this.out.byte(op::FROZENSET)?;
            this.put(object)
        })
    }
}
