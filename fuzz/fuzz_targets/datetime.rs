//! `_datetime`, here and under CPython 3.14: texts read by `fromisoformat` and `strptime`, texts written, arithmetic and comparison. Both
//! must print the same.
//!
//! `RYOKAN_PYTHON` names the command of CPython; without it the target only runs the programs.
#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::choices::Choices;
use ryokan_fuzz::oracle::compare;
use ryokan_fuzz::{Settings, show};

/// Writes a program of the bytes of an input.
struct Generator<'a>(Unstructured<'a>);

impl<'a> Choices<'a> for Generator<'a> {
    fn bytes(&mut self) -> &mut Unstructured<'a> {
        &mut self.0
    }
}

const HEAD: &str = "\
from _datetime import date, datetime, time, timedelta, timezone, tzinfo
import _operator as operator
def shown(make):
    try: print(repr(make()))
    except Exception as error: print(type(error).__name__, error)
class Summer(tzinfo):
    def utcoffset(self, dt): return timedelta(hours=2 if dt and dt.month in (6, 7) and not dt.fold else 1)
    def dst(self, dt): return timedelta(hours=self.utcoffset(dt) == timedelta(hours=2))
    def tzname(self, dt): return '%%here'
class Stamp(datetime): pass
zones = [None, timezone.utc, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(seconds=1, microseconds=7), 'x'), Summer()]
";

const DAYS: [&str; 10] = [
    "2024-02-29", "20240229", "2024-W09-4", "2024W094", "2024-W53", "2020W53", "0001-01-01", "9999-12-31", "2023-02-29", "2024-13-32",
];
const CLOCKS: [&str; 10] =
    ["12", "12:34", "1234", "12:34:56", "123456", "12:34:56.789", "123456,1234567", "24:00", "24:00:00.1", "23:60:61"];
const OFFSETS: [&str; 9] = ["", "Z", "+01:00", "-0130", "+01", "-23:59:59.999999", "+24:00", "-00:00", "+01:02:03,5"];
const BETWEEN: [&str; 8] = ["T", " ", "-", "0", "é", "\u{1234}", "\u{1F600}", ""];
const LETTERS: [&str; 14] = ["0", "1", "9", "-", ":", "+", ".", ",", "T", "W", "Z", " ", "é", "٢"];
const FORMATS: [&str; 9] = [
    "%Y-%m-%d", "%d.%m.%y %H:%M", "%Y %j", "%G-W%V-%u", "%H:%M:%S.%f %z", "%I %p", "%a %b %d %H:%M:%S %Y", "%Y-%m-%dT%H:%M:%S%:z", "%% %f %Z",
];
const NUMBERS: [&str; 16] = [
    "0", "1", "-1", "2", "3", "7", "59", "999999", "10**6", "86400", "-86401", "999999999", "10**12", "0.5", "-2.5e-7", "1e9 + 0.1",
];
const OPERATORS: [&str; 13] =
    ["add", "sub", "lt", "le", "eq", "ne", "gt", "ge", "mul", "truediv", "floordiv", "mod", "contains"];

impl Generator<'_> {
    /// A text that is nearly one of the forms.
    fn text(&mut self, parts: &[&[&str]]) -> String {
        let mut chars: Vec<char> = parts.iter().flat_map(|list| self.pick(list).chars()).collect();
        for _ in 0..self.below(3) {
            let at = self.below(chars.len() + 1);
            let letter = self.pick(&LETTERS).chars().next().unwrap_or('0');
            match self.below(3) {
                0 => chars.insert(at, letter),
                1 if at < chars.len() => chars[at] = letter,
                2 if at < chars.len() => {
                    chars.remove(at);
                }
                _ => {}
            }
        }
        let escaped = |c: &char| if c.is_ascii() { c.to_string() } else { format!("\\U{:08x}", u32::from(*c)) };
        chars.iter().map(escaped).collect()
    }
    fn number(&mut self) -> String {
        if self.chance(3) { (self.below(1 << 40) as i64 - (1 << 39)).to_string() } else { self.pick(&NUMBERS).into() }
    }
    fn delta(&mut self) -> String {
        let units = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
        let (one, two) = (self.below(7), self.below(7));
        let (x, y) = (self.number(), self.number());
        match one == two {
            true => format!("timedelta({}={x})", units[one]),
            false => format!("timedelta({}={x}, {}={y})", units[one], units[two]),
        }
    }
    fn clock(&mut self) -> String {
        let micros = [0, 0, 1, 500_000, 999_999][self.below(5)];
        format!("{}, {}, {}, {micros}, zones[{}], fold={}", self.below(24), self.below(60), self.below(60), self.below(5), self.below(2))
    }
    fn day(&mut self) -> String {
        let year = [1, 2, 999, 1970, 2000, 2023, 2024, 9998, 9999][self.below(9)];
        format!("{year}, {}, {}", 1 + self.below(12), 1 + self.below(29))
    }
    fn value(&mut self) -> String {
        match self.below(6) {
            0 => format!("date({})", self.day()),
            1 => format!("time({})", self.clock()),
            2 => format!("Stamp({}, {})", self.day(), self.clock()),
            3 => self.number(),
            4 => self.delta(),
            _ => format!("datetime({}, {})", self.day(), self.clock()),
        }
    }
    fn expression(&mut self) -> String {
        match self.below(14) {
            0 => format!("date.fromisoformat('{}')", self.text(&[&DAYS])),
            1 => format!("time.fromisoformat('{}')", self.text(&[&["", "T"], &CLOCKS, &OFFSETS])),
            2 | 3 => format!("datetime.fromisoformat('{}')", self.text(&[&DAYS, &BETWEEN, &CLOCKS, &OFFSETS])),
            4 => format!("{}.strftime('{}')", self.value(), self.pick(&FORMATS)),
            5 => format!("str({0}), repr({0})", self.value()),
            6 => format!("hash({}) != 0", self.value()),
            7 => format!("{}.__reduce_ex__({})", self.value(), self.below(6)),
            8 => format!("{}.{}", self.value(), self.pick(&["isocalendar()", "timetuple()", "utctimetuple()", "total_seconds()", "utcoffset()", "tzname()", "toordinal()", "ctime()", "timetz()"])),
            9 => format!("{}.replace({}={})", self.value(), self.pick(&["year", "month", "day", "hour", "microsecond", "fold", "tzinfo"]), self.number()),
            10 => format!("{}.astimezone(zones[{}])", self.value(), 1 + self.below(4)),
            11 => format!("datetime.fromtimestamp({}, zones[{}])", self.number(), 1 + self.below(4)),
            12 => format!("date.fromisocalendar({}, {}, {})", self.number(), self.below(55), self.below(9)),
            _ => format!("operator.{}({}, {})", self.pick(&OPERATORS), self.value(), self.value()),
        }
    }
    fn program(&mut self) -> String {
        let mut source = HEAD.to_string();
        for _ in 0..12 {
            let expression = self.expression();
            source.push_str(&format!("shown(lambda: ({expression}))\n"));
        }
        // The module behind it takes its time.
        if self.chance(16) {
            let format = self.pick(&FORMATS);
            let text = self.text(&[&DAYS, &[" "], &CLOCKS]);
            source.push_str(&format!("shown(lambda: datetime.strptime('{text}', '{format}'))\n"));
        }
        source
    }
}

fuzz_target!(|data: &[u8]| {
    let source = Generator(Unstructured::new(data)).program();
    show(|| source.clone());
    compare(&source, &Settings { fuel: 20_000_000, ..Settings::default() });
});
