//! `_symtable`: what the compiler knows of the names of a source, for the module symtable.

use std::cell::Cell;

use ryokan_vm::native::*;

use crate::fspath::fspath;

native_module! {
    /// Symbol tables of the compiler. The module symtable is what programs use.
    "_symtable" {
        consts {
            "USE" = 1 << 4;
            "DEF_GLOBAL" = 1;
            "DEF_LOCAL" = 1 << 1;
            "DEF_PARAM" = 1 << 2;
            "DEF_NONLOCAL" = 1 << 3;
            "DEF_FREE_CLASS" = 1 << 6;
            "DEF_IMPORT" = 1 << 7;
            "DEF_ANNOT" = 1 << 8;
            "DEF_COMP_ITER" = 1 << 9;
            "DEF_TYPE_PARAM" = 1 << 10;
            "DEF_COMP_CELL" = 1 << 11;
            "DEF_BOUND" = 1 << 1 | 1 << 2 | 1 << 7;
            "SCOPE_OFF" = 12;
            "SCOPE_MASK" = 15;
            "LOCAL" = 1;
            "GLOBAL_EXPLICIT" = 2;
            "GLOBAL_IMPLICIT" = 3;
            "FREE" = 4;
            "CELL" = 5;
            "TYPE_FUNCTION" = 0;
            "TYPE_CLASS" = 1;
            "TYPE_MODULE" = 2;
            "TYPE_ANNOTATION" = 3;
            "TYPE_TYPE_ALIAS" = 4;
            "TYPE_TYPE_PARAMETERS" = 5;
            "TYPE_TYPE_VARIABLE" = 6;
        }
        functions {
            /// The table of a source, with those of all blocks in it; startstr is 'exec', 'eval' or 'single'.
            symtable(source: Value, filename: Value, startstr: Text, /);
        }
    }
}

native_state! {
    /// How many tables there are so far.
    struct State { made: Cell<i64> }
}

native_type! {
    /// The table of a block.
    "symtable entry" = pub struct Entry {
        id: Cell<i64>,
        name: Slot,
        symbols: Slot,
        varnames: Slot,
        children: Slot,
        nested: Cell<bool>,
        kind: Cell<i64>,
        line: Cell<i64>,
    }
    slots { repr = repr; }
    members {
        /// its number
        id = |_, this: This<Entry>| this.id.get();
        /// what the block is called
        name = |_, this: This<Entry>| this.name.get();
        /// its names, and how each is used
        symbols = |_, this: This<Entry>| this.symbols.get();
        /// its parameters
        varnames = |_, this: This<Entry>| this.varnames.get();
        /// the tables of the blocks in it
        children = |_, this: This<Entry>| this.children.get();
        /// whether it stands in a function
        nested = |_, this: This<Entry>| i64::from(this.nested.get());
        /// which kind of block it is
        r#type = |_, this: This<Entry>| this.kind.get();
        /// the line where it begins
        lineno = |_, this: This<Entry>| this.line.get();
    }
}

fn repr(cx: &Cx, this: This<Entry>) -> Res {
    let name = cx.str(&this.name.get())?;
    format_args!("<symtable entry {name}({}), line {}>", this.id.get(), this.line.get()).into_value(cx)
}

fn symtable(cx: &Cx, source: Value, filename: Value, start: Text) -> Res<Obj<Entry>> {
    let filename = fspath(cx, &filename)?;
    let filename = match Bytes::of(&filename) {
        Some(bytes) => cx.str(&cx.from_system(bytes.as_slice())?)?,
        None => cx.str(&filename)?,
    };
    match cx.symbols(&source, &filename, &start)? {
        Some(block) => {
            let _charge = cx.charge(block.bytes())?;
            entry(cx, &block)
        }
        None => Err(cx.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'")),
    }
}

/// A block's table.
fn entry(cx: &Cx, block: &SymbolBlock) -> Res<Obj<Entry>> {
    cx.check_stack()?;
    cx.work(block.symbols.len() as u64 + 1)?;
    let state = cx.state::<State>()?;
    state.made.set(state.made.get() + 1);
    let id = state.made.get();
    let (symbols, varnames) = (Dict::new(cx)?, List::new(cx, block.parameters.len())?);
    for (name, flags) in &block.symbols {
        symbols.set_str(cx, name, *flags)?;
    }
    for name in &block.parameters {
        varnames.push(cx, cx.intern(name)?)?;
    }
    let children = List::new(cx, block.children.len())?;
    for child in &block.children {
        children.push(cx, entry(cx, child)?)?;
    }
    cx.new(Entry {
        id: Cell::new(id),
        name: Slot::new(cx.intern(&block.name)?),
        symbols: Slot::new(symbols.into_value()),
        varnames: Slot::new(varnames.into_value()),
        children: Slot::new(children.into_value()),
        nested: Cell::new(block.nested),
        kind: Cell::new(i64::from(block.kind)),
        line: Cell::new(i64::from(block.line)),
    })
}
