//! The breaker: a word that the loop looks at where it jumps back or calls, and what its bits ask for.

/// A collection is due.
pub const COLLECT: u32 = 1;
/// A signal came in.
pub const INTERRUPT: u32 = 2;
/// The clock of a profile has ticked.
pub const SAMPLE: u32 = 4;
/// Native work is to be paid for.
pub const OWED: u32 = 8;
