//! `_locale`: the locales that every system has, C and C.UTF-8.
//!
//! The system's own setting belongs to the whole process, and so to the embedder: it is neither read nor changed. An interpreter
//! begins with C.UTF-8 for characters, and C for the rest. Where the environment asks for a locale of a country, `setlocale(.., "")`
//! takes C.UTF-8 in its place.

use ryokan_vm::native::*;

/// Categories as glibc numbers and orders them, with LC_ALL among them.
const CATEGORIES: [(&str, i32); 12] = [
    ("LC_CTYPE", 0),
    ("LC_NUMERIC", 1),
    ("LC_TIME", 2),
    ("LC_COLLATE", 3),
    ("LC_MONETARY", 4),
    ("LC_MESSAGES", 5),
    ("LC_PAPER", 7),
    ("LC_NAME", 8),
    ("LC_ADDRESS", 9),
    ("LC_TELEPHONE", 10),
    ("LC_MEASUREMENT", 11),
    ("LC_IDENTIFICATION", 12),
];
const ALL: i32 = 6;

/// Names of the one locale, and of the other. A category shows the name that it was set by, but POSIX is shown as C.
const NAMES: [&str; 6] = ["C", "C.UTF-8", "C.utf8", "C.UTF8", "C.utf-8", "POSIX"];
const UTF8: usize = 1;
const POSIX: usize = 5;

/// What `nl_langinfo` says where it says more than nothing: names, first number, answers of that and the following numbers.
const LANGINFO: &[(&str, i64, &[&str])] = &[
    ("ABDAY_", 0x20000, &["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]),
    ("DAY_", 0x20007, &["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]),
    ("ABMON_", 0x2000E, &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
    (
        "MON_",
        0x2001A,
        &[
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ],
    ),
    ("AM_STR", 0x20026, &["AM"]),
    ("PM_STR", 0x20027, &["PM"]),
    ("D_T_FMT", 0x20028, &["%a %b %e %H:%M:%S %Y"]),
    ("D_FMT", 0x20029, &["%m/%d/%y"]),
    ("T_FMT", 0x2002A, &["%H:%M:%S"]),
    ("T_FMT_AMPM", 0x2002B, &["%I:%M:%S %p"]),
    ("ERA", 0x2002C, &[""]),
    ("ERA_D_FMT", 0x2002E, &[""]),
    ("ALT_DIGITS", 0x2002F, &[""]),
    ("ERA_D_T_FMT", 0x20030, &[""]),
    ("ERA_T_FMT", 0x20031, &[""]),
    ("_DATE_FMT", 0x2006C, &["%a %b %e %H:%M:%S %Z %Y"]),
    ("RADIXCHAR", 0x10000, &["."]),
    ("THOUSEP", 0x10001, &[""]),
    ("YESEXPR", 0x50000, &["^[yY]"]),
    ("NOEXPR", 0x50001, &["^[nN]"]),
    ("CRNCYSTR", 0x4000F, &["-"]),
];
const CODESET: i64 = 14;

/// What stands for a number that a locale does not have.
const CHAR_MAX: i64 = 127;

native_module! {
    /// The locale: how texts are ordered, and dates and numbers written.
    "_locale" {
        classes { "Error" = &ERROR; }
        fill = fill;
        functions {
            /// Sets the locale of a category, and tells its name; without a locale it only tells.
            setlocale(category: i32, locale: &Value = &Value::NONE => "None", /);
            /// How numbers and amounts of money are written.
            localeconv();
            /// Whether one text comes before another one: a number below, at or above 0.
            strcoll(os1: &Value, os2: &Value, /);
            /// A text whose order among others by code points is that of the locale.
            strxfrm(string: &Value, /);
            /// A text that the locale has for a purpose.
            nl_langinfo(key: i64, /);
            /// The name of the encoding of the locale.
            getencoding();
            /// The translation of a message: here, itself.
            gettext(msg: &Value, /);
            /// The translation of a message in a domain.
            dgettext(domain: &Value, msg: &Value, /);
            /// The translation of a message in a domain and a category.
            dcgettext(domain: &Value, msg: &Value, category: i32, /);
            /// Sets the domain that messages are of, and tells it; None only tells.
            textdomain(domain: &Value, /);
            /// Sets the folder of a domain's translations, and tells it; None only tells.
            bindtextdomain(domain: &Value, dir: &Value, /);
            /// Sets the encoding of a domain's translations, and tells it; None only tells.
            bind_textdomain_codeset(domain: &Value, codeset: &Value, /);
        }
    }
}

native_exception! {
    static ERROR = "locale.Error": "Exception";
}

native_state! {
    struct State {
        /// Of each category the place of its name in `NAMES`.
        names: Own<Named>,
        domain: Maybe,
        folders: Maybe,
        codesets: Maybe,
    }
}

struct Named([usize; CATEGORIES.len()]);

impl Default for Named {
    fn default() -> Named {
        let mut names = [0; CATEGORIES.len()];
        names[0] = UTF8;
        Named(names)
    }
}

fn fill(module: &Filler) -> Res<()> {
    for (name, number) in CATEGORIES.iter().take(6) {
        module.add(name, *number)?;
    }
    module.add("LC_ALL", ALL)?;
    module.add("CHAR_MAX", CHAR_MAX)?;
    module.add("CODESET", CODESET)?;
    for (name, first, answers) in LANGINFO {
        if answers.len() == 1 {
            module.add(name, *first)?;
            continue;
        }
        for at in 0..answers.len() {
            module.add(&format!("{name}{}", at + 1), first + at as i64)?;
        }
    }
    Ok(())
}

/// The text of an argument that the system's functions would get. `TypeError`, `ValueError`.
fn text_of(cx: &Cx, function: &str, position: u8, what: &str, value: &Value) -> Res<String> {
    if !cx.is_str(value) {
        let kind = cx.arg_name(value);
        let at = if position == 0 { String::new() } else { format!(" {position}") };
        return Err(cx.type_error(format_args!("{function}() argument{at} must be {what}, not {kind}")));
    }
    let text = cx.code_points(value)?;
    if text.as_slice().contains(&0) {
        return Err(cx.value_error("embedded null character"));
    }
    let words = text.as_slice().iter().map(|c| char::from_u32(*c).unwrap_or(char::REPLACEMENT_CHARACTER));
    Ok(words.collect())
}

fn unsupported(cx: &Cx) -> Raised {
    cx.raise_of(&ERROR, "unsupported locale setting")
}

fn place_of(name: &str) -> Option<usize> {
    NAMES.iter().position(|known| *known == name).map(|at| if at == POSIX { 0 } else { at })
}

/// The locale that the environment asks for in a category.
fn of_environment(cx: &Cx, category: &str) -> usize {
    let asked = ["LC_ALL", category, "LANG"].iter().filter_map(|name| cx.env(name)).find(|name| !name.is_empty());
    asked.map_or(0, |name| place_of(&name).unwrap_or(UTF8))
}

/// The names that a setting of all categories gives: one for all, or `CATEGORY=name;..` with all of them.
fn of_all(cx: &Cx, text: &str) -> Option<[usize; CATEGORIES.len()]> {
    if text.is_empty() {
        return Some(CATEGORIES.map(|(category, _)| of_environment(cx, category)));
    }
    if !text.contains('=') {
        return place_of(text).map(|at| [at; CATEGORIES.len()]);
    }
    let mut found = [None; CATEGORIES.len()];
    for part in text.split(';') {
        let (category, name) = part.split_once('=')?;
        let at = CATEGORIES.iter().position(|(known, _)| *known == category)?;
        found[at] = Some(place_of(name)?);
    }
    let mut names = [0; CATEGORIES.len()];
    for (name, found) in names.iter_mut().zip(found) {
        *name = found?;
    }
    Some(names)
}

fn setlocale(cx: &Cx, category: i32, locale: &Value) -> Res<String> {
    let at = CATEGORIES.iter().position(|(_, number)| *number == category);
    let state = cx.state::<State>()?;
    if !locale.is_none() {
        let text = text_of(cx, "setlocale", 2, "str or None", locale)?;
        if category == ALL {
            let names = of_all(cx, &text).ok_or(()).map_err(|()| unsupported(cx))?;
            state.names.with(cx, |named| named.0 = names)?;
        } else {
            let at = at.ok_or(()).map_err(|()| unsupported(cx))?;
            let name = match text.is_empty() {
                true => Some(of_environment(cx, CATEGORIES[at].0)),
                false => place_of(&text),
            };
            let name = name.ok_or(()).map_err(|()| unsupported(cx))?;
            state.names.with(cx, |named| named.0[at] = name)?;
        }
    }
    let names = state.names.with(cx, |named| named.0)?;
    match at {
        Some(at) => Ok(NAMES[names[at]].to_string()),
        None if category != ALL => Err(cx.raise_of(&ERROR, "locale query failed")),
        None if names.iter().all(|name| *name == names[0]) => Ok(NAMES[names[0]].to_string()),
        None => {
            let parts = CATEGORIES.iter().zip(names).map(|((category, _), name)| format!("{category}={}", NAMES[name]));
            Ok(parts.collect::<Vec<String>>().join(";"))
        }
    }
}

fn localeconv(cx: &Cx) -> Res<Dict> {
    let found = Dict::new(cx)?;
    for name in [
        "int_curr_symbol", "currency_symbol", "mon_decimal_point", "mon_thousands_sep", "mon_grouping",
        "positive_sign", "negative_sign", "int_frac_digits", "frac_digits", "p_cs_precedes", "p_sep_by_space",
        "n_cs_precedes", "n_sep_by_space", "p_sign_posn", "n_sign_posn", "decimal_point", "thousands_sep",
        "grouping",
    ] {
        match name {
            "decimal_point" => found.set_str(cx, name, ".")?,
            "grouping" | "mon_grouping" => found.set_str(cx, name, List::new(cx, 0)?.into_value())?,
            _ if name.contains("digits") || name.contains("_sep_by") || name.ends_with("cedes") || name.ends_with("posn") => {
                found.set_str(cx, name, CHAR_MAX)?;
            }
            _ => found.set_str(cx, name, "")?,
        }
    }
    Ok(found)
}

/// In both locales texts are ordered by their code points.
fn strcoll(cx: &Cx, os1: &Value, os2: &Value) -> Res<i64> {
    text_of(cx, "strcoll", 1, "str", os1)?;
    text_of(cx, "strcoll", 2, "str", os2)?;
    let (left, right) = (cx.code_points(os1)?, cx.code_points(os2)?);
    Ok(left.as_slice().cmp(right.as_slice()) as i64)
}

fn strxfrm(cx: &Cx, string: &Value) -> Res {
    text_of(cx, "strxfrm", 0, "str", string)?;
    Ok(string.clone())
}

fn getencoding(cx: &Cx) -> Res<&'static str> {
    let characters = cx.state::<State>()?.names.with(cx, |named| named.0[0])?;
    Ok(if characters == 0 { "ANSI_X3.4-1968" } else { "UTF-8" })
}

fn nl_langinfo(cx: &Cx, key: i64) -> Res<&'static str> {
    if key == CODESET {
        return getencoding(cx);
    }
    let answer = LANGINFO.iter().find_map(|(_, first, answers)| {
        usize::try_from(key.checked_sub(*first)?).ok().and_then(|at| answers.get(at))
    });
    answer.copied().ok_or(()).map_err(|()| cx.value_error("unsupported langinfo constant"))
}

// ---- messages: they are not translated, but what is set is kept ----------------------------------------------------

fn gettext(cx: &Cx, msg: &Value) -> Res {
    text_of(cx, "gettext", 0, "str", msg)?;
    Ok(msg.clone())
}
fn dgettext(cx: &Cx, domain: &Value, msg: &Value) -> Res {
    if !domain.is_none() {
        text_of(cx, "dgettext", 1, "str or None", domain)?;
    }
    text_of(cx, "dgettext", 2, "str", msg)?;
    Ok(msg.clone())
}
fn dcgettext(cx: &Cx, domain: &Value, msg: &Value, _: i32) -> Res {
    if !domain.is_none() {
        text_of(cx, "dcgettext", 1, "str or None", domain)?;
    }
    text_of(cx, "dcgettext", 2, "str", msg)?;
    Ok(msg.clone())
}

fn textdomain(cx: &Cx, domain: &Value) -> Res {
    let state = cx.state::<State>()?;
    if !domain.is_none() {
        let text = text_of(cx, "textdomain", 0, "str or None", domain)?;
        // The empty one is the one that it began with.
        state.domain.set(if text.is_empty() { None } else { Some(domain.clone()) });
    }
    match state.domain.get() {
        Some(domain) => Ok(domain),
        None => "messages".into_value(cx),
    }
}

/// What is kept of a domain, after it was set, unless that is None.
fn bound(cx: &Cx, kept: &Maybe, domain: &Value, value: &Value) -> Res<Option<Value>> {
    let dict = match kept.get().and_then(|dict| Dict::exact(&dict)) {
        Some(dict) => dict,
        None => {
            let dict = Dict::new(cx)?;
            kept.set(Some(dict.value().clone()));
            dict
        }
    };
    // A key of a subclass of str could run Python.
    let domain = cx.str(domain)?.to_string().into_value(cx)?;
    if !value.is_none() {
        dict.set(cx, &domain, value.clone())?;
    }
    dict.get(cx, &domain)
}

fn bindtextdomain(cx: &Cx, domain: &Value, dir: &Value) -> Res {
    if text_of(cx, "bindtextdomain", 1, "str", domain)?.is_empty() {
        return Err(cx.raise_of(&ERROR, "domain must be a non-empty string"));
    }
    let dir = if dir.is_none() { Value::NONE } else { cx.call(&cx.attr(&cx.import("os")?, "fsdecode")?, (dir.clone(),))? };
    match bound(cx, &cx.state::<State>()?.folders, domain, &dir)? {
        Some(folder) => Ok(folder),
        None => "/usr/share/locale".into_value(cx),
    }
}

fn bind_textdomain_codeset(cx: &Cx, domain: &Value, codeset: &Value) -> Res {
    let named = !text_of(cx, "bind_textdomain_codeset", 1, "str", domain)?.is_empty();
    if !codeset.is_none() {
        text_of(cx, "bind_textdomain_codeset", 2, "str or None", codeset)?;
    }
    if !named {
        return Ok(Value::NONE);
    }
    Ok(bound(cx, &cx.state::<State>()?.codesets, domain, codeset)?.unwrap_or(Value::NONE))
}
