//! The tables of a code as bytes and as lists: instructions, lines and columns, handlers, in CPython's formats.
//!
//! An instruction is four bytes, two of CPython's code units: whatever counts units (`co_positions`, `co_lines`, `f_lasti`) counts two
//! for each. Reading is total: what is no table gives what can be made of it, and the verifier judges that.

use ryokan_bytecode::{Code, Handler, Instr, InstrIndex, Position};

/// Bytes of an instruction.
pub const INSTR_BYTES: u32 = 4;
/// Where an instruction begins, in bytes.
pub fn offset(instr: InstrIndex) -> i64 {
    i64::from(instr.0) * i64::from(INSTR_BYTES)
}

/// The instruction that has the byte at an offset; the first one for none.
pub fn instr_at(offset: i32) -> InstrIndex {
    InstrIndex(offset.max(0) as u32 / INSTR_BYTES)
}

/// Code units of an instruction.
const UNITS: u32 = 2;
/// Most code units that an entry of the table of lines is for.
const MOST_UNITS: u32 = 8;

/// `co_code`
pub fn instr_bytes(code: &Code) -> Vec<u8> {
    code.instrs.iter().flat_map(|instr| instr.0.to_le_bytes()).collect()
}

/// The instructions of `co_code`; `None` if its length is none.
pub fn instrs_of(bytes: &[u8]) -> Option<Vec<Instr>> {
    let words = bytes.chunks_exact(INSTR_BYTES as usize);
    words.remainder().is_empty().then(|| {
        words.map(|word| Instr(word.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte)))).collect()
    })
}

/// Each position with the first instruction and the one behind the last that it is of.
pub fn spans(code: &Code) -> impl Iterator<Item = (InstrIndex, InstrIndex, Position)> + '_ {
    let ends = code.positions.iter().skip(1).map(|next| next.start);
    let ends = ends.chain(std::iter::once(InstrIndex::of(code.instrs.len())));
    code.positions.iter().zip(ends).map(|(position, end)| (position.start, end, *position))
}

/// The spans of equal lines; 0 is no line.
pub fn line_spans(code: &Code) -> Vec<(InstrIndex, InstrIndex, u32)> {
    let mut all: Vec<(InstrIndex, InstrIndex, u32)> = Vec::new();
    for (start, end, position) in spans(code) {
        match all.last_mut() {
            Some(last) if last.2 == position.line => last.1 = end,
            _ => all.push((start, end, position.line)),
        }
    }
    all
}

// ---- lines and columns -----------------------------------------------------------------------------------------------

/// A number in groups of six bits, the lowest first; all but the last are marked.
fn push_varint(out: &mut Vec<u8>, mut number: u32) {
    while number >= 64 {
        out.push(0x40 | (number & 63) as u8);
        number >>= 6;
    }
    out.push(number as u8);
}

/// The same of a number with a sign, which is the lowest bit.
fn push_signed(out: &mut Vec<u8>, number: i64) {
    let sign = u32::from(number < 0);
    push_varint(out, (number.unsigned_abs().min(1 << 30) as u32) << 1 | sign);
}

/// `co_linetable`
pub fn line_table(code: &Code) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = i64::from(code.first_line);
    for (start, end, position) in spans(code) {
        let mut units = (end.0 - start.0) * UNITS;
        while units > 0 {
            let now = units.min(MOST_UNITS);
            units -= now;
            let form = if position.line == 0 { 15 } else { 14 };
            out.push((0x80 | form << 3 | (now - 1)) as u8);
            if position.line != 0 {
                push_signed(&mut out, i64::from(position.line) - line);
                line = i64::from(position.line);
                push_varint(&mut out, position.end_line.saturating_sub(position.line));
                push_varint(&mut out, position.col + 1);
                push_varint(&mut out, position.end_col + 1);
            }
        }
    }
    out
}

/// A walk over a table of bytes: what lies behind its end is 0.
struct Walk<'a>(std::slice::Iter<'a, u8>);

impl Walk<'_> {
    fn byte(&mut self) -> u32 {
        self.0.next().map_or(0, |byte| u32::from(*byte))
    }
    fn varint(&mut self) -> u32 {
        let (mut number, mut shift) = (0u32, 0);
        loop {
            let byte = self.byte();
            if shift < 32 {
                number |= (byte & 63) << shift;
            }
            shift += 6;
            if byte & 0x40 == 0 {
                return number;
            }
        }
    }
    fn signed(&mut self) -> i64 {
        let number = self.varint();
        if number & 1 == 0 { i64::from(number >> 1) } else { -i64::from(number >> 1) }
    }
    fn is_over(&self) -> bool {
        self.0.len() == 0
    }
}

/// The positions that a `co_linetable` says, of a code of so many instructions.
pub fn positions_of(table: &[u8], first_line: u32, instrs: usize) -> Vec<Position> {
    let mut walk = Walk(table.iter());
    let mut line = i64::from(first_line);
    let mut unit = 0u64;
    let mut all: Vec<Position> = Vec::new();
    while !walk.is_over() && unit < instrs as u64 * u64::from(UNITS) {
        let head = walk.byte();
        let units = (head & 7) + 1;
        let mut columns = (0, 0);
        let mut more_lines = 0;
        match head >> 3 & 15 {
            form @ 0..=9 => {
                let second = walk.byte();
                let column = form << 3 | second >> 4;
                columns = (column, column + (second & 15));
            }
            form @ 10..=12 => {
                line += i64::from(form - 10);
                columns = (walk.byte(), walk.byte());
            }
            13 => line += walk.signed(),
            14 => {
                line += walk.signed();
                more_lines = walk.varint();
                columns = (walk.varint().saturating_sub(1), walk.varint().saturating_sub(1));
            }
            _ => {}
        }
        let shown = if head >> 3 & 15 == 15 { 0 } else { line.clamp(0, i64::from(u32::MAX)) as u32 };
        let position = Position {
            start: InstrIndex(unit.div_ceil(u64::from(UNITS)) as u32),
            line: shown,
            end_line: if shown == 0 { 0 } else { shown.saturating_add(more_lines) },
            col: columns.0,
            end_col: columns.1,
        };
        unit += u64::from(units);
        let same = all.last().is_some_and(|last| Position { start: last.start, ..position } == *last);
        if !same && position.start.index() < instrs {
            all.retain(|last| last.start != position.start);
            all.push(position);
        }
    }
    if all.first().is_none_or(|first| first.start != InstrIndex(0)) {
        all.insert(0, Position::default());
    }
    all
}

/// `co_lnotab`: pairs of a number of bytes and the change of the line behind them.
pub fn line_notes(code: &Code) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut line, mut at) = (i64::from(code.first_line), 0);
    for (start, _, next) in line_spans(code) {
        if next == 0 {
            continue;
        }
        let mut change = i64::from(next) - line;
        let mut bytes = (start.0 - at) * INSTR_BYTES;
        if change == 0 {
            continue;
        }
        while bytes > 255 {
            out.extend([255, 0]);
            bytes -= 255;
        }
        loop {
            let step = change.clamp(-128, 127);
            out.extend([bytes as u8, step as i8 as u8]);
            (bytes, change) = (0, change - step);
            if change == 0 {
                break;
            }
        }
        (line, at) = (i64::from(next), start.0);
    }
    out
}

// ---- handlers --------------------------------------------------------------------------------------------------------

/// A number in groups of six bits, the highest first; all but the last are marked, and so is the first of an entry.
fn push_handler_number(out: &mut Vec<u8>, number: u32, begins: bool) {
    let mark = if begins { 0x80 } else { 0 };
    let groups = (1..6).rev().find(|group| number >> (6 * group) != 0).unwrap_or(0);
    for group in (0..=groups).rev() {
        let more = if group > 0 { 0x40 } else { 0 };
        let first = if group == groups { mark } else { 0 };
        out.push(first | more | (number >> (6 * group) & 63) as u8);
    }
}

/// `co_exceptiontable`
pub fn handler_table(code: &Code) -> Vec<u8> {
    let mut out = Vec::new();
    for handler in &code.handlers {
        push_handler_number(&mut out, handler.start.0 * UNITS, true);
        push_handler_number(&mut out, (handler.end.0 - handler.start.0) * UNITS, false);
        push_handler_number(&mut out, handler.target.0 * UNITS, false);
        push_handler_number(&mut out, handler.depth << 1, false);
    }
    out
}

/// The handlers that a `co_exceptiontable` says.
pub fn handlers_of(table: &[u8]) -> Vec<Handler> {
    let mut bytes = table.iter();
    let mut number = || {
        let mut all = 0u32;
        loop {
            let byte = bytes.next()?;
            all = all << 6 | u32::from(byte & 63);
            if byte & 0x40 == 0 {
                return Some(all);
            }
        }
    };
    let mut handlers = Vec::new();
    while let Some(start) = number() {
        let (Some(size), Some(target), Some(depth)) = (number(), number(), number()) else { break };
        let [start, end, target] =
            [start, start.saturating_add(size), target].map(|units| InstrIndex(units / UNITS));
        handlers.push(Handler { start, end, target, depth: depth >> 1 });
    }
    handlers
}
