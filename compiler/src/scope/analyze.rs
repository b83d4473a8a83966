//! The second half of the symbol tables: where each name lives.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{NameFlags, ScopeKind, Scopes, Symbol, Where};
use crate::cx::{Cx, R, syntax};
use crate::tree::{CompKind, ScopeId, Span, Sym};

type Set = FxHashSet<Sym>;

struct Special {
    class: Sym,
    classdict: Sym,
    conditional: Sym,
}

struct Analyze<'c, 's, 'a> {
    cx: &'c Cx<'a>,
    scopes: &'s mut Scopes<'a>,
    special: Special,
}

/// What an enclosing class gives to annotation scopes.
type ClassEntry = Option<ScopeId>;

pub(super) fn analyze<'a>(cx: &Cx<'a>, scopes: &mut Scopes<'a>) -> R<()> {
    let special = Special {
        class: cx.intern("__class__"),
        classdict: cx.intern("__classdict__"),
        conditional: cx.intern("__conditional_annotations__"),
    };
    let mut analyze = Analyze { cx, scopes, special };
    analyze.block(ScopeId(0), None, &mut Set::default(), &mut Set::default(), &Set::default(), None)
}

/// The sets that grow while one block's names are decided.
struct BlockNames<'x> {
    bound: Option<&'x mut Set>,
    local: Set,
    free: &'x mut Set,
    global: &'x mut Set,
    type_params: Set,
    class_entry: ClassEntry,
}

impl<'a> Analyze<'_, '_, 'a> {
    fn place(&mut self, id: ScopeId, symbol: Symbol, names: &mut BlockNames<'_>) -> R<Where> {
        let Symbol { name, flags, .. } = symbol;
        if flags.intersects(NameFlags::GLOBAL) {
            if flags.intersects(NameFlags::NONLOCAL) {
                let message = format!("name '{}' is nonlocal and global", self.cx.name(name));
                return syntax(self.directive(id, name), message);
            }
            names.global.insert(name);
            if let Some(bound) = &mut names.bound {
                bound.remove(&name);
            }
            return Ok(Where::GlobalExplicit);
        }
        if flags.intersects(NameFlags::NONLOCAL) {
            let Some(bound) = &names.bound else {
                return syntax(self.directive(id, name), "nonlocal declaration not allowed at module level");
            };
            if !bound.contains(&name) {
                let message = format!("no binding for nonlocal '{}' found", self.cx.name(name));
                return syntax(self.directive(id, name), message);
            }
            if names.type_params.contains(&name) {
                let message =
                    format!("nonlocal binding not allowed for type parameter '{}'", self.cx.name(name));
                return syntax(self.directive(id, name), message);
            }
            self.scopes.scopes[id.0 as usize].has_free = true;
            names.free.insert(name);
            return Ok(Where::Free);
        }
        if flags.intersects(NameFlags::BOUND) {
            names.local.insert(name);
            names.global.remove(&name);
            if flags.intersects(NameFlags::TYPE_PARAM) {
                names.type_params.insert(name);
            } else {
                names.type_params.remove(&name);
            }
            return Ok(Where::Local);
        }
        if let Some(class) = names.class_entry
            && let Some(seen) = self.scopes.get(class).get(name)
        {
            if seen.flags.intersects(NameFlags::GLOBAL) {
                return Ok(Where::GlobalExplicit);
            }
            if seen.flags.intersects(NameFlags::BOUND) && !seen.flags.intersects(NameFlags::NONLOCAL) {
                return Ok(Where::GlobalImplicit);
            }
        }
        if names.bound.as_ref().is_some_and(|bound| bound.contains(&name)) {
            self.scopes.scopes[id.0 as usize].has_free = true;
            names.free.insert(name);
            return Ok(Where::Free);
        }
        Ok(Where::GlobalImplicit)
    }

    fn directive(&self, id: ScopeId, name: Sym) -> Span {
        self.scopes.directives.get(&(id, name)).copied().unwrap_or_default()
    }

    fn block(
        &mut self,
        id: ScopeId,
        bound: Option<&mut Set>,
        free: &mut Set,
        global: &mut Set,
        type_params: &Set,
        class_entry: ClassEntry,
    ) -> R<()> {
        let kind = self.scopes.get(id).kind;
        let mut new_bound = Set::default();
        let mut new_global = Set::default();
        if kind == ScopeKind::Class {
            new_global.extend(global.iter().copied());
            new_bound.extend(bound.iter().flat_map(|b| b.iter().copied()));
        }
        let symbols = self.scopes.get(id).symbols.clone();
        let mut names = BlockNames {
            bound,
            local: Set::default(),
            free,
            global,
            type_params: type_params.clone(),
            class_entry,
        };
        let mut places: FxHashMap<Sym, Where> = FxHashMap::default();
        for symbol in symbols {
            let place = self.place(id, symbol, &mut names)?;
            places.insert(symbol.name, place);
        }
        if kind == ScopeKind::Class {
            new_bound.extend([self.special.class, self.special.classdict, self.special.conditional]);
        } else {
            if kind.is_function_like() {
                new_bound.extend(names.local.iter().copied());
            }
            new_bound.extend(names.bound.iter().flat_map(|b| b.iter().copied()));
            new_global.extend(names.global.iter().copied());
        }
        let mut new_free = Set::default();
        let mut inlined_cells = Set::default();
        let type_params = std::mem::take(&mut names.type_params);
        self.children(
            id,
            (&new_bound, &new_global, &type_params),
            class_entry,
            &mut places,
            &mut new_free,
            &mut inlined_cells,
        )?;
        if kind.is_function_like() {
            for (name, place) in places.iter_mut() {
                if *place == Where::Local && (new_free.contains(name) || inlined_cells.contains(name)) {
                    *place = Where::Cell;
                    new_free.remove(name);
                }
            }
        } else if kind == ScopeKind::Class {
            let scope = &mut self.scopes.scopes[id.0 as usize];
            scope.needs_class_closure |= new_free.remove(&self.special.class);
            scope.needs_classdict |= new_free.remove(&self.special.classdict);
            scope.conditional_annotations |= new_free.remove(&self.special.conditional);
        }
        self.update(id, &places, names.bound.as_deref(), &mut new_free, &inlined_cells);
        names.free.extend(new_free);
        Ok(())
    }

    fn children(
        &mut self,
        id: ScopeId,
        (bound, global, type_params): (&Set, &Set, &Set),
        class_entry: ClassEntry,
        places: &mut FxHashMap<Sym, Where>,
        new_free: &mut Set,
        inlined_cells: &mut Set,
    ) -> R<()> {
        let kind = self.scopes.get(id).kind;
        let children = self.scopes.get(id).children.clone();
        let mut spliced = Vec::with_capacity(children.len());
        for child in children {
            let entry = self.scopes.get(child);
            let child_class = match entry.sees_class {
                true if kind == ScopeKind::Class => Some(id),
                true => class_entry,
                false => None,
            };
            let inline =
                entry.comp.is_some_and(|c| c != CompKind::Generator) && !self.scopes.get(id).sees_class;
            let mut child_bound = bound.clone();
            let mut child_global = global.clone();
            let mut child_free = Set::default();
            stacker::maybe_grow(crate::lower::RED_ZONE, crate::lower::MORE_STACK, || {
                self.block(
                    child,
                    Some(&mut child_bound),
                    &mut child_free,
                    &mut child_global,
                    type_params,
                    child_class,
                )
            })?;
            if inline {
                self.inline(id, child, places, &mut child_free, inlined_cells);
                self.scopes.scopes[child.0 as usize].inlined = true;
                spliced.extend(self.scopes.get(child).children.iter().copied());
            } else {
                spliced.push(child);
            }
            new_free.extend(child_free);
        }
        self.scopes.scopes[id.0 as usize].children = spliced;
        Ok(())
    }

    /// Moves the names of an inlined comprehension into its block.
    fn inline(
        &mut self,
        id: ScopeId,
        comp: ScopeId,
        places: &mut FxHashMap<Sym, Where>,
        comp_free: &mut Set,
        inlined_cells: &mut Set,
    ) {
        let symbols = self.scopes.get(comp).symbols.clone();
        let in_class = self.scopes.get(id).kind == ScopeKind::Class;
        for symbol in symbols {
            if symbol.flags.intersects(NameFlags::PARAM) {
                continue;
            }
            let name = symbol.name;
            if symbol.place == Where::Cell || symbol.flags.intersects(NameFlags::COMP_CELL) {
                inlined_cells.insert(name);
            }
            let special = [self.special.class, self.special.classdict, self.special.conditional];
            let of_class = symbol.place == Where::Free && in_class && special.contains(&name);
            if of_class && !self.free_in_child(comp, name) {
                comp_free.remove(&name);
            }
            match self.scopes.get(id).get(name).copied() {
                None => {
                    let place = if of_class { Where::GlobalImplicit } else { symbol.place };
                    self.scopes.scopes[id.0 as usize].add(name, symbol.flags);
                    places.insert(name, place);
                }
                Some(existing) => {
                    if existing.flags.intersects(NameFlags::BOUND)
                        && !in_class
                        && !self.free_in_child(comp, name)
                    {
                        comp_free.remove(&name);
                    }
                }
            }
        }
    }

    fn free_in_child(&self, id: ScopeId, name: Sym) -> bool {
        let children = &self.scopes.get(id).children;
        children.iter().any(|c| self.scopes.get(*c).get(name).is_some_and(|s| s.place == Where::Free))
    }

    fn update(
        &mut self,
        id: ScopeId,
        places: &FxHashMap<Sym, Where>,
        bound: Option<&Set>,
        free: &mut Set,
        inlined_cells: &Set,
    ) {
        let scope = &mut self.scopes.scopes[id.0 as usize];
        let (in_class, sees_class) = (scope.kind == ScopeKind::Class, scope.sees_class);
        for symbol in &mut scope.symbols {
            symbol.place = places.get(&symbol.name).copied().unwrap_or(Where::GlobalImplicit);
            if inlined_cells.contains(&symbol.name) {
                symbol.flags |= NameFlags::COMP_CELL;
            }
        }
        let mut rest: Vec<Sym> = free.iter().copied().collect();
        rest.sort();
        for name in rest {
            match scope.index.get(&name) {
                // A name of a class body that an inner block has free from an outer one.
                Some(at) if in_class => {
                    let symbol = &mut scope.symbols[*at as usize];
                    if symbol.flags.intersects(NameFlags::BOUND | NameFlags::GLOBAL) {
                        symbol.flags |= NameFlags::FREE_CLASS;
                    }
                }
                // The same of a block that looks a name up in its class first: what it means there is a name of the class or a global.
                Some(at) if sees_class => {
                    let symbol = &mut scope.symbols[*at as usize];
                    if !matches!(symbol.place, Where::Free | Where::Cell | Where::Local) {
                        symbol.flags |= NameFlags::FREE_CLASS;
                    }
                }
                Some(_) => {}
                None if bound.is_some_and(|bound| bound.contains(&name)) => {
                    scope.add(name, NameFlags::empty());
                    if let Some(symbol) = scope.symbols.last_mut() {
                        symbol.place = Where::Free;
                    }
                }
                None => {}
            }
        }
    }
}
