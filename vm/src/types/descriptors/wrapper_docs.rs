//! `__doc__` and `__text_signature__` of special methods.

use crate::object::slots::Role;

/// The parameters.
pub fn signature(role: Role) -> &'static str {
    match role {
        Role::New | Role::Init | Role::Call => "($self, /, *args, **kwargs)",
        Role::GetItem | Role::DelItem | Role::Contains => "($self, key, /)",
        Role::SetItem => "($self, key, value, /)",
        Role::GetAttribute | Role::GetAttr | Role::DelAttr => "($self, name, /)",
        Role::SetAttr => "($self, name, value, /)",
        Role::Get => "($self, instance, owner=None, /)",
        Role::Set => "($self, instance, value, /)",
        Role::Delete => "($self, instance, /)",
        Role::Number(op) | Role::Reflected(op) if op == ryokan_bytecode::BinaryOp::Power => {
            "($self, value, mod=None, /)"
        }
        Role::Number(_) | Role::Reflected(_) | Role::InPlace(_) | Role::Compare(_) => "($self, value, /)",
        _ => "($self, /)",
    }
}

/// What it does.
pub fn doc(role: Role) -> String {
    let fixed = match role {
        Role::Repr => "Return repr(self).",
        Role::Str => "Return str(self).",
        Role::Hash => "Return hash(self).",
        Role::Bool => "True if self else False",
        Role::Len => "Return len(self).",
        Role::Iter => "Implement iter(self).",
        Role::Next => "Implement next(self).",
        Role::GetAttribute => "Return getattr(self, name).",
        Role::GetAttr => "",
        Role::SetAttr => "Implement setattr(self, name, value).",
        Role::DelAttr => "Implement delattr(self, name).",
        Role::Get => "Return an attribute of instance, which is of type owner.",
        Role::Set => "Set an attribute of instance to value.",
        Role::Delete => "Delete an attribute of instance.",
        Role::Call => "Call self as a function.",
        Role::New => "Create and return a new object.  See help(type) for accurate signature.",
        Role::Init => "Initialize self.  See help(type(self)) for accurate signature.",
        Role::Del => "Called when the instance is about to be destroyed.",
        Role::GetItem => "Return self[key].",
        Role::SetItem => "Set self[key] to value.",
        Role::DelItem => "Delete self[key].",
        Role::Contains => "Return bool(key in self).",
        Role::Neg => "-self",
        Role::Pos => "+self",
        Role::Abs => "abs(self)",
        Role::Invert => "~self",
        Role::Int => "int(self)",
        Role::Float => "float(self)",
        Role::Index => {
            "Return self converted to an integer, if self is suitable for use as an index into a list."
        }
        Role::Aiter => "Return an awaitable, that resolves in asynchronous iterator.",
        Role::Anext => "Return a value or raise StopAsyncIteration.",
        Role::Await => "Return an iterator to be used in await expression.",
        Role::Compare(op) => return format!("Return self{}value.", op.text()),
        Role::Number(ryokan_bytecode::BinaryOp::Power) => "Return pow(self, value, mod).",
        Role::Reflected(ryokan_bytecode::BinaryOp::Power) => "Return pow(value, self, mod).",
        Role::Number(op) => return format!("Return self{}value.", op.text()),
        Role::Reflected(op) => return format!("Return value{}self.", op.text()),
        Role::InPlace(op) => return format!("Return self{}=value.", op.text()),
    };
    fixed.to_string()
}
