//! Writing objects that say themselves, or whose class says, how they are made again.

use ryokan_vm::native::*;

use super::save::Saver;
use super::{full_name, op};

/// What `__reduce__` gives, or what takes its place.
struct Reduced {
    maker: Value,
    args: Tuple,
    state: Option<Value>,
    items: Option<Iter>,
    pairs: Option<Iter>,
    setter: Option<Value>,
}

/// How an object is made: by a call, or by its class's `__new__`.
enum Making {
    Call,
    New,
    NewNamed,
}

impl Saver<'_> {
    /// An object of none of the types that have opcodes.
    pub fn other(&mut self, kind: Plain, object: &Value) -> Res<()> {
        let cx = self.cx;
        if let Some(reducer) = &self.reducer {
            let answer = cx.call(reducer, (object,))?;
            if !answer.is_not_implemented() {
                return self.reduced(&answer, object);
            }
        }
        match kind {
            Plain::Class => return self.class(object),
            Plain::Function => return self.global(object, None),
            _ => {}
        }
        let class = cx.class_of(object);
        if self.unseen
            && let Some((plain, when)) = &self.plain_class
            && plain.is(&class)
            && *when == cx.class_epoch()
        {
            return self.instance(object, &class);
        }
        let function = match self.pickler.table.get() {
            None => self.state.reducers.dict().map(|table| table.get(cx, &class)).transpose()?.flatten(),
            Some(table) => item_opt(cx, &table, &class)?,
        };
        if let Some(function) = function {
            self.settle()?;
            let answer = cx.call(&function, (object,))?;
            return self.reduced(&answer, object);
        }
        if cx.is_class(object) {
            return self.global(object, None);
        }
        if self.unseen && cx.is_plain_instance(object)? {
            self.plain_class = Some((class.clone(), cx.class_epoch()));
            return self.instance(object, &class);
        }
        self.told_by_itself(object)
    }
    /// An object that is asked itself.
    fn told_by_itself(&mut self, object: &Value) -> Res<()> {
        let cx = self.cx;
        self.settle()?;
        if let Some(reduce) = cx.attr_opt_of(object, &self.state.reduce_ex.look())? {
            let answer = cx.call(&reduce, (i64::from(self.protocol),))?;
            return self.reduced(&answer, object);
        }
        if let Some(reduce) = cx.attr_opt_of(object, &self.state.reduce.look())? {
            let answer = cx.call(&reduce, ())?;
            return self.reduced(&answer, object);
        }
        let (kind, shown) = (cx.type_name(object), cx.repr(object)?);
        Err(self.error(format_args!("can't pickle '{kind}' object: {shown}")))
    }
    /// Makes the dicts that were written without being there. Python is about to run, which may have them, too.
    pub fn settle(&mut self) -> Res<()> {
        while let Some((index, owner)) = self.unmade.pop() {
            let dict = self.cx.instance_dict(&owner)?;
            self.pickler.memo.fill(index, dict.value());
        }
        self.plain_class = None;
        Ok(())
    }
    /// An instance that is nothing but its class and its attributes: what `object.__reduce_ex__` tells of it, at once.
    fn instance(&mut self, object: &Value, class: &Value) -> Res<()> {
        let (cx, state) = (self.cx, self.state.clone());
        let except = [&state.reduce_ex.look(), &state.reduce.look(), &state.getstate.look()];
        let Some(own) = cx.own_attributes(object, &except) else { return self.told_by_itself(object) };
        self.attributes(object, class, &own).map_err(|raised| {
            self.noted(raised, || Ok(format!("when serializing {} object", full_name(cx, object))))
        })
    }
    fn attributes(&mut self, object: &Value, class: &Value, own: &OwnAttributes) -> Res<()> {
        let cx = self.cx;
        self.part(class, object, "class")?;
        self.out.between()?;
        self.out.push(&[op::EMPTY_TUPLE])?;
        self.out.byte(op::NEWOBJ)?;
        if let Some(number) = self.pickler.memo.get(object) {
            self.out.byte(op::POP)?;
            return self.get(number);
        }
        self.put(object)?;
        if own.is_empty() {
            return Ok(());
        }
        self.out.between()?;
        cx.check_stack()?;
        self.out.byte(op::EMPTY_DICT)?;
        let index = self.pickler.memo.reserve(cx)?;
        self.number(index)?;
        cx.reserve(&mut self.unmade, 1)?;
        self.unmade.push((index, object.clone()));
        self.values(object, own).map_err(|raised| {
            self.noted(raised, || Ok(format!("when serializing {} state", full_name(cx, object))))
        })?;
        self.out.byte(op::BUILD)
    }
    fn values(&mut self, object: &Value, own: &OwnAttributes) -> Res<()> {
        let cx = self.cx;
        let many = own.len() > 1;
        if many {
            self.out.byte(op::MARK)?;
        }
        for at in 0..own.len() {
            let found = match own.look(cx, object, at) {
                Some(found) => Some(found),
                // What Python did meanwhile may have given it a dict, with the same items so far.
                None => {
                    let dict = cx.instance_dict(object)?;
                    (dict.len() == own.len()).then(|| dict.key_at(at).zip(dict.value_at(at))).flatten()
                }
            };
            let Some((name, value)) = found else {
                return Err(cx.runtime_error("dictionary changed size during iteration"));
            };
            self.save(&name)?;
            self.save(&value).map_err(|raised| {
                self.noted(raised, || Ok(format!("when serializing dict item {}", cx.repr(&name)?)))
            })?;
        }
        self.out.byte(if many { op::SETITEMS } else { op::SETITEM })
    }

    /// A class: those of the singletons have no name that is found.
    fn class(&mut self, object: &Value) -> Res<()> {
        for single in [Value::NONE, Value::ELLIPSIS, Value::NOT_IMPLEMENTED] {
            if self.cx.class_of(&single).is(object) {
                let answer = (self.cx.builtin("type")?, (single,)).into_value(self.cx)?;
                return self.reduced_again(&answer, object);
            }
        }
        self.global(object, None)
    }

    /// What was told of an object: the name of a global, or a tuple.
    fn reduced(&mut self, answer: &Value, object: &Value) -> Res<()> {
        if self.cx.is_str(answer) {
            return self.global(object, Some(answer));
        }
        self.told(answer, object).map_err(|raised| {
            self.noted(raised, || Ok(format!("when serializing {} object", full_name(self.cx, object))))
        })
    }
    fn told(&mut self, answer: &Value, object: &Value) -> Res<()> {
        match Tuple::of(answer) {
            Some(_) => self.reduced_again(answer, object),
            None => {
                let kind = full_name(self.cx, answer);
                Err(self.error(format_args!("__reduce__ must return a string or tuple, not {kind}")))
            }
        }
    }

    /// The parts of what was told, each of its kind. `PicklingError`.
    fn parts(&self, answer: &Tuple) -> Res<Reduced> {
        let parts = answer.as_slice();
        if !(2..=6).contains(&parts.len()) {
            return Err(self.error("tuple returned by __reduce__ must contain 2 through 6 elements"));
        }
        let wrong = |which: &str, what: &str, part: &Value| {
            let kind = full_name(self.cx, part);
            self.error(format_args!("{which} item of the tuple returned by __reduce__ must be {what}, not {kind}"))
        };
        let part = |at: usize| parts.get(at).filter(|part| !part.is_none());
        let iterator = |at: usize, which: &str| match part(at) {
            Some(items) if self.cx.is_iterator(items) => Ok(Some(Iter::over(items.clone()))),
            Some(other) => Err(wrong(which, "an iterator", other)),
            None => Ok(None),
        };
        if !self.cx.is_callable(&parts[0]) {
            return Err(wrong("first", "callable", &parts[0]));
        }
        let args = Tuple::of(&parts[1]).ok_or(()).map_err(|()| wrong("second", "a tuple", &parts[1]))?;
        let (items, pairs) = (iterator(3, "fourth")?, iterator(4, "fifth")?);
        if let Some(setter) = part(5).filter(|setter| !self.cx.is_callable(setter)) {
            return Err(wrong("sixth", "callable", setter));
        }
        Ok(Reduced { maker: parts[0].clone(), args, state: part(2).cloned(), items, pairs, setter: part(5).cloned() })
    }
    /// A part of an object, and what it is of it.
    fn part(&mut self, part: &Value, of: &Value, what: &str) -> Res<()> {
        self.save(part)
            .map_err(|raised| self.noted(raised, || Ok(format!("when serializing {} {what}", full_name(self.cx, of)))))
    }
    fn making(&self, maker: &Value) -> Res<Making> {
        if self.protocol < 2 {
            return Ok(Making::Call);
        }
        let name = self.cx.attr_opt_of(maker, &self.state.name.look())?;
        Ok(match name.as_ref().and_then(Str::of).as_ref().and_then(Str::ascii) {
            Some("__newobj__") => Making::New,
            Some("__newobj_ex__") => Making::NewNamed,
            _ => Making::Call,
        })
    }

    /// An object as what makes it again, and is told with which arguments, state and items.
    pub fn reduced_again(&mut self, answer: &Value, object: &Value) -> Res<()> {
        let Some(answer) = Tuple::of(answer) else { return Ok(()) };
        let Reduced { maker, args, state, items, pairs, setter } = self.parts(&answer)?;
        match self.making(&maker)? {
            Making::Call => {
                self.part(&maker, object, "reconstructor")?;
                self.part(args.value(), object, "reconstructor arguments")?;
                self.out.byte(op::REDUCE)?;
            }
            Making::New => self.new_object(&args, object)?,
            Making::NewNamed => self.new_named_object(&args, object)?,
        }
        // If it is remembered by now it lies in itself: what was written of it is of no use.
        if let Some(number) = self.pickler.memo.get(object) {
            self.out.byte(op::POP)?;
            return self.get(number);
        }
        self.put(object)?;
        if let Some(items) = items {
            self.append_all(&items, object)?;
        }
        if let Some(pairs) = pairs {
            self.set_all(&pairs, object)?;
        }
        let Some(state) = state else { return Ok(()) };
        let Some(setter) = setter else {
            self.part(&state, object, "state")?;
            return self.out.byte(op::BUILD);
        };
        self.part(&setter, object, "state setter")?;
        self.save(object)?;
        self.part(&state, object, "state")?;
        self.out.push(&[op::TUPLE2])?;
        self.out.byte(op::REDUCE)?;
        self.out.byte(op::POP)
    }
    fn new_object(&mut self, args: &Tuple, object: &Value) -> Res<()> {
        let cx = self.cx;
        let Some((class, rest)) = args.as_slice().split_first() else {
            return Err(self.error("__newobj__ expected at least 1 argument, got 0"));
        };
        if !cx.is_class(class) {
            let kind = full_name(cx, class);
            return Err(self.error(format_args!("first argument to __newobj__() must be a class, not {kind}")));
        }
        let own = cx.attr(object, "__class__")?;
        if !own.is(class) {
            let (own, class) = (cx.repr(&own)?, cx.repr(class)?);
            return Err(self.error(format_args!("first argument to __newobj__() must be {own}, not {class}")));
        }
        self.part(class, object, "class")?;
        let rest = Tuple::from_fn(cx, rest.len(), |at| rest[at].clone())?;
        self.part(rest.value(), object, "__new__ arguments")?;
        self.out.byte(op::NEWOBJ)
    }
    fn new_named_object(&mut self, args: &Tuple, object: &Value) -> Res<()> {
        let cx = self.cx;
        let [class, args, names] = args.as_slice() else {
            let count = args.len();
            return Err(self.error(format_args!("__newobj_ex__ expected 3 arguments, got {count}")));
        };
        for (which, what, right, part) in [
            ("first", "class", cx.is_class(class), class),
            ("second", "tuple", Tuple::of(args).is_some(), args),
            ("third", "dict", Dict::of(names).is_some(), names),
        ] {
            if !right {
                let kind = full_name(cx, part);
                let message = format_args!("{which} argument to __newobj_ex__() must be a {what}, not {kind}");
                return Err(self.error(message));
            }
        }
        if self.protocol >= 4 {
            self.part(class, object, "class")?;
            self.part(args, object, "__new__ arguments")?;
            self.part(names, object, "__new__ arguments")?;
            return self.out.byte(op::NEWOBJ_EX);
        }
        // Older protocols make a function that makes the object.
        let (Some(tuple), Some(names)) = (Tuple::of(args), Dict::of(names)) else { return Ok(()) };
        let all = List::new(cx, tuple.len() + 2)?;
        all.push(cx, cx.attr(class, "__new__")?)?;
        all.push(cx, class)?;
        tuple.as_slice().iter().try_for_each(|arg| all.push(cx, arg))?;
        let maker = cx.call_spread(&self.state.partial.get(), &all, &names)?;
        self.part(&maker, object, "reconstructor")?;
        self.save(&self.nothing()?)?;
        self.out.byte(op::REDUCE)
    }
}

/// `mapping[key]`, or nothing if it has no such key. Runs Python.
fn item_opt(cx: &Cx, mapping: &Value, key: &Value) -> Res<Option<Value>> {
    if let Some(dict) = Dict::exact(mapping) {
        return dict.get(cx, key);
    }
    match cx.item(mapping, key) {
        Ok(found) => Ok(Some(found)),
        Err(raised) => cx.catch(raised, "KeyError").map(|_| None),
    }
}
