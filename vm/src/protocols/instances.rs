//! Who is an instance of what, whatever the types.

use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::union::Union;
use crate::value::Value;
use crate::vm::Vm;

/// How deep tuples of classes may be nested: about where CPython's native stack ends.
const NESTED_TUPLES: u32 = 50_000;

impl Vm {
    // ---- types -----------------------------------------------------------------------------------------------------

    /// The type object that a value is. Runs no Python; `TypeError` if it is none.
    pub fn expect_type<'a>(&self, value: &'a Value) -> Res<&'a TypeObj> {
        match value.get::<TypeObj>() {
            Some(ty) => Ok(ty),
            None => Err(self.type_error(format_args!("expected a type, not '{}'", self.type_name(value)))),
        }
    }

    /// `isinstance(value, class)`. Runs Python (`__instancecheck__`, `__class__`); raises what that raises, `TypeError` if it is no class,
    /// and `RecursionError`.
    pub fn is_instance_of(&self, value: &Value, class: &Value) -> Res<bool> {
        if self.type_of(value).word() == class.word() {
            return Ok(true);
        }
        self.is_instance_of_any(value, class, 0)
    }
    /// The same for a class or a tuple of them, which stands so many tuples deep.
    fn is_instance_of_any(&self, value: &Value, class: &Value, depth: u32) -> Res<bool> {
        if self.type_of(value).word() == class.word() {
            return Ok(true);
        }
        let class = class.get::<Union>().map_or(class, Union::args);
        if let Some(tuple) = class.get::<Tuple>() {
            self.check_nested(depth)?;
            for at in 0..tuple.items().len() {
                let one = tuple.items()[at].clone();
                self.work(1)?;
                if self.is_instance_of_any(value, &one, depth + 1)? {
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
    /// Tuples in tuples have an end well before the native stack has, which is too large to be filled by mistake.
    fn check_nested(&self, depth: u32) -> Res<()> {
        if depth >= NESTED_TUPLES {
            return Err(self.recursion_error("maximum recursion depth exceeded"));
        }
        self.check_stack()
    }

    /// Whether instances of a class say that they are its instances: a proxy may claim another class, what has `__class__` from `object`
    /// claims its own.
    #[inline]
    pub fn claims_own_class(&self, own: &TypeObj) -> bool {
        own.claims.get() == self.epoch.get() || self.claims_own_class_now(own)
    }
    /// The same where it was not found out in this epoch.
    #[inline(never)]
    fn claims_own_class_now(&self, own: &TypeObj) -> bool {
        let claims =
            self.finds_plainly(own) && self.same_attr(own, &self.types.object, &self.names.__class__);
        if claims && self.caches() {
            own.claims.set(self.epoch.get());
            // Who sets one of these, on whatever class, ends the epoch.
            let names = &self.names;
            for name in [&names.__class__, &names.__getattribute__, &names.__getattr__] {
                if let Some(text) = name.get::<Str>() {
                    text.mark_type_cached();
                }
            }
        }
        claims
    }
    /// `type.__instancecheck__`. Runs Python (`__class__`, `__bases__`); raises what that raises, and `TypeError` if it is no class.
    pub fn plain_is_instance(&self, value: &Value, class: &Value) -> Res<bool> {
        if let Some(ty) = class.get::<TypeObj>() {
            if self.is_instance(value, ty) {
                return Ok(true);
            }
            if self.claims_own_class(self.type_of(value)) {
                return Ok(false);
            }
            let claimed = self.get_attr_opt(value, &self.names.__class__)?;
            return Ok(claimed.as_ref().and_then(|c| c.get::<TypeObj>()).is_some_and(|c| c.is_subtype(ty)));
        }
        self.expect_bases(class, "isinstance() arg 2 must be a type, a tuple of types, or a union")?;
        match self.get_attr_opt(value, &self.names.__class__)? {
            Some(claimed) => self.derives_from(claimed, class),
            None => Ok(false),
        }
    }

    /// `issubclass(sub, class)`. Runs Python (`__subclasscheck__`, `__bases__`); raises what that raises, `TypeError` if one is no class,
    /// and `RecursionError`.
    pub fn is_subclass_of(&self, sub: &Value, class: &Value) -> Res<bool> {
        self.is_subclass_of_any(sub, class, 0)
    }
    fn is_subclass_of_any(&self, sub: &Value, class: &Value, depth: u32) -> Res<bool> {
        let class = class.get::<Union>().map_or(class, Union::args);
        if let Some(tuple) = class.get::<Tuple>() {
            self.check_nested(depth)?;
            for at in 0..tuple.items().len() {
                let one = tuple.items()[at].clone();
                self.work(1)?;
                if self.is_subclass_of_any(sub, &one, depth + 1)? {
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

    /// `type.__subclasscheck__`. Runs Python (`__bases__`); raises what that raises, and `TypeError` if one is no class.
    pub fn plain_is_subclass(&self, sub: &Value, class: &Value) -> Res<bool> {
        if let (Some(sub), Some(ty)) = (sub.get::<TypeObj>(), class.get::<TypeObj>()) {
            return Ok(sub.is_subtype(ty));
        }
        self.expect_bases(sub, "issubclass() arg 1 must be a class")?;
        self.expect_bases(class, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
        self.derives_from(sub.clone(), class)
    }

    /// The `__bases__` of what acts as a class, if they are a tuple. May run Python.
    fn bases_of(&self, class: &Value) -> Res<Option<Value>> {
        let name = self.intern("__bases__")?;
        Ok(self.get_attr_opt(class, &name)?.filter(Value::has::<Tuple>))
    }
    fn expect_bases(&self, class: &Value, message: &str) -> Res<()> {
        match self.bases_of(class)? {
            Some(_) => Ok(()),
            None => Err(self.type_error(message)),
        }
    }
    /// Whether `class` is `derived` or among its bases, whatever their types.
    fn derives_from(&self, mut derived: Value, class: &Value) -> Res<bool> {
        loop {
            self.work(1)?;
            if derived.word() == class.word() {
                return Ok(true);
            }
            let Some(bases) = self.bases_of(&derived)? else { return Ok(false) };
            let items = bases.get::<Tuple>().map_or(&[][..], Tuple::items);
            let [one] = items else {
                self.check_stack()?;
                for base in items {
                    if self.derives_from(base.clone(), class)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            };
            let one = one.clone();
            derived = one;
        }
    }

    /// A new instance of a builtin class or of a subclass of it: `T`'s payload, with the subclass's slots behind. Runs no Python;
    /// `MemoryError`, and `TypeError` for another class.
    pub fn new_of_class<T: crate::object::Object>(
        &self,
        class: &Value,
        make: impl FnOnce(ryokan_alloc::Header) -> T,
    ) -> Res {
        let ty = self.expect_type(class)?;
        if ty.layout != T::LAYOUT || ty.root.get().is_none() {
            return Err(
                self.type_error(format_args!("{}.__new__ is not for this class", self.text(&ty.name)))
            );
        }
        let root = ty.root.get();
        let shape = self.shapes.get(root);
        let bytes = if shape.first == 0 { size_of::<T>() } else { shape.words() * 8 };
        let made = self.new_shaped(root, bytes, make)?;
        self.note_birth(ty, made.value());
        // A number's payload holds nothing, but the attributes of an instance can be part of a cycle.
        if !T::TRACKED && shape.first != 0 {
            self.track_whole(&made);
        }
        Ok(made.into_value())
    }

    /// `repr(value)` for messages; a question mark if that fails. Runs Python (`__repr__`).
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
