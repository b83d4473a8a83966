//! Objects of a pickle: what is made of the objects on the stack.

use ryokan_vm::native::*;

use super::globals::{follow, import, split};
use super::load::Loader;

impl Loader<'_> {
    pub fn list(&mut self) -> Res<()> {
        let start = self.stack.unmark()?;
        let items = self.stack.tuple_from(start)?;
        let list = List::new(self.cx, items.len())?;
        items.as_slice().iter().try_for_each(|item| list.push(self.cx, item))?;
        self.stack.push(list.into_value())
    }
    pub fn dict(&mut self) -> Res<()> {
        let start = self.stack.unmark()?;
        let items = self.stack.tuple_from(start)?;
        if items.len() % 2 != 0 {
            return Err(self.error("odd number of items for DICT"));
        }
        let dict = Dict::new(self.cx)?;
        for pair in items.as_slice().chunks_exact(2) {
            self.cx.work(1)?;
            dict.set(self.cx, &pair[0], &pair[1])?;
        }
        self.stack.push(dict.into_value())
    }

    /// Adds the objects from one on to the list below them, or to what behaves as one.
    pub fn append(&mut self, start: usize, single: bool) -> Res<()> {
        let cx = self.cx;
        let len = self.stack.len();
        if start > len || start == 0 {
            return Err(self.stack.underflow());
        }
        let list = self.stack.at(start - 1)?;
        if len == start {
            return Ok(());
        }
        if let Some(list) = List::exact(&list) {
            return if single { list.push(cx, self.stack.pop()?) } else { self.stack.append_to(start, &list) };
        }
        if let Some(extend) = cx.attr_opt(&list, "extend")? {
            let items = List::new(cx, len - start)?;
            self.stack.append_to(start, &items)?;
            return cx.call(&extend, (items,)).map(drop);
        }
        let append = cx.attr(&list, "append")?;
        let items = self.stack.tuple_from(start)?;
        items.as_slice().iter().try_for_each(|item| cx.call(&append, (item,)).map(drop))
    }
    /// Sets the keys and values from one on in the dict below them, or in what behaves as one.
    pub fn set_items(&mut self, start: usize) -> Res<()> {
        let cx = self.cx;
        let len = self.stack.len();
        if start > len || start == 0 {
            return Err(self.stack.underflow());
        }
        let dict = self.stack.at(start - 1)?;
        if len == start {
            return Ok(());
        }
        if !(len - start).is_multiple_of(2) {
            return Err(self.error("odd number of items for SETITEMS"));
        }
        let exact = Dict::exact(&dict);
        for at in (start..len).step_by(2) {
            let Some((key, value)) = self.stack.take_pair(at) else { break };
            match &exact {
                Some(dict) => {
                    cx.work(1)?;
                    dict.set(cx, &key, value)?;
                }
                None => cx.set_item(&dict, key, value)?,
            }
        }
        self.stack.truncate(start);
        Ok(())
    }
    /// Adds the objects behind a mark to the set below it, or to what behaves as one.
    pub fn add_items(&mut self) -> Res<()> {
        let cx = self.cx;
        let start = self.stack.unmark()?;
        if start == 0 {
            return Err(self.stack.underflow());
        }
        let set = self.stack.at(start - 1)?;
        if self.stack.len() == start {
            return Ok(());
        }
        let items = self.stack.tuple_from(start)?;
        if let Some(set) = Set::of(&set) {
            for item in items.as_slice() {
                cx.work(1)?;
                set.add(cx, item.clone())?;
            }
            return Ok(());
        }
        let add = cx.attr(&set, "add")?;
        items.as_slice().iter().try_for_each(|item| cx.call(&add, (item,)).map(drop))
    }

    /// A class of the old kind, or what is called as one.
    fn instance(&self, class: &Value, args: Tuple) -> Res {
        let cx = self.cx;
        if args.is_empty() && cx.is_class(class) && cx.attr_opt(class, "__getinitargs__")?.is_none() {
            return cx.call_method(class, "__new__", (class,));
        }
        cx.call(class, args)
    }
    pub fn obj(&mut self) -> Res<()> {
        let start = self.stack.unmark()?;
        if self.stack.len() <= start {
            return Err(self.stack.underflow());
        }
        let args = self.stack.tuple_from(start + 1)?;
        let class = self.stack.pop()?;
        let made = self.instance(&class, args)?;
        self.stack.push(made)
    }
    pub fn inst(&mut self) -> Res<()> {
        let start = self.stack.unmark()?;
        let module = self.name_line("ascii")?;
        let name = self.name_line("ascii")?;
        let class = self.find(module, name)?;
        let args = self.stack.tuple_from(start)?;
        let made = self.instance(&class, args)?;
        self.stack.push(made)
    }
    /// An object that a class's `__new__` makes, with arguments by name or without.
    pub fn new_object(&mut self, named: bool) -> Res<()> {
        let cx = self.cx;
        let names = if named { Some(self.stack.pop()?) } else { None };
        let args = self.stack.pop()?;
        let class = self.stack.pop()?;
        let code = if named { "NEWOBJ_EX" } else { "NEWOBJ" };
        if !cx.is_class(&class) {
            let kind = cx.type_name(&class);
            return Err(self.error(format_args!("{code} class argument must be a type, not {kind}")));
        }
        if !cx.makes_instances(&class) {
            let name = cx.type_name(&class);
            return Err(self.error(format_args!("{code} class argument '{name}' doesn't have __new__")));
        }
        let Some(tuple) = Tuple::of(&args) else {
            let kind = cx.type_name(&args);
            return Err(self.error(format_args!("{code} args argument must be a tuple, not {kind}")));
        };
        let dict = match &names {
            Some(names) => match Dict::of(names) {
                None => {
                    let kind = cx.type_name(names);
                    return Err(self.error(format_args!("{code} kwargs argument must be a dict, not {kind}")));
                }
                dict => dict,
            },
            None => None,
        };
        let made = cx.new_instance(&class, &tuple, dict.as_ref())?;
        self.stack.push(made)
    }
    pub fn reduce(&mut self) -> Res<()> {
        let args = self.stack.pop()?;
        let function = self.stack.pop()?;
        let Some(args) = Tuple::of(&args) else {
            return Err(self.cx.type_error("argument list must be a tuple"));
        };
        let made = self.cx.call(&function, args)?;
        self.stack.push(made)
    }

    /// Gives the object on top its state.
    pub fn build(&mut self) -> Res<()> {
        let cx = self.cx;
        let state = self.stack.pop()?;
        let instance = match self.stack.top() {
            Ok(instance) => instance,
            Err(raised) => {
                self.stack.push(state)?;
                return Err(raised);
            }
        };
        if let Some(set) = cx.attr_opt_of(&instance, &self.state.setstate.look())? {
            return cx.call(&set, (state,)).map(drop);
        }
        let pair = Tuple::of(&state).filter(|pair| pair.len() == 2);
        let (own, members) = match pair.as_ref().map(Tuple::as_slice) {
            Some([own, members]) => (own.clone(), Some(members.clone())),
            _ => (state, None),
        };
        if !own.is_none() {
            let Some(own) = Dict::of(&own) else { return Err(self.error("state is not a dictionary")) };
            self.set_attributes(&instance, &own)?;
        }
        let Some(members) = members else { return Ok(()) };
        let Some(members) = Dict::of(&members) else { return Err(self.error("slot state is not a dictionary")) };
        let mut from = 0;
        while let Some((next, name, value)) = members.next_item(from) {
            cx.set_attr_of(&instance, &name, &value)?;
            from = next;
        }
        Ok(())
    }
    /// Sets an instance's own attributes.
    fn set_attributes(&self, instance: &Value, own: &Dict) -> Res<()> {
        let cx = self.cx;
        let (mut from, mut dict) = (0, None);
        while let Some((next, name, value)) = own.next_item(from) {
            from = next;
            let is_name = Str::exact(&name).is_some();
            if dict.is_none() && is_name && cx.set_own(instance, &name, &value)? {
                continue;
            }
            let dict = match &dict {
                Some(dict) => dict,
                None => dict.insert(cx.attr(instance, "__dict__")?),
            };
            let name = if is_name { cx.intern_value(name)? } else { name };
            cx.set_item(dict, name, value)?;
        }
        // An object without attributes of its own is asked for them all the same.
        if own.is_empty() {
            drop(cx.attr(instance, "__dict__")?);
        }
        Ok(())
    }

    pub fn stack_global(&mut self) -> Res<()> {
        let name = self.stack.pop()?;
        let module = self.stack.pop()?;
        if Str::exact(&name).is_none() || Str::exact(&module).is_none() {
            return Err(self.error("STACK_GLOBAL requires str"));
        }
        let found = self.find(module, name)?;
        self.stack.push(found)
    }
    /// A global, as the unpickler finds it.
    pub fn find(&self, module: Value, name: Value) -> Res {
        match &self.own {
            Some(own) => self.cx.call_method(own, "find_class", (module, name)),
            None => find_class(self.cx, &self.state, self.protocol, self.fix_imports, module, name),
        }
    }
    /// What is registered under a number.
    pub fn by_number(&mut self, number: i64) -> Res<()> {
        let (cx, state) = (self.cx, self.state.clone());
        if number <= 0 {
            return Err(self.error("EXT specifies code <= 0"));
        }
        let key = number.into_value(cx)?;
        if let Some(found) = state.found.dict().map(|found| found.get(cx, &key)).transpose()?.flatten() {
            return self.stack.push(found);
        }
        let Some(pair) = state.by_number.dict().map(|pairs| pairs.get(cx, &key)).transpose()?.flatten() else {
            return Err(cx.value_error(format_args!("unregistered extension code {number}")));
        };
        let (module, name) = match Tuple::exact(&pair).as_ref().map(Tuple::as_slice) {
            Some([module, name]) if cx.is_str(module) && cx.is_str(name) => (module.clone(), name.clone()),
            _ => {
                let message = format_args!("_inverted_registry[{number}] isn't a 2-tuple of strings");
                return Err(cx.value_error(message));
            }
        };
        let made = self.find(module, name)?;
        if let Some(found) = state.found.dict() {
            found.set(cx, &key, &made)?;
        }
        self.stack.push(made)
    }
    /// The object that has a name outside.
    pub fn outside(&mut self, name: Value) -> Res<()> {
        let Some(resolve) = &self.resolve else { return Err(super::unpickler::no_outside(self.cx)) };
        let made = self.cx.call(resolve, (name,))?;
        self.stack.push(made)
    }

    pub fn next_buffer(&mut self) -> Res<()> {
        let Some(buffers) = self.unpickler.buffers.get() else {
            let message = "pickle stream refers to out-of-band data but no *buffers* argument was given";
            return Err(self.error(message));
        };
        match Iter::over(buffers).next(self.cx)? {
            Some(buffer) => self.stack.push(buffer),
            None => Err(self.error("not enough out-of-band buffers")),
        }
    }
    pub fn readonly_buffer(&mut self) -> Res<()> {
        let cx = self.cx;
        let buffer = self.stack.top()?;
        if Bytes::exact(&buffer).is_some() {
            return Ok(());
        }
        let view = cx.call(&cx.builtin("memoryview")?, (buffer,))?;
        if !cx.truth(&cx.attr(&view, "readonly")?)? {
            self.stack.set_top(cx.call_method(&view, "toreadonly", ())?);
        }
        Ok(())
    }
}

/// A global by the names of its module and its own, which old protocols have from Python 2. Runs Python.
pub fn find_class(
    cx: &Cx,
    state: &super::State,
    protocol: u8,
    fix_imports: bool,
    module: Value,
    name: Value,
) -> Res {
    let (module, name) = match protocol < 3 && fix_imports {
        true => of_python3(cx, state, module, name)?,
        false => (module, name),
    };
    let found = import(cx, &module)?;
    if protocol < 4 {
        return cx.attr_of(&found, &name);
    }
    let path = split(cx, &name)?;
    if path.len() == 1 {
        return cx.attr_of(&found, &name);
    }
    follow(cx, &found, &path).map_err(|raised| match cx.catch(raised, "AttributeError") {
        Ok(first) => match (cx.repr(&name), cx.repr(&module)) {
            (Ok(name), Ok(module)) => {
                let message = format_args!("Can't resolve path {name} on module {module}");
                cx.chain(cx.attribute_error(message), first)
            }
            (Err(raised), _) | (_, Err(raised)) => raised,
        },
        Err(raised) => raised,
    })
}

/// What Python 3 calls a global of Python 2.
fn of_python3(cx: &Cx, state: &super::State, module: Value, name: Value) -> Res<(Value, Value)> {
    let key = (&module, &name).into_value(cx)?;
    if let Some(found) = state.names_to_3.dict().map(|names| names.get(cx, &key)).transpose()?.flatten() {
        return match Tuple::of(&found).as_ref().map(Tuple::as_slice) {
            Some([module, name]) if cx.is_str(module) && cx.is_str(name) => Ok((module.clone(), name.clone())),
            Some([module, name]) => {
                let (module, name) = (cx.type_name(module), cx.type_name(name));
                let message =
                    format_args!("_compat_pickle.NAME_MAPPING values should be pairs of str, not ({module}, {name})");
                Err(cx.runtime_error(message))
            }
            _ => {
                let kind = cx.type_name(&found);
                let message = format_args!("_compat_pickle.NAME_MAPPING values should be 2-tuples, not {kind}");
                Err(cx.runtime_error(message))
            }
        };
    }
    match state.modules_to_3.dict().map(|modules| modules.get(cx, &module)).transpose()?.flatten() {
        Some(found) if cx.is_str(&found) => Ok((found, name)),
        Some(found) => {
            let kind = cx.type_name(&found);
            let message = format_args!("_compat_pickle.IMPORT_MAPPING values should be strings, not {kind}");
            Err(cx.runtime_error(message))
        }
        None => Ok((module, name)),
    }
}
