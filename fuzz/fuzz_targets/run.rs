//! Generated programs, plainly and under stress: both must print the same.
//!
//! The first byte says how the second run is stressed. With a refused allocation only the heap is looked at: a program may catch
//! the MemoryError and go on otherwise.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use ryokan::Stress;
use ryokan_fuzz::programs::generate;
use ryokan_fuzz::{Settings, run, show};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((&how, rest)) = data.split_first() else { return Corpus::Reject };
    let source = generate(rest);
    show(|| source.clone());
    let plain = Settings::default();
    let expected = run(&source, &plain);
    let mut stress = Stress { plain_code: how & 1 != 0, no_caches: how & 2 != 0, ..plain.stress };
    if how & 4 != 0 {
        stress.collect_every = Some(u32::from(how >> 5));
    }
    if how & 8 != 0 {
        let nth = u64::from(how >> 4) * 97 + data.len() as u64;
        run(&source, &Settings { stress, fail_alloc: Some(nth), ..plain });
        return Corpus::Keep;
    }
    let got = run(&source, &Settings { stress, ..plain });
    if !expected.was_stopped() && !got.was_stopped() {
        assert!(
            expected == got,
            "{stress:?} changes what this prints:\n{source}\nplain: {}\nstressed: {}",
            expected.shown(),
            got.shown()
        );
    }
    Corpus::Keep
});
