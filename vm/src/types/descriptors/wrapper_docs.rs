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

/// What `__new__` does.
pub const NEW_DOC: &str = "Makes an instance of the class, which __init__ fills afterwards. The class says\nwhich \
                           arguments it takes.";

/// What it does.
pub fn doc(role: Role) -> String {
    let fixed = match role {
        Role::Repr => "The object as a programmer wants to see it; repr() asks.",
        Role::Str => "The object as text; str() and print() ask.",
        Role::Hash => "An int, the same for equal objects; hash(), dicts and sets ask.",
        Role::Bool => "Whether the object counts as true; bool() and conditions ask.",
        Role::Len => "How many items there are; len() asks.",
        Role::Iter => "An iterator over the items; iter() and a for loop ask.",
        Role::Next => "The next item, or StopIteration; next() and a for loop ask.",
        Role::GetAttribute => "What self.name gives. AttributeError if there is no such attribute.",
        Role::GetAttr | Role::Row => "",
        Role::SetAttr => "What self.name = value does.",
        Role::DelAttr => "What del self.name does. AttributeError if there is no such attribute.",
        Role::Get => "What an instance gives for the attribute that this object is; owner is its class.",
        Role::Set => "What happens at an assignment to the attribute that this object is.",
        Role::Delete => "What happens at the deletion of the attribute that this object is.",
        Role::Call => "What self(*args, **kwargs) does.",
        Role::New => NEW_DOC,
        Role::Init => "Fills a new instance. The class says which arguments it takes.",
        Role::Del => "The last call before the object's memory is freed.",
        Role::GetItem => "What self[key] gives.",
        Role::SetItem => "What self[key] = value does.",
        Role::DelItem => "What del self[key] does.",
        Role::Contains => "Whether the object holds key; the operator in asks.",
        Role::Neg => "The number with its sign turned round.",
        Role::Pos => "The number as it is, which the sign + asks for.",
        Role::Abs => "How far the number is from zero; abs() asks.",
        Role::Invert => "All bits turned round, which ~ asks for.",
        Role::Int => "The number without what stands after its point, as an int.",
        Role::Float => "The number as a float.",
        Role::Index => "The object as an int without loss; indexing and range() ask.",
        Role::Aiter => "The asynchronous iterator over the object; an async for loop asks.",
        Role::Anext => "An awaitable of the next item, or of StopAsyncIteration; an async for loop asks.",
        Role::Await => "What await iterates until it stops.",
        Role::Compare(op) => return format!("The answer to self {} value.", op.text()),
        Role::Number(ryokan_bytecode::BinaryOp::Power) => "self ** value; with mod, its remainder.",
        Role::Reflected(ryokan_bytecode::BinaryOp::Power) => "value ** self; with mod, its remainder.",
        Role::Number(op) => return format!("The result of self {} value.", op.text()),
        Role::Reflected(op) => {
            return format!("The result of value {} self, if value's type has none.", op.text());
        }
        Role::InPlace(op) => return format!("What self {}= value assigns to self.", op.text()),
    };
    fixed.to_string()
}
