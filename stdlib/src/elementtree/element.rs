//! Elements: their type, their tags, texts and attributes.

use ryokan_vm::native::*;

use super::children::{append, count, extend, get_item, insert, remove, set_item};
use super::copies::{copy, deepcopy, get_state, set_state};
use super::find::{find, find_all, find_text, iter_find};
use super::iterate::{iter, iter_text};

native_type! {
    "xml.etree.ElementTree.Element" = pub struct Element {
        pub tag: Slot,
        pub text: Slot,
        pub tail: Slot,
        /// Attributes, if it ever had any: a dict, unless `__setstate__` has put something else there.
        pub attrib: Maybe,
        pub children: Values,
    }
    flags: SUBCLASS, WEAKREF;
    new(*args, **names) = new;
    init(*args, **names) = init;
    slots { repr = repr; bool = truth; len = count; getitem = get_item; setitem = set_item; }
    attributes {
        /// The name.
        tag = |_, this: This<Element>| this.tag.get(), |cx: &Cx, this: This<Element>, value| set(cx, &this.tag, value);
        /// The text before the first child.
        text = |_, this: This<Element>| this.text.get(), |cx: &Cx, this: This<Element>, value| set(cx, &this.text, value);
        /// The text behind the end.
        tail = |_, this: This<Element>| this.tail.get(), |cx: &Cx, this: This<Element>, value| set(cx, &this.tail, value);
        /// The attributes.
        attrib = |cx: &Cx, this: This<Element>| this.attributes(cx), set_attributes;
    }
    methods {
        /// Takes attributes, texts and children away.
        clear();
        /// An attribute, or something else if there is none.
        get(key: Value, default: Value = Value::NONE => "None");
        /// Gives an attribute a value.
        set(key: Value, value: Value, /) = set_attribute;
        /// The first child that a path leads to, or None.
        find(path: Value, namespaces: Value = Value::NONE => "None");
        /// The text of the first child that a path leads to.
        findtext(path: Value, default: Value = Value::NONE => "None", namespaces: Value = Value::NONE => "None") = find_text;
        /// All that a path leads to.
        findall(path: Value, namespaces: Value = Value::NONE => "None") = find_all;
        /// Adds a child as the last one.
        append(subelement: Value, /) = append_one;
        /// Adds the elements of an iterable as the last ones.
        extend(elements: Value, /);
        /// Adds a child at a place.
        insert(index: Value, subelement: Value, /);
        /// Takes a child away: this one, or the first that is equal to it.
        remove(subelement: Value, /);
        /// It, and all that is below it, with a tag if one is given.
        iter(tag: Value = Value::NONE => "None");
        /// All texts in it, from the first to the last.
        itertext() = iter_text;
        /// All that a path leads to, one after the other.
        iterfind(path: Value, namespaces: Value = Value::NONE => "None") = iter_find;
        /// The attributes, as pairs.
        items();
        /// The names of the attributes.
        keys();
        /// A new element, not in any other.
        makeelement(tag: Value, attrib: Value, /) = make_element;
        /// Another element with the same children.
        __copy__() = copy;
        /// Another element with copies of the children.
        __deepcopy__(memo: Value, /) = deepcopy;
        /// How many bytes it has.
        __sizeof__() = size;
        /// What pickling keeps.
        __getstate__() = get_state;
        /// Puts back what pickling has kept.
        __setstate__(state: Value, /) = set_state;
    }
}

impl Element {
    /// One without children.
    pub fn new(tag: Value, attrib: Option<Value>) -> Element {
        Element {
            tag: Slot::new(tag),
            text: Slot::default(),
            tail: Slot::default(),
            attrib: attrib.map_or(Maybe::EMPTY, Maybe::new),
            children: Values::default(),
        }
    }
    /// The attributes, from now on a dict.
    pub fn attributes(&self, cx: &Cx) -> Res {
        if let Some(attrib) = self.attrib.get() {
            return Ok(attrib);
        }
        let made = Dict::new(cx)?.into_value();
        self.attrib.set(Some(made.clone()));
        Ok(made)
    }
    /// The attributes as a dict, if there are any. `SystemError` if they are something else.
    pub fn dict(&self, cx: &Cx) -> Res<Option<Dict>> {
        let Some(attrib) = self.attrib.get() else { return Ok(None) };
        match Dict::of(&attrib) {
            Some(dict) => Ok(Some(dict)),
            None => Err(cx.system_error("bad argument to internal function")),
        }
    }
}

/// `TypeError` unless a value is an element.
pub fn expect(cx: &Cx, value: &Value) -> Res<()> {
    if value.body::<Element>().is_some() {
        return Ok(());
    }
    let kind = cx.type_name(value);
    Err(cx.type_error(format_args!("expected an Element, not \"{kind}\"")))
}

// ---- making them ----------------------------------------------------------------------------------------------------

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, Element::new(Value::NONE, None))
}

/// The tag and a dict of attributes of arguments, of which so many come first. `TypeError`.
fn parts(cx: &Cx, function: &str, args: Args, before: usize) -> Res<(Value, Option<Dict>)> {
    let (positional, least) = (args.positional(), before + 1);
    let count = positional.len();
    if !(least..=least + 1).contains(&count) {
        let (how, bound) = if count < least { ("at least", least) } else { ("at most", least + 1) };
        let s = if bound == 1 { "" } else { "s" };
        return Err(cx.type_error(format_args!("{function}() takes {how} {bound} argument{s} ({count} given)")));
    }
    let given = positional.get(least).or_else(|| args.get_named(cx, "attrib"));
    let mut attrib = None;
    if let Some(given) = given {
        let Some(dict) = Dict::of(given) else {
            let kind = cx.arg_name(given);
            return Err(match positional.get(least) {
                Some(_) => cx.type_error(format_args!(
                    "{function}() argument {} must be dict, not {kind}",
                    least + 1
                )),
                None => cx.type_error(format_args!("attrib must be dict, not {kind}")),
            });
        };
        attrib = Some(dict.copy(cx)?);
    }
    for (name, value) in args.named() {
        // As a keyword it is the dict; behind a dict it is an attribute like others.
        if positional.len() == least && Str::of(name).is_some_and(|name| name.ascii() == Some("attrib")) {
            continue;
        }
        let dict = match attrib.take() {
            Some(dict) => dict,
            None => Dict::new(cx)?,
        };
        dict.set(cx, name, value)?;
        attrib = Some(dict);
    }
    Ok((positional[before].clone(), attrib))
}

fn init(cx: &Cx, this: This<Element>, args: Args) -> Res<()> {
    let (tag, attrib) = parts(cx, "Element", args, 0)?;
    this.attrib.set(attrib.map(Dict::into_value));
    this.tag.set(tag);
    this.text.set(Value::NONE);
    this.tail.set(Value::NONE);
    Ok(())
}

pub fn sub_element(cx: &Cx, args: Args) -> Res<Obj<Element>> {
    let (tag, attrib) = parts(cx, "SubElement", args, 1)?;
    let parent = &args.positional()[0];
    let Some(parent) = parent.body::<Element>() else {
        let kind = cx.arg_name(parent);
        let message =
            format_args!("SubElement() argument 1 must be xml.etree.ElementTree.Element, not {kind}");
        return Err(cx.type_error(message));
    };
    let made = cx.new(Element::new(tag, attrib.map(Dict::into_value)))?;
    parent.children.push_back(cx, made.value().clone())?;
    Ok(made)
}

fn make_element(cx: &Cx, _: This<Element>, tag: Value, attrib: Value) -> Res<Obj<Element>> {
    let Some(attrib) = Dict::of(&attrib) else {
        let kind = cx.arg_name(&attrib);
        return Err(cx.type_error(format_args!("makeelement() argument 2 must be dict, not {kind}")));
    };
    cx.new(Element::new(tag, Some(attrib.copy(cx)?.into_value())))
}

// ---- parts ----------------------------------------------------------------------------------------------------------

/// Puts a value into a part of an element. `AttributeError` if it is to be deleted.
fn set(cx: &Cx, part: &Slot, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) => {
            part.set(value.clone());
            Ok(())
        }
        None => Err(cx.attribute_error("can't delete element attribute")),
    }
}
fn set_attributes(cx: &Cx, this: This<Element>, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if Dict::of(value).is_some() => {
            this.attrib.set(Some(value.clone()));
            Ok(())
        }
        Some(value) => {
            let kind = cx.type_name(value);
            Err(cx.type_error(format_args!("attrib must be dict, not {kind}")))
        }
        None => Err(cx.attribute_error("can't delete element attribute")),
    }
}

fn clear(_: &Cx, this: This<Element>) {
    this.attrib.set(None);
    this.children.clear();
    this.text.set(Value::NONE);
    this.tail.set(Value::NONE);
}

fn get(cx: &Cx, this: This<Element>, key: Value, default: Value) -> Res {
    match this.dict(cx)? {
        Some(dict) => Ok(dict.get(cx, &key)?.unwrap_or(default)),
        None => Ok(default),
    }
}
fn set_attribute(cx: &Cx, this: This<Element>, key: Value, value: Value) -> Res<()> {
    drop(this.attributes(cx)?);
    match this.dict(cx)? {
        Some(dict) => dict.set(cx, &key, value),
        None => Ok(()),
    }
}
fn items(cx: &Cx, this: This<Element>) -> Res<List> {
    listed(cx, this, |key, value| (key, value).into_value(cx))
}
fn keys(cx: &Cx, this: This<Element>) -> Res<List> {
    listed(cx, this, |key, _| Ok(key))
}
/// A list of something of each attribute.
fn listed(cx: &Cx, this: This<Element>, of: impl Fn(Value, Value) -> Res) -> Res<List> {
    let list = List::new(cx, 0)?;
    if let Some(dict) = this.dict(cx)? {
        let mut from = 0;
        while let Some((at, key, value)) = dict.next_item(from) {
            list.push(cx, of(key, value)?)?;
            cx.work(1)?;
            from = at;
        }
    }
    Ok(list)
}

fn append_one(cx: &Cx, this: This<Element>, subelement: Value) -> Res<()> {
    if subelement.body::<Element>().is_none() {
        let kind = cx.arg_name(&subelement);
        let message = format_args!("append() argument 1 must be xml.etree.ElementTree.Element, not {kind}");
        return Err(cx.type_error(message));
    }
    append(cx, &this, subelement)
}

fn truth(cx: &Cx, this: This<Element>) -> Res<bool> {
    cx.warn(
        "DeprecationWarning",
        "Testing an element's truth value will always return True in future versions.  Use specific 'len(elem)' or \
         'elem is not None' test instead.",
    )?;
    Ok(!this.children.is_empty())
}

fn repr(cx: &Cx, this: This<Element>) -> Res {
    let shown = cx.repr_once(this.value(), || {
        let (tag, address) = (cx.repr(&this.tag.get())?, cx.id(this.value()));
        format_args!("<Element {tag} at {address:#x}>").into_value(cx)
    })?;
    shown.ok_or(()).map_err(|()| {
        let kind = cx.type_name(this.value());
        cx.runtime_error(format_args!("reentrant call inside {kind}.__repr__"))
    })
}

/// What CPython's element takes, and what it has beside it if there are attributes or children: room for four of these, or for all.
fn size(_: &Cx, this: This<Element>) -> usize {
    let children = this.children.len();
    match children {
        0 if !this.attrib.is_some() => 56,
        0..=4 => 56 + 64,
        _ => 56 + 64 + children * size_of::<Value>(),
    }
}
