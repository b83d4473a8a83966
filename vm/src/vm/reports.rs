//! Who is told that memory was refused, or that somebody wants to see the heap: whoever embeds the VM and asked for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Vm;

/// Why the heap is to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wish {
    /// A `MemoryError` is about to be raised.
    MemoryError,
    /// A signal has come in.
    Signal,
}

type Reporter = Rc<dyn Fn(&Vm, Wish)>;

/// See the module's page.
#[derive(Default)]
pub struct Reports {
    reporter: RefCell<Option<Reporter>>,
    under_way: Cell<bool>,
    /// What was charged when memory was refused last and that was told of.
    told_at: Cell<usize>,
}

impl Vm {
    /// Whoever is given is told from now on. It looks, and neither runs Python nor makes anything in the heap.
    pub fn set_reporter(&self, reporter: Option<Reporter>) {
        *self.reports.reporter.borrow_mut() = reporter;
    }

    /// Tells of a wish.
    pub fn wish_for_report(&self, wish: Wish) {
        let reporter = self.reports.reporter.borrow().clone();
        if let Some(reporter) = reporter
            && !self.reports.under_way.replace(true)
        {
            reporter(self, wish);
            self.reports.under_way.set(false);
        }
    }

    /// Memory is refused under a cap: that is told the first time, and again where the heap holds a tenth more than then.
    pub(super) fn tell_of_refusal(&self) {
        if self.reports.reporter.borrow().is_none() || self.heap().limit().is_none() {
            return;
        }
        let used = self.heap().used_bytes();
        let told = self.reports.told_at.get();
        if told == 0 || used > told + told / 10 {
            self.reports.told_at.set(used);
            self.wish_for_report(Wish::MemoryError);
        }
    }
}
