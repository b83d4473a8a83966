//! `view.cast(format, shape)`: the same bytes as items of another format, in other dimensions.

use super::dims::{Dims, MOST_DIMS};
use super::items::Format;
use super::{Items, make, view};
use crate::raised::Res;
use crate::types::int::is_int;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::str::args::given;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

const UNKNOWN: &str =
    "memoryview: destination format must be a native single character format prefixed with an optional '@'";

/// The lengths that a shape names; their product, times the size of an item, is the number of bytes.
fn lengths(vm: &Vm, shape: &[Value], item_bytes: usize, bytes: usize) -> Res<Vec<usize>> {
    let (mut lens, mut product) = (Vec::with_capacity(shape.len()), item_bytes);
    for len in shape {
        if vm.as_i64(len).is_none() && !is_int(len) {
            return Err(vm.type_error("memoryview.cast(): elements of shape must be integers"));
        }
        let len = crate::types::str::args::size(vm, len)?;
        if len <= 0 {
            return Err(vm.value_error("memoryview.cast(): elements of shape must be integers > 0"));
        }
        let grown = product.checked_mul(len as usize).filter(|product| *product <= i64::MAX as usize);
        let Some(grown) = grown else {
            return Err(vm.value_error("memoryview.cast(): product(shape) > SSIZE_MAX"));
        };
        product = grown;
        lens.push(len as usize);
    }
    if product != bytes {
        return Err(vm.type_error("memoryview: product(shape) * itemsize != buffer size"));
    }
    Ok(lens)
}

/// The format that an argument names.
fn format_arg(vm: &Vm, value: Option<&Value>) -> Res<Format> {
    let Some(text) = value.and_then(|format| format.get::<Str>()) else {
        let kind = value.map_or("None".to_string(), |format| vm.arg_name(format).to_string());
        return Err(vm.type_error(format_args!("cast() argument 'format' must be str, not {kind}")));
    };
    if !text.is_ascii()
        && let Some(value) = value
    {
        crate::types::str::codec::encode(vm, value, "ascii", None)?;
    }
    Format::named(&text.to_text()).ok_or_else(|| vm.value_error(UNKNOWN))
}

pub(super) fn cast(vm: &Vm, args: &[Value]) -> Res {
    let format = given(args, 1);
    if format.is_none_or(|format| !format.has::<Str>()) {
        format_arg(vm, format)?;
    }
    let of = view(vm, &args[0])?;
    let shape = given(args, 2);
    let wrong = |message: &str| Err(vm.type_error(message));
    if !of.is_contiguous(false) {
        return wrong("memoryview: casts are restricted to C-contiguous views");
    }
    if (shape.is_some() || of.ndim != 1) && of.count() == 0 {
        return wrong("memoryview: cannot cast view with zeros in shape or strides");
    }
    // Nothing of Python's runs while they are read.
    let lens = match shape.map(|shape| (shape.get::<List>(), shape.get::<Tuple>())) {
        None => None,
        Some((Some(list), _)) => Some(list.items().to_vec()),
        Some((_, Some(tuple))) => Some(tuple.items().to_vec()),
        Some(_) => return wrong("shape must be a list or a tuple"),
    };
    if lens.as_ref().is_some_and(|lens| lens.len() > MOST_DIMS) {
        let message = format_args!("memoryview: number of dimensions must not exceed {MOST_DIMS}");
        return Err(vm.value_error(message));
    }
    if of.ndim != 1 && lens.as_ref().is_some_and(|lens| lens.len() != 1) {
        return wrong("memoryview: cast must be 1D -> ND or ND -> 1D");
    }
    let format = format_arg(vm, format)?;
    if !of.format.is_byte() && !format.is_byte() {
        return wrong("memoryview: cannot cast between two non-byte formats");
    }
    let (bytes, item_bytes) = (of.bytes(), usize::from(format.bytes));
    if bytes % item_bytes != 0 {
        return wrong("memoryview: length is not a multiple of itemsize");
    }
    let dims = match lens {
        None => Dims::line(bytes / item_bytes, item_bytes as isize),
        Some(lens) => {
            let lens = lengths(vm, &lens, item_bytes, bytes)?;
            Dims::side_by_side(vm, &lens, item_bytes)?
        }
    };
    make(vm, of.source(vm)?, Items { start: of.start, dims, format, readonly: of.readonly })
}
