//! The grammar as CPython's parser goes through it, to say of a text that is refused what CPython says of it.
//!
//! CPython's parser tries alternatives in order and remembers no error. Where it fails it goes over the tokens once more, now with
//! rules for common mistakes among the alternatives; the first of them that fits tells of itself, and if none fits, the last
//! token that the first pass had asked for is "invalid syntax". So the words and the place depend on the order of the alternatives
//! and on how far each of them looks, and nothing short of the same grammar has the same. A method here is a rule there; those
//! called `wrong_…` take part in the second pass alone. A text that is accepted never comes here.
//!
//! Read next: `reader.rs` (the tokens), `tell.rs` (messages and places), then the rules: `statements.rs` and `compound.rs`,
//! `expressions.rs`, `atoms.rs`, `arguments.rs`, `targets.rs`, `parameters.rs`, `patterns.rs`, `strings.rs`.

/// The first of several alternatives that fits. One that ends with [`Miss::Over`] ends the rule.
macro_rules! first {
    ($p:ident: $($alternative:expr),+ $(,)?) => {{
        let mark = $p.at;
        #[allow(clippy::redundant_closure_call)]
        'found: {
            $(
                match (|| -> P<_> { $alternative })() {
                    Err(Miss::No) => $p.at = mark,
                    Err(Miss::Over) => {
                        $p.at = mark;
                        break 'found Err(Miss::No);
                    }
                    other => break 'found other,
                }
            )+
            Err(Miss::No)
        }
    }};
}

mod arguments;
mod atoms;
mod compound;
mod expressions;
mod parameters;
mod patterns;
mod reader;
mod statements;
mod strings;
mod targets;
mod tell;

use rustc_hash::FxHashMap;

use crate::Mode;
use crate::cx::{Cx, Fail};
use crate::error::{Origin, SyntaxKind};
use crate::scan::{Scanned, Scanner};
use crate::tree::Span;
use reader::{Kind, Tok};
pub use reader::{ends_in_blanks, has_bare_star};

/// Why a rule gives nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Miss {
    /// It does not fit: the next alternative is tried.
    No,
    /// It does not fit, and no further alternative of its rule is tried.
    Over,
    /// An error has been told.
    Told,
}

/// What a rule gives.
type P<T> = Result<T, Miss>;

/// An expression, or what else has a place.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// What messages call it.
    what: &'static str,
    /// Its first token and its last one.
    first: usize,
    last: usize,
    /// Where its elements, its value or its left side are in `Grammar::kids`.
    kids: (usize, usize),
}

/// What is remembered of a rule at a token, as CPython remembers it: whichever pass over the rules for mistakes came first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Rule {
    SimpleStatement,
    Block,
    Expression,
    StarExpression,
    Disjunction,
    Conjunction,
    Inversion,
    BitwiseOr,
    BitwiseXor,
    BitwiseAnd,
    Shift,
    Sum,
    Term,
    Factor,
    AwaitPrimary,
    Primary,
    TargetPrimary,
    Strings,
    TString,
    Arguments,
    StarTarget,
    StarAtomTarget,
    DelTarget,
    WrongNamed,
    TypeParam,
    StarPattern,
    ClosedPattern,
}

/// What is told.
struct Told {
    kind: SyntaxKind,
    message: String,
    span: Span,
    read_to: u32,
}

/// Deepest nesting that is followed.
const MAX_DEPTH: usize = 6000;
/// Native stack that a rule may need before it looks again.
const RED_ZONE: usize = 256 * 1024;
/// By how much the stack grows.
const MORE_STACK: usize = 4 * 1024 * 1024;
/// Native stack for one level, and for how many it is charged at once.
const LEVEL: usize = 2048;
const LEVELS: usize = 64;
/// Memory for one thing that is remembered, with its nodes, in tables of twice as many; and how many are charged at once.
const REMEMBERED: usize = 2 * (size_of::<((usize, Rule), (P<Node>, usize))>() + size_of::<Node>());
const AT_ONCE: usize = 1024;

/// A pass over the tokens.
struct Grammar<'g, 'a> {
    cx: &'g Cx<'a>,
    scanned: &'g Scanned,
    toks: Vec<Tok<'g>>,
    /// The next token.
    at: usize,
    /// How many tokens have been asked for.
    fill: usize,
    /// Whether rules for mistakes take part.
    second: bool,
    kids: Vec<Node>,
    memo: FxHashMap<(usize, Rule), (P<Node>, usize)>,
    /// How many things to remember are charged.
    charged: usize,
    depth: usize,
    deepest: usize,
    told: Option<Told>,
    /// Whether it was the tokenizer that told it.
    by_tokenizer: bool,
    /// Too deep, or no memory: nothing is known.
    lost: bool,
    /// A pattern with an f-string in it: the grammar takes it, and a later step refuses it. What it says.
    odd_pattern: Option<(usize, usize, &'static str)>,
}

/// What CPython says of a text; nothing if its grammar takes it.
pub fn explain(cx: &Cx<'_>, scanned: &Scanned) -> Option<Box<Fail>> {
    let cost = scanned.count * (size_of::<Tok<'_>>() + size_of::<crate::scan::Token>());
    if cx.charge(cost).is_err() {
        return Some(Box::new(Fail::Memory));
    }
    let full = Scanner::run(cx, true);
    let toks = reader::prepare(cx, &full);
    let mut grammar = Grammar {
        cx,
        scanned: &full,
        toks,
        at: 0,
        fill: 0,
        second: false,
        kids: Vec::new(),
        memo: FxHashMap::default(),
        charged: 0,
        depth: 0,
        deepest: 0,
        told: None,
        by_tokenizer: false,
        lost: false,
        odd_pattern: None,
    };
    if let Some(told) = grammar.explain() {
        cx.read_to.set(told.read_to);
        return Some(Box::new(Fail::Syntax(told.kind, told.message, told.span)));
    }
    let (first, last, message) = grammar.odd_pattern?;
    let span = cx.span(grammar.toks[first].start, grammar.toks[last].end);
    Some(Box::new(Fail::Late(Origin::Code, message.to_owned(), span)))
}

impl<'g> Grammar<'g, '_> {
    fn explain(&mut self) -> Option<Told> {
        if self.start().is_ok() || self.lost {
            return None;
        }
        let last = self.fill.saturating_sub(1);
        self.note(last);
        if self.told.is_none() {
            (self.at, self.second) = (0, true);
            self.memo.clear();
            self.kids.clear();
            let accepted = self.start().is_ok();
            if accepted || self.lost {
                return None;
            }
        }
        let told = match self.told.take() {
            Some(told) if self.by_tokenizer || self.reached_end() => return Some(told),
            Some(told) => told,
            None => {
                let kind = self.toks.get(last).map_or(Kind::End, |tok| tok.kind);
                let what = if kind == Kind::Indent { "unexpected indent" } else { "unexpected unindent" };
                if matches!(kind, Kind::Indent | Kind::Dedent) {
                    let _ = self.tell_indent::<()>(what);
                    return self.told.take();
                }
                let _ = self.tell::<()>(last, last, "invalid syntax");
                self.told.take()?
            }
        };
        Some(self.rest().unwrap_or(told))
    }

    /// The whole text.
    fn start(&mut self) -> P<()> {
        match self.cx.mode {
            Mode::Eval => {
                self.expressions()?;
                while self.kind(Kind::Newline).is_ok() {}
                self.kind(Kind::End)?;
                Ok(())
            }
            Mode::Single => first!(self:
                {
                    self.compound_statement()?;
                    self.newline().map(drop)
                },
                self.simple_statements(),
                self.newline().map(drop),
            ),
            _ => {
                while self.statement_or_end()? {}
                self.kind(Kind::End)?;
                Ok(())
            }
        }
    }

    /// A statement of the module. What was remembered in front of it is not needed any more.
    fn statement_or_end(&mut self) -> P<bool> {
        let more = self.opt(Self::statement)?.is_some();
        if more {
            self.memo.clear();
            self.kids.clear();
        }
        Ok(more)
    }

    /// Remembers what a rule gives.
    fn memo(&mut self, rule: Rule, run: fn(&mut Self) -> P<Node>) -> P<Node> {
        let key = (self.at, rule);
        if let Some((result, at)) = self.memo.get(&key) {
            self.at = *at;
            return *result;
        }
        self.depth += 1;
        if self.depth > self.deepest {
            self.deepest += LEVELS;
            if self.depth > MAX_DEPTH || self.cx.charge(LEVELS * LEVEL).is_err() {
                self.lost = true;
                return Err(Miss::Told);
            }
        }
        let result = stacker::maybe_grow(RED_ZONE, MORE_STACK, || run(self));
        self.depth -= 1;
        if matches!(result, Err(Miss::Told)) {
            return result;
        }
        let needed = (self.memo.len().max(self.kids.len()) + 1).next_multiple_of(AT_ONCE);
        if needed > self.charged {
            if self.cx.charge((needed - self.charged) * REMEMBERED).is_err() {
                self.lost = true;
                return Err(Miss::Told);
            }
            self.charged = needed;
        }
        self.memo.insert(key, (result, self.at));
        result
    }

    /// A rule for mistakes, in the second pass.
    fn wrong<T>(&mut self, rule: impl FnOnce(&mut Self) -> P<()>) -> P<T> {
        if !self.second {
            return Err(Miss::No);
        }
        match rule(self) {
            Err(Miss::Told) => Err(Miss::Told),
            _ => Err(Miss::No),
        }
    }

    /// What may be missing.
    fn opt<T>(&mut self, rule: impl FnOnce(&mut Self) -> P<T>) -> P<Option<T>> {
        let mark = self.at;
        match rule(self) {
            Ok(found) => Ok(Some(found)),
            Err(Miss::Told) => Err(Miss::Told),
            Err(_) => {
                self.at = mark;
                Ok(None)
            }
        }
    }

    /// What may stand any number of times: how often it does, and the last one.
    fn many<T>(&mut self, mut rule: impl FnMut(&mut Self) -> P<T>) -> P<Option<T>> {
        let mut last = None;
        while let Some(found) = self.opt(&mut rule)? {
            last = Some(found);
        }
        Ok(last)
    }

    /// What stands at least once; the last one.
    fn some<T>(&mut self, rule: impl FnMut(&mut Self) -> P<T>) -> P<T> {
        self.many(rule)?.ok_or(Miss::No)
    }

    /// What stands at least once, with commas between.
    fn list<T>(&mut self, mut rule: impl FnMut(&mut Self) -> P<T>) -> P<Vec<T>> {
        let mut all = vec![rule(self)?];
        while let Some(next) = self.opt(|p| {
            p.eat(",")?;
            rule(p)
        })? {
            all.push(next);
        }
        Ok(all)
    }

    /// Whether something follows.
    fn follows<T>(&mut self, rule: impl FnOnce(&mut Self) -> P<T>) -> P<bool> {
        let mark = self.at;
        let found = self.opt(rule)?.is_some();
        self.at = mark;
        Ok(found)
    }

    /// Something follows.
    fn ahead<T>(&mut self, rule: impl FnOnce(&mut Self) -> P<T>) -> P<()> {
        if self.follows(rule)? { Ok(()) } else { Err(Miss::No) }
    }

    /// Something does not follow.
    fn not<T>(&mut self, rule: impl FnOnce(&mut Self) -> P<T>) -> P<()> {
        if self.follows(rule)? { Err(Miss::No) } else { Ok(()) }
    }

    /// A node that ends in front of the next token.
    fn node(&self, what: &'static str, first: usize) -> Node {
        Node { what, first, last: self.at.saturating_sub(1).max(first), kids: (0, 0) }
    }

    /// A node that has others.
    fn parent(&mut self, what: &'static str, first: usize, kids: &[Node]) -> Node {
        let start = self.kids.len();
        self.kids.extend_from_slice(kids);
        Node { kids: (start, self.kids.len()), ..self.node(what, first) }
    }
}
