//! What becomes of single characters in other cases, read off pages of 256 that are filled when they are first asked.
//!
//! Almost every character becomes one, whatever stands around it. Those that become several, and the sigma, whose lower case
//! depends on its place, are marked in the pages, and whoever asks goes the long way.

use std::sync::OnceLock;

use super::unicode::{self, Mapped};

/// A capital sigma: its lower case depends on whether it ends a word.
pub(super) const SIGMA: u32 = 0x3A3;

/// Pages are kept of the characters below this.
const PAGED: u32 = 0x2000;

/// In a page: the character becomes more than one, or its place matters.
const MANY: u16 = u16::MAX;

type Page = OnceLock<[u16; 256]>;

/// One of the mappings.
pub(super) struct Casing {
    pages: [Page; (PAGED >> 8) as usize],
    /// The whole truth about a character, from which the pages are filled.
    mapping: fn(u32) -> Mapped,
}

/// Upper case.
pub(super) static UPPER: Casing = Casing::new(unicode::upper);
/// Lower case.
pub(super) static LOWER: Casing = Casing::new(unicode::lower);
/// Title case.
pub(super) static TITLE: Casing = Casing::new(unicode::title);
/// Folded case.
pub(super) static FOLD: Casing = Casing::new(unicode::fold);
/// Upper case of lower, lower case of upper.
pub(super) static SWAP: Casing = Casing::new(|c| {
    if unicode::is_upper(c) {
        unicode::lower(c)
    } else if unicode::is_lower(c) {
        unicode::upper(c)
    } else {
        unicode::single(c)
    }
});

/// Which characters have case at all: they become 1, the others 0.
static CASED: Casing = Casing::new(|c| unicode::single(u32::from(unicode::is_cased(c))));

/// Whether characters of the page of this one may have case, or another case: on other pages none has.
fn has_cases(c: u32) -> bool {
    matches!(
        c >> 8,
        0..=0x21
            | 0x24
            | 0x2C
            | 0x2D
            | 0xA6
            | 0xA7
            | 0xAB
            | 0xFB
            | 0xFF
            | 0x104
            | 0x105
            | 0x107
            | 0x10C
            | 0x10D
            | 0x118
            | 0x16E
            | 0x1D4..=0x1D7
            | 0x1DF
            | 0x1E0
            | 0x1E9
            | 0x1F1
    )
}

impl Casing {
    const fn new(mapping: fn(u32) -> Mapped) -> Casing {
        Casing { pages: [const { OnceLock::new() }; (PAGED >> 8) as usize], mapping }
    }

    /// For a walk over many characters.
    #[inline]
    pub(super) fn view(&self) -> CasingView<'_> {
        CasingView { latin: self.page(&self.pages[0], 0), casing: self }
    }

    /// All that a character becomes, but for a sigma's place.
    pub(super) fn full(&self, c: u32) -> Mapped {
        self.single(c).map_or_else(|| (self.mapping)(c), unicode::single)
    }

    /// The one character that a character becomes, wherever it stands; `None` if there are more, or its place matters.
    fn single(&self, c: u32) -> Option<u32> {
        let Some(page) = self.pages.get((c >> 8) as usize) else {
            return if has_cases(c) { self.single_of(c) } else { Some(c) };
        };
        told(self.page(page, c & !0xFF), c)
    }

    fn single_of(&self, c: u32) -> Option<u32> {
        match *(self.mapping)(c) {
            [single] if c != SIGMA => Some(single),
            _ => None,
        }
    }

    #[inline]
    fn page<'a>(&self, page: &'a Page, first: u32) -> &'a [u16; 256] {
        match page.get() {
            Some(page) => page,
            None => self.fill(page, first),
        }
    }

    #[cold]
    fn fill<'a>(&self, page: &'a Page, first: u32) -> &'a [u16; 256] {
        page.get_or_init(|| {
            let mut filled = [MANY; 256];
            for (slot, c) in filled.iter_mut().zip(first..) {
                *slot = self.single_of(c).and_then(|single| u16::try_from(single).ok()).unwrap_or(MANY);
            }
            filled
        })
    }
}

/// What a page tells of a character that is on it.
#[inline(always)]
fn told(page: &[u16; 256], c: u32) -> Option<u32> {
    match page[(c & 0xFF) as usize] {
        MANY => None,
        single => Some(u32::from(single)),
    }
}

/// A mapping in whose use the first page is at hand.
#[derive(Clone, Copy)]
pub(super) struct CasingView<'a> {
    latin: &'a [u16; 256],
    casing: &'a Casing,
}

impl CasingView<'_> {
    /// The one character that a character becomes, wherever it stands; `None` if there are more, or its place matters.
    #[inline(always)]
    pub(super) fn single(self, c: u32) -> Option<u32> {
        if c < 0x100 { told(self.latin, c) } else { self.casing.single(c) }
    }
}

/// Whether a character has case.
#[inline]
pub(super) fn is_cased(c: u32) -> bool {
    if c < 0x80 {
        return (c as u8).is_ascii_alphabetic();
    }
    // (The sigma, of which no page tells anything, has case.)
    if c < PAGED { CASED.single(c) != Some(0) } else { has_cases(c) && unicode::is_cased(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_tell_what_the_mappings_say() {
        for casing in [&UPPER, &LOWER, &TITLE, &FOLD, &SWAP] {
            for c in (0..0x11_0000).filter(|c| *c != SIGMA) {
                let full = (casing.mapping)(c);
                match casing.single(c) {
                    Some(single) => assert_eq!(*full, [single], "{c:#x}"),
                    None => assert!(full.len() > 1, "{c:#x}"),
                }
            }
        }
        for c in 0..0x11_0000 {
            assert_eq!(is_cased(c), unicode::is_cased(c), "{c:#x}");
        }
    }
}
