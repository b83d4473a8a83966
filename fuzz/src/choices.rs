//! Choices that a generator of programs makes of the bytes of an input.

use arbitrary::Unstructured;

/// A generator that draws on bytes `'a`. Where they have run out, it chooses the first.
pub trait Choices<'a> {
    /// The bytes that are left.
    fn bytes(&mut self) -> &mut Unstructured<'a>;

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.bytes().int_in_range(0..=n - 1).unwrap_or(0)
    }
    /// Once in so many times.
    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == one_in - 1
    }
    /// One of a list.
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}
