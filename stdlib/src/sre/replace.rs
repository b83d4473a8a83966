//! Texts in which groups are named, and replacing matches by them.

use ryokan_vm::native::*;

use super::matches::{self, Match};
use super::pattern::Pattern;
use super::subject::{How, Out, Run, Subject};

native_type! {
    /// A text with groups in it: literals, and a group before each of them but the first.
    "_sre.SRE_Template" = pub struct Template { first: Slot, groups: Own<Option<Vector<u32>>>, literals: Tuple }
}

/// `_sre.template`: of a list of literals and numbers of groups, by turns.
pub fn template(cx: &Cx, pattern: &Value, parts: List) -> Res<Obj<Template>> {
    let _ = pattern;
    let invalid = || cx.type_error("invalid template");
    let count = parts.len();
    if count.is_multiple_of(2) {
        return Err(invalid());
    }
    cx.work((count / 8) as u64)?;
    let mut groups = cx.vector(count / 2)?;
    let literals = List::new(cx, count / 2)?;
    let first = parts.get(0).unwrap_or_default();
    for at in 0..count / 2 {
        let (group, literal) = (parts.get(at * 2 + 1), parts.get(at * 2 + 2));
        let (Some(group), Some(literal)) = (group, literal) else { return Err(invalid()) };
        if !cx.is_int(&group) {
            return Err(cx.type_error("an integer is required"));
        }
        let group = cx.small_int(&group).and_then(|group| u32::try_from(group).ok());
        groups.push(group.ok_or(()).map_err(|()| invalid())?);
        literals.push(cx, literal)?;
    }
    let literals = Tuple::from_iterable(cx, literals.value())?;
    cx.new(Template { first: Slot::new(first), groups: Own::new(Some(groups)), literals })
}

impl Template {
    /// The text itself, if no group is in it.
    fn plain(&self) -> Option<Value> {
        self.literals.is_empty().then(|| self.first.get())
    }
    fn group(&self, cx: &Cx, at: usize) -> Res<usize> {
        let group = self.groups.with(cx, |groups| groups.as_ref().and_then(|groups| groups.get(at).copied()))?;
        Ok(group.unwrap_or(0) as usize)
    }
    /// Writes it, with what groups have matched.
    fn write(
        &self,
        cx: &Cx,
        subject: &Subject,
        out: &mut Out,
        place: impl Fn(usize) -> Res<Option<(usize, usize)>>,
    ) -> Res<()> {
        add_literal(cx, out, &self.first.get())?;
        for at in 0..self.literals.len() {
            if let Some((start, end)) = place(self.group(cx, at)?)? {
                subject.add_to(cx, out, start, end)?;
            }
            if let Some(literal) = self.literals.get(at) {
                add_literal(cx, out, &literal)?;
            }
        }
        Ok(())
    }
}

/// Adds a literal, but no empty one: that may be of another type.
fn add_literal(cx: &Cx, out: &mut Out, literal: &Value) -> Res<()> {
    let empty = match (Str::of(literal), Bytes::of(literal)) {
        (Some(text), _) => text.is_empty(),
        (_, Some(bytes)) => bytes.as_slice().is_empty(),
        _ => false,
    };
    if empty { Ok(()) } else { out.add(cx, literal) }
}

/// Where results of a subject's kind are written; `joined` if there may be pieces of any type.
fn out<'a>(cx: &'a Cx, subject: &Subject, joined: bool) -> Res<Out<'a>> {
    Ok(match subject {
        _ if joined => Out::Pieces(List::new(cx, 0)?),
        Subject::Text(_) => Out::Text(StrWriter::new(cx)),
        _ => Out::Bytes(ByteWriter::new(cx)),
    })
}

/// What replaces a match.
enum Replacement {
    /// A text.
    Plain(Value),
    /// A text with groups in it.
    Groups(Obj<Template>),
    /// What a function makes of the match.
    Call(Value),
}

impl Replacement {
    /// Whether it gives nothing but what a subject's parts are.
    fn fits(&self, subject: &Subject) -> bool {
        let fits = |literal: &Value| match subject {
            Subject::Text(_) => Str::of(literal).is_some(),
            _ => Bytes::of(literal).is_some(),
        };
        match self {
            Replacement::Plain(literal) => fits(literal),
            Replacement::Groups(template) => {
                fits(&template.first.get()) && template.literals.as_slice().iter().all(fits)
            }
            Replacement::Call(_) => false,
        }
    }
}

/// Whether a text has no backslash in it.
fn is_plain(cx: &Cx, text: &Value) -> Res<bool> {
    const BACKSLASH: u32 = b'\\' as u32;
    if let Some(text) = Str::of(text) {
        return Ok(text.chars().iter().all(|c| c != BACKSLASH));
    }
    match Buffer::of(cx, text) {
        Ok(bytes) => Ok(bytes.read(|bytes| !bytes.contains(&b'\\'))),
        Err(raised) => {
            drop(cx.catch(raised, "Exception")?);
            Ok(false)
        }
    }
}

/// What `re._compile_template` makes of a text. Runs Python.
fn compile_template(cx: &Cx, pattern: &Value, text: &Value) -> Res<Replacement> {
    let compile = cx.attr(&cx.import("re")?, "_compile_template")?;
    let made = cx.call(&compile, (pattern, text)).or_else(|raised| {
        // What cannot be hashed, a bytearray say, is taken as bytes.
        if Str::of(text).is_some() || Bytes::of(text).is_some() {
            return Err(raised);
        }
        let unhashable = cx.catch(raised, "TypeError")?;
        match Buffer::of(cx, text) {
            Ok(bytes) => {
                let copy = bytes.read(<[u8]>::to_vec);
                let copy = (&copy[..]).into_value(cx)?;
                cx.call(&compile, (pattern, copy))
            }
            Err(raised) => {
                drop(cx.catch(raised, "Exception")?);
                Err(cx.raise_value(unhashable))
            }
        }
    })?;
    match Obj::<Template>::from_value(made) {
        Ok(template) => Ok(match template.plain() {
            Some(literal) => Replacement::Plain(literal),
            None => Replacement::Groups(template),
        }),
        Err(other) => Ok(Replacement::Plain(other)),
    }
}

/// `Match.expand`
pub fn expand(cx: &Cx, this: This<Match>, text: &Value) -> Res {
    let template = match compile_template(cx, this.pattern().value(), text)? {
        Replacement::Groups(template) => template,
        Replacement::Plain(literal) | Replacement::Call(literal) => return Ok(literal),
    };
    let subject = this.subject(cx)?;
    let fits = Replacement::Groups(template.clone()).fits(&subject);
    let mut out = out(cx, &subject, !fits)?;
    let groups = this.pattern().groups();
    template.write(cx, &subject, &mut out, |group| {
        if group > groups { Err(cx.index_error("no such group")) } else { this.place(cx, group) }
    })?;
    out.finish(cx, &subject)
}

/// Replaces matches: the result, and how many there were.
fn replace(cx: &Cx, this: This<Pattern>, with: &Value, string: &Value, most: i64) -> Res<(Value, i64)> {
    let with = if cx.is_callable(with) {
        Replacement::Call(with.clone())
    } else if is_plain(cx, with)? {
        Replacement::Plain(with.clone())
    } else {
        compile_template(cx, this.value(), with)?
    };
    let mut run = Run::new(cx, &this, string, 0, i64::MAX)?;
    let joined = !with.fits(&run.subject);
    let mut out = out(cx, &run.subject, joined)?;
    let (mut count, mut last) = (0, 0);
    while (most == 0 || count < most) && run.find(How::Search)? {
        let (start, end) = run.span();
        if last < start {
            run.subject.add_to(cx, &mut out, last, start)?;
        }
        match &with {
            Replacement::Plain(literal) => out.add(cx, literal)?,
            Replacement::Groups(template) => {
                let groups = run.groups();
                template.write(cx, &run.subject, &mut out, |group| match group.checked_sub(1) {
                    None => Ok(Some((start, end))),
                    Some(group) if group < groups => Ok(run.group(group)),
                    _ => Err(cx.index_error("no such group")),
                })?;
            }
            Replacement::Call(function) => {
                let found = matches::of(cx, this.object(), string, &run)?;
                let made = cx.call(function, (found,))?;
                if !made.is_none() {
                    out.add(cx, &made)?;
                }
            }
        }
        (count, last) = (count + 1, end);
        run.advance();
    }
    let end = run.end;
    let made = if count == 0 {
        run.subject.slice(cx, 0, end)?
    } else {
        if last < end {
            run.subject.add_to(cx, &mut out, last, end)?;
        }
        out.finish(cx, &run.subject)?
    };
    run.end()?;
    Ok((made, count))
}

/// `Pattern.sub`
pub fn sub(cx: &Cx, this: This<Pattern>, with: &Value, string: &Value, most: i64) -> Res {
    Ok(replace(cx, this, with, string, most)?.0)
}
/// `Pattern.subn`
pub fn subn(cx: &Cx, this: This<Pattern>, with: &Value, string: &Value, most: i64) -> Res<(Value, i64)> {
    replace(cx, this, with, string, most)
}
