//! Scopes as plain data, for who asks what the names of a source are.

use ryokan_bytecode::CodeFlags;
use ryokan_bytecode::symbols::Block;

use super::{NameFlags, Scope, ScopeKind, Scopes, Where};
use crate::cx::{Cx, R};
use crate::lower::{MORE_STACK, RED_ZONE};
use crate::tree::*;

/// The block of a module, with all others in it.
pub fn describe(cx: &Cx<'_>, scopes: &Scopes<'_>) -> R<Block> {
    Describe { cx, scopes }.block(ScopeId(0))
}

struct Describe<'c, 'a> {
    cx: &'c Cx<'a>,
    scopes: &'c Scopes<'a>,
}

fn number(place: Where) -> u32 {
    match place {
        Where::Unknown => 0,
        Where::Local => 1,
        Where::GlobalExplicit => 2,
        Where::GlobalImplicit => 3,
        Where::Free => 4,
        Where::Cell => 5,
    }
}

/// How a name is used and where it lives, as one number of CPython's.
fn shown(flags: NameFlags, place: Where) -> u32 {
    u32::from(flags.bits()) | number(place) << 12
}

impl Describe<'_, '_> {
    fn block(&self, id: ScopeId) -> R<Block> {
        let scope = self.scopes.get(id);
        self.cx.charge(size_of::<Block>() + scope.symbols.len() * 96)?;
        let mut symbols: Vec<(String, NameFlags, Where)> = scope
            .symbols
            .iter()
            .map(|symbol| {
                let (name, flags) = self.shown(scope, self.cx.name(symbol.name), symbol.flags);
                (name, flags, symbol.place)
            })
            .collect();
        let generic =
            |child: &ScopeId| scope.kind == ScopeKind::TypeParams && self.scopes.get(*child).defined;
        if scope.children.iter().any(generic) && symbols.iter().all(|(name, ..)| name != ".defaults") {
            symbols.insert(0, (".defaults".to_string(), NameFlags::PARAM, Where::Local));
        }
        if scope.kind == ScopeKind::Module && scope.conditional_annotations {
            symbols.push(("__conditional_annotations__".to_string(), NameFlags::USE, Where::GlobalImplicit));
        }
        let parameters = symbols.iter().filter(|(_, flags, _)| flags.intersects(NameFlags::PARAM));
        let parameters = parameters.map(|(name, ..)| name.clone()).collect();
        let mut block = Block {
            name: self.cx.name(scope.name),
            kind: match scope.kind {
                ScopeKind::Function => 0,
                ScopeKind::Class => 1,
                ScopeKind::Module => 2,
                ScopeKind::Annotation => 3,
                ScopeKind::TypeAlias => 4,
                ScopeKind::TypeParams => 5,
                ScopeKind::TypeVar => 6,
            },
            line: scope.line,
            nested: scope.nested,
            symbols: symbols.into_iter().map(|(name, flags, place)| (name, shown(flags, place))).collect(),
            parameters,
            children: Vec::new(),
        };
        let mut annotated = false;
        for child in &scope.children {
            let inner = self.scopes.get(*child);
            if inner.kind == ScopeKind::Annotation && self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS) {
                continue;
            }
            if inner.defined && !annotated && !self.cx.has_future(CodeFlags::FUTURE_ANNOTATIONS) {
                block.children.push(self.no_annotations(scope, inner));
            }
            // The annotations of a function come right before it.
            annotated = inner.kind == ScopeKind::Annotation && scope.annotate != Some(*child);
            block.children.push(stacker::maybe_grow(RED_ZONE, MORE_STACK, || self.block(*child))?);
        }
        Ok(block)
    }

    /// A name and its use as CPython has them: what the compiler itself passes is no use there, and the format of annotations is no name
    /// that a source could have.
    fn shown(&self, scope: &Scope<'_>, name: String, flags: NameFlags) -> (String, NameFlags) {
        let parameter = flags.intersects(NameFlags::PARAM);
        let in_method = |child: &ScopeId| {
            let inner = self.scopes.get(*child);
            let found = inner.symbols.iter().find(|symbol| self.cx.is(symbol.name, &name));
            found.is_some_and(|symbol| symbol.place == Where::Free)
        };
        if scope.kind == ScopeKind::Class && scope.children.iter().any(in_method) {
            return (name, flags | NameFlags::FREE_CLASS);
        }
        match &*name {
            "format" if parameter && scope.kind == ScopeKind::Annotation => (".format".to_string(), flags),
            ".0" | ".defaults" | ".kwdefaults" => (name, flags - NameFlags::USE),
            _ => (name, flags),
        }
    }

    /// The block of the annotations of a function that has none: CPython has one all the same.
    fn no_annotations(&self, around: &Scope<'_>, function: &Scope<'_>) -> Block {
        let format = shown(NameFlags::PARAM | NameFlags::USE, Where::Local);
        let mut symbols = vec![(".format".to_string(), format)];
        if around.kind == ScopeKind::Class || around.sees_class {
            symbols.push(("__classdict__".to_string(), shown(NameFlags::USE, Where::Free)));
        }
        Block {
            name: "__annotate__".to_string(),
            kind: 3,
            line: function.line,
            nested: around.nested || around.kind.is_function_like(),
            symbols,
            parameters: vec![".format".to_string()],
            children: Vec::new(),
        }
    }
}
