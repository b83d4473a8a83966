//! The recursion limit: how many frames of Python there may be.

use super::{FRAME_CHUNK, Frame, SPARE_FRAMES, Stacks};

impl Stacks {
    /// Sets the recursion limit, in frames of Python: the bottom one and boundaries do not count.
    pub fn set_limit(&self, frames: usize) {
        self.limit.set(frames);
        self.refresh();
    }
    /// Counts the boundaries on the stack, which do not count for the limit; whether there are more than were known. They are looked
    /// for where the limit is met, so that a call from Rust pays nothing for them.
    #[cold]
    pub(super) fn recount(&self) -> bool {
        let boundaries = self.iter().filter(|frame| !frame.is_counted()).count();
        let known = self.boundaries.replace(boundaries);
        self.refresh();
        boundaries > known
    }
    /// A frame is popped that [`Stacks::recount`] may have found to count for nothing.
    pub(crate) fn forget(&self, frame: &Frame) {
        if !frame.is_counted() {
            self.forget_boundary();
        }
    }
    /// A boundary leaves the stack. (It may be one that was not counted: then the limit is met too early, and they are counted again.)
    #[inline(always)]
    pub(crate) fn forget_boundary(&self) {
        if self.boundaries.get() != 0 {
            self.lower_limit();
        }
    }
    #[cold]
    pub(super) fn lower_limit(&self) {
        self.boundaries.set(self.boundaries.get() - 1);
        self.refresh();
    }
    pub(super) fn refresh(&self) {
        // The bottom frame does not count either.
        let uncounted = 1 + self.boundaries.get() + self.beyond.get();
        let most = self.frames_reserved.get() - FRAME_CHUNK;
        let end = self.limit.get().saturating_add(uncounted).min(most);
        self.recursion_end.set(self.frames_base.get().wrapping_add(end));
        let ready = self.frames_base.get().wrapping_add(self.frames_ready.get());
        self.frame_limit.set(self.recursion_end.get().min(ready));
    }
    /// Lets the recursion limit give way while `then` runs.
    pub fn beyond_limit<T>(&self, then: impl FnOnce() -> T) -> T {
        let before = self.beyond.replace(SPARE_FRAMES);
        self.refresh();
        let result = then();
        self.beyond.set(before);
        self.refresh();
        result
    }
}
