//! Codes that scripts make: `CodeType(..)` and `code.replace(..)`.
//!
//! What a script says is put together as a `Code` and goes through the verifier like any other: what breaks one of its rules is a
//! `ValueError`, and never runs.

use std::rc::Rc;

use ryokan_bytecode::{Code, CodeFlags, Const, LocalKind, LocalVar, Position, Positions, Text};

use super::{CodeObj, tables};
use crate::object::call::Args;
use crate::raised::{Raised, Res};
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use crate::types::tuple::{Tuple, same_or_equal};
use crate::value::Value;
use crate::vm::Vm;

/// The attributes that a code is made of, in the order of the constructor's arguments.
const FIELDS: [&str; 18] = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_filename",
    "co_name",
    "co_qualname",
    "co_firstlineno",
    "co_linetable",
    "co_exceptiontable",
    "co_freevars",
    "co_cellvars",
];

/// What a script says: a field that is empty stays what it was.
struct Given {
    values: Vec<Value>,
    /// Whether it is the constructor that was called: its arguments are named without `co_`.
    anew: bool,
}

/// `CodeType(argcount, posonlyargcount, ..)`
pub fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("code() takes no keyword arguments"));
    }
    match args.pos.len() {
        16..=18 => {}
        few @ 0..16 => {
            return Err(vm.type_error(format_args!("code expected at least 16 arguments, got {few}")));
        }
        many => return Err(vm.type_error(format_args!("code expected at most 18 arguments, got {many}"))),
    }
    let mut values: Vec<Value> = args.pos.iter().map(Value::clone).collect();
    values.resize_with(FIELDS.len(), || vm.empty_tuple.clone());
    Given { values, anew: true }.make(vm, None)
}

/// `code.replace(..)`
pub fn replace(vm: &Vm, args: Args<'_>) -> Res {
    let [this] = args.pos else { return Err(vm.type_error("replace() takes no positional arguments")) };
    let values: Vec<Value> = FIELDS.iter().map(|_| Value::UNBOUND).collect();
    for (name, value) in args.names.iter().zip(args.named) {
        match FIELDS.iter().position(|field| vm.text(name) == *field) {
            Some(at) => values[at].set(value.clone()),
            None => {
                let name = vm.text(name);
                return Err(
                    vm.type_error(format_args!("replace() got an unexpected keyword argument '{name}'"))
                );
            }
        }
    }
    Given { values, anew: false }.make(vm, this.get::<CodeObj>())
}

impl Given {
    fn get(&self, field: &str) -> Option<&Value> {
        FIELDS.iter().position(|known| *known == field).and_then(|at| self.values[at].bound())
    }
    /// A number of the code, which is not negative.
    fn number(&self, vm: &Vm, field: &str, old: u32) -> Res<u32> {
        let Some(value) = self.get(field) else { return Ok(old) };
        let number = vm.index_c_int(value)?;
        u32::try_from(number).map_err(|_| {
            let known = ["co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals"];
            if self.anew && known.contains(&field) {
                return vm.value_error(format_args!("code: {} must not be negative", &field[3..]));
            }
            vm.value_error(format_args!("{field} must be a positive integer"))
        })
    }
    /// Says that a field is not of the type that it should be.
    fn wrong(&self, vm: &Vm, field: &str, wanted: &str, value: &Value) -> Raised {
        let kind = vm.type_name(value);
        match (self.anew, FIELDS.iter().position(|known| *known == field)) {
            (true, Some(at)) => {
                vm.type_error(format_args!("code() argument {} must be {wanted}, not {kind}", at + 1))
            }
            _ => vm.type_error(format_args!("replace() argument '{field}' must be {wanted}, not {kind}")),
        }
    }
    fn bytes<'a>(&'a self, vm: &Vm, field: &str) -> Res<Option<&'a [u8]>> {
        match self.get(field) {
            None => Ok(None),
            Some(value) => match value.get::<Bytes>() {
                Some(bytes) => Ok(Some(bytes.as_slice())),
                None => Err(self.wrong(vm, field, "bytes", value)),
            },
        }
    }
    fn tuple<'a>(&'a self, vm: &Vm, field: &str) -> Res<Option<&'a [Value]>> {
        match self.get(field) {
            None => Ok(None),
            Some(value) => match value.get::<Tuple>() {
                Some(tuple) => Ok(Some(tuple.items())),
                None => Err(self.wrong(vm, field, "tuple", value)),
            },
        }
    }
    fn text(&self, vm: &Vm, field: &str, old: Option<&Text>) -> Res<Text> {
        match (self.get(field), old) {
            (Some(value), _) => match value.get::<Str>() {
                Some(text) => Ok(Text::from_wtf8(&text.to_wtf8())),
                None => Err(self.wrong(vm, field, "str", value)),
            },
            (None, old) => Ok(old.cloned().unwrap_or_else(|| Text::from(""))),
        }
    }
    fn names(&self, vm: &Vm, field: &str) -> Res<Option<Vec<Text>>> {
        let Some(items) = self.tuple(vm, field)? else { return Ok(None) };
        let texts = items.iter().map(|item| match item.get::<Str>() {
            Some(text) => Ok(Text::from_wtf8(&text.to_wtf8())),
            None => Err(vm.system_error("non-string found in code slot")),
        });
        texts.collect::<Res<Vec<_>>>().map(Some)
    }

    fn make(&self, vm: &Vm, old: Option<&CodeObj>) -> Res {
        let full = match old {
            Some(old) => Some(old.full_code(vm)?.unwrap_or_else(|| old.code.clone())),
            None => None,
        };
        let before = full.as_deref();
        let mut code = self.head(vm, before)?;
        if let Some(bytes) = self.bytes(vm, "co_code")? {
            let instrs = tables::instrs_of(bytes);
            code.instrs = instrs.ok_or_else(|| vm.value_error("code: co_code is malformed"))?;
        }
        vm.work(code.instrs.len() as u64)?;
        code.locals = self.locals(vm, before)?;
        self.check_counts(vm, &code)?;
        let (consts, values) = self.consts(vm, old, before)?;
        code.consts = consts;
        code.positions = self.positions(vm, before, &code)?.into();
        if let Some(table) = self.bytes(vm, "co_exceptiontable")? {
            code.handlers = tables::handlers_of(table);
        }
        code.name = self.text(vm, "co_name", before.map(|c| &c.name))?;
        code.qualname = self.text(vm, "co_qualname", before.map(|c| &c.qualname))?;
        code.filename = self.text(vm, "co_filename", before.map(|c| &c.filename))?;
        if let Some(names) = self.names(vm, "co_names")? {
            code.names = names;
        }
        if code.posonly_count > code.arg_count {
            return Err(vm.system_error("bad argument to internal function"));
        }
        if let Err(fault) = ryokan_bytecode::verify(&code) {
            return Err(vm.value_error(format_args!("code: {fault}")));
        }
        vm.code_object(Rc::new(code), values)
    }

    /// The numbers that a code begins with; the rest is as it was, and without a code before it empty.
    fn head(&self, vm: &Vm, before: Option<&Code>) -> Res<Code> {
        let number = |field, of: fn(&Code) -> u32| self.number(vm, field, before.map_or(0, of));
        let empty = || Text::from("");
        let (arg_count, posonly_count) =
            (number("co_argcount", |c| c.arg_count)?, number("co_posonlyargcount", |c| c.posonly_count)?);
        Ok(Code {
            name: empty(),
            qualname: empty(),
            filename: empty(),
            arg_count,
            posonly_count,
            kwonly_count: number("co_kwonlyargcount", |c| c.kwonly_count)?,
            stack_size: number("co_stacksize", |c| c.stack_size)?,
            flags: CodeFlags::from_bits_retain(number("co_flags", |c| c.flags.bits())?),
            first_line: number("co_firstlineno", |c| c.first_line)?,
            instrs: before.map(|code| code.instrs.clone()).unwrap_or_default(),
            consts: Vec::new(),
            names: before.map(|code| code.names.clone()).unwrap_or_default(),
            locals: Vec::new(),
            handlers: before.map(|code| code.handlers.clone()).unwrap_or_default(),
            positions: Positions::default(),
        })
    }

    /// Whether there are as many local variables as the numbers say.
    fn check_counts(&self, vm: &Vm, code: &Code) -> Res<()> {
        let is_plain = |local: &&LocalVar| matches!(local.kind, LocalKind::Plain | LocalKind::Cell);
        let plain = code.locals.iter().filter(is_plain).count() as u64;
        let star = |flag| u64::from(code.flags.intersects(flag));
        let stars = star(CodeFlags::VARARGS) + star(CodeFlags::VARKEYWORDS);
        if u64::from(code.arg_count) + u64::from(code.kwonly_count) + stars > plain {
            return Err(vm.value_error("code: co_varnames is too small"));
        }
        if self.get("co_nlocals").is_some() && u64::from(self.number(vm, "co_nlocals", 0)?) != plain {
            return Err(vm.value_error("code: co_nlocals != len(co_varnames)"));
        }
        Ok(())
    }

    /// The positions: those of the table that is given, or those that were, moved with the first line.
    fn positions(&self, vm: &Vm, before: Option<&Code>, code: &Code) -> Res<Vec<Position>> {
        let moved = |line: u32, from: u32| match line {
            0 => 0,
            line => (i64::from(line) - i64::from(from) + i64::from(code.first_line)).max(0) as u32,
        };
        Ok(match (self.bytes(vm, "co_linetable")?, before) {
            (Some(table), Some(old))
                if table == tables::line_table(old) && old.first_line == code.first_line =>
            {
                old.positions.to_vec()
            }
            (Some(table), _) => tables::positions_of(table, code.first_line, code.instrs.len()),
            (None, Some(old)) => {
                let kept = old.positions.iter().filter(|p| p.start.index() < code.instrs.len());
                let from = old.first_line;
                kept.map(|p| Position { line: moved(p.line, from), end_line: moved(p.end_line, from), ..*p })
                    .collect()
            }
            (None, None) => Vec::new(),
        })
    }

    /// The locals that the three tuples of names say.
    fn locals(&self, vm: &Vm, before: Option<&Code>) -> Res<Vec<LocalVar>> {
        let said =
            [self.names(vm, "co_varnames")?, self.names(vm, "co_cellvars")?, self.names(vm, "co_freevars")?];
        let old: &[LocalVar] = before.map_or(&[], |code| &code.locals);
        if said.iter().all(Option::is_none) {
            return Ok(old.to_vec());
        }
        let of = |kinds: &[LocalKind]| -> Vec<Text> {
            old.iter().filter(|l| kinds.contains(&l.kind)).map(|l| l.name.clone()).collect()
        };
        let [vars, cells, free] = said;
        let vars = vars.unwrap_or_else(|| of(&[LocalKind::Plain, LocalKind::Cell]));
        let cells = cells.unwrap_or_else(|| of(&[LocalKind::Cell, LocalKind::CellOnly]));
        let free = free.unwrap_or_else(|| of(&[LocalKind::Free]));
        vm.work((vars.len() as u64).saturating_mul(cells.len() as u64))?;
        let hidden = |name: &Text| old.iter().any(|l| l.hidden && l.name == *name);
        let local = |name: &Text, kind| LocalVar { name: name.clone(), kind, hidden: hidden(name) };
        let mut all: Vec<LocalVar> = vars
            .iter()
            .map(|name| local(name, if cells.contains(name) { LocalKind::Cell } else { LocalKind::Plain }))
            .collect();
        all.extend(
            cells.iter().filter(|name| !vars.contains(name)).map(|name| local(name, LocalKind::CellOnly)),
        );
        all.extend(free.iter().map(|name| local(name, LocalKind::Free)));
        Ok(all)
    }

    /// The constants, as the verifier sees them and as objects.
    fn consts(&self, vm: &Vm, old: Option<&CodeObj>, before: Option<&Code>) -> Res<(Vec<Const>, Vec<Value>)> {
        let known = |at: usize| old.and_then(|old| Some((before?.consts.get(at)?, old.consts.get(at)?)));
        let Some(items) = self.tuple(vm, "co_consts")? else {
            let known = old.and_then(|old| Some((before?.consts.clone(), old.consts.clone())));
            return Ok(known.unwrap_or_default());
        };
        let consts = items.iter().enumerate().map(|(at, item)| match known(at) {
            Some((before, value)) if value.is(item) => Ok(before.clone()),
            _ => as_const(vm, item, 0),
        });
        Ok((consts.collect::<Res<Vec<_>>>()?, items.to_vec()))
    }
}

impl CodeObj {
    /// Gives a code, and those in it that are of the same file, another file name. Runs no Python; `MemoryError`, and as [`Vm::work`].
    pub fn rename_file(vm: &Vm, code: &Value, path: &Value) -> Res<()> {
        let Some(outer) = code.get::<CodeObj>() else { return Ok(()) };
        let old = outer.filename.clone();
        let mut work = vec![code.clone()];
        while let Some(value) = work.pop() {
            vm.work(1)?;
            let Some(code) = value.get::<CodeObj>() else { continue };
            if same_or_equal(vm, &code.filename, &old)? {
                code.filename.set(path.clone());
                let whole = code.ensure_whole(vm)?;
                work.extend(whole.consts.iter().filter(|value| value.has::<CodeObj>()).cloned());
            }
        }
        Ok(())
    }
}

/// A value as a constant that the verifier knows something of: a text, a tuple of texts, a code. Any other is just some value.
fn as_const(vm: &Vm, value: &Value, depth: usize) -> Res<Const> {
    if let Some(code) = value.get::<CodeObj>().filter(|_| depth == 0) {
        let full = code.full_code(vm)?;
        return Ok(Const::Code(full.unwrap_or_else(|| code.code.clone())));
    }
    if let Some(text) = value.exact::<Str>() {
        return Ok(Const::Str(Text::from_wtf8(&text.to_wtf8())));
    }
    Ok(match value.exact::<Tuple>() {
        Some(tuple) if depth == 0 => {
            let items = tuple.items().iter().map(|item| as_const(vm, item, 1));
            Const::Tuple(items.collect::<Res<_>>()?)
        }
        _ => Const::Ellipsis,
    })
}
