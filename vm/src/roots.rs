//! The references that are held from outside the heap's objects, and the proof that counts are exact.
//!
//! Every reference is held by an object, which its layout's `trace` shows, or by a root: a register, a frame's namespace, a
//! field of the [`Vm`]. So, while nothing native is under way, each count must equal what a walk finds; an object that
//! counts more has been leaked, one that counts less would have been freed under somebody's hands. `--verify-heap` asks
//! this at the end of a program.

use std::collections::BTreeMap;

use ryokan_alloc::HeapReport;

use crate::value::{Value, Word};
use crate::vm::Vm;

impl Vm {
    /// Visits every counted reference that no object of the heap holds. Names, types and the like are immortal and left out.
    pub fn trace_roots(&self, visit: &mut dyn FnMut(&Value)) {
        self.each_thread(&mut |_, thread| thread.trace(visit));
        for value in [
            &self.modules,
            &self.builtins,
            &self.untold,
            &self.sys_dict,
            &self.codecs,
            &self.meter.limit_class,
            &self.collector.callbacks,
            &self.collector.garbage,
        ] {
            visit(value);
        }
        visit(&self.dunder_numbers);
        self.commons.iter().for_each(&mut *visit);
        self.literals.borrow().iter().flat_map(|(literals, _)| literals).for_each(&mut *visit);
        self.retired.borrow().iter().for_each(&mut *visit);
        self.watched_frames.borrow().iter().for_each(&mut *visit);
        self.natives.trace(visit);
        self.units.trace(visit);
        self.importlib.trace(visit);
        self.signals.handlers.iter().for_each(&mut *visit);
        self.tracing.trace(visit);
        self.sites.trace(visit);
        let warnings = &self.warnings;
        [&warnings.filters, &warnings.once_registry, &warnings.default_action]
            .into_iter()
            .for_each(&mut *visit);
        self.deadline.trace(visit);
        self.trace_caches(visit);
    }

    /// Checks every invariant of the heap, and that every count is exact; what is wrong otherwise. To be called while no
    /// native function is under way, which may hold references that no walk finds.
    pub fn verify_exact(&self) -> Result<HeapReport, String> {
        if self.threads.are_several() {
            // Other threads have native functions under way.
            return self.verify();
        }
        // What the stacks took for a deep recursion says nothing of leaks.
        self.heap().uncharge(self.thread.stacks.reclaim());
        let (report, off) = self.verify_counts()?;
        if off.is_empty() {
            return Ok(report);
        }
        let mut kinds: BTreeMap<String, (usize, i64)> = BTreeMap::new();
        for count in &off {
            let name = self.text(&self.type_of_word(Word::from_ptr(count.object)).name);
            let kind = kinds.entry(name.to_string()).or_default();
            kind.0 += 1;
            kind.1 += i64::from(count.counted) - i64::from(count.found);
        }
        let kinds: Vec<String> =
            kinds.iter().map(|(name, (objects, excess))| format!("{objects} {name} ({excess:+})")).collect();
        Err(format!("counts that are not exact: {}", kinds.join(", ")))
    }
}
