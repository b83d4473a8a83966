//! From source text to our tree: the parser's crates, and the end of its tree.
//!
//! With `lower/` this is the only place that knows those crates.

use ruff_python_ast::PythonVersion;
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::token::TokenKind as RuffKind;
use ruff_python_ast::{Mod, Stmt, StringFlags};
use ruff_python_parser::{
    LexicalErrorType, Mode as ParserMode, ParseError, ParseErrorType, ParseOptions, Parsed as ParsedTree,
    UnsupportedSyntaxErrorKind, parse_unchecked,
};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashSet;
use ryokan_bytecode::CodeFlags;
use ryokan_bytecode::ast::Tree;
use ryokan_bytecode::names::{all_names_are_known, character_named};
use unicode_normalization::UnicodeNormalization;

use crate::cx::{Cx, Fail, R, syntax};
use crate::error::Refusal;
use crate::lower::Lower;
use crate::lower::describe::Describe;
use crate::scan::{Scanned, Scanner, Token, TokenKind};
use crate::tree::Root;
use crate::{Mode, Wanted};

/// Bytes of the parser's tree and tokens for one token: measured 30 for the standard library, 96 for `a;a;a;..`.
const TREE_BYTES: usize = 100;
/// Native stack that freeing one level of the parser's tree takes.
const DROP_FRAME: usize = 512;

/// What parsing gives: our own tree, or plain data.
pub enum Parsed<'a> {
    /// Our tree, to be compiled.
    Root(Root<'a>),
    /// The tree that `ast` shows.
    Tree(Tree),
}

/// Parses, and lowers or describes.
pub fn parse<'a>(cx: &Cx<'a>, mode: Mode, scanned: &Scanned, wanted: Wanted) -> R<Parsed<'a>> {
    let chain = scanned.chain;
    let estimate = scanned.count * TREE_BYTES + 1024;
    cx.charge(estimate)?;
    let stack = chain.saturating_mul(DROP_FRAME);
    let deep = chain > 200;
    if deep {
        cx.charge(stack)?;
    }
    let spelled = with_barry(cx)?;
    let text = spelled.as_deref().unwrap_or(cx.source);
    let run = || {
        if mode == Mode::FunctionType {
            return crate::lower::describe::function_type(cx, scanned).map(Parsed::Tree);
        }
        let parser_mode = if mode == Mode::Eval { ParserMode::Expression } else { ParserMode::Module };
        let parsed = parse_unchecked(text, options_of(parser_mode, 14));
        let errors = real_errors(&parsed, cx.source);
        let clean = errors.is_empty() && parsed.unsupported_syntax_errors().is_empty();
        let odd = is_odd(cx, mode, &parsed);
        if !clean || scanned.error.is_some() || odd {
            let first = errors.iter().map(|error| error.range().start().to_u32()).min();
            let scanned_to = scanned.error.as_ref().map(|error| error.at);
            warn_before(cx, &parsed, first.into_iter().chain(scanned_to).min().unwrap_or(u32::MAX));
            if let Some(fail) = crate::grammar::explain(cx, scanned) {
                return Err(fail);
            }
        }
        if !clean {
            return plain_error(cx, &errors, &parsed);
        }
        check_constants(cx, &parsed)?;
        if let Some(minor) = cx.feature.get().filter(|minor| *minor < 14) {
            older(cx, &parse_unchecked(text, options_of(parser_mode, minor)), minor)?;
        }
        if wanted == Wanted::Tree {
            let ignores = type_ignores(cx, &parsed);
            return Describe::root(cx, parsed.syntax(), mode == Mode::Single, &ignores).map(Parsed::Tree);
        }
        let root = match parsed.syntax() {
            Mod::Module(module) => Lower::module(cx, module, mode == Mode::Single),
            Mod::Expression(expression) => Lower::eval(cx, expression),
        };
        root.map(Parsed::Root)
    };
    let root = if deep { stacker::grow(stack + 4 * crate::lower::MORE_STACK, run) } else { run() };
    cx.refund(estimate);
    if deep {
        cx.refund(stack);
    }
    root
}

fn options_of(mode: ParserMode, minor: u8) -> ParseOptions {
    ParseOptions::from(mode).with_target_version(PythonVersion { major: 3, minor })
}

/// Whether a text has what the parser takes, and CPython may not.
fn is_odd(cx: &Cx<'_>, mode: Mode, parsed: &ParsedTree<Mod>) -> bool {
    let ends = mode != Mode::Exec && crate::grammar::ends_in_blanks(cx);
    let starred = mode == Mode::Eval && crate::grammar::has_bare_star(cx);
    // A `yield` is no operand and no element, and a name in brackets no target of `:=`.
    let refused = |pair: &[ruff_python_ast::token::Token]| {
        matches!(
            (pair[0].kind(), pair[1].kind()),
            (RuffKind::Yield, RuffKind::Comma | RuffKind::If) | (RuffKind::Rpar, RuffKind::ColonEqual)
        )
    };
    let wanted = cx.source.contains("yield") || cx.source.contains(":=");
    let named = !all_names_are_known(cx.source);
    let refused = wanted && parsed.tokens().windows(2).any(refused);
    ends || starred || named || has_odd_group(cx, parsed) || has_odd_star(cx, parsed) || refused
}

/// Whether a `case` has a starred name alone in brackets, which is no pattern, or something in brackets is called there.
fn has_odd_group(cx: &Cx<'_>, parsed: &ParsedTree<Mod>) -> bool {
    const GROUP: [RuffKind; 4] = [RuffKind::Lpar, RuffKind::Star, RuffKind::Name, RuffKind::Rpar];
    let mut case = false;
    cx.source.contains("case")
        && parsed.tokens().windows(4).any(|four| {
            match four[0].kind() {
                RuffKind::Case => case = true,
                RuffKind::Newline => case = false,
                _ => {}
            }
            let called = (four[0].kind(), four[1].kind()) == (RuffKind::Rpar, RuffKind::Lpar);
            case && (called || four.iter().map(|token| token.kind()).eq(GROUP))
        })
}

/// Whether a star unpacks what begins with a bracket and goes on as a comparison, a condition or the like, which the parser takes for
/// one that ends with it: only an argument may be that.
fn has_odd_star(cx: &Cx<'_>, parsed: &ParsedTree<Mod>) -> bool {
    use RuffKind as K;
    if !cx.source.contains('*') {
        return false;
    }
    let tokens = parsed.tokens();
    tokens.windows(3).enumerate().any(|(at, three)| {
        let [before, star, open] = [three[0].kind(), three[1].kind(), three[2].kind()];
        let is_operand = matches!(
            before,
            K::Name
                | K::Int
                | K::Float
                | K::Complex
                | K::String
                | K::FStringEnd
                | K::Rpar
                | K::Rsqb
                | K::Rbrace
        );
        if is_operand || !matches!(star, K::Star | K::DoubleStar) || open != K::Lpar {
            return false;
        }
        let mut depth = 0;
        for token in &tokens[at + 2..] {
            match token.kind() {
                K::Lpar | K::Lsqb | K::Lbrace => depth += 1,
                K::Rpar | K::Rsqb | K::Rbrace => depth -= 1,
                K::And | K::Or | K::Not | K::In | K::Is | K::If if depth == 0 => return true,
                K::Less | K::Greater | K::LessEqual | K::GreaterEqual | K::EqEqual | K::NotEqual
                    if depth == 0 =>
                {
                    return true;
                }
                K::Comma | K::Colon | K::Equal | K::Semi | K::Newline if depth == 0 => return false,
                _ => {}
            }
            if depth < 0 {
                return false;
            }
        }
        false
    })
}

/// What the parser refuses, and the grammar takes, or nobody can say.
fn plain_error<T>(cx: &Cx<'_>, errors: &[&ParseError], parsed: &ParsedTree<Mod>) -> R<T> {
    let unsupported = parsed.unsupported_syntax_errors().iter().map(|error| error.range);
    let ranges = errors.iter().map(|error| error.range()).chain(unsupported);
    let (start, end) = ranges.map(|r| (r.start().to_u32(), r.end().to_u32())).min().unwrap_or_default();
    syntax(cx.span(start, end), "invalid syntax")
}

/// The comments that ignore types, if they are wanted: the line of each, and what stands behind its `type: ignore`.
fn type_ignores<'s>(cx: &Cx<'s>, parsed: &ParsedTree<Mod>) -> Vec<(u32, &'s str)> {
    let comments = parsed.tokens().iter().filter(|token| token.kind() == RuffKind::Comment);
    let ignored = |token: &ruff_python_ast::token::Token| {
        let (start, end) = (token.range().start().to_u32(), token.range().end().to_u32());
        let blank = [' ', '\t'];
        let comment = cx.source.get(start as usize..end as usize)?.strip_prefix('#')?;
        let kind = comment.trim_start_matches(blank).strip_prefix("type:")?;
        let tag = kind.trim_start_matches(blank).strip_prefix("ignore")?;
        // A longer word is a type.
        let ends = tag.chars().next().is_none_or(|c| c.is_ascii() && !c.is_ascii_alphanumeric());
        ends.then(|| (cx.line_col(start).0, tag))
    };
    if cx.type_comments.get() { comments.filter_map(ignored).collect() } else { Vec::new() }
}

/// Refuses names whose normal form is that of a constant.
fn check_constants(cx: &Cx<'_>, parsed: &ParsedTree<Mod>) -> R<()> {
    if cx.source.is_ascii() {
        return Ok(());
    }
    for token in parsed.tokens().iter().filter(|token| token.kind() == RuffKind::Name) {
        let range = token.range().start().to_usize()..token.range().end().to_usize();
        let Some(name) = cx.source.get(range).filter(|name| !name.is_ascii()) else { continue };
        let constants = ["None", "True", "False"];
        if let Some(constant) = constants.iter().find(|constant| name.nfkc().eq(constant.chars())) {
            let message = format!("identifier field can't represent '{constant}' constant");
            return Err(Box::new(Fail::Refused(Refusal::Value, message)));
        }
    }
    Ok(())
}

/// Warns of the escapes that mean nothing in the strings before an error, which have been read by then.
fn warn_before(cx: &Cx<'_>, parsed: &ParsedTree<Mod>, error: u32) {
    for token in parsed.tokens().iter().take_while(|token| token.range().end().to_u32() <= error) {
        let Some(flags) = token.string_flags().filter(|flags| !flags.is_raw_string()) else { continue };
        let (start, end) = match token.kind() {
            RuffKind::String => {
                (token.range().start() + flags.opener_len(), token.range().end() - flags.closer_len())
            }
            RuffKind::FStringMiddle | RuffKind::TStringMiddle => (token.range().start(), token.range().end()),
            _ => continue,
        };
        let (start, end) = (start.to_u32(), end.to_u32());
        if let Some(text) = cx.source.get(start as usize..end as usize) {
            crate::literal::warn_escapes(cx, text, start, flags.is_byte_string());
            crate::literal::warn_brace(cx, text, start);
        }
    }
}

/// Refuses what an older version of Python has no syntax for.
fn older(cx: &Cx<'_>, parsed: &ParsedTree<Mod>, minor: u8) -> R<()> {
    use UnsupportedSyntaxErrorKind as Unsupported;
    for error in parsed.unsupported_syntax_errors() {
        let (what, since) = match error.kind {
            Unsupported::Walrus => ("Assignment expressions are", 8),
            Unsupported::PositionalOnlyParameter => ("Positional-only parameters are", 8),
            Unsupported::ParenthesizedContextManager => ("Parenthesized context managers are", 9),
            Unsupported::Match => ("Pattern matching is", 10),
            Unsupported::ExceptStar => ("Exception groups are", 11),
            Unsupported::TypeParameterList => ("Type parameter lists are", 12),
            Unsupported::TypeAliasStatement => ("Type statement is", 12),
            Unsupported::TypeParamDefault => ("Type parameter defaults are", 13),
            Unsupported::UnparenthesizedExceptionTypes => ("except expressions without parentheses are", 14),
            Unsupported::TemplateStrings => ("t-strings are", 14),
            _ => continue,
        };
        if minor < since {
            let span = cx.span(error.range.start().to_u32(), error.range.end().to_u32());
            return syntax(span, format!("{what} only supported in Python 3.{since} and greater"));
        }
    }
    // The parser tells of those of plain parameters only.
    let Mod::Module(module) = parsed.syntax() else { return Ok(()) };
    let mut seen = Defaults { first: None };
    module.body.iter().for_each(|stmt| seen.visit_stmt(stmt));
    match seen.first.filter(|_| minor < 13) {
        Some((start, end)) => {
            let what = "Type parameter defaults are only supported in Python 3.13 and greater";
            syntax(cx.span(start, end), what)
        }
        None => Ok(()),
    }
}

/// Looks for a parameter of types that has a default.
struct Defaults {
    first: Option<(u32, u32)>,
}

impl<'a> StatementVisitor<'a> for Defaults {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let params = match stmt {
            Stmt::FunctionDef(def) => def.type_params.as_deref(),
            Stmt::ClassDef(def) => def.type_params.as_deref(),
            Stmt::TypeAlias(alias) => alias.type_params.as_deref(),
            _ => None,
        };
        let mut params = params.into_iter().flat_map(|params| params.type_params.iter());
        let found = params.find(|param| param.default().is_some());
        let range = found.map(|param| (param.range().start().to_u32(), param.range().end().to_u32()));
        self.first = self.first.or(range);
        walk_stmt(self, stmt);
    }
}

/// Where `<>` begins to stand for `!=`: behind `from __future__ import barry_as_FLUFL`, or at once if the code around asks for it.
pub fn barry_from(cx: &Cx<'_>, tokens: &[Token]) -> u32 {
    const NAME: &str = "barry_as_FLUFL";
    if cx.has_future(CodeFlags::FUTURE_BARRY) {
        return 0;
    }
    if !cx.source.contains(NAME) {
        return u32::MAX;
    }
    let text = |token: &Token| cx.source.get(token.start as usize..token.end as usize).unwrap_or_default();
    let mut first = 0;
    for (at, token) in tokens.iter().enumerate() {
        match text(token) {
            _ if matches!(token.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent) => {
                first = at + 1
            }
            ";" => first = at + 1,
            NAME if tokens[first..at].iter().map(text).take(3).eq(["from", "__future__", "import"]) => {
                return token.end;
            }
            _ => {}
        }
    }
    u32::MAX
}

/// The text with `!=` for each `<>`, where `from __future__ import barry_as_FLUFL` asks for the old spelling: the parser does not
/// know it. Places are the same.
fn with_barry(cx: &Cx<'_>) -> R<Option<String>> {
    if !cx.has_future(CodeFlags::FUTURE_BARRY) && !cx.source.contains("barry_as_FLUFL") {
        return Ok(None);
    }
    cx.charge(cx.source.len())?;
    let mut spelled = cx.source.to_owned();
    let tokens = Scanner::run(cx, true).tokens;
    let from = barry_from(cx, &tokens);
    for token in tokens.iter().filter(|token| token.start >= from) {
        let (start, end) = (token.start as usize, token.end as usize);
        match cx.source.get(start..end).unwrap_or_default() {
            "!=" => {
                let span = cx.span(token.start, token.end);
                return syntax(span, "with Barry as BDFL, use '<>' instead of '!='");
            }
            "<" if cx.source[start..].starts_with("<>") => spelled.replace_range(start..start + 2, "!="),
            "<>" => spelled.replace_range(start..end, "!="),
            _ => {}
        }
    }
    Ok(Some(spelled))
}

/// The parser's errors, without those that are none: it complains of a compound statement behind a `;` wherever a `match` stands
/// there, the name in `x = 1; match.group()` too; and of names of characters that it does not know.
fn real_errors<'p>(parsed: &'p ParsedTree<Mod>, source: &str) -> Vec<&'p ParseError> {
    let of_match = |error: &ParseError| {
        let place = error.range();
        error.error == ParseErrorType::SimpleAndCompoundStatementOnSameLine
            && source.get(place.start().to_usize()..place.end().to_usize()) == Some("match")
    };
    let of_name = |error: &ParseError| {
        let place = error.range();
        error.error == ParseErrorType::Lexical(LexicalErrorType::UnicodeError)
            && source
                .get(place.start().to_usize()..place.end().to_usize())
                .and_then(character_named)
                .is_some()
    };
    let mut statements = MatchStatements::default();
    if let Mod::Module(module) = parsed.syntax()
        && parsed.errors().iter().any(of_match)
    {
        statements.visit_body(&module.body);
    }
    let is_real = |error: &&ParseError| {
        !of_name(error) && (!of_match(error) || statements.0.contains(&error.range().start()))
    };
    parsed.errors().iter().filter(is_real).collect()
}

/// Where `match` statements begin.
#[derive(Default)]
struct MatchStatements(FxHashSet<TextSize>);

impl StatementVisitor<'_> for MatchStatements {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        if stmt.is_match_stmt() {
            self.0.insert(stmt.range().start());
        }
        walk_stmt(self, stmt);
    }
}
