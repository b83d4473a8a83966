//! Further interpreters, which scripts make beside the first one: what `concurrent.interpreters` needs of the program.

use std::sync::Arc;

use ryokan_vm::host::Host;
use ryokan_vm::raised::Res;
use ryokan_vm::vm::runtime::Maker;
use ryokan_vm::vm::{Vm, VmConfig};

use crate::host::{SystemHost, SystemSeed};

/// How one starts, before its `__main__` is made.
type Start = dyn Fn(&Vm) -> Res<()> + Send + Sync;

/// Makes interpreters that are like the first one.
struct Others {
    seed: SystemSeed,
    config: VmConfig,
    start: Box<Start>,
    /// Whether each one's heap is looked at when it ends.
    verify: bool,
}

impl Maker for Others {
    fn config(&self) -> VmConfig {
        self.config.clone()
    }
    fn host(&self) -> Box<dyn Host> {
        Box::new(self.seed.host())
    }
    fn start(&self, vm: &Vm) -> Res<()> {
        (self.start)(vm)?;
        let main = crate::interpreter::main_namespace(vm)?;
        crate::startup::set_main_loader(vm, &main, None)
    }
    fn finish(&self, vm: &Vm) {
        // What it could not send to its output is told by its streams.
        crate::command::flush(vm);
        crate::finish::finish(vm);
        crate::command::flush(vm);
        if self.verify
            && let Err(fault) = vm.verify_exact()
        {
            eprintln!("heap of interpreter {}: NOT in order: {fault}", vm.place.id);
        }
    }
}

/// What makes interpreters like one that is made of this; with `verify` what is wrong with their heaps is told when they end. `start` runs Python, and raises what that raises.
pub fn others(
    host: &SystemHost,
    config: &VmConfig,
    verify: bool,
    start: impl Fn(&Vm) -> Res<()> + Send + Sync + 'static,
) -> Arc<dyn Maker> {
    // Who counts or profiles looks at the first one.
    let config = VmConfig { profile: None, ..config.clone() };
    Arc::new(Others { seed: host.seed(), config, start: Box::new(start), verify })
}
