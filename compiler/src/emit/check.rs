//! Warnings about code that is surely a mistake.

use ryokan_bytecode::Const;

use super::Emit;
use crate::tree::*;

/// The type of a constant, if it is one that `is` should not compare.
fn literal_type(value: &Const) -> Option<&'static str> {
    match value {
        Const::None | Const::True | Const::False | Const::Ellipsis => None,
        other => Some(type_name(other)),
    }
}

fn type_name(value: &Const) -> &'static str {
    match value {
        Const::None => "NoneType",
        Const::True | Const::False => "bool",
        Const::Ellipsis => "ellipsis",
        Const::Int(_) | Const::BigInt(..) => "int",
        Const::Float(_) => "float",
        Const::Complex(..) => "complex",
        Const::Str(_) => "str",
        Const::Bytes(_) => "bytes",
        Const::Tuple(_) => "tuple",
        Const::FrozenSet(_) => "frozenset",
        Const::Slice(_) => "slice",
        Const::Code(_) => "code",
    }
}

impl<'c, 'a> Emit<'c, 'a> {
    fn known_type(&self, e: E<'a>) -> Option<&'static str> {
        Some(match &e.kind {
            Kind::Const(id) => type_name(&self.cx.value(*id)),
            Kind::List(_) => "list",
            Kind::Tuple(_) => "tuple",
            Kind::Dict(_) => "dict",
            Kind::Set(_) => "set",
            Kind::Lambda(_) => "function",
            Kind::FString(_) => "str",
            Kind::TString(_) => "string.templatelib.Template",
            Kind::Comp(comp) => match comp.kind {
                CompKind::List => "list",
                CompKind::Set => "set",
                CompKind::Dict => "dict",
                CompKind::Generator => "generator",
            },
            _ => return None,
        })
    }

    /// `is` with a literal.
    pub(crate) fn check_compare(&self, span: Span, left: E<'a>, rights: &[(CmpOp, E<'a>)]) {
        let literal = |e: E<'a>| match e.kind {
            Kind::Const(id) if !self.cx.folded.borrow().contains(&id) => literal_type(&self.cx.value(id)),
            _ => None,
        };
        let mut left = left;
        for (op, right) in rights {
            if let CmpOp::Is(not) = op
                && let Some(kind) = literal(left).or_else(|| literal(right))
            {
                let (is, eq) = if *not { ("is not", "!=") } else { ("is", "==") };
                self.cx.warn(span, format!("\"{is}\" with '{kind}' literal. Did you mean \"{eq}\"?"));
                return;
            }
            left = right;
        }
    }

    /// A literal that is called.
    pub(crate) fn check_caller(&self, func: E<'a>) {
        if matches!(func.kind, Kind::Lambda(_)) {
            return;
        }
        if let Some(kind) = self.known_type(func) {
            self.cx.warn(func.span, format!("'{kind}' object is not callable; perhaps you missed a comma?"));
        }
    }

    /// A literal that is indexed by what it cannot be.
    pub(crate) fn check_subscript(&self, value: E<'a>, index: E<'a>, span: Span) {
        let Some(kind) = self.known_type(value) else { return };
        match kind {
            "str" | "bytes" | "list" | "tuple" => {
                let Some(index) = self.known_type(index) else { return };
                if !matches!(index, "int" | "bool" | "slice") {
                    let message = format!(
                        "{kind} indices must be integers or slices, not {index}; perhaps you missed a comma?"
                    );
                    self.cx.warn(span, message);
                }
            }
            "dict" | "frozenset" => {}
            _ => {
                self.cx
                    .warn(span, format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"));
            }
        }
    }
}
