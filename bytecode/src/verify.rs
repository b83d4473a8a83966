//! The verifier (light).
use crate::code::Code;

/// A rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Placeholder.
    Any,
}
/// A broken rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Which.
    pub rule: Rule,
}
/// Facts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// Depths.
    pub depths: Vec<Option<u32>>,
}
/// Verifies.
pub fn verify(_code: &Code) -> Result<Verified, Fault> {
    Ok(Verified { depths: Vec::new() })
}
