//! The context: what native code may ask of the interpreter.
//!
//! Every native function gets a [`Cx`] first. Its methods say whether Python may run in them, and what they raise, as
//! [those of the VM](crate::vm#what-a-method-says) do. Where Python may run, anything may have changed afterwards: what was read of an
//! object before is to be read again.
//!
//! Any method that runs Python may raise `MemoryError`; that is not said each time.

use ryokan_alloc::Vector;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::collections::{Dict, List};
use super::convert::{Arguments, IntoValue};
use crate::charge::Charge;
use crate::object::call::Args as CallArgs;
pub use crate::object::kind::Cx;
use crate::object::kind::{ClassKey, NativeType, Obj};
use crate::object::payload::traced;
use crate::raised::Res;
use crate::types::iterators::quick_next;
use crate::types::str::Text;
use crate::value::{Value, Word};

/// Operators.
impl Cx {
    /// `left op right` of arithmetic. Runs Python.
    #[inline]
    pub fn binary(&self, op: BinaryOp, left: &Value, right: &Value) -> Res {
        let (x, y) = (left.word(), right.word());
        if op == BinaryOp::Add
            && x.is_int()
            && y.is_int()
            && let Some(sum) = Word::try_int(x.int() + y.int())
        {
            return Ok(Value::immediate(sum));
        }
        self.vm().binary_op(left, right, op)
    }
    /// `left op right`: a comparison, whatever it gives. Runs Python.
    pub fn compare(&self, left: &Value, op: CompareOp, right: &Value) -> Res {
        self.vm().compare(left, right, op)
    }
    /// Whether `left op right`. Runs Python.
    #[inline]
    pub fn holds(&self, left: &Value, op: CompareOp, right: &Value) -> Res<bool> {
        use crate::types::int::unbox_word;
        let (x, y) = (unbox_word(left.word()), unbox_word(right.word()));
        if x.is_int() && y.is_int() {
            return Ok(op.holds(x.int().cmp(&y.int())));
        }
        if x.is_float() && y.is_float() {
            // NaN is not even equal to itself.
            let order = x.float().partial_cmp(&y.float());
            return Ok(order.map_or(op == CompareOp::Ne, |order| op.holds(order)));
        }
        self.vm().compare_bool(left, right, op)
    }
    /// How many processors a program is to be told of, if somebody has said so.
    pub fn cpu_count(&self) -> Option<u32> {
        self.vm().sys.cpu_count.get()
    }
    /// Whether both are the same object or equal, as containers compare their items. Runs Python.
    #[inline]
    pub fn same_or_equal(&self, left: &Value, right: &Value) -> Res<bool> {
        crate::types::tuple::same_or_equal(self.vm(), left, right)
    }
    /// `bool(value)`. Runs Python.
    #[inline]
    pub fn truth(&self, value: &Value) -> Res<bool> {
        let word = value.word();
        if word.is_int() {
            return Ok(word != Word::from_int(0));
        }
        if word == Word::TRUE || word == Word::FALSE {
            return Ok(word == Word::TRUE);
        }
        self.vm().truth(value)
    }
    /// `hash(value)`. Runs Python; `TypeError` if it has none.
    pub fn hash(&self, value: &Value) -> Res<i64> {
        self.vm().hash(value)
    }
    /// The hash of a bytes object of these bytes.
    #[inline]
    pub fn hash_of_bytes(&self, bytes: &[u8]) -> i64 {
        crate::types::str::hash_bytes(self.vm(), bytes)
    }
    /// The hash of a tuple whose items have these hashes.
    #[inline]
    pub fn hash_of_items(&self, hashes: &[i64]) -> i64 {
        let known = |hash: &i64| Ok::<i64, std::convert::Infallible>(*hash);
        crate::types::tuple::hash_of(hashes, known).unwrap_or_else(|never| match never {})
    }
    /// `repr(value)`. Runs Python.
    pub fn repr(&self, value: &Value) -> Res<Text> {
        let shown = self.vm().repr(value)?;
        Ok(self.vm().text(&shown))
    }
    /// `str(value)` as an object: with lone surrogates, where it has some. Runs Python.
    pub fn str_value(&self, value: &Value) -> Res {
        self.vm().to_str(value)
    }
    /// `str(value)` as a text of Rust's, in which U+FFFD stands for lone surrogates. Runs Python.
    pub fn str(&self, value: &Value) -> Res<Text> {
        let shown = self.vm().to_str(value)?;
        Ok(self.vm().text(&shown))
    }
    /// Runs `then`, which makes the repr of an object, unless that is under way already further down the stack: then nothing. Runs no
    /// Python but what `then` runs; raises what that raises, `MemoryError`, and as [`Cx::work`].
    pub fn repr_once(&self, object: &Value, then: impl FnOnce() -> Res) -> Res<Option<Value>> {
        self.vm().repr_guard(object, then)
    }
    /// The address that `id(value)` gives.
    pub fn id(&self, value: &Value) -> usize {
        self.vm().id(value)
    }
    /// Whether a value is an int: a bool, or of a subclass, too.
    pub fn is_int(&self, value: &Value) -> bool {
        crate::types::int::is_int(value)
    }
    /// Whether a value is exactly an int.
    #[inline]
    pub fn is_exact_int(&self, value: &Value) -> bool {
        value.word().is_int() || std::ptr::eq(self.vm().type_of(value), &*self.vm().types.int)
    }
    /// Whether a value is exactly an int that is short, or exactly a float: comparing two of them runs no Python.
    #[inline]
    pub fn is_plain_number(&self, value: &Value) -> bool {
        crate::types::int::unbox_word(value.word()).is_number()
    }
    /// Whether a value is a number of some kind: it can become an int or a float, or is a complex.
    pub fn is_numeric(&self, value: &Value) -> bool {
        let slots = self.vm().slots(value);
        let converts = slots.index().is_some() || slots.int().is_some() || slots.float().is_some();
        converts || value.has::<crate::types::complex::Complex>()
    }
    /// `operator.index(value)` as a number that fits an index. Runs Python; `TypeError`, `IndexError` if it is too large.
    pub fn index(&self, value: &Value) -> Res<i64> {
        self.vm().index_i64(value)
    }
    /// `operator.index(value)` as a C `long`. Runs Python; `TypeError`, `OverflowError`.
    pub fn long(&self, value: &Value) -> Res<i64> {
        self.vm().index_long(value)
    }
    /// Whether it is a float, or can be taken for an int.
    pub fn is_number(&self, value: &Value) -> bool {
        self.vm().is_instance(value, &self.vm().types.float) || self.has_index(value)
    }
    /// The number of an int that fits 64 bits; nothing for any other value.
    #[inline]
    pub fn small_int(&self, value: &Value) -> Option<i64> {
        self.vm().as_i64(value)
    }
    /// Whether it is a slice.
    #[inline]
    pub fn is_slice(&self, value: &Value) -> bool {
        value.exact::<crate::types::slice::Slice>().is_some()
    }
    /// Whether it is an int, or has an `__index__`.
    pub fn has_index(&self, value: &Value) -> bool {
        self.vm().slots(value).index().is_some()
    }
    /// `operator.index(value)`; nothing if it does not fit 128 bits. Runs Python; `TypeError`.
    pub fn index_i128(&self, value: &Value) -> Res<Option<i128>> {
        match self.vm().as_i64(value) {
            Some(number) => Ok(Some(number.into())),
            None => Ok(i128::try_from(&self.vm().index_big(value)?).ok()),
        }
    }
    /// The real and the imaginary part of a number. Runs Python (`__complex__`, `__float__`, `__index__`); `TypeError`.
    pub fn complex(&self, value: &Value) -> Res<(f64, f64)> {
        match self.vm().to_pair(value)? {
            Some((re, im)) => Ok((re, im.unwrap_or(0.0))),
            None => {
                let kind = self.type_name(value);
                Err(self.type_error(format_args!("must be a complex number, not {kind}")))
            }
        }
    }
    /// A complex number. Runs no Python; `MemoryError`.
    pub fn new_complex(&self, re: f64, im: f64) -> Res {
        self.vm().complex(re, im)
    }
    /// Whether it is a str or of a subclass.
    pub fn is_str(&self, value: &Value) -> bool {
        self.vm().is_str(value)
    }
    /// Whether it is a bytearray or of a subclass.
    pub fn is_bytearray(&self, value: &Value) -> bool {
        value.has::<crate::types::bytearray::ByteArray>()
    }
    /// The index that `sequence[key]` means, as the key has it. Runs Python; `TypeError`, `IndexError` if it is too large.
    #[inline]
    pub fn sequence_index(&self, key: &Value) -> Res<i64> {
        crate::types::tuple::sequence_index(self.vm(), key)
    }
    /// How often `sequence * count` repeats a sequence, a negative count not at all; nothing if it is no index. Runs Python;
    /// `OverflowError`.
    pub fn repeat_count(&self, count: &Value) -> Res<Option<usize>> {
        crate::types::tuple::repeat_count(self.vm(), count)
    }
    /// `class.__name__` of the class of a value.
    pub fn class_name(&self, value: &Value) -> Text {
        self.vm().text(&self.vm().type_of(value).name)
    }
    /// `float(value)` for a number. Runs Python; `TypeError`, `OverflowError`.
    pub fn float(&self, value: &Value) -> Res<f64> {
        self.vm().as_f64(value)
    }
}

/// Attributes, items, calls.
impl Cx {
    /// `owner.name`. Runs Python; `AttributeError`.
    pub fn attr(&self, owner: &Value, name: &str) -> Res {
        self.vm().get_attr(owner, &self.vm().intern(name)?)
    }
    /// `owner.name`, or nothing if there is no such attribute. Runs Python.
    pub fn attr_opt(&self, owner: &Value, name: &str) -> Res<Option<Value>> {
        self.vm().get_attr_opt(owner, &self.vm().intern(name)?)
    }
    /// `owner.name = value`. Runs Python.
    pub fn set_attr(&self, owner: &Value, name: &str, value: impl IntoValue) -> Res<()> {
        let value = value.into_value(self)?;
        self.vm().set_attr(owner, &self.vm().intern(name)?, Some(&value))
    }
    /// `container[key]`. Runs Python.
    pub fn item(&self, container: &Value, key: impl IntoValue) -> Res {
        self.vm().get_item(container, &key.into_value(self)?)
    }
    /// `TypeError` unless items are asked of a value by number: a dict's are not. Runs no Python.
    pub fn expect_sequence(&self, value: &Value) -> Res<()> {
        self.vm().expect_sequence(value)
    }
    /// `container[key] = value`. Runs Python.
    pub fn set_item(&self, container: &Value, key: impl IntoValue, value: impl IntoValue) -> Res<()> {
        self.vm().set_item(container, &key.into_value(self)?, &value.into_value(self)?)
    }
    /// `del container[key]`. Runs Python.
    pub fn del_item(&self, container: &Value, key: impl IntoValue) -> Res<()> {
        self.vm().del_item(container, &key.into_value(self)?)
    }
    /// `item in container`. Runs Python.
    pub fn contains(&self, container: &Value, item: &Value) -> Res<bool> {
        self.vm().contains(container, item)
    }
    /// `len(value)`. Runs Python; `TypeError` if it has none.
    pub fn len(&self, value: &Value) -> Res<usize> {
        self.vm().length(value)
    }
    /// About how many items an iterable will give; 0 if that is not known. Runs Python.
    pub fn length_hint(&self, value: &Value) -> Res<usize> {
        self.vm().length_hint(value)
    }
    /// `callable(*args)`: arguments are a tuple of anything that becomes a value, and are given away. Runs Python.
    #[inline]
    pub fn call(&self, callable: &Value, args: impl Arguments) -> Res {
        args.pass(self, |slots| self.vm().call(callable, slots))
    }
    /// `callable(*args, **names)`, of a list and a dict. Runs Python; `TypeError` if a name is no str.
    pub fn call_spread(&self, callable: &Value, args: &List, names: &Dict) -> Res {
        self.spread(args.len(), (0..args.len()).filter_map(|at| args.get(at)), names, |vm, spread| {
            vm.call_args(callable, spread)
        })
    }
    /// Calls `then` with arguments and names in one row. `TypeError` if a name is no str.
    pub(super) fn spread(
        &self,
        count: usize,
        args: impl Iterator<Item = Value>,
        names: &Dict,
        then: impl FnOnce(&crate::vm::Vm, CallArgs<'_>) -> Res,
    ) -> Res {
        let vm = self.vm();
        let mut slots = vm.vector(count + names.len())?;
        slots.extend(args);
        let (mut keys, mut from) = (vm.vector(names.len())?, 0);
        while let Some((at, key, value)) = names.next_item(from) {
            if !vm.is_str(&key) {
                return Err(vm.type_error("keywords must be strings"));
            }
            keys.push(vm.intern_value(key)?);
            slots.push(value);
            from = at;
        }
        then(vm, CallArgs::split(&slots, &keys))
    }
    /// `owner.name(*args)`. Runs Python.
    pub fn call_method(&self, owner: &Value, name: &str, args: impl Arguments) -> Res {
        let method = self.attr(owner, name)?;
        self.call(&method, args)
    }
    /// The same of the special method `name` of the type of `owner`; nothing if that has none. Runs Python.
    pub fn call_special(&self, owner: &Value, name: &str, args: impl Arguments) -> Res<Option<Value>> {
        let name = self.vm().intern(name)?;
        args.pass(self, |slots| self.vm().call_special(owner, &name, slots))
    }
    /// `isinstance(value, class)`. Runs Python.
    pub fn is_instance(&self, value: &Value, class: &Value) -> Res<bool> {
        self.vm().is_instance_of(value, class)
    }
    /// The dict of an instance's attributes: `value.__dict__` past whatever hides it. Runs no Python; `MemoryError`, and `TypeError` if
    /// it can have none.
    pub fn instance_dict(&self, value: &Value) -> Res<Dict> {
        match self.vm().instance_dict(value)? {
            Some(dict) => Ok(Dict::of_ref(dict)),
            None => Err(self.type_error(format_args!("'{}' object has no __dict__", self.type_name(value)))),
        }
    }
    /// Whether a value can be called.
    pub fn is_callable(&self, value: &Value) -> bool {
        self.vm().slots(value).call().is_some()
    }
    /// `type(value)`
    pub fn class_of(&self, value: &Value) -> Value {
        self.vm().type_of(value).to_value()
    }
    /// How messages name the type of a value.
    pub fn type_name(&self, value: &Value) -> Text {
        self.vm().type_name(value)
    }
    /// The name of the type of a value with its module, but for the main module and `builtins`.
    pub fn full_type_name(&self, value: &Value) -> String {
        let name = self.vm().type_of(value).full_name(self.vm());
        name.strip_prefix("__main__.").map_or_else(|| name.to_string(), str::to_string)
    }
    /// How messages about an argument of the wrong type name that type: None is called by its name.
    pub fn arg_name(&self, value: &Value) -> Text {
        self.vm().arg_name(value)
    }
    /// The name of the type of a value without its module, as reprs show it.
    pub fn short_type_name(&self, value: &Value) -> String {
        let name = self.vm().text(&self.vm().type_of(value).name);
        name.rsplit('.').next().unwrap_or_default().to_string()
    }
    /// `class[item]` of a class that takes type arguments, for its `__class_getitem__`. Runs no Python; `MemoryError`.
    pub fn generic_alias(&self, class: &Value, item: &Value) -> Res {
        self.vm().new_alias(class, item)
    }
    /// `object.__sizeof__(value)`
    pub fn size_of(&self, value: &Value) -> usize {
        self.vm().size_in_cpython(value)
    }
    /// A name in the Vm's table: the same object for equal texts. Runs no Python; `MemoryError`.
    pub fn intern(&self, name: &str) -> Res {
        self.vm().intern(name)
    }
    /// An attribute of `sys`, whatever a script has put there; nothing if it is gone. Runs no Python; `MemoryError`.
    pub fn sys_attr(&self, name: &str) -> Res<Option<Value>> {
        self.vm().sys_attr(name)
    }
    /// `import name`; gives the module of that name, not its top package. Runs Python; `ImportError`.
    pub fn import(&self, name: &str) -> Res {
        self.vm().import_name(name)
    }
}

/// Native types, their instances, and the state of modules.
impl Cx {
    /// A new instance of a native type. Runs no Python; `MemoryError`.
    #[inline]
    #[allow(clippy::new_ret_no_self, reason = "it makes an instance of the type that is named")]
    pub fn new<T: NativeType>(&self, body: T) -> Res<Obj<T>> {
        self.vm().new_native_object(body)
    }
    /// A new instance of a class that is, or inherits from, a native type, as its `__new__` makes it. Runs no Python; `MemoryError`,
    /// and `TypeError` for another class.
    pub fn new_of<T: NativeType>(&self, class: &Value, body: T) -> Res {
        Ok(self.vm().native_of_class(class, body)?.into_value())
    }
    /// A new instance of a class whose native base has no fields: for the `__new__` of that base. Runs no Python; `MemoryError`, and
    /// `TypeError` for another class.
    pub fn new_plain(&self, class: &Value) -> Res {
        self.vm().new_instance(self.vm().expect_type(class)?)
    }
    /// A tuple of a class that extends `tuple`, without members. Runs no Python; `MemoryError`, and `TypeError` for another class.
    pub fn new_tuple_of(&self, class: &Value, items: &[Value]) -> Res {
        self.vm().tuple_of_class(class, items.len(), |at| items[at].clone())
    }
    /// The class of a native type. Runs no Python; `MemoryError`.
    pub fn class<T: NativeType>(&self) -> Res {
        Ok(self.vm().native_type(T::KIND)?.to_value())
    }
    /// Whether a value is exactly of a native type, not of a subclass.
    #[inline]
    pub fn is_exact<T: NativeType>(&self, value: &Value) -> bool {
        self.vm().native_type(T::KIND).is_ok_and(|ty| std::ptr::eq(ty, self.vm().type_of(value)))
    }
    /// The state of a module, made at first use; one for each interpreter. Runs no Python; `MemoryError`.
    pub fn state<T: NativeType + Default>(&self) -> Res<Obj<T>> {
        self.vm().native_state(|| Ok(T::default()))
    }
    /// A record of a class that `native_record!` describes: as many items as it has, and values for hidden fields. Runs no Python;
    /// `SystemError` for too few or too many, and as [`Cx::class_of_key`].
    pub fn record<T: IntoValue>(&self, class: &'static ClassKey, items: impl IntoIterator<Item = T>) -> Res {
        let items = items.into_iter().map(|item| item.into_value(self)).collect::<Res<Vec<_>>>()?;
        crate::types::records::record(self.vm(), &self.class_of_key(class)?, items)
    }
    /// A builtin by name. Runs no Python; `NameError` if there is none, `MemoryError`.
    pub fn builtin(&self, name: &str) -> Res {
        self.vm().builtin(name)
    }
    /// The class of a key, such as an exception that a module brings. Runs Python and raises as
    /// [`Vm::native_class`](crate::vm::Vm::native_class).
    pub fn class_of_key(&self, key: &'static ClassKey) -> Res {
        Ok(self.vm().native_class(key)?.into_value())
    }
}

/// The budget: memory, and instructions.
impl Cx {
    /// An empty vector of the heap with room for so many items. Push no more than there is room for, and [`Cx::reserve`] before. Runs
    /// no Python; `MemoryError`.
    pub fn vector<T>(&self, room: usize) -> Res<Vector<T>> {
        self.vm().vector(room)
    }
    /// Charges bytes that lie outside of the heap, as long as what is given back lives: for what an engine of Rust's allocates by
    /// itself. Runs no Python; `MemoryError`.
    pub fn charge(&self, bytes: usize) -> Res<Charge> {
        Charge::new(self.vm(), bytes)
    }
    /// Makes room for more items. Runs no Python; `MemoryError`.
    pub fn reserve<T>(&self, vector: &mut Vector<T>, more: usize) -> Res<()> {
        self.vm().reserve(vector, more)
    }
    /// Native work that is worth so many instructions is about to be done: a metered run pays, and Ctrl-C is heeded. Runs no Python
    /// (handlers of signals wait); `ryokan.InstructionLimit`, `ryokan.TimeLimit`, `KeyboardInterrupt`.
    #[inline]
    pub fn work(&self, instructions: u64) -> Res<()> {
        self.vm().work(instructions)
    }
    /// The same for work over so many bytes. Runs no Python and raises as [`Cx::work`].
    #[inline]
    pub fn work_on_bytes(&self, bytes: usize) -> Res<()> {
        self.vm().work_on_bytes(bytes)
    }
    /// `RecursionError` if the native stack is nearly used up: for native code that calls itself. Runs no Python; `MemoryError` if the
    /// heap refuses more of it, and as [`Cx::work`].
    #[inline]
    pub fn check_stack(&self) -> Res<()> {
        self.vm().check_stack()
    }
}

/// An iterator of Python's, for a loop of native code.
pub struct Iter(Value);

impl Cx {
    /// `iter(value)`. Runs Python; `TypeError`.
    pub fn iter(&self, value: &Value) -> Res<Iter> {
        Ok(Iter(self.vm().iter(value)?))
    }
}

impl Iter {
    /// An iterator that is one already.
    pub fn over(iterator: Value) -> Iter {
        Iter(iterator)
    }
    /// The next item, or nothing at the end. Runs Python.
    #[inline(always)]
    pub fn next(&self, cx: &Cx) -> Res<Option<Value>> {
        cx.vm().next_here(&self.0)
    }
    /// The next item, if the iterator goes over a list, a tuple or a range, is not at its end, and native work is not paid for: no Python
    /// runs then. Otherwise nothing, and nothing has happened.
    #[inline(always)]
    pub fn next_plain(&self, cx: &Cx) -> Option<Value> {
        if cx.vm().works_freely() { quick_next(&self.0) } else { None }
    }
    /// The iterator.
    pub fn into_value(self) -> Value {
        self.0
    }
}

traced! { Iter: [0], |this| this.0.set(Value::NONE) }
