//! The format mini-language, `%` and `str.format`.
//!
//! An input is a value and a specification. For ints and strs, and for floats of the types `e` and `f`, the target formats itself
//! and compares; for everything else it knows what must hold: the exceptions that may be raised, the width, the alignment, and
//! that equal ways of asking give equal answers.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use ryokan_fuzz::{Settings, run};

#[derive(Clone, Debug)]
enum Value {
    Int(i128),
    Float(f64),
    Str(String),
}

/// `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`
#[derive(Clone, Debug, Default)]
struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    z: bool,
    alternate: bool,
    zero: bool,
    width: Option<usize>,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    fn text(&self) -> String {
        let mut out = String::new();
        if let Some(align) = self.align {
            out.extend(self.fill);
            out.push(align);
        }
        out.extend(self.sign);
        out.extend(self.z.then_some('z'));
        out.extend(self.alternate.then_some('#'));
        out.extend(self.zero.then_some('0'));
        out.extend(self.width.iter().map(usize::to_string));
        out.extend(self.grouping);
        out.extend(self.precision.iter().map(|p| format!(".{p}")));
        out.extend(self.kind);
        out
    }
}

fn spec(u: &mut Unstructured<'_>) -> Result<Spec> {
    let maybe = |u: &mut Unstructured<'_>, list: &[char]| -> Result<Option<char>> {
        Ok(if u.ratio(1, 2)? { Some(*u.choose(list)?) } else { None })
    };
    Ok(Spec {
        fill: maybe(u, &['*', ' ', '0', 'é', '😀', '<', '{', '}'])?,
        align: maybe(u, &['<', '>', '^', '='])?,
        sign: maybe(u, &['+', '-', ' '])?,
        z: u.ratio(1, 12)?,
        alternate: u.ratio(1, 4)?,
        zero: u.ratio(1, 4)?,
        width: if u.ratio(1, 2)? { Some(u.int_in_range(1..=60)?) } else { None },
        grouping: if u.ratio(1, 3)? { maybe(u, &[',', '_'])? } else { None },
        precision: if u.ratio(1, 3)? { Some(u.int_in_range(0..=40)?) } else { None },
        kind: maybe(u, &['d', 'b', 'o', 'x', 'X', 'c', 'e', 'E', 'f', 'F', 'g', 'G', 'n', 's', '%'])?,
    })
}

fn value(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=5)? {
        0 => Value::Int(u.int_in_range(-300..=300)?),
        1 => Value::Int(u.arbitrary()?),
        2 => Value::Float(f64::from_bits(u.arbitrary()?)),
        3 => Value::Float(f64::from(u.int_in_range(-100_000..=100_000)?) / 64.0),
        _ => {
            let len = u.int_in_range(0..=12)?;
            let letters = ['a', 'B', '9', ' ', 'é', '日', '😀', '{', '%', '\n', '\''];
            Value::Str((0..len).map(|_| u.choose(&letters).copied()).collect::<Result<_>>()?)
        }
    })
}

/// A str literal of any text.
fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    text.chars().for_each(|c| out.push_str(&format!("\\U{:08x}", c as u32)));
    out.push('\'');
    out
}

fn literal(value: &Value) -> String {
    match value {
        Value::Int(n) => format!("({n})"),
        Value::Float(f) if f.is_finite() => format!("float('{f:e}')"),
        Value::Float(f) => format!("float('{f}')"),
        Value::Str(s) => quoted(s),
    }
}

/// Groups digits from the right.
fn grouped(digits: &str, size: usize, separator: char) -> String {
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.chars().count() - at).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

/// Sign, prefix, digits and tail, filled to the width.
fn filled(spec: &Spec, sign: &str, prefix: &str, digits: String, tail: &str, size: usize) -> String {
    let (mut fill, mut align) = (spec.fill.filter(|_| spec.align.is_some()), spec.align);
    if spec.zero {
        fill = fill.or(if spec.align.is_none() { Some('0') } else { None });
        if spec.align.is_none() {
            align = Some('=');
        } else if spec.fill.is_none() {
            fill = Some('0');
        }
    }
    let width = spec.width.unwrap_or(0);
    let align = align.unwrap_or('>');
    let fill = fill.unwrap_or(' ');
    let mut digits = digits;
    if let Some(separator) = spec.grouping {
        let bare = digits;
        digits = grouped(&bare, size, separator);
        if align == '=' && fill == '0' {
            // Zeros before the digits are grouped like digits.
            let mut padded = bare;
            let taken = sign.chars().count() + prefix.chars().count() + tail.chars().count();
            while digits.chars().count() + taken < width {
                padded.insert(0, '0');
                digits = grouped(&padded, size, separator);
            }
        }
    }
    let length = [sign, prefix, &digits, tail].iter().map(|s| s.chars().count()).sum::<usize>();
    let pad = width.saturating_sub(length);
    let fills = |n: usize| fill.to_string().repeat(n);
    match align {
        '<' => format!("{sign}{prefix}{digits}{tail}{}", fills(pad)),
        '^' => format!("{}{sign}{prefix}{digits}{tail}{}", fills(pad / 2), fills(pad - pad / 2)),
        '=' => format!("{sign}{prefix}{}{digits}{tail}", fills(pad)),
        _ => format!("{}{sign}{prefix}{digits}{tail}", fills(pad)),
    }
}

fn sign_of(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    }
}

/// What `format` must give, where the target can tell.
fn expected(value: &Value, spec: &Spec) -> Option<String> {
    match value {
        Value::Int(n) if spec.precision.is_none() && !spec.z => {
            let m = n.unsigned_abs();
            let (digits, prefix, size) = match spec.kind {
                None | Some('d') => (m.to_string(), "", 3),
                Some('b') => (format!("{m:b}"), "0b", 4),
                Some('o') => (format!("{m:o}"), "0o", 4),
                Some('x') => (format!("{m:x}"), "0x", 4),
                Some('X') => (format!("{m:X}"), "0X", 4),
                _ => return None,
            };
            if spec.grouping == Some(',') && size == 4 {
                return None;
            }
            let prefix = if spec.alternate { prefix } else { "" };
            Some(filled(spec, sign_of(spec, *n < 0), prefix, digits, "", size))
        }
        Value::Float(f) if f.is_finite() && !spec.alternate && !spec.z => {
            let places = spec.precision.unwrap_or(6);
            let (digits, tail) = match spec.kind {
                Some('f' | 'F') => {
                    let text = format!("{:.places$}", f.abs());
                    match text.split_once('.') {
                        Some((whole, part)) => (whole.to_string(), format!(".{part}")),
                        None => (text, String::new()),
                    }
                }
                Some(kind @ ('e' | 'E')) => {
                    let text = format!("{:.places$e}", f.abs());
                    let (digits, exponent) = text.split_once('e')?;
                    let exponent: i32 = exponent.parse().ok()?;
                    let (whole, part) =
                        digits.split_once('.').map_or((digits, String::new()), |(w, p)| (w, format!(".{p}")));
                    let sign = if exponent < 0 { '-' } else { '+' };
                    (whole.to_string(), format!("{part}{kind}{sign}{:02}", exponent.abs()))
                }
                _ => return None,
            };
            Some(filled(spec, sign_of(spec, f.is_sign_negative()), "", digits, &tail, 3))
        }
        Value::Str(s) => {
            let plain = matches!(spec.kind, None | Some('s'));
            if !plain
                || spec.sign.is_some()
                || spec.z
                || spec.alternate
                || spec.grouping.is_some()
                || spec.align == Some('=')
            {
                return None;
            }
            let cut: String = s.chars().take(spec.precision.unwrap_or(usize::MAX)).collect();
            let mut spec = spec.clone();
            if spec.align.is_none() {
                // A zero before the width is a fill here.
                spec.fill = Some(if spec.zero { '0' } else { ' ' });
                spec.align = Some('<');
            }
            Some(filled(&spec, "", "", cut, "", 3))
        }
        _ => None,
    }
}

/// Types of exceptions that formatting may raise.
const ALLOWED: &str = "(ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError)";

fuzz_target!(|data: &[u8]| -> Corpus {
    let mut u = Unstructured::new(data);
    let (Ok(value), Ok(spec)) = (value(&mut u), spec(&mut u)) else { return Corpus::Reject };
    // The rest is a template of its own, as it is.
    let template: String = String::from_utf8_lossy(u.take_rest()).chars().take(60).collect();
    let width = spec.width.unwrap_or(0);
    let source = format!(
        "x = {}\nspec = {}\ntemplate = {}\ndef attempt(work):\n    try: return work()\n    except {ALLOWED} as e: return (type(e).__name__, str(e))\n\
         r = attempt(lambda: format(x, spec))\n\
         print(ascii(r))\n\
         if type(r) is str: assert len(r) >= {width}, 'width'\n\
         if '{{' not in spec and '}}' not in spec:\n    assert attempt(lambda: ('{{:' + spec + '}}').format(x)) == r, 'str.format'\n\
         assert format(x, '') == str(x), 'empty'\n\
         assert '%s' % (x,) == str(x) and '%r' % (x,) == repr(x), 'percent'\n\
         assert f'{{x!r:>40}}' == repr(x).rjust(40), 'f-string'\n\
         attempt(lambda: template.format(x, *[x, [1]], a=x))\n\
         attempt(lambda: template % x)\n\
         attempt(lambda: template % (x, 3, 2.5))\n\
         attempt(lambda: template % {{'a': x}})\n\
         attempt(lambda: template.encode('utf-8', 'surrogatepass') % (x, 3))\n\
         attempt(lambda: template.format_map({{'a': x}}))\n\
         attempt(lambda: format(x, template))\n",
        literal(&value),
        quoted(&spec.text()),
        quoted(&template),
    );
    let got = run(&source, &Settings::default());
    assert!(got.error.is_none() || got.was_stopped(), "{}\n{source}", got.shown());
    if let (Some(expected), false) = (expected(&value, &spec), got.was_stopped()) {
        let check = run(
            &format!(
                "r = format({}, {})\nprint(r == {}, ascii(r))\n",
                literal(&value),
                quoted(&spec.text()),
                quoted(&expected)
            ),
            &Settings::default(),
        );
        assert!(
            check.out.starts_with(b"True"),
            "{value:?} by {:?}: expected {expected:?}, got {}",
            spec.text(),
            check.shown()
        );
    }
    Corpus::Keep
});
