//! Which part of an expression the carets stress: a binary operator, or the brackets of a subscript or a call.
//!
//! The VM has no parser, and needs none here: the source of one expression is split into tokens, what stands in brackets is
//! passed over, and the operator that binds least decides what the expression is.

/// A place: line (from 0) and column, in characters.
pub type Surroundings = (usize, usize);

/// From where to where the stress goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchors {
    /// The first stressed character.
    pub left: Surroundings,
    /// After the last one.
    pub right: Surroundings,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Name,
    Number,
    Text,
    Op,
    /// A bracket and all up to its partner.
    Group,
    /// The end of a line outside brackets.
    Newline,
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    text: String,
    start: Surroundings,
    end: Surroundings,
    /// Of a group: the tokens inside.
    inner: Vec<Token>,
}

/// How deeply brackets are followed.
const MOST_NESTED: usize = 60;

struct Lexer<'a> {
    lines: &'a [Vec<char>],
    at: Surroundings,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.lines.get(self.at.0)?.get(self.at.1 + ahead).copied()
    }
    fn at_end(&self) -> bool {
        self.at.0 >= self.lines.len()
    }
    fn next_line(&mut self) {
        self.at = (self.at.0 + 1, 0);
    }

    /// The tokens up to a closing bracket, which is left, or to the end.
    fn tokens(&mut self, depth: usize) -> Option<Vec<Token>> {
        let mut list = Vec::new();
        while !self.at_end() {
            let Some(c) = self.peek(0) else {
                let end = self.at;
                self.next_line();
                if depth == 0 {
                    list.push(Token {
                        kind: Kind::Newline,
                        text: String::new(),
                        start: end,
                        end,
                        inner: Vec::new(),
                    });
                }
                continue;
            };
            match c {
                ' ' | '\t' | '\u{c}' => self.at.1 += 1,
                '#' => self.at.1 = self.lines[self.at.0].len(),
                '\\' if self.peek(1).is_none() => self.next_line(),
                ')' | ']' | '}' => return (depth > 0).then_some(list),
                _ => list.push(self.token(c, depth)?),
            }
        }
        (depth == 0).then_some(list)
    }

    fn token(&mut self, c: char, depth: usize) -> Option<Token> {
        let start = self.at;
        let mut inner = Vec::new();
        let kind = match c {
            '(' | '[' | '{' => {
                if depth > MOST_NESTED {
                    return None;
                }
                self.at.1 += 1;
                inner = self.tokens(depth + 1)?;
                let partner = match c {
                    '(' => ')',
                    '[' => ']',
                    _ => '}',
                };
                if self.peek(0) != Some(partner) {
                    return None;
                }
                self.at.1 += 1;
                Kind::Group
            }
            '"' | '\'' => {
                self.string("", depth)?;
                Kind::Text
            }
            _ if c == '_' || c.is_alphabetic() => {
                while self.peek(0).is_some_and(|c| c == '_' || c.is_alphanumeric()) {
                    self.at.1 += 1;
                }
                let prefix: String = self.lines[start.0][start.1..self.at.1].iter().collect();
                if matches!(self.peek(0), Some('"' | '\'')) && prefix.len() <= 2 {
                    self.string(&prefix.to_lowercase(), depth)?;
                    Kind::Text
                } else {
                    Kind::Name
                }
            }
            _ if c.is_ascii_digit() || (c == '.' && self.peek(1).is_some_and(|d| d.is_ascii_digit())) => {
                self.number();
                Kind::Number
            }
            _ => {
                self.operator(c)?;
                Kind::Op
            }
        };
        let text = if start.0 == self.at.0 && kind != Kind::Text {
            self.lines[start.0][start.1..self.at.1].iter().collect()
        } else {
            c.to_string()
        };
        Some(Token { kind, text, start, end: self.at, inner })
    }

    fn number(&mut self) {
        let first = self.at.1;
        while let Some(c) = self.peek(0) {
            let sign = (c == '+' || c == '-')
                && self.at.1 > first
                && matches!(self.lines[self.at.0][self.at.1 - 1], 'e' | 'E')
                && !matches!(self.lines[self.at.0].get(first + 1), Some('x' | 'X'));
            if !(c == '.' || c == '_' || c.is_ascii_alphanumeric() || sign) {
                break;
            }
            self.at.1 += 1;
        }
    }

    fn operator(&mut self, c: char) -> Option<()> {
        const THREE: [&str; 5] = ["**=", "//=", "<<=", ">>=", "..."];
        const TWO: [&str; 17] = [
            "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "@=",
            "|=",
        ];
        let ahead: String = (0..3).map_while(|i| self.peek(i)).collect();
        let is = |op: &&str| ahead.starts_with(*op);
        self.at.1 += if THREE.iter().any(is) {
            3
        } else if TWO.iter().chain(&["&=", "^="]).any(is) {
            2
        } else if "+-*/%@&|^~<>=.,:;".contains(c) {
            1
        } else {
            return None;
        };
        Some(())
    }

    /// Passes over a string whose quote is next.
    fn string(&mut self, prefix: &str, depth: usize) -> Option<()> {
        let quote = self.peek(0)?;
        let triple = self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        let (raw, formatted) = (prefix.contains('r'), prefix.contains(['f', 't']));
        self.at.1 += if triple { 3 } else { 1 };
        loop {
            let Some(c) = self.peek(0) else {
                if !triple || self.at.0 + 1 >= self.lines.len() {
                    return None;
                }
                self.next_line();
                continue;
            };
            if c == '\\' {
                if self.peek(1).is_none() {
                    self.next_line();
                } else {
                    self.at.1 += if raw && formatted && self.peek(1) == Some('{') { 1 } else { 2 };
                }
                continue;
            }
            if c == quote && (!triple || (self.peek(1) == Some(quote) && self.peek(2) == Some(quote))) {
                self.at.1 += if triple { 3 } else { 1 };
                return Some(());
            }
            if formatted && c == '{' {
                if self.peek(1) == Some('{') {
                    self.at.1 += 2;
                } else {
                    self.at.1 += 1;
                    self.replacement(quote, triple, depth)?;
                }
                continue;
            }
            self.at.1 += 1;
        }
    }

    /// Passes over a replacement field of an f-string, behind its opening brace.
    fn replacement(&mut self, quote: char, triple: bool, depth: usize) -> Option<()> {
        if depth > MOST_NESTED {
            return None;
        }
        let mut in_spec = false;
        loop {
            let Some(c) = self.peek(0) else {
                if self.at.0 + 1 >= self.lines.len() {
                    return None;
                }
                self.next_line();
                continue;
            };
            match c {
                '}' => {
                    self.at.1 += 1;
                    return Some(());
                }
                '{' if in_spec => {
                    self.at.1 += 1;
                    self.replacement(quote, triple, depth + 1)?;
                }
                _ if in_spec => self.at.1 += 1,
                ':' => {
                    in_spec = true;
                    self.at.1 += 1;
                }
                '!' => self.at.1 += 1,
                ' ' | '\t' | '=' => self.at.1 += 1,
                '#' => self.at.1 = self.lines[self.at.0].len(),
                ')' | ']' => return None,
                _ => drop(self.token(c, depth + 1)?),
            }
        }
    }
}

fn lex(lines: &[Vec<char>]) -> Option<Vec<Token>> {
    Lexer { lines, at: (0, 0) }.tokens(0)
}

/// Keywords that make an expression something else than an operation on what stands around them.
const WEAK: [&str; 10] = ["lambda", "if", "else", "and", "or", "not", "in", "is", "yield", "for"];
/// Keywords that no expression has.
const KEYWORDS: [&str; 21] = [
    "as", "assert", "async", "break", "class", "continue", "def", "del", "elif", "except", "finally", "from",
    "global", "import", "nonlocal", "pass", "raise", "return", "try", "while", "with",
];

fn is_keyword(name: &str) -> bool {
    WEAK.contains(&name) || KEYWORDS.contains(&name)
}

fn precedence(op: &str) -> Option<u8> {
    Some(match op {
        "|" => 1,
        "^" => 2,
        "&" => 3,
        "<<" | ">>" => 4,
        "+" | "-" => 5,
        "*" | "@" | "/" | "//" | "%" => 6,
        "**" => 8,
        _ => return None,
    })
}

/// The stress within the source of one expression, given as its lines.
pub fn find(lines: &[Vec<char>]) -> Option<Anchors> {
    let mut tokens = lex(lines)?;
    tokens.retain(|t| t.kind != Kind::Newline);
    of_expression(&tokens, lines)
}

/// The tokens of a parenthesised expression that is no tuple and no generator.
fn unwrapped(group: &Token) -> Option<&[Token]> {
    let plain = group.kind == Kind::Group
        && group.text.starts_with('(')
        && !group.inner.is_empty()
        && !group.inner.iter().any(|t| t.text == "," || t.text == "for" || t.text == "yield");
    plain.then_some(&group.inner)
}

fn of_expression(tokens: &[Token], lines: &[Vec<char>]) -> Option<Anchors> {
    if let [group] = tokens {
        return of_expression(unwrapped(group)?, lines);
    }
    // (place in `tokens`, how strongly it binds) of each binary operator.
    let mut binary: Vec<(usize, u8)> = Vec::new();
    let (mut after_operand, mut prefixed) = (false, false);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Op if token.text == "." => {
                if !after_operand {
                    return None;
                }
                after_operand = false;
            }
            Kind::Op if token.text == "..." => after_operand = true,
            Kind::Op if after_operand => {
                binary.push((at, precedence(&token.text)?));
                after_operand = false;
            }
            Kind::Op => {
                if !matches!(token.text.as_str(), "+" | "-" | "~") {
                    return None;
                }
                prefixed |= binary.is_empty();
            }
            Kind::Name if is_keyword(&token.text) => return None,
            Kind::Name if token.text == "await" && !after_operand => prefixed |= binary.is_empty(),
            Kind::Group if after_operand && !token.text.starts_with('{') => {}
            Kind::Text if after_operand && at > 0 && tokens[at - 1].kind == Kind::Text => {}
            _ if after_operand => return None,
            _ => after_operand = true,
        }
    }
    if !after_operand {
        return None;
    }
    let Some(weakest) = binary.iter().map(|(_, strength)| *strength).min() else {
        return if prefixed { None } else { of_primary(tokens) };
    };
    let mut candidates = binary.iter().filter(|(_, strength)| *strength == weakest);
    let (at, _) = if weakest == 8 {
        // `-a ** b` is a negation; `await a ** b` is a power.
        if tokens[0].kind == Kind::Op {
            return None;
        }
        candidates.next()?
    } else {
        candidates.next_back()?
    };
    Some(operator_anchors(tokens[*at].start, &tokens[at + 1..], lines))
}

/// One or two characters from an operator's first; the second one counts unless it is blank or part of the right operand.
fn operator_anchors(start: Surroundings, right: &[Token], lines: &[Vec<char>]) -> Anchors {
    let mut operand = right;
    while let [group] = operand {
        match unwrapped(group) {
            Some(inner) => operand = inner,
            None => break,
        }
    }
    let (line, mut end) = (start.0, start.1 + 1);
    let before_operand = operand.first().is_none_or(|first| first.start.0 > line || end < first.start.1);
    if let Some(next) = lines[line].get(end)
        && before_operand
        && !next.is_whitespace()
        && !matches!(next, '\\' | '#')
    {
        end += 1;
    }
    Anchors { left: start, right: (line, end) }
}

/// The brackets that end a call or a subscript.
fn of_primary(tokens: &[Token]) -> Option<Anchors> {
    let [.., before, last] = tokens else { return None };
    let brackets = last.kind == Kind::Group && !last.text.starts_with('{') && before.text != ".";
    brackets.then_some(Anchors { left: last.start, right: last.end })
}

/// Whether a statement is all of `return name(...)` or `name = ...(...)`, and the call is what stands from column `start` of
/// the first line to column `end` of the last one: stressing it would say nothing.
pub fn is_plain_call(lines: &[Vec<char>], start: usize, end: usize) -> bool {
    let Some(tokens) = lex(lines) else { return false };
    let length = tokens.iter().position(|t| t.kind == Kind::Newline || t.text == ";").unwrap_or(tokens.len());
    let is_name = |t: &Token| {
        t.kind == Kind::Name
            && !is_keyword(&t.text)
            && !matches!(t.text.as_str(), "await" | "False" | "None" | "True")
    };
    let mut call = match &tokens[..length] {
        [ret, value @ ..] if ret.text == "return" && ret.kind == Kind::Name => value,
        [target, equals, value @ ..] if is_name(target) && equals.text == "=" => value,
        _ => return false,
    };
    while let [group] = call {
        match unwrapped(group) {
            Some(inner) => call = inner,
            None => return false,
        }
    }
    let (Some(first), Some(last)) = (call.first(), call.last()) else { return false };
    let is_call =
        last.text.starts_with('(') && of_expression(call, lines).is_some_and(|a| a.left == last.start);
    let by_name = tokens[0].text != "return" || (call.len() == 2 && is_name(first));
    let bytes = |place: Surroundings| lines[place.0][..place.1].iter().map(|c| c.len_utf8()).sum::<usize>();
    is_call
        && by_name
        && first.start.0 == 0
        && bytes(first.start) == start
        && last.end.0 + 1 == lines.len()
        && bytes(last.end) == end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(source: &str) -> Option<String> {
        let lines: Vec<Vec<char>> = source.lines().map(|l| l.chars().collect()).collect();
        let found = find(&lines)?;
        assert_eq!((found.left.0, found.right.0), (0, 0));
        let width = lines[0].len();
        let stressed = |i: usize| i >= found.left.1 && i < found.right.1;
        Some((0..width).map(|i| if stressed(i) { '^' } else { '~' }).collect())
    }

    #[test]
    fn operators() {
        assert_eq!(marks("a * 2 + b").as_deref(), Some("~~~~~~^~~"));
        assert_eq!(marks("a ** b ** c").as_deref(), Some("~~^^~~~~~~~"));
        assert_eq!(marks("-a ** b"), None);
        assert_eq!(marks("-a * b").as_deref(), Some("~~~^~~"));
        assert_eq!(marks("a+(b)").as_deref(), Some("~^^~~"));
        assert_eq!(marks("a+(b,c)").as_deref(), Some("~^~~~~~"));
        assert_eq!(marks("a // b").as_deref(), Some("~~^^~~"));
        assert_eq!(marks("a - b < c"), None);
        assert_eq!(marks("x if a + b else c"), None);
        assert_eq!(marks("f'{a + b}' + c").as_deref(), Some("~~~~~~~~~~~^~~"));
        assert_eq!(marks("1e+5 - a").as_deref(), Some("~~~~~^~~"));
    }

    #[test]
    fn brackets() {
        assert_eq!(marks("f(x)").as_deref(), Some("~^^^"));
        assert_eq!(marks("a[0](b)[c]").as_deref(), Some("~~~~~~~^^^"));
        assert_eq!(marks("a.b"), None);
        assert_eq!(marks("await f()"), None);
        assert_eq!(marks("{}['k']").as_deref(), Some("~~^^^^^"));
        assert_eq!(marks("f(*a, **b)").as_deref(), Some("~^^^^^^^^^"));
    }
}
