//! What is noted of each step.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use ryokan_bytecode::LocalKind;
use ryokan_vm::census::brief::{brief, text};
use ryokan_vm::census::json::{array, object, quoted};
use ryokan_vm::census::picture::{Limits, Picture, Shown, Target, alive};
use ryokan_vm::stack::Frame;
use ryokan_vm::types::cell::CellObj;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::types::module::Module;
use ryokan_vm::value::Value;
use ryokan_vm::vm::Vm;
use ryokan_vm::vm::tracing::Watcher;

/// What is shown of each step.
const LIMITS: Limits = Limits { objects: 70, fields: 16 };
/// So many frames are shown, and names of each.
const FRAMES: usize = 40;
const NAMES: usize = 60;
/// So many bytes of notes are enough.
const BYTES: usize = 48 << 20;

/// Texts that are written once, by their numbers.
#[derive(Default)]
struct Table {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
    bytes: usize,
}

impl Table {
    fn number(&mut self, text: String) -> usize {
        if let Some(number) = self.numbers.get(&text) {
            return *number;
        }
        self.bytes += 2 * text.len() + 64;
        self.texts.push(text.clone());
        self.numbers.insert(text, self.texts.len() - 1);
        self.texts.len() - 1
    }
}

/// An object that was shown.
struct Known {
    number: usize,
    kind: String,
}

/// See the module's page.
pub struct Recorder {
    filename: String,
    source: String,
    most: u64,
    steps: RefCell<Vec<String>>,
    frames: RefCell<Table>,
    objects: RefCell<Table>,
    /// By address: what lies there.
    known: RefCell<HashMap<usize, Known>>,
    next: Cell<usize>,
    events: RefCell<Vec<String>>,
    collected: Cell<(u64, u64)>,
    stopped: Cell<bool>,
}

impl Recorder {
    /// One that has seen nothing.
    pub fn new(filename: &str, source: &[u8], most: u64) -> Recorder {
        Recorder {
            filename: filename.to_string(),
            source: ryokan_compiler::text_of_file(source)
                .unwrap_or_else(|| String::from_utf8_lossy(source))
                .into_owned(),
            most,
            steps: RefCell::default(),
            frames: RefCell::default(),
            objects: RefCell::default(),
            known: RefCell::default(),
            next: Cell::new(1),
            events: RefCell::default(),
            collected: Cell::new((0, 0)),
            stopped: Cell::new(false),
        }
    }

    /// The program's name.
    pub fn name(&self) -> &str {
        self.filename.rsplit('/').next().unwrap_or_default()
    }

    /// Whether a frame is the program's own.
    fn is_own(&self, frame: &Frame) -> bool {
        !frame.is_boundary() && text(&frame.run().object().filename) == self.filename
    }

    /// A step: what holds before a line.
    fn note(&self, vm: &Vm, line: u32) {
        let mut picture = Picture::new();
        let mut frames: Vec<(String, u32, Vec<(String, Target)>)> = Vec::new();
        let mut consts: HashSet<usize> = HashSet::new();
        let stacks = &vm.thread.stacks;
        for frame in stacks.iter().filter(|frame| self.is_own(frame)).take(FRAMES) {
            let code = frame.run().object();
            let at = if frames.is_empty() {
                line
            } else {
                code.code.position(frame.run().instr_at(frame.pc)).line
            };
            consts.extend(code.consts.iter().filter_map(|value| Some(value.object()?.addr().get())));
            frames.push((text(&code.qualname), at, names(vm, frame, &mut picture)));
        }
        frames.reverse();
        self.step(vm, line, picture, frames, &consts);
    }

    fn step(
        &self,
        vm: &Vm,
        line: u32,
        mut picture: Picture,
        frames: Vec<(String, u32, Vec<(String, Target)>)>,
        consts: &HashSet<usize>,
    ) {
        picture.complete(vm, LIMITS);
        self.note_collections(vm);
        let (numbers, fresh, gone) = self.number(vm, &picture.objects);
        let frames = frames.into_iter().map(|(name, at, names)| {
            let names =
                names.into_iter().map(|(name, target)| array([quoted(&name), written(&target, &numbers)]));
            let text = array([quoted(&name), at.to_string(), array(names)]);
            self.frames.borrow_mut().number(text).to_string()
        });
        let frames = array(frames);
        let shown = picture.objects.iter().zip(&numbers).map(|(shown, number)| {
            let text = state(shown, *number, &numbers, consts);
            self.objects.borrow_mut().number(text).to_string()
        });
        let mut fields = vec![("l", line.to_string()), ("f", frames), ("o", array(shown))];
        let list = |numbers: &[usize]| array(numbers.iter().map(ToString::to_string));
        let events = self.events.take();
        fields.extend((!fresh.is_empty()).then(|| ("n", list(&fresh))));
        fields.extend((!gone.is_empty()).then(|| ("g", list(&gone))));
        fields.extend((!events.is_empty()).then(|| ("e", array(events.iter().map(|event| quoted(event))))));
        fields.extend(picture.cut.then(|| ("c", "1".to_string())));
        self.steps.borrow_mut().push(object(fields));
    }

    /// Stable numbers of objects; those that are new, and those that are gone.
    fn number(&self, vm: &Vm, shown: &[Shown]) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
        let mut known = self.known.borrow_mut();
        let here: HashSet<usize> = shown.iter().map(|shown| shown.object.addr().get()).collect();
        let away: HashSet<usize> = known.keys().filter(|address| !here.contains(address)).copied().collect();
        let living = if away.is_empty() { HashSet::new() } else { alive(vm, &away) };
        let mut gone: Vec<usize> = away
            .difference(&living)
            .filter_map(|address| known.remove(address))
            .map(|known| known.number)
            .collect();
        let (mut numbers, mut fresh) = (Vec::new(), Vec::new());
        for shown in shown {
            let address = shown.object.addr().get();
            if let Some(other) = known.get(&address).filter(|known| known.kind != shown.kind) {
                // An object may change its class; but most likely another one lies there now.
                gone.push(other.number);
                known.remove(&address);
            }
            let entry = known.entry(address).or_insert_with(|| {
                let number = self.next.replace(self.next.get() + 1);
                fresh.push(number);
                Known { number, kind: shown.kind.clone() }
            });
            numbers.push(entry.number);
        }
        gone.sort_unstable();
        (numbers, fresh, gone)
    }

    /// The collector's work since the last step.
    fn note_collections(&self, vm: &Vm) {
        let sum = vm.heap().gc_stats.iter().fold((0, 0), |(runs, found), stats| {
            (runs + stats.collections as u64, found + stats.collected as u64)
        });
        let before = self.collected.replace(sum);
        if sum.0 > before.0 && !self.steps.borrow().is_empty() {
            let found = sum.1 - before.1;
            self.events.borrow_mut().push(format!("the collector ran and freed {found} objects in cycles"));
        }
    }

    fn is_full(&self) -> bool {
        let bytes = self.frames.borrow().bytes + self.objects.borrow().bytes;
        self.steps.borrow().len() as u64 >= self.most || bytes > BYTES
    }

    /// The program has ended, perhaps by an exception: the last step shows what is left.
    pub fn finish(&self, vm: &Vm, raised: Option<String>) {
        if self.stopped.get() {
            return;
        }
        self.events.borrow_mut().push(match raised {
            Some(raised) => format!("the program ended by {raised}"),
            None => "the program ended".to_string(),
        });
        let mut picture = Picture::new();
        let mut left = Vec::new();
        if let Some(main) = crate::interpreter::known_main(vm) {
            left = of_space(vm, &main, &mut picture);
        }
        self.step(vm, 0, picture, vec![("<module>".to_string(), 0, left)], &HashSet::new());
    }

    /// All notes, as JSON.
    pub fn data(&self) -> String {
        object([
            ("file", quoted(self.name())),
            ("source", quoted(&self.source)),
            ("frames", array(self.frames.borrow().texts.iter().cloned())),
            ("objects", array(self.objects.borrow().texts.iter().cloned())),
            ("steps", array(self.steps.borrow().iter().cloned())),
            ("stopped", if self.stopped.get() { "true" } else { "false" }.to_string()),
        ])
    }
}

impl Watcher for Recorder {
    fn line(&self, vm: &Vm, line: u32) {
        if self.stopped.get() || !self.is_own(vm.thread.stacks.top()) {
            return;
        }
        if self.is_full() {
            self.stopped.set(true);
            return vm.watch(None);
        }
        self.note(vm, line);
    }
    fn raised(&self, vm: &Vm, exception: &Value) {
        if self.is_own(vm.thread.stacks.top()) {
            self.events.borrow_mut().push(format!("raised: {}", brief(vm, exception)));
        }
    }
}

/// The names of a frame with what they stand for.
fn names(vm: &Vm, frame: &Frame, picture: &mut Picture) -> Vec<(String, Target)> {
    if let Some(space) = frame.namespace().and_then(|space| space.get::<Dict>()) {
        return of_space(vm, space, picture);
    }
    let code = frame.run().object();
    let mut found = Vec::new();
    for ((local, name), slot) in code.code.locals.iter().zip(&code.locals).zip(frame.locals()).take(NAMES) {
        let (label, slot) = match (local.kind, slot.get::<CellObj>()) {
            (LocalKind::Plain, _) | (_, None) => (text(name), slot),
            (_, Some(cell)) => (format!("{} (cell)", text(name)), &cell.content),
        };
        if !slot.is_unbound() {
            found.push((label, picture.target(vm, slot, LIMITS)));
        }
    }
    found
}

/// The names of a module or class body, but for those that each has.
fn of_space(vm: &Vm, space: &Dict, picture: &mut Picture) -> Vec<(String, Target)> {
    let own = space.entries().filter(|entry| !text(&entry.key).starts_with("__"));
    let shown = own.filter(|entry| !entry.value.has::<Module>()).take(NAMES);
    shown.map(|entry| (text(&entry.key), picture.target(vm, &entry.value, LIMITS))).collect()
}

/// What a name or a field stands for: an object's number, or a value that is shown there.
fn written(target: &Target, numbers: &[usize]) -> String {
    match target {
        Target::Object(at) => numbers.get(*at).copied().unwrap_or_default().to_string(),
        Target::Here { kind, value, mark } => array([quoted(value), quoted(mark), quoted(kind)]),
    }
}

fn state(shown: &Shown, number: usize, numbers: &[usize], consts: &HashSet<usize>) -> String {
    let mut marks: Vec<String> = shown.marks.iter().map(|mark| quoted(mark)).collect();
    if consts.contains(&shown.object.addr().get()) {
        marks.push(quoted("shared constant"));
    }
    let fields = shown.fields.iter().map(|(label, target)| array([quoted(label), written(target, numbers)]));
    let mut all = vec![
        ("i", number.to_string()),
        ("t", quoted(&shown.kind)),
        ("v", quoted(&shown.value)),
        ("r", shown.refs.map_or("null".to_string(), |refs| refs.to_string())),
        ("b", shown.bytes.to_string()),
    ];
    all.extend((!marks.is_empty()).then(|| ("m", array(marks))));
    all.extend((!shown.fields.is_empty()).then(|| ("f", array(fields))));
    all.extend((shown.more > 0).then(|| ("x", shown.more.to_string())));
    object(all)
}
