//! Scopes as plain data, for who asks what the names of a source are.

use ryokan_bytecode::CodeFlags;
use ryokan_bytecode::symbols::Block;

use super::{Scope, ScopeKind, Scopes, Where, def};
use crate::cx::{Cx, R};
use crate::lower::{MORE_STACK, RED_ZONE};
use crate::tree::*;

/// Bits of CPython's that lie behind the last one that both number alike.
const SAME: u32 = (def::FREE_CLASS - 1) as u32;
const SCOPE_OFF: u32 = 12;

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

impl Describe<'_, '_> {
    fn block(&self, id: ScopeId) -> R<Block> {
        let scope = self.scopes.get(id);
        self.cx.charge(size_of::<Block>() + scope.symbols.len() * 96)?;
        let mut symbols: Vec<(String, u32)> = scope
            .symbols
            .iter()
            .map(|symbol| {
                let flags = u32::from(symbol.flags);
                let flags = flags & SAME | (flags & !SAME) << 1;
                let (name, flags) = self.shown(scope, self.cx.name(symbol.name), flags);
                (name, flags | number(symbol.place) << SCOPE_OFF)
            })
            .collect();
        let generic =
            |child: &ScopeId| scope.kind == ScopeKind::TypeParams && self.scopes.get(*child).defined;
        let defaults = u32::from(def::PARAM) | number(Where::Local) << SCOPE_OFF;
        if scope.children.iter().any(generic) && symbols.iter().all(|(name, _)| name != ".defaults") {
            symbols.insert(0, (".defaults".to_string(), defaults));
        }
        if scope.kind == ScopeKind::Module && scope.conditional_annotations {
            let conditional = u32::from(def::USE) | number(Where::GlobalImplicit) << SCOPE_OFF;
            symbols.push(("__conditional_annotations__".to_string(), conditional));
        }
        let parameters = symbols.iter().filter(|(_, flags)| flags & u32::from(def::PARAM) != 0);
        let parameters = parameters.map(|(name, _)| name.clone()).collect();
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
            symbols,
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
    fn shown(&self, scope: &Scope<'_>, name: String, flags: u32) -> (String, u32) {
        let parameter = flags & u32::from(def::PARAM) != 0;
        let in_method = |child: &ScopeId| {
            let inner = self.scopes.get(*child);
            let found = inner.symbols.iter().find(|symbol| self.cx.is(symbol.name, &name));
            found.is_some_and(|symbol| symbol.place == Where::Free)
        };
        if scope.kind == ScopeKind::Class && scope.children.iter().any(in_method) {
            return (name, flags | u32::from(def::FREE_CLASS) << 1);
        }
        match &*name {
            "format" if parameter && scope.kind == ScopeKind::Annotation => (".format".to_string(), flags),
            ".0" | ".defaults" | ".kwdefaults" => (name, flags & !u32::from(def::USE)),
            _ => (name, flags),
        }
    }

    /// The block of the annotations of a function that has none: CPython has one all the same.
    fn no_annotations(&self, around: &Scope<'_>, function: &Scope<'_>) -> Block {
        let format = u32::from(def::PARAM | def::USE) | number(Where::Local) << SCOPE_OFF;
        let mut symbols = vec![(".format".to_string(), format)];
        if around.kind == ScopeKind::Class || around.sees_class {
            let classdict = u32::from(def::USE) | number(Where::Free) << SCOPE_OFF;
            symbols.push(("__classdict__".to_string(), classdict));
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
