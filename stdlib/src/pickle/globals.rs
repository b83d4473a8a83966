//! Writing classes, functions and whatever else is found by its name in a module.

use ryokan_vm::native::*;

use super::op;
use super::save::Saver;

/// The longest number of an extension.
const MOST_NUMBER: i64 = 0x7fff_ffff;

/// Follows names from an object on. Runs Python; `AttributeError`.
pub fn follow(cx: &Cx, from: &Value, path: &[Value]) -> Res {
    let mut found = from.clone();
    for name in path {
        found = cx.attr_of(&found, name)?;
    }
    Ok(found)
}

/// The names that a name with points is made of.
pub fn split(cx: &Cx, name: &Value) -> Res<Vector<Value>> {
    let parts = List::from_iterable(cx, &cx.call_method(name, "split", (".",))?)?;
    let mut path = cx.vector(parts.len())?;
    path.extend((0..parts.len()).filter_map(|at| parts.get(at)));
    Ok(path)
}

/// A module by its name. Runs Python; `TypeError`, `ValueError`, `ImportError`.
pub fn import(cx: &Cx, name: &Value) -> Res {
    let Some(text) = Str::of(name) else { return Err(cx.type_error("module name must be a string")) };
    if text.is_empty() {
        return Err(cx.value_error("Empty module name"));
    }
    // A name that no text of Rust's can be.
    if text.chars().iter().any(|c| (0xd800..0xe000).contains(&c)) {
        return cx.call_method(&cx.import("importlib")?, "import_module", (name,));
    }
    cx.import(cx.str(name)?.as_str())
}

impl Saver<'_> {
    /// Writes where an object is found: under its own name, or one that it has told.
    pub fn global(&mut self, object: &Value, told: Option<&Value>) -> Res<()> {
        let cx = self.cx;
        let name = match told {
            Some(name) => name.clone(),
            None => match cx.attr_opt_of(object, &self.state.qualname.look())? {
                Some(name) => name,
                None => cx.attr_of(object, &self.state.name.look())?,
            },
        };
        if !cx.is_str(&name) {
            let kind = cx.type_name(&name);
            return Err(cx.type_error(format_args!("must be str, not {kind}")));
        }
        let path = split(cx, &name)?;
        let module = self.module_of(object, &name, &path)?;
        if self.protocol >= 2 && self.by_number(object, &module, &name)? {
            return Ok(());
        }
        if self.protocol >= 4 {
            self.save(&module)?;
            self.save(&name)?;
            self.out.byte(op::STACK_GLOBAL)?;
            return self.put(object);
        }
        // A name with points is `getattr(getattr(first, second), third)`.
        let getattr = self.state.getattr.get();
        for _ in 1..path.len() {
            self.save(&getattr)?;
            if self.protocol < 2 {
                self.out.byte(op::MARK)?;
            }
        }
        self.top_level(&module, &path[0])?;
        for name in &path[1..] {
            self.save(name)?;
            self.out.byte(if self.protocol < 2 { op::TUPLE } else { op::TUPLE2 })?;
            self.out.byte(op::REDUCE)?;
        }
        self.put(object)
    }

    /// The number that an object is registered under, if it is; whether that was written.
    fn by_number(&mut self, object: &Value, module: &Value, name: &Value) -> Res<bool> {
        let cx = self.cx;
        let Some(numbers) = self.state.numbers.dict().filter(|numbers| !numbers.is_empty()) else { return Ok(false) };
        let key = (module, name).into_value(cx)?;
        let Some(number) = numbers.get(cx, &key)? else { return Ok(false) };
        if !cx.is_int(&number) {
            let (shown, number) = (cx.repr(object)?, cx.repr(&number)?);
            return Err(self.error(format_args!("Can't pickle {shown}: extension code {number} isn't an integer")));
        }
        match cx.long(&number)? {
            n if !(1..=MOST_NUMBER).contains(&n) => {
                let shown = cx.repr(object)?;
                return Err(self.error(format_args!("Can't pickle {shown}: extension code {n} is out of range")));
            }
            n @ ..=0xff => self.out.push(&[op::EXT1, n as u8])?,
            n @ ..=0xffff => self.out.push(&[op::EXT2, n as u8, (n >> 8) as u8])?,
            n => self.out.push(&[op::EXT4, n as u8, (n >> 8) as u8, (n >> 16) as u8, (n >> 24) as u8])?,
        }
        Ok(true)
    }

    /// A module and a name in it, each in a line.
    fn top_level(&mut self, module: &Value, name: &Value) -> Res<()> {
        let (module, name) = match self.protocol < 3 && self.pickler.fix_imports.get() {
            true => self.of_python2(module.clone(), name.clone())?,
            false => (module.clone(), name.clone()),
        };
        self.out.byte(op::GLOBAL)?;
        self.identifier(&module, "module")?;
        self.identifier(&name, "global")
    }
    fn identifier(&mut self, name: &Value, what: &str) -> Res<()> {
        let cx = self.cx;
        let encoding = if self.protocol >= 3 { "utf-8" } else { "ascii" };
        let encoded = cx.call_method(name, "encode", (encoding,)).map_err(|raised| {
            match cx.catch(raised, "UnicodeEncodeError") {
                Ok(first) => match cx.repr(name) {
                    Ok(name) => {
                        let protocol = self.protocol;
                        let message =
                            format_args!("can't pickle {what} identifier {name} using pickle protocol {protocol}");
                        cx.chain(self.error(message), first)
                    }
                    Err(raised) => raised,
                },
                Err(raised) => raised,
            }
        })?;
        if let Some(bytes) = Bytes::of(&encoded) {
            self.out.push(bytes.as_slice())?;
        }
        self.out.byte(b'\n')
    }
    /// What Python 2 calls a global.
    fn of_python2(&self, module: Value, name: Value) -> Res<(Value, Value)> {
        let (cx, state) = (self.cx, &self.state);
        let key = (&module, &name).into_value(cx)?;
        let found = state.names_to_2.dict().map(|names| names.get(cx, &key)).transpose()?.flatten();
        if let Some(found) = found {
            return match Tuple::of(&found).as_ref().map(Tuple::as_slice) {
                Some([module, name]) if cx.is_str(module) && cx.is_str(name) => Ok((module.clone(), name.clone())),
                Some([module, name]) => {
                    let (module, name) = (cx.type_name(module), cx.type_name(name));
                    let message = format_args!(
                        "_compat_pickle.REVERSE_NAME_MAPPING values should be pairs of str, not ({module}, {name})"
                    );
                    Err(cx.runtime_error(message))
                }
                _ => {
                    let kind = cx.type_name(&found);
                    let message =
                        format_args!("_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples, not {kind}");
                    Err(cx.runtime_error(message))
                }
            };
        }
        match state.modules_to_2.dict().map(|modules| modules.get(cx, &module)).transpose()?.flatten() {
            Some(found) if cx.is_str(&found) => Ok((found, name)),
            Some(found) => {
                let kind = cx.type_name(&found);
                let message =
                    format_args!("_compat_pickle.REVERSE_IMPORT_MAPPING values should be strings, not {kind}");
                Err(cx.runtime_error(message))
            }
            None => Ok((module, name)),
        }
    }

    /// The name of the module in which an object is found under its name. `PicklingError` if it is not.
    fn module_of(&self, object: &Value, name: &Value, path: &[Value]) -> Res {
        let cx = self.cx;
        let is_local = |part: &Value| Str::of(part).is_some_and(|part| part.ascii() == Some("<locals>"));
        if path.iter().any(is_local) {
            let shown = cx.repr(object)?;
            return Err(self.error(format_args!("Can't pickle local object {shown}")));
        }
        let told = cx.attr_opt_of(object, &self.state.module.look())?.filter(|module| !module.is_none());
        let module_name = match told {
            Some(module) => module,
            None => match self.search(object, path)? {
                Some(found) => return Ok(found),
                None => cx.intern("__main__")?,
            },
        };
        let module = match import(cx, &module_name) {
            Ok(module) => module,
            Err(raised) => return Err(self.not_importable(raised, object)),
        };
        let (shown, place) = match follow(cx, &module, path) {
            Ok(found) if found.is(object) => return Ok(module_name),
            Ok(_) => ("the same object", None),
            Err(raised) => ("found", Some(cx.catch(raised, "AttributeError")?)),
        };
        let message = format!(
            "Can't pickle {}: it's not {shown} as {}.{}",
            cx.repr(object)?,
            cx.str(&module_name)?,
            cx.str(name)?
        );
        let raised = self.error(message);
        Err(match place {
            Some(first) => cx.chain(raised, first),
            None => raised,
        })
    }
    fn not_importable(&self, raised: Raised, object: &Value) -> Raised {
        let cx = self.cx;
        if !["ImportError", "ValueError", "KeyError"].iter().any(|class| cx.is_raised(&raised, class)) {
            return raised;
        }
        let first = cx.take_raised(raised);
        let shown = cx.repr(object).and_then(|object| Ok(format!("Can't pickle {object}: {}", cx.str(&first)?)));
        match shown {
            Ok(message) => cx.chain(self.error(message), first),
            Err(raised) => cx.chain(raised, first),
        }
    }
    /// The first module of `sys.modules` that has an object under its name.
    fn search(&self, object: &Value, path: &[Value]) -> Res<Option<Value>> {
        let cx = self.cx;
        let Some(modules) = cx.sys_attr("modules")? else {
            return Err(cx.runtime_error("unable to get sys.modules"));
        };
        let names = List::from_iterable(cx, &modules)?;
        let mut at = 0;
        while let Some(name) = names.get(at) {
            at += 1;
            let Ok(module) = cx.item(&modules, &name).map_err(|raised| drop(cx.take_raised(raised))) else { continue };
            let is_main = Str::of(&name).is_some_and(|name| matches!(name.ascii(), Some("__main__" | "__mp_main__")));
            if is_main || module.is_none() {
                continue;
            }
            match follow(cx, &module, path) {
                Ok(found) if found.is(object) => return Ok(Some(name)),
                Ok(_) => {}
                Err(raised) => drop(cx.catch(raised, "AttributeError")?),
            }
        }
        Ok(None)
    }
}
