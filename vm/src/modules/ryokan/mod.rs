//! `_ryokan`: what rooms there are, what they cost, and whether the books are in order. The facts; the module `ryokan` of the library
//! (`library/py/ryokan.py`) makes them readable.
//!
//! `look.rs` looks at objects, who holds them and what they hold.

mod look;

use crate::modules::add;
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// `_ryokan.__doc__`
pub const DOC: &str =
    "What this interpreter's memory is made of, as plain facts. The module ryokan makes them readable.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "heap_stats",
        "()",
        Call::Slice(heap_stats),
        "A dict of what the heap holds: bytes used, the peak, pools and blocks by size.",
    ),
    method(
        "room",
        "(object, /)",
        Call::One(look::room),
        "What is to be known of the object's place, as a dict.",
    ),
    method(
        "brief",
        "(object, /)",
        Call::One(look::brief),
        "The object in a few characters; nothing of it is called.",
    ),
    method(
        "cpython_size",
        "(object, /)",
        Call::One(look::cpython_size),
        "The bytes that CPython 3.14 would need for the object alone.",
    ),
    method(
        "census",
        "()",
        Call::Slice(look::census),
        "What is alive: a dict of names of types, with counts and bytes.",
    ),
    method(
        "lines",
        "()",
        Call::Slice(look::lines),
        "A list of the lines that asked for memory, as far as that is traced, the greatest first:\nfile, line, blocks, bytes, and a dict of types.",
    ),
    method(
        "path_to",
        "(object, /)",
        Call::One(look::path_to),
        "The shortest way from a root to the object: its text, and a list of pairs; None if there\nis none.",
    ),
    method(
        "holders",
        "(object, /)",
        Call::One(look::holders),
        "A list of pairs: how the object is held, and by what; None for what is no object.",
    ),
    method(
        "draw",
        "(objects, /)",
        Call::One(look::draw),
        "A picture of a tuple's items and what they lead to, as SVG.",
    ),
    method(
        "heap_report",
        "(format, /)",
        Call::One(look::heap_report),
        "A report of the heap, as \"txt\", \"json\" or \"html\".",
    ),
    method(
        "limit_instructions",
        "(more, /)",
        Call::One(look::limit_instructions),
        "Lets this thread begin so many more instructions, and no more; None lifts that. Gives what\nwas left before, or None.",
    ),
    method(
        "is_boxed",
        "(object, /)",
        Call::One(is_boxed),
        "Whether the value is an object of the heap rather than a word.",
    ),
    method(
        "report_on_signal",
        "(signum, frame, /)",
        Call::Slice(look::report_on_signal),
        "A handler of a signal: tells whoever embeds the interpreter to look at the heap.",
    ),
    method("memory_limit", "()", Call::Slice(memory_limit), "The cap on the heap in bytes, or None."),
    method(
        "set_memory_limit",
        "(bytes, /)",
        Call::One(set_memory_limit),
        "Sets the cap on the heap; None lifts it.",
    ),
    method(
        "instructions",
        "()",
        Call::Slice(instructions),
        "How many instructions have been executed; None if they are not counted.",
    ),
    method("reset_peak", "()", Call::Slice(reset_peak), "Lets the peak begin anew from what is used now."),
    method(
        "verify",
        "()",
        Call::Slice(verify),
        "Walks the whole heap and checks its invariants; a dict of what was seen, or a SystemError.",
    ),
];

/// Adds the version.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    add(vm, dict, "InstructionLimit", vm.limit_class()?)?;
    add(vm, dict, "TimeLimit", vm.time_limit_class()?)?;
    add(vm, dict, "__version__", vm.str(env!("CARGO_PKG_VERSION"))?)
}

fn number(n: usize) -> Value {
    Value::small(n as i64)
}

fn heap_stats(vm: &Vm, _: &[Value]) -> Res {
    let stats = vm.heap().stats();
    vm.work_on_bytes(stats.used_bytes / 64)?;
    let dict = vm.new_dict()?;
    let parts = [
        ("used_bytes", number(stats.used_bytes)),
        ("peak_bytes", number(stats.peak_bytes)),
        ("external_bytes", number(stats.external_bytes)),
        ("limit_bytes", stats.limit_bytes.map_or(Value::NONE, number)),
        ("arenas", number(stats.arenas)),
        ("pools", number(stats.pools())),
        ("block_bytes", number(stats.block_bytes())),
        ("large_blocks", number(stats.large_blocks)),
        ("large_bytes", number(stats.large_bytes)),
    ];
    for (name, value) in parts {
        add(vm, &dict, name, value)?;
    }
    for (name, classes) in [("objects", &stats.objects), ("buffers", &stats.buffers)] {
        let by_size = vm.new_dict()?;
        for class in classes.iter().filter(|c| c.pools > 0) {
            let key = number(class.block_bytes);
            let hash = vm.hash(&key)?;
            let row = vm.new_tuple(vec![number(class.used), number(class.free), number(class.pools)])?;
            by_size.insert(vm, key, hash, row)?;
        }
        add(vm, &dict, name, by_size.into_value())?;
    }
    Ok(dict.into_value())
}

fn is_boxed(_: &Vm, value: &Value) -> Res {
    Ok(Value::bool(value.word().is_ptr()))
}

fn memory_limit(vm: &Vm, _: &[Value]) -> Res {
    Ok(vm.heap().limit().map_or(Value::NONE, number))
}
fn set_memory_limit(vm: &Vm, limit: &Value) -> Res {
    let limit = if limit.is_none() { None } else { Some(vm.index_long(limit)?) };
    match limit {
        Some(n) if n <= 0 => return Err(vm.value_error("the limit must be positive")),
        limit => vm.heap().set_limit(limit.map(|n| n as usize)),
    }
    vm.pay_for_stack_from_here();
    Ok(Value::NONE)
}
fn instructions(vm: &Vm, _: &[Value]) -> Res {
    if vm.meter.is_on() { vm.int_from_u64(vm.instructions()) } else { Ok(Value::NONE) }
}
fn reset_peak(vm: &Vm, _: &[Value]) -> Res {
    vm.heap().reset_peak();
    Ok(Value::NONE)
}

fn verify(vm: &Vm, _: &[Value]) -> Res {
    match vm.verify() {
        Ok(report) => {
            vm.work(2 * (report.objects + report.references) as u64)?;
            let dict = vm.new_dict()?;
            let parts = [
                ("objects", report.objects),
                ("tracked", report.tracked.iter().sum()),
                ("references", report.references),
                ("pending", report.pending),
                ("immortal", report.immortal),
            ];
            for (name, value) in parts {
                add(vm, &dict, name, number(value))?;
            }
            Ok(dict.into_value())
        }
        Err(fault) => Err(vm.system_error(fault)),
    }
}
