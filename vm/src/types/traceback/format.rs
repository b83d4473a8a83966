//! An exception as text, as an uncaught one is printed: what came before it, the traceback, the message, the notes; groups
//! as a tree.
//!
//! Source of the rules: CPython's `traceback.TracebackException` with `compact=True`.

use std::collections::HashSet;
use std::fmt::{self, Write};

use ryokan_bytecode::Position;

use super::{Traceback, keywords, lines, names, sources};
use crate::types::dict::Dict;
use crate::types::exceptions::{Exception, full_type_name, group_items, syntax_fields};
use crate::types::int::{Num, view};
use crate::types::list::List;
use crate::types::str::Text;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
/// How often the same line is shown in a row.
const MOST_REPEATED: usize = 3;
/// As much of a source line is shown.
const LONGEST_LINE: usize = 50_000;
/// How many exceptions of a group are shown.
const WIDEST_GROUP: usize = 15;
/// How deeply groups are shown.
const DEEPEST_GROUP: usize = 10;
/// Beyond so many exceptions no group is looked into any more.
const MOST_IN_GROUPS: usize = 20_000;
/// What it costs to show an exception, in instructions.
const WORK_OF_SHOWING: u64 = 64;

impl Vm {
    /// What is printed of an exception that nobody caught, with a line break at its end. Never fails: what cannot be shown is
    /// replaced by a note in angle brackets. Runs Python (`__str__`, `__notes__`).
    pub fn print_exception(&self, exception: &Value) -> String {
        let mut out = String::new();
        // Writing to a String does not fail.
        let _ = self.write_exception(exception, &mut out);
        out
    }

    /// The same, written piece by piece: a long message is copied nowhere. It fails only where `out` does. Runs Python as
    /// [`Vm::print_exception`].
    pub fn write_exception(&self, exception: &Value, out: &mut dyn Write) -> fmt::Result {
        let pending = self.thread.raised.take();
        let tree = Tree::of(self, exception);
        let out = Margin { out, depth: 0, mark: '|', begins: true, bytes: 0 };
        let mut printer = Printer { vm: self, tree: &tree, out, need_close: false };
        let written = printer.chain(0);
        self.owe(printer.out.bytes / 4);
        self.thread.raised.set(pending);
        written
    }

    /// An exception as CPython's C code prints it, where Python's own could not: the traceback without carets, type and message; no
    /// notes, and nothing that came before. It fails only where `out` does. Runs Python (`__str__`).
    pub fn write_exception_plainly(&self, exception: &Value, out: &mut dyn Write) -> fmt::Result {
        let pending = self.thread.raised.take();
        let mut write = || {
            if let Some(entries) = stack_entries(self, exception) {
                out.write_str("Traceback (most recent call last):\n")?;
                write_stack(self, &entries, false, out)?;
            }
            let (kind, text) = (full_type_name(self, exception), safe_str(self, exception, "exception"));
            writeln!(out, "{kind}: {text}")
        };
        let written = write();
        self.thread.raised.set(pending);
        written
    }
}

/// An exception and what is shown with it, by number.
struct Node {
    exception: Value,
    /// In how many groups it stands.
    depth: usize,
    cause: Option<usize>,
    context: Option<usize>,
    group: Option<Group>,
}

/// What a group holds: how many exceptions, and the first of them, of which not all are shown.
struct Group {
    count: usize,
    inner: Vec<usize>,
}

/// The exceptions to be shown. Each is a cause or a context once at most, so that loops end.
struct Tree(Vec<Node>);

impl Tree {
    fn of(vm: &Vm, exception: &Value) -> Tree {
        let mut tree = Tree(Vec::new());
        let mut seen = HashSet::new();
        tree.add(exception, 0, &mut seen);
        let mut queue = vec![0];
        while let Some(at) = queue.pop() {
            let (exception, depth) = (tree.0[at].exception.clone(), tree.0[at].depth);
            let Some(this) = exception.get::<Exception>() else { continue };
            let fresh =
                |value: &Value, seen: &HashSet<u64>| !value.is_none() && !seen.contains(&value.word().0);
            if fresh(&this.cause, &seen) {
                let cause = tree.add(&this.cause, depth, &mut seen);
                tree.0[at].cause = Some(cause);
            }
            let wanted = tree.0[at].cause.is_none() && !this.suppress.get();
            if wanted && fresh(&this.context, &seen) {
                let context = tree.add(&this.context, depth, &mut seen);
                tree.0[at].context = Some(context);
            }
            if vm.is_instance(&exception, &vm.exc.BaseExceptionGroup) {
                // A group may hold another many times, and that one a third: what is shown has an end.
                // Those that are not shown are gone through too: the last one of all has the context that several have.
                let most =
                    if depth > DEEPEST_GROUP { 0 } else { MOST_IN_GROUPS.saturating_sub(tree.0.len()) };
                let items = group_items(&exception);
                seen.extend(items.iter().skip(most).map(|e| e.word().0));
                let inner = items.iter().take(most).map(|e| tree.add(e, depth + 1, &mut seen)).collect();
                tree.0[at].group = Some(Group { count: items.len(), inner });
            }
            let node = &tree.0[at];
            queue.extend(node.cause);
            queue.extend(node.context);
            queue.extend(node.group.iter().flat_map(|group| &group.inner));
        }
        vm.owe(WORK_OF_SHOWING * tree.0.len() as u64);
        tree
    }
    fn add(&mut self, exception: &Value, depth: usize, seen: &mut HashSet<u64>) -> usize {
        seen.insert(exception.word().0);
        self.0.push(Node { exception: exception.clone(), depth, cause: None, context: None, group: None });
        self.0.len() - 1
    }
}

/// Writes lines behind the margin of the groups they stand in.
struct Margin<'a> {
    out: &'a mut dyn Write,
    depth: usize,
    mark: char,
    /// Whether what comes next begins a line.
    begins: bool,
    /// How much was written.
    bytes: u64,
}

impl Write for Margin<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes += text.len() as u64;
        if self.depth == 0 {
            return self.out.write_str(text);
        }
        for line in text.split_inclusive('\n') {
            if self.begins {
                write!(self.out, "{:1$}{2} ", "", self.depth * 2, self.mark)?;
            }
            self.out.write_str(line)?;
            self.begins = line.ends_with('\n');
        }
        Ok(())
    }
}

struct Printer<'a> {
    vm: &'a Vm,
    tree: &'a Tree,
    out: Margin<'a>,
    need_close: bool,
}

impl Printer<'_> {
    /// An exception, after those that led to it.
    fn chain(&mut self, node: usize) -> fmt::Result {
        let mut list = Vec::new();
        let mut next = Some(node);
        while let Some(at) = next {
            let node = &self.tree.0[at];
            let suppressed = node.exception.get::<Exception>().is_some_and(|e| e.suppress.get());
            let link = match (node.cause, node.context) {
                (Some(cause), _) => Some((CAUSE, cause)),
                (None, Some(context)) if !suppressed => Some((CONTEXT, context)),
                _ => None,
            };
            list.push((link.map(|l| l.0), at));
            next = link.map(|l| l.1);
        }
        for (message, at) in list.into_iter().rev() {
            self.out.write_str(message.unwrap_or_default())?;
            self.one(at)?;
        }
        Ok(())
    }

    fn one(&mut self, at: usize) -> fmt::Result {
        let node = &self.tree.0[at];
        let stack = stack_entries(self.vm, &node.exception);
        let Some(group) = &node.group else {
            if let Some(entries) = stack {
                self.out.write_str("Traceback (most recent call last):\n")?;
                write_stack(self.vm, &entries, true, &mut self.out)?;
            }
            return final_lines(self.vm, &node.exception, &mut self.out);
        };
        if self.out.depth > DEEPEST_GROUP {
            return writeln!(self.out, "... (max_group_depth is {DEEPEST_GROUP})");
        }
        let top = self.out.depth == 0;
        if top {
            self.out.depth = 1;
        }
        if let Some(entries) = stack {
            self.out.mark = if top { '+' } else { '|' };
            self.out.write_str("Exception Group Traceback (most recent call last):\n")?;
            self.out.mark = '|';
            write_stack(self.vm, &entries, true, &mut self.out)?;
        }
        final_lines(self.vm, &node.exception, &mut self.out)?;
        self.members(group)?;
        if top {
            self.out.depth = 0;
        }
        Ok(())
    }

    fn members(&mut self, group: &Group) -> fmt::Result {
        let count = group.count;
        let shown = if count <= WIDEST_GROUP { count } else { WIDEST_GROUP + 1 };
        self.need_close = false;
        for i in 0..shown {
            let last = i + 1 == shown;
            if last {
                // What is inside may draw the closing line itself.
                self.need_close = true;
            }
            let truncated = i >= WIDEST_GROUP;
            let title = if truncated { "...".to_string() } else { (i + 1).to_string() };
            let (indent, corner) = ("  ".repeat(self.out.depth), if i == 0 { "+-" } else { "  " });
            writeln!(self.out.out, "{indent}{corner}+---------------- {title} ----------------")?;
            self.out.depth += 1;
            if truncated {
                let rest = count - WIDEST_GROUP;
                let plural = if rest > 1 { "s" } else { "" };
                writeln!(self.out, "and {rest} more exception{plural}")?;
            } else if let Some(inner) = group.inner.get(i) {
                self.chain(*inner)?;
            }
            if last && self.need_close {
                let indent = "  ".repeat(self.out.depth);
                writeln!(self.out.out, "{indent}+------------------------------------")?;
                self.need_close = false;
            }
            self.out.depth -= 1;
        }
        Ok(())
    }
}

/// `sys.tracebacklimit`
fn limit(vm: &Vm) -> Option<usize> {
    let name = vm.intern("tracebacklimit").ok()?;
    let value = vm.sys_dict.get::<Dict>()?.get_name(&name)?.clone();
    Some(match view(&value)? {
        Num::Small(limit) => usize::try_from(limit).unwrap_or(0),
        Num::Big(limit) if Num::Big(limit).is_negative() => 0,
        Num::Big(_) => usize::MAX,
    })
}

/// The entries of an exception's traceback, the oldest first; nothing if there are none.
fn stack_entries(vm: &Vm, exception: &Value) -> Option<Vec<Value>> {
    let mut entries: Vec<Value> = Vec::new();
    let mut at = exception.get::<Exception>()?.traceback.clone();
    while let Some(entry) = at.get::<Traceback>() {
        let next = entry.next.clone();
        entries.push(std::mem::replace(&mut at, next));
    }
    if let Some(limit) = limit(vm) {
        entries.drain(..entries.len().saturating_sub(limit));
    }
    (!entries.is_empty()).then_some(entries)
}

/// Writes the entries of a traceback; those that CPython's C code would write have no carets, and no lines but those of files.
fn write_stack(vm: &Vm, entries: &[Value], by_library: bool, out: &mut dyn Write) -> fmt::Result {
    let carets = by_library && !vm.sys.lines_alone.get();
    let mut last: Option<(Text, u32, Text)> = None;
    let mut count = 0;
    for entry in entries {
        let Some(entry) = entry.get::<Traceback>() else { continue };
        let code = entry.function().code();
        let here = (vm.text(&code.filename), entry.line(), vm.text(&code.name));
        if last.as_ref() != Some(&here) {
            repeated(out, count)?;
            count = 0;
        }
        count += 1;
        if count <= MOST_REPEATED {
            let source = |line: u32| match by_library {
                true => sources::line(vm, entry, &here.0, line),
                false => Some(&here.0)
                    .filter(|file| !file.starts_with('<'))
                    .and_then(|f| vm.host.source_line(f, line)),
            };
            let at = if carets { entry.position() } else { Position::default() };
            let (file, line, name) = &here;
            match lines::is_prompt(file) {
                true => writeln!(out, "  File \"<stdin>\", line {line}, in {name}")?,
                false => writeln!(out, "  File \"{file}\", line {line}, in {name}")?,
            }
            out.write_str(&lines::format_source(at, *line, source))?;
        }
        last = Some(here);
    }
    repeated(out, count)
}

fn repeated(out: &mut dyn Write, count: usize) -> fmt::Result {
    if count <= MOST_REPEATED {
        return Ok(());
    }
    let more = count - MOST_REPEATED;
    let plural = if more > 1 { "s" } else { "" };
    writeln!(out, "  [Previous line repeated {more} more time{plural}]")
}

/// `Type: text` and what hints there are, or the type alone.
fn last_line(out: &mut dyn Write, kind: &str, text: &Text, more: &Text) -> fmt::Result {
    let colon = if text.is_empty() && more.is_empty() { "" } else { ": " };
    writeln!(out, "{kind}{colon}{text}{more}")
}

/// `str(value)`, or a note that this failed.
fn safe_str(vm: &Vm, value: &Value, what: &str) -> Text {
    match vm.to_str(value) {
        Ok(text) => vm.text(&text),
        Err(raised) => {
            drop(vm.take_raised(raised));
            Text::written(vm, format_args!("<{what} str() failed>"))
        }
    }
}
fn safe_repr(vm: &Vm, value: &Value, what: &str) -> Text {
    match vm.repr(value) {
        Ok(text) => vm.text(&text),
        Err(raised) => {
            drop(vm.take_raised(raised));
            Text::written(vm, format_args!("<{what} repr() failed>"))
        }
    }
}

/// Type and message, and the notes.
fn final_lines(vm: &Vm, exception: &Value, out: &mut dyn Write) -> fmt::Result {
    match exception.get::<Exception>() {
        Some(this) if vm.is_instance(exception, &vm.exc.SyntaxError) => {
            syntax_lines(vm, exception, this, out)?;
        }
        _ => {
            let text = safe_str(vm, exception, "exception");
            let hint = Text::written(vm, names::hint(vm, exception));
            last_line(out, &full_type_name(vm, exception), &text, &hint)?;
        }
    }
    let notes = match vm.get_attr_opt(exception, &vm.names.__notes__) {
        Ok(None) => return Ok(()),
        Ok(Some(notes)) => notes,
        Err(raised) => {
            let error = vm.take_raised(raised);
            return writeln!(out, "Ignored error getting __notes__: {}", safe_repr(vm, &error, "__notes__"));
        }
    };
    let list = notes.get::<List>().map(|l| l.items().to_vec());
    match list.or_else(|| notes.get::<Tuple>().map(|t| t.items().to_vec())) {
        Some(items) => {
            for note in items {
                writeln!(out, "{}", safe_str(vm, &note, "note"))?;
            }
            Ok(())
        }
        None if notes.is_none() => Ok(()),
        None => writeln!(out, "{}", safe_repr(vm, &notes, "__notes__")),
    }
}

/// A syntax error: its place, its line with carets, and the message.
fn syntax_lines(vm: &Vm, exception: &Value, this: &Exception, out: &mut dyn Write) -> fmt::Result {
    let [message, filename, lineno, offset, text, end_lineno, end_offset, _, metadata] = syntax_fields(this);
    let mut suffix = Text::default();
    let name = safe_str(vm, &filename, "filename");
    if !lineno.is_none() {
        let empty = filename.is_none() || name.is_empty();
        let shown = if empty { "<string>" } else { name.as_str() };
        writeln!(out, "  File \"{shown}\", line {}", safe_str(vm, &lineno, "lineno"))?;
    } else if !filename.is_none() {
        suffix = Text::written(vm, format_args!(" ({name})"));
    }
    let typo = misspelt(vm, &message, &filename, &lineno, &metadata);
    if let Some(typo) = &typo {
        let text: Vec<char> = typo.text.chars().collect();
        let (from, to) = (typo.chars.0 as i64 + 1, typo.chars.1 as i64 + 1);
        syntax_source(&text, &offset, Some(from), true, Some(to), out)?;
    } else if vm.is_str(&text) {
        let text: Vec<char> = vm.text(&text).chars().take(LONGEST_LINE).collect();
        let same_line = lineno.is_none() == end_lineno.is_none()
            && vm.exception_int(&lineno) == vm.exception_int(&end_lineno);
        syntax_source(
            &text,
            &offset,
            vm.exception_int(&offset),
            same_line,
            vm.exception_int(&end_offset),
            out,
        )?;
    }
    let shown = match () {
        () if typo.is_some() => {
            let keyword = typo.map_or("", |typo| typo.keyword);
            Text::written(vm, format_args!("invalid syntax. Did you mean '{keyword}'?"))
        }
        () if message.is_none() => Text::from("<no detail available>"),
        () => match safe_str(vm, &message, "msg") {
            text if text.is_empty() => Text::from("<no detail available>"),
            text => text,
        },
    };
    last_line(out, &full_type_name(vm, exception), &shown, &suffix)
}

/// The misspelt keyword that a plain syntax error may come from.
fn misspelt(
    vm: &Vm,
    message: &Value,
    filename: &Value,
    lineno: &Value,
    metadata: &Value,
) -> Option<keywords::Typo> {
    let said = if vm.is_str(message) { vm.text(message) } else { return None };
    if said != "invalid syntax" && !said.contains("Perhaps you forgot a comma") {
        return None;
    }
    let [statement, _, source] = metadata.get::<Tuple>()?.items() else { return None };
    let count = |value: &Value| usize::try_from(vm.exception_int(value)?).ok();
    let from_file = source.is_none();
    let source = match from_file {
        true => vm.host.source_text(&vm.text(Some(filename).filter(|f| vm.is_str(f))?))?,
        false => {
            let source = vm.text(Some(source).filter(|s| vm.is_str(s))?);
            vm.room_for_bytes(source.len() as u128).map_err(|raised| drop(vm.take_raised(raised))).ok()?;
            source.to_string()
        }
    };
    let (statement, line) = (count(statement)?, count(lineno)?);
    keywords::find(vm, &keywords::Surroundings { source: &source, statement, line, from_file })
}

/// The line of a syntax error without its indentation, and carets from one offset (counted from 1) to the other.
fn syntax_source(
    text: &[char],
    offset_value: &Value,
    offset: Option<i64>,
    same_line: bool,
    end_offset: Option<i64>,
    out: &mut dyn Write,
) -> fmt::Result {
    let end = text.iter().rposition(|c| *c != '\n').map_or(0, |at| at + 1);
    let right = &text[..end];
    let spaces = right.iter().take_while(|c| matches!(c, ' ' | '\n' | '\u{c}')).count();
    let stripped = &right[spaces..];
    let shown: String = stripped.iter().collect();
    let Some(mut offset) = offset else {
        if offset_value.is_none() {
            writeln!(out, "    {shown}")?;
        }
        return Ok(());
    };
    let line_end = right.len() as i64 + 1;
    let mut end_offset = if same_line { end_offset.filter(|e| *e != 0).unwrap_or(offset) } else { line_end };
    if !text.is_empty() && offset > text.len() as i64 {
        offset = line_end;
    }
    if !text.is_empty() && end_offset > text.len() as i64 {
        end_offset = line_end;
    }
    if offset >= end_offset || end_offset < 0 {
        end_offset = offset + 1;
    }
    writeln!(out, "    {shown}")?;
    let (from, to) = (offset - 1 - spaces as i64, end_offset - 1 - spaces as i64);
    if from >= 0 {
        // Tabs stay, so that the carets stand where they should.
        let blank: String =
            stripped.iter().take(from as usize).map(|c| if c.is_whitespace() { *c } else { ' ' }).collect();
        let carets = usize::try_from(to - from).unwrap_or(0).min(LONGEST_LINE);
        writeln!(out, "    {blank}{:^<carets$}", "")?;
    }
    Ok(())
}
