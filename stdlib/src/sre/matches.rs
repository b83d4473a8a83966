//! `re.Match`: where a pattern and its groups have matched.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::pattern::{Kind, Pattern};
use super::program::NOWHERE;
use super::replace::expand;
use super::subject::{Run, Subject};

/// So many places lie in the object itself: of the whole match, and of three groups.
const FEW: usize = 8;

native_type! {
    /// What a pattern has matched.
    "re.Match" = pub struct Match {
        pattern: Obj<Pattern>,
        string: Slot,
        few: Cell<[usize; 8]>,
        /// The places of the groups behind the third.
        more: Own<Option<Vector<usize>>>,
        pos: Cell<usize>,
        endpos: Cell<usize>,
        last: Cell<u32>,
    }
    slots { repr = repr; getitem = get_item; }
    getters {
        /// the number of the last group that matched
        lastindex = |_, this: This<Match>| Some(this.last.get()).filter(|last| *last > 0);
        /// its name
        lastgroup = |_, this: This<Match>| match this.last.get() {
            0 => Value::NONE,
            last => this.pattern.name_of(last as usize),
        };
        /// where all groups begin and end
        regs = regs;
    }
    members {
        /// what was searched
        string = |_, this: This<Match>| this.string.get();
        /// the pattern
        re = |_, this: This<Match>| this.pattern.value().clone();
        /// where the search began
        pos = |_, this: This<Match>| this.pos.get();
        /// where it would have ended
        endpos = |_, this: This<Match>| this.endpos.get();
    }
    methods {
        /// What groups have matched: group([number or name, ...]). Group 0 is the whole match.
        group(*args);
        /// Where a group begins.
        start(group: Given = Given(None) => "0", /);
        /// Where a group ends.
        end(group: Given = Given(None) => "0", /);
        /// Where a group begins and ends.
        span(group: Given = Given(None) => "0", /);
        /// What all groups have matched; default stands for those that have not.
        groups(default: Value = Value::NONE => "None");
        /// The same of the groups with names, by name.
        groupdict(default: Value = Value::NONE => "None");
        /// A text in which groups are named, with what they have matched.
        expand(template: &Value) = expand_template;
        /// The match itself: it does not change.
        __copy__() = copy;
        /// The match itself: it does not change.
        __deepcopy__(memo: &Value, /) = deepcopy;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

type Found<'a> = This<'a, Match>;

/// The match that a run has found.
pub fn of(cx: &Cx, pattern: Obj<Pattern>, string: &Value, run: &Run) -> Res<Obj<Match>> {
    let (marks, mut few) = (run.marks(), [NOWHERE; FEW]);
    (few[0], few[1]) = run.span();
    for (place, mark) in few[2..].iter_mut().zip(marks) {
        *place = *mark;
    }
    let more = match marks.get(FEW - 2..) {
        Some(rest) if !rest.is_empty() => {
            let mut more = cx.vector(rest.len())?;
            more.extend(rest.iter().copied());
            Some(more)
        }
        _ => None,
    };
    cx.new(Match {
        pattern,
        string: Slot::new(string.clone()),
        few: Cell::new(few),
        more: Own::new(more),
        pos: Cell::new(run.pos),
        endpos: Cell::new(run.end),
        last: Cell::new(run.last()),
    })
}

impl Match {
    /// Where a group (0 is the whole match) begins and ends, if it has matched.
    pub fn place(&self, cx: &Cx, group: usize) -> Res<Option<(usize, usize)>> {
        let few = self.few.get();
        let pair = match few.get(group * 2..group * 2 + 2) {
            Some(pair) => (pair[0], pair[1]),
            None => self.more.with(cx, |more| {
                let at = group * 2 - FEW;
                let pair = more.as_ref().and_then(|more| more.get(at..at + 2));
                pair.map_or((NOWHERE, NOWHERE), |pair| (pair[0], pair[1]))
            })?,
        };
        Ok(Some(pair).filter(|pair| pair.0 != NOWHERE && pair.1 != NOWHERE))
    }
    /// How many groups there are, with the whole match.
    fn count(&self) -> usize {
        self.pattern.groups() + 1
    }
    /// What was searched.
    pub fn subject(&self, cx: &Cx) -> Res<Subject> {
        Subject::of(cx, &self.string.get(), Kind::Both)
    }
    /// The pattern.
    pub fn pattern(&self) -> &Obj<Pattern> {
        &self.pattern
    }
    /// The number of a group that is given by number or name. Runs Python; `IndexError`.
    fn number(&self, cx: &Cx, group: &Value) -> Res<usize> {
        let number = if cx.has_index(group) {
            let number = cx.index_i128(group)?;
            number.and_then(|number| usize::try_from(number).ok())
        } else {
            let named = match self.pattern.group_index().map_or(Ok(None), |index| index.get(cx, group)) {
                Ok(named) => named,
                Err(raised) => {
                    drop(cx.catch(raised, "Exception")?);
                    None
                }
            };
            named.and_then(|number| usize::try_from(cx.small_int(&number)?).ok())
        };
        match number {
            Some(number) if number < self.count() => Ok(number),
            _ => Err(cx.index_error("no such group")),
        }
    }
    fn given(&self, cx: &Cx, group: Given) -> Res<usize> {
        group.0.map_or(Ok(0), |group| self.number(cx, &group))
    }
    /// What a group has matched, or else a default.
    fn text(&self, cx: &Cx, subject: &Subject, group: usize, default: &Value) -> Res {
        match self.place(cx, group)? {
            Some((start, end)) => subject.slice(cx, start, end),
            None => Ok(default.clone()),
        }
    }
}

fn get_item(cx: &Cx, this: Found, key: &Value) -> Res {
    let number = this.number(cx, key)?;
    this.text(cx, &this.subject(cx)?, number, &Value::NONE)
}

fn group(cx: &Cx, this: Found, args: Args) -> Res {
    args.no_keywords(cx, "Match.group")?;
    match args.positional() {
        [] => this.text(cx, &this.subject(cx)?, 0, &Value::NONE),
        [one] => get_item(cx, this, one),
        many => {
            let items = List::new(cx, many.len())?;
            for group in many {
                items.push(cx, get_item(cx, this, group)?)?;
            }
            Ok(Tuple::from_iterable(cx, items.value())?.into_value())
        }
    }
}

fn start(cx: &Cx, this: Found, group: Given) -> Res<i64> {
    let number = this.given(cx, group)?;
    Ok(this.place(cx, number)?.map_or(-1, |place| place.0 as i64))
}
fn end(cx: &Cx, this: Found, group: Given) -> Res<i64> {
    let number = this.given(cx, group)?;
    Ok(this.place(cx, number)?.map_or(-1, |place| place.1 as i64))
}
fn span(cx: &Cx, this: Found, group: Given) -> Res {
    let number = this.given(cx, group)?;
    pair(cx, this, number)
}
fn pair(cx: &Cx, this: Found, group: usize) -> Res {
    match this.place(cx, group)? {
        Some((start, end)) => (start, end).into_value(cx),
        None => (-1, -1).into_value(cx),
    }
}
fn regs(cx: &Cx, this: Found) -> Res<Tuple> {
    Tuple::try_from_fn(cx, this.count(), |group| pair(cx, this, group))
}

fn groups(cx: &Cx, this: Found, default: Value) -> Res<Tuple> {
    let subject = this.subject(cx)?;
    Tuple::try_from_fn(cx, this.count() - 1, |group| this.text(cx, &subject, group + 1, &default))
}

fn groupdict(cx: &Cx, this: Found, default: Value) -> Res<Dict> {
    let (result, subject) = (Dict::new(cx)?, this.subject(cx)?);
    let Some(names) = this.pattern.group_index() else { return Ok(result) };
    let mut from = 0;
    while let Some((at, name, number)) = names.next_item(from) {
        let number = this.number(cx, &number)?;
        result.set(cx, &name, this.text(cx, &subject, number, &default)?)?;
        from = at;
    }
    Ok(result)
}

fn repr(cx: &Cx, this: Found) -> Res {
    let place = this.place(cx, 0)?.unwrap_or_default();
    let matched = this.text(cx, &this.subject(cx)?, 0, &Value::NONE)?;
    let shown = cx.repr(&matched)?;
    let mut text = StrWriter::new(cx);
    text.push_str("<")?;
    text.push_str(&cx.type_name(this.value()))?;
    text.push_str(&format!(" object; span=({}, {}), match=", place.0, place.1))?;
    // So much of it is shown.
    match shown.char_indices().nth(50) {
        Some((end, _)) => text.push_str(&shown[..end])?,
        None => text.push_str(&shown)?,
    }
    text.push_str(">")?;
    text.finish()
}

fn expand_template(cx: &Cx, this: Found, template: &Value) -> Res {
    expand(cx, this, template)
}
fn copy(_: &Cx, this: Found) -> Value {
    this.to_value()
}
fn deepcopy(_: &Cx, this: Found, _: &Value) -> Value {
    this.to_value()
}
fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}
