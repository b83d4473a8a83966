//! `Unpickler`, and the functions `load` and `loads`.

use std::cell::{Cell, RefCell};

use ryokan_vm::native::*;

use super::building::find_class;
use super::input::{File, Input, Rest};
use super::load::Loader;
use super::{InUse, State, UNPICKLING_ERROR};

native_type! {
    /// Reads objects from a file, one pickle each. Names of Python 2 are understood; strs of it are of an encoding, or bytes.
    "_pickle.Unpickler" = pub struct Unpickler {
        /// The file's methods; nothing before `__init__`.
        read: Maybe,
        readline: Maybe,
        readinto: Maybe,
        peek: Maybe,
        /// What was read and not used, and how much of it the file knows to be used.
        chunk: Slot,
        at: Cell<usize>,
        told: Cell<usize>,
        pub memo: Remembered,
        pub fix_imports: Cell<bool>,
        pub encoding: Slot,
        pub errors: Slot,
        /// Buffers that travelled beside the pickle: an iterator.
        pub buffers: Maybe,
        protocol: Cell<u8>,
        /// What `persistent_load` was set to.
        resolve: Maybe,
        in_use: Cell<bool>,
    }
    flags: SUBCLASS;
    shows: "(file, *, fix_imports=True, encoding='ASCII', errors='strict',\n          buffers=())";
    new(*args, **names) = new_unpickler;
    init(file: Value, *, fix_imports: bool = True, encoding: Given = Given(None) => "'ASCII'", errors: Given = Given(None) => "'strict'", buffers: Value = Value::NONE => "()") = init_unpickler;
    slots { getattr = get_attribute; setattr = set_attribute; }
    attributes {
        /// what was read, by number
        memo = memo_proxy, set_memo;
    }
    methods {
        /// Reads a pickle.
        load() = load_method;
        /// A global by the names of its module and its own: a subclass may say which are allowed.
        find_class(module_name: Value, global_name: Value, /) = find_method;
        /// The object that has a name outside: a subclass may say. UnpicklingError if none does.
        persistent_load(pid: Value, /) = no_outside_method;
        /// Bytes that it takes.
        __sizeof__() = size_of;
    }
}

native_type! {
    /// What an unpickler has read: a view, which can be cleared, and given to another unpickler.
    "_pickle.UnpicklerMemoProxy" = pub struct UnpicklerMemoProxy { unpickler: Slot }
    slots { hash = unhashable; }
    methods {
        /// Forgets all.
        clear() = clear_proxy;
        /// A dict of numbers to objects.
        copy() = copy_proxy;
        /// How it is pickled: as such a dict.
        __reduce__() = reduce_proxy;
    }
}

/// Objects by number. Numbers that lie far behind those that are in use are kept in a dict: a pickle may say any.
#[derive(Default)]
pub struct Remembered {
    near: RefCell<Option<Vector<Value>>>,
    count: Cell<usize>,
    far: Slot,
}

ryokan_vm::traced! { Remembered: [near, far] }

/// How far behind the others a number may lie.
const NEAR: usize = 1024;

impl Remembered {
    /// The object of a number.
    #[inline]
    pub fn get(&self, cx: &Cx, index: usize) -> Res<Option<Value>> {
        if let Some(value) = self.near.borrow().as_ref().and_then(|near| near.get(index))
            && !value.is_unbound()
        {
            return Ok(Some(value.clone()));
        }
        match self.far.dict() {
            Some(far) => far.get(cx, &index.into_value(cx)?),
            None => Ok(None),
        }
    }
    /// Gives an object the number that comes next.
    #[inline]
    pub fn add(&self, cx: &Cx, value: Value) -> Res<()> {
        self.put(cx, self.count.get(), value)
    }
    /// Gives an object a number.
    #[inline]
    pub fn put(&self, cx: &Cx, index: usize, value: Value) -> Res<()> {
        let mut borrowed = self.near.borrow_mut();
        let near = match &mut *borrowed {
            Some(near) => near,
            none => none.insert(cx.vector(32)?),
        };
        if index > near.len() + NEAR {
            drop(borrowed);
            return self.put_far(cx, index, value);
        }
        if index >= near.capacity() {
            let more = (index + 1 - near.len()).max(near.len());
            cx.reserve(near, more)?;
        }
        while near.len() <= index {
            near.push(Value::UNBOUND);
        }
        let old = std::mem::replace(&mut near[index], value);
        drop(borrowed);
        if old.is_unbound() {
            self.count.set(self.count.get() + 1);
        }
        Ok(())
    }
    #[cold]
    fn put_far(&self, cx: &Cx, index: usize, value: Value) -> Res<()> {
        let far = match self.far.dict() {
            Some(far) => far,
            None => {
                let far = Dict::new(cx)?;
                self.far.set(far.value().clone());
                far
            }
        };
        let len = far.len();
        far.set(cx, &index.into_value(cx)?, value)?;
        self.count.set(self.count.get() + far.len() - len);
        Ok(())
    }
    /// Forgets all. They may die, which may run Python.
    pub fn clear(&self) {
        let near = self.near.take();
        self.count.set(0);
        self.far.set(Value::NONE);
        drop(near);
    }
    /// A dict of numbers to objects.
    fn to_dict(&self, cx: &Cx) -> Res<Dict> {
        let (dict, mut index) = (Dict::new(cx)?, 0);
        loop {
            let value = match self.near.borrow().as_ref().and_then(|near| near.get(index)) {
                Some(value) => value.clone(),
                None => break,
            };
            if !value.is_unbound() {
                dict.set(cx, &index.into_value(cx)?, value)?;
            }
            index += 1;
        }
        if let Some(far) = self.far.dict() {
            dict.merge(cx, &far)?;
        }
        Ok(dict)
    }
    fn replace(&self, other: Remembered) {
        let near = self.near.replace(other.near.take());
        self.count.set(other.count.get());
        self.far.set(other.far.get());
        drop(near);
    }
}

impl Unpickler {
    fn new() -> Unpickler {
        Unpickler {
            read: Maybe::EMPTY,
            readline: Maybe::EMPTY,
            readinto: Maybe::EMPTY,
            peek: Maybe::EMPTY,
            chunk: Slot::default(),
            at: Cell::new(0),
            told: Cell::new(0),
            memo: Remembered::default(),
            fix_imports: Cell::new(true),
            encoding: Slot::default(),
            errors: Slot::default(),
            buffers: Maybe::EMPTY,
            protocol: Cell::new(0),
            resolve: Maybe::EMPTY,
            in_use: Cell::new(false),
        }
    }
    /// Takes how strs of Python 2 are encoded. `TypeError`, `ValueError`.
    fn set_encoding(&self, cx: &Cx, function: &str, encoding: &Given, errors: &Given) -> Res<()> {
        for (slot, name, given, default) in
            [(&self.encoding, "encoding", encoding, "ASCII"), (&self.errors, "errors", errors, "strict")]
        {
            let value = match &given.0 {
                Some(value) => value.clone(),
                None => cx.intern(default)?,
            };
            let Some(text) = Str::of(&value) else {
                let kind = cx.arg_name(&value);
                return Err(cx.type_error(format_args!("{function}() argument '{name}' must be str, not {kind}")));
            };
            if text.chars().iter().any(|c| c == 0) {
                return Err(cx.value_error("embedded null character"));
            }
            slot.set(value);
        }
        Ok(())
    }
    /// Takes buffers. Runs Python; `TypeError`.
    fn set_buffers(&self, cx: &Cx, buffers: &Value) -> Res<()> {
        let iterator = if buffers.is_none() { None } else { Some(cx.iter(buffers)?.into_value()) };
        self.buffers.set(iterator);
        Ok(())
    }
    /// Takes a file. Runs Python; `TypeError`.
    fn set_file(&self, cx: &Cx, file: &Value) -> Res<()> {
        self.peek.set(cx.attr_opt(file, "peek")?);
        self.readinto.set(cx.attr_opt(file, "readinto")?);
        let (read, readline) = (cx.attr_opt(file, "read")?, cx.attr_opt(file, "readline")?);
        if read.is_none() || readline.is_none() {
            return Err(cx.type_error("file must have 'read' and 'readline' attributes"));
        }
        self.read.set(read);
        self.readline.set(readline);
        Ok(())
    }
    /// The file's methods.
    fn file(&self) -> Option<File> {
        let (read, readline) = (self.read.get()?, self.readline.get()?);
        Some(File { read, readline, readinto: self.readinto.get(), peek: self.peek.get() })
    }
}

pub fn load(cx: &Cx, file: Value, fix_imports: bool, encoding: Given, errors: Given, buffers: Value) -> Res {
    let unpickler = cx.new(Unpickler::new())?;
    unpickler.set_file(cx, &file)?;
    unpickler.set_encoding(cx, "load", &encoding, &errors)?;
    unpickler.set_buffers(cx, &buffers)?;
    unpickler.fix_imports.set(fix_imports);
    let Some(file) = unpickler.file() else { return Ok(Value::NONE) };
    Loader::new(cx, &unpickler, Input::of_file(cx, file, None)?)?.whole()
}

pub fn loads(cx: &Cx, data: Value, fix_imports: bool, encoding: Given, errors: Given, buffers: Value) -> Res {
    let unpickler = cx.new(Unpickler::new())?;
    let chunk = match Bytes::exact(&data) {
        Some(bytes) => bytes,
        None => {
            let buffer = Buffer::of(cx, &data)?;
            buffer.read(|bytes| Bytes::new(cx, bytes))?
        }
    };
    unpickler.set_encoding(cx, "loads", &encoding, &errors)?;
    unpickler.set_buffers(cx, &buffers)?;
    unpickler.fix_imports.set(fix_imports);
    Loader::new(cx, &unpickler, Input::of_bytes(cx, chunk))?.whole()
}

fn new_unpickler(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, Unpickler::new())
}

fn init_unpickler(
    cx: &Cx,
    this: This<Unpickler>,
    file: Value,
    fix_imports: bool,
    encoding: Given,
    errors: Given,
    buffers: Value,
) -> Res<()> {
    let _use = InUse::begin(cx, &this.in_use, "Unpickler")?;
    this.read.set(None);
    this.set_file(cx, &file)?;
    this.set_encoding(cx, "Unpickler", &encoding, &errors)?;
    this.set_buffers(cx, &buffers)?;
    this.fix_imports.set(fix_imports);
    this.memo.clear();
    this.protocol.set(0);
    this.chunk.set(Value::NONE);
    this.at.set(0);
    this.told.set(0);
    Ok(())
}

fn load_method(cx: &Cx, this: This<Unpickler>) -> Res {
    let _use = InUse::begin(cx, &this.in_use, "Unpickler")?;
    let Some(file) = this.file() else {
        let class = cx.class_name(this.value());
        let message = format_args!("Unpickler.__init__() was not called by {class}.__init__()");
        return Err(cx.raise_of(&UNPICKLING_ERROR, message));
    };
    let rest = Rest { chunk: this.chunk.replace(Value::NONE), at: this.at.take(), told: this.told.take() };
    let rest = Some(rest).filter(|rest| !rest.chunk.is_none());
    let mut loader = Loader::new(cx, &this, Input::of_file(cx, file, rest)?)?;
    loader.resolve = match this.resolve.get() {
        Some(own) => Some(own),
        None if cx.is_exact::<Unpickler>(this.value()) => None,
        None => cx.attr_opt(this.value(), "persistent_load")?,
    };
    if !cx.is_exact::<Unpickler>(this.value()) {
        loader.own = Some(this.to_value());
    }
    let done = loader.whole();
    this.protocol.set(loader.protocol);
    let rest = loader.input.rest();
    this.chunk.set(rest.chunk);
    this.at.set(rest.at);
    this.told.set(rest.told);
    done
}

fn find_method(cx: &Cx, this: This<Unpickler>, module: Value, name: Value) -> Res {
    let state = cx.state::<State>()?;
    find_class(cx, &state, this.protocol.get(), this.fix_imports.get(), module, name)
}

/// There is nobody who knows objects by their names outside.
#[cold]
pub fn no_outside(cx: &Cx) -> Raised {
    let message =
        "A load persistent id instruction was encountered, but no persistent_load function was specified.";
    cx.raise_of(&UNPICKLING_ERROR, message)
}

fn no_outside_method(cx: &Cx, _: This<Unpickler>, _: Value) -> Res<()> {
    Err(no_outside(cx))
}

fn size_of(cx: &Cx, this: This<Unpickler>) -> usize {
    cx.size_of(this.value())
}

/// Whether it is the name of the attribute that belongs to this object alone.
fn is_resolve(name: &Value) -> bool {
    Str::of(name).is_some_and(|name| name.ascii() == Some("persistent_load"))
}

fn get_attribute(cx: &Cx, this: This<Unpickler>, name: &Value) -> Res {
    if this.resolve.is_some()
        && is_resolve(name)
        && let Some(own) = this.resolve.get()
    {
        return Ok(own);
    }
    cx.plain_attr(this.value(), name)
}

fn set_attribute(cx: &Cx, this: This<Unpickler>, name: &Value, value: Option<&Value>) -> Res<()> {
    if is_resolve(name) {
        this.resolve.set(value.cloned());
        return Ok(());
    }
    cx.set_plain_attr(this.value(), name, value)
}

fn memo_proxy(cx: &Cx, this: This<Unpickler>) -> Res<Obj<UnpicklerMemoProxy>> {
    cx.new(UnpicklerMemoProxy { unpickler: Slot::new(this.to_value()) })
}

fn set_memo(cx: &Cx, this: This<Unpickler>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(cx.type_error("attribute deletion is not supported")) };
    let dict = if let Some(proxy) = This::<UnpicklerMemoProxy>::of(cx, value) {
        copy_proxy(cx, proxy)?
    } else if let Some(dict) = Dict::of(value) {
        dict
    } else {
        let kind = cx.type_name(value);
        let message = format_args!("'memo' attribute must be an UnpicklerMemoProxy object or dict, not {kind}");
        return Err(cx.type_error(message));
    };
    let (memo, mut from) = (Remembered::default(), 0);
    while let Some((next, key, value)) = dict.next_item(from) {
        from = next;
        if !cx.is_int(&key) {
            return Err(cx.type_error("memo key must be integers"));
        }
        let index = match cx.small_int(&key) {
            Some(index) => index,
            None => return Err(cx.overflow_error("Python int too large to convert to C ssize_t")),
        };
        let Ok(index) = usize::try_from(index) else {
            return Err(cx.value_error("memo key must be positive integers."));
        };
        memo.put(cx, index, value)?;
    }
    this.memo.replace(memo);
    Ok(())
}

fn unhashable(cx: &Cx, _: This<UnpicklerMemoProxy>) -> Res<i64> {
    Err(cx.type_error("unhashable type: '_pickle.UnpicklerMemoProxy'"))
}

fn clear_proxy(cx: &Cx, this: This<UnpicklerMemoProxy>) {
    let of = this.unpickler.get();
    if let Some(of) = This::<Unpickler>::of(cx, &of) {
        of.memo.clear();
    }
}

fn copy_proxy(cx: &Cx, this: This<UnpicklerMemoProxy>) -> Res<Dict> {
    let of = this.unpickler.get();
    match This::<Unpickler>::of(cx, &of) {
        Some(of) => of.memo.to_dict(cx),
        None => Dict::new(cx),
    }
}

fn reduce_proxy(cx: &Cx, this: This<UnpicklerMemoProxy>) -> Res<(Value, (Dict,))> {
    Ok((cx.builtin("dict")?, (copy_proxy(cx, this)?,)))
}
