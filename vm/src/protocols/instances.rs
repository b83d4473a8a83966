//! Who is an instance of what, whatever the types.

use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::tuple::Tuple;
use crate::types::union::Union;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    // ---- types -----------------------------------------------------------------------------------------------------

    /// The type object that a value is, or `TypeError`.
    pub fn expect_type<'a>(&self, value: &'a Value) -> Res<&'a TypeObj> {
        match value.get::<TypeObj>() {
            Some(ty) => Ok(ty),
            None => Err(self.type_error(format_args!("expected a type, not '{}'", self.type_name(value)))),
        }
    }

    /// `isinstance(value, class)`
    pub fn is_instance_of(&self, value: &Value, class: &Value) -> Res<bool> {
        if self.type_of(value).word() == class.word() {
            return Ok(true);
        }
        let class = class.get::<Union>().map_or(class, Union::args);
        if let Some(tuple) = class.get::<Tuple>() {
            self.check_stack()?;
            for at in 0..tuple.items().len() {
                let one = tuple.items()[at].clone();
                self.work(1)?;
                if self.is_instance_of(value, &one)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if (class.get::<TypeObj>().is_none() || !self.type_of(class).word().eq(&self.types.r#type.word()))
            && let Some(answer) = self.call_special(class, &self.names.__instancecheck__, &[value.clone()])?
        {
            return self.truth(&answer);
        }
        self.plain_is_instance(value, class)
    }

    /// `type.__instancecheck__`
    pub fn plain_is_instance(&self, value: &Value, class: &Value) -> Res<bool> {
        let Some(ty) = class.get::<TypeObj>() else {
            return Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        };
        if self.is_instance(value, ty) {
            return Ok(true);
        }
        // A proxy may claim another class; what has `__class__` from `object` claims its own.
        let own = self.type_of(value);
        if self.finds_plainly(own) && self.same_attr(own, &self.types.object, &self.names.__class__) {
            return Ok(false);
        }
        let claimed = self.get_attr_opt(value, &self.names.__class__)?;
        Ok(claimed.as_ref().and_then(|c| c.get::<TypeObj>()).is_some_and(|c| c.is_subtype(ty)))
    }

    /// `issubclass(sub, class)`
    pub fn is_subclass_of(&self, sub: &Value, class: &Value) -> Res<bool> {
        let class = class.get::<Union>().map_or(class, Union::args);
        if let Some(tuple) = class.get::<Tuple>() {
            for one in tuple.items().to_vec() {
                self.check_stack()?;
                if self.is_subclass_of(sub, &one)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let name = self.names.__subclasscheck__.clone();
        if (class.get::<TypeObj>().is_none() || !self.type_of(class).word().eq(&self.types.r#type.word()))
            && let Some(answer) = self.call_special(class, &name, &[sub.clone()])?
        {
            return self.truth(&answer);
        }
        self.plain_is_subclass(sub, class)
    }

    /// `type.__subclasscheck__`
    pub fn plain_is_subclass(&self, sub: &Value, class: &Value) -> Res<bool> {
        let Some(sub) = sub.get::<TypeObj>() else {
            return Err(self.type_error("issubclass() arg 1 must be a class"));
        };
        let Some(ty) = class.get::<TypeObj>() else {
            return Err(self.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
        };
        Ok(sub.is_subtype(ty))
    }

    /// A new instance of a builtin class or of a subclass of it: `T`'s payload, with the subclass's slots behind.
    pub fn new_of_class<T: crate::object::Object>(
        &self,
        class: &Value,
        make: impl FnOnce(ryokan_alloc::Header) -> T,
    ) -> Res {
        let ty = self.expect_type(class)?;
        if ty.layout != T::LAYOUT || ty.root.get() == 0 {
            return Err(
                self.type_error(format_args!("{}.__new__ is not for this class", self.text(&ty.name)))
            );
        }
        let root = ty.root.get();
        let shape = self.shapes.get(root);
        let bytes = if shape.first == 0 { size_of::<T>() } else { shape.words() * 8 };
        let made = self.new_shaped(root, bytes, make)?;
        ty.hold_for_instance();
        Ok(made.into_value())
    }

    /// Two strs as one value, for messages of any length.
    pub fn key_name(&self, value: &Value) -> String {
        match self.repr(value) {
            Ok(text) => self.text(&text).to_string(),
            Err(raised) => {
                drop(self.take_raised(raised));
                String::from("?")
            }
        }
    }
}
