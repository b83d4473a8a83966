//! `sys.getsizeof`: the bytes that CPython 3.14 (64 bits) would need for an object.
//!
//! These are CPython's figures, so that a program that prints them prints the same; what an object costs *here* is told
//! by `ryokan.room(object)`.

use ryokan_alloc::SLOT_BYTES;

use crate::modules::builtins;
use crate::object::Layout;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::memoryview::MemoryView;
use crate::types::set::Set;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// What the collector needs before an object.
const GC_HEAD: usize = 16;
/// The pointers to dict and weak references before an instance.
const MANAGED: usize = 16;

/// Bytes of the table of a dict with so many keys.
fn dict_table(entries: usize, all_str: bool) -> usize {
    let mut log2 = 3;
    while (1usize << log2) * 2 / 3 < entries {
        log2 += 1;
    }
    let index = match log2 {
        0..=7 => 1,
        8..=15 => 2,
        _ => 4,
    };
    32 + (index << log2) + ((1usize << log2) * 2 / 3) * if all_str { 16 } else { 24 }
}

/// Bytes of the table of a set that grew to so many members.
fn set_table(members: usize) -> usize {
    let mut size = 8usize;
    while members * 5 >= (size - 1) * 3 {
        let at = ((size - 1) * 3).div_ceil(5);
        let wanted = if at > 50_000 { at * 2 } else { at * 4 };
        while size <= wanted {
            size *= 2;
        }
    }
    if size == 8 { 0 } else { size * 16 }
}

fn int_bytes(vm: &Vm, value: &Value) -> usize {
    let bits = match super::small_int(value) {
        Some(n) => 64 - n.unsigned_abs().leading_zeros() as usize,
        None => vm
            .call_method(value, &vm.intern("bit_length").unwrap_or(Value::NONE), &[])
            .ok()
            .and_then(|n| super::small_int(&n))
            .map_or(64, |n| n as usize),
    };
    24 + 4 * bits.div_ceil(30).max(1)
}

fn str_bytes(text: &Str) -> usize {
    match (text.is_ascii(), text.width()) {
        (true, _) => 41 + text.len(),
        (false, 1) => 57 + text.len(),
        (false, 2) => 56 + 2 * (text.len() + 1),
        _ => 56 + 4 * (text.len() + 1),
    }
}

impl Vm {
    /// `object.__sizeof__`: without what stands before the object.
    pub fn size_in_cpython(&self, value: &Value) -> usize {
        let ty = self.type_of(value);
        let plain = plain_size(self, value, ty);
        // A class adds the words of its `__slots__`, a native type those of its members.
        plain
            + if ty.has(TypeFlags::HEAP | TypeFlags::FIELDS) {
                8 * usize::from(ty.slot_words.get())
            } else {
                0
            }
    }

    /// What `sys.getsizeof` says of an object whose class has no `__sizeof__` of its own.
    pub fn whole_size_in_cpython(&self, value: &Value) -> usize {
        self.size_in_cpython(value) + before(self, value)
    }
}

fn plain_size(vm: &Vm, value: &Value, ty: &TypeObj) -> usize {
    if let Some(text) = value.get::<Str>() {
        return str_bytes(text);
    }
    if let Some(tuple) = value.get::<Tuple>() {
        return 32 + 8 * tuple.items().len();
    }
    if let Some(list) = value.get::<List>() {
        return 40 + 8 * list.room();
    }
    if let Some(dict) = value.get::<Dict>() {
        let all_str = dict.entries().all(|e| e.key.exact::<Str>().is_some());
        return 48 + if dict.is_empty() { 0 } else { dict_table(dict.len(), all_str) };
    }
    if let Some(set) = value.get::<Set>() {
        return 200 + set_table(set.len());
    }
    if let Some(bytes) = builtins::bytes_of(value) {
        let array = value.has::<crate::types::bytearray::ByteArray>();
        return match (array, bytes.len()) {
            (false, n) => 33 + n,
            (true, 0) => 56,
            (true, n) => 57 + n,
        };
    }
    if let Some(view) = value.get::<MemoryView>() {
        return 144 + 24 * view.dimensions().max(1);
    }
    if value.has::<TypeObj>() {
        return if value.get::<TypeObj>().is_some_and(|t| t.has(TypeFlags::HEAP)) { 1704 } else { 416 };
    }
    if vm.is_instance(value, &vm.types.int) {
        return int_bytes(vm, value);
    }
    match ty.layout {
        _ if vm.is_instance(value, &vm.types.float) => 24,
        Layout::Complex => 32,
        Layout::Range => 48,
        Layout::Slice => 40,
        Layout::Function => 152,
        Layout::NativeFunction => 56,
        Layout::BoundMethod => 48,
        Layout::Generator => 184,
        Layout::Module => 56,
        Layout::SeqIter => 32,
        Layout::Exception => 72,
        Layout::Property => 64,
        Layout::Enumerate => 56,
        Layout::Zip => 48,
        Layout::Map | Layout::Filter | Layout::Reversed => 40,
        Layout::Cell => 24,
        _ if vm.text(&ty.name).ends_with("iterator") => 32,
        _ => 16,
    }
}

/// What stands before the object.
fn before(vm: &Vm, value: &Value) -> usize {
    let ty = vm.type_of(value);
    let heap = ty.has(TypeFlags::HEAP);
    let collected = match ty.layout {
        Layout::Type => value.get::<TypeObj>().is_some_and(|t| t.has(TypeFlags::HEAP)),
        Layout::Range => false,
        // Those that hold nothing to be collected are as large.
        Layout::Tuple => true,
        Layout::Native => heap || ty.kind.get().is_some_and(|kind| kind.is_tracked()),
        layout => heap || layout.ops().is_some_and(|ops| ops.tracked),
    };
    let managed = heap && ty.has(TypeFlags::HAS_DICT);
    if value.word().is_ptr() && collected { GC_HEAD + if managed { MANAGED } else { 0 } } else { 0 }
}

pub(super) fn getsizeof(vm: &Vm, args: &[Value]) -> Res {
    let value = &args[0];
    let found = vm.call_special(value, &vm.names.__sizeof__, &[]).and_then(|size| match size {
        Some(size) if !crate::types::int::is_int(&size) => Err(vm.type_error("an integer is required")),
        Some(size) => vm.index_long(&size),
        None => Err(vm.type_error(format_args!("Type {} doesn't define __sizeof__", vm.type_name(value)))),
    });
    let size = match (found, args.get(1).filter(|d| !d.is_unbound())) {
        (Ok(size), _) => size,
        (Err(raised), Some(default)) if vm.raised_is(&raised, &vm.exc.TypeError) => {
            drop(vm.take_raised(raised));
            return Ok(default.clone());
        }
        (Err(raised), _) => return Err(raised),
    };
    if size < 0 {
        return Err(vm.value_error("__sizeof__() should return >= 0"));
    }
    vm.int(size + before(vm, value) as i64)
}

/// `sys._debugmallocstats`
pub(super) fn debug_malloc_stats(vm: &Vm, _: &[Value]) -> Res {
    let stats = vm.heap().stats();
    let (mut free, mut apart) = (0, 0);
    for class in stats.objects.iter().chain(&stats.buffers) {
        free += class.free * class.block_bytes;
        apart += class.pools * SLOT_BYTES - (class.used + class.free) * class.block_bytes;
    }
    let text = format!(
        "{stats}in blocks      {:>12}\nin free blocks {free:>12}\nheads and ends {apart:>12}  of pools\n",
        stats.block_bytes(),
    );
    // As CPython's, it says nothing of a stream that is closed.
    let _ = vm.host.write_stderr(text.as_bytes());
    Ok(Value::NONE)
}
