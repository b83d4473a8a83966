//! `--explain`: a program is run line by line, and a page shows each step: the lines, the frames with their names, the objects.
//!
//! A [`Recorder`] watches from Rust: it looks at what the frames of the program's own file hold, and at what that leads to, before each
//! line. No count changes by it, no number gets an identity, and no Python runs. What it notes lies outside of the heap, and is bounded by the
//! number of steps, of objects a step and of fields an object. `page.html` has the page: the data is put into it, and it needs nothing beside it.

mod record;

use ryokan_vm::census::draw::escaped;
use ryokan_vm::vm::Vm;

pub use record::Recorder;

const PAGE: &str = include_str!("page.html");

/// The program has ended, perhaps by an exception: writes the page, or says that it cannot be written.
pub fn write(vm: &Vm, path: &str, recorder: &Recorder, raised: Option<String>) {
    vm.watch(None);
    recorder.finish(vm, raised);
    let (before, behind) = PAGE.split_once("\"DATA\"").unwrap_or((PAGE, ""));
    let page =
        format!("{}{}{behind}", before.replacen("TITLE", &escaped(recorder.name()), 1), recorder.data());
    if let Err(error) = std::fs::write(path, page) {
        eprintln!("ryokan: cannot write '{path}': {error}");
    }
}
