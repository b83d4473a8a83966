//! `__format__`: the format mini-language of numbers, and what a dict may say otherwise of points and separators.

use ryokan_vm::native::*;

use super::calc::Calc;
use super::num::{Kind, Num};

/// What a format says.
struct Spec {
    fill: String,
    /// `<`, `>`, `=` or `^`; nothing if zeros fill the number.
    align: Option<char>,
    sign: char,
    no_negative_zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<i64>,
    kind: char,
    point: String,
    separator: String,
    grouping: Vec<u8>,
    part_separator: Option<char>,
    /// Whether it asks for the separators of the locale.
    local: bool,
}

/// A format that is none.
fn invalid(cx: &Cx) -> Raised {
    cx.value_error("invalid format string")
}

/// Reads a format character by character.
struct Reader<'a> {
    cx: &'a Cx,
    left: std::iter::Peekable<std::str::Chars<'a>>,
}

impl Reader<'_> {
    fn one_of(&mut self, which: &str) -> Option<char> {
        self.left.next_if(|c| which.contains(*c))
    }
    fn number(&mut self) -> Res<Option<i64>> {
        let mut number = None;
        while let Some(digit) = self.left.next_if(char::is_ascii_digit) {
            let digit = i64::from(digit as u32 - '0' as u32);
            let next = number.unwrap_or(0i64).checked_mul(10).and_then(|n| n.checked_add(digit));
            let Some(next) = next else {
                return Err(self.cx.overflow_error("cannot fit 'int' into an index-sized integer"));
            };
            number = Some(next);
        }
        Ok(number)
    }
}

impl Spec {
    fn parse(cx: &Cx, text: &str, capitals: bool) -> Res<Spec> {
        let mut chars = text.chars();
        let (first, second) = (chars.next(), chars.next());
        let is_align = |c: Option<char>| c.filter(|c| "<>=^".contains(*c));
        let (fill, align, skipped) = match (is_align(first), is_align(second)) {
            (_, Some(align)) => (first.unwrap_or(' '), Some(align), 2),
            (Some(align), None) => (' ', Some(align), 1),
            _ => (' ', None, 0),
        };
        let mut left = text.chars();
        if skipped > 0 {
            left.nth(skipped - 1);
        }
        let mut reader = Reader { cx, left: left.peekable() };
        let sign = reader.one_of("-+ ").unwrap_or('-');
        let no_negative_zero = reader.one_of("z").is_some();
        let alternate = reader.one_of("#").is_some();
        let zeros = reader.one_of("0").is_some();
        if zeros && skipped > 0 {
            return Err(invalid(cx));
        }
        let width = reader.number()?.unwrap_or(0) as usize;
        if width > isize::MAX as usize / 8 {
            return Err(invalid(cx));
        }
        let separator = reader.one_of(",_");
        let (mut precision, mut part_separator) = (None, None);
        if reader.one_of(".").is_some() {
            precision = reader.number()?;
            part_separator = reader.one_of(",_");
            if precision.is_none() && part_separator.is_none() {
                return Err(invalid(cx));
            }
        }
        let kind = reader.one_of("eEfFgGnN%");
        if reader.left.next().is_some() || (matches!(kind, Some('n' | 'N')) && separator.is_some()) {
            return Err(invalid(cx));
        }
        if kind == Some('N') {
            let message = "Format specifier 'N' is deprecated and slated for removal in Python 3.18";
            cx.warn("DeprecationWarning", message)?;
        }
        let local = matches!(kind, Some('n' | 'N'));
        let kind = match kind {
            None if capitals => 'G',
            None | Some('n') => 'g',
            Some('N') => 'G',
            Some(kind) => kind,
        };
        Ok(Spec {
            fill: fill.to_string(),
            align: if zeros { None } else { Some(align.unwrap_or('>')) },
            sign,
            no_negative_zero,
            alternate,
            width,
            precision,
            kind,
            point: ".".to_string(),
            grouping: if separator.is_some() { vec![3, 0] } else { Vec::new() },
            separator: separator.map(String::from).unwrap_or_default(),
            part_separator,
            local,
        })
    }
    /// Takes point, separator and grouping of a dict. It must say a point, unless the format has one by its separators.
    fn override_by(&mut self, cx: &Cx, dict: &Value) -> Res<()> {
        let Some(dict) = Dict::of(dict) else {
            return Err(cx.type_error("optional argument must be a dict"));
        };
        let text = |name: &str| -> Res<Option<String>> {
            match dict.get_str(cx, name)? {
                Some(value) if cx.is_str(&value) => cx.str(&value).map(|text| Some(text.to_string())),
                Some(_) => Err(cx.type_error("bad argument type for built-in operation")),
                None => Ok(None),
            }
        };
        if self.separator.is_empty() && !self.local {
            self.point.clear();
        }
        if let Some(point) = text("decimal_point")? {
            self.point = point;
        }
        if let Some(separator) = text("thousands_sep")? {
            self.separator = separator;
        }
        if let Some(grouping) = text("grouping")? {
            // As C sees it: the last group is repeated, unless it says that there are no more.
            if !grouping.is_ascii() {
                return Err(cx.value_error("invalid override dict"));
            }
            self.grouping = grouping.bytes().take_while(|size| *size != 0).collect();
            match self.grouping.last() {
                Some(127) => drop(self.grouping.pop()),
                Some(_) => self.grouping.push(0),
                None => {}
            }
        }
        if self.point.is_empty() || self.point.len() > 4 || self.separator.len() > 4 {
            return Err(cx.value_error("invalid override dict"));
        }
        Ok(())
    }
    fn sign_of(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (_, '+') => "+",
            (_, ' ') => " ",
            _ => "",
        }
    }
    /// A number, filled to its width.
    fn aligned(&self, cx: &Cx, sign: &str, body: &str) -> Res<String> {
        let missing = self.width.saturating_sub(sign.len() + body.chars().count());
        cx.room_for_bytes(missing.saturating_mul(self.fill.len()).saturating_add(body.len()))?;
        cx.work_on_bytes(missing)?;
        let padding = |count: usize| self.fill.repeat(count);
        Ok(match self.align.unwrap_or('>') {
            '<' => format!("{sign}{body}{}", padding(missing)),
            '=' => format!("{sign}{}{body}", padding(missing)),
            '^' => format!("{}{sign}{body}{}", padding(missing / 2), padding(missing - missing / 2)),
            _ => format!("{}{sign}{body}", padding(missing)),
        })
    }
    /// Digits before the point with separators, and with as many zeros before them as a width asks for.
    fn grouped(&self, cx: &Cx, digits: &str, width: usize) -> Res<String> {
        cx.room_for_bytes(width.saturating_mul(2).saturating_add(digits.len().saturating_mul(3)))?;
        cx.work_on_bytes(width.max(digits.len()))?;
        let (mut left, mut width) = (digits, width as i64);
        let mut groups: Vec<String> = Vec::new();
        let mut sizes = self.grouping.iter().copied().peekable();
        let mut size = None;
        let mut push = |left: &mut &str, width: i64, most: i64| {
            let size = (left.len() as i64).max(width).max(1).min(most);
            let cut = left.len().saturating_sub(size as usize);
            let (rest, group) = left.split_at(cut);
            groups.push(format!("{}{group}", "0".repeat(size as usize - group.len())));
            *left = rest;
            size
        };
        loop {
            // A 0 repeats the group before it; without one the rest is one group.
            match sizes.peek() {
                Some(0) => {}
                Some(_) => size = sizes.next(),
                None => size = None,
            }
            let Some(most) = size else {
                push(&mut left, width, i64::MAX);
                break;
            };
            width -= push(&mut left, width, most.into());
            if left.is_empty() && width <= 0 {
                break;
            }
            width -= self.separator.chars().count() as i64;
        }
        groups.reverse();
        Ok(groups.join(&self.separator))
    }
}

/// A number as a format wants it, rounded as a context says.
pub fn format(calc: &mut Calc<'_>, n: &Num, format: &str, by: Option<&Value>, capitals: bool) -> Res<String> {
    let cx = calc.cx;
    let mut spec = Spec::parse(cx, format, capitals)?;
    // What only newer formats have is formatted by other code in CPython, which knows no such dict.
    let newer =
        spec.no_negative_zero || spec.alternate || spec.part_separator.is_some() || spec.separator == "_";
    if let Some(dict) = by.filter(|_| !newer) {
        spec.override_by(cx, dict)?;
    }
    if n.kind != Kind::Finite {
        let body = super::text::text_of(cx, &n.clone().with_sign(false), true, false)?;
        let body = if spec.kind == '%' { body + "%" } else { body };
        return spec.aligned(cx, spec.sign_of(n.negative), &body);
    }
    let n = rounded(calc, n, &spec)?;
    let negative = n.negative && !(spec.no_negative_zero && n.is_zero());
    let (whole, part, exp) = laid_out(cx, &n, &spec)?;
    finished(cx, &spec, spec.sign_of(negative), &whole, part, exp)
}

/// A number of as many digits as its format asks for.
fn rounded(calc: &mut Calc<'_>, n: &Num, spec: &Spec) -> Res<Num> {
    let mut n = n.clone();
    let fixed = matches!(spec.kind, 'f' | 'F' | '%');
    if spec.kind == '%' {
        n.exp += 2;
    }
    if let Some(precision) = spec.precision {
        if precision > super::calc::MAX_PREC - 1 {
            return Err(calc.cx.value_error("format specification exceeds internal limits of _decimal"));
        }
        let digits = match spec.kind {
            'e' | 'E' => Some(precision + 1),
            'g' | 'G' if n.digits > precision => Some(precision.max(1)),
            _ => None,
        };
        if fixed {
            n = calc.with_exponent(&n, -precision)?.0;
        } else if let Some(digits) = digits
            && !n.is_zero()
            && n.digits > digits
        {
            let exp = n.exp + n.digits - digits;
            n = calc.with_exponent(&n, exp)?.0;
            if n.digits > digits {
                n = calc.with_exponent(&n, exp + 1)?.0;
            }
        } else if let ('e' | 'E', false, Some(digits)) = (spec.kind, n.is_zero(), digits) {
            n = calc.with_exponent(&n, n.exp - (digits - n.digits))?.0;
        }
    }
    if n.is_zero() && n.exp > 0 && fixed {
        n.exp = 0;
    }
    Ok(n)
}

/// The digits before and behind the point, and the exponent.
fn laid_out(cx: &Cx, n: &Num, spec: &Spec) -> Res<(String, String, i64)> {
    let left = n.exp + n.digits;
    let point = match spec.kind {
        'e' | 'E' => match spec.precision {
            Some(precision) if n.is_zero() => 1 - precision,
            _ => 1,
        },
        'g' | 'G' if n.exp > 0 || left <= -6 => 1,
        _ => left,
    };
    let size = point.unsigned_abs().saturating_add(n.digits as u64);
    cx.room_for_bytes(usize::try_from(size.saturating_mul(3)).unwrap_or(usize::MAX))?;
    cx.work_on_bytes(size as usize)?;
    let digits = n.coeff.text(cx)?;
    let zeros = |count: i64| "0".repeat(count.max(0) as usize);
    let (whole, part) = if point < 0 {
        ("0".to_string(), zeros(-point) + &digits)
    } else if point as usize >= digits.len() {
        (format!("{digits}{}", zeros(point - digits.len() as i64)), String::new())
    } else {
        let (whole, part) = digits.split_at(point as usize);
        (if whole.is_empty() { "0".to_string() } else { whole.to_string() }, part.to_string())
    };
    Ok((whole, part, left - point))
}

/// Puts a number together.
fn finished(cx: &Cx, spec: &Spec, sign: &str, whole: &str, part: String, exp: i64) -> Res<String> {
    let mut tail = part;
    if let Some(separator) = spec.part_separator
        && !tail.is_empty()
    {
        let groups: Vec<&str> =
            tail.as_bytes().chunks(3).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        tail = groups.join(separator.encode_utf8(&mut [0; 4]));
    }
    if !tail.is_empty() || spec.alternate {
        tail.insert_str(0, &spec.point);
    }
    if exp != 0 || matches!(spec.kind, 'e' | 'E') {
        let letter = if spec.kind.is_uppercase() { 'E' } else { 'e' };
        tail.push_str(&format!("{letter}{exp:+}"));
    }
    if spec.kind == '%' {
        tail.push('%');
    }
    let width = match spec.align {
        None => spec.width.saturating_sub(sign.len() + tail.chars().count()),
        Some(_) => 0,
    };
    let whole = spec.grouped(cx, whole, width)?;
    spec.aligned(cx, sign, &(whole + &tail))
}
