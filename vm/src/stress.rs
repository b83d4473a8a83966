//! Stress: ways to run that change nothing that a program can see, so that a difference is a bug.
//!
//! | setting | what it changes |
//! |---|---|
//! | `collect_every` | a collection after every Nth tracked object, of all generations by turns, at the next jump back or call |
//! | `young_quietly` | at every allocation of the program the heap collects by itself, of the young objects, what runs nothing; at every 256th while 500 are young |
//! | `plain_code` | lowering fuses nothing: every result goes through its temporary, a comparison and its jump are two units |
//! | `no_caches` | the VM is born in its last epoch, with the versions of dicts' keys used up: no cache is filled, neither inline nor of lookups on types |
//! | `quarantine` | freed blocks wait before they are used again (`ryokan_alloc::Heap::set_quarantine`): only in builds with debug assertions or AddressSanitizer |
//! | `quiet_every` | at every Nth allocation the heap collects by itself what runs nothing, as it does where it would refuse |
//! | `VmConfig::fail_alloc` | an allocation is refused: the one setting that shows, as a `MemoryError` |
//!
//! All are looked at where a code is lowered or on a path that is slow already; a run that is not stressed pays nothing.
//! The command takes them as `--stress=collect,plain,uncached,quarantine` (`collect:N`, `quiet:N`), which its help does not list: they are for
//! tests and for `fuzz/`. `always` is `collect` and `young_quietly`: a collection at every allocation, wherever that is, and a whole
//! one, with finalizers, as soon as Python may run.

use crate::vm::Vm;

/// How many bytes wait in quarantine.
const QUARANTINE_BYTES: usize = 1 << 20;

/// See the module's page.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Stress {
    /// Collect after every Nth tracked object.
    pub collect_every: Option<u32>,
    /// Collect the young objects quietly at every allocation.
    pub young_quietly: bool,
    /// Collect quietly at every Nth allocation.
    pub quiet_every: Option<u64>,
    /// Fuse nothing when lowering.
    pub plain_code: bool,
    /// Fill no cache.
    pub no_caches: bool,
    /// Let freed blocks wait.
    pub quarantine: bool,
}

impl Stress {
    /// Reads `always`, `collect`, `collect:N`, `quiet:N`, `plain`, `uncached` and `quarantine`, separated by commas; or says which word is none of them.
    pub fn parse(text: &str) -> Result<Stress, String> {
        let mut stress = Stress::default();
        for word in text.split(',').filter(|word| !word.is_empty()) {
            match word.split_once(':').unwrap_or((word, "")) {
                ("always", "") => (stress.collect_every, stress.young_quietly) = (Some(1), true),
                ("collect", "") => stress.collect_every = Some(1),
                ("collect", n) => stress.collect_every = Some(n.parse().map_err(|_| word.to_string())?),
                ("quiet", n) => stress.quiet_every = Some(n.parse().map_err(|_| word.to_string())?),
                ("plain", "") => stress.plain_code = true,
                ("uncached", "") => stress.no_caches = true,
                ("quarantine", "") => stress.quarantine = true,
                _ => return Err(word.to_string()),
            }
        }
        Ok(stress)
    }

    /// Begins what is for the program alone: what an interpreter imports before it would take much longer, and is the same each time.
    pub fn begin_program(self, vm: &Vm) {
        if self.young_quietly {
            vm.heap().set_quiet_every(1, 0);
        }
    }

    /// Sets up what the heap has to know; called once the VM is born.
    pub(crate) fn begin(self, vm: &Vm) {
        if self.no_caches {
            vm.epoch.set(u32::MAX);
            vm.next_keys_version.set(0);
        }
        if self.quarantine {
            vm.heap().set_quarantine(QUARANTINE_BYTES);
        }
        if let Some(every) = self.quiet_every {
            vm.heap().set_quiet_every(every, 2);
        }
        if let Some(every) = self.collect_every {
            vm.heap().set_eager(every);
        }
    }
}
