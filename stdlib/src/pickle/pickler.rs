//! `Pickler`, and the functions `dump` and `dumps`.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::memo::Memo;
use super::output::Output;
use super::save::Saver;
use super::{InUse, PICKLING_ERROR};

const NEWEST: i64 = 5;
const DEFAULT: i64 = 5;

native_type! {
    /// Writes objects to a file, one pickle each; what it has written once, it refers to later. A negative protocol is the newest.
    "_pickle.Pickler" = pub struct Pickler {
        /// The file's method; nothing before `__init__`.
        write: Maybe,
        pub memo: Memo,
        pub protocol: Cell<u8>,
        /// What `bin` shows: whether opcodes are binary.
        pub binary: Cell<i32>,
        /// What `fast` shows: whether nothing is remembered.
        pub fast: Cell<i32>,
        pub fix_imports: Cell<bool>,
        pub callback: Maybe,
        /// What `dispatch_table` shows.
        pub table: Maybe,
        /// What `persistent_id` was set to.
        identify: Maybe,
        in_use: Cell<bool>,
    }
    flags: SUBCLASS;
    shows: "(file, protocol=None, fix_imports=True, buffer_callback=None)";
    new(*args, **names) = new_pickler;
    init(file: Value, protocol: Value = Value::NONE => "None", fix_imports: bool = True, buffer_callback: Value = Value::NONE => "None") = init_pickler;
    slots { getattr = get_attribute; setattr = set_attribute; }
    attributes {
        /// what was written, by id: numbers and objects
        memo = memo_proxy, set_memo;
        /// functions that take objects apart, by class, in place of copyreg.dispatch_table
        dispatch_table = get_table, set_table;
        /// whether opcodes are binary
        bin = |_, this: This<Pickler>| this.binary.get(), |cx, this: This<Pickler>, value| set_number(cx, &this.binary, value);
        /// whether nothing is remembered
        fast = |_, this: This<Pickler>| this.fast.get(), |cx, this: This<Pickler>, value| set_number(cx, &this.fast, value);
    }
    methods {
        /// Writes a pickle of an object to the file.
        dump(obj: Value, /) = dump_method;
        /// Forgets what was written.
        clear_memo();
        /// What stands for an object in place of its pickle, or None: a subclass may say.
        persistent_id(obj: Value, /) = no_identity;
        /// Bytes that it takes.
        __sizeof__() = size_of;
    }
}

native_type! {
    /// What a pickler has written: a view, which can be cleared, and given to another pickler.
    "_pickle.PicklerMemoProxy" = pub struct PicklerMemoProxy { pickler: Slot }
    slots { hash = unhashable; }
    methods {
        /// Forgets all.
        clear() = clear_proxy;
        /// A dict of ids to pairs of a number and an object.
        copy() = copy_proxy;
        /// How it is pickled: as such a dict.
        __reduce__() = reduce_proxy;
    }
}

impl Default for Pickler {
    fn default() -> Pickler {
        Pickler {
            write: Maybe::EMPTY,
            memo: Memo::default(),
            protocol: Cell::new(DEFAULT as u8),
            binary: Cell::new(1),
            fast: Cell::new(0),
            fix_imports: Cell::new(false),
            callback: Maybe::EMPTY,
            table: Maybe::EMPTY,
            identify: Maybe::EMPTY,
            in_use: Cell::new(false),
        }
    }
}

impl Pickler {
    /// Takes a protocol. `ValueError`.
    fn set_protocol(&self, cx: &Cx, protocol: &Value, fix_imports: bool) -> Res<()> {
        let protocol = match protocol {
            none if none.is_none() => DEFAULT,
            some => match cx.long(some)? {
                negative if negative < 0 => NEWEST,
                protocol if protocol > NEWEST => {
                    return Err(cx.value_error(format_args!("pickle protocol must be <= {NEWEST}")));
                }
                protocol => protocol,
            },
        };
        self.protocol.set(protocol as u8);
        self.binary.set(i32::from(protocol > 0));
        self.fix_imports.set(fix_imports && protocol < 3);
        Ok(())
    }
    /// Takes a file. Runs Python; `TypeError`.
    fn set_file(&self, cx: &Cx, file: &Value) -> Res<()> {
        let write = cx.attr_opt(file, "write")?;
        let write = write.ok_or(()).map_err(|()| cx.type_error("file must have a 'write' attribute"))?;
        self.write.set(Some(write));
        Ok(())
    }
    /// Takes what is asked of each buffer. `ValueError`.
    fn set_callback(&self, cx: &Cx, callback: Value) -> Res<()> {
        if callback.is_none() {
            self.callback.set(None);
            return Ok(());
        }
        if self.protocol.get() < 5 {
            return Err(cx.value_error("buffer_callback needs protocol >= 5"));
        }
        self.callback.set(Some(callback));
        Ok(())
    }
    /// What this pickler, of a class of Python's, asks before it writes an object; nothing if that is the method that says nothing.
    fn identify(&self, cx: &Cx, this: &Value) -> Res<Option<Value>> {
        if let Some(own) = self.identify.get() {
            return Ok(Some(own));
        }
        if cx.is_exact::<Pickler>(this) {
            return Ok(None);
        }
        let name = "persistent_id";
        let of_class = cx.attr_opt(&cx.class_of(this), name)?;
        let default = cx.attr(&cx.class::<Pickler>()?, name)?;
        if of_class.is_some_and(|found| found.is(&default))
            && !cx.instance_dict(this).is_ok_and(|dict| dict.get_str(cx, name).is_ok_and(|own| own.is_some()))
        {
            return Ok(None);
        }
        cx.attr_opt(this, name)
    }
}

/// A new pickler that no script sees.
fn plain_pickler(cx: &Cx, protocol: &Value, fix_imports: bool, callback: Value) -> Res<Obj<Pickler>> {
    let pickler = cx.new(Pickler::default())?;
    pickler.set_protocol(cx, protocol, fix_imports)?;
    pickler.set_callback(cx, callback)?;
    Ok(pickler)
}

pub fn dump(cx: &Cx, object: Value, file: Value, protocol: Value, fix_imports: bool, callback: Value) -> Res<()> {
    let pickler = cx.new(Pickler::default())?;
    pickler.set_protocol(cx, &protocol, fix_imports)?;
    pickler.set_file(cx, &file)?;
    pickler.set_callback(cx, callback)?;
    let mut saver = Saver::new(cx, &pickler, Output::new(cx, pickler.write.get()))?;
    saver.unseen = saver.protocol >= 2;
    saver.whole(&object)?;
    saver.out.flush()
}

pub fn dumps(cx: &Cx, object: Value, protocol: Value, fix_imports: bool, callback: Value) -> Res {
    let pickler = plain_pickler(cx, &protocol, fix_imports, callback)?;
    let mut saver = Saver::new(cx, &pickler, Output::new(cx, None))?;
    saver.unseen = saver.protocol >= 2;
    saver.whole(&object)?;
    saver.out.finish()
}

fn new_pickler(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, Pickler::default())
}

fn init_pickler(
    cx: &Cx,
    this: This<Pickler>,
    file: Value,
    protocol: Value,
    fix_imports: bool,
    callback: Value,
) -> Res<()> {
    let _use = InUse::begin(cx, &this.in_use, "Pickler")?;
    this.write.set(None);
    this.set_protocol(cx, &protocol, fix_imports)?;
    this.set_file(cx, &file)?;
    this.set_callback(cx, callback)?;
    this.memo.clear();
    this.fast.set(0);
    // What a class of Python's has under that name counts.
    let table = cx.attr_opt(this.value(), "dispatch_table")?;
    this.table.set(table);
    Ok(())
}

fn dump_method(cx: &Cx, this: This<Pickler>, object: Value) -> Res<()> {
    let Some(write) = this.write.get() else {
        let class = cx.class_name(this.value());
        let message = format_args!("Pickler.__init__() was not called by {class}.__init__()");
        return Err(cx.raise_of(&PICKLING_ERROR, message));
    };
    let _use = InUse::begin(cx, &this.in_use, "Pickler")?;
    let mut saver = Saver::new(cx, &this, Output::new(cx, Some(write)))?;
    saver.identify = this.identify(cx, this.value())?;
    saver.reducer = match cx.is_exact::<Pickler>(this.value()) {
        true => None,
        false => cx.attr_opt(this.value(), "reducer_override")?,
    };
    saver.whole(&object)?;
    saver.out.flush()
}

fn clear_memo(_: &Cx, this: This<Pickler>) {
    this.memo.clear();
}

fn no_identity(_: &Cx, _: This<Pickler>, _: Value) {}

fn size_of(cx: &Cx, this: This<Pickler>) -> usize {
    cx.size_of(this.value())
}

/// Whether it is the name of the attribute that belongs to this object alone.
fn is_identity(name: &Value) -> bool {
    Str::of(name).is_some_and(|name| name.ascii() == Some("persistent_id"))
}

fn get_attribute(cx: &Cx, this: This<Pickler>, name: &Value) -> Res {
    if this.identify.is_some()
        && is_identity(name)
        && let Some(own) = this.identify.get()
    {
        return Ok(own);
    }
    cx.plain_attr(this.value(), name)
}

fn set_attribute(cx: &Cx, this: This<Pickler>, name: &Value, value: Option<&Value>) -> Res<()> {
    if is_identity(name) {
        this.identify.set(value.cloned());
        return Ok(());
    }
    cx.set_plain_attr(this.value(), name, value)
}

fn get_table(cx: &Cx, this: This<Pickler>) -> Res {
    this.table.get().ok_or(()).map_err(|()| {
        cx.attribute_error("'_pickle.Pickler' object has no attribute 'dispatch_table'")
    })
}

fn set_table(cx: &Cx, this: This<Pickler>, value: Option<&Value>) -> Res<()> {
    if value.is_none() && !this.table.is_some() {
        return Err(cx.attribute_error("dispatch_table"));
    }
    this.table.set(value.cloned());
    Ok(())
}

/// Sets what is a C `int` in CPython.
fn set_number(cx: &Cx, cell: &Cell<i32>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(cx.type_error("can't delete numeric/char attribute")) };
    let number = cx.long(value)?;
    cell.set(number as i32);
    if i32::try_from(number).is_err() {
        cx.warn("RuntimeWarning", "Truncation of value to int")?;
    }
    Ok(())
}

fn memo_proxy(cx: &Cx, this: This<Pickler>) -> Res<Obj<PicklerMemoProxy>> {
    cx.new(PicklerMemoProxy { pickler: Slot::new(this.to_value()) })
}

fn set_memo(cx: &Cx, this: This<Pickler>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(cx.type_error("attribute deletion is not supported")) };
    let memo = if let Some(proxy) = This::<PicklerMemoProxy>::of(cx, value) {
        let of = proxy.pickler.get();
        match This::<Pickler>::of(cx, &of) {
            Some(of) => of.memo.copy(cx)?,
            None => Memo::default(),
        }
    } else if let Some(dict) = Dict::of(value) {
        Memo::from_dict(cx, &dict)?
    } else {
        let kind = cx.type_name(value);
        let message = format_args!("'memo' attribute must be a PicklerMemoProxy object or dict, not {kind}");
        return Err(cx.type_error(message));
    };
    this.memo.replace(memo);
    Ok(())
}

fn unhashable(cx: &Cx, _: This<PicklerMemoProxy>) -> Res<i64> {
    Err(cx.type_error("unhashable type: '_pickle.PicklerMemoProxy'"))
}

fn clear_proxy(cx: &Cx, this: This<PicklerMemoProxy>) {
    let of = this.pickler.get();
    if let Some(of) = This::<Pickler>::of(cx, &of) {
        of.memo.clear();
    }
}

fn copy_proxy(cx: &Cx, this: This<PicklerMemoProxy>) -> Res<Dict> {
    let of = this.pickler.get();
    match This::<Pickler>::of(cx, &of) {
        Some(of) => of.memo.to_dict(cx),
        None => Dict::new(cx),
    }
}

fn reduce_proxy(cx: &Cx, this: This<PicklerMemoProxy>) -> Res<(Value, (Dict,))> {
    Ok((cx.builtin("dict")?, (copy_proxy(cx, this)?,)))
}
