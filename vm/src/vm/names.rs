//! The strs that the VM itself needs: names of special methods, of attributes, of arguments.

use super::Vm;
use crate::raised::Res;
use crate::value::Value;

macro_rules! names {
    ($($name:ident)*) => {
        /// Strs that the VM itself needs, interned and immortal.
        #[allow(non_snake_case, missing_docs)]
        pub struct Names { $(pub $name: Value,)* }
        impl Names {
            pub(super) const fn empty() -> Names { Names { $($name: Value::UNBOUND,)* } }
            pub(crate) fn fill(&self, vm: &Vm) -> Res<()> {
                $(self.$name.set(vm.intern(stringify!($name))?); vm.make_immortal(&self.$name);)*
                Ok(())
            }
        }
    };
}

names! {
    __abs__ __abstractmethods__ __add__ __all__ __and__ __annotate__ __annotate_func__ __annotations__ __annotations_cache__
    __await__ __bases__ __bool__ __build_class__ __builtins__ __builtins_behind__ __bytes__ __call__ __cause__ __ceil__ __class__ __class_getitem__ __classcell__ __closure__ __code__ __complex__
    __contains__ __context__ __debug__ __defaults__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dir__ __divmod__ __doc__
    __enter__ __eq__ __exit__ __file__ __float__ __floor__ __floordiv__ __format__ __ge__ __get__ __getattr__
    __getattribute__ __getitem__ __getnewargs__ __getstate__ __globals__ __gt__ __hash__ __iadd__ __import__ __index__ __init__
    __init_subclass__ __instancecheck__ __int__ __invert__ __isabstractmethod__ __iter__ __kwdefaults__ __le__ __len__ __length_hint__
    __loader__ __lt__ __main__ __match_args__ __missing__ __module__ __mod__ __mro_entries__ __mul__ __name__ __ne__ __neg__ __new__ __next__
    __notes__ __or__ __orig_bases__ __orig_class__ __package__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rdivmod__ __reduce__
    __reduce_ex__ __repr__ __reversed__ __round__ __rpow__ __self__ __set__ __set_name__ __setattr__ __setitem__ __sizeof__ __slots__ __spec__
    __firstlineno__ __static_attributes__ __str__ __sub__ __subclasscheck__ __subclasshook__ __suppress_context__ __text_signature__ __traceback__
    __trunc__ __type_params__ __value__ __weakref__ __wrapped__ __aenter__ __aexit__ __aiter__ __anext__
    append args builtins close co_name default encoding end errors file flush key keys items values msg name
    obj object path print_file_and_line filename lineno offset text end_lineno end_offset reverse send sep start stop step stdin stdout stderr strict
    throw value write mro metaclass modules real imag errno strerror filename2 code join get update
    exceptions message code_ add source ryokan sys string name_from
}
