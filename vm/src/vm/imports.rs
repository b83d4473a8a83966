//! What an interpreter knows of `importlib`; and modules whose code is running: another thread that imports one of them waits until it has run.
//!
//! Two threads may import two modules that import each other. Who would wait for a thread that waits for it takes the module as it is,
//! as the importer of a cycle does.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::Vm;
use super::gate::Gate;
use crate::raised::Res;
use crate::value::Value;

/// What an interpreter knows of its `importlib`.
#[derive(Default)]
pub struct Importlib {
    /// The module `_frozen_importlib`; empty until the library is there.
    pub(crate) module: Value,
    /// The class of the library's loaders.
    pub(crate) loader: Value,
    /// The finders of `sys.meta_path`, as they are at the start.
    pub(crate) finders: [Value; 3],
    /// `importlib` is being started: it finds its own parts.
    pub(crate) starting: Cell<bool>,
    /// How many imports `importlib` has under way.
    pub(crate) underway: Cell<u32>,
    /// Nothing but the import system itself is frozen: the library is elsewhere.
    pub elsewhere: Cell<bool>,
}

impl Importlib {
    /// Shows the values.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.module, &self.loader].into_iter().chain(&self.finders).for_each(visit);
    }
    /// Lets go of them, at the end.
    pub fn forget(&self) {
        [&self.module, &self.loader]
            .into_iter()
            .chain(&self.finders)
            .for_each(|slot| slot.set(Value::UNBOUND));
    }
}

/// The imports under way in an interpreter.
#[derive(Default)]
pub struct Imports {
    running: RefCell<Vec<Import>>,
    /// Which thread waits for which module.
    waiting: RefCell<Vec<(u64, String)>>,
}

/// A module whose code runs, and in which thread. The gate opens at its end.
struct Import {
    name: String,
    ident: u64,
    gate: Arc<Gate>,
}

/// A module's code runs until this is dropped.
pub struct Importing<'a> {
    imports: &'a Imports,
    gate: Arc<Gate>,
}

impl Drop for Importing<'_> {
    fn drop(&mut self) {
        self.imports.running.borrow_mut().retain(|other| !Arc::ptr_eq(&other.gate, &self.gate));
        self.gate.open_for_all();
    }
}

impl Imports {
    /// The thread that runs a module's code, and the gate to wait at.
    fn importer(&self, name: &str) -> Option<(u64, Arc<Gate>)> {
        let running = self.running.borrow();
        running.iter().find(|import| import.name == name).map(|import| (import.ident, import.gate.clone()))
    }
    /// Whether a thread waits for another one, or for one that waits for it, and so on.
    fn waits_for(&self, thread: u64, other: u64) -> bool {
        let mut at = thread;
        // A chain that is longer than the list goes in a circle.
        for _ in 0..=self.waiting.borrow().len() {
            if at == other {
                return true;
            }
            let waiting = self.waiting.borrow();
            let Some((_, name)) = waiting.iter().find(|(ident, _)| *ident == at) else { return false };
            let Some((next, _)) = self.importer(name) else { return false };
            at = next;
        }
        true
    }
}

impl Vm {
    /// Whether no module's code runs that `importlib` does not know of.
    pub(crate) fn imports_nothing(&self) -> bool {
        self.imports.running.borrow().is_empty()
    }
    /// A module's code begins to run.
    pub(crate) fn begin_import(&self, name: &str) -> Importing<'_> {
        let (ident, gate) = (self.threads.ident(), Arc::new(Gate::new(true)));
        let import = Import { name: name.to_string(), ident, gate: gate.clone() };
        self.imports.running.borrow_mut().push(import);
        Importing { imports: &self.imports, gate }
    }

    /// Waits until a module's code has run, if it runs in another thread. Other threads run meanwhile; `KeyboardInterrupt`, in the main
    /// thread, if a signal comes in.
    pub(crate) fn wait_for_import(&self, name: &str) -> Res<()> {
        let me = self.threads.ident();
        while let Some((importer, gate)) = self.imports.importer(name) {
            if self.imports.waits_for(importer, me) {
                return Ok(());
            }
            self.imports.waiting.borrow_mut().push((me, name.to_string()));
            let waited = self.wait_for(None, move |most| gate.wait(most, false));
            self.imports.waiting.borrow_mut().retain(|(ident, _)| *ident != me);
            waited?;
        }
        Ok(())
    }
}
