//! What methods tell: whether Python may run in them, and what they raise.
//!
//! `vm/src/vm/mod.rs` says how it is told. Held to it are the public methods of `Vm` and of `Cx` that give a `Res`, and whatever is
//! public in `src/` and gives one, or the facade's `Error`.

use crate::sources;

/// Whose methods are looked at, wherever they stand.
const WHOSE: [&str; 2] = ["impl Vm {", "impl Cx {"];

/// How a public function begins.
const STARTS: [&str; 3] = ["pub fn ", "pub unsafe fn ", "pub const fn "];

/// How it is said that Python may run.
const PYTHON: [&str; 2] = ["Runs Python", "runs Python"];
/// How it is said that none runs: what is raised is to be named then.
const NO_PYTHON: [&str; 2] = ["Runs no Python", "runs no Python"];
/// How something is named that is raised.
const NAMED: [&str; 5] = ["Error`", "Interrupt`", "Limit`", "raises", "as [`"];

/// A public function: the line of its `fn`, its name, its comment, and what it gives.
struct Function {
    line: usize,
    name: String,
    comment: String,
    gives: String,
}

/// What stands behind the arrow of a signature; nothing if it has none of its own.
fn result_of(signature: &str) -> &str {
    let behind = signature.rsplit_once(" -> ").map_or("", |(_, gives)| gives);
    let level = |c: char| behind.matches(c).count();
    // The arrow of a parameter: what closes the parameters comes behind it.
    if level(')') > level('(') { "" } else { behind }
}

/// The signature that begins with a line, without the body.
fn signature(lines: &[&str]) -> String {
    let ends = |line: &&str| line.ends_with(['{', '}', ';']);
    let count = lines.iter().position(ends).map_or(lines.len(), |at| at + 1);
    let whole = lines[..count].iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    whole.split('{').next().unwrap_or_default().trim_end().to_string()
}

/// The public functions of a text: those of impls of `WHOSE`, or all.
fn functions(text: &str, all: bool) -> Vec<Function> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut inside, mut comment, mut found) = (all, String::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        if let Some(told) = bare.strip_prefix("///") {
            comment.push_str(told);
            continue;
        }
        if WHOSE.contains(line) {
            inside = true;
        } else if *line == "}" {
            inside = all;
        }
        if inside && STARTS.iter().any(|start| bare.starts_with(start)) {
            let name = bare.split_once("fn ").map_or("", |(_, rest)| rest);
            let end = name.find(['(', '<']).unwrap_or(name.len());
            found.push(Function {
                line: at + 1,
                name: name[..end].to_string(),
                comment: std::mem::take(&mut comment),
                gives: result_of(&signature(&lines[at..])).to_string(),
            });
        }
        // Attributes may stand between the comment and the function, on several lines.
        if bare.is_empty() || bare.ends_with(['{', '}']) {
            comment.clear();
        }
    }
    found
}

/// What a function does not tell of, and should.
fn untold(function: &Function) -> Option<&'static str> {
    let says = |words: &[&str]| words.iter().any(|word| function.comment.contains(word));
    let kind = function.gives.split(['<', ' ']).next().unwrap_or_default();
    let may_raise = kind.rsplit("::").next() == Some("Res") || function.gives.ends_with(", Error>");
    match () {
        () if !may_raise || says(&PYTHON) => None,
        () if !says(&NO_PYTHON) => Some("whether Python may run"),
        () if !says(&NAMED) => Some("what it raises"),
        () => None,
    }
}

#[test]
fn comments_and_results_are_found() {
    let text = "impl Vm {\n    /// Tells. Runs no Python; `MemoryError`.\n    #[inline]\n    pub fn a(&self) -> Res {\n    }\n\n    \
                /// Runs no Python.\n    #[allow(\n        x,\n    )]\n    pub fn b<T>(\n        &self,\n        f: impl Fn() -> Res,\n    ) -> Res<T> {\n    }\n    \
                pub fn c(&self, f: impl Fn() -> Res) {\n    }\n    pub unsafe fn d(&self) -> Res<(u8, fn(u8))> { x }\n    fn e() -> Res {}\n}\n\
                impl Other {\n    pub fn f() -> Res {\n    }\n}";
    let told = |all: bool| -> Vec<String> {
        let show = |f: &Function| format!("{} {}: {}", f.line, f.name, untold(f).unwrap_or("told"));
        functions(text, all).iter().map(show).collect()
    };
    let inside = ["4 a: told", "11 b: what it raises", "16 c: told", "18 d: whether Python may run"];
    assert_eq!(told(false), inside);
    assert_eq!(told(true)[4..], ["22 f: whether Python may run"]);
}

#[test]
fn who_may_raise_says_so() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for source in sources().iter().filter(|s| s.path.starts_with("vm/src/") || s.path.starts_with("src/")) {
        for function in functions(&source.text, source.path.starts_with("src/")) {
            seen += 1;
            if let Some(what) = untold(&function) {
                let (path, line, name) = (&source.path, function.line, function.name);
                wrong.push(format!("{path}:{line}: {name} does not say {what}"));
            }
        }
    }
    assert!(seen > 500, "the methods are not where this test looks");
    assert!(wrong.is_empty(), "against vm/src/vm/mod.rs:\n{}", wrong.join("\n"));
}
