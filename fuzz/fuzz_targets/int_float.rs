//! Ints and floats against another implementation: num-bigint for ints, the machine's own arithmetic and CPython's rules for floats.
//!
//! An input is two ints, two floats and some small numbers; a program computes everything that can be asked of them and prints a
//! line each, and the target knows each line.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};
use ryokan_fuzz::{Settings, run};

fn int(u: &mut Unstructured<'_>) -> Result<BigInt> {
    let near = |edge: u32, off: i64| -> BigInt { (BigInt::one() << edge) + off };
    let n = match u.int_in_range(0..=5)? {
        0 => BigInt::from(u.int_in_range(0..=300)?),
        1 => BigInt::from(u.arbitrary::<i64>()?),
        2 => near(*u.choose(&[30, 47, 48, 53, 60, 61, 62, 63, 64, 127, 128, 1024])?, u.int_in_range(-2..=2)?),
        3 => BigInt::from(u.arbitrary::<i128>()?),
        _ => {
            let len = u.int_in_range(0..=200)?;
            let len = len.min(u.len());
            BigInt::from_bytes_le(Sign::Plus, u.bytes(len)?)
        }
    };
    Ok(if u.ratio(1, 3)? { -n } else { n })
}

fn float(u: &mut Unstructured<'_>) -> Result<f64> {
    Ok(match u.int_in_range(0..=4)? {
        0 => f64::from_bits(u.arbitrary()?),
        1 => f64::from(u.int_in_range(-1000..=1000)?) / 8.0,
        2 => *u.choose(&[
            0.0,
            -0.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            5e-324,
            f64::MAX,
            1e16,
            1e15,
            0.1,
        ])?,
        3 => u.arbitrary::<i64>()? as f64,
        _ => f64::from(u.arbitrary::<i32>()?) * 1e-3,
    })
}

/// The shortest digits of a float, the even ones where two are as near, and the exponent of the first.
fn digits(f: f64) -> (String, i32) {
    if f == 0.0 {
        return ("0".to_string(), 0);
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(f);
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().expect("a number");
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{part}");
    let zeros = all.bytes().take_while(|b| *b == b'0').count();
    let bare = all[zeros..].trim_end_matches('0');
    (bare.to_string(), exponent + whole.len() as i32 - 1 - zeros as i32)
}

/// `repr(f)`: the shortest digits, as CPython writes them.
fn repr(f: f64) -> String {
    if f.is_nan() {
        return "nan".to_string();
    }
    if f.is_infinite() {
        return if f > 0.0 { "inf" } else { "-inf" }.to_string();
    }
    let (sign, (bare, exponent)) = (if f.is_sign_negative() { "-" } else { "" }, digits(f.abs()));
    let body = if (-4..16).contains(&exponent) {
        if exponent < 0 {
            format!("0.{}{bare}", "0".repeat(-exponent as usize - 1))
        } else if bare.len() as i32 <= exponent + 1 {
            format!("{bare}{}.0", "0".repeat((exponent + 1) as usize - bare.len()))
        } else {
            let (whole, part) = bare.split_at((exponent + 1) as usize);
            format!("{whole}.{part}")
        }
    } else {
        let point = if bare.len() > 1 { format!("{}.{}", &bare[..1], &bare[1..]) } else { bare };
        format!("{point}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
    };
    format!("{sign}{body}")
}

/// `divmod` of floats by CPython's rules.
fn float_divmod(x: f64, y: f64) -> (f64, f64) {
    let mut rest = x % y;
    let mut quotient = (x - rest) / y;
    if rest != 0.0 {
        if (y < 0.0) != (rest < 0.0) {
            rest += y;
            quotient -= 1.0;
        }
    } else {
        rest = 0f64.copysign(y);
    }
    let floored = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0f64.copysign(x / y)
    };
    (floored, rest)
}

/// `int(f)` of a finite float.
fn truncated(f: f64) -> BigInt {
    num_traits::FromPrimitive::from_f64(f.trunc()).expect("it is finite")
}

/// `a < f`, `a == f`, exactly.
fn compare(a: &BigInt, f: f64) -> (bool, bool) {
    if f.is_nan() {
        return (false, false);
    }
    if f.is_infinite() {
        return (f > 0.0, false);
    }
    let whole = truncated(f);
    let exact = f.trunc() == f;
    let less = *a < whole || (*a == whole && f > f.trunc());
    (less, exact && *a == whole)
}

/// `hash(n)`
fn hash(n: &BigInt) -> BigInt {
    let modulus: BigInt = (BigInt::one() << 61) - 1;
    let rest = n.abs() % modulus;
    let hash = if n.is_negative() { -rest } else { rest };
    if hash == BigInt::from(-1) { BigInt::from(-2) } else { hash }
}

fn truth(b: bool) -> &'static str {
    if b { "True" } else { "False" }
}

/// A float's literal.
fn literal(f: f64) -> String {
    if f.is_finite() { format!("float('{f:e}')") } else { format!("float('{}')", repr(f)) }
}

/// The program, and what each of its lines prints.
struct Work {
    source: String,
    expected: Vec<String>,
}

impl Work {
    fn ask(&mut self, expression: impl AsRef<str>, expected: impl ToString) {
        self.source.push_str(&format!("print({})\n", expression.as_ref()));
        self.expected.push(expected.to_string());
    }
}

fn ints(w: &mut Work, a: &BigInt, b: &BigInt, n: u32, base: u32) {
    w.ask("a + b", a + b);
    w.ask("a - b", a - b);
    w.ask("a * b", a * b);
    w.ask("a * a", a * a);
    w.ask("a & b, a | b, a ^ b, ~a", format!("{} {} {} {}", a & b, a | b, a ^ b, -a - 1));
    if !b.is_zero() {
        let (q, r) = a.div_mod_floor(b);
        w.ask("divmod(a, b)", format!("({q}, {r})"));
        w.ask("a // b, a % b", format!("{q} {r}"));
    }
    w.ask(format!("a << {n}, a >> {n}"), format!("{} {}", a << n, a >> n));
    w.ask(format!("(a & 0xffff) ** {}", n % 40), num_traits::pow(a & BigInt::from(0xffff), n as usize % 40));
    if b.is_positive() {
        w.ask(format!("pow(a, {n}, b)"), a.mod_floor(b).modpow(&BigInt::from(n), b));
    }
    w.ask("a < b, a == b, a >= b", format!("{} {} {}", truth(a < b), truth(a == b), truth(a >= b)));
    w.ask("hash(a)", hash(a));
    w.ask("a.bit_length(), (-a).bit_count()", format!("{} {}", a.bits(), a.magnitude().count_ones()));
    w.ask("abs(a), -a, bool(a)", format!("{} {} {}", a.abs(), -a, truth(!a.is_zero())));
    let digits = a.to_str_radix(base);
    w.ask(format!("int('{digits}', {base}) == a"), "True");
    w.ask("int(str(a)) == a, int(repr(a)) is not None", "True True");
    w.ask("hex(a), oct(a), bin(a)", {
        let (sign, m) = (if a.is_negative() { "-" } else { "" }, a.magnitude());
        format!("{sign}0x{m:x} {sign}0o{m:o} {sign}0b{m:b}")
    });
    w.ask(
        "int.from_bytes(a.to_bytes(a.bit_length() // 8 + 1, 'little', signed=True), 'little', signed=True) == a",
        "True",
    );
    w.ask("math.gcd(a, b)", a.gcd(b));
    w.ask("math.isqrt(abs(a))", a.abs().sqrt());
    match a.to_string().parse::<f64>() {
        Ok(f) if f.is_finite() => w.ask("float(a)", repr(f)),
        _ => {}
    }
}

fn floats(w: &mut Work, a: &BigInt, f: f64, g: f64, n: u32) {
    w.ask("f, g", format!("{} {}", repr(f), repr(g)));
    w.ask("float(repr(f)) == f or f != f", "True");
    w.ask("float.fromhex(f.hex()) == f or f != f", "True");
    w.ask("f + g, f - g, f * g", format!("{} {} {}", repr(f + g), repr(f - g), repr(f * g)));
    if g != 0.0 {
        w.ask("f / g", repr(f / g));
        let (q, r) = float_divmod(f, g);
        w.ask("divmod(f, g)", format!("({}, {})", repr(q), repr(r)));
        w.ask("f // g, f % g", format!("{} {}", repr(q), repr(r)));
    }
    w.ask("f < g, f == g, f != g", format!("{} {} {}", truth(f < g), truth(f == g), truth(f != g)));
    let (less, equal) = compare(a, f);
    w.ask("a < f, a == f, f > a", format!("{} {} {}", truth(less), truth(equal), truth(less)));
    w.ask("(hash(a) == hash(f)) if a == f else True", "True");
    w.ask("abs(f), -f, bool(f)", format!("{} {} {}", repr(f.abs()), repr(-f), truth(f != 0.0)));
    if f.is_finite() {
        w.ask("int(f)", truncated(f));
        w.ask("round(f)", truncated(f.round_ties_even()));
        w.ask("math.floor(f), math.ceil(f)", format!("{} {}", truncated(f.floor()), truncated(f.ceil())));
        w.ask("f.is_integer()", truth(f.trunc() == f));
        w.ask("a == int(f)", truth(*a == truncated(f)));
        // Rounded decimally, to the even digit where two are as near: what the exact digits say.
        let places = n as usize % 17;
        let rounded: f64 = format!("{f:.places$}").parse().expect("a number");
        w.ask(format!("round(f, {places})"), repr(rounded));
    } else if f.is_nan() {
        w.ask("f == f, f != f, f in [f]", "False True True");
    }
    if let (Some(small), true) = (a.to_i32(), f.is_finite()) {
        w.ask("a + f, f * a", format!("{} {}", repr(f64::from(small) + f), repr(f * f64::from(small))));
    }
}

fn work(u: &mut Unstructured<'_>) -> Result<Work> {
    let (a, b) = (int(u)?, int(u)?);
    let (f, g) = (float(u)?, float(u)?);
    let (n, base) = (u.int_in_range(0..=200)?, u.int_in_range(2..=36)?);
    let head = format!("import math\na = {a:#x}\nb = {b:#x}\nf = {}\ng = {}\n", literal(f), literal(g));
    let mut w = Work { source: head, expected: Vec::new() };
    ints(&mut w, &a, &b, n, base);
    floats(&mut w, &a, f, g, n);
    Ok(w)
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(w) = work(&mut Unstructured::new(data)) else { return Corpus::Reject };
    let got = run(&w.source, &Settings { fuel: 2_000_000, ..Settings::default() });
    let out = String::from_utf8_lossy(&got.out);
    let lines: Vec<&str> = out.lines().collect();
    let asked: Vec<&str> = w.source.lines().filter(|line| line.starts_with("print(")).collect();
    for (at, expected) in w.expected.iter().enumerate() {
        assert_eq!(
            lines.get(at).copied(),
            Some(expected.as_str()),
            "{}\n{}\n{}",
            asked[at],
            w.source.lines().take(5).collect::<Vec<_>>().join("\n"),
            got.message
        );
    }
    Corpus::Keep
});
