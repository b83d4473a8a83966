//! `_types`: the builtin types that have no name among the builtins.

use super::sys::SimpleNamespace;
use crate::native::*;

crate::native_type! {
    /// What C extensions pass around. There are none, and so no such objects.
    "PyCapsule" = pub struct Capsule {}
    flags: HIDDEN;
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
