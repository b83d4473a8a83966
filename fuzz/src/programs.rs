//! Python programs from bytes.
//!
//! What comes out is valid Python 3.14 that mostly runs to its end: the generator knows which names are bound where and what
//! type each has, makes expressions of a wanted type, bounds every loop, and cuts what grows. What may raise stands in a `try`
//! whose handler prints the exception; so errors are compared like results. Nothing is printed that another interpreter would
//! print otherwise: no addresses, no hashes of strs, no order of sets of strs, no time, and `is` only where the answer is the language's.
//!
//! ```text
//!   program  := prelude part*          part := try: statement+ except Exception: print
//!   statement := assignment | if | loop | def | class | template     template: a feature with holes for expressions
//! ```
//!
//! The same bytes give the same program. When the bytes are used up, every choice is the first one, so inputs shrink well.

use std::fmt::Write;

use arbitrary::Unstructured;

use crate::choices::Choices;

/// The types that the generator keeps apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ty {
    Int,
    Float,
    Bool,
    Str,
    Bytes,
    /// Lists and tuples of ints, lists of strs, dicts from str to int, sets of ints.
    Ints,
    Tuple,
    Strs,
    Dict,
    Set,
}

const TYPES: [Ty; 10] =
    [Ty::Int, Ty::Float, Ty::Bool, Ty::Str, Ty::Bytes, Ty::Ints, Ty::Tuple, Ty::Strs, Ty::Dict, Ty::Set];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Module,
    Function,
}

struct Var {
    name: String,
    ty: Ty,
    /// The function (0: the module) that binds it.
    level: usize,
}

/// A function that takes and gives ints.
struct Func {
    name: String,
    args: usize,
}

struct Gen<'a, 'b> {
    u: &'b mut Unstructured<'a>,
    out: String,
    indent: usize,
    vars: Vec<Var>,
    funcs: Vec<Func>,
    level: usize,
    next: usize,
    /// How many loops there are around.
    loops: usize,
    place: Where,
    /// Names that the function has declared `nonlocal` or `global`, from this variable on nothing is assigned but fresh names and these.
    declared: Vec<String>,
}

/// The most that a program is long, in bytes; afterwards no part begins.
const LONGEST: usize = 6000;

/// A program from bytes.
pub fn generate(data: &[u8]) -> String {
    let mut u = Unstructured::new(data);
    let mut g = Gen {
        u: &mut u,
        out: String::new(),
        indent: 0,
        vars: Vec::new(),
        funcs: Vec::new(),
        level: 0,
        next: 0,
        loops: 0,
        place: Where::Module,
        declared: Vec::new(),
    };
    g.program();
    g.out
}

/// The bytes of a seed, for runs without a fuzzer.
pub fn bytes_of(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..4096)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

impl<'a> Choices<'a> for Gen<'a, '_> {
    fn bytes(&mut self) -> &mut Unstructured<'a> {
        self.u
    }
}

impl Gen<'_, '_> {
    // ---- choices ---------------------------------------------------------------------------------------------------

    fn fresh(&mut self, kind: &str) -> String {
        self.next += 1;
        format!("{kind}{}", self.next)
    }

    // ---- text ------------------------------------------------------------------------------------------------------

    fn line(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.out, "{}{}", "    ".repeat(self.indent), text.as_ref());
    }
    /// A suite under a head; names bound in it are forgotten behind it.
    fn suite(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Self)) {
        self.line(head);
        let (vars, funcs) = (self.vars.len(), self.funcs.len());
        self.indent += 1;
        body(self);
        self.indent -= 1;
        self.vars.truncate(vars);
        self.funcs.truncate(funcs);
    }

    // ---- names -----------------------------------------------------------------------------------------------------

    fn name_of(&mut self, ty: Ty) -> Option<String> {
        let names: Vec<usize> = (0..self.vars.len()).filter(|at| self.vars[*at].ty == ty).collect();
        if names.is_empty() {
            return None;
        }
        let at = names[self.below(names.len())];
        Some(self.vars[at].name.clone())
    }
    /// A name of that type that may be assigned here.
    fn target_of(&mut self, ty: Ty) -> Option<String> {
        let fits = |g: &Self, v: &Var| v.ty == ty && (v.level == g.level || g.declared.contains(&v.name));
        let names: Vec<usize> = (0..self.vars.len()).filter(|at| fits(self, &self.vars[*at])).collect();
        if names.is_empty() {
            return None;
        }
        let at = names[self.below(names.len())];
        Some(self.vars[at].name.clone())
    }
    fn bind(&mut self, ty: Ty) -> String {
        let name = self.fresh("v");
        self.vars.push(Var { name: name.clone(), ty, level: self.level });
        name
    }

    // ---- literals --------------------------------------------------------------------------------------------------

    fn int_literal(&mut self) -> String {
        match self.below(8) {
            0 => self.below(10).to_string(),
            1 => format!("-{}", 1 + self.below(10)),
            2 => self.below(300).to_string(),
            3 => {
                let edge = self.pick(&[8, 15, 30, 31, 32, 47, 48, 53, 60, 61, 62, 63, 64, 100, 128]);
                let off = self.pick(&["", " - 1", " + 1"]);
                let sign = self.pick(&["", "-"]);
                format!("({sign}2**{edge}{off})")
            }
            4 => {
                let n: i64 = self.u.arbitrary().unwrap_or(7);
                format!("({n})")
            }
            5 => format!("{:#x}", self.below(70_000)),
            6 => format!("10**{}", self.below(25)),
            _ => format!("{}_000", 1 + self.below(900)),
        }
    }
    fn float_literal(&mut self) -> String {
        match self.below(7) {
            0 => format!("{}.5", self.below(10)),
            1 => format!("-{}.25", self.below(100)),
            2 => format!("{}e{}", 1 + self.below(9), self.below(40)),
            3 => format!("{}e-{}", 1 + self.below(9), self.below(40)),
            4 => self
                .pick(&["float('inf')", "-float('inf')", "float('nan')", "-0.0", "0.0", "5e-324"])
                .to_string(),
            5 => {
                let bits: u64 = self.u.arbitrary().unwrap_or(0);
                let f = f64::from_bits(bits);
                if f.is_finite() { format!("({f:?})") } else { "1.0".to_string() }
            }
            _ => format!("{}.0", self.below(1000)),
        }
    }
    fn str_literal(&mut self) -> String {
        let pieces = [
            "a", "wtf", "key", "B", "0", "42", " ", "-", "xyz", "é", "ß", "Ω", "\\n", "日本", "😀", "_", "Q",
        ];
        let count = self.below(5);
        let text: String = (0..count).map(|_| self.pick(&pieces)).collect();
        format!("'{text}'")
    }
    fn bytes_literal(&mut self) -> String {
        let pieces = ["a", "xyz", "\\x00", "\\xff", "0", " ", "B"];
        let count = self.below(5);
        let text: String = (0..count).map(|_| self.pick(&pieces)).collect();
        format!("b'{text}'")
    }
    /// A short list of expressions of a type.
    fn items(&mut self, ty: Ty, depth: usize) -> String {
        let count = self.below(5);
        let items: Vec<String> = (0..count).map(|_| self.expr(ty, depth)).collect();
        items.join(", ")
    }

    // ---- expressions -----------------------------------------------------------------------------------------------

    /// An expression of a type. `depth` is what it may still nest.
    fn expr(&mut self, ty: Ty, depth: usize) -> String {
        if depth == 0 || self.chance(4) {
            if !self.chance(3)
                && let Some(name) = self.name_of(ty)
            {
                return name;
            }
            return self.literal(ty);
        }
        let depth = depth - 1;
        if self.chance(10) {
            let (a, b, c) = (self.expr(ty, depth), self.condition(depth), self.expr(ty, depth));
            return format!("({a} if {b} else {c})");
        }
        match ty {
            Ty::Int => self.int(depth),
            Ty::Float => self.float(depth),
            Ty::Bool => self.condition(depth),
            Ty::Str => self.text(depth),
            Ty::Bytes => self.bytes(depth),
            Ty::Ints => self.ints(depth),
            Ty::Tuple => self.tuple(depth),
            Ty::Strs => self.strs(depth),
            Ty::Dict => self.dict(depth),
            Ty::Set => self.set(depth),
        }
    }
    fn literal(&mut self, ty: Ty) -> String {
        match ty {
            Ty::Int => self.int_literal(),
            Ty::Float => self.float_literal(),
            Ty::Bool => self.pick(&["True", "False"]).to_string(),
            Ty::Str => self.str_literal(),
            Ty::Bytes => self.bytes_literal(),
            Ty::Ints => format!("[{}]", self.items(Ty::Int, 0)),
            Ty::Strs => format!("[{}]", self.items(Ty::Str, 0)),
            Ty::Tuple => match self.items(Ty::Int, 0) {
                items if items.is_empty() => "()".to_string(),
                items => format!("({items},)"),
            },
            Ty::Dict => {
                let n = self.below(4);
                let entries: Vec<String> =
                    (0..n).map(|at| format!("'k{at}': {}", self.int_literal())).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Ty::Set => match self.items(Ty::Int, 0) {
                items if items.is_empty() => "set()".to_string(),
                items => format!("{{{items}}}"),
            },
        }
    }
    /// A small int, for indices and counts.
    fn small(&mut self, depth: usize) -> String {
        match self.below(3) {
            0 => (self.below(8) as i64 - 3).to_string(),
            1 => format!("({} & 7)", self.expr(Ty::Int, depth.min(1))),
            _ => format!("({} % 5 - 2)", self.expr(Ty::Int, depth.min(1))),
        }
    }
    fn int(&mut self, depth: usize) -> String {
        match self.below(26) {
            0..=4 => {
                let op = self.pick(&["+", "-", "*", "&", "|", "^"]);
                format!("({} {op} {})", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth))
            }
            5 => {
                let op = self.pick(&["//", "%"]);
                format!("({} {op} ({} or 7))", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth))
            }
            6 => {
                let op = self.pick(&["//", "%", "<<", ">>"]);
                format!("({} {op} ({} & 63))", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth))
            }
            7 => format!("({} % 50) ** ({} & 7)", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth)),
            8 => format!("{}{}", self.pick(&["-", "~", "+"]), self.expr(Ty::Int, depth)),
            9 => {
                let ty = self.pick(&[Ty::Str, Ty::Ints, Ty::Tuple, Ty::Dict, Ty::Set, Ty::Bytes, Ty::Strs]);
                format!("len({})", self.expr(ty, depth))
            }
            10 => format!("abs({})", self.expr(Ty::Int, depth)),
            11 => format!("int({})", self.expr(Ty::Float, depth)),
            12 => format!("sum({})", self.expr_of_ints(depth)),
            13 => {
                let f = self.pick(&["min", "max"]);
                format!("{f}({}, {})", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth))
            }
            14 => format!(
                "{f}({}, default={})",
                self.expr(Ty::Ints, depth),
                self.int_literal(),
                f = self.pick(&["min", "max"])
            ),
            15 => format!("{}[{}]", self.expr(Ty::Ints, depth), self.small(depth)),
            16 => format!(
                "{}.get({}, {})",
                self.expr(Ty::Dict, depth),
                self.expr(Ty::Str, depth),
                self.expr(Ty::Int, depth)
            ),
            17 => format!("({}).bit_length()", self.expr(Ty::Int, depth)),
            18 => format!(
                "pow({}, {} & 31, ({} | 1))",
                self.expr(Ty::Int, depth),
                self.expr(Ty::Int, depth),
                self.expr(Ty::Int, depth)
            ),
            19 => format!("hash({})", self.expr(Ty::Int, depth)),
            20 => format!("{}.count({})", self.expr(Ty::Ints, depth), self.expr(Ty::Int, depth)),
            21 => format!("{}.find({})", self.expr(Ty::Str, depth), self.expr(Ty::Str, depth)),
            22 => format!("ord({}[:1] or 'x')", self.expr(Ty::Str, depth)),
            23 => format!("int({})", self.expr(Ty::Bool, depth)),
            24 => self.call(depth),
            _ => {
                let n = self.fresh("w");
                format!("(({n} := {}) + {n})", self.expr(Ty::Int, depth))
            }
        }
    }
    fn expr_of_ints(&mut self, depth: usize) -> String {
        let ty = self.pick(&[Ty::Ints, Ty::Tuple, Ty::Set]);
        self.expr(ty, depth)
    }
    fn expr_any(&mut self, depth: usize) -> String {
        let ty = self.any();
        self.expr(ty, depth)
    }
    fn call(&mut self, depth: usize) -> String {
        if self.funcs.is_empty() || self.loops > 1 {
            return self.int_literal();
        }
        let at = self.below(self.funcs.len());
        let (name, count) = (self.funcs[at].name.clone(), self.funcs[at].args);
        let args: Vec<String> = (0..count).map(|_| self.expr(Ty::Int, depth.min(1))).collect();
        if self.chance(4) {
            return format!("{name}(*[{}])", args.join(", "));
        }
        format!("{name}({})", args.join(", "))
    }
    fn float(&mut self, depth: usize) -> String {
        match self.below(9) {
            0..=2 => {
                let op = self.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.expr(Ty::Float, depth), self.expr(Ty::Float, depth))
            }
            3 => format!("({} / ({} or 1.5))", self.expr(Ty::Float, depth), self.expr(Ty::Float, depth)),
            4 => format!("({} % ({} or 1.5))", self.expr(Ty::Float, depth), self.expr(Ty::Float, depth)),
            5 => format!(
                "({} {} {})",
                self.expr(Ty::Int, depth),
                self.pick(&["+", "-", "*"]),
                self.expr(Ty::Float, depth)
            ),
            6 => format!("float({})", self.expr(Ty::Int, depth)),
            7 => format!("round({}, {})", self.expr(Ty::Float, depth), self.small(depth)),
            _ => format!("abs({})", self.expr(Ty::Float, depth)),
        }
    }
    fn condition(&mut self, depth: usize) -> String {
        match self.below(11) {
            0..=2 => {
                let ty = self.pick(&[Ty::Int, Ty::Int, Ty::Float, Ty::Str, Ty::Tuple, Ty::Ints, Ty::Set]);
                let op = self.pick(&["<", "<=", "==", "!=", ">", ">="]);
                format!("({} {op} {})", self.expr(ty, depth), self.expr(ty, depth))
            }
            3 => format!("(not {})", self.expr_any(depth)),
            4 => format!("({} and {})", self.condition(depth.min(1)), self.expr(Ty::Bool, depth)),
            5 => format!("({} or {})", self.expr(Ty::Bool, depth), self.expr(Ty::Bool, depth)),
            6 => format!("({} in {})", self.expr(Ty::Int, depth), self.expr_of_ints(depth)),
            7 => format!("({} not in {})", self.expr(Ty::Str, depth), self.expr(Ty::Str, depth)),
            8 => format!(
                "({} < {} <= {})",
                self.expr(Ty::Int, depth),
                self.expr(Ty::Int, depth),
                self.expr(Ty::Int, depth)
            ),
            9 => format!("({} == {})", self.expr(Ty::Int, depth), self.expr(Ty::Float, depth)),
            _ => format!("bool({})", self.expr_any(depth)),
        }
    }
    fn any(&mut self) -> Ty {
        self.pick(&TYPES)
    }
    fn slice(&mut self, depth: usize) -> String {
        let part = |g: &mut Self| if g.chance(3) { String::new() } else { g.small(depth) };
        let (a, b) = (part(self), part(self));
        if self.chance(3) {
            format!("[{a}:{b}:{}]", self.pick(&["1", "2", "-1", "-2", "3"]))
        } else {
            format!("[{a}:{b}]")
        }
    }
    fn text(&mut self, depth: usize) -> String {
        match self.below(16) {
            0 | 1 => format!("({} + {})", self.expr(Ty::Str, depth), self.expr(Ty::Str, depth)),
            2 => format!("({} * {})", self.expr(Ty::Str, depth), self.small(depth)),
            3 => format!("{}{}", self.expr(Ty::Str, depth), self.slice(depth)),
            4 => format!("str({})", self.shown(depth)),
            5 => format!("repr({})", self.shown(depth)),
            6 => {
                let m =
                    self.pick(&["upper", "lower", "title", "swapcase", "strip", "casefold", "capitalize"]);
                format!("{}.{m}()", self.expr(Ty::Str, depth))
            }
            7 => format!("{}.join({})", self.str_literal(), self.expr(Ty::Strs, depth)),
            8 => format!(
                "{}.replace({}, {})",
                self.expr(Ty::Str, depth),
                self.expr(Ty::Str, depth),
                self.str_literal()
            ),
            9 => {
                let spec =
                    self.pick(&["", ":>12", ":<8", ":^9", ":x}|{0", ":+d", ":,", ":010", ":#b", ":_d"]);
                let spec = if spec.contains('}') { ":x" } else { spec };
                format!("f'{{{}{spec}}}'", self.expr(Ty::Int, 0).replace('\'', "\""))
            }
            10 => format!(
                "f'{{{}:{}}}'",
                self.expr(Ty::Float, 0).replace('\'', "\""),
                self.pick(&[".3f", ".2e", "g", "10.4g", "+.1f", "%"])
            ),
            11 => format!(
                "'%s|%r|%5d' % ({}, {}, {})",
                self.expr(Ty::Str, depth),
                self.expr(Ty::Str, depth),
                self.expr(Ty::Int, depth)
            ),
            12 => format!(
                "'{{}}-{{!r:>6}}'.format({}, {})",
                self.expr(Ty::Int, depth),
                self.expr(Ty::Str, depth)
            ),
            13 => format!("chr({} & 0x3ff)", self.expr(Ty::Int, depth)),
            14 => format!(
                "{}.{}({}, {})",
                self.expr(Ty::Str, depth),
                self.pick(&["ljust", "rjust", "center"]),
                self.small(depth),
                "'*'"
            ),
            _ => format!("hex({})", self.expr(Ty::Int, depth)),
        }
    }
    /// Of a type whose text is the same everywhere.
    fn shown(&mut self, depth: usize) -> String {
        let ty = self.pick(&[
            Ty::Int,
            Ty::Float,
            Ty::Bool,
            Ty::Str,
            Ty::Bytes,
            Ty::Ints,
            Ty::Tuple,
            Ty::Strs,
            Ty::Dict,
        ]);
        self.expr(ty, depth)
    }
    fn bytes(&mut self, depth: usize) -> String {
        match self.below(5) {
            0 => format!("({} + {})", self.expr(Ty::Bytes, depth), self.expr(Ty::Bytes, depth)),
            1 => format!("{}.encode('utf-8', 'replace')", self.expr(Ty::Str, depth)),
            2 => format!("{}{}", self.expr(Ty::Bytes, depth), self.slice(depth)),
            3 => format!("bytes([n & 255 for n in {}])", self.expr(Ty::Ints, depth)),
            _ => format!(
                "({} & 0xffff).to_bytes(2, '{}')",
                self.expr(Ty::Int, depth),
                self.pick(&["big", "little"])
            ),
        }
    }
    fn element(&mut self, name: &str, depth: usize) -> String {
        self.vars.push(Var { name: name.to_string(), ty: Ty::Int, level: usize::MAX });
        let e = self.expr(Ty::Int, depth.min(2));
        self.vars.pop();
        e
    }
    fn comprehension(&mut self, open: &str, close: &str, depth: usize) -> String {
        let name = self.fresh("i");
        let source = match self.below(3) {
            0 => format!("range({})", self.below(7)),
            1 => format!("{}[:6]", self.expr(Ty::Ints, depth)),
            _ => format!("{}[:6]", self.expr(Ty::Tuple, depth)),
        };
        let element = self.element(&name, depth);
        let filter = if self.chance(3) { format!(" if {} % 3", name) } else { String::new() };
        if self.chance(5) {
            let inner = self.fresh("i");
            return format!(
                "{open}{element} + {inner} for {name} in {source}{filter} for {inner} in range({name} & 3){close}"
            );
        }
        format!("{open}{element} for {name} in {source}{filter}{close}")
    }
    fn ints(&mut self, depth: usize) -> String {
        match self.below(13) {
            0 => format!("[{}]", self.items(Ty::Int, depth)),
            1..=3 => self.comprehension("[", "]", depth),
            4 => format!("({} + {})[:20]", self.expr(Ty::Ints, depth), self.expr(Ty::Ints, depth)),
            5 => format!("({} * {})[:20]", self.expr(Ty::Ints, depth), self.small(depth)),
            6 => format!("{}{}", self.expr(Ty::Ints, depth), self.slice(depth)),
            7 => format!(
                "sorted({}{})",
                self.expr_of_ints(depth),
                self.pick(&["", ", reverse=True", ", key=lambda n: -n", ", key=lambda n: n % 3"])
            ),
            8 => format!("list({})", self.expr(Ty::Tuple, depth)),
            9 => format!(
                "list(range({}, {}, {}))",
                self.small(depth),
                self.small(depth),
                self.pick(&["1", "2", "-1", "3"])
            ),
            10 => format!(
                "list(map(lambda n: n {} 3, {}))",
                self.pick(&["+", "-", "*", "%", "//"]),
                self.expr(Ty::Ints, depth)
            ),
            11 => format!("[*{}, *{}][:20]", self.expr(Ty::Ints, depth), self.expr(Ty::Tuple, depth)),
            _ => format!(
                "[a * b for a, b in zip({}, {})]",
                self.expr(Ty::Ints, depth),
                self.expr(Ty::Tuple, depth)
            ),
        }
    }
    fn tuple(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => format!("({}, {})", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth)),
            1 => format!("tuple({})", self.expr(Ty::Ints, depth)),
            2 => format!("({} + {})[:20]", self.expr(Ty::Tuple, depth), self.expr(Ty::Tuple, depth)),
            3 => format!("{}{}", self.expr(Ty::Tuple, depth), self.slice(depth)),
            4 => {
                let inner = self.comprehension("(", ")", depth);
                format!("tuple{inner}")
            }
            _ => format!("divmod({}, {} or 3)", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth)),
        }
    }
    fn strs(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => format!("[{}]", self.items(Ty::Str, depth)),
            1 => {
                format!("{}.split({})", self.expr(Ty::Str, depth), self.pick(&["", "'a'", "None, 1", "'-'"]))
            }
            2 => format!("sorted({})", self.expr(Ty::Strs, depth)),
            3 => format!("[str(n) for n in {}]", self.expr(Ty::Ints, depth)),
            4 => format!("list({}[:8])", self.expr(Ty::Str, depth)),
            _ => format!("{}{}", self.expr(Ty::Strs, depth), self.slice(depth)),
        }
    }
    fn dict(&mut self, depth: usize) -> String {
        match self.below(5) {
            0 => {
                let n = self.fresh("i");
                let e = self.element(&n, depth);
                format!("{{'k%d' % ({n} & 3): {e} for {n} in range({})}}", self.below(6))
            }
            1 => format!(
                "{{**{}, {}: {}}}",
                self.expr(Ty::Dict, depth),
                self.expr(Ty::Str, depth),
                self.expr(Ty::Int, depth)
            ),
            2 => format!("dict(zip({}, {}))", self.expr(Ty::Strs, depth), self.expr(Ty::Ints, depth)),
            3 => format!("({} | {})", self.expr(Ty::Dict, depth), self.expr(Ty::Dict, depth)),
            _ => format!("dict(a={}, b={})", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth)),
        }
    }
    fn set(&mut self, depth: usize) -> String {
        match self.below(4) {
            0 => self.comprehension("{", "}", depth),
            1 => format!("set({})", self.expr(Ty::Ints, depth)),
            2 => format!(
                "({} {} {})",
                self.expr(Ty::Set, depth),
                self.pick(&["|", "&", "-", "^"]),
                self.expr(Ty::Set, depth)
            ),
            _ => format!("frozenset({})", self.expr(Ty::Tuple, depth)),
        }
    }

    // ---- statements ------------------------------------------------------------------------------------------------

    fn program(&mut self) {
        self.line("import gc, sys");
        self.line("told = []");
        self.line("def show(x):");
        self.line(
            "    print(type(x).__name__, sorted(x) if isinstance(x, (set, frozenset)) else repr(x)[:200])",
        );
        for ty in TYPES {
            let value = self.literal(ty);
            let name = self.bind(ty);
            self.line(format!("{name} = {value}"));
        }
        let parts = 1 + self.below(12);
        for _ in 0..parts {
            if self.out.len() > LONGEST || self.u.is_empty() {
                break;
            }
            if self.chance(4) {
                self.function();
            } else {
                self.suite("try:", |g| {
                    let count = 1 + g.below(4);
                    (0..count).for_each(|_| g.statement(2));
                });
                self.line("except Exception as e:");
                self.line("    print(type(e).__name__, e)");
            }
        }
        let names: Vec<(String, Ty)> = self.vars.iter().map(|v| (v.name.clone(), v.ty)).collect();
        for (name, _) in names {
            self.line(format!("show({name})"));
        }
    }
    /// What is assigned to a name again and again must not grow.
    fn cut(&mut self, ty: Ty, value: String) -> String {
        match ty {
            Ty::Int => {
                format!("({value}) % {}", self.pick(&["1009", "(2**31 - 1)", "2**48", "2**61", "2**64"]))
            }
            Ty::Str | Ty::Bytes | Ty::Ints | Ty::Tuple | Ty::Strs => format!("({value})[:24]"),
            _ => value,
        }
    }
    fn statement(&mut self, depth: usize) {
        if self.out.len() > LONGEST {
            return self.line("pass");
        }
        let n = if depth == 0 { self.below(9) } else { self.below(17) };
        match n {
            0 => {
                let e = self.expr_any(3);
                self.line(format!("show({e})"));
            }
            1 | 2 => {
                let ty = self.any();
                let e = self.expr(ty, 3);
                let name = self.bind(ty);
                self.line(format!("{name} = {e}"));
            }
            3 | 4 => self.assign(),
            5 => self.augment(),
            6 => self.item(),
            7 => self.unpack(),
            8 => self.remove(),
            9 => self.branch(depth),
            10 | 11 => self.repeat(depth),
            12 => self.attempt(depth),
            13 => self.function(),
            14 => self.select(),
            _ => self.template(),
        }
    }
    fn assign(&mut self) {
        let ty = self.any();
        let e = self.expr(ty, 3);
        let e = self.cut(ty, e);
        let name = match self.target_of(ty) {
            Some(name) => name,
            None => self.bind(ty),
        };
        self.line(format!("{name} = {e}"));
    }
    fn augment(&mut self) {
        let (ty, op) = self.pick(&[
            (Ty::Int, "+="),
            (Ty::Int, "-="),
            (Ty::Int, "*="),
            (Ty::Int, "^="),
            (Ty::Int, "&="),
            (Ty::Int, "|="),
            (Ty::Float, "+="),
            (Ty::Float, "*="),
            (Ty::Str, "+="),
            (Ty::Ints, "+="),
            (Ty::Tuple, "+="),
            (Ty::Dict, "|="),
            (Ty::Set, "|="),
            (Ty::Set, "-="),
            (Ty::Set, "&="),
        ]);
        let Some(name) = self.target_of(ty) else { return self.line("pass") };
        let e = self.expr(ty, 2);
        self.line(format!("{name} {op} {e}"));
        if matches!(ty, Ty::Int | Ty::Str | Ty::Ints | Ty::Tuple) {
            let cut = self.cut(ty, name.clone());
            self.line(format!("{name} = {cut}"));
        }
    }
    fn item(&mut self) {
        let Some(list) = self.name_of(Ty::Ints) else { return self.line("pass") };
        let Some(dict) = self.name_of(Ty::Dict) else { return self.line("pass") };
        let (i, e) = (self.small(1), self.expr(Ty::Int, 2));
        match self.below(8) {
            0 => self.line(format!("{list}[{i}] = {e}")),
            1 => self.line(format!("{list}[{i}] += {e}")),
            2 => self.line(format!("{list}.append({e})")),
            3 => {
                let (slice, value) = (self.slice(1), self.expr(Ty::Ints, 1));
                self.line(format!("{list}{slice} = {value}"));
                self.line(format!("del {list}[30:]"));
            }
            4 => self.line(format!("{dict}['k%d' % ({i})] = {e}")),
            5 => self.line(format!("{dict}['k0'] = {dict}.setdefault('k1', {e})")),
            6 => self.line(format!("{list}[{i}], {list}[0] = {list}[0], {list}[{i}]")),
            _ => {
                let text = format!(
                    "{list}.{}",
                    self.pick(&["sort()", "reverse()", "insert(1, 5)", "extend(range(3))"])
                );
                self.line(text)
            }
        }
    }
    fn unpack(&mut self) {
        let (a, b) = (self.expr(Ty::Int, 2), self.expr(Ty::Int, 2));
        match self.below(4) {
            0 => {
                let (x, y) = (self.bind(Ty::Int), self.bind(Ty::Int));
                self.line(format!("{x}, {y} = {a}, {b}"));
            }
            1 => {
                let source = self.expr(Ty::Ints, 2);
                let (x, y) = (self.bind(Ty::Int), self.bind(Ty::Ints));
                self.line(format!("{x}, *{y} = [{a}] + {source}"));
            }
            2 => {
                let source = self.expr_of_ints(2);
                let (x, y) = (self.fresh("v"), self.fresh("v"));
                self.line(format!("{x}, {y} = {source}"));
                self.line(format!("show(({x}, {y}))"));
            }
            _ => {
                let (x, y) = (self.bind(Ty::Int), self.bind(Ty::Int));
                self.line(format!("({x}, ({y}, _)) = ({a}, ({b}, {a}))"));
            }
        }
    }
    fn remove(&mut self) {
        let name = self.fresh("t");
        let e = self.expr(Ty::Ints, 2);
        self.line(format!("{name} = {e}"));
        match self.below(3) {
            0 => {
                let text = format!("del {name}{}", self.slice(1));
                self.line(text)
            }
            1 => {
                let text = format!("{name}.pop({})", self.small(1));
                self.line(text)
            }
            _ => self.line(format!("{name}.clear()")),
        }
        self.line(format!("show({name}); del {name}"));
    }
    fn body(&mut self, depth: usize) {
        let count = 1 + self.below(3);
        (0..count).for_each(|_| self.statement(depth - 1));
    }
    fn branch(&mut self, depth: usize) {
        let c = self.condition(2);
        self.suite(format!("if {c}:"), |g| g.body(depth));
        if self.chance(3) {
            let c = self.condition(2);
            self.suite(format!("elif {c}:"), |g| g.body(depth));
        }
        if self.chance(2) {
            self.suite("else:", |g| g.body(depth));
        }
    }
    fn repeat(&mut self, depth: usize) {
        if self.loops >= 2 {
            return self.assign();
        }
        self.loops += 1;
        match self.below(5) {
            0 | 1 => {
                let n = self.below(9);
                let head_var = self.fresh("v");
                self.suite(format!("for {head_var} in range({n}):"), |g| {
                    g.vars.push(Var { name: head_var.clone(), ty: Ty::Int, level: g.level });
                    g.body(depth);
                    if g.chance(3) {
                        let (c, what) = (g.condition(1), g.pick(&["break", "continue"]));
                        g.line(format!("if {c}: {what}"));
                    }
                });
                if self.chance(3) {
                    self.suite("else:", |g| g.body(depth));
                }
            }
            2 => {
                let (ty, item) = self.pick(&[(Ty::Ints, Ty::Int), (Ty::Strs, Ty::Str), (Ty::Tuple, Ty::Int)]);
                let source = self.expr(ty, 2);
                let name = self.fresh("v");
                self.suite(format!("for {name} in {source}[:10]:"), |g| {
                    g.vars.push(Var { name: name.clone(), ty: item, level: g.level });
                    g.body(depth);
                });
            }
            3 => {
                let source = self.expr(Ty::Ints, 2);
                let (i, x) = (self.fresh("v"), self.fresh("v"));
                let walk = self.pick(&[
                    "enumerate({})",
                    "zip({0}, reversed({0}))",
                    "{{str(k): v for k, v in enumerate({0})}}.items()",
                ]);
                let walk = walk.replace("{{", "{").replace("}}", "}").replace("{0}", "S").replace("{}", "S");
                let walk = walk.replace('S', &format!("{source}[:9]"));
                self.suite(format!("for {i}, {x} in {walk}:"), |g| {
                    g.vars.push(Var { name: x.clone(), ty: Ty::Int, level: g.level });
                    g.body(depth);
                });
            }
            _ => {
                let n = self.fresh("n");
                {
                    let text = format!("{n} = {}", self.below(7));
                    self.line(text)
                };
                let c = self.condition(1);
                self.suite(format!("while {n} > 0 and ({c} or {n} & 1):"), |g| {
                    g.line(format!("{n} -= 1"));
                    g.body(depth);
                });
            }
        }
        self.loops -= 1;
    }
    fn attempt(&mut self, depth: usize) {
        self.suite("try:", |g| {
            g.body(depth);
            let raises = g.pick(&[
                "raise ValueError('v', 1)",
                "[][1]",
                "{}['k']",
                "1 // 0",
                "None.x",
                "int('z')",
                "'a' + 1",
                "raise KeyError('k') from ValueError(2)",
                "undefined_name",
                "assert not 1, 'no'",
                "next(iter(()))",
                "(1).x = 2",
            ]);
            let raises = if raises.contains("x = 2") { "setattr(1, 'x', 2)" } else { raises };
            let c = g.condition(1);
            g.line(format!("if {c}: {raises}"));
        });
        let class = self.pick(&[
            "Exception",
            "(ValueError, KeyError)",
            "LookupError",
            "ArithmeticError",
            "TypeError",
        ]);
        self.suite(format!("except {class} as e:"), |g| {
            g.line("print(type(e).__name__, e, type(e.__cause__).__name__, type(e.__context__).__name__)");
            g.body(depth);
            if g.chance(5) {
                g.line(g.pick_raise());
            }
        });
        if class != "Exception" && self.chance(2) {
            self.suite("except Exception as e:", |g| g.line("print('other', type(e).__name__, e)"));
        }
        if self.chance(3) {
            self.suite("else:", |g| g.body(depth));
        }
        if self.chance(2) {
            self.suite("finally:", |g| g.body(depth));
        }
    }
    fn pick_raise(&self) -> &'static str {
        "raise"
    }
    fn select(&mut self) {
        let subject = self.expr_any(2);
        let (low, high) = (self.below(5), 5 + self.below(300));
        self.suite(format!("match {subject}:"), |g| {
            g.line(format!("case bool(b): show(b)"));
            g.line(format!("case {low} | {high}: print('one of two')"));
            g.line("case int(n) if n < 0: print('negative', n)");
            g.line("case int() | float(): print('number')");
            g.line("case [x, y]: print('pair', x, y)");
            g.line("case [first, *rest]: print('first', first, len(rest))");
            g.line("case {'k0': v, **rest}: print('k0', v, len(rest))");
            g.line("case str(s) if len(s) > 3: print('long', s[:3])");
            g.line("case _: print('other')");
        });
    }

    /// A function of ints, of any kind of parameters.
    fn function(&mut self) {
        if self.level >= 3 {
            return self.assign();
        }
        let name = self.fresh("f");
        let count = self.below(4);
        let args: Vec<String> = (0..count).map(|_| self.fresh("a")).collect();
        let mut shown = args.clone();
        if count > 1 && self.chance(3) {
            shown.insert(1, "/".to_string());
        }
        let with_default = self.chance(3);
        if with_default {
            shown.push(format!("d={}", self.int_literal()));
        }
        let rest = self.chance(4);
        if rest {
            shown.push("*rest".to_string());
            shown.push("flag=False".to_string());
            shown.push("**more".to_string());
        }
        if self.chance(8) {
            let decorator = self.pick(&["@staticmethod", "@(lambda f: f)"]);
            self.line(decorator);
        }
        let (place, loops) = (self.place, std::mem::replace(&mut self.loops, 0));
        self.place = Where::Function;
        let declared = std::mem::take(&mut self.declared);
        let outer: Vec<(String, usize)> = self.vars.iter().map(|v| (v.name.clone(), v.level)).collect();
        self.level += 1;
        self.suite(format!("def {name}({}):", shown.join(", ")), |g| {
            if g.chance(2) && !outer.is_empty() {
                let (var, level) = outer[g.below(outer.len())].clone();
                if level == 0 {
                    g.line(format!("global {var}"));
                    g.declared.push(var);
                } else if level < g.level {
                    g.line(format!("nonlocal {var}"));
                    g.declared.push(var);
                }
            }
            for arg in &args {
                g.vars.push(Var { name: arg.clone(), ty: Ty::Int, level: g.level });
            }
            if with_default {
                g.vars.push(Var { name: "d".to_string(), ty: Ty::Int, level: g.level });
            }
            let count = g.below(4);
            (0..count).for_each(|_| g.statement(1));
            if rest {
                g.line("print(rest, flag, sorted(more))");
            }
            let result = g.expr(Ty::Int, 2);
            let result = g.cut(Ty::Int, result);
            g.line(format!("return {result}"));
        });
        self.level -= 1;
        self.place = place;
        self.loops = loops;
        self.declared = declared;
        let call: Vec<String> = args.iter().map(|_| self.int_literal()).collect();
        let mut call = call.join(", ");
        if rest && self.chance(2) {
            let more = self.pick(&["flag=True, z=1", "*[8, 9], **{'q': 2}", "1, 2, 3, flag=2"]);
            let more = if with_default || !more.starts_with('1') { more } else { "flag=2" };
            call = if call.is_empty() { more.to_string() } else { format!("{call}, {more}") };
        }
        self.line("try:");
        self.line(format!("    print({name}({call}))"));
        self.line("except Exception as e:");
        self.line("    print(type(e).__name__, e)");
        self.funcs.push(Func { name, args: count });
    }

    /// A feature with holes.
    fn template(&mut self) {
        let (a, b) = (self.expr(Ty::Int, 2), self.expr(Ty::Int, 2));
        let (list, text) = (self.expr(Ty::Ints, 2), self.expr(Ty::Str, 2));
        let (c, x) = (self.fresh("C"), self.fresh("x"));
        let lines: Vec<String> = match self.below(20) {
            0 => vec![
                format!("class {c}:"),
                "    count = 0".into(),
                "    def __init__(self, n):".into(),
                format!("        self.n = n; self.s = {text}; type(self).count += 1"),
                format!("    def __add__(self, other): return {c}(self.n + (other.n if isinstance(other, {c}) else other))"),
                format!("    def __radd__(self, other): return {c}(other + self.n)"),
                "    def __eq__(self, other): return self.n == getattr(other, 'n', other)".into(),
                "    def __lt__(self, other): return self.n < other.n".into(),
                "    def __hash__(self): return hash(self.n)".into(),
                format!("    def __repr__(self): return f'{c}({{self.n}})'"),
                "    def __len__(self): return abs(self.n) % 10".into(),
                "    def __getitem__(self, i):".into(),
                "        if i > 3: raise IndexError(i)".into(),
                "        return self.n + i".into(),
                format!("{x} = {c}({a})"),
                format!("print({x} + {c}({b}), {x} + 1, 2 + {x}, sum([{x}, {x}], {c}(0)), {x} == {a}, len({x}), list({x}), {c}.count)"),
                format!("print(sorted([{c}(3), {c}(1), {x}]), {{{x}: 1}}[{c}({x}.n)], bool({x}), max({x}, {c}(0)))"),
            ],
            1 => vec![
                format!("def {c}(n):"),
                "    total = 0".into(),
                "    try:".into(),
                "        while total < n:".into(),
                "            got = yield total".into(),
                "            total += 1 if got is None else got".into(),
                "    except ValueError as e:".into(),
                "        yield ('caught', str(e))".into(),
                "    finally:".into(),
                "        print('closing', total)".into(),
                "    return total".into(),
                format!("{x} = {c}(({a}) % 9)"),
                format!("print(next({x}, 'none'), [{x}.send(2) for _ in range(2)] if {x}.gi_frame and ({a}) % 9 > 6 else list({x}))"),
                format!("def d{c}(): r = yield from {c}(3); print('r', r); yield r"),
                format!("print(list(d{c}()))"),
                format!("{x} = {c}(5); next({x})"),
                format!("print({x}.throw(ValueError({text})))"),
                format!("{x}.close(); print(list({x}))"),
            ],
            2 => vec![
                format!("class {c}:"),
                "    def __init__(self, swallow): self.swallow = swallow".into(),
                "    def __enter__(self): print('in'); return self".into(),
                "    def __exit__(self, kind, value, tb): print('out', kind and kind.__name__, value); return self.swallow".into(),
                format!("with {c}(True) as {x}, {c}(False):"),
                format!("    show({list})"),
                format!("    if {a} % 2: raise KeyError({b})"),
                format!("print({x}.swallow)"),
            ],
            3 => vec![
                format!("def {c}():"),
                format!("    n = {a} % 100"),
                "    def add(k):".into(),
                "        nonlocal n".into(),
                "        n += k".into(),
                "        return n".into(),
                "    return add, lambda: n".into(),
                format!("{x}, {x}_ = {c}()"),
                format!("print({x}(1), {x}({b} % 7), {x}_(), [f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])"),
            ],
            4 => vec![
                format!("class {c}:"),
                "    __slots__ = ('a', 'b')".into(),
                format!("    def __init__(self): self.a = {a}"),
                format!("{x} = {c}()"),
                format!("print({x}.a, hasattr({x}, 'b'))"),
                format!("{x}.b = {x}.a; del {x}.a"),
                format!("try: {x}.z = 1"),
                "except AttributeError as e: print(e)".into(),
                format!("try: {x}.a"),
                "except AttributeError as e: print(e)".into(),
            ],
            5 => vec![
                format!("class {c}:"),
                "    def who(self): return 'base'".into(),
                "    def call(self): return self.who()".into(),
                format!("class {c}a({c}):"),
                "    def who(self): return 'a' + super().who()".into(),
                format!("class {c}b({c}):"),
                "    def who(self): return 'b' + super().who()".into(),
                format!("class {c}ab({c}a, {c}b): pass"),
                format!("{x} = {c}ab()"),
                format!("for {x}_ in range(3):"),
                format!("    print({x}.call(), [k.__name__ for k in type({x}).__mro__][:4])"),
                format!("    if {x}_ == 0: {c}.who = lambda self: 'new'"),
                format!("    if {x}_ == 1: {x}.who = lambda: 'own'"),
            ],
            6 => vec![
                format!("class {c}:"),
                "    def __get__(self, obj, owner): return (obj is None, owner.__name__)".into(),
                "    def __set__(self, obj, value): obj.__dict__['kept'] = value".into(),
                format!("class {c}u:"),
                format!("    d = {c}()"),
                "    @property".into(),
                "    def p(self): return self.kept * 2".into(),
                "    @p.setter".into(),
                "    def p(self, v): self.kept = v".into(),
                "    @classmethod".into(),
                "    def k(cls, n=1): return cls.__name__, n".into(),
                "    @staticmethod".into(),
                "    def s(n): return n + 1".into(),
                format!("{x} = {c}u()"),
                format!("{x}.d = {a}; print({x}.d, {c}u.d, {x}.p); {x}.p = {b}; print({x}.kept, {x}.k(), {c}u.k(2), {x}.s(3))"),
            ],
            7 => vec![
                format!("class {c}:"),
                "    def __init__(self, n): self.n = n; self.me = self".into(),
                "    def __del__(self): told.append(self.n); print('gone') if self.n < 2 else None".into(),
                format!("{x} = {c}({a} % 10)"),
                format!("{x}.me = None; {x} = None"),
                format!("{x} = [{c}(1), {c}(2)]; {x}.append({x})"),
                format!("{x}[0].me = {x}[1].me = None"),
                format!("{x} = None"),
                // In which order a cycle is taken apart is nobody's promise.
                "gc.collect(); print('collected', sorted(told)); told.clear()".into(),
            ],
            8 => vec![
                format!("def {c}(n, acc=()):"),
                format!("    if n <= 0: return acc"),
                format!("    return {c}(n - 1, acc + (n,))[:5]"),
                format!("print({c}({a} % 40))"),
                format!("def {c}deep(n): return {c}deep(n + 1) + 1"),
                format!("try: {c}deep(0)"),
                "except RecursionError as e: print(type(e).__name__)".into(),
            ],
            9 => vec![
                format!("{x} = {{n: str(n) for n in {list}[:6]}}"),
                format!("for k in list({x}): {x}[k] += '!'"),
                format!("print({x}, list({x}.values()), {x}.pop({a}, 'no'), {x}.keys() & {{1, 2}} == set({x}) & {{1, 2}})"),
                format!("try:"),
                format!("    for k in {x}: {x}[k + 1000] = 1"),
                "except RuntimeError as e: print(e)".into(),
                format!("print(sorted({x}.items(), key=lambda kv: (str(kv[1]), kv[0])))"),
            ],
            10 => vec![
                format!("class {c}(Exception):"),
                "    def __init__(self, code): super().__init__('code', code); self.code = code".into(),
                "try:".into(),
                "    try:".into(),
                format!("        raise {c}({a})"),
                format!("    except {c} as e:"),
                "        print(e.args, e.code, e)".into(),
                "        raise ValueError('second') from e".into(),
                "    finally: print('finally')".into(),
                "except ValueError as e: print(repr(e), repr(e.__cause__), e.__suppress_context__)".into(),
            ],
            11 => vec![
                format!("def {c}(*a, k=1, **m): return a, k, sorted(m.items())"),
                format!("print({c}(*{list}[:3], k={a}), {c}(1, *[2], **{{'z': 3}}, y=4), {c}(**{{'k': {b}}}))"),
                format!("try: {c}(k=1, **{{'k': 2}})"),
                "except TypeError as e: print(str(e).split('.')[-1])".into(),
                format!("def {c}2(a, b=2, /, c=3, *, d): return a, b, c, d"),
                format!("for args, named in [((1,), {{'d': 4}}), ((), {{}}), ((1, 2, 3, 4), {{}}), ((1,), {{'b': 1, 'd': 1}}), ((1,), {{'e': 2, 'd': 1}})]:"),
                format!("    try: print({c}2(*args, **named))"),
                "    except TypeError as e: print(e)".into(),
            ],
            12 => vec![
                format!("{x} = iter({list})"),
                format!("print(next({x}, None), list(zip({x}, 'abc')), list({x}))"),
                format!("print(list(filter(None, {list})), any({list}), all({list}), list(enumerate({text}[:4], 2)), list(reversed({list})))"),
                format!("print(list(map(max, {list}, [1, 2, 3])), dict(enumerate({text}[:3])), sum({list}, 1.5))"),
            ],
            13 => vec![
                format!("class {c}(list):"),
                "    def append(self, x): super().append(x * 2)".into(),
                format!("class {c}i(int):"),
                "    def __add__(self, o): return 'added'".into(),
                format!("{x} = {c}({list}[:4]); {x}.append({a} % 100)"),
                format!("print({x}, len({x}), {x} == list({x}), {c}i(3) + 1, 1 + {c}i(3), {c}i({b}) * 2, isinstance({x}, list))"),
            ],
            14 => vec![
                format!("class {c}:"),
                "    def __getattr__(self, name): return name.upper()".into(),
                "    def __setattr__(self, name, v): object.__setattr__(self, name, (v, 1))".into(),
                format!("    def __call__(self, *a): return len(a)"),
                "    def __contains__(self, x): return x == 3".into(),
                "    def __bool__(self): return False".into(),
                "    def __index__(self): return 2".into(),
                format!("    def __format__(self, spec): return '<' + spec + '>'"),
                format!("{x} = {c}(); {x}.q = {a}"),
                format!("print({x}.q, {x}.zz, {x}(1, 2), 3 in {x}, 4 in {x}, 'y' if {x} else 'n', [5, 6, 7][{x}], f'{{{x}:>3}}')"),
            ],
            15 => vec![
                format!("exec('''def {c}(n):"),
                "    return n * 3 + 1".into(),
                "''')".into(),
                format!("print(eval('{c}(4) + len(z)', globals(), {{'z': [1, 2]}}) if False else eval('len(z)', {{'z': [1, 2]}}), eval('1 + 2 * 3'))"),
            ],
            16 => vec![
                format!("{x} = bytearray({text}.encode()); {x} += b'xy'; {x}[0:1] = b'Q'"),
                format!("print({x}, {x}.find(b'x'), bytes({x}).hex(), memoryview({x})[:2].tolist(), {x}.decode('latin-1'))"),
                format!("print(complex({a} % 7, 2) * (1+2j), (3+4j).conjugate(), abs(3+4j), 1j ** 2 == -1)"),
            ],
            17 => vec![
                format!("print({text}.partition('a'), {text}.split(), {text}.encode('utf-8')[:5], {text}.isdigit(), {text}.isalpha(), {text}[::-1])"),
                format!("print({text}.startswith(('a', 'w')), {text}.count('a'), {text} == ''.join(list({text})), {text} * 2 > {text}, max({text} or 'm'))"),
                format!("print('%-6s|%+d|%.2f|%x|%c|%%' % ({text}, {a}, 2.5, abs({b}), 65), '{{0[0]}}{{n:>{{w}}}}'.format([1], n={a} % 99, w=6))"),
            ],
            18 => vec![
                format!("class {c}m(type):"),
                "    def __new__(m, name, bases, ns, **kw): return super().__new__(m, name, bases, dict(ns, tag=sorted(kw)))".into(),
                "    def __init__(cls, name, bases, ns, **kw): super().__init__(name, bases, ns)".into(),
                format!("    def __call__(cls, *a): return ('made', super().__call__(*a).v)"),
                format!("class {c}(metaclass={c}m, extra=1):"),
                format!("    def __init__(self, v={a} % 10): self.v = v"),
                "    def __init_subclass__(cls, **kw): cls.sub = kw".into(),
                "    def __set_name__(self, owner, name): pass".into(),
                format!("class {c}s({c}): pass"),
                format!("print({c}(), {c}(5), {c}.tag, {c}s.sub, type({c}s).__name__ == '{c}m')"),
            ],
            _ => vec![
                "async def co(n): return n + 1".into(),
                format!("async def {c}(): return [await co(i) for i in range(3)]"),
                format!("{x} = {c}()"),
                format!("try: {x}.send(None)"),
                "except StopIteration as e: print(e.value)".into(),
                format!("s = {list}; s2 = s; s2 += [1]; print(s is s2, len(s) == len(s2), s is not s2, None is None)"),
            ],
        };
        lines.iter().for_each(|line| self.line(line));
    }
}
