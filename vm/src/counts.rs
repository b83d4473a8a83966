//! What a metered run did: by function and line, and what it made.
//!
//! Nothing is added up while the program runs but the counters of blocks (`ops/control.rs`). A code that dies hands its numbers
//! over; the rest is read off the heap when the [`Report`] is made. So it is with objects: how many of a type were made is
//! how many died and how many are left, and deaths are counted by a hook of the heap that an unmetered VM does not install.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ryokan_alloc::ShapeId;
use ryokan_bytecode::{InstrIndex, Op};

use crate::fuel::Count;
use crate::object::ShapeBits;
use crate::object::shape::{Shape, Tally};
use crate::types::code::CodeObj;
use crate::vm::Vm;

/// A function, as reports name it: file, line, qualified name.
pub type FunctionKey = (String, u32, String);

/// What a function did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionCount {
    /// How often it was entered.
    pub calls: u64,
    /// Instructions executed in it.
    pub instructions: u64,
    /// The same by line.
    pub lines: BTreeMap<u32, u64>,
    /// Loads of locals and constants: what CPython counts a reference for.
    pub loads: u64,
    /// Those that took a counted reference here.
    pub shares: u64,
}

impl FunctionCount {
    fn add(&mut self, other: &FunctionCount) {
        self.calls += other.calls;
        self.instructions += other.instructions;
        self.loads += other.loads;
        self.shares += other.shares;
        for (line, n) in &other.lines {
            *self.lines.entry(*line).or_default() += n;
        }
    }
    /// What is left without what was done before.
    fn subtract(&mut self, before: &FunctionCount) {
        self.calls = self.calls.saturating_sub(before.calls);
        self.instructions = self.instructions.saturating_sub(before.instructions);
        self.loads = self.loads.saturating_sub(before.loads);
        self.shares = self.shares.saturating_sub(before.shares);
        for (line, n) in &mut self.lines {
            *n = n.saturating_sub(before.lines.get(line).copied().unwrap_or_default());
        }
        self.lines.retain(|_, n| *n > 0);
    }
}

/// Objects of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// How many were made.
    pub objects: u64,
    /// The bytes of their blocks; what a list or dict keeps elsewhere is not among them.
    pub bytes: u64,
}

impl Made {
    fn of(tally: &Tally) -> Made {
        let (objects, bytes) = tally.get();
        Made { objects, bytes }
    }
    fn and(self, other: Made) -> Made {
        Made { objects: self.objects + other.objects, bytes: self.bytes + other.bytes }
    }
    fn less(self, other: Made) -> Made {
        Made {
            objects: self.objects.saturating_sub(other.objects),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }
}

/// Objects by the names of their types.
#[derive(Clone, Default)]
struct ByType(BTreeMap<String, Made>);

impl ByType {
    fn add(&mut self, vm: &Vm, shape: &Shape, made: Made) {
        if made.objects > 0 {
            let Some(ty) = shape.class() else { return };
            let name = ty.def.map_or_else(|| vm.text(&ty.name).to_string(), |def| def.name.to_string());
            let sum = self.0.entry(name).or_default();
            *sum = sum.and(made);
        }
    }

    /// Everything in both.
    fn and(mut self, other: &ByType) -> ByType {
        for (name, made) in &other.0 {
            let sum = self.0.entry(name.clone()).or_default();
            *sum = sum.and(*made);
        }
        self
    }
}

/// What died of a shape.
fn died(shape: &Shape) -> Made {
    Made::of(&shape.died)
}

/// What the VM keeps while it runs.
#[derive(Default)]
pub struct Counts {
    functions: RefCell<BTreeMap<FunctionKey, FunctionCount>>,
    /// What died, by type, of shapes whose types died themselves. Other shapes know it.
    dead_types: RefCell<ByType>,
    /// What there was when counting began.
    born_with: RefCell<ByType>,
    /// What the codes of that time had done.
    ran_before: RefCell<BTreeMap<FunctionKey, FunctionCount>>,
}

/// Everything that was counted. The numbers are the same for every run of the same program.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Bytecode instructions executed.
    pub instructions: u64,
    /// Native work charged in place of instructions.
    pub native_work: u64,
    /// By function; empty unless blocks were counted.
    pub functions: BTreeMap<FunctionKey, FunctionCount>,
    /// By type.
    pub made: BTreeMap<String, Made>,
    /// Ints and floats that became objects.
    pub boxed: u64,
    /// Collections of the three generations.
    pub collections: [u64; 3],
    /// Strs looked up in the intern table: found, and new.
    pub interned: [u64; 2],
}

fn shape_index(shape: ShapeId) -> usize {
    shape.index() as usize
}

impl Vm {
    /// Begins to count what is made: what there is, and what is gone, does not count. Who embeds the VM does it when everything is
    /// prepared (`sys.argv`, say), before the program starts.
    pub fn begin_counts(&self) {
        if !self.meter.is_on() {
            return;
        }
        self.meter.begin();
        self.shapes.for_each(|shape| shape.died.clear());
        *self.counts.dead_types.borrow_mut() = ByType::default();
        *self.counts.born_with.borrow_mut() = self.living_by_type();
        self.counts.functions.borrow_mut().clear();
        *self.counts.ran_before.borrow_mut() = self.functions();
        self.profile.begin();
        self.interned().reset_counts();
    }

    /// A code dies: keeps its numbers.
    pub(crate) fn fold_counts(&self, code: &CodeObj) {
        if self.meter.count == Count::Blocks
            && let Some((key, count)) = count_of(self, code)
        {
            self.counts.functions.borrow_mut().entry(key).or_default().add(&count);
        }
    }

    /// A type dies, and gives back a shape: keeps its numbers.
    pub(crate) fn fold_deaths(&self, shape: &Shape) {
        self.counts.dead_types.borrow_mut().add(self, shape, died(shape));
    }

    /// What lives, by type.
    fn living_by_type(&self) -> ByType {
        let mut found: Vec<Tally> = Vec::new();
        found.resize_with(self.shapes.len(), Tally::default);
        self.each_living(&mut |value| found[shape_index(value.word().shape())].add(value.block_bytes()));
        self.by_type(|shape| Made::of(&found[shape_index(shape.id)]))
    }

    /// Adds up what is known of each shape.
    fn by_type(&self, of: impl Fn(&Shape) -> Made) -> ByType {
        let mut sum = ByType::default();
        self.shapes.for_each(|shape| sum.add(self, shape, of(shape)));
        sum
    }

    /// What every function did, since the VM was made or its counts were begun.
    fn functions(&self) -> BTreeMap<FunctionKey, FunctionCount> {
        let mut functions = self.counts.functions.borrow().clone();
        for code in self.living::<CodeObj>() {
            if let Some((key, count)) = count_of(self, &code) {
                functions.entry(key).or_default().add(&count);
            }
        }
        functions
    }

    /// Adds everything up.
    pub fn report_counts(&self) -> Report {
        let died = self.by_type(died).and(&self.counts.dead_types.borrow());
        let mut made = self.living_by_type().and(&died).0;
        for (name, before) in &self.counts.born_with.borrow().0 {
            made.entry(name.clone()).and_modify(|made| *made = made.less(*before));
        }
        made.retain(|_, m| m.objects > 0);
        let mut functions = self.functions();
        for (key, before) in &*self.counts.ran_before.borrow() {
            functions.entry(key.clone()).and_modify(|count| count.subtract(before));
        }
        functions.retain(|_, count| count.instructions > 0);
        let number = |name: &str| made.get(name).map_or(0, |m| m.objects);
        let native_work = self.meter.work.get();
        Report {
            instructions: self.instructions() - if self.meter.charges_work() { native_work } else { 0 },
            native_work,
            functions,
            boxed: number("int") + number("float"),
            made,
            collections: self.heap().gc_stats.map(|stats| stats.collections as u64),
            interned: [self.interned().hits(), self.interned().misses()],
        }
    }
}

/// What a code did; `None` if it never ran.
fn count_of(vm: &Vm, object: &CodeObj) -> Option<(FunctionKey, FunctionCount)> {
    let (run, code) = (object.run()?, &object.code);
    if run.blocks.is_empty() {
        return None;
    }
    let runs = run.runs(code.instrs.len());
    let mut count = FunctionCount { calls: runs.first().copied()?, ..FunctionCount::default() };
    for (at, &n) in runs.iter().enumerate().filter(|(_, n)| **n > 0) {
        count.instructions += n;
        *count.lines.entry(code.position(InstrIndex::of(at)).line).or_default() += n;
        let op = code.instrs[at].op();
        if matches!(op, Some(Op::LoadFast | Op::LoadFastCheck | Op::LoadConst)) {
            count.loads += n;
        }
    }
    count.shares = run.shares.iter().map(|at| runs[*at as usize]).sum();
    if count.instructions == 0 {
        return None;
    }
    let key = (vm.text(&object.filename).to_string(), code.first_line, vm.text(&object.qualname).to_string());
    Some((key, count))
}
