//! Slots of classes written in Python: functions that look a special method up and call it.
//!
//! [`fill`] puts one of these into a class's slot where the class (or a class before the one that has a native slot, in the MRO)
//! defines the special method; where what it finds is the wrapper of a builtin type that the class inherits from, the native
//! function goes in instead, so that `class A(int): __add__ = int.__add__` costs nothing. Any other wrapper is called as what it
//! is, and looks at its receiver.

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::inherit::inherited;
use crate::object::call::Args;
use crate::object::slots::{Binary, CallWith, Compare, Contains, DUNDERS, Guarded, Query, Role, Slots};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::descriptors::{SlotWrapper, is_native_new};
use crate::types::dict::Dict;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Finds the slots of a class.
pub fn fill(vm: &Vm, ty: &TypeObj) {
    let slots = from_base(vm, ty).unwrap_or_else(|| {
        let mut slots = inherited(ty);
        override_all(vm, ty, &mut slots);
        slots
    });
    ty.set_slots(slots);
}

/// The slots of a class whose MRO is that of its one base, behind itself: the base's, and what it defines in Python. Nothing
/// where it takes a wrapper, which may share its slot with others. (So a long line of classes is not searched for each.)
fn from_base(vm: &Vm, ty: &TypeObj) -> Option<Slots> {
    let (this, rest) = ty.mro_items().split_first()?;
    let base = ty.base.get::<TypeObj>().filter(|base| base.has(TypeFlags::HEAP))?;
    let above = base.mro_items();
    let alike = rest.len() == above.len() && rest.iter().zip(above).all(|(a, b)| a.word() == b.word());
    if this.word() != ty.word() || !alike {
        return None;
    }
    let mut slots = *base.slots().table();
    for at in numbers(own_dunders(vm, ty)) {
        if let Some(found) = ty.dict().get_name(&vm.dunders[at]) {
            if found.exact::<SlotWrapper>().is_some() || is_native_new(found) {
                return None;
            }
            install(&mut slots, DUNDERS[at].1, found);
        }
    }
    Some(slots)
}

impl Vm {
    /// Where a name stands in [`DUNDERS`], if it does.
    fn dunder_number(&self, name: &Value) -> Option<usize> {
        // The dict was filled in that order, and has lost none.
        self.dunder_numbers.get::<Dict>()?.find_name(name)
    }
}

/// Special methods as bits, by their place in [`DUNDERS`].
type Set = u128;
const _: () = assert!(DUNDERS.len() <= Set::BITS as usize);

/// The numbers in a set, rising.
fn numbers(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (at < Set::BITS).then_some(at as usize)
    })
}

/// The special methods that a class itself defines: its names are looked up among theirs, or theirs among its, if these are more.
fn own_dunders(vm: &Vm, ty: &TypeObj) -> Set {
    let dict = ty.dict();
    if dict.len() > DUNDERS.len() {
        return (0..DUNDERS.len())
            .filter(|at| dict.get_name(&vm.dunders[*at]).is_some())
            .fold(0, |set, at| set | 1 << at);
    }
    dict.entries().filter_map(|entry| vm.dunder_number(&entry.key)).fold(0, |set, at| set | 1 << at)
}

/// After an attribute of a class changed: its slots, and its subclasses', follow.
pub fn attribute_changed(vm: &Vm, ty: &TypeObj, name: &Value) -> Res<()> {
    if vm.dunder_number(name).is_none() {
        return Ok(());
    }
    // What was only a value may be a descriptor now.
    vm.bump_epoch();
    let below = super::bases::descendants(vm, ty);
    match &below {
        Ok(below) => below.iter().for_each(|class| fill(vm, class)),
        Err(_) => fill(vm, ty),
    }
    below.map(drop)
}

/// Overrides the slots whose special methods the MRO defines in Python. Several methods may share a slot: it is the native one if
/// all of them are.
fn override_all(vm: &Vm, ty: &TypeObj, slots: &mut Slots) {
    let mut python = Vec::new();
    // What no class in Python defines comes from a builtin type.
    let classes = ty.mro_items().iter().filter_map(|class| class.get::<TypeObj>());
    let defined =
        classes.filter(|class| class.has(TypeFlags::HEAP)).fold(0, |set, class| set | own_dunders(vm, class));
    for at in numbers(defined) {
        let (_, role) = &DUNDERS[at];
        let Some((found, native)) = find(ty, &vm.dunders[at]) else { continue };
        // The `__new__` of a builtin type is always that of the nearest one.
        if native || *role == Role::New && is_native_new(&found) {
            continue;
        }
        match own_slot(ty, &found, *role) {
            Some(owner) => copy(slots, owner.slots().table(), *role),
            None => python.push((*role, found)),
        }
    }
    for (role, found) in python {
        install(slots, role, &found);
    }
}

/// The builtin type whose wrapper of a role this is, if the slot behind it is made for instances of the class.
fn own_slot<'a>(ty: &TypeObj, found: &'a Value, role: Role) -> Option<&'a TypeObj> {
    let wrapper = found.exact::<SlotWrapper>()?;
    let owner = wrapper.owner.get::<TypeObj>()?;
    (wrapper.this.is_unbound() && wrapper.role == role && ty.is_subtype(owner)).then_some(owner)
}

/// The first definition of a name in the MRO, and whether it is a builtin type's own.
fn find(ty: &TypeObj, name: &Value) -> Option<(Value, bool)> {
    for class in ty.mro_items() {
        let class = class.get::<TypeObj>()?;
        if let Some(found) = class.dict().get_name(name) {
            return Some((found.clone(), !class.has(TypeFlags::HEAP)));
        }
    }
    None
}

/// Takes one role's slot from another table.
fn copy(to: &mut Slots, from: &Slots, role: Role) {
    match role {
        Role::Repr => to.repr = from.repr,
        Role::Str => to.str = from.str,
        Role::Hash => to.hash = from.hash,
        Role::Bool => to.bool = from.bool,
        Role::Len => to.len = from.len,
        Role::Iter => to.iter = from.iter,
        Role::Next => to.next = from.next,
        Role::GetAttribute => to.getattr = from.getattr,
        Role::SetAttr | Role::DelAttr => to.setattr = from.setattr,
        Role::Get => to.get = from.get,
        Role::Set | Role::Delete => to.set = from.set,
        Role::Call => to.call = from.call,
        Role::New => to.new = from.new,
        Role::Init => to.init = from.init,
        Role::GetItem => to.getitem = from.getitem,
        Role::SetItem | Role::DelItem => to.setitem = from.setitem,
        Role::Contains => to.contains = from.contains,
        Role::Compare(_) => to.compare = from.compare,
        Role::Neg => to.neg = from.neg,
        Role::Pos => to.pos = from.pos,
        Role::Abs => to.abs = from.abs,
        Role::Invert => to.invert = from.invert,
        Role::Int => to.int = from.int,
        Role::Float => to.float = from.float,
        Role::Index => to.index = from.index,
        Role::Aiter => to.aiter = from.aiter,
        Role::Anext => to.anext = from.anext,
        Role::Await => to.await_ = from.await_,
        Role::Number(op) | Role::Reflected(op) => to.number[op as usize] = from.number[op as usize],
        Role::InPlace(op) => to.in_place[op as usize] = from.in_place[op as usize],
        Role::GetAttr | Role::Del | Role::Row => {}
    }
}

fn install(slots: &mut Slots, role: Role, found: &Value) {
    match role {
        Role::Repr => slots.repr = Some(repr),
        Role::Str => slots.str = Some(str),
        Role::Hash => slots.hash = if found.is_none() { None } else { Some(hash) },
        Role::Bool => slots.bool = Some(bool),
        Role::Len => slots.len = Some(len),
        Role::Iter => slots.iter = if found.is_none() { Some(not_iterable) } else { Some(iter) },
        Role::Next => slots.next = Some(next),
        Role::GetAttribute | Role::GetAttr => slots.getattr = Some(getattr),
        Role::SetAttr | Role::DelAttr => slots.setattr = Some(setattr),
        Role::Get => slots.get = Some(get),
        Role::Set | Role::Delete => slots.set = Some(set),
        Role::Call => slots.call = Some(call),
        Role::New => slots.new = Some(new),
        Role::Init => slots.init = Some(init),
        Role::Del => slots.del = Some(del),
        Role::GetItem => slots.getitem = Some(getitem),
        Role::SetItem | Role::DelItem => slots.setitem = Some(setitem),
        Role::Contains => slots.contains = Some(contains),
        Role::Compare(_) => slots.compare = Some(compare),
        Role::Neg => slots.neg = Some(neg),
        Role::Pos => slots.pos = Some(pos),
        Role::Abs => slots.abs = Some(abs),
        Role::Invert => slots.invert = Some(invert),
        Role::Int => slots.int = Some(int),
        Role::Float => slots.float = Some(float),
        Role::Index => slots.index = Some(index),
        Role::Aiter => slots.aiter = Some(aiter),
        Role::Anext => slots.anext = Some(anext),
        Role::Await => slots.await_ = Some(await_),
        Role::Number(op) | Role::Reflected(op) => {
            slots.number[op as usize] = Some(NUMBERS[op as usize]);
            if op == BinaryOp::Power {
                slots.pow3 = Some(pow3);
            }
        }
        Role::InPlace(op) => slots.in_place[op as usize] = Some(IN_PLACE[op as usize]),
        Role::Row => {}
    }
}

/// Calls a special method that the type certainly had when the slot was installed.
fn call_dunder(vm: &Vm, owner: &Value, name: &Value, args: &[Value]) -> Res {
    vm.check_stack()?;
    match vm.call_special(owner, name, args)? {
        Some(result) => Ok(result),
        None => {
            let (kind, name) = (vm.type_name(owner), vm.text(name));
            Err(vm.attribute_error(format_args!("'{kind}' object has no attribute '{name}'")))
        }
    }
}

macro_rules! unary {
    ($($name:ident $dunder:ident;)*) => {$(
        fn $name(vm: &Vm, this: &Value) -> Res {
            call_dunder(vm, this, &vm.names.$dunder, &[])
        }
    )*};
}
unary! {
    iter __iter__; neg __neg__; pos __pos__; abs __abs__; invert __invert__; int __int__; float __float__;
    index __index__; aiter __aiter__; anext __anext__; await_ __await__;
}

fn repr(vm: &Vm, this: &Value) -> Res {
    call_dunder(vm, this, &vm.names.__repr__, &[])
}
fn str(vm: &Vm, this: &Value) -> Res {
    call_dunder(vm, this, &vm.names.__str__, &[])
}
fn not_iterable(vm: &Vm, this: &Value) -> Res {
    Err(vm.type_error(format_args!("'{}' object is not iterable", vm.type_name(this))))
}
fn hash(vm: &Vm, this: &Value) -> Res<i64> {
    let result = call_dunder(vm, this, &vm.names.__hash__, &[])?;
    if !vm.is_instance(&result, &vm.types.int) {
        return Err(vm.type_error("__hash__ method should return an integer"));
    }
    match vm.as_i64(&result) {
        Some(-1) => Ok(-2),
        Some(hash) => Ok(hash),
        None => vm.hash(&result),
    }
}
fn bool(vm: &Vm, this: &Value) -> Res<bool> {
    if vm.type_of(this).lookup(vm, &vm.names.__bool__).is_some_and(|found| found.is_none()) {
        return Err(
            vm.type_error(format_args!("'{}' cannot be interpreted as a boolean", vm.type_name(this)))
        );
    }
    let result = call_dunder(vm, this, &vm.names.__bool__, &[])?;
    match result.word() {
        Word::TRUE => Ok(true),
        Word::FALSE => Ok(false),
        _ => {
            Err(vm
                .type_error(format_args!("__bool__ should return bool, returned {}", vm.type_name(&result))))
        }
    }
}
fn len(vm: &Vm, this: &Value) -> Res<usize> {
    let result = call_dunder(vm, this, &vm.names.__len__, &[])?;
    let index = vm.index(&result)?;
    match vm.as_i64(&index) {
        Some(n) if n < 0 => Err(vm.value_error("__len__() should return >= 0")),
        Some(n) => Ok(n as usize),
        None if vm.index_big(&index)? < dashu_int::IBig::ZERO => {
            Err(vm.value_error("__len__() should return >= 0"))
        }
        None => Err(vm.overflow_error("cannot fit 'int' into an index-sized integer")),
    }
}
fn next(vm: &Vm, this: &Value) -> Res<Option<Value>> {
    call_dunder(vm, this, &vm.names.__next__, &[]).map(Some)
}
fn getattr(vm: &Vm, this: &Value, name: &Value) -> Res {
    let ty = vm.type_of(this);
    let found = match native_getattribute(vm, ty) {
        // What is missing is no error yet.
        Some(native) if Some(native) == vm.types.object.slots().getattr() => match vm.find_attr(this, name) {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {
                let ty = vm.type_of(this);
                if ty.lookup(vm, &vm.names.__getattr__).is_none() {
                    return Err(vm.no_attribute(this, name));
                }
                return call_dunder(vm, this, &vm.names.__getattr__, &[name.clone()]);
            }
            Err(raised) => Err(raised),
        },
        Some(native) => native.call(vm, this, name),
        None => call_dunder(vm, this, &vm.names.__getattribute__, &[name.clone()]),
    };
    match found {
        Err(raised) if vm.raised_is(&raised, &vm.exc.AttributeError) => {
            if vm.type_of(this).lookup(vm, &vm.names.__getattr__).is_none() {
                return Err(raised);
            }
            drop(vm.take_raised(raised));
            call_dunder(vm, this, &vm.names.__getattr__, &[name.clone()])
        }
        found => found,
    }
}

/// The `__getattribute__` of a type, if it is a builtin type's own.
fn native_getattribute(vm: &Vm, ty: &TypeObj) -> Option<Guarded<Binary>> {
    let method = ty.lookup(vm, &vm.names.__getattribute__)?;
    own_slot(ty, &method, Role::GetAttribute)?.slots().getattr()
}

impl Vm {
    /// Whether attributes of a type's instances are found as `object` finds them; a `__getattr__` may be asked for what is missing.
    pub fn finds_plainly(&self, ty: &TypeObj) -> bool {
        let (slot, plain) = (ty.slots().getattr(), self.types.object.slots().getattr());
        slot == plain || slot.is_some_and(|slot| slot.is(getattr)) && native_getattribute(self, ty) == plain
    }
}
fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) => call_dunder(vm, this, &vm.names.__setattr__, &[name.clone(), value.clone()]),
        None => call_dunder(vm, this, &vm.names.__delattr__, &[name.clone()]),
    }
    .map(drop)
}
fn get(vm: &Vm, this: &Value, owner: Option<&Value>, class: &Value) -> Res {
    call_dunder(vm, this, &vm.names.__get__, &[owner.cloned().unwrap_or(Value::NONE), class.clone()])
}
fn set(vm: &Vm, this: &Value, owner: &Value, value: Option<&Value>) -> Res<()> {
    let ty = vm.type_of(this);
    match value {
        Some(_) if ty.lookup(vm, &vm.names.__set__).is_none() => Err(vm.attribute_error("__set__")),
        None if ty.lookup(vm, &vm.names.__delete__).is_none() => Err(vm.attribute_error("__delete__")),
        Some(value) => call_dunder(vm, this, &vm.names.__set__, &[owner.clone(), value.clone()]).map(drop),
        None => call_dunder(vm, this, &vm.names.__delete__, &[owner.clone()]).map(drop),
    }
}
fn call(vm: &Vm, this: &Value, args: Args<'_>) -> Res {
    let Some(found) = vm.lookup_special(this, &vm.names.__call__)? else {
        return Err(vm.type_error(format_args!("'{}' object is not callable", vm.type_name(this))));
    };
    match found {
        crate::object::call::Special::Unbound(function) => {
            let slots = vm.led_by(this.clone(), args)?;
            vm.call_args(&function, Args::split(&slots, args.names))
        }
        crate::object::call::Special::Bound(callable) => vm.call_args(&callable, args),
    }
}
/// Whether a class's `__new__` is written in Python.
pub fn has_python_new(ty: &TypeObj) -> bool {
    ty.slots().new().is_some_and(|slot| slot.is(new))
}
fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let ty = vm.expect_type(class)?;
    let Some(found) = ty.lookup(vm, &vm.names.__new__) else {
        return Err(vm.type_error(format_args!("cannot create '{}' instances", vm.text(&ty.name))));
    };
    let function = match vm.slots(&found).get() {
        Some(get) => get.call(vm, &found, None, class)?,
        None => found,
    };
    let slots = vm.led_by(class.clone(), args)?;
    vm.call_args(&function, Args::split(&slots, args.names))
}
fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    let Some(found) = vm.lookup_special(this, &vm.names.__init__)? else { return Ok(()) };
    let result = match found {
        crate::object::call::Special::Unbound(function) => {
            let slots = vm.led_by(this.clone(), args)?;
            vm.call_args(&function, Args::split(&slots, args.names))?
        }
        crate::object::call::Special::Bound(callable) => vm.call_args(&callable, args)?,
    };
    if result.is_none() {
        Ok(())
    } else {
        Err(vm.type_error(format_args!("__init__() should return None, not '{}'", vm.type_name(&result))))
    }
}
fn del(vm: &Vm, this: &Value) {
    let pending = vm.thread.raised.take();
    vm.thread.finalizers.set(vm.thread.finalizers.get() + 1);
    let ended = call_dunder(vm, this, &vm.names.__del__, &[]);
    vm.thread.finalizers.set(vm.thread.finalizers.get() - 1);
    if let Err(raised) = ended {
        let exception = vm.take_raised(raised);
        let name = vm.names.__del__.clone();
        let method = vm.type_of(this).lookup(vm, &name).unwrap_or(Value::NONE);
        crate::types::exceptions::unraisable(vm, &exception, &method);
    }
    vm.thread.raised.set(pending);
}
fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    call_dunder(vm, this, &vm.names.__getitem__, &[key.clone()])
}
fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    let ty = vm.type_of(this);
    match value {
        Some(value) => {
            if ty.lookup(vm, &vm.names.__setitem__).is_none() {
                return Err(vm.attribute_error("__setitem__"));
            }
            call_dunder(vm, this, &vm.names.__setitem__, &[key.clone(), value.clone()]).map(drop)
        }
        None => {
            if ty.lookup(vm, &vm.names.__delitem__).is_none() {
                return Err(vm.attribute_error("__delitem__"));
            }
            call_dunder(vm, this, &vm.names.__delitem__, &[key.clone()]).map(drop)
        }
    }
}
fn contains(vm: &Vm, this: &Value, item: &Value) -> Res<bool> {
    let name = vm.names.__contains__.clone();
    if vm.type_of(this).lookup(vm, &name).is_some_and(|v| v.is_none()) {
        return Err(vm.type_error(format_args!("'{}' object is not a container", vm.type_name(this))));
    }
    let result = call_dunder(vm, this, &vm.names.__contains__, &[item.clone()])?;
    vm.truth(&result)
}
/// The name of a comparison's special method.
pub fn comparison_name(vm: &Vm, op: CompareOp) -> &Value {
    let names = &vm.names;
    match op {
        CompareOp::Lt => &names.__lt__,
        CompareOp::Le => &names.__le__,
        CompareOp::Eq => &names.__eq__,
        CompareOp::Ne => &names.__ne__,
        CompareOp::Gt => &names.__gt__,
        CompareOp::Ge => &names.__ge__,
    }
}
fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    vm.check_stack()?;
    match vm.call_special(a, comparison_name(vm, op), &[b.clone()])? {
        Some(result) => Ok(result),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
/// `pow(a, b, c)`: asks the operands whose classes have this slot, a subclass that has a reflected method of its own first.
fn pow3(vm: &Vm, a: &Value, b: &Value, c: &Value) -> Res {
    let (left, right) = (vm.type_of(a).to_value(), vm.type_of(b).to_value());
    let (Some(of_left), Some(of_right)) = (left.get::<TypeObj>(), right.get::<TypeObj>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let is_python = |ty: &TypeObj| ty.slots().pow3().is_some_and(|slot| slot.is(pow3));
    let ask = |this: &Value, name: &Value, other: &Value| {
        let answer = vm.call_special(this, name, &[other.clone(), c.clone()])?;
        Ok(answer.unwrap_or(Value::NOT_IMPLEMENTED))
    };
    let differ = left.word() != right.word();
    let mut asks_right = differ && is_python(of_right);
    if is_python(of_left) {
        let reflected = &vm.names.__rpow__;
        if asks_right && of_right.is_subtype(of_left) && !vm.same_attr(of_left, of_right, reflected) {
            let answer = ask(b, reflected, a)?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
            asks_right = false;
        }
        let answer = ask(a, &vm.names.__pow__, b)?;
        if !answer.is_not_implemented() || !differ {
            return Ok(answer);
        }
    }
    if asks_right { ask(b, &vm.names.__rpow__, a) } else { Ok(Value::NOT_IMPLEMENTED) }
}

/// What the classes of two operands answer to an operator, if either defines it in Python: they come before a builtin sequence's own
/// `+` and `*`. Runs Python; raises what that raises.
pub fn answer_in_python(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> Res {
    if !is_python(vm, left, op as usize) && !is_python(vm, right, op as usize) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    NUMBERS[op as usize](vm, left, right)
}

/// Whether a type's slot is the trampoline of this operator.
fn is_python(vm: &Vm, value: &Value, op: usize) -> bool {
    vm.slots(value).number(op).is_some_and(|slot| slot.is(NUMBERS[op]))
}

fn number<const OP: usize>(vm: &Vm, left: &Value, right: &Value) -> Res {
    let (plain, reflected) = (vm.operator_name(OP), vm.reflected_name(OP));
    let (x, y) = (vm.type_of(left), vm.type_of(right));
    let mut reflect = !std::ptr::eq(x, y) && is_python(vm, right, OP);
    if is_python(vm, left, OP) {
        if reflect && y.is_subtype(x) && !vm.same_attr(x, y, reflected) {
            if let Some(result) = vm.call_special(right, reflected, &[left.clone()])?
                && !result.is_not_implemented()
            {
                return Ok(result);
            }
            reflect = false;
        }
        if let Some(result) = vm.call_special(left, plain, &[right.clone()])?
            && !result.is_not_implemented()
        {
            return Ok(result);
        }
    }
    if reflect && let Some(result) = vm.call_special(right, reflected, &[left.clone()])? {
        return Ok(result);
    }
    Ok(Value::NOT_IMPLEMENTED)
}

fn in_place<const OP: usize>(vm: &Vm, left: &Value, right: &Value) -> Res {
    match vm.call_special(left, vm.in_place_name(OP), &[right.clone()])? {
        Some(result) => Ok(result),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

macro_rules! by_operator {
    ($function:ident) => {
        [
            $function::<0>,
            $function::<1>,
            $function::<2>,
            $function::<3>,
            $function::<4>,
            $function::<5>,
            $function::<6>,
            $function::<7>,
            $function::<8>,
            $function::<9>,
            $function::<10>,
            $function::<11>,
            $function::<12>,
        ]
    };
}
/// Whether a slot calls the operator's special methods, written in Python.
pub fn is_operator(slot: Guarded<Binary>, op: BinaryOp) -> bool {
    slot.is(NUMBERS[op as usize])
}
/// The same of its in-place form.
pub fn is_in_place(slot: Guarded<Binary>, op: BinaryOp) -> bool {
    slot.is(IN_PLACE[op as usize])
}
/// Whether a slot calls a `__getitem__` written in Python.
pub fn is_getitem(slot: Guarded<Binary>) -> bool {
    slot.is(getitem)
}
/// Whether a slot calls a `__getattribute__` or `__getattr__` written in Python.
pub fn is_getattr(slot: Guarded<Binary>) -> bool {
    slot.is(getattr)
}
/// Whether a slot calls a `__contains__` written in Python.
pub fn is_contains(slot: Guarded<Contains>) -> bool {
    slot.is(contains)
}
/// Whether a slot calls a `__bool__` written in Python.
pub fn is_bool(slot: Guarded<Query<bool>>) -> bool {
    slot.is(bool)
}
/// Whether a slot calls a `__len__` written in Python.
pub fn is_len(slot: Guarded<Query<usize>>) -> bool {
    slot.is(len)
}
/// Whether a slot calls comparisons written in Python.
pub fn is_compare(slot: Guarded<Compare>) -> bool {
    slot.is(compare)
}
/// Whether a slot calls a `__call__` written in Python.
pub fn is_call(slot: Guarded<CallWith<Value>>) -> bool {
    slot.is(call)
}
static NUMBERS: [Binary; BinaryOp::PLAIN] = by_operator!(number);
static IN_PLACE: [Binary; BinaryOp::PLAIN] = by_operator!(in_place);
