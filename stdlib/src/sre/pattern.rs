//! `re.Pattern`, and making one.

use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use ryokan_vm::native::*;

use super::codes::MOST_GROUPS;
use super::lower::lower;
use super::matches::{self, Match};
use super::program::Program;
use super::replace::{sub, subn};
use super::scanner::{finditer, scanner};
use super::subject::{How, Run, lent};
use super::tree::{Reader, Refused};

/// What a pattern searches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Strs.
    Text,
    /// Bytes.
    Bytes,
    /// Both.
    Both,
}

bitflags::bitflags! {
    /// The flags of a pattern, by the names that `re` has for them.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct PatternFlags: i32 {
        const IGNORECASE = 1 << 1;
        const LOCALE = 1 << 2;
        const MULTILINE = 1 << 3;
        const DOTALL = 1 << 4;
        const UNICODE = 1 << 5;
        const VERBOSE = 1 << 6;
        const DEBUG = 1 << 7;
        const ASCII = 1 << 8;
        /// Which letters, digits and spaces there are.
        const TYPES = PatternFlags::LOCALE.bits() | PatternFlags::UNICODE.bits() | PatternFlags::ASCII.bits();
    }
}

native_type! {
    /// A compiled regular expression.
    "re.Pattern" = pub struct Pattern {
        pattern: Slot,
        groupindex: Slot,
        indexgroup: Slot,
        program: Own<Option<(Rc<Program>, Charge)>>,
        flags: Cell<PatternFlags>,
        groups: Cell<usize>,
        kind: Cell<Kind>,
    }
    flags: WEAKREF;
    slots { repr = repr; hash = hash; compare = compare; }
    getters {
        /// the numbers of the groups that have names
        groupindex = groupindex;
    }
    members {
        /// the text that was compiled
        pattern = |_, this: This<Pattern>| this.pattern.get();
        /// the flags, those that the text sets among them
        flags = |_, this: This<Pattern>| this.flags.get().bits();
        /// how many groups there are
        groups = |_, this: This<Pattern>| this.groups.get();
    }
    methods {
        /// The match at the beginning of a string, or None.
        match(string: &Value, pos: i64 = 0 => "0", endpos: i64 = i64::MAX => "sys.maxsize") = match_here;
        /// The match that is all of a string, or None.
        fullmatch(string: &Value, pos: i64 = 0 => "0", endpos: i64 = i64::MAX => "sys.maxsize");
        /// The first match in a string, or None.
        search(string: &Value, pos: i64 = 0 => "0", endpos: i64 = i64::MAX => "sys.maxsize");
        /// A string with matches replaced: by a text in which groups may be named, or by what a function makes of each match.
        sub(repl: &Value, string: &Value, count: i64 = 0);
        /// The same, and how many were replaced.
        subn(repl: &Value, string: &Value, count: i64 = 0);
        /// A list of what matches, or of the groups.
        findall(string: &Value, pos: i64 = 0 => "0", endpos: i64 = i64::MAX => "sys.maxsize");
        /// A list of what lies between matches, with the groups of each match.
        split(string: &Value, maxsplit: i64 = 0);
        /// An iterator over the matches.
        finditer(string: &Value, pos: i64 = 0 => "0", endpos: i64 = i64::MAX => "sys.maxsize");
        /// What finds one match after the other.
        scanner(string: &Value, pos: i64 = 0 => "0", endpos: i64 = i64::MAX => "sys.maxsize");
        /// The pattern itself: it does not change.
        __copy__() = copy;
        /// The pattern itself: it does not change.
        __deepcopy__(memo: &Value, /) = deepcopy;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

type Re<'a> = This<'a, Pattern>;

impl Pattern {
    /// Its program.
    #[inline]
    pub fn program(&self, cx: &Cx) -> Res<Rc<Program>> {
        let program = self.program.with(cx, |program| program.as_ref().map(|(program, _)| program.clone()))?;
        program.ok_or(()).map_err(|()| cx.system_error("a pattern without a program"))
    }
    /// What it searches.
    pub fn kind(&self) -> Kind {
        self.kind.get()
    }
    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.groups.get()
    }
    /// The numbers of the groups that have names.
    pub fn group_index(&self) -> Option<Dict> {
        self.groupindex.dict()
    }
    /// The name of a group, None if it has none.
    pub fn name_of(&self, group: usize) -> Value {
        Tuple::of(&self.indexgroup.get()).and_then(|names| names.get(group)).unwrap_or_default()
    }
}

// ---- making one ------------------------------------------------------------------------------------------------------

/// The words of a code.
fn words(cx: &Cx, code: &List) -> Res<Vector<u32>> {
    let mut words = cx.vector(code.len())?;
    let mut at = 0;
    // An int of a class of its own has no say in what its number is.
    while let Some(item) = code.get(at) {
        if !cx.is_int(&item) {
            return Err(cx.type_error("an integer is required"));
        }
        let word = match cx.small_int(&item) {
            Some(n) if n < 0 => return Err(cx.overflow_error("can't convert negative value to unsigned int")),
            Some(n) => u32::try_from(n).ok(),
            None => None,
        };
        let Some(word) = word else {
            return Err(cx.overflow_error("regular expression code size limit exceeded"));
        };
        cx.reserve(&mut words, 1)?;
        words.push(word);
        at += 1;
        cx.work(u64::from(at.is_multiple_of(64)))?;
    }
    Ok(words)
}

/// `_sre.compile`
pub fn compile(
    cx: &Cx,
    pattern: Value,
    flags: i32,
    code: List,
    groups: i64,
    groupindex: Dict,
    indexgroup: Tuple,
) -> Res<Obj<Pattern>> {
    let words = words(cx, &code)?;
    let kind = if pattern.is_none() {
        Kind::Both
    } else if cx.is_str(&pattern) {
        Kind::Text
    } else {
        lent(cx, &pattern)?;
        Kind::Bytes
    };
    let invalid = || cx.runtime_error("invalid SRE code");
    let Some(count) = u32::try_from(groups).ok().filter(|count| *count <= MOST_GROUPS) else {
        return Err(invalid());
    };
    // Registers of groups that the code does not mention would be nobody's.
    if count as usize > words.len() {
        return Err(invalid());
    }
    let mut reader = Reader::new(cx, &words, count);
    let tree = match reader.pattern() {
        Ok(tree) => tree,
        Err(Refused::Code) => return Err(invalid()),
        Err(Refused::Raised(raised)) => return Err(raised),
    };
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    let program = lower(cx, &tree, reader.sets, count, hasher.finish())?;
    let charge = cx.charge(program.bytes())?;
    cx.new(Pattern {
        pattern: Slot::new(pattern),
        groupindex: Slot::new(groupindex.into_value()),
        indexgroup: Slot::new(indexgroup.into_value()),
        program: Own::new(Some((Rc::new(program), charge))),
        flags: Cell::new(PatternFlags::from_bits_retain(flags)),
        groups: Cell::new(count as usize),
        kind: Cell::new(kind),
    })
}

// ---- what it is ------------------------------------------------------------------------------------------------------

/// So many characters of a pattern's repr are shown.
const SHOWN: usize = 200;

fn repr(cx: &Cx, this: Re) -> Res {
    let pattern = this.pattern.get();
    let mut flags = this.flags.get();
    // A pattern of text is Unicode's unless it says otherwise.
    if this.kind.get() == Kind::Text && flags & PatternFlags::TYPES == PatternFlags::UNICODE {
        flags -= PatternFlags::UNICODE;
    }
    let shown = cx.repr(&pattern)?;
    let mut text = StrWriter::new(cx);
    text.push_str("re.compile(")?;
    match shown.char_indices().nth(SHOWN) {
        Some((end, _)) => text.push_str(&shown[..end])?,
        None => text.push_str(&shown)?,
    }
    let mut names: Vec<String> = flags.iter_names().map(|(name, _)| format!("re.{name}")).collect();
    let others = flags.bits() & !PatternFlags::all().bits();
    if others != 0 {
        names.push(format!("{others:#x}"));
    }
    if !names.is_empty() {
        text.push_str(", ")?;
        text.push_str(&names.join("|"))?;
    }
    text.push_str(")")?;
    text.finish()
}

fn hash(cx: &Cx, this: Re) -> Res<i64> {
    let print = this.program(cx)?.print as i64;
    let kind = i64::from(this.kind.get() == Kind::Bytes);
    let mixed = cx.hash(&this.pattern.get())? ^ print ^ i64::from(this.flags.get().bits()) ^ kind ^ this.groups.get() as i64;
    Ok(if mixed == -1 { -2 } else { mixed })
}

fn compare(cx: &Cx, this: Re, other: &Value, op: CompareOp) -> Res {
    let Some(that) = other.body::<Pattern>() else { return Ok(Value::NOT_IMPLEMENTED) };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let same = this.value().is(other)
        || (this.flags.get() == that.flags.get()
            && this.kind.get() == that.kind.get()
            && this.groups.get() == that.groups.get()
            && this.program(cx)?.print == that.program(cx)?.print
            && cx.holds(&this.pattern.get(), CompareOp::Eq, &that.pattern.get())?);
    (same == (op == CompareOp::Eq)).into_value(cx)
}

fn groupindex(cx: &Cx, this: Re) -> Res {
    let proxy = cx.class_of(&cx.attr(&cx.builtin("type")?, "__dict__")?);
    cx.call(&proxy, (this.groupindex.get(),))
}
fn copy(_: &Cx, this: Re) -> Value {
    this.to_value()
}
fn deepcopy(_: &Cx, this: Re, _: &Value) -> Value {
    this.to_value()
}
fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}

// ---- what it does ----------------------------------------------------------------------------------------------------

/// The match that a run finds.
fn one_match(cx: &Cx, this: Re, string: &Value, mut run: Run, how: How) -> Res<Option<Obj<Match>>> {
    let found = run.find(how)?;
    let made = if found { Some(matches::of(cx, this.object(), string, &run)?) } else { None };
    run.end()?;
    Ok(made)
}

fn match_here(cx: &Cx, this: Re, string: &Value, pos: i64, endpos: i64) -> Res<Option<Obj<Match>>> {
    one_match(cx, this, string, Run::new(cx, &this, string, pos, endpos)?, How::Here)
}
fn fullmatch(cx: &Cx, this: Re, string: &Value, pos: i64, endpos: i64) -> Res<Option<Obj<Match>>> {
    one_match(cx, this, string, Run::new(cx, &this, string, pos, endpos)?.whole(), How::Here)
}
fn search(cx: &Cx, this: Re, string: &Value, pos: i64, endpos: i64) -> Res<Option<Obj<Match>>> {
    one_match(cx, this, string, Run::new(cx, &this, string, pos, endpos)?, How::Search)
}

fn findall(cx: &Cx, this: Re, string: &Value, pos: i64, endpos: i64) -> Res<List> {
    let mut run = Run::new(cx, &this, string, pos, endpos)?;
    let list = List::new(cx, 0)?;
    let nothing = run.subject.nothing(cx)?;
    let group = |run: &Run, at: usize| match run.group(at) {
        Some((start, end)) => run.subject.slice(cx, start, end),
        None => Ok(nothing.clone()),
    };
    while run.find(How::Search)? {
        let item = match run.groups() {
            0 => run.text()?,
            1 => group(&run, 0)?,
            count => Tuple::try_from_fn(cx, count, |at| group(&run, at))?.into_value(),
        };
        list.push(cx, item)?;
        run.advance();
    }
    run.end()?;
    Ok(list)
}

fn split(cx: &Cx, this: Re, string: &Value, maxsplit: i64) -> Res<List> {
    let mut run = Run::new(cx, &this, string, 0, i64::MAX)?;
    let list = List::new(cx, 0)?;
    let (mut count, mut last) = (0, 0);
    while (maxsplit == 0 || count < maxsplit) && run.find(How::Search)? {
        let (start, end) = run.span();
        list.push(cx, run.subject.slice(cx, last, start)?)?;
        for group in 0..run.groups() {
            let item = match run.group(group) {
                Some((start, end)) => run.subject.slice(cx, start, end)?,
                None => Value::NONE,
            };
            list.push(cx, item)?;
        }
        (count, last) = (count + 1, end);
        run.advance();
    }
    list.push(cx, run.subject.slice(cx, last, run.end)?)?;
    run.end()?;
    Ok(list)
}
