//! The numbers of a compiled pattern's code, as `re._constants` lists them.

/// Names for numbers that count from 0.
macro_rules! numbers {
    ($($(#[doc = $doc:literal])* $group:ident: $($name:ident)*;)*) => { $(
        $(#[doc = $doc])*
        #[allow(missing_docs, dead_code, reason = "the names are Python's, and all are listed")]
        pub mod $group {
            numbers!(@count 0; $($name)*);
        }
    )* };
    (@count $at:expr;) => {};
    (@count $at:expr; $first:ident $($rest:ident)*) => {
        pub const $first: u32 = $at;
        numbers!(@count $at + 1; $($rest)*);
    };
}

numbers! {
    /// Operators.
    op:
        FAILURE SUCCESS ANY ANY_ALL ASSERT ASSERT_NOT AT BRANCH CATEGORY CHARSET BIGCHARSET GROUPREF GROUPREF_EXISTS
        IN INFO JUMP LITERAL MARK MAX_UNTIL MIN_UNTIL NOT_LITERAL NEGATE RANGE REPEAT REPEAT_ONE SUBPATTERN
        MIN_REPEAT_ONE ATOMIC_GROUP POSSESSIVE_REPEAT POSSESSIVE_REPEAT_ONE
        GROUPREF_IGNORE IN_IGNORE LITERAL_IGNORE NOT_LITERAL_IGNORE
        GROUPREF_LOC_IGNORE IN_LOC_IGNORE LITERAL_LOC_IGNORE NOT_LITERAL_LOC_IGNORE
        GROUPREF_UNI_IGNORE IN_UNI_IGNORE LITERAL_UNI_IGNORE NOT_LITERAL_UNI_IGNORE RANGE_UNI_IGNORE;
    /// Positions.
    at:
        BEGINNING BEGINNING_LINE BEGINNING_STRING BOUNDARY NON_BOUNDARY END END_LINE END_STRING
        LOC_BOUNDARY LOC_NON_BOUNDARY UNI_BOUNDARY UNI_NON_BOUNDARY;
    /// Categories: each is followed by its opposite.
    category:
        DIGIT NOT_DIGIT SPACE NOT_SPACE WORD NOT_WORD LINEBREAK NOT_LINEBREAK LOC_WORD LOC_NOT_WORD
        UNI_DIGIT UNI_NOT_DIGIT UNI_SPACE UNI_NOT_SPACE UNI_WORD UNI_NOT_WORD UNI_LINEBREAK UNI_NOT_LINEBREAK;
}

/// What a compiled pattern says of its version.
pub const MAGIC: i64 = 20_230_612;
/// The number that stands for repeating without an end.
pub const FOREVER: u32 = u32::MAX;
/// The most groups that a pattern may have.
pub const MOST_GROUPS: u32 = (i32::MAX / 2) as u32;
