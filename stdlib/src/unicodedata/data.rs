//! What `data.txt` has, read at the first use of each part.

use std::sync::LazyLock;

/// Values of ranges: where each begins.
pub type Ranges = Vec<(u32, &'static str)>;

macro_rules! parts {
    ($($(#[doc = $doc:literal])* $name:ident = $section:literal;)*) => { $(
        $(#[doc = $doc])*
        pub static $name: LazyLock<Ranges> = LazyLock::new(|| items($section));
    )* };
}

parts! {
    /// Bidirectional classes.
    BIDIRECTIONAL = "@bidirectional";
    /// East Asian widths.
    WIDTH = "@east_asian_width";
    /// Whether a character is mirrored.
    MIRRORED = "@mirrored";
    /// Decompositions, of single characters: by commas.
    DECOMPOSITION = "@@decomposition";
    /// In what Unicode 3.2 was different; `-` where there was nothing.
    OLD_CATEGORY = "@old_category";
    /// The same of bidirectional classes.
    OLD_BIDIRECTIONAL = "@old_bidirectional";
    /// The same of widths.
    OLD_WIDTH = "@old_east_asian_width";
    /// The same of mirroring.
    OLD_MIRRORED = "@old_mirrored";
    /// The same of combining classes.
    OLD_COMBINING = "@old_combining";
    /// The same of decompositions, of single characters.
    OLD_DECOMPOSITION = "@@old_decomposition";
    /// The same of decimal digits.
    OLD_DECIMAL = "@@old_decimal";
    /// The same of numbers.
    OLD_NUMERIC = "@@old_numeric";
}

static TEXT: &str = include_str!("data.txt");
/// A line for each sequence that has a name: the name, and the numbers of the characters.
static SEQUENCES: &str = include_str!("sequences.txt");

/// The items of a section.
fn items(section: &str) -> Ranges {
    let mut words = TEXT.split_ascii_whitespace().skip_while(|word| *word != section);
    words.next();
    let items = words.take_while(|word| !word.starts_with('@'));
    items.filter_map(|item| item.split_once(':')).filter_map(|(at, value)| {
        Some((u32::from_str_radix(at, 16).ok()?, value))
    }).collect()
}

/// The value of the range that a character lies in; empty if there is none.
pub fn of_range(ranges: &Ranges, c: u32) -> &'static str {
    let at = ranges.partition_point(|(first, _)| *first <= c);
    at.checked_sub(1).map_or("", |at| ranges[at].1)
}

/// The value of a single character.
pub fn of_single(singles: &Ranges, c: u32) -> Option<&'static str> {
    singles.binary_search_by_key(&c, |(first, _)| *first).ok().map(|at| singles[at].1)
}

/// The characters of a named sequence.
pub fn sequence(name: &str) -> Option<Vec<u32>> {
    let mut lines = SEQUENCES.lines().filter_map(|line| line.split_once(';'));
    let (_, numbers) = lines.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    numbers.split(' ').map(|number| u32::from_str_radix(number, 16).ok()).collect()
}
