//! `match`: patterns are tried in order; captures wait on the stack until all of a pattern has matched.

use ryokan_bytecode::{BinaryOp, CompareOp, Const, Op};

use super::names::Use;
use super::{Emit, Label};
use crate::cx::{R, syntax};
use crate::tree::*;

/// What one pattern is in the middle of.
struct Match {
    /// Names captured so far; their values lie on the stack, below `on_top` others.
    stores: Vec<Sym>,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
    /// Where a failure goes that has `n` values to drop, by `n`.
    fail_pop: Vec<Label>,
    /// Values above the captures.
    on_top: usize,
}

fn is_wildcard(pattern: &Pattern<'_>) -> bool {
    matches!(pattern.kind, PatternKind::As(None, None))
}

fn is_wildcard_star(pattern: &Pattern<'_>) -> bool {
    matches!(pattern.kind, PatternKind::Star(None))
}

impl<'c, 'a> Emit<'c, 'a> {
    /// `match subject: cases`
    pub(crate) fn match_stmt(&mut self, subject: E<'a>, cases: &'a [Case<'a>]) -> R<()> {
        self.expr(subject)?;
        let end = self.label();
        let has_default = cases.len() > 1 && cases.last().is_some_and(|c| is_wildcard(c.pattern));
        let tried = cases.len() - usize::from(has_default);
        for (at, case) in cases[..tried].iter().enumerate() {
            let last = at + 1 == tried;
            let span = case.pattern.span;
            if !last {
                self.op(span, Op::Copy, 1)?;
            }
            let allow_irrefutable = case.guard.is_some() || at + 1 == cases.len();
            let mut pc = Match { stores: Vec::new(), allow_irrefutable, fail_pop: Vec::new(), on_top: 0 };
            self.pattern(&mut pc, case.pattern)?;
            for name in std::mem::take(&mut pc.stores) {
                self.name(span, name, Use::Store)?;
            }
            if let Some(guard) = case.guard {
                let fail = self.fail_label(&mut pc, 0);
                self.jump_if(guard, fail, false)?;
            }
            if !last {
                self.op(span, Op::PopTop, 0)?;
            }
            self.stmts(case.body)?;
            self.jump(Span::NONE, Op::JumpForward, end)?;
            self.place_fails(&mut pc)?;
        }
        if has_default && let Some(case) = cases.last() {
            self.op(case.pattern.span, Op::Nop, 0)?;
            if let Some(guard) = case.guard {
                self.jump_if(guard, end, false)?;
            }
            self.stmts(case.body)?;
        }
        self.place(end);
        Ok(())
    }

    fn fail_label(&mut self, pc: &mut Match, pops: usize) -> Label {
        while pc.fail_pop.len() <= pops {
            let label = self.label();
            pc.fail_pop.push(label);
        }
        pc.fail_pop[pops]
    }

    fn fail(&mut self, pc: &mut Match, op: Op, span: Span) -> R<()> {
        let label = self.fail_label(pc, pc.on_top + pc.stores.len());
        self.jump(span, op, label)
    }

    fn place_fails(&mut self, pc: &mut Match) -> R<()> {
        let labels = std::mem::take(&mut pc.fail_pop);
        for (pops, label) in labels.into_iter().enumerate().rev() {
            self.place(label);
            if pops > 0 {
                self.op(Span::NONE, Op::PopTop, 0)?;
            }
        }
        Ok(())
    }

    /// Moves the top of the stack under `count - 1` others.
    fn rotate(&mut self, count: usize, span: Span) -> R<()> {
        (2..=count).rev().try_for_each(|n| self.op(span, Op::Swap, n as u32))
    }

    fn capture(&mut self, pc: &mut Match, name: Option<Sym>, span: Span) -> R<()> {
        let Some(name) = name else { return self.op(span, Op::PopTop, 0) };
        if pc.stores.contains(&name) {
            let message = format!("multiple assignments to name '{}' in pattern", self.cx.name(name));
            return syntax(span, message);
        }
        self.rotate(pc.on_top + pc.stores.len() + 1, span)?;
        pc.stores.push(name);
        Ok(())
    }

    fn pattern(&mut self, pc: &mut Match, pattern: &'a Pattern<'a>) -> R<()> {
        self.deeper(|this| this.pattern_kind(pc, pattern))
    }

    fn subpattern(&mut self, pc: &mut Match, pattern: &'a Pattern<'a>) -> R<()> {
        let outer = std::mem::replace(&mut pc.allow_irrefutable, true);
        let result = self.pattern(pc, pattern);
        pc.allow_irrefutable = outer;
        result
    }

    fn pattern_kind(&mut self, pc: &mut Match, pattern: &'a Pattern<'a>) -> R<()> {
        let span = pattern.span;
        match &pattern.kind {
            PatternKind::Value(value) => {
                self.expr(value)?;
                self.op(span, Op::CompareOp, CompareOp::Eq as u32)?;
                self.fail(pc, Op::PopJumpIfFalse, span)
            }
            PatternKind::Singleton(id) => {
                let value = self.cx.value(*id);
                self.constant(span, value)?;
                self.op(span, Op::IsOp, 0)?;
                self.fail(pc, Op::PopJumpIfFalse, span)
            }
            PatternKind::Sequence(patterns) => self.sequence(pc, patterns, span),
            PatternKind::Mapping { keys, patterns, rest } => self.mapping(pc, keys, patterns, *rest, span),
            PatternKind::Class { class, patterns, names, attrs } => {
                self.class_pattern(pc, class, patterns, names, attrs, span)
            }
            PatternKind::Star(name) => self.capture(pc, *name, span),
            PatternKind::As(None, name) => {
                if !pc.allow_irrefutable {
                    return match name {
                        Some(name) => {
                            let message = format!(
                                "name capture '{}' makes remaining patterns unreachable",
                                self.cx.name(*name)
                            );
                            syntax(span, message)
                        }
                        None => syntax(span, "wildcard makes remaining patterns unreachable"),
                    };
                }
                self.capture(pc, *name, span)
            }
            PatternKind::As(Some(inner), name) => {
                pc.on_top += 1;
                self.op(span, Op::Copy, 1)?;
                self.pattern(pc, inner)?;
                pc.on_top -= 1;
                self.capture(pc, *name, span)
            }
            PatternKind::Or(alternatives) => self.or_pattern(pc, alternatives, span),
        }
    }

    fn sequence(&mut self, pc: &mut Match, patterns: &'a [&'a Pattern<'a>], span: Span) -> R<()> {
        let star = patterns.iter().position(|p| matches!(p.kind, PatternKind::Star(_)));
        let star_wildcard = star.is_some_and(|at| is_wildcard_star(patterns[at]));
        let only_wildcard = patterns.iter().all(|p| is_wildcard(p) || is_wildcard_star(p));
        let size = patterns.len();
        pc.on_top += 1;
        self.op(span, Op::MatchSequence, 0)?;
        self.fail(pc, Op::PopJumpIfFalse, span)?;
        let check = match star {
            None => Some((size, CompareOp::Eq)),
            Some(_) if size > 1 => Some((size - 1, CompareOp::Ge)),
            Some(_) => None,
        };
        if let Some((len, compare)) = check {
            self.op(span, Op::GetLen, 0)?;
            self.constant(span, Const::Int(len as i64))?;
            self.op(span, Op::CompareOp, compare as u32)?;
            self.fail(pc, Op::PopJumpIfFalse, span)?;
        }
        pc.on_top -= 1;
        if only_wildcard {
            self.op(span, Op::PopTop, 0)
        } else if star_wildcard {
            self.sequence_items(pc, patterns, star.unwrap_or(size), span)
        } else {
            self.unpack_op(star, size, span, "too many expressions in star-unpacking sequence pattern")?;
            pc.on_top += size;
            for pattern in patterns {
                pc.on_top -= 1;
                self.subpattern(pc, pattern)?;
            }
            Ok(())
        }
    }

    /// A sequence of which the star is not wanted: the items are indexed.
    fn sequence_items(
        &mut self,
        pc: &mut Match,
        patterns: &'a [&'a Pattern<'a>],
        star: usize,
        span: Span,
    ) -> R<()> {
        pc.on_top += 1;
        let size = patterns.len();
        for (at, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) || at == star {
                continue;
            }
            self.op(span, Op::Copy, 1)?;
            if at < star {
                self.constant(span, Const::Int(at as i64))?;
            } else {
                self.op(span, Op::GetLen, 0)?;
                self.constant(span, Const::Int((size - at) as i64))?;
                self.op(span, Op::BinaryOp, BinaryOp::Subtract as u32)?;
            }
            self.op(span, Op::BinarySubscr, 0)?;
            self.subpattern(pc, pattern)?;
        }
        pc.on_top -= 1;
        self.op(span, Op::PopTop, 0)
    }

    fn mapping(
        &mut self,
        pc: &mut Match,
        keys: &'a [E<'a>],
        patterns: &'a [&'a Pattern<'a>],
        rest: Option<Sym>,
        span: Span,
    ) -> R<()> {
        let size = keys.len();
        pc.on_top += 1;
        self.op(span, Op::MatchMapping, 0)?;
        self.fail(pc, Op::PopJumpIfFalse, span)?;
        if size == 0 && rest.is_none() {
            pc.on_top -= 1;
            return self.op(span, Op::PopTop, 0);
        }
        if size > 0 {
            self.op(span, Op::GetLen, 0)?;
            self.constant(span, Const::Int(size as i64))?;
            self.op(span, Op::CompareOp, CompareOp::Ge as u32)?;
            self.fail(pc, Op::PopJumpIfFalse, span)?;
        }
        let mut seen: Vec<Const> = Vec::new();
        for key in keys {
            if let Kind::Const(id) = key.kind {
                let value = self.cx.value(id);
                if seen.iter().any(|known| same_key(known, &value)) {
                    let shown = self.shown(&value);
                    return syntax(span, format!("mapping pattern checks duplicate key ({shown})"));
                }
                seen.push(value);
            }
            self.expr(key)?;
        }
        self.fold_tuple(size as u32, span)?;
        self.op(span, Op::MatchKeys, 0)?;
        pc.on_top += 2;
        self.op(span, Op::Copy, 1)?;
        self.fail(pc, Op::PopJumpIfNone, span)?;
        self.op(span, Op::UnpackSequence, size as u32)?;
        pc.on_top = pc.on_top + size - 1;
        for pattern in patterns {
            pc.on_top -= 1;
            self.subpattern(pc, pattern)?;
        }
        pc.on_top -= 2;
        match rest {
            Some(rest) => {
                self.mapping_rest(size, span)?;
                self.capture(pc, Some(rest), span)
            }
            None => {
                self.op(span, Op::PopTop, 0)?;
                self.op(span, Op::PopTop, 0)
            }
        }
    }

    /// From subject and keys to a dict of what the keys leave.
    fn mapping_rest(&mut self, size: usize, span: Span) -> R<()> {
        self.op(span, Op::BuildMap, 0)?;
        self.op(span, Op::Swap, 3)?;
        self.op(span, Op::DictUpdate, 2)?;
        self.op(span, Op::UnpackSequence, size as u32)?;
        for left in (1..=size).rev() {
            self.op(span, Op::Copy, 1 + left as u32)?;
            self.op(span, Op::Swap, 2)?;
            self.op(span, Op::DeleteSubscr, 0)?;
        }
        Ok(())
    }

    fn class_pattern(
        &mut self,
        pc: &mut Match,
        class: E<'a>,
        patterns: &'a [&'a Pattern<'a>],
        names: &'a [Sym],
        attrs: &'a [&'a Pattern<'a>],
        span: Span,
    ) -> R<()> {
        self.expr(class)?;
        let names: Vec<Const> = names.iter().map(|name| Const::Str(self.cx.text(*name))).collect();
        self.constant(span, Const::Tuple(names.into()))?;
        self.op(span, Op::MatchClass, patterns.len() as u32)?;
        self.op(span, Op::Copy, 1)?;
        pc.on_top += 1;
        self.fail(pc, Op::PopJumpIfNone, span)?;
        let size = patterns.len() + attrs.len();
        self.op(span, Op::UnpackSequence, size as u32)?;
        pc.on_top = pc.on_top + size - 1;
        for pattern in patterns.iter().chain(attrs) {
            pc.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(span, Op::PopTop, 0)?;
            } else {
                self.subpattern(pc, pattern)?;
            }
        }
        Ok(())
    }

    fn or_pattern(&mut self, pc: &mut Match, alternatives: &'a [&'a Pattern<'a>], span: Span) -> R<()> {
        let end = self.label();
        let mut control: Vec<Sym> = Vec::new();
        for (at, alternative) in alternatives.iter().enumerate() {
            let allow_irrefutable = at + 1 == alternatives.len() && pc.allow_irrefutable;
            let mut inner = Match { stores: Vec::new(), allow_irrefutable, fail_pop: Vec::new(), on_top: 0 };
            self.op(alternative.span, Op::Copy, 1)?;
            self.pattern(&mut inner, alternative)?;
            if at == 0 {
                control = inner.stores.clone();
            } else {
                self.same_order(&control, &mut inner.stores, span)?;
            }
            self.jump(alternative.span, Op::JumpForward, end)?;
            self.place_fails(&mut inner)?;
        }
        // None has matched: the copy of the subject goes.
        self.op(span, Op::PopTop, 0)?;
        self.fail(pc, Op::JumpForward, span)?;
        self.place(end);
        let rotations = control.len() + 1 + pc.on_top + pc.stores.len();
        for name in control {
            self.rotate(rotations, span)?;
            if pc.stores.contains(&name) {
                let message = format!("multiple assignments to name '{}' in pattern", self.cx.name(name));
                return syntax(span, message);
            }
            pc.stores.push(name);
        }
        self.op(span, Op::PopTop, 0)
    }

    /// Brings the captures of an alternative into the order of the first one's.
    fn same_order(&mut self, control: &[Sym], stores: &mut Vec<Sym>, span: Span) -> R<()> {
        const DIFFERENT: &str = "alternative patterns bind different names";
        if control.len() != stores.len() {
            return syntax(span, DIFFERENT);
        }
        for (want, name) in control.iter().enumerate().rev() {
            let Some(have) = stores.iter().position(|s| s == name) else { return syntax(span, DIFFERENT) };
            if want == have {
                continue;
            }
            let rotations = have + 1;
            let moved: Vec<Sym> = stores.drain(..rotations).collect();
            let to = want - have;
            stores.splice(to..to, moved);
            for _ in 0..rotations {
                self.rotate(want + 1, span)?;
            }
        }
        Ok(())
    }

    /// A constant as `repr` shows it, for messages.
    fn shown(&self, value: &Const) -> String {
        match value {
            Const::Str(text) => format!("'{}'", String::from_utf8_lossy(text.as_wtf8())),
            Const::Complex(re, im) => {
                let part = |sign: &str, bits: u64| {
                    let text = format!("{:?}", f64::from_bits(bits));
                    let text = text.strip_suffix(".0").unwrap_or(&text);
                    format!("{}{text}", if text.starts_with('-') { "" } else { sign })
                };
                match *re {
                    0 => format!("{}j", part("", *im)),
                    re => format!("({}{}j)", part("", re), part("+", *im)),
                }
            }
            other => crate::show_const(other),
        }
    }
}

/// Whether two constants are the same key of a dict: `1`, `1.0` and `True` are.
fn same_key(a: &Const, b: &Const) -> bool {
    let number = |value: &Const| match value {
        Const::True => Some((1.0, 0.0)),
        Const::False => Some((0.0, 0.0)),
        Const::Int(n) if n.unsigned_abs() < 1 << 53 => Some((*n as f64, 0.0)),
        Const::Float(x) => Some((f64::from_bits(*x), 0.0)),
        Const::Complex(re, im) => Some((f64::from_bits(*re), f64::from_bits(*im))),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
