//! Properties of characters, exactly as Unicode 16 has them.
//!
//! Categories and identifiers come from crates pinned to that version. Case mappings are std's, which is a
//! version ahead: a mapping counts only if both ends were assigned in Unicode 16. The rest is in `tables.rs`.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

use super::tables;

/// The category; `None` for a lone surrogate.
pub fn category(c: u32) -> Option<Category> {
    char::from_u32(c).map(get_general_category)
}

/// `str.isalpha` of one character.
pub fn is_alpha(c: u32) -> bool {
    if c < 0x80 {
        return (c as u8).is_ascii_alphabetic();
    }
    use Category::{LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter};
    matches!(
        category(c),
        Some(LowercaseLetter | ModifierLetter | OtherLetter | TitlecaseLetter | UppercaseLetter)
    )
}

/// The value of a decimal digit.
pub fn decimal(c: u32) -> Option<u32> {
    if c < 0x80 {
        return char::from_u32(c)?.to_digit(10);
    }
    let at = tables::ZEROS.partition_point(|zero| *zero <= c).checked_sub(1)?;
    Some(c - tables::ZEROS[at]).filter(|value| *value < 10)
}

/// The value of a digit: decimal, superscript, circled..
pub fn digit(c: u32) -> Option<u32> {
    decimal(c).or_else(|| {
        let at = tables::DIGITS.partition_point(|row| row.0 <= c).checked_sub(1)?;
        let (first, count, value, step) = tables::DIGITS[at];
        (c - first < count).then(|| (i32::from(value) + i32::from(step) * (c - first) as i32) as u32)
    })
}

/// The value of a numeric character.
pub fn numeric(c: u32) -> Option<f64> {
    digit(c).map(f64::from).or_else(|| {
        let at = tables::NUMBERS.partition_point(|row| row.0 <= c).checked_sub(1)?;
        let (first, count, value, step) = tables::NUMBERS[at];
        (c - first < count).then(|| value + step * f64::from(c - first))
    })
}

/// `str.isalnum` of one character.
pub fn is_alnum(c: u32) -> bool {
    is_alpha(c) || numeric(c).is_some()
}

/// `str.isspace` of one character.
#[inline]
pub fn is_space(c: u32) -> bool {
    matches!(c, 0x09..=0x0D | 0x1C..=0x20 | 0x85 | 0xA0)
        || (c > 0xFF && matches!(c, 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000))
}

/// Whether `str.splitlines` breaks there.
#[inline]
pub fn is_line_break(c: u32) -> bool {
    matches!(c, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

/// Whether `repr` shows the character as it is.
#[inline]
pub fn is_printable(c: u32) -> bool {
    if c < 0x7F {
        return c >= 0x20;
    }
    use Category::{
        Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, SpaceSeparator, Unassigned,
    };
    !matches!(
        category(c),
        None | Some(
            Control | Format | LineSeparator | ParagraphSeparator | PrivateUse | SpaceSeparator | Unassigned
        )
    )
}

/// Whether an identifier may begin with it.
pub fn is_id_start(c: u32) -> bool {
    c == u32::from('_') || char::from_u32(c).is_some_and(unicode_ident::is_xid_start)
}

/// Whether an identifier may go on with it.
pub fn is_id_continue(c: u32) -> bool {
    char::from_u32(c).is_some_and(unicode_ident::is_xid_continue)
}

fn assigned(c: char) -> bool {
    get_general_category(c) != Category::Unassigned
}

/// Upper case in the sense of the derived property.
pub fn is_upper(c: u32) -> bool {
    if c < 0x80 {
        return (c as u8).is_ascii_uppercase();
    }
    char::from_u32(c).is_some_and(|c| c.is_uppercase() && assigned(c))
}

/// Lower case in the sense of the derived property.
pub fn is_lower(c: u32) -> bool {
    if c < 0x80 {
        return (c as u8).is_ascii_lowercase();
    }
    // The one letter that is lower case in Unicode 16 and no longer in std's version.
    c == 0x295 || char::from_u32(c).is_some_and(|c| c.is_lowercase() && assigned(c))
}

/// Title case: digraphs whose first letter only is a capital.
pub fn is_title(c: u32) -> bool {
    c > 0xFF && category(c) == Some(Category::TitlecaseLetter)
}

/// Whether the character has case.
pub fn is_cased(c: u32) -> bool {
    is_lower(c) || is_upper(c) || is_title(c)
}

/// Whether the search for the end of a word looks past it.
pub fn is_case_ignorable(c: u32) -> bool {
    use Category::{EnclosingMark, Format, ModifierLetter, ModifierSymbol, NonspacingMark};
    matches!(category(c), Some(EnclosingMark | Format | ModifierLetter | ModifierSymbol | NonspacingMark))
        || tables::CASE_IGNORABLE.binary_search(&c).is_ok()
}

/// One to three characters.
#[derive(Clone, Copy)]
pub struct Mapped([u32; 3], usize);

impl Mapped {
    fn one(c: u32) -> Mapped {
        Mapped([c, 0, 0], 1)
    }
    fn of(from: char, chars: impl Iterator<Item = char>) -> Mapped {
        let mut mapped = Mapped([0; 3], 0);
        for c in chars.take(3) {
            mapped.0[mapped.1] = u32::from(c);
            mapped.1 += 1;
            if c != from && !(assigned(c) && assigned(from)) {
                return Mapped::one(u32::from(from));
            }
        }
        mapped
    }
}

/// A character that stays as it is.
pub fn single(c: u32) -> Mapped {
    Mapped::one(c)
}

impl std::ops::Deref for Mapped {
    type Target = [u32];
    fn deref(&self) -> &[u32] {
        &self.0[..self.1]
    }
}

/// The upper case of a character.
pub fn upper(c: u32) -> Mapped {
    char::from_u32(c).map_or(Mapped::one(c), |c| Mapped::of(c, c.to_uppercase()))
}

/// The lower case of a character (of a sigma, the one within a word).
pub fn lower(c: u32) -> Mapped {
    char::from_u32(c).map_or(Mapped::one(c), |c| Mapped::of(c, c.to_lowercase()))
}

/// The title case of a character.
pub fn title(c: u32) -> Mapped {
    match tables::TITLE.binary_search_by_key(&c, |row| row.0) {
        Ok(at) => Mapped::of('\0', tables::TITLE[at].1.iter().filter_map(|c| char::from_u32(*c))),
        Err(_) => upper(c),
    }
}

/// The folded case of a character.
pub fn fold(c: u32) -> Mapped {
    use caseless::Caseless;
    char::from_u32(c).map_or(Mapped::one(c), |c| Mapped::of(c, std::iter::once(c).default_case_fold()))
}

/// The two letters that stand for a category.
pub fn short_name(category: Category) -> &'static str {
    match category {
        Category::UppercaseLetter => "Lu",
        Category::LowercaseLetter => "Ll",
        Category::TitlecaseLetter => "Lt",
        Category::ModifierLetter => "Lm",
        Category::OtherLetter => "Lo",
        Category::NonspacingMark => "Mn",
        Category::SpacingMark => "Mc",
        Category::EnclosingMark => "Me",
        Category::DecimalNumber => "Nd",
        Category::LetterNumber => "Nl",
        Category::OtherNumber => "No",
        Category::ConnectorPunctuation => "Pc",
        Category::DashPunctuation => "Pd",
        Category::OpenPunctuation => "Ps",
        Category::ClosePunctuation => "Pe",
        Category::InitialPunctuation => "Pi",
        Category::FinalPunctuation => "Pf",
        Category::OtherPunctuation => "Po",
        Category::MathSymbol => "Sm",
        Category::CurrencySymbol => "Sc",
        Category::ModifierSymbol => "Sk",
        Category::OtherSymbol => "So",
        Category::SpaceSeparator => "Zs",
        Category::LineSeparator => "Zl",
        Category::ParagraphSeparator => "Zp",
        Category::Control => "Cc",
        Category::Format => "Cf",
        Category::Surrogate => "Cs",
        Category::PrivateUse => "Co",
        _ => "Cn",
    }
}
