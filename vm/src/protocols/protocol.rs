//! What operators, iteration, indexing, hashing and formatting mean, whatever the types: the abstract protocols.

use ryokan_alloc::Vector;
use ryokan_bytecode::{BinaryOp, CompareOp};

use crate::object::Ref;
use crate::object::slots::{Guarded, Unary};
use crate::object::ty::TypeObj;
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::union::Union;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The operator and its in-place form as messages write them.
fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Power => "** or pow()",
        BinaryOp::InplacePower => "**=",
        _ => op.text(),
    }
}

impl Vm {
    // ---- operators -------------------------------------------------------------------------------------------------

    /// `left op right`
    pub fn binary_op(&self, left: &Value, right: &Value, op: BinaryOp) -> Res {
        let (plain, in_place) = op.plain();
        if in_place && let Some(slot) = self.slots(left).in_place(plain as usize) {
            let result = slot.call(self, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        let result = self.try_binary(left, right, plain)?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
        Err(self.unsupported(left, right, op))
    }

    /// `left op right`, or `NotImplemented`.
    pub fn try_binary(&self, left: &Value, right: &Value, op: BinaryOp) -> Res {
        let (x, y) = (self.type_of(left), self.type_of(right));
        let first = x.slots().number(op as usize);
        let mut second = y.slots().number(op as usize);
        if std::ptr::eq(x, y) || first == second {
            second = None;
        }
        if let (Some(slot), Some(reflected)) = (first, second)
            && y.is_subtype(x)
        {
            let result = reflected.call(self, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
            return slot.call(self, left, right);
        }
        if let Some(slot) = first {
            let result = slot.call(self, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        match second {
            Some(slot) => slot.call(self, left, right),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[cold]
    fn unsupported(&self, left: &Value, right: &Value, op: BinaryOp) -> Raised {
        let (plain, _) = op.plain();
        // Sequences complain of what they cannot be joined to, or multiplied by.
        let sequence = |v: &Value| {
            self.slots(v).number(BinaryOp::Multiply as usize).is_some()
                && (self.type_of(v).has(crate::object::ty::type_flag::SEQUENCE)
                    || v.has::<Str>()
                    || v.has::<crate::types::bytes::Bytes>()
                    || v.has::<crate::types::bytearray::ByteArray>())
        };
        if plain == BinaryOp::Multiply {
            let other = if sequence(left) {
                Some(right)
            } else if sequence(right) {
                Some(left)
            } else {
                None
            };
            if let Some(other) = other {
                return self.type_error(format_args!(
                    "can't multiply sequence by non-int of type '{}'",
                    self.type_name(other)
                ));
            }
        }
        let (x, y) = (self.type_name(left), self.type_name(right));
        self.type_error(format_args!("unsupported operand type(s) for {}: '{x}' and '{y}'", symbol(op)))
    }

    fn unary_op(&self, value: &Value, slot: Option<Guarded<Unary>>, sign: &str) -> Res {
        match slot {
            Some(slot) => slot.call(self, value),
            None => Err(self
                .type_error(format_args!("bad operand type for unary {sign}: '{}'", self.type_name(value)))),
        }
    }
    /// `-value`
    pub fn negative(&self, value: &Value) -> Res {
        self.unary_op(value, self.slots(value).neg(), "-")
    }
    /// `+value`
    pub fn positive(&self, value: &Value) -> Res {
        self.unary_op(value, self.slots(value).pos(), "+")
    }
    /// `~value`
    pub fn invert(&self, value: &Value) -> Res {
        self.unary_op(value, self.slots(value).invert(), "~")
    }
    /// `abs(value)`
    pub fn absolute(&self, value: &Value) -> Res {
        match self.slots(value).abs() {
            Some(slot) => slot.call(self, value),
            None => {
                Err(self.type_error(format_args!("bad operand type for abs(): '{}'", self.type_name(value))))
            }
        }
    }

    // ---- comparison ------------------------------------------------------------------------------------------------

    /// `left op right`, as a value.
    pub fn compare(&self, left: &Value, right: &Value, op: CompareOp) -> Res {
        self.check_stack()?;
        let swapped = match op {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            same => same,
        };
        // All that is asked of the types is asked before a method runs, which may change them.
        let (x, y) = (self.type_of(left), self.type_of(right));
        let (first, second) = (x.slots().compare(), y.slots().compare());
        let reflected_first = second.is_some() && !std::ptr::eq(x, y) && y.is_subtype(x);
        let straight = (first, left, right, op);
        let reflected = (second, right, left, swapped);
        let order = if reflected_first { [reflected, straight] } else { [straight, reflected] };
        for (slot, this, other, op) in order {
            let Some(slot) = slot else { continue };
            let result = slot.call(self, this, other, op)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        match op {
            CompareOp::Eq => Ok(Value::bool(left.is(right))),
            CompareOp::Ne => Ok(Value::bool(!left.is(right))),
            _ => Err(self.type_error(format_args!(
                "'{}' not supported between instances of '{}' and '{}'",
                op.text(),
                self.type_name(left),
                self.type_name(right)
            ))),
        }
    }

    /// The truth of `left op right`.
    pub fn compare_bool(&self, left: &Value, right: &Value, op: CompareOp) -> Res<bool> {
        let result = self.compare(left, right, op)?;
        self.truth(&result)
    }

    /// Identity, or the truth of `==`: what containers mean by equal.
    pub fn equal(&self, left: &Value, right: &Value) -> Res<bool> {
        if left.is(right) || (left.word() == right.word() && left.word().is_int()) {
            return Ok(true);
        }
        self.compare_bool(left, right, CompareOp::Eq)
    }

    /// `bool(value)`
    #[inline]
    pub fn truth(&self, value: &Value) -> Res<bool> {
        match value.word() {
            Word::TRUE => return Ok(true),
            Word::FALSE | Word::NONE => return Ok(false),
            word if word.is_int() => return Ok(word.int() != 0),
            word if word.is_float() => return Ok(word.float() != 0.0),
            _ => {}
        }
        let slots = self.slots(value);
        if let Some(slot) = slots.bool() {
            return slot.call(self, value);
        }
        match slots.len() {
            Some(slot) => Ok(slot.call(self, value)? != 0),
            None => Ok(true),
        }
    }

    /// `hash(value)`
    pub fn hash(&self, value: &Value) -> Res<i64> {
        if let Some(text) = value.exact::<Str>() {
            return Ok(text.hash());
        }
        let word = value.word();
        if word.is_int() {
            let number = word.int();
            const MODULUS: i64 = (1 << 61) - 1;
            if number > -MODULUS && number < MODULUS {
                return Ok(if number == -1 { -2 } else { number });
            }
        }
        match self.slots(value).hash() {
            Some(slot) => slot.call(self, value),
            None => Err(self.unhashable_type(value)),
        }
    }

    /// `TypeError: unhashable type`
    #[cold]
    pub fn unhashable_type(&self, value: &Value) -> Raised {
        self.type_error(format_args!("unhashable type: '{}'", self.type_name(value)))
    }

    /// `id(value)`: an object's address; of an immediate, a number that no object has.
    pub fn id(&self, value: &Value) -> usize {
        value.share();
        let word = value.word();
        if word.is_ptr() {
            word.0 as usize
        } else {
            (word.0 as usize).wrapping_mul(16) & 0xFFFF_FFF0 | 0x10_0000_0000
        }
    }

    /// The hash of an identity.
    pub fn id_hash(&self, value: &Value) -> i64 {
        let id = self.id(value) as u64;
        match id.rotate_right(4) as i64 {
            -1 => -2,
            hash => hash,
        }
    }

    // ---- text ------------------------------------------------------------------------------------------------------

    /// `repr(value)`
    pub fn repr(&self, value: &Value) -> Res {
        self.check_stack()?;
        let result = match self.slots(value).repr() {
            Some(slot) => slot.call(self, value)?,
            None => {
                return self.display(format_args!(
                    "<{} object at {:#x}>",
                    self.type_name(value),
                    self.id(value)
                ));
            }
        };
        if self.is_str(&result) {
            Ok(result)
        } else {
            Err(self
                .type_error(format_args!("__repr__ returned non-string (type {})", self.type_name(&result))))
        }
    }

    /// `str(value)`
    pub fn to_str(&self, value: &Value) -> Res {
        if value.exact::<Str>().is_some() {
            return Ok(value.clone());
        }
        self.check_stack()?;
        let result = match self.slots(value).str() {
            Some(slot) => slot.call(self, value)?,
            None => return self.repr(value),
        };
        if self.is_str(&result) {
            Ok(result)
        } else {
            Err(self
                .type_error(format_args!("__str__ returned non-string (type {})", self.type_name(&result))))
        }
    }

    /// `format(value, spec)`
    pub fn format(&self, value: &Value, spec: &Value) -> Res {
        if spec.get::<Str>().is_some_and(Str::is_empty) {
            if value.exact::<Str>().is_some() {
                return Ok(value.clone());
            }
            if value.word().is_number() {
                return self.to_str(value);
            }
        }
        let name = self.names.__format__.clone();
        match self.call_special(value, &name, &[spec.clone()])? {
            Some(result) if self.is_str(&result) => Ok(result),
            Some(result) => Err(self
                .type_error(format_args!("__format__ must return a str, not {}", self.type_name(&result)))),
            None => {
                Err(self.type_error(format_args!("Type {} doesn't define __format__", self.type_name(value))))
            }
        }
    }

    /// Runs `then` unless the repr of this object is already under way; `None` if it is.
    pub fn repr_guard(&self, object: &Value, then: impl FnOnce() -> Res) -> Res<Option<Value>> {
        let Some(ptr) = object.object() else { return then().map(Some) };
        if self.repr_active.borrow().contains(ptr) {
            return Ok(None);
        }
        self.work(1)?;
        if self.repr_active.borrow_mut().begin(ptr).is_err() {
            return Err(self.no_memory());
        }
        let result = then();
        self.repr_active.borrow_mut().end(ptr);
        result.map(Some)
    }

    // ---- iteration -------------------------------------------------------------------------------------------------

    /// `iter(value)`
    pub fn iter(&self, value: &Value) -> Res {
        let slots = self.slots(value);
        if let Some(slot) = slots.iter() {
            let iterator = slot.call(self, value)?;
            if self.slots(&iterator).next().is_none() {
                let kind = self.type_name(&iterator);
                return Err(self.type_error(format_args!("iter() returned non-iterator of type '{kind}'")));
            }
            return Ok(iterator);
        }
        if slots.getitem().is_some() && !value.has::<Dict>() {
            return self.seq_iter(value.clone());
        }
        Err(self.type_error(format_args!("'{}' object is not iterable", self.type_name(value))))
    }

    /// [`Vm::advance`] for a loop of native code, which is work that a metered run pays for.
    #[inline]
    pub fn next(&self, iterator: &Value) -> Res<Option<Value>> {
        self.work(1)?;
        self.advance(iterator)
    }

    /// `next(iterator)`: `None` at the end (a `StopIteration` without a value counts as the end).
    pub fn advance(&self, iterator: &Value) -> Res<Option<Value>> {
        let Some(slot) = self.slots(iterator).next() else {
            return Err(
                self.type_error(format_args!("'{}' object is not an iterator", self.type_name(iterator)))
            );
        };
        match slot.call(self, iterator) {
            Err(raised) if self.raised_is(&raised, &self.exc.StopIteration) => {
                drop(self.take_raised(raised));
                Ok(None)
            }
            result => result,
        }
    }

    /// `next(iterator)` that keeps `StopIteration`, whose value somebody wants.
    pub fn next_or_stop(&self, iterator: &Value) -> Res<Option<Value>> {
        match self.slots(iterator).next() {
            Some(slot) => slot.call(self, iterator),
            None => {
                Err(self.type_error(format_args!("'{}' object is not an iterator", self.type_name(iterator))))
            }
        }
    }

    /// The items of an iterable, in a vector. For what is small, or at hand already.
    pub fn collect(&self, iterable: &Value) -> Res<Vector<Value>> {
        let made;
        let items = match (iterable.exact::<Tuple>(), iterable.exact::<List>()) {
            (Some(tuple), _) => tuple.items(),
            (_, Some(list)) => list.items(),
            _ => {
                made = self.list_of(iterable)?;
                made.items()
            }
        };
        let mut vector = self.vector(items.len())?;
        vector.extend(items.iter().cloned());
        Ok(vector)
    }

    /// `list(iterable)`
    pub fn list_of(&self, iterable: &Value) -> Res<Ref<List>> {
        let made = self.new_list(Vec::new())?;
        let list = Ref::<List>::from_value(made).unwrap_or_else(|_| unreachable!("new_list makes a list"));
        list.extend(self, iterable)?;
        Ok(list)
    }

    /// `operator.length_hint(value, 0)`
    pub fn length_hint(&self, value: &Value) -> Res<usize> {
        if let Some(slot) = self.slots(value).len() {
            return slot.call(self, value);
        }
        let name = self.names.__length_hint__.clone();
        match self.call_special(value, &name, &[]) {
            Ok(Some(hint)) if hint.word().is_int() => {
                let hint = hint.word().int();
                if hint < 0 {
                    return Err(self.value_error("__length_hint__() should return >= 0"));
                }
                Ok(hint as usize)
            }
            Ok(_) => Ok(0),
            Err(raised) if self.raised_is(&raised, &self.exc.TypeError) => {
                drop(self.take_raised(raised));
                Ok(0)
            }
            Err(raised) => Err(raised),
        }
    }

    /// `len(value)`
    pub fn length(&self, value: &Value) -> Res<usize> {
        match self.slots(value).len() {
            Some(slot) => slot.call(self, value),
            None => {
                Err(self.type_error(format_args!("object of type '{}' has no len()", self.type_name(value))))
            }
        }
    }

    // ---- containers ------------------------------------------------------------------------------------------------

    /// `container[key]`
    pub fn get_item(&self, container: &Value, key: &Value) -> Res {
        if let Some(slot) = self.slots(container).getitem() {
            return slot.call(self, container, key);
        }
        if let Some(ty) = container.get::<TypeObj>() {
            // The metaclass has no such method: its instances would inherit it.
            if container.word() == self.types.r#type.word() {
                return self.new_alias(container, key);
            }
            let name = self.names.__class_getitem__.clone();
            if let Some(found) = self.get_attr_opt(container, &name)?
                && !found.is_none()
            {
                return self.call(&found, &[key.clone()]);
            }
            return Err(self.type_error(format_args!("type '{}' is not subscriptable", self.text(&ty.name))));
        }
        Err(self.type_error(format_args!("'{}' object is not subscriptable", self.type_name(container))))
    }

    /// `container[key] = value`
    pub fn set_item(&self, container: &Value, key: &Value, value: &Value) -> Res<()> {
        match self.slots(container).setitem() {
            Some(slot) => slot.call(self, container, key, Some(value)),
            None => Err(self.type_error(format_args!(
                "'{}' object does not support item assignment",
                self.type_name(container)
            ))),
        }
    }

    /// `del container[key]`
    pub fn del_item(&self, container: &Value, key: &Value) -> Res<()> {
        match self.slots(container).setitem() {
            Some(slot) => slot.call(self, container, key, None),
            None => {
                let slots = self.slots(container);
                let holds = slots.getitem().is_some() || slots.contains().is_some() || slots.len().is_some();
                let sequence = holds || self.type_of(container).has(crate::object::ty::type_flag::HEAP);
                let verb = if sequence && self.slots(key).index().is_some() { "doesn't" } else { "does not" };
                let kind = self.type_name(container);
                Err(self.type_error(format_args!("'{kind}' object {verb} support item deletion")))
            }
        }
    }

    /// `item in container`
    pub fn contains(&self, container: &Value, item: &Value) -> Res<bool> {
        let slots = self.slots(container);
        if let Some(slot) = slots.contains() {
            return slot.call(self, container, item);
        }
        if slots.iter().is_none() && slots.getitem().is_none() {
            return Err(self.type_error(format_args!(
                "argument of type '{}' is not a container or iterable",
                self.type_name(container)
            )));
        }
        let iterator = self.iter(container)?;
        while let Some(candidate) = self.next(&iterator)? {
            if self.equal(&candidate, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

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
            for one in tuple.items().to_vec() {
                self.check_stack()?;
                self.work(1)?;
                if self.is_instance_of(value, &one)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let name = self.names.__instancecheck__.clone();
        if (class.get::<TypeObj>().is_none() || !self.type_of(class).word().eq(&self.types.r#type.word()))
            && let Some(answer) = self.call_special(class, &name, &[value.clone()])?
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
        // A proxy may claim another class.
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
