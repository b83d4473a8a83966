//! An exception as text, as an uncaught one is printed: what came before it, the traceback, the message, the notes; groups
//! as a tree.
//!
//! Source of the rules: CPython's `traceback.TracebackException` with `compact=True`.

use std::collections::HashSet;

use ryokan_bytecode::Position;

use super::keywords;

use super::{Traceback, lines, names};
use crate::types::dict::Dict;
use crate::types::exceptions::{Exception, full_type_name, group_items, syntax_fields};
use crate::types::list::List;
use crate::types::str::Text;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
/// How often the same line is shown in a row.
const MOST_REPEATED: usize = 3;
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
    /// replaced by a note in angle brackets.
    pub fn print_exception(&self, exception: &Value) -> String {
        let pending = self.raised.take();
        let tree = Tree::of(self, exception);
        let mut printer = Printer { vm: self, tree: &tree, out: String::new(), depth: 0, need_close: false };
        printer.chain(0);
        let out = printer.out;
        self.owe(out.len() as u64 / 4);
        self.raised.set(pending);
        out
    }

    /// The last lines of that only: type, message, notes.
    pub fn print_exception_only(&self, exception: &Value) -> String {
        let pending = self.raised.take();
        let out = final_lines(self, exception);
        self.raised.set(pending);
        out
    }
}

impl Vm {
    /// An exception as CPython's C code prints it, where Python code must not run: the traceback without carets, type and
    /// message; no notes, and nothing that came before.
    pub fn print_exception_plainly(&self, exception: &Value) -> String {
        let pending = self.raised.take();
        let mut out = String::new();
        if let Some(stack) = format_stack(self, exception, false) {
            out.push_str("Traceback (most recent call last):\n");
            out.push_str(&stack);
        }
        let (kind, text) = (full_type_name(self, exception), safe_str(self, exception, "exception"));
        out.push_str(&if text.is_empty() { format!("{kind}\n") } else { format!("{kind}: {text}\n") });
        self.raised.set(pending);
        out
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

/// What a group holds: how many exceptions, and those that are shown.
struct Group {
    count: usize,
    shown: Vec<usize>,
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
                let shown =
                    if depth > DEEPEST_GROUP || tree.0.len() > MOST_IN_GROUPS { 0 } else { WIDEST_GROUP };
                let items = group_items(&exception);
                seen.extend(items.iter().skip(shown).map(|e| e.word().0));
                let inner = items.iter().take(shown).map(|e| tree.add(e, depth + 1, &mut seen)).collect();
                tree.0[at].group = Some(Group { count: items.len(), shown: inner });
            }
            let node = &tree.0[at];
            queue.extend(node.cause);
            queue.extend(node.context);
            queue.extend(node.group.iter().flat_map(|group| &group.shown));
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

struct Printer<'a> {
    vm: &'a Vm,
    tree: &'a Tree,
    out: String,
    depth: usize,
    need_close: bool,
}

impl Printer<'_> {
    /// Appends lines behind the margin of the groups they stand in.
    fn emit(&mut self, text: &str, margin: char) {
        if self.depth == 0 {
            self.out.push_str(text);
            return;
        }
        let margin = format!("{}{margin} ", "  ".repeat(self.depth));
        for line in text.split_inclusive('\n') {
            self.out.push_str(&margin);
            self.out.push_str(line);
        }
    }

    /// An exception, after those that led to it.
    fn chain(&mut self, node: usize) {
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
            if let Some(message) = message {
                self.emit(message, '|');
            }
            self.one(at);
        }
    }

    fn one(&mut self, at: usize) {
        let node = &self.tree.0[at];
        let stack = format_stack(self.vm, &node.exception, true);
        let Some(group) = &node.group else {
            if let Some(stack) = stack {
                self.emit("Traceback (most recent call last):\n", '|');
                self.emit(&stack, '|');
            }
            let text = final_lines(self.vm, &node.exception);
            self.emit(&text, '|');
            return;
        };
        if self.depth > DEEPEST_GROUP {
            self.emit(&format!("... (max_group_depth is {DEEPEST_GROUP})\n"), '|');
            return;
        }
        let top = self.depth == 0;
        if top {
            self.depth = 1;
        }
        if let Some(stack) = stack {
            self.emit("Exception Group Traceback (most recent call last):\n", if top { '+' } else { '|' });
            self.emit(&stack, '|');
        }
        let text = final_lines(self.vm, &node.exception);
        self.emit(&text, '|');
        self.members(group);
        if top {
            self.depth = 0;
        }
    }

    fn members(&mut self, group: &Group) {
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
            let (indent, corner) = ("  ".repeat(self.depth), if i == 0 { "+-" } else { "  " });
            self.out.push_str(&format!("{indent}{corner}+---------------- {title} ----------------\n"));
            self.depth += 1;
            if truncated {
                let rest = count - WIDEST_GROUP;
                let plural = if rest > 1 { "s" } else { "" };
                self.emit(&format!("and {rest} more exception{plural}\n"), '|');
            } else if let Some(inner) = group.shown.get(i) {
                self.chain(*inner);
            }
            if last && self.need_close {
                let indent = "  ".repeat(self.depth);
                self.out.push_str(&format!("{indent}+------------------------------------\n"));
                self.need_close = false;
            }
            self.depth -= 1;
        }
    }
}

/// `sys.tracebacklimit`
fn limit(vm: &Vm) -> Option<usize> {
    let name = vm.intern("tracebacklimit").ok()?;
    let value = vm.sys_dict.get::<Dict>()?.get_name(&name)?.clone();
    vm.exception_int(&value).map(|limit| limit.max(0) as usize)
}

/// The entries of an exception's traceback, the oldest first; nothing if there are none.
fn format_stack(vm: &Vm, exception: &Value, carets: bool) -> Option<String> {
    let mut entries: Vec<Value> = Vec::new();
    let mut at = exception.get::<Exception>()?.traceback.clone();
    while let Some(entry) = at.get::<Traceback>() {
        let next = entry.next.clone();
        entries.push(std::mem::replace(&mut at, next));
    }
    if let Some(limit) = limit(vm) {
        entries.drain(..entries.len().saturating_sub(limit));
    }
    if entries.is_empty() {
        return None;
    }
    let mut out = String::new();
    let mut last: Option<(Text, u32, Text)> = None;
    let mut count = 0;
    for entry in &entries {
        let Some(entry) = entry.get::<Traceback>() else { continue };
        let code = entry.function().code();
        let here = (vm.text(&code.filename), entry.line(), vm.text(&code.name));
        if last.as_ref() != Some(&here) {
            repeated(&mut out, count);
            count = 0;
        }
        count += 1;
        if count <= MOST_REPEATED {
            let source = |line: u32| vm.host.source_line(&here.0, line);
            let at = if carets { entry.position() } else { Position::default() };
            out.push_str(&lines::format_entry(&here.0, &here.2, at, here.1, source));
        }
        last = Some(here);
    }
    repeated(&mut out, count);
    Some(out)
}

fn repeated(out: &mut String, count: usize) {
    if count > MOST_REPEATED {
        let more = count - MOST_REPEATED;
        let plural = if more > 1 { "s" } else { "" };
        out.push_str(&format!("  [Previous line repeated {more} more time{plural}]\n"));
    }
}

/// `str(value)`, or a note that this failed.
fn safe_str(vm: &Vm, value: &Value, what: &str) -> String {
    match vm.to_str(value) {
        Ok(text) => vm.text(&text).to_string(),
        Err(raised) => {
            drop(vm.take_raised(raised));
            format!("<{what} str() failed>")
        }
    }
}
fn safe_repr(vm: &Vm, value: &Value, what: &str) -> String {
    match vm.repr(value) {
        Ok(text) => vm.text(&text).to_string(),
        Err(raised) => {
            drop(vm.take_raised(raised));
            format!("<{what} repr() failed>")
        }
    }
}

/// Type and message, and the notes.
fn final_lines(vm: &Vm, exception: &Value) -> String {
    let mut out = match exception.get::<Exception>() {
        Some(this) if vm.is_instance(exception, &vm.exc.SyntaxError) => syntax_lines(vm, exception, this),
        _ => {
            let kind = full_type_name(vm, exception);
            let text = format!("{}{}", safe_str(vm, exception, "exception"), names::hint(vm, exception));
            if text.is_empty() { format!("{kind}\n") } else { format!("{kind}: {text}\n") }
        }
    };
    let notes = match vm.get_attr_opt(exception, &vm.names.__notes__) {
        Ok(None) => return out,
        Ok(Some(notes)) => notes,
        Err(raised) => {
            let error = vm.take_raised(raised);
            let shown = safe_repr(vm, &error, "__notes__");
            out.push_str(&format!("Ignored error getting __notes__: {shown}\n"));
            return out;
        }
    };
    let list = notes.get::<List>().map(|l| l.items().to_vec());
    match list.or_else(|| notes.get::<Tuple>().map(|t| t.items().to_vec())) {
        Some(items) => {
            for note in items {
                for line in safe_str(vm, &note, "note").split('\n') {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
        None if notes.is_none() => {}
        None => out.push_str(&format!("{}\n", safe_repr(vm, &notes, "__notes__"))),
    }
    out
}

/// A syntax error: its place, its line with carets, and the message.
fn syntax_lines(vm: &Vm, exception: &Value, this: &Exception) -> String {
    let [message, filename, lineno, offset, text, end_lineno, end_offset, _, metadata] = syntax_fields(this);
    let mut out = String::new();
    let mut suffix = String::new();
    let name = safe_str(vm, &filename, "filename");
    if !lineno.is_none() {
        let empty = filename.is_none() || name.is_empty();
        let shown = if empty { "<string>" } else { name.as_str() };
        out.push_str(&format!("  File \"{shown}\", line {}\n", safe_str(vm, &lineno, "lineno")));
    } else if !filename.is_none() {
        suffix = format!(" ({name})");
    }
    let typo = misspelt(vm, &message, &filename, &lineno, &metadata);
    if let Some(typo) = &typo {
        let text: Vec<char> = typo.text.chars().collect();
        let (from, to) = (typo.chars.0 as i64 + 1, typo.chars.1 as i64 + 1);
        syntax_source(&text, &offset, Some(from), true, Some(to), &mut out);
    } else if vm.is_str(&text) {
        let text: Vec<char> = vm.text(&text).chars().collect();
        let same_line = lineno.is_none() == end_lineno.is_none()
            && vm.exception_int(&lineno) == vm.exception_int(&end_lineno);
        syntax_source(
            &text,
            &offset,
            vm.exception_int(&offset),
            same_line,
            vm.exception_int(&end_offset),
            &mut out,
        );
    }
    let shown = match () {
        () if typo.is_some() => {
            let keyword = typo.map_or("", |typo| typo.keyword);
            format!("invalid syntax. Did you mean '{keyword}'?")
        }
        () if message.is_none() => "<no detail available>".to_string(),
        () => match safe_str(vm, &message, "msg") {
            text if text.is_empty() => "<no detail available>".to_string(),
            text => text,
        },
    };
    out.push_str(&format!("{}: {shown}{suffix}\n", full_type_name(vm, exception)));
    out
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
        false => vm.text(Some(source).filter(|s| vm.is_str(s))?).to_string(),
    };
    let (statement, line) = (count(statement)?, count(lineno)?);
    keywords::find(vm, &keywords::Place { source: &source, statement, line, from_file })
}

/// The line of a syntax error without its indentation, and carets from one offset (counted from 1) to the other.
fn syntax_source(
    text: &[char],
    offset_value: &Value,
    offset: Option<i64>,
    same_line: bool,
    end_offset: Option<i64>,
    out: &mut String,
) {
    let end = text.iter().rposition(|c| *c != '\n').map_or(0, |at| at + 1);
    let right = &text[..end];
    let spaces = right.iter().take_while(|c| matches!(c, ' ' | '\n' | '\u{c}')).count();
    let stripped = &right[spaces..];
    let shown: String = stripped.iter().collect();
    let Some(mut offset) = offset else {
        if offset_value.is_none() {
            out.push_str(&format!("    {shown}\n"));
        }
        return;
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
    out.push_str(&format!("    {shown}\n"));
    let (from, to) = (offset - 1 - spaces as i64, end_offset - 1 - spaces as i64);
    if from >= 0 {
        // Tabs stay, so that the carets stand where they should.
        let blank: String =
            stripped.iter().take(from as usize).map(|c| if c.is_whitespace() { *c } else { ' ' }).collect();
        out.push_str(&format!("    {blank}{}\n", "^".repeat((to - from).max(0) as usize)));
    }
}
