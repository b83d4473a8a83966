//! `_tracemalloc`: where the blocks of the heap were asked for.
//!
//! The heap traces (`ryokan_alloc`, `traces.rs`), `sites.rs` knows what it is told; here is what a script sees of both. Blocks of the heap are
//! of one domain, 0. A number that is no object has no trace.

use std::collections::HashMap;

use crate::modules::NativeModule;
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::sites::MOST_FRAMES;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// The module.
pub static MODULE: NativeModule =
    NativeModule { name: "_tracemalloc", doc: DOC, functions: FUNCTIONS, fill: |_: &Vm, _: &Dict| Ok(()) };

const DOC: &str = "Where memory was asked for: the native half of tracemalloc.";

static FUNCTIONS: &[Method] = &[
    method(
        "is_tracing",
        "()",
        Call::Slice(|vm, _| Ok(Value::bool(vm.heap().is_tracing()))),
        "Whether allocations are traced.",
    ),
    method("clear_traces", "()", Call::Slice(clear), "Forgets what was traced until now."),
    method(
        "_get_traces",
        "()",
        Call::Slice(get_traces),
        "A list of the blocks that are traced: a tuple (domain, size, frames, depth) for each. Frames are\npairs of a file \
         and a line, the innermost first; depth is how many there were.",
    ),
    method(
        "_get_object_traceback",
        "(obj, /)",
        Call::One(get_object_traceback),
        "The frames where the object's memory was asked for, as _get_traces() has them; None if that was not\ntraced.",
    ),
    method(
        "start",
        "(nframe=1, /)",
        Call::Slice(start),
        "Traces allocations from now on, each with at most nframe frames of its traceback.",
    ),
    method("stop", "()", Call::Slice(stop), "Traces no more, and forgets what was traced."),
    method(
        "get_traceback_limit",
        "()",
        Call::Slice(|vm, _| Ok(Value::small(i64::from(vm.sites.limit())))),
        "How many frames of a traceback are kept.",
    ),
    method(
        "get_tracemalloc_memory",
        "()",
        Call::Slice(|vm, _| vm.int((vm.heap().traces_bytes() + vm.sites.bytes()) as i64)),
        "How many bytes the traces take.",
    ),
    method(
        "get_traced_memory",
        "()",
        Call::Slice(get_traced_memory),
        "The size of all traced blocks in bytes, now and at the most.",
    ),
    method("reset_peak", "()", Call::Slice(reset_peak), "Lets the peak begin anew from what is traced now."),
];

fn clear(vm: &Vm, _: &[Value]) -> Res {
    vm.clear_memory_traces();
    Ok(Value::NONE)
}

fn start(vm: &Vm, args: &[Value]) -> Res {
    let frames = match args.first().filter(|a| !a.is_unbound()) {
        Some(number) => vm.index_c_int(number)?,
        None => 1,
    };
    let Some(frames) = u16::try_from(frames).ok().filter(|n| *n > 0) else {
        return Err(vm.value_error(format_args!("the number of frames must be in range [1; {MOST_FRAMES}]")));
    };
    if !vm.start_tracing_memory(frames, false) {
        return Err(vm.no_memory());
    }
    vm.heap().sum_up_traces();
    Ok(Value::NONE)
}

fn stop(vm: &Vm, _: &[Value]) -> Res {
    vm.stop_tracing_memory();
    Ok(Value::NONE)
}

fn reset_peak(vm: &Vm, _: &[Value]) -> Res {
    vm.heap().sum_up_traces();
    vm.heap().reset_traced_peak();
    Ok(Value::NONE)
}

fn get_traced_memory(vm: &Vm, _: &[Value]) -> Res {
    vm.heap().sum_up_traces();
    let (now, peak) = vm.heap().traced_bytes();
    vm.new_tuple(vec![vm.int(now as i64)?, vm.int(peak as i64)?])
}

/// A tuple of a site's frames, and their depth.
fn frames(vm: &Vm, site: u32) -> Res<(Value, Value)> {
    let (frames, depth) = vm.sites.frames(site);
    let mut pairs = Vec::with_capacity(frames.len());
    for (file, line) in frames {
        pairs.push(vm.new_tuple(vec![file, vm.int(i64::from(line))?])?);
    }
    if pairs.is_empty() {
        // No frame was under way.
        pairs.push(vm.new_tuple(vec![vm.intern("<unknown>")?, Value::small(0)])?);
    }
    Ok((vm.new_tuple(pairs)?, Value::small(i64::from(depth.max(1)))))
}

fn get_object_traceback(vm: &Vm, object: &Value) -> Res {
    match vm.site_of(object) {
        0 => Ok(Value::NONE),
        site => frames(vm, site).map(|(frames, _)| frames),
    }
}

fn get_traces(vm: &Vm, _: &[Value]) -> Res {
    // What is made here is none of the program's memory.
    vm.heap().pause_traces();
    let list = list_traces(vm);
    vm.heap().resume_traces();
    list
}

fn list_traces(vm: &Vm) -> Res {
    let mut count = 0;
    vm.heap().each_trace(&mut |_, _| count += 1);
    let mut traces: Vec<(u32, usize)> = Vec::new();
    vm.room_for_bytes(count as u128 * size_of::<(u32, usize)>() as u128)?;
    if traces.try_reserve_exact(count).is_err() {
        return Err(vm.no_memory());
    }
    vm.heap().each_trace(&mut |site, bytes| traces.push((site, bytes)));
    vm.work(count as u64)?;
    let list = vm.new_list_with_capacity(count)?;
    let mut known: HashMap<u32, (Value, Value)> = HashMap::new();
    for (site, bytes) in traces {
        let (frames, depth) = match known.get(&site) {
            Some(known) => known.clone(),
            None => known.entry(site).or_insert(frames(vm, site)?).clone(),
        };
        list.push(vm, vm.new_tuple(vec![Value::small(0), vm.int(bytes as i64)?, frames, depth])?)?;
    }
    Ok(list.into_value())
}
