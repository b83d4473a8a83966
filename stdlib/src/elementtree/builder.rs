//! The builder of trees.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::element::Element;
use super::{ERROR, State};

native_type! {
    "xml.etree.ElementTree.TreeBuilder" = pub struct TreeBuilder {
        root: Maybe,
        /// The element that is open; None if none is.
        this: Slot,
        /// The elements that are open around it.
        stack: Values,
        /// The element that began or ended last, to which text belongs.
        last: Slot,
        /// The one whose tail that text is, if it is not the beginning of `last`.
        before: Maybe,
        /// Text that no element has yet, in pieces.
        data: Values,
        element_factory: Maybe,
        comment_factory: Maybe,
        pi_factory: Maybe,
        insert_comments: Cell<bool>,
        insert_pis: Cell<bool>,
        /// What events are given to, and the names of those that are wanted, by their numbers.
        pub append: Maybe,
        pub names: Values,
    }
    flags: SUBCLASS;
    new(*args, **names) = new;
    init(
        element_factory: Value = Value::NONE => "None", *, comment_factory: Value = Value::NONE => "None", pi_factory: Value = Value::NONE => "None",
        insert_comments: bool = False, insert_pis: bool = False
    ) = init;
    methods {
        /// Adds text to what is open, or behind what has ended.
        data(data: Value, /) = add_data;
        /// Begins an element.
        start(tag: Value, attrs: Value, /) = start_with;
        /// Ends an element.
        end(tag: Value, /) = end_tag;
        /// Makes a comment.
        comment(text: Value, /) = add_comment;
        /// Makes a processing instruction.
        pi(target: Value, text: Value = Value::NONE => "None", /) = add_pi;
        /// The element that is the whole tree.
        close() = close;
    }
}

/// The kinds of events, by their numbers in `names`.
pub const EVENTS: [&str; 6] = ["start", "end", "start-ns", "end-ns", "comment", "pi"];
pub const START: usize = 0;
pub const END: usize = 1;
pub const START_NS: usize = 2;
pub const END_NS: usize = 3;
pub const COMMENT: usize = 4;
pub const PI: usize = 5;

impl TreeBuilder {
    /// One that makes elements, but of comments and processing instructions their texts alone.
    pub fn new() -> TreeBuilder {
        TreeBuilder {
            root: Maybe::EMPTY,
            this: Slot::default(),
            stack: Values::default(),
            last: Slot::default(),
            before: Maybe::EMPTY,
            data: Values::default(),
            element_factory: Maybe::EMPTY,
            comment_factory: Maybe::EMPTY,
            pi_factory: Maybe::EMPTY,
            insert_comments: Cell::new(false),
            insert_pis: Cell::new(false),
            append: Maybe::EMPTY,
            names: Values::default(),
        }
    }

    // ---- events ---------------------------------------------------------------------------------------------------------

    /// Whether events of a kind are wanted.
    pub fn wants(&self, event: usize) -> bool {
        self.append.is_some() && self.names.look(event).is_some_and(|name| !name.is_none())
    }
    /// Tells an event, if it is wanted. Runs Python.
    pub fn tell(&self, cx: &Cx, event: usize, about: Value) -> Res<()> {
        let Some(append) = self.append.get() else { return Ok(()) };
        match self.names.get(event) {
            Some(name) if !name.is_none() => cx.call(&append, ((name, about).into_value(cx)?,)).map(drop),
            _ => Ok(()),
        }
    }

    // ---- text -----------------------------------------------------------------------------------------------------------

    /// Adds text. What comes before the first element is left out.
    pub fn text(&self, cx: &Cx, text: Value) -> Res<()> {
        if self.last.is_none() {
            return Ok(());
        }
        self.data.push_back(cx, text)
    }
    /// Gives the element the text that it has not got yet.
    fn flush(&self, cx: &Cx) -> Res<()> {
        let Some(first) = self.data.pop_front() else { return Ok(()) };
        let text = if self.data.is_empty() { first } else { self.join(cx, first)? };
        let (element, is_tail) = match self.before.get() {
            Some(element) => (element, true),
            None => (self.last.get(), false),
        };
        let name = if is_tail { "tail" } else { "text" };
        if cx.is_exact::<Element>(&element)
            && let Some(body) = element.body::<Element>()
        {
            let part = if is_tail { &body.tail } else { &body.text };
            if part.is_none() {
                part.set(text);
                return Ok(());
            }
        }
        let before = cx.attr(&element, name)?;
        let text = if before.is_none() { text } else { cx.binary(BinaryOp::Add, &before, &text)? };
        cx.set_attr(&element, name, text)
    }
    fn join(&self, cx: &Cx, first: Value) -> Res {
        let pieces = List::new(cx, self.data.len() + 1)?;
        pieces.push(cx, first)?;
        while let Some(piece) = self.data.pop_front() {
            pieces.push(cx, piece)?;
        }
        cx.call_method(&cx.intern("")?, "join", (pieces,))
    }

    // ---- elements -------------------------------------------------------------------------------------------------------

    /// Begins an element.
    pub fn start(&self, cx: &Cx, tag: Value, attrib: Option<Value>) -> Res {
        self.flush(cx)?;
        let node = match self.element_factory.get() {
            None => cx.new(Element::new(tag, attrib))?.into_value(),
            Some(factory) => {
                let attrib = match attrib {
                    Some(attrib) => attrib,
                    None => Dict::new(cx)?.into_value(),
                };
                cx.call(&factory, (tag, attrib))?
            }
        };
        let this = self.this.get();
        self.before.set(None);
        if !this.is_none() {
            add_below(cx, &this, &node)?;
        } else if self.root.is_some() {
            return Err(cx.raise_of(&ERROR, "multiple elements on top level"));
        } else {
            self.root.set(Some(node.clone()));
        }
        self.stack.push_back(cx, this)?;
        self.this.set(node.clone());
        self.last.set(node.clone());
        self.tell(cx, START, node.clone())?;
        Ok(node)
    }
    /// Ends the element that is open.
    pub fn end(&self, cx: &Cx) -> Res {
        self.flush(cx)?;
        let Some(around) = self.stack.pop_back() else {
            return Err(cx.index_error("pop from empty stack"));
        };
        let ended = self.this.replace(around);
        self.last.set(ended.clone());
        self.before.set(Some(ended.clone()));
        self.tell(cx, END, ended.clone())?;
        Ok(ended)
    }
    /// Makes a comment.
    pub fn comment(&self, cx: &Cx, text: Value) -> Res {
        self.flush(cx)?;
        let comment = match self.comment_factory.get() {
            Some(factory) => {
                let made = cx.call(&factory, (text,))?;
                self.insert(cx, &made, self.insert_comments.get())?;
                made
            }
            None => text,
        };
        self.tell(cx, COMMENT, comment.clone())?;
        Ok(comment)
    }
    /// Makes a processing instruction.
    pub fn pi(&self, cx: &Cx, target: Value, text: Value) -> Res {
        self.flush(cx)?;
        let pi = match self.pi_factory.get() {
            Some(factory) => {
                let made = cx.call(&factory, (target, text))?;
                self.insert(cx, &made, self.insert_pis.get())?;
                made
            }
            None => (target, text).into_value(cx)?,
        };
        self.tell(cx, PI, pi.clone())?;
        Ok(pi)
    }
    /// Puts something that is no element of its own into the tree, if that is wanted, and one is open.
    fn insert(&self, cx: &Cx, node: &Value, wanted: bool) -> Res<()> {
        let this = self.this.get();
        if !wanted || this.is_none() {
            return Ok(());
        }
        add_below(cx, &this, node)?;
        self.before.set(Some(node.clone()));
        Ok(())
    }
    /// The element that is the whole tree, or None.
    pub fn root(&self) -> Value {
        self.root.get().unwrap_or(Value::NONE)
    }
}

/// Adds a node to an element.
fn add_below(cx: &Cx, element: &Value, node: &Value) -> Res<()> {
    if cx.is_exact::<Element>(element)
        && let Some(element) = element.body::<Element>()
    {
        return super::children::append(cx, element, node.clone());
    }
    cx.call_method(element, "append", (node,)).map(drop)
}

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, TreeBuilder::new())
}

fn init(
    cx: &Cx,
    this: This<TreeBuilder>,
    element: Value,
    comment: Value,
    pi: Value,
    insert_comments: bool,
    insert_pis: bool,
) -> Res<()> {
    let state = cx.state::<State>()?;
    let given = |factory: Value| Some(factory).filter(|factory| !factory.is_none());
    this.element_factory.set(given(element));
    let comment = given(comment).or_else(|| state.comment.get());
    this.insert_comments.set(insert_comments && comment.is_some());
    this.comment_factory.set(comment);
    let pi = given(pi).or_else(|| state.pi.get());
    this.insert_pis.set(insert_pis && pi.is_some());
    this.pi_factory.set(pi);
    Ok(())
}

fn add_data(cx: &Cx, this: This<TreeBuilder>, data: Value) -> Res<()> {
    this.text(cx, data)
}
fn start_with(cx: &Cx, this: This<TreeBuilder>, tag: Value, attrs: Value) -> Res {
    if Dict::of(&attrs).is_none() {
        let kind = cx.arg_name(&attrs);
        return Err(cx.type_error(format_args!("start() argument 2 must be dict, not {kind}")));
    }
    this.start(cx, tag, Some(attrs))
}
fn end_tag(cx: &Cx, this: This<TreeBuilder>, _: Value) -> Res {
    this.end(cx)
}
fn add_comment(cx: &Cx, this: This<TreeBuilder>, text: Value) -> Res {
    this.comment(cx, text)
}
fn add_pi(cx: &Cx, this: This<TreeBuilder>, target: Value, text: Value) -> Res {
    this.pi(cx, target, text)
}
fn close(_: &Cx, this: This<TreeBuilder>) -> Value {
    this.root()
}
