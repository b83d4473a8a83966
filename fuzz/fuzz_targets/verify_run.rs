//! Code that no compiler made: the verifier refuses it, or it runs without harm.
//!
//! Half of the inputs are instructions at random over a small frame; the other half are a compiled program with some
//! instructions, handlers and sizes changed, which comes through the verifier more often.
#![no_main]

use std::cell::Cell;
use std::rc::Rc;

use arbitrary::Unstructured;
use libfuzzer_sys::{Corpus, fuzz_target};
use ryokan::Stress;
use ryokan_bytecode::{
    Code, CodeFlags, Const, Handler, Instr, InstrIndex, LocalKind, LocalVar, Op, Position, Text,
};
use ryokan_compiler::{Budget, Mode, Options};
use ryokan_fuzz::programs::generate;
use ryokan_fuzz::{Settings, run_code, show};

struct Room(Cell<usize>);

impl Budget for Room {
    fn charge(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        left.map(|left| self.0.set(left)).is_some()
    }
    fn refund(&self, bytes: usize) {
        self.0.set(self.0.get() + bytes);
    }
}

fn opcode(u: &mut Unstructured<'_>) -> Op {
    loop {
        let number: u8 = u.arbitrary().unwrap_or(0);
        if let Some(op) = Op::from_u8(number % 160) {
            return op;
        }
        if u.is_empty() {
            return Op::Nop;
        }
    }
}

fn operand(u: &mut Unstructured<'_>, length: usize) -> u32 {
    match u.int_in_range(0..=3).unwrap_or(0) {
        0 => 0,
        1 => u.int_in_range(0..=3).unwrap_or(0),
        2 => u.int_in_range(0..=length as u32).unwrap_or(0),
        _ => u.int_in_range(0..=40).unwrap_or(0),
    }
}

fn constants() -> Vec<Const> {
    vec![
        Const::None,
        Const::Int(7),
        Const::Str(Text::from("wtf")),
        Const::Tuple([Const::Int(1), Const::Str(Text::from("a"))].into()),
        Const::Float(2.5f64.to_bits()),
        Const::BigInt(false, [255u8; 9].into()),
        Const::True,
        Const::Bytes([1, 2].into()),
    ]
}

/// A frame of a few locals and names with instructions at random.
fn random_code(u: &mut Unstructured<'_>) -> Code {
    let length = u.int_in_range(1..=24).unwrap_or(1);
    let mut instrs: Vec<Instr> = (0..length)
        .map(|_| {
            let op = opcode(u);
            Instr::new(op, operand(u, length))
        })
        .collect();
    instrs.push(Instr::new(Op::LoadConst, 0));
    instrs.push(Instr::new(Op::ReturnValue, 0));
    let kinds = [LocalKind::Plain, LocalKind::Plain, LocalKind::Cell, LocalKind::CellOnly];
    let locals = kinds.iter().enumerate().map(|(at, kind)| LocalVar {
        name: Text::from(format!("x{at}").as_str()),
        kind: *kind,
        hidden: false,
    });
    let flags = if u.ratio(1, 2).unwrap_or(false) { 0x3 } else { 0 };
    Code {
        name: Text::from("random"),
        qualname: Text::from("random"),
        filename: Text::from("fuzz"),
        first_line: 1,
        arg_count: u.int_in_range(0..=2).unwrap_or(0),
        posonly_count: 0,
        kwonly_count: 0,
        flags: CodeFlags::from_bits_retain(flags | if u.ratio(1, 6).unwrap_or(false) { 0x20 } else { 0 }),
        stack_size: u.int_in_range(1..=8).unwrap_or(4),
        instrs,
        consts: constants(),
        names: ["print", "len", "n", "append"].map(Text::from).to_vec(),
        locals: locals.collect(),
        handlers: handlers(u, length),
        positions: vec![Position { start: InstrIndex(0), line: 1, end_line: 1, col: 0, end_col: 1 }].into(),
    }
}

fn handlers(u: &mut Unstructured<'_>, length: usize) -> Vec<Handler> {
    if !u.ratio(1, 4).unwrap_or(false) {
        return Vec::new();
    }
    let mut number = |most: usize| u.int_in_range(0..=most as u32).unwrap_or(0);
    let [start, end, target] = [(); 3].map(|()| InstrIndex(number(length)));
    vec![Handler { start, end, target, depth: number(3) }]
}

/// A compiled program with changes in it.
fn changed_code(u: &mut Unstructured<'_>) -> Option<Code> {
    let edits = u.int_in_range(1..=6).ok()?;
    let edits: Vec<(u16, u8, u32)> = (0..edits).map(|_| u.arbitrary()).collect::<Result<_, _>>().ok()?;
    let whole = u.ratio(1, 3).ok()?;
    let rest = u.len();
    let source = generate(u.bytes(rest).ok()?);
    let room = Room(Cell::new(64 << 20));
    let code = ryokan_compiler::compile(&source, "fuzz", Mode::Exec, &Options::default(), &room).ok()?;
    let mut code = Rc::unwrap_or_clone(code);
    // A function in it, now and then.
    let inner = code.consts.iter().position(|c| matches!(c, Const::Code(_))).filter(|_| !whole);
    let change = |code: &mut Code| {
        for &(place, what, number) in &edits {
            let length = code.instrs.len();
            let at = usize::from(place) % length;
            let (op, arg) = (code.instrs[at].op().unwrap_or(Op::Nop), code.instrs[at].arg());
            code.instrs[at] = match what % 8 {
                0 => Instr::new(op, number % 6),
                1 => Instr::new(op, arg.wrapping_add(1) & 0xFFFF),
                2 => Instr::new(op, arg.saturating_sub(1)),
                3 => Instr::new(Op::from_u8((number % 160) as u8).unwrap_or(Op::Nop), arg),
                4 => Instr::new(Op::from_u8((number % 160) as u8).unwrap_or(Op::Nop), number >> 8 & 7),
                5 => code.instrs[number as usize % length],
                6 => {
                    code.stack_size = number % 12;
                    continue;
                }
                _ => {
                    if let Some(handler) = code.handlers.first_mut() {
                        handler.depth = number % 4;
                        handler.target = InstrIndex(number >> 8 & 0xFF);
                    }
                    continue;
                }
            };
        }
    };
    match inner {
        Some(at) => {
            if let Const::Code(inner) = &code.consts[at] {
                let mut inner = Code::clone(inner);
                change(&mut inner);
                code.consts[at] = Const::Code(Rc::new(inner));
            }
        }
        None => change(&mut code),
    }
    Some(code)
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let mut u = Unstructured::new(data);
    let how: u8 = u.arbitrary().unwrap_or(0);
    let code = if how & 1 == 0 { Some(random_code(&mut u)) } else { changed_code(&mut u) };
    let Some(code) = code else { return Corpus::Reject };
    let code = Rc::new(code);
    if ryokan_bytecode::verify(&code).is_err() {
        return Corpus::Keep;
    }
    show(|| ryokan_bytecode::dis::listing(&code));
    assert!(!ryokan_bytecode::dis::listing(&code).is_empty());
    let stress = Stress {
        collect_every: (how & 2 != 0).then_some(3),
        plain_code: how & 4 != 0,
        no_caches: how & 8 != 0,
        ..Settings::default().stress
    };
    let settings = Settings { stress, fuel: 50_000, cap: 32 << 20, ..Settings::default() };
    run_code(&code, &settings);
    Corpus::Keep
});
