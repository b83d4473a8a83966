//! Writing JSON.

use std::fmt::Write;

/// A text as JSON has it.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The same, in which what would end a script in a page is escaped, too.
pub fn quoted(text: &str) -> String {
    let mut out = plain(text);
    for c in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
        if out.contains(c) {
            out = out.replace(c, &format!("\\u{:04x}", u32::from(c)));
        }
    }
    out
}

/// Values, already written, as an array.
pub fn array(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// Names with values, already written, as an object.
pub fn object<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let fields: Vec<String> =
        fields.into_iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    format!("{{{}}}", fields.join(","))
}

/// A number, or null.
pub fn number(number: Option<impl ToString>) -> String {
    number.map_or("null".to_string(), |number| number.to_string())
}

/// A text, or null.
pub fn text(text: Option<&str>) -> String {
    text.map_or("null".to_string(), quoted)
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_ends_a_script() {
        assert_eq!(super::quoted("a\"</script>\n\u{1}"), "\"a\\\"\\u003c/script\\u003e\\n\\u0001\"");
    }
}
