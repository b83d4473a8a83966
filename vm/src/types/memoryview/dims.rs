//! The dimensions of a view: how many items there are in each, how far apart they are, and in which order they are walked.
//!
//! A view of one dimension holds it; what there is from the second on lies in a bytes object, two words each.

use super::MemoryView;
use crate::raised::Res;
use crate::types::bytes::Bytes;
use crate::value::Value;
use crate::vm::Vm;

/// How many there may be.
pub(super) const MOST_DIMS: usize = 64;
const WORD: usize = size_of::<usize>();

/// One of them.
#[derive(Clone, Copy, Default)]
pub(super) struct Dim {
    pub len: usize,
    /// Bytes from one item to the next.
    pub stride: isize,
}

/// All of them, the outermost first.
#[derive(Clone)]
pub(super) struct Dims {
    pub count: u8,
    pub first: Dim,
    /// The others; empty if there are none.
    pub more: Value,
}

impl Dims {
    /// One.
    pub(super) fn line(len: usize, stride: isize) -> Dims {
        Dims { count: 1, first: Dim { len, stride }, more: Value::UNBOUND }
    }
    /// As many as there are lengths, of items of a size that lie side by side.
    pub(super) fn side_by_side(vm: &Vm, lens: &[usize], item_bytes: usize) -> Res<Dims> {
        let Some((first, more)) = lens.split_first() else {
            return Ok(Dims { count: 0, ..Dims::line(1, item_bytes as isize) });
        };
        let mut stride = item_bytes;
        let mut words = [0; 2 * MOST_DIMS];
        for (at, len) in more.iter().enumerate().rev() {
            words[2 * at..2 * at + 2].copy_from_slice(&[*len, stride]);
            stride *= len;
        }
        let kept = match more.len() {
            0 => Value::UNBOUND,
            count => vm.bytes_with(count * 2 * WORD, |to| {
                let words = words.iter().flat_map(|word| word.to_ne_bytes());
                to.iter_mut().zip(words).for_each(|(to, from)| *to = from);
            })?,
        };
        Ok(Dims { count: lens.len() as u8, first: Dim { len: *first, stride: stride as isize }, more: kept })
    }
}

impl MemoryView {
    /// One dimension, counted from the outermost.
    pub(super) fn dim(&self, at: usize) -> Dim {
        if at == 0 {
            return self.first;
        }
        let words = self.more.get::<Bytes>().map_or(&[][..], Bytes::as_slice);
        let word = |at: usize| words.get(at * WORD..).and_then(|rest| rest.first_chunk()).copied();
        let word = |at: usize| usize::from_ne_bytes(word(at).unwrap_or_default());
        Dim { len: word(2 * at - 2), stride: word(2 * at - 1) as isize }
    }
    pub(super) fn dims(&self) -> impl DoubleEndedIterator<Item = Dim> + ExactSizeIterator {
        (0..usize::from(self.ndim)).map(|at| self.dim(at))
    }
    /// How many items there are.
    pub(super) fn count(&self) -> usize {
        if self.ndim == 1 { self.first.len } else { self.dims().map(|dim| dim.len).product() }
    }
    /// Whether the items lie side by side, in the order in which the last index goes up first; in Fortran's order, the first.
    pub(super) fn is_contiguous(&self, fortran: bool) -> bool {
        let item_bytes = self.item_bytes();
        if self.ndim <= 1 {
            return self.ndim == 0 || self.first.len == 1 || self.first.stride == item_bytes as isize;
        }
        let mut expected = item_bytes as isize;
        let mut fits = |dim: Dim| {
            let fits = dim.len <= 1 || dim.stride == expected;
            expected *= dim.len as isize;
            fits
        };
        self.count() == 0
            || if fortran { self.dims().all(&mut fits) } else { self.dims().rev().all(&mut fits) }
    }
    /// Walks over the places of all items.
    pub(super) fn walk(&self, fortran: bool) -> Walk {
        let mut dims = [(Dim::default(), 0); MOST_DIMS];
        let order = dims.iter_mut().take(self.ndim.into());
        if fortran {
            order.zip(self.dims()).for_each(|(to, dim)| to.0 = dim);
        } else {
            order.zip(self.dims().rev()).for_each(|(to, dim)| to.0 = dim);
        }
        Walk { dims, count: self.ndim.into(), place: self.start, left: self.count() }
    }
}

/// The places of the items of a view. It looks at the view no more.
pub(super) struct Walk {
    /// What goes up first comes first; each with its index.
    dims: [(Dim, usize); MOST_DIMS],
    count: usize,
    place: usize,
    left: usize,
}

impl Iterator for Walk {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let found = self.place;
        for (dim, at) in self.dims.iter_mut().take(self.count) {
            *at += 1;
            self.place = self.place.wrapping_add_signed(dim.stride);
            if *at < dim.len {
                break;
            }
            self.place = self.place.wrapping_add_signed(-dim.stride * dim.len as isize);
            *at = 0;
        }
        Some(found)
    }
}
