//! Local time: what `TZ` in the environment names, a file of the system's or a rule as POSIX writes it; else what `/etc/localtime` is;
//! UTC where the host allows neither.

use std::cell::Cell;

use ryokan_vm::native::*;
use tz::timezone::TransitionRule;
use tz::{LocalTimeType, TimeZone};

use super::clocks::clock;

/// Where the system keeps its zones.
const FOLDER: &str = "/usr/share/zoneinfo";
/// Files of zones are smaller.
const MOST: usize = 1 << 20;
/// When the clocks are changed where a rule names summer time but no days.
const USUAL_DAYS: &str = ",M3.2.0,M11.1.0";
const YEAR: i64 = (365 * 24 + 6) * 3600;

/// What the clocks of a zone show at some time.
#[derive(Clone, Copy)]
pub struct Kind<'a> {
    /// Seconds to the east of Greenwich.
    pub offset: i64,
    /// Whether it is summer time.
    pub dst: bool,
    /// How it is called.
    pub name: &'a str,
}

impl<'a> From<&'a LocalTimeType> for Kind<'a> {
    fn from(kind: &'a LocalTimeType) -> Kind<'a> {
        Kind { offset: kind.ut_offset().into(), dst: kind.is_dst(), name: kind.time_zone_designation() }
    }
}

/// A time zone.
#[derive(Default)]
pub enum Zone {
    #[default]
    Utc,
    /// UTC under another name.
    Named(String),
    Table(TimeZone),
}

native_state! {
    /// The local zone, and what `time.tzname` said of it at first.
    struct Local { zone: Own<Zone>, names: Own<[String; 2]>, known: Cell<bool> }
}

impl Zone {
    /// Works with the local zone.
    pub fn with<R>(cx: &Cx, work: impl FnOnce(&Zone) -> R) -> Res<R> {
        let local = cx.state::<Local>()?;
        if !local.known.get() {
            find(cx)?;
        }
        local.zone.with(cx, |zone| work(zone))
    }

    /// The zone that the environment names.
    fn local(cx: &Cx) -> Zone {
        let text = match cx.env("TZ") {
            None => return Zone::of_file(cx, "/etc/localtime").unwrap_or_default(),
            Some(text) => text,
        };
        let text = text.strip_prefix(':').unwrap_or(&text);
        if text.is_empty() {
            return Zone::Utc;
        }
        let path = if text.starts_with('/') { text.to_string() } else { format!("{FOLDER}/{text}") };
        Zone::of_file(cx, &path)
            .or_else(|| Zone::of_rule(text))
            .or_else(|| Zone::of_rule(&format!("{text}{USUAL_DAYS}")))
            .unwrap_or_else(|| Zone::Named(name_in(text)))
    }

    fn of_file(cx: &Cx, path: &str) -> Option<Zone> {
        let bytes = cx.read_file(path, MOST).ok()?;
        TimeZone::from_tz_data(&bytes).ok().map(Zone::Table)
    }

    /// Of a rule such as `CET-1CEST,M3.5.0,M10.5.0/3`: it is the last line of a file that has no table.
    fn of_rule(text: &str) -> Option<Zone> {
        if text.contains(['\n', '\0']) {
            return None;
        }
        let counts = |types: u32, letters: u32| -> Vec<u8> {
            [0, 0, 0, 0, types, letters].into_iter().flat_map(u32::to_be_bytes).collect()
        };
        let mut file = Vec::new();
        for _ in 0..2 {
            file.extend(b"TZif3");
            file.extend([0; 15]);
            file.extend(counts(1, 4));
            file.extend([0; 6]);
            file.extend(b"UTC\0");
        }
        file.extend(format!("\n{text}\n").as_bytes());
        let zone = TimeZone::from_tz_data(&file).ok()?;
        let names = match zone.as_ref().extra_rule() {
            Some(TransitionRule::Fixed(kind)) => [kind, kind],
            Some(TransitionRule::Alternate(rule)) => [rule.std(), rule.dst()],
            None => return None,
        };
        names.iter().all(|kind| kind.time_zone_designation().len() >= 3).then_some(Zone::Table(zone))
    }

    /// What the clocks show at a time since 1970.
    pub fn at(&self, seconds: i64) -> Kind<'_> {
        match self {
            Zone::Utc => Kind { offset: 0, dst: false, name: "UTC" },
            Zone::Named(name) => Kind { offset: 0, dst: false, name },
            Zone::Table(zone) => match zone.find_local_time_type(seconds) {
                Ok(kind) => kind.into(),
                // Behind the end of a table without a rule the clocks stay as they were.
                Err(_) => {
                    let zone = zone.as_ref();
                    let last = zone.transitions().last().map_or(0, |last| last.local_time_type_index());
                    let kind = zone.local_time_types().get(last);
                    kind.map_or(Kind { offset: 0, dst: false, name: "UTC" }, Kind::from)
                }
            },
        }
    }

    /// The time since 1970 at which the clocks show `local`. Where there are two or none, `dst` decides: above 0 it is summer time, at
    /// 0 it is not, below 0 nobody knows.
    pub fn to_seconds(&self, local: i64, dst: i64) -> i64 {
        let around = [local.saturating_sub(86_400), local.saturating_add(86_400), local].map(|t| self.at(t));
        let shown = around.map(|kind| local.saturating_sub(kind.offset)).into_iter();
        let mut shown = shown.filter(|t| t.saturating_add(self.at(*t).offset) == local);
        let wanted = dst > 0;
        if let Some(found) = shown.clone().find(|t| self.at(*t).dst == wanted) {
            return found;
        }
        // The clocks skip what is between two kinds of time: it is told as before.
        let other = shown.next().unwrap_or(local.saturating_sub(around[0].offset));
        if dst < 0 {
            return other;
        }
        match self.nearest(other, wanted) {
            Some(kind) => local.saturating_sub(kind.offset),
            None => other.saturating_add(if wanted { -3600 } else { 3600 }),
        }
    }

    /// What the clocks show, before or after a time by less than nine years, when it is summer time or is not.
    fn nearest(&self, seconds: i64, dst: bool) -> Option<Kind<'_>> {
        const STEP: i64 = 601_200;
        const MOST_STEPS: i64 = 447;
        (1..=MOST_STEPS)
            .flat_map(|step| [-step * STEP, step * STEP])
            .map(|by| self.at(seconds.saturating_add(by)))
            .find(|kind| kind.dst == dst)
    }
}

/// The letters that a text begins with, at least three: a name.
fn name_in(text: &str) -> String {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    text.get(..letters).filter(|name| name.len() >= 3).unwrap_or_default().to_string()
}

/// `timezone`, `altzone`, `daylight` and `tzname`: what the clocks show in winter and in summer.
struct Told {
    timezone: i64,
    altzone: i64,
    names: [String; 2],
}

/// Finds out about the local zone, and remembers it.
fn find(cx: &Cx) -> Res<Told> {
    let local = cx.state::<Local>()?;
    let zone = Zone::local(cx);
    let now = if cx.allows(Capability::Clock) { clock(cx, Cx::now)?.as_secs() as i64 } else { 0 };
    let winter = now / YEAR * YEAR;
    let (mut first, mut other) = (zone.at(winter), zone.at(winter + YEAR / 2));
    // South of the equator it is the other way round.
    if first.offset > other.offset {
        (first, other) = (other, first);
    }
    let names = [first.name.to_string(), other.name.to_string()];
    let told = Told { timezone: -first.offset, altzone: -other.offset, names: names.clone() };
    local.zone.with(cx, |kept| *kept = zone)?;
    local.known.set(true);
    local.names.with(cx, |kept| *kept = names)?;
    Ok(told)
}

/// The name that the clocks of the local zone have in summer time, or else.
pub fn name(cx: &Cx, dst: bool) -> Res<String> {
    let local = cx.state::<Local>()?;
    if dst && local.zone.with(cx, |zone| matches!(zone, Zone::Named(_)))? {
        // Of summer time nothing was said.
        return Ok(String::new());
    }
    local.names.with(cx, |[first, other]| if dst { other.clone() } else { first.clone() })
}

/// Fills the module.
pub fn tell(module: &Filler<'_>) -> Res<()> {
    let Told { timezone, altzone, names: [first, other] } = find(module.cx())?;
    module.add("timezone", timezone)?;
    module.add("altzone", altzone)?;
    module.add("daylight", i64::from(timezone != altzone))?;
    module.add("tzname", (first, other))
}

pub fn tzset(cx: &Cx) -> Res<()> {
    let Told { timezone, altzone, names: [first, other] } = find(cx)?;
    let module = cx.import("time")?;
    cx.set_attr(&module, "timezone", timezone)?;
    cx.set_attr(&module, "altzone", altzone)?;
    cx.set_attr(&module, "daylight", i64::from(timezone != altzone))?;
    cx.set_attr(&module, "tzname", (first, other))
}
