//! The numbers of the kinds of tokens, as `token` names them.

pub const ENDMARKER: u8 = 0;
pub const NAME: u8 = 1;
pub const NUMBER: u8 = 2;
pub const STRING: u8 = 3;
pub const NEWLINE: u8 = 4;
pub const INDENT: u8 = 5;
pub const DEDENT: u8 = 6;
pub const DOT: u8 = 23;
pub const ELLIPSIS: u8 = 52;
pub const OP: u8 = 55;
pub const FSTRING_START: u8 = 59;
pub const FSTRING_MIDDLE: u8 = 60;
pub const FSTRING_END: u8 = 61;
pub const TSTRING_START: u8 = 62;
pub const TSTRING_MIDDLE: u8 = 63;
pub const TSTRING_END: u8 = 64;
pub const COMMENT: u8 = 65;
pub const NL: u8 = 66;


/// Whether it is a string, or a part of one: its first line is the one where it begins.
pub fn is_text(kind: u8) -> bool {
    kind == STRING || (FSTRING_START..=TSTRING_END).contains(&kind)
}

/// Operators and their kinds; longer ones first.
const OPERATORS: &[(&[u8], u8)] = &[
    (b"**=", 46),
    (b"//=", 48),
    (b"<<=", 44),
    (b">>=", 45),
    (b"...", ELLIPSIS),
    (b"!=", 28),
    (b"%=", 40),
    (b"&=", 41),
    (b"**", 35),
    (b"*=", 38),
    (b"+=", 36),
    (b"-=", 37),
    (b"->", 51),
    (b"//", 47),
    (b"/=", 39),
    (b":=", 53),
    (b"<<", 33),
    (b"<=", 29),
    (b"==", 27),
    (b">=", 30),
    (b">>", 34),
    (b"@=", 50),
    (b"^=", 43),
    (b"|=", 42),
    (b"!", 54),
    (b"%", 24),
    (b"&", 19),
    (b"(", 7),
    (b")", 8),
    (b"*", 16),
    (b"+", 14),
    (b",", 12),
    (b"-", 15),
    (b".", DOT),
    (b"/", 17),
    (b":", 11),
    (b";", 13),
    (b"<", 20),
    (b"=", 22),
    (b">", 21),
    (b"@", 49),
    (b"[", 9),
    (b"]", 10),
    (b"^", 32),
    (b"{", 25),
    (b"|", 18),
    (b"}", 26),
    (b"~", 31),
];

/// The longest operator that text begins with: its length and its kind. A character that is none is an operator by itself.
pub fn operator(text: &[u32]) -> (usize, u8) {
    let begins = |spelled: &[u8]| {
        text.len() >= spelled.len() && spelled.iter().zip(text).all(|(a, b)| u32::from(*a) == *b)
    };
    let found = OPERATORS.iter().find(|(spelled, _)| begins(spelled));
    found.map_or((1, OP), |(spelled, kind)| (spelled.len(), *kind))
}
