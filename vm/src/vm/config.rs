//! How a VM is made.

use crate::fuel::Count;
use crate::profile;
use crate::stress::Stress;

/// How a Vm is made.
#[derive(Clone)]
pub struct VmConfig {
    /// Cap on the heap's bytes.
    pub memory_limit: Option<usize>,
    /// Refuse the Nth allocation.
    pub fail_alloc: Option<u64>,
    /// How to run so that bugs show.
    pub stress: Stress,
    /// What is profiled.
    pub profile: Option<profile::By>,
    /// What is counted.
    pub count: Count,
    /// How many instructions may be executed: see `fuel.rs`.
    pub max_instructions: Option<u64>,
    /// Native stack that may be used from where the Vm is made.
    pub native_stack_bytes: usize,
    /// The key of str hashes; `None` picks one at random.
    pub hash_seed: Option<u64>,
}

impl VmConfig {
    /// What is counted. Whose instructions they are is asked of the units that count them.
    pub(super) fn counts(&self) -> Count {
        match (self.profile, self.count) {
            (Some(profile::By::Instructions), Count::Off) => Count::Total,
            (_, count) => count,
        }
    }
}

impl Default for VmConfig {
    fn default() -> Self {
        VmConfig {
            memory_limit: None,
            fail_alloc: None,
            stress: Stress::default(),
            profile: None,
            count: Count::Off,
            max_instructions: None,
            native_stack_bytes: 1 << 20,
            hash_seed: None,
        }
    }
}

/// The key of str hashes that a seed stands for.
pub(super) fn hash_key(seed: Option<u64>) -> (u64, u64) {
    match seed {
        Some(0) => (0, 0),
        // CPython's generator: a byte from each of sixteen steps.
        Some(seed) => {
            let mut state = seed as u32;
            let key: [u8; 16] = std::array::from_fn(|_| {
                state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
                (state >> 16) as u8
            });
            let key = u128::from_le_bytes(key);
            (key as u64, (key >> 64) as u64)
        }
        None => {
            use std::hash::{BuildHasher, RandomState};
            let state = RandomState::new();
            (state.hash_one(1u8), state.hash_one(2u8))
        }
    }
}
