//! The rows of the methods that both types have.

/// A table: these rows, then a type's own.
macro_rules! with_shared_methods {
    ($($own:expr),* $(,)?) => {{
        use $crate::object::native::{Call, class_method, method, static_method};
        use $crate::types::bytes_methods::{self as shared, case, hex, pad, search, split, translate};
        &[
            method(
                "capitalize", "($self, /)", Call::One(case::capitalize),
                "The first byte in upper case, the rest in lower case.",
            ),
            method(
                "center", "($self, width, fillchar=b' ', /)", Call::Slice(pad::center),
                "The bytes in the middle of a width.",
            ),
            method(
                "count", "($self, sub, start=None, end=None, /)", Call::Slice(search::count),
                "How often sub occurs in self[start:end], without overlaps.",
            ),
            method(
                "decode", "($self, /, encoding='utf-8', errors='strict')", Call::Slice(shared::decode),
                "The text that the bytes are in an encoding; errors says what to do with bytes that make \
                 none.",
            ),
            method(
                "endswith", "($self, suffix, start=None, end=None, /)", Call::Slice(search::endswith),
                "Whether self[start:end] ends with a suffix, or with one of a tuple.",
            ),
            method(
                "expandtabs", "($self, /, tabsize=8)", Call::Slice(pad::expandtabs),
                "Every tab replaced by spaces up to the next column that tabsize divides.",
            ),
            method(
                "find", "($self, sub, start=None, end=None, /)", Call::Slice(search::find),
                "The least index where sub, or a byte of this number, is found within self[start:end], or \
                 -1.",
            ),
            class_method(
                "fromhex", "($cls, string, /)", Call::Two(hex::fromhex),
                "Bytes that a text names by pairs of hexadecimal digits.",
            ),
            method(
                "hex", "($self, /, sep=None, bytes_per_sep=1)", Call::Slice(hex::hex),
                "The bytes as pairs of hexadecimal digits, with a separator after every so many from the \
                 right.",
            ),
            method(
                "index", "($self, sub, start=None, end=None, /)", Call::Slice(search::index),
                "As find, but it is a ValueError if sub is not found.",
            ),
            method(
                "isalnum", "($self, /)", Call::One(case::isalnum),
                "Whether there are bytes, all of them ASCII letters or digits.",
            ),
            method(
                "isalpha", "($self, /)", Call::One(case::isalpha),
                "Whether there are bytes, all of them ASCII letters.",
            ),
            method("isascii", "($self, /)", Call::One(case::isascii), "Whether every byte is below 128."),
            method(
                "isdigit", "($self, /)", Call::One(case::isdigit),
                "Whether there are bytes, all of them ASCII digits.",
            ),
            method(
                "islower", "($self, /)", Call::One(case::islower),
                "Whether there are ASCII letters, all of them lower case.",
            ),
            method(
                "isspace", "($self, /)", Call::One(case::isspace),
                "Whether there are bytes, all of them ASCII white space.",
            ),
            method(
                "istitle", "($self, /)", Call::One(case::istitle),
                "Whether there are words, and capitals stand at their beginnings only.",
            ),
            method(
                "isupper", "($self, /)", Call::One(case::isupper),
                "Whether there are ASCII letters, all of them upper case.",
            ),
            method(
                "join", "($self, iterable_of_bytes, /)", Call::Two(split::join),
                "The bytes of an iterable's items, with these between them.",
            ),
            method(
                "ljust", "($self, width, fillchar=b' ', /)", Call::Slice(pad::ljust),
                "The bytes at the left of a width.",
            ),
            method("lower", "($self, /)", Call::One(case::lower), "With ASCII letters in lower case."),
            method(
                "lstrip", "($self, bytes=None, /)", Call::Slice(search::lstrip),
                "Without white space, or without any of the bytes given, at the beginning.",
            ),
            static_method(
                "maketrans", "(frm, to, /)", Call::Two(translate::maketrans),
                "A table for translate that maps each byte of frm to the one of to at the same place.",
            ),
            method(
                "partition", "($self, sep, /)", Call::Two(split::partition),
                "What stands before the first sep, sep itself, and what comes after it.",
            ),
            method(
                "removeprefix", "($self, prefix, /)", Call::Two(search::removeprefix),
                "Without a prefix, if it is there.",
            ),
            method(
                "removesuffix", "($self, suffix, /)", Call::Two(search::removesuffix),
                "Without a suffix, if it is there.",
            ),
            method(
                "replace", "($self, old, new, count=-1, /)", Call::Slice(search::replace),
                "With new in the place of old, everywhere or count times.",
            ),
            method(
                "rfind", "($self, sub, start=None, end=None, /)", Call::Slice(search::rfind),
                "The greatest index where sub is found within self[start:end], or -1.",
            ),
            method(
                "rindex", "($self, sub, start=None, end=None, /)", Call::Slice(search::rindex),
                "As rfind, but it is a ValueError if sub is not found.",
            ),
            method(
                "rjust", "($self, width, fillchar=b' ', /)", Call::Slice(pad::rjust),
                "The bytes at the right of a width.",
            ),
            method(
                "rpartition", "($self, sep, /)", Call::Two(split::rpartition),
                "What stands before the last sep, sep itself, and what comes after it.",
            ),
            method(
                "rsplit", "($self, /, sep=None, maxsplit=-1)", Call::Slice(split::rsplit),
                "The parts between seps, or between runs of white space, split from the right.",
            ),
            method(
                "rstrip", "($self, bytes=None, /)", Call::Slice(search::rstrip),
                "Without white space, or without any of the bytes given, at the end.",
            ),
            method(
                "split", "($self, /, sep=None, maxsplit=-1)", Call::Slice(split::split),
                "The parts between seps, or between runs of white space.",
            ),
            method(
                "splitlines", "($self, /, keepends=False)", Call::Slice(split::splitlines),
                "The lines, with their ends if keepends is true.",
            ),
            method(
                "startswith", "($self, prefix, start=None, end=None, /)", Call::Slice(search::startswith),
                "Whether self[start:end] begins with a prefix, or with one of a tuple.",
            ),
            method(
                "strip", "($self, bytes=None, /)", Call::Slice(search::strip),
                "Without white space, or without any of the bytes given, at both ends.",
            ),
            method(
                "swapcase", "($self, /)", Call::One(case::swapcase),
                "With the case of ASCII letters exchanged.",
            ),
            method(
                "title", "($self, /)", Call::One(case::title),
                "Every word of ASCII letters with a capital at its beginning.",
            ),
            method(
                "translate", "($self, table, /, delete=b'')", Call::Slice(translate::translate),
                "Without the bytes of delete, the others replaced by what a table of 256 has at their \
                 number.",
            ),
            method("upper", "($self, /)", Call::One(case::upper), "With ASCII letters in upper case."),
            method(
                "zfill", "($self, width, /)", Call::Two(pad::zfill),
                "Filled with zeros, behind a sign, up to a width.",
            ),
            $($own),*
        ]
    }};
}
pub(in crate::types) use with_shared_methods;
