//! Characters and their names: what `\N{...}` means, in literals and in codecs.

/// The character of a name, in any case of letters. None where there is no such character; a sequence of several has none.
pub fn character_named(name: &str) -> Option<char> {
    // Ideographs are named by their numbers, without further zeros; the crate takes those.
    let upper = name.to_ascii_uppercase();
    if let Some(digits) = upper.strip_prefix("TANGUT IDEOGRAPH-") {
        let found = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
        return (is_tangut(found) && is_number_of(found, digits)).then_some(found);
    }
    let found = unicode_names2::character(name)?;
    match upper.strip_prefix("CJK UNIFIED IDEOGRAPH-") {
        Some(digits) => is_number_of(found, digits).then_some(found),
        None => Some(found),
    }
}

/// The name of a character, if it has one. (Of a script whose characters are found by their numbers, no name is told.)
pub fn character_name(c: u32) -> Option<String> {
    unicode_names2::name(char::from_u32(c)?).map(|name| name.to_string())
}

/// Whether a name is one of many that a rule makes: those hold for all versions of Unicode.
pub fn is_made_by_rule(name: &str) -> bool {
    const RULES: [&str; 6] = [
        "CJK COMPATIBILITY IDEOGRAPH-",
        "CJK UNIFIED IDEOGRAPH-",
        "HANGUL SYLLABLE ",
        "KHITAN SMALL SCRIPT CHARACTER-",
        "NUSHU CHARACTER-",
        "TANGUT IDEOGRAPH-",
    ];
    let begins = |rule: &str| name.get(..rule.len()).is_some_and(|first| first.eq_ignore_ascii_case(rule));
    RULES.into_iter().any(begins)
}

/// Whether a character is one of the script that the crate lacks.
fn is_tangut(c: char) -> bool {
    matches!(c, '\u{17000}'..='\u{187F7}' | '\u{18D00}'..='\u{18D08}')
}

fn is_number_of(c: char, digits: &str) -> bool {
    format!("{:X}", u32::from(c)) == digits
}

/// Whether every `\N{...}` that a text may have names a character.
pub fn all_names_are_known(text: &str) -> bool {
    let mut rests = text.split("\\N{").skip(1);
    rests.all(|rest| rest.split_once('}').is_none_or(|(name, _)| character_named(name).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ideographs_are_named_by_their_numbers() {
        assert_eq!(character_named("tangut ideograph-17000"), Some('\u{17000}'));
        assert_eq!(character_named("TANGUT IDEOGRAPH-017000"), None);
        assert_eq!(character_named("CJK UNIFIED IDEOGRAPH-4E00"), Some('\u{4E00}'));
        assert_eq!(character_named("CJK UNIFIED IDEOGRAPH-04E00"), None);
        assert!(all_names_are_known(r"\N{BULLET} \N{"));
        assert!(!all_names_are_known(r"\N{BULLET} \N{KEYCAP DIGIT ONE}"));
    }
}
