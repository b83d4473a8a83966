//! `super`: attribute lookup past a class, in the MRO of an instance or class.

use ryokan_alloc::Header;
use ryokan_bytecode::LocalKind;

use crate::object::call::Args;
use crate::object::native::{GetSet, member};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::cell::CellObj;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `super`.
#[repr(C)]
pub struct Super {
    head: Header,
    /// The class to look past.
    class: Value,
    /// The instance or class it is bound to; None if it is not.
    this: Value,
    /// The class whose MRO is searched.
    start: Value,
}

object! {
    Super {
        tracked: true,
        values: [class, this, start],
    }
}

/// `super`
pub static TYPE: TypeDef = TypeDef {
    name: "super",
    layout: Layout::Super,
    flags: TypeFlags::BASETYPE,
    doc: "super()\nsuper(type, object)\nsuper(type, subclass)\nsuper(type)\n\nLooks up attributes in the \
          bases that follow a type in the resolution order of an\nobject, or of a subclass, and binds them \
          to it. Within a method, super() knows both.\nWith a type only, it is a descriptor that waits for \
          its object.",
    slots: Slots {
        repr: Some(repr),
        new: Some(new),
        init: Some(init),
        getattr: Some(getattr),
        get: Some(get),
        ..Slots::NONE
    },
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Super {
    value.get().expect("a method of super is called with a super object")
}

static GETSET: &[GetSet] = &[
    member("__thisclass__", |_, s| Ok(this(s).class.clone()), "the class after which the search begins"),
    member(
        "__self__",
        |_, s| Ok(this(s).this.clone()),
        "the object or class that methods are bound to, or None",
    ),
    member(
        "__self_class__",
        |_, s| Ok(this(s).start.clone()),
        "the class whose resolution order is searched, or None",
    ),
];

fn repr(vm: &Vm, value: &Value) -> Res {
    let this = this(value);
    let name = |v: &Value| v.get::<TypeObj>().map_or("NULL".to_string(), |t| vm.text(&t.name).to_string());
    let text = if this.start.is_none() {
        format!("<super: <class '{}'>, NULL>", name(&this.class))
    } else {
        format!("<super: <class '{}'>, <{} object>>", name(&this.class), name(&this.start))
    };
    vm.str(&text)
}

fn check_class<'a>(vm: &Vm, class: &'a Value) -> Res<&'a TypeObj> {
    class.get::<TypeObj>().ok_or_else(|| {
        vm.type_error(format_args!("super() argument 1 must be a type, not {}", vm.type_name(class)))
    })
}

/// The class whose MRO `super(class, this)` searches.
fn start_of(vm: &Vm, class: &Value, this: &Value) -> Res {
    let ty = check_class(vm, class)?;
    if let Some(sub) = this.get::<TypeObj>()
        && sub.is_subtype(ty)
    {
        return Ok(this.clone());
    }
    if vm.is_instance(this, ty) {
        return Ok(vm.type_of(this).to_value());
    }
    let claimed = vm.get_attr_opt(this, &vm.names.__class__)?;
    if let Some(claimed) = claimed
        && claimed.get::<TypeObj>().is_some_and(|c| c.is_subtype(ty))
    {
        return Ok(claimed);
    }
    let what = if this.get::<TypeObj>().is_some() { "type" } else { "instance" };
    Err(vm.type_error(format_args!(
        "super(type, obj): obj ({what} {}) is not an instance or subtype of type ({}).",
        this.get::<TypeObj>()
            .map_or_else(|| format!("of {}", vm.type_name(this)), |t| vm.text(&t.name).to_string()),
        vm.text(&ty.name)
    )))
}

/// `super(class, class)`: a class whose own MRO lacks it is no subtype of itself.
pub fn of_class(vm: &Vm, class: &Ref<TypeObj>) -> Res {
    let mro = class.mro.clone();
    let in_order =
        mro.get::<Tuple>().is_some_and(|mro| mro.items().iter().any(|base| base.is(class.value())));
    if in_order {
        return bound(vm, &class.to_value(), &class.to_value());
    }
    let name = vm.text(&class.name);
    Err(vm.type_error(format_args!(
        "super(type, obj): obj (type {name}) is not an instance or subtype of type ({name})."
    )))
}

/// `super(class, this)`
pub fn bound(vm: &Vm, class: &Value, this: &Value) -> Res {
    let start = start_of(vm, class, this)?;
    let (class, this) = (class.clone(), this.clone());
    Ok(vm.new_object(|head| Super { head, class, this, start })?.into_value())
}

/// `__class__` and the first argument of the function that calls `super()`.
fn from_frame(vm: &Vm) -> Res<(Value, Value)> {
    let Some(frame) = vm.thread.stacks.iter().find(|f| !f.is_boundary()) else {
        return Err(vm.runtime_error("super(): no current frame"));
    };
    let code = frame.run().object();
    if code.code.arg_count == 0 {
        return Err(vm.runtime_error("super(): no arguments"));
    }
    let registers = frame.locals();
    let first = registers[0].get::<CellObj>().map_or(&registers[0], |cell| &cell.content).clone();
    if first.is_unbound() {
        return Err(vm.runtime_error("super(): arg[0] deleted"));
    }
    let names = code.code.locals.iter().zip(&code.locals);
    for (at, (var, name)) in names.enumerate() {
        if var.kind == LocalKind::Free && name.is(&vm.names.__class__) {
            let Some(cell) = registers[at].get::<CellObj>() else { break };
            if cell.content.is_unbound() {
                return Err(vm.runtime_error("super(): empty __class__ cell"));
            }
            if !cell.content.has::<TypeObj>() {
                let kind = vm.type_name(&cell.content);
                return Err(vm.runtime_error(format_args!("super(): __class__ is not a type ({kind})")));
            }
            return Ok((cell.content.clone(), first));
        }
    }
    Err(vm.runtime_error("super(): __class__ cell not found"))
}

/// What a call asks for: the class, the object and where the search begins; None for the latter two of one that waits.
fn parts(vm: &Vm, args: Args<'_>) -> Res<[Value; 3]> {
    if !args.names.is_empty() {
        return Err(vm.type_error("super() takes no keyword arguments"));
    }
    let (class, this) = match args.pos {
        [] => from_frame(vm)?,
        [class] => (class.clone(), Value::NONE),
        [class, this] => (class.clone(), this.clone()),
        more => {
            return Err(
                vm.type_error(format_args!("super() expected at most 2 arguments, got {}", more.len()))
            );
        }
    };
    check_class(vm, &class)?;
    let start =
        if this.is_none() && !args.pos.is_empty() { Value::NONE } else { start_of(vm, &class, &this)? };
    Ok([class, this, start])
}

/// One of `super` itself is filled at once, those of subclasses by `__init__`.
fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    if class.word() == vm.types.super_type.word() {
        let [class, this, start] = parts(vm, args)?;
        return Ok(vm.new_object(|head| Super { head, class, this, start })?.into_value());
    }
    vm.new_of_class(class, |head| Super { head, class: Value::NONE, this: Value::NONE, start: Value::NONE })
}

fn init(vm: &Vm, value: &Value, args: Args<'_>) -> Res<()> {
    if value.exact::<Super>().is_some_and(|made| !made.class.is_none()) {
        return Ok(());
    }
    let [class, this, start] = parts(vm, args)?;
    let made = self::this(value);
    made.class.set(class);
    made.this.set(this);
    made.start.set(start);
    Ok(())
}

fn get(vm: &Vm, value: &Value, owner: Option<&Value>, _: &Value) -> Res {
    match owner {
        Some(owner) if this(value).start.is_none() => match value.exact::<Super>() {
            Some(waits) => bound(vm, &waits.class, owner),
            // A subclass makes its own, which it may fill otherwise.
            None => vm.call(&vm.type_of(value).to_value(), &[this(value).class.clone(), owner.clone()]),
        },
        _ => Ok(value.clone()),
    }
}

/// What the MRO of `start` holds behind `class`.
fn behind(vm: &Vm, class: &Value, start: &Value, name: &Value) -> Option<Value> {
    let mro = start.get::<TypeObj>()?.mro_items();
    let at = mro.iter().position(|c| c.word() == class.word())?;
    vm.spend((mro.len() - at) as u64 / 8);
    mro[at + 1..].iter().find_map(|c| c.get::<TypeObj>()?.dict().get_name(name).cloned())
}

fn getattr(vm: &Vm, value: &Value, name: &Value) -> Res {
    let parts = this(value);
    if !parts.start.is_none()
        && name.word() != vm.names.__class__.word()
        && let Some(found) = behind(vm, &parts.class, &parts.start, name)
    {
        return bind(vm, &found, &parts.this, &parts.start);
    }
    if !parts.start.is_none() && name.word() != vm.names.__class__.word() {
        return match vm.find_attr(value, name)? {
            Some(found) => Ok(found),
            None => {
                let raised =
                    vm.attribute_error(format_args!("'super' object has no attribute '{}'", vm.text(name)));
                crate::types::exceptions::note_name_and_obj(vm, Some(name), Some(value));
                Err(raised)
            }
        };
    }
    vm.generic_get_attr(value, name)
}

fn bind(vm: &Vm, found: &Value, this: &Value, start: &Value) -> Res {
    match vm.slots(found).get() {
        // Bound to a class, the descriptor sees no instance.
        Some(get) => get.call(vm, found, if this.is(start) { None } else { Some(this) }, start),
        None => Ok(found.clone()),
    }
}

/// [`start_of`] the attribute of a `super` without arguments, or with two. What somebody has put into the cell `__class__` may be no class.
fn start_in_place(vm: &Vm, class: &Value, this: &Value) -> Res {
    if class.get::<TypeObj>().is_none()
        && let Some(frame) = vm.thread.stacks.iter().find(|frame| !frame.is_boundary())
    {
        let cells = frame.locals().iter().zip(&frame.run().object().locals);
        let own = |(cell, name): (&Value, &Value)| {
            name.is(&vm.names.__class__) && cell.get::<CellObj>().is_some_and(|cell| cell.content.is(class))
        };
        if cells.into_iter().any(own) {
            return from_frame(vm).map(|(class, _)| class);
        }
    }
    start_of(vm, class, this)
}

/// `factory(class, this).name`, where `factory` is what the name `super` meant.
pub fn load(vm: &Vm, factory: &Value, class: &Value, this: &Value, name: &Value) -> Res {
    if factory.word() != vm.types.super_type.word() {
        let made = vm.call(factory, &[class.clone(), this.clone()])?;
        return vm.get_attr(&made, name);
    }
    let start = start_in_place(vm, class, this)?;
    match behind(vm, class, &start, name) {
        Some(found) => bind(vm, &found, this, &start),
        None => {
            let made = bound(vm, class, this)?;
            vm.get_attr(&made, name)
        }
    }
}

/// The same, about to be called: the method and its self, or the value and nothing.
pub fn load_method(
    vm: &Vm,
    factory: &Value,
    class: &Value,
    this: &Value,
    name: &Value,
) -> Res<(Value, Value)> {
    if factory.word() == vm.types.super_type.word() {
        let start = start_in_place(vm, class, this)?;
        if let Some(found) = behind(vm, class, &start, name)
            && vm.is_method_like(&found)
            && !this.is(&start)
        {
            return Ok((found, this.clone()));
        }
    }
    Ok((load(vm, factory, class, this, name)?, Value::UNBOUND))
}
