//! A listing of a `Code`, in the manner of CPython's `dis`.

use std::fmt::Write as _;

use crate::code::{Code, Const, InstrIndex};
use crate::operand::{BinaryOp, Common, CompareOp, Conversion, FunctionPart, OperandKind, Special, TypeForm};
use crate::ops::{Instr, Op};

/// Most characters of a constant that a listing shows.
const SHOWN: usize = 60;

/// The listing of a code object, and of those in it.
pub fn listing(code: &Code) -> String {
    let mut out = String::new();
    let mut work = vec![code];
    while let Some(code) = work.pop() {
        let _ = writeln!(
            out,
            "{} ({} locals, stack {})",
            text(code.qualname.as_wtf8()),
            code.locals.len(),
            code.stack_size
        );
        one(code, &mut out);
        let inner = code.consts.iter().rev().filter_map(|c| match c {
            Const::Code(inner) => Some(&**inner),
            _ => None,
        });
        let before = work.len();
        work.extend(inner);
        if work.len() > before || !work.is_empty() {
            out.push('\n');
        }
    }
    out
}

fn one(code: &Code, out: &mut String) {
    let labels = labels(code);
    let mut line = 0;
    for (at, instr) in code.instrs.iter().enumerate() {
        let position = code.position(InstrIndex::of(at));
        let shown_line = match position.line {
            l if l == line => String::new(),
            0 => "--".to_owned(),
            l => l.to_string(),
        };
        line = position.line;
        let label = labels[at].map(|n| format!("L{n}:")).unwrap_or_default();
        let name = instr.op().map_or("?", Op::name);
        let (arg, meaning) = operand(code, *instr, &labels);
        let _ = writeln!(
            out,
            "{}",
            format!("{shown_line:>5} {label:>5} {at:>5}  {name:<24} {arg:>4} {meaning}").trim_end()
        );
    }
    if code.handlers.is_empty() {
        return;
    }
    out.push_str("handlers:\n");
    for h in &code.handlers {
        let target = labels.get(h.target.index()).copied().flatten().unwrap_or(0);
        let _ = writeln!(out, "  {}..{} -> L{target} [{}]", h.start.0, h.end.0, h.depth);
    }
}

/// The number of the label at each instruction.
fn labels(code: &Code) -> Vec<Option<u32>> {
    let mut labels = vec![None; code.instrs.len()];
    let jumps = code.instrs.iter().filter(|i| i.op().is_some_and(|op| op.flags().jumps)).map(|i| i.arg());
    for target in jumps.chain(code.handlers.iter().map(|h| h.target.0)) {
        if let Some(label) = labels.get_mut(target as usize) {
            *label = Some(0);
        }
    }
    for (number, label) in labels.iter_mut().filter(|l| l.is_some()).enumerate() {
        *label = Some(number as u32 + 1);
    }
    labels
}

fn operand(code: &Code, instr: Instr, labels: &[Option<u32>]) -> (String, String) {
    let Some(op) = instr.op() else { return (instr.arg().to_string(), String::new()) };
    let arg = instr.arg();
    let index = arg as usize;
    let named = |name: Option<&'static str>| name.map(|name| format!("({name})"));
    let meaning = match op.operand() {
        OperandKind::None => return (String::new(), String::new()),
        OperandKind::Count => None,
        OperandKind::Const => code.consts.get(index).map(|value| format!("({})", show(value))),
        OperandKind::Name => code.names.get(index).map(|name| format!("({})", text(name.as_wtf8()))),
        OperandKind::Local => code.locals.get(index).map(|local| format!("({})", text(local.name.as_wtf8()))),
        OperandKind::Target => labels.get(index).copied().flatten().map(|label| format!("(to L{label})")),
        OperandKind::Binary => named(BinaryOp::from_arg(arg).map(BinaryOp::text)),
        OperandKind::Compare => named(CompareOp::from_arg(arg).map(CompareOp::text)),
        OperandKind::Convert => named(Conversion::from_arg(arg).map(Conversion::text)),
        OperandKind::Common => named(Common::from_arg(arg).map(Common::text)),
        OperandKind::Special => named(Special::from_arg(arg).map(Special::text)),
        OperandKind::Part => named(FunctionPart::from_arg(arg).map(FunctionPart::text)),
        OperandKind::Form => named(TypeForm::from_arg(arg).map(TypeForm::text)),
    };
    (arg.to_string(), meaning.unwrap_or_default())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A constant, roughly as `repr` shows it, and cut short.
pub fn show(value: &Const) -> String {
    let mut out = String::new();
    show_into(value, &mut out, 0);
    if out.chars().count() > SHOWN {
        out = out.chars().take(SHOWN).collect::<String>() + "...";
    }
    out
}

fn show_into(value: &Const, out: &mut String, depth: u32) {
    if depth > 8 || out.len() > SHOWN * 8 {
        out.push_str("...");
        return;
    }
    let _ = match value {
        Const::None => write!(out, "None"),
        Const::True => write!(out, "True"),
        Const::False => write!(out, "False"),
        Const::Ellipsis => write!(out, "Ellipsis"),
        Const::Int(n) => write!(out, "{n}"),
        Const::BigInt(negative, bytes) => {
            let digits: String = bytes.iter().rev().map(|b| format!("{b:02x}")).collect();
            write!(out, "{}0x{}", if *negative { "-" } else { "" }, digits.trim_start_matches('0'))
        }
        Const::Float(bits) => write!(out, "{:?}", f64::from_bits(*bits)),
        Const::Complex(re, im) => write!(out, "({:?}{:+?}j)", f64::from_bits(*re), f64::from_bits(*im)),
        Const::Str(value) => write!(out, "{}", quoted(&text(value.as_wtf8()))),
        Const::Bytes(bytes) => write!(out, "b'{}'", bytes.escape_ascii()),
        Const::Tuple(items) => {
            show_items(items, out, depth, "(", if items.len() == 1 { ",)" } else { ")" });
            Ok(())
        }
        Const::FrozenSet(items) => {
            show_items(items, out, depth, "frozenset({", "})");
            Ok(())
        }
        Const::Slice(parts) => {
            show_items(&parts[..], out, depth, "slice(", ")");
            Ok(())
        }
        Const::Code(code) => write!(out, "<code object {}>", text(code.qualname.as_wtf8())),
    };
}

fn show_items(items: &[Const], out: &mut String, depth: u32, open: &str, close: &str) {
    out.push_str(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        show_into(item, out, depth + 1);
    }
    out.push_str(close);
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
    if escaped.contains('\'') && !escaped.contains('"') {
        format!("\"{escaped}\"")
    } else {
        format!("'{}'", escaped.replace('\'', "\\'"))
    }
}
