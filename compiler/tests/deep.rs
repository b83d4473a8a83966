//! Nesting of any depth ends in code or in an error, never in a crash; and what was charged is refunded.

use std::cell::Cell;

use ryokan_bytecode::verify;
use ryokan_compiler::{Budget, CompileError, Mode, Options, Unlimited, compile};

const MANY: usize = 100_000;

fn run(source: &str) -> Result<(), CompileError> {
    let code = compile(source, "deep", Mode::Exec, &Options::default(), &Unlimited)?;
    verify(&code).unwrap_or_else(|e| panic!("{e}"));
    Ok(())
}

#[test]
fn hostile_nesting() {
    let sources = [
        "(".repeat(MANY),
        "(".repeat(MANY) + &")".repeat(MANY),
        "[".repeat(MANY),
        "-".repeat(MANY) + "1",
        "not ".repeat(MANY) + "1",
        "lambda:".repeat(MANY) + "1",
        "x if y else ".repeat(MANY) + "z",
        vec!["x"; MANY].join("**"),
        "async def f(): ".to_owned() + &"await ".repeat(MANY) + "x",
        "x".to_owned() + &"()".repeat(MANY),
        "x".to_owned() + &".a()".repeat(MANY),
        (0..300).map(|n| " ".repeat(n) + "def f():\n").collect::<String>() + &" ".repeat(300) + "pass",
        "[x ".to_owned() + &"for x in y ".repeat(MANY) + "]",
        "f\"{".repeat(MANY),
        "{".repeat(MANY) + &"}".repeat(MANY),
    ];
    for source in &sources {
        let _ = run(source);
    }
}

#[test]
fn long_chains_compile() {
    for n in [10_000, MANY] {
        run(&vec!["1"; n].join("+")).expect("constants");
        run(&vec!["x"; n].join("+")).expect("names");
        run(&("x".to_owned() + &".a".repeat(n))).expect("attributes");
        run(&("x".to_owned() + &"[0]".repeat(n))).expect("subscripts");
        run(&("if x: pass\n".to_owned() + &"elif x: pass\n".repeat(n))).expect("elif");
        run(&vec!["x"; n].join("<")).expect("comparisons");
        run(&vec!["x"; n].join(" and ")).expect("and");
    }
}

struct Counted {
    used: Cell<usize>,
    most: Cell<usize>,
    limit: usize,
}

impl Budget for Counted {
    fn charge(&self, bytes: usize) -> bool {
        let used = self.used.get() + bytes;
        if used > self.limit {
            return false;
        }
        self.used.set(used);
        self.most.set(self.most.get().max(used));
        true
    }

    fn refund(&self, bytes: usize) {
        self.used.set(self.used.get().checked_sub(bytes).expect("no more is refunded than was charged"));
    }
}

#[test]
fn budgets() {
    let source = "def f(a, b=1):\n    return [a + x for x in b if x]\n".repeat(200);
    let unlimited = Counted { used: Cell::new(0), most: Cell::new(0), limit: usize::MAX };
    compile(&source, "b", Mode::Exec, &Options::default(), &unlimited).expect("no limit");
    assert_eq!(unlimited.used.get(), 0, "all is refunded");
    for part in 0..20 {
        let limit = unlimited.most.get() * part / 20;
        let budget = Counted { used: Cell::new(0), most: Cell::new(0), limit };
        let result = compile(&source, "b", Mode::Exec, &Options::default(), &budget);
        assert_eq!(result.err(), Some(CompileError::Memory), "at {limit} bytes");
        assert_eq!(budget.used.get(), 0, "all is refunded");
    }
}

/// What explains an error remembers one statement at a time, and is charged for one.
#[test]
fn explaining_many_statements() {
    let source = "x = 1\n".repeat(20_000) + "if x = 1: pass\n";
    let budget = Counted { used: Cell::new(0), most: Cell::new(0), limit: 32 << 20 };
    let result = compile(&source, "m", Mode::Exec, &Options::default(), &budget);
    let Err(CompileError::Syntax(error)) = result else { panic!("{result:?}") };
    assert_eq!(error.message, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    assert_eq!(budget.used.get(), 0, "all is refunded");
}
