//! Attributes: the generic lookup and assignment, and where an instance keeps its own.
//!
//! `generic_get_attr` is `object.__getattribute__`: a data descriptor of the type, then the instance's own attribute, then
//! whatever else the type has. The loop's inline caches (`ops/attrs.rs`) hold what it finds for a shape.

use ryokan_alloc::ShapeId;

use crate::object::shape::{EXT_AT_END, Shape};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::str::{Str, Text};
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

impl Vm {
    /// `owner.name`; `name` is a str. Runs Python; raises what methods and descriptors raise, and `AttributeError` if there is none.
    pub fn get_attr(&self, owner: &Value, name: &Value) -> Res {
        let found = match self.slots(owner).getattr() {
            Some(getattr) => getattr.call(self, owner, name),
            None => self.generic_get_attr(owner, name),
        };
        if found.is_err() {
            crate::types::exceptions::note_missing(self, name, owner);
        }
        found
    }

    /// `owner.name`, or `None` where that raises `AttributeError`. Runs Python; raises anything else that methods and descriptors raise.
    pub fn get_attr_opt(&self, owner: &Value, name: &Value) -> Res<Option<Value>> {
        let own = self.slots(owner).getattr();
        let found = if own == self.types.object.slots().getattr() {
            self.find_attr(owner, name)
        } else if own == self.types.module.slots().getattr() {
            crate::types::module::find(self, owner, name)
        } else {
            self.get_attr(owner, name).map(Some)
        };
        match found {
            Ok(found) => Ok(found),
            Err(raised) if self.raised_is(&raised, &self.exc.AttributeError) => {
                drop(self.take_raised(raised));
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    /// `owner.name = value`, or `del owner.name`. Runs Python; raises what methods and descriptors raise, and `AttributeError` where it
    /// cannot be.
    pub fn set_attr(&self, owner: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
        match self.slots(owner).setattr() {
            Some(setattr) => setattr.call(self, owner, name, value),
            None => self.generic_set_attr(owner, name, value),
        }
    }

    /// Whether a looked-up attribute becomes a bound method when it is reached through an instance.
    #[inline]
    pub fn is_method_like(&self, found: &Value) -> bool {
        found.exact::<Function>().is_some()
            || found.word().is_ptr() && found.word().shape() == Layout::NativeFunction.second()
            || found.exact::<crate::types::descriptors::SlotWrapper>().is_some_and(|w| w.this.is_unbound())
    }

    /// `object.__getattribute__`. Runs Python (descriptors); raises what they raise, `TypeError` for a name that is no str, and
    /// `AttributeError`.
    pub fn generic_get_attr(&self, owner: &Value, name: &Value) -> Res {
        match self.find_attr(owner, name)? {
            Some(value) => Ok(value),
            None => Err(self.no_attribute(owner, name)),
        }
    }

    /// The same, `None` if there is none. Runs Python (descriptors); raises what they raise, and `TypeError` for a name that is no str.
    pub fn find_attr(&self, owner: &Value, name: &Value) -> Res<Option<Value>> {
        if !name.has::<Str>() {
            return Err(self
                .type_error(format_args!("attribute name must be string, not '{}'", self.type_name(name))));
        }
        let name = &self.intern_value(name.clone())?;
        let ty = self.type_of(owner);
        let found = ty.lookup(self, name);
        if let Some(descriptor) = &found {
            let slots = self.slots(descriptor);
            if let (Some(get), true) = (slots.get(), slots.set().is_some()) {
                return get.call(self, descriptor, Some(owner), &ty.to_value()).map(Some);
            }
        }
        if let Some(value) = self.own_attr(owner, name)? {
            return Ok(Some(value));
        }
        match found {
            None => Ok(None),
            Some(found) => match self.slots(&found).get() {
                Some(get) => get.call(self, &found, Some(owner), &ty.to_value()).map(Some),
                None => Ok(Some(found)),
            },
        }
    }

    /// `AttributeError` of a slot that is empty: it names the type with its module, unless that is `__main__`.
    #[cold]
    pub fn empty_slot(&self, owner: &Value, name: &Value) -> Raised {
        let kind = self.type_of(owner).full_name(self);
        let kind = kind.strip_prefix("__main__.").unwrap_or(&kind);
        let raised =
            self.attribute_error(format_args!("'{kind}' object has no attribute '{}'", self.text(name)));
        crate::types::exceptions::note_name_and_obj(self, Some(name), Some(owner));
        raised
    }

    /// `AttributeError` of a missing attribute. Runs Python where it is a module's (its `__spec__` is looked at).
    #[cold]
    pub fn no_attribute(&self, owner: &Value, name: &Value) -> Raised {
        let text = self.text(name);
        let raised = match (owner.get::<TypeObj>(), owner.get::<crate::types::module::Module>()) {
            (Some(ty), _) => {
                let kind = ty.def.map_or_else(|| self.text(&ty.name), |def| Text::from(def.name));
                self.attribute_error(format_args!("type object '{kind}' has no attribute '{text}'"))
            }
            (_, Some(module)) => self.attribute_error(module.missing_attribute(self, &text)),
            _ => {
                let kind = self.type_name(owner);
                self.attribute_error(format_args!("'{kind}' object has no attribute '{text}'"))
            }
        };
        crate::types::exceptions::note_name_and_obj(self, Some(name), Some(owner));
        raised
    }

    /// The instance's own attribute. Runs no Python, and raises nothing.
    pub fn own_attr(&self, owner: &Value, name: &Value) -> Res<Option<Value>> {
        let Some(shape) = self.shape_of(owner) else { return Ok(None) };
        if let Some(module) = owner.get::<crate::types::module::Module>() {
            return Ok(module.dict().get_name(name).cloned());
        }
        if let Some(ty) = owner.get::<TypeObj>() {
            return Ok(ty.dict().get_name(name).cloned());
        }
        if shape.ext == 0 || self.hides_dict(owner, shape) {
            return Ok(None);
        }
        if !shape.dict_mode {
            return Ok(self.shape_find(shape, name)?.map(|at| self.word_slot(owner, at).clone()));
        }
        Ok(self.hidden_attr(owner, name))
    }

    /// Where a shape has an attribute: it finds names by their addresses, so an instance of a subclass of str stands for the plain str with
    /// its text.
    #[inline]
    fn shape_find(&self, shape: &Shape, name: &Value) -> Res<Option<u16>> {
        match name.exact::<Str>() {
            Some(_) => Ok(shape.find(name.word())),
            None => Ok(shape.find(self.intern(&self.text(name))?.word())),
        }
    }

    /// Whether an object has a dict for the members of its class alone.
    fn hides_dict(&self, owner: &Value, shape: &Shape) -> bool {
        shape.ext == EXT_AT_END && !self.type_of(owner).has(TypeFlags::HAS_DICT)
    }
    /// What the dict of an object has, be it hidden or not.
    pub fn hidden_attr(&self, owner: &Value, name: &Value) -> Option<Value> {
        self.ext_slot(owner)?.get::<Dict>()?.get_name(name).cloned()
    }
    /// Sets or deletes that; `false` if, deleting, it has none. Runs Python where an object dies by it;
    /// `MemoryError`.
    pub fn set_hidden_attr(&self, owner: &Value, name: &Value, value: Option<&Value>) -> Res<bool> {
        let dict = self.to_dict_mode(owner)?;
        match value {
            Some(value) => dict.set_name(self, name, value.clone()).map(|()| true),
            None => Ok(dict.remove_name(name).is_some()),
        }
    }

    /// `object.__setattr__`. Runs Python (descriptors, and what dies); raises what descriptors raise, `TypeError` for a name that is no
    /// str, and `AttributeError`.
    pub fn generic_set_attr(&self, owner: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
        if !name.has::<Str>() {
            return Err(self
                .type_error(format_args!("attribute name must be string, not '{}'", self.type_name(name))));
        }
        let name = &self.intern_value(name.clone())?;
        let ty = self.type_of(owner);
        let found = ty.lookup(self, name);
        if let Some(descriptor) = &found
            && let Some(set) = self.slots(descriptor).set()
        {
            return set.call(self, descriptor, owner, value);
        }
        if self.set_own_attr(owner, name, value)? {
            return Ok(());
        }
        let has_dict = ty.has(TypeFlags::HAS_DICT);
        if has_dict && !owner.has::<crate::types::module::Module>() {
            return Err(self.no_attribute(owner, name));
        }
        let (kind, text) = (self.type_name(owner), self.text(name));
        let plain = ty.slots().setattr() == self.types.object.slots().setattr();
        let raised = match found {
            Some(_) if !has_dict => {
                self.attribute_error(format_args!("'{kind}' object attribute '{text}' is read-only"))
            }
            None if plain && !has_dict => self.attribute_error(format_args!(
                "'{kind}' object has no attribute '{text}' and no __dict__ for setting new attributes"
            )),
            _ => self.attribute_error(format_args!("'{kind}' object has no attribute '{text}'")),
        };
        crate::types::exceptions::note_name_and_obj(self, Some(name), Some(owner));
        Err(raised)
    }

    /// Sets or deletes the instance's own attribute; `false` if it cannot have one (or, deleting, has none). Runs Python where an
    /// object dies by it; `MemoryError`.
    pub fn set_own_attr(&self, owner: &Value, name: &Value, value: Option<&Value>) -> Res<bool> {
        if let Some(module) = owner.get::<crate::types::module::Module>() {
            return match value {
                Some(value) => module.dict().set_name(self, name, value.clone()).map(|()| true),
                None => Ok(module.dict().remove_name(name).is_some()),
            };
        }
        let Some(shape) = self.shape_of(owner) else { return Ok(false) };
        if shape.ext == 0 || self.hides_dict(owner, shape) {
            return Ok(false);
        }
        if !shape.dict_mode && shape.ext != EXT_AT_END {
            match (self.shape_find(shape, name)?, value) {
                (Some(at), Some(value)) => {
                    self.word_slot(owner, at).set(value.clone());
                    return Ok(true);
                }
                (None, None) => return Ok(false),
                // A dict keeps the very object as its key.
                (None, Some(_)) if name.exact::<Str>().is_none() => {}
                (None, Some(value)) => {
                    if let Some(next) = self.shapes.extend(self, shape, name.word())? {
                        let at = next.first + next.count - 1;
                        self.word_slot(owner, at).set(value.clone());
                        self.grow_to(owner, next);
                        return Ok(true);
                    }
                    self.learn_capacity(shape);
                }
                (Some(at), None) => {
                    if let Some(others) = self.shape_without(shape, at)? {
                        let old = self.word_slot(owner, at).take();
                        for later in at + 1..shape.first + shape.count {
                            self.word_slot(owner, later - 1).set(self.word_slot(owner, later).take());
                        }
                        self.grow_to(owner, others);
                        drop(old);
                        return Ok(true);
                    }
                }
            }
        }
        self.set_hidden_attr(owner, name, value)
    }

    /// The shape of what loses the attribute in the slot `at`: without the newest one it is again what it was before, without another one,
    /// if it has few, what has got the others in their order.
    fn shape_without<'a>(&'a self, shape: &'a Shape, at: u16) -> Res<Option<&'a Shape>> {
        const FEW: u16 = 8;
        if at + 1 == shape.first + shape.count {
            return Ok(shape.before());
        }
        if shape.count > FEW {
            return Ok(None);
        }
        let mut to = shape;
        while let Some(before) = to.before() {
            to = before;
        }
        for (slot, name) in (shape.first..).zip(shape.names()) {
            if slot != at {
                match self.shapes.extend(self, to, name)? {
                    Some(next) => to = next,
                    None => return Ok(None),
                }
            }
        }
        Ok(Some(to))
    }

    /// An instance ran out of slots: later instances of its class get more.
    fn learn_capacity(&self, shape: &Shape) {
        let ty = shape.bound_class();
        if shape.count >= shape.capacity && ty.capacity.get() <= shape.capacity && shape.capacity < 64 {
            ty.capacity.set((shape.capacity * 2).clamp(4, 64));
            let first = shape.first;
            if let Ok(root) = self.shapes.root(self, ty, false, shape.ext, first, ty.capacity.get()) {
                ty.set_root(root.id);
            }
        }
    }

    /// Moves an instance's attributes to a dict; gives the dict. Runs no Python; `MemoryError`.
    pub fn to_dict_mode(&self, owner: &Value) -> Res<Ref<Dict>> {
        let shape = self.shape_of(owner).expect("only instances have attributes");
        let ext = self.ext_slot(owner).expect("the shape has an ext word");
        if (shape.dict_mode || shape.ext == EXT_AT_END)
            && let Ok(dict) = Ref::<Dict>::from_value(ext.clone())
        {
            return Ok(dict);
        }
        let dict = self.new_dict()?;
        if !shape.dict_mode && shape.ext != EXT_AT_END {
            let dict_shape = self.dict_shape(shape.bound_class(), shape)?;
            dict.reserve(self, usize::from(shape.count))?;
            for (at, name) in shape.names().into_iter().enumerate() {
                // The type keeps the names of its shapes.
                let name = Borrowed::new(name);
                dict.set_name(self, &name, self.word_slot(owner, shape.first + at as u16).clone())?;
            }
            self.grow_to(owner, self.shapes.get(dict_shape));
            for at in 0..shape.count {
                self.word_slot(owner, shape.first + at).set(Value::UNBOUND);
            }
        }
        ext.set(dict.to_value());
        Ok(dict)
    }

    /// The dict-mode shape of a type that has the words of `shape`. Runs no Python; `MemoryError`.
    pub fn dict_shape(&self, ty: &TypeObj, shape: &Shape) -> Res<ShapeId> {
        if let Some(known) = ty.find_dict_shape(|id| self.shapes.get(id).words() == shape.words()) {
            return Ok(known);
        }
        let made = self.shapes.root(self, ty, true, shape.ext, shape.first, shape.capacity)?;
        ty.add_dict_shape(made.id);
        Ok(made.id)
    }

    /// The instance's dict, made now if it can have one. Runs no Python; `MemoryError`.
    pub fn instance_dict(&self, owner: &Value) -> Res<Option<Ref<Dict>>> {
        if let Some(module) = owner.get::<crate::types::module::Module>() {
            return Ok(Some(module.dict_ref()));
        }
        match self.shape_of(owner) {
            Some(shape) if shape.ext != 0 && !self.hides_dict(owner, shape) => {}
            _ => return Ok(None),
        }
        self.to_dict_mode(owner).map(Some)
    }

    /// Replaces the instance's dict. Runs Python where the old dict dies; `MemoryError`.
    pub fn set_instance_dict(&self, owner: &Value, dict: &Value) -> Res<()> {
        self.to_dict_mode(owner)?;
        if let Some(ext) = self.ext_slot(owner) {
            ext.set(dict.clone());
        }
        Ok(())
    }

    /// Whether two types find the same object under a name.
    pub fn same_attr(&self, a: &TypeObj, b: &TypeObj, name: &Value) -> bool {
        let word = |found: Option<Value>| found.map_or(Word::UNBOUND, |v| v.word());
        word(a.lookup(self, name)) == word(b.lookup(self, name))
    }
}
