//! `_types`: the builtin types that have no name among the builtins.

use std::cell::Cell;

use super::sys::SimpleNamespace;
use crate::native::*;

crate::native_type! {
    /// What C extensions pass around. There are none: a capsule has a name, and nothing in it.
    "PyCapsule" = pub struct Capsule { name: Cell<&'static str> }
    flags: HIDDEN;
    slots { repr = repr; }
}

fn repr(cx: &Cx, this: This<Capsule>) -> Res {
    let (name, address) = (this.name.get(), cx.vm().id(&this.to_value()));
    cx.vm().display(format_args!("<capsule object \"{name}\" at {address:#x}>"))
}

impl Cx {
    /// A capsule, where programs look for one of CPython's. Runs no Python; `MemoryError`.
    pub fn capsule(&self, name: &'static str) -> Res {
        Ok(self.new(Capsule { name: Cell::new(name) })?.into_value())
    }
}

crate::native_module! {
    /// Names for builtin types.
    "_types" {
        fill = fill;
    }
}

fn fill(module: &Filler) -> Res<()> {
    let types = &module.cx().vm().types;
    for (name, ty) in [
        ("AsyncGeneratorType", &types.async_generator),
        ("BuiltinFunctionType", &types.native_function),
        ("BuiltinMethodType", &types.native_function),
        ("CellType", &types.cell),
        ("ClassMethodDescriptorType", &types.classmethod_descriptor),
        ("CodeType", &types.code),
        ("CoroutineType", &types.coroutine),
        ("EllipsisType", &types.ellipsis),
        ("FrameType", &types.frame),
        ("FunctionType", &types.function),
        ("GeneratorType", &types.generator),
        ("GenericAlias", &types.generic_alias),
        ("GetSetDescriptorType", &types.getset),
        ("LambdaType", &types.function),
        ("MappingProxyType", &types.mappingproxy),
        ("MemberDescriptorType", &types.member),
        ("MethodDescriptorType", &types.method_descriptor),
        ("MethodType", &types.method),
        ("MethodWrapperType", &types.method_wrapper),
        ("ModuleType", &types.module),
        ("NoneType", &types.none),
        ("NotImplementedType", &types.not_implemented),
        ("TracebackType", &types.traceback),
        ("UnionType", &types.union_type),
        ("WrapperDescriptorType", &types.slot_wrapper),
    ] {
        module.add(name, ty.to_value())?;
    }
    module.add("SimpleNamespace", module.cx().class::<SimpleNamespace>()?)?;
    module.add("CapsuleType", module.cx().class::<Capsule>()?)
}
