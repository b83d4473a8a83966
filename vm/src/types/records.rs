//! Named tuples as CPython's C code makes them: `sys.version_info`, `time.struct_time`.
//!
//! Such a class is a subclass of `tuple` whose items also have names. It is a class like one written in Python, with
//! properties that read an item; the names stand in `__match_args__`.

use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

fn item<const AT: usize>(vm: &Vm, this: &Value) -> Res {
    match this.get::<Tuple>().and_then(|t| t.items().get(AT)) {
        Some(value) => Ok(value.clone()),
        None => Err(vm.index_error("tuple index out of range")),
    }
}

macro_rules! items {
    ($($at:literal)*) => {
        static ITEMS: &[Method] = &[$(method("item", "($self, /)", Call::One(item::<$at>), "")),*];
    };
}
items! { 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 }

static REPR: Method = method(
    "__repr__",
    "($self, /)",
    Call::One(repr),
    "How the record is shown: its type's name and its fields.",
);

fn repr(vm: &Vm, this: &Value) -> Res {
    let class = vm.type_of(this).to_value();
    let names = vm.get_attr(&class, &vm.names.__match_args__)?;
    let (Some(names), Some(values)) = (names.get::<Tuple>(), this.get::<Tuple>()) else {
        return vm.str("()");
    };
    let ty = vm.type_of(this);
    let mut out = format!("{}(", ty.full_name(vm));
    for (at, (name, value)) in names.items().iter().zip(values.items()).enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        let shown = vm.repr(value)?;
        out.push_str(&format!("{}={}", vm.text(name), vm.text(&shown)));
    }
    out.push(')');
    vm.str(&out)
}

/// A class of named tuples; `name` may carry a module, and `fields` beyond the first `visible` are attributes only.
pub fn class(vm: &Vm, module: &str, name: &str, fields: &[&str], visible: usize) -> Res {
    let namespace = vm.new_dict()?;
    let names = fields[..visible].iter().map(|f| vm.intern(f)).collect::<Res<Vec<_>>>()?;
    namespace.set_name(vm, &vm.names.__match_args__, vm.new_tuple(names)?)?;
    namespace.set_name(vm, &vm.names.__module__, vm.intern(module)?)?;
    let count = |n: usize| Value::small(n as i64);
    for (key, value) in [
        ("n_fields", count(fields.len())),
        ("n_sequence_fields", count(visible)),
        ("n_unnamed_fields", count(0)),
    ] {
        namespace.set_name(vm, &vm.intern(key)?, value)?;
    }
    let property = vm.builtin_type("property")?;
    for (at, field) in fields.iter().enumerate().take(ITEMS.len()) {
        let getter = vm.new_native(&ITEMS[at], Value::UNBOUND, vm.types.tuple.to_value())?;
        namespace.set_name(vm, &vm.intern(field)?, vm.call(&property, &[getter])?)?;
    }
    let shown = vm.new_native(&REPR, Value::UNBOUND, vm.types.tuple.to_value())?;
    namespace.set_name(vm, &vm.names.__repr__, shown)?;
    let bases = vm.new_tuple(vec![vm.types.tuple.to_value()])?;
    vm.call(&vm.types.r#type.to_value(), &[vm.str(name)?, bases, namespace.into_value()])
}

/// An instance.
pub fn record(vm: &Vm, class: &Value, values: Vec<Value>) -> Res {
    let items = vm.new_tuple(values)?;
    vm.call(class, &[items])
}

/// A class and its only instance.
pub fn single(vm: &Vm, module: &str, name: &str, parts: Vec<(&str, Value)>) -> Res {
    let fields: Vec<&str> = parts.iter().map(|p| p.0).collect();
    let class = class(vm, module, name, &fields, fields.len())?;
    record(vm, &class, parts.into_iter().map(|p| p.1).collect())
}

impl Vm {
    /// A builtin type by name.
    pub fn builtin_type(&self, name: &str) -> Res {
        match name {
            "property" => Ok(self.types.property.to_value()),
            _ => self.builtin(name),
        }
    }
}
