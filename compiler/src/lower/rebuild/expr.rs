//! Expressions and patterns.

use ryokan_bytecode::ast::{Class, Item, Node};
use ryokan_bytecode::{BinaryOp, CompareOp, Const, Text};

use super::{Rebuild, refuse, span};
use crate::cx::{R, late};
use crate::error::{Origin, Refusal};
use crate::tree::{
    CmpOp, Comp, CompKind, E, For, Keyword, Kind, Lambda, Param, Params, Part, Pattern, PatternKind,
    ScopeCell, Span, UnaryOp,
};

impl<'a, 't> Rebuild<'_, 'a, 't> {
    /// An expression that is evaluated. Chains that lean to the left are walked with a loop.
    pub(super) fn expr(&self, item: &Item) -> R<E<'a>> {
        let mut spine = Vec::new();
        let mut at = self.node(item)?;
        while matches!(at.class, Class::BinOp | Class::Attribute | Class::Subscript | Class::Call) {
            spine.push(at);
            at = self.node(at.field(0))?;
        }
        self.lower.deeper(|| {
            let mut left = self.lower.deeper(|| self.leaf(&at))?;
            for link in spine.into_iter().rev() {
                left = self.link(left, &link)?;
            }
            self.lower.cx.charge_arena()?;
            Ok(left)
        })
    }

    pub(super) fn exprs(&self, item: &Item) -> R<&'a [E<'a>]> {
        let all: R<Vec<E<'a>>> = self.tree.items(item).iter().map(|item| self.expr(item)).collect();
        Ok(self.lower.slice(all?))
    }

    pub(super) fn optional(&self, item: &Item) -> R<Option<E<'a>>> {
        if item.is_none() { Ok(None) } else { self.expr(item).map(Some) }
    }

    fn link(&self, left: E<'a>, link: &Node<'t>) -> R<E<'a>> {
        let place = span(link.place);
        match link.class {
            Class::BinOp => {
                let right = self.expr(link.field(2))?;
                self.lower.make_binary(place, left, self.operator(link.field(1))?, right)
            }
            Class::Subscript => {
                let index = self.expr(link.field(1))?;
                self.lower.make_subscript(place, left, index)
            }
            Class::Attribute => {
                let name = self.name(link.field(1))?;
                Ok(self.lower.alloc(place, Kind::Attribute(left, name, self.attribute_span(link))))
            }
            _ => {
                let args = self.exprs(link.field(1))?;
                let keywords = self.keywords(link.field(2))?;
                Ok(self.lower.alloc(place, Kind::Call { func: left, args, keywords }))
            }
        }
    }

    /// Where the name of an attribute stands: at the end.
    fn attribute_span(&self, node: &Node<'_>) -> Span {
        let whole = span(node.place);
        let name = node.text(1).map_or(0, |name| name.as_wtf8().len() as u32);
        Span { line: whole.end_line, col: whole.end_col.saturating_sub(name), ..whole }
    }

    pub(super) fn operator(&self, item: &Item) -> R<BinaryOp> {
        Ok(match self.node(item)?.class {
            Class::Add => BinaryOp::Add,
            Class::Sub => BinaryOp::Subtract,
            Class::Mult => BinaryOp::Multiply,
            Class::MatMult => BinaryOp::MatrixMultiply,
            Class::Div => BinaryOp::TrueDivide,
            Class::Mod => BinaryOp::Remainder,
            Class::Pow => BinaryOp::Power,
            Class::LShift => BinaryOp::LeftShift,
            Class::RShift => BinaryOp::RightShift,
            Class::BitOr => BinaryOp::Or,
            Class::BitXor => BinaryOp::Xor,
            Class::BitAnd => BinaryOp::And,
            _ => BinaryOp::FloorDivide,
        })
    }

    /// Keyword arguments, of which none may be there twice.
    pub(super) fn keywords(&self, item: &Item) -> R<&'a [Keyword<'a>]> {
        let mut seen = rustc_hash::FxHashSet::default();
        self.each(item, |keyword| {
            let place = span(keyword.place);
            let name = self.bound_if(keyword.field(0), place)?;
            if let Some(name) = name
                && !seen.insert(name)
            {
                let message = format!("keyword argument repeated: {}", self.lower.cx.name(name));
                return late(Origin::Code, place, message);
            }
            Ok(Keyword { name, value: self.expr(keyword.field(1))? })
        })
    }

    fn leaf(&self, node: &Node<'t>) -> R<E<'a>> {
        let place = span(node.place);
        let field = |at: usize| node.field(at);
        let kind = match node.class {
            Class::BoolOp => Kind::Bool(self.node(field(0))?.class == Class::And, self.exprs(field(1))?),
            Class::NamedExpr => Kind::Named(self.target(field(0))?, self.expr(field(1))?),
            Class::UnaryOp => {
                let op = match self.node(field(0))?.class {
                    Class::Not => UnaryOp::Not,
                    Class::USub => UnaryOp::Negative,
                    Class::UAdd => UnaryOp::Positive,
                    _ => UnaryOp::Invert,
                };
                return self.lower.make_unary(place, op, self.expr(field(1))?);
            }
            Class::Lambda => {
                let (params, body) = (self.params(field(0))?, self.expr(field(1))?);
                let lambda = Lambda { params, body, scope: ScopeCell::default() };
                Kind::Lambda(self.lower.cx.bump.alloc(lambda))
            }
            Class::IfExp => Kind::If {
                test: self.expr(field(0))?,
                body: self.expr(field(1))?,
                orelse: self.expr(field(2))?,
            },
            Class::Dict => {
                let both = self.tree.items(field(0)).iter().zip(self.tree.items(field(1)));
                let all: R<Vec<_>> =
                    both.map(|(key, value)| Ok((self.optional(key)?, self.expr(value)?))).collect();
                Kind::Dict(self.lower.slice(all?))
            }
            Class::Set => Kind::Set(self.exprs(field(0))?),
            Class::List => Kind::List(self.exprs(field(0))?),
            Class::Tuple => return self.lower.make_tuple(place, self.exprs(field(0))?),
            Class::ListComp => self.comprehension(CompKind::List, field(0), None, field(1))?,
            Class::SetComp => self.comprehension(CompKind::Set, field(0), None, field(1))?,
            Class::GeneratorExp => self.comprehension(CompKind::Generator, field(0), None, field(1))?,
            Class::DictComp => self.comprehension(CompKind::Dict, field(0), Some(field(1)), field(2))?,
            Class::Await => Kind::Await(self.expr(field(0))?),
            Class::Yield => Kind::Yield(self.optional(field(0))?),
            Class::YieldFrom => Kind::YieldFrom(self.expr(field(0))?),
            Class::Compare => self.compare(node)?,
            Class::JoinedStr => return self.joined(node),
            Class::TemplateStr => Kind::TString(self.parts(field(0))?),
            Class::FormattedValue => {
                let part = self.formatted(node)?;
                Kind::FString(self.lower.slice(vec![part]))
            }
            Class::Interpolation => return self.interpolation(node),
            Class::Constant => match field(0) {
                Item::Plain(value) => return self.lower.constant(place, value.clone()),
                _ => return refuse(Refusal::Type, "a constant of the tree is none"),
            },
            Class::Starred => Kind::Starred(self.expr(field(0))?),
            Class::Name => {
                let name = self.name(field(0))?;
                if self.lower.cx.is(name, "__debug__") {
                    let value = if self.lower.cx.optimize == 0 { Const::True } else { Const::False };
                    return self.lower.constant(place, value);
                }
                Kind::Name(name)
            }
            Class::Slice => {
                let parts = (self.optional(field(0))?, self.optional(field(1))?, self.optional(field(2))?);
                return self.lower.make_slice(place, parts);
            }
            _ => return refuse(Refusal::Value, "a node of the tree is no expression"),
        };
        Ok(self.lower.alloc(place, kind))
    }

    fn compare(&self, node: &Node<'t>) -> R<Kind<'a>> {
        let left = self.expr(node.field(0))?;
        let ops = self.nodes(node.field(1))?;
        let mut rights = Vec::with_capacity(ops.len());
        for (op, right) in ops.iter().zip(self.tree.items(node.field(2))) {
            let op = match op.class {
                Class::Eq => CmpOp::Rich(CompareOp::Eq),
                Class::NotEq => CmpOp::Rich(CompareOp::Ne),
                Class::Lt => CmpOp::Rich(CompareOp::Lt),
                Class::LtE => CmpOp::Rich(CompareOp::Le),
                Class::Gt => CmpOp::Rich(CompareOp::Gt),
                Class::GtE => CmpOp::Rich(CompareOp::Ge),
                Class::Is => CmpOp::Is(false),
                Class::IsNot => CmpOp::Is(true),
                Class::In => CmpOp::In(false),
                _ => CmpOp::In(true),
            };
            let mut right = self.expr(right)?;
            if matches!(op, CmpOp::In(_)) {
                right = self.lower.iterable(right)?;
            }
            rights.push((op, right));
        }
        Ok(Kind::Compare(left, self.lower.slice(rights)))
    }

    fn comprehension(
        &self,
        kind: CompKind,
        elt: &Item,
        value: Option<&Item>,
        generators: &Item,
    ) -> R<Kind<'a>> {
        let elt = self.expr(elt)?;
        let value = value.map(|value| self.expr(value)).transpose()?;
        let fors = self.each(generators, |generator| {
            let is_async = generator.int(3) != 0;
            let iter = self.expr(generator.field(1))?;
            Ok(For {
                target: self.target(generator.field(0))?,
                iter: if is_async { iter } else { self.lower.iterable(iter)? },
                ifs: self.exprs(generator.field(2))?,
                is_async,
            })
        })?;
        let comp = Comp { kind, elt, value, fors, scope: ScopeCell::default() };
        Ok(Kind::Comp(self.lower.cx.bump.alloc(comp)))
    }

    /// The parameters of a function or lambda; none for nothing.
    pub(super) fn params(&self, item: &Item) -> R<Params<'a>> {
        let Some(id) = item.node() else { return Ok(Params::default()) };
        let all = self.tree.node(id);
        let (posonly, args) = (self.nodes(all.field(0))?, self.nodes(all.field(1))?);
        let defaults = self.tree.items(all.field(6));
        // The last ones have the defaults.
        let without = (posonly.len() + args.len()).saturating_sub(defaults.len());
        let group = |nodes: &[Node<'t>], before: usize| -> R<&'a [Param<'a>]> {
            let all: R<Vec<_>> = nodes
                .iter()
                .enumerate()
                .map(|(at, node)| {
                    let default = (before + at).checked_sub(without).and_then(|at| defaults.get(at));
                    self.param(node, default.unwrap_or(&Item::None))
                })
                .collect();
            Ok(self.lower.slice(all?))
        };
        let star = |item: &Item| -> R<Option<&'a Param<'a>>> {
            let Some(id) = item.node() else { return Ok(None) };
            Ok(Some(&*self.lower.cx.bump.alloc(self.param(&self.tree.node(id), &Item::None)?)))
        };
        let kwonly = self.nodes(all.field(3))?;
        let kwonly: R<Vec<_>> =
            kwonly.iter().zip(self.tree.items(all.field(4))).map(|(node, d)| self.param(node, d)).collect();
        Ok(Params {
            posonly: group(&posonly, 0)?,
            args: group(&args, posonly.len())?,
            vararg: star(all.field(2))?,
            kwonly: self.lower.slice(kwonly?),
            kwarg: star(all.field(5))?,
        })
    }

    fn param(&self, node: &Node<'t>, default: &Item) -> R<Param<'a>> {
        let place = span(node.place);
        Ok(Param {
            name: self.bound(node.field(0), place)?,
            span: place,
            annotation: self.annotation(node.field(1))?,
            default: self.optional(default)?,
        })
    }

    /// An annotation, if there is one: its text under `from __future__ import annotations`.
    pub(super) fn annotation(&self, item: &Item) -> R<Option<E<'a>>> {
        let Some(checked) = self.optional(item)? else { return Ok(None) };
        if !self.lower.stringify.get() {
            return Ok(Some(checked));
        }
        let text = self.lower.deeper(|| self.lower.unparse(self.tree, item))?;
        let text = self.lower.cx.constant(Const::Str(Text::from(text.as_str())))?;
        Ok(Some(self.lower.alloc(checked.span, Kind::Quoted(text, checked))))
    }

    /// An expression that is bound or deleted.
    pub(super) fn target(&self, item: &Item) -> R<E<'a>> {
        let node = self.node(item)?;
        let place = span(node.place);
        let targets = |item: &Item| -> R<&'a [E<'a>]> {
            let all: R<Vec<_>> = self.tree.items(item).iter().map(|item| self.target(item)).collect();
            Ok(self.lower.slice(all?))
        };
        let kind = self.lower.deeper(|| {
            Ok(match node.class {
                Class::Tuple => Kind::Tuple(targets(node.field(0))?),
                Class::List => Kind::List(targets(node.field(0))?),
                Class::Starred => Kind::Starred(self.target(node.field(0))?),
                Class::Name => Kind::Name(self.bound(node.field(0), place)?),
                Class::Attribute => {
                    let name = self.bound(node.field(1), place)?;
                    Kind::Attribute(self.expr(node.field(0))?, name, self.attribute_span(&node))
                }
                Class::Subscript => Kind::Subscript(self.expr(node.field(0))?, self.expr(node.field(1))?),
                _ => return refuse(Refusal::Value, "expression which can't be assigned to"),
            })
        })?;
        Ok(self.lower.alloc(place, kind))
    }

    /// An f-string: only texts are one text.
    fn joined(&self, node: &Node<'t>) -> R<E<'a>> {
        let parts = self.parts(node.field(0))?;
        let texts: Option<Vec<Const>> = parts
            .iter()
            .map(|part| match part {
                Part::Text(text, _) => Some(self.lower.cx.value(*text)),
                Part::Field { .. } => None,
            })
            .collect();
        let Some(texts) = texts else {
            return Ok(self.lower.alloc(span(node.place), Kind::FString(parts)));
        };
        let mut all = Vec::new();
        for text in &texts {
            if let Const::Str(text) = text {
                all.extend_from_slice(text.as_wtf8());
            }
        }
        self.lower.folded(span(node.place), Const::Str(Text::from_wtf8(&all)))
    }

    /// The values of an f-string or t-string.
    fn parts(&self, item: &Item) -> R<&'a [Part<'a>]> {
        self.each_item(item, |item| {
            let node = self.node(item)?;
            match (node.class, node.field(0)) {
                (Class::Constant, Item::Plain(text @ Const::Str(_))) => {
                    Ok(Part::Text(self.lower.cx.constant(text.clone())?, span(node.place)))
                }
                (Class::FormattedValue | Class::Interpolation, _) => self.formatted(&node),
                _ => self.whole(item, &node),
            }
        })
    }

    fn each_item<T>(&self, item: &Item, one: impl FnMut(&'t Item) -> R<T>) -> R<&'a [T]> {
        let tree = self.tree;
        let all: R<Vec<T>> = tree.items(item).iter().map(one).collect();
        Ok(self.lower.slice(all?))
    }

    /// Any other expression among the values: what it is, as text.
    fn whole(&self, item: &Item, node: &Node<'t>) -> R<Part<'a>> {
        let text = self.lower.cx.constant(Const::Str(Text::from("")))?;
        Ok(Part::Field { value: self.expr(item)?, text, conversion: 0, spec: None, span: span(node.place) })
    }

    /// A field of an f-string or t-string.
    fn formatted(&self, node: &Node<'t>) -> R<Part<'a>> {
        let shift = usize::from(node.class == Class::Interpolation);
        let text = match node.field(1) {
            Item::Plain(text) if shift == 1 => text.clone(),
            _ => Const::Str(Text::from("")),
        };
        let conversion = match node.int(1 + shift) {
            -1 => 0,
            115 => 1,
            114 => 2,
            97 => 3,
            other => return refuse(Refusal::System, format!("Unrecognized conversion character {other}")),
        };
        let spec = match node.field(2 + shift) {
            Item::None => None,
            item => {
                let spec = self.node(item)?;
                Some(match spec.class {
                    Class::JoinedStr => self.lower.deeper(|| self.parts(spec.field(0)))?,
                    _ => self.lower.slice(vec![self.whole(item, &spec)?]),
                })
            }
        };
        Ok(Part::Field {
            value: self.expr(node.field(0))?,
            text: self.lower.cx.constant(text)?,
            conversion,
            spec,
            span: span(node.place),
        })
    }

    /// An interpolation by itself: the only one of a t-string.
    fn interpolation(&self, node: &Node<'t>) -> R<E<'a>> {
        let place = span(node.place);
        let part = self.formatted(node)?;
        let whole = self.lower.alloc(place, Kind::TString(self.lower.slice(vec![part])));
        let name = self.lower.cx.intern("interpolations");
        let all = self.lower.alloc(place, Kind::Attribute(whole, name, place));
        let first = self.lower.constant(place, Const::Int(0))?;
        Ok(self.lower.alloc(place, Kind::Subscript(all, first)))
    }

    /// A pattern.
    pub(super) fn pattern(&self, item: &Item) -> R<&'a Pattern<'a>> {
        let node = self.node(item)?;
        let kind = self.lower.deeper(|| self.pattern_kind(&node))?;
        Ok(self.lower.cx.bump.alloc(Pattern { span: span(node.place), kind }))
    }

    fn patterns(&self, item: &Item) -> R<&'a [&'a Pattern<'a>]> {
        self.each_item(item, |item| self.pattern(item))
    }

    fn pattern_kind(&self, node: &Node<'t>) -> R<PatternKind<'a>> {
        let place = span(node.place);
        let field = |at: usize| node.field(at);
        Ok(match node.class {
            Class::MatchValue => {
                let value = self.node(field(0))?.class;
                if matches!(value, Class::JoinedStr | Class::TemplateStr) {
                    let message = "patterns may only match literals and attribute lookups";
                    return late(Origin::Code, place, message);
                }
                PatternKind::Value(self.expr(field(0))?)
            }
            Class::MatchSingleton => match field(0) {
                Item::Plain(value) => PatternKind::Singleton(self.lower.cx.constant(value.clone())?),
                _ => return refuse(Refusal::Value, "a constant of the tree is none"),
            },
            Class::MatchSequence => {
                let stars = self.nodes(field(0))?.iter().filter(|p| p.class == Class::MatchStar).count();
                if stars > 1 {
                    return late(Origin::Code, place, "multiple starred names in sequence pattern");
                }
                PatternKind::Sequence(self.patterns(field(0))?)
            }
            Class::MatchMapping => PatternKind::Mapping {
                keys: self.exprs(field(0))?,
                patterns: self.patterns(field(1))?,
                rest: self.bound_if(field(2), place)?,
            },
            Class::MatchClass => self.class_pattern(node)?,
            Class::MatchStar => PatternKind::Star(self.bound_if(field(0), place)?),
            Class::MatchAs => {
                let inner = if field(0).is_none() { None } else { Some(self.pattern(field(0))?) };
                PatternKind::As(inner, self.bound_if(field(1), place)?)
            }
            _ => PatternKind::Or(self.patterns(field(0))?),
        })
    }

    fn class_pattern(&self, node: &Node<'t>) -> R<PatternKind<'a>> {
        let mut names = Vec::new();
        for (name, pattern) in self.tree.items(node.field(2)).iter().zip(self.nodes(node.field(3))?) {
            let place = span(pattern.place);
            let name = self.bound(name, place)?;
            if names.contains(&name) {
                let message =
                    format!("attribute name repeated in class pattern: {}", self.lower.cx.name(name));
                return late(Origin::Code, place, message);
            }
            names.push(name);
        }
        Ok(PatternKind::Class {
            class: self.expr(node.field(0))?,
            patterns: self.patterns(node.field(1))?,
            names: self.lower.slice(names),
            attrs: self.patterns(node.field(3))?,
        })
    }
}
