//! `time`: clocks and calendars.
//!
//! | file | what |
//! |---|---|
//! | `clocks.rs` | the system's clocks, and sleeping |
//! | `calendar.rs` | moments as calendar fields, and back |
//! | `zone.rs` | local time |
//! | `format.rs` | `strftime` |

use ryokan_vm::native::*;

mod calendar;
mod clocks;
mod format;
mod zone;

use calendar::*;
pub use calendar::{date_of, days_of, struct_time, zone_at, DAYS, MONTHS};
pub use clocks::{away_from_zero, clock, nanoseconds};
use clocks::*;
use format::strftime;
use zone::tzset;

native_module! {
    /// Clocks, sleeping, and conversions between seconds, calendar fields and text.
    "time" {
        consts {
            "_STRUCT_TM_ITEMS" = 11;
            "CLOCK_REALTIME" = REALTIME;
            "CLOCK_MONOTONIC" = MONOTONIC;
            "CLOCK_PROCESS_CPUTIME_ID" = PROCESS;
            "CLOCK_THREAD_CPUTIME_ID" = THREAD;
            "CLOCK_MONOTONIC_RAW" = 4;
            "CLOCK_BOOTTIME" = 7;
            "CLOCK_TAI" = 11;
        }
        classes { "struct_time" = &STRUCT_TIME; }
        fill = zone::tell;
        functions {
            /// Seconds that have passed since 1970-01-01 00:00 UTC, by the system's clock, which may be set back.
            time(), shows = "($self, /)";
            /// As time(), but a whole number of nanoseconds.
            time_ns(), shows = "($self, /)";
            /// The time of a clock of the system, in seconds. The constants CLOCK_REALTIME and so on are its number.
            clock_gettime(clk_id: &Value, /);
            /// As clock_gettime(), but a whole number of nanoseconds.
            clock_gettime_ns(clk_id: &Value, /);
            /// Sets a clock of the system, in seconds. That takes a privilege.
            clock_settime(*args), shows = "";
            /// As clock_settime(), but a whole number of nanoseconds.
            clock_settime_ns(*args), shows = "";
            /// The least difference that a clock of the system shows, in seconds.
            clock_getres(*args), shows = "";
            /// The number of the clock of the processor time that a thread has used, by the thread's ident.
            pthread_getcpuclockid(*args), shows = "";
            /// How a clock is made, by the name of its function: a namespace that says whether it can be
            /// set (adjustable), whether it never goes backwards (monotonic), its resolution, and what it calls.
            get_clock_info(*args), shows = "";
            /// Seconds of a clock that never goes backwards. Only differences between two readings mean something.
            monotonic(), shows = "($self, /)";
            /// As monotonic(), but a whole number of nanoseconds.
            monotonic_ns(), shows = "($self, /)";
            /// Seconds of the clock with the finest resolution, for timing short stretches.
            perf_counter() = monotonic, shows = "($self, /)";
            /// As perf_counter(), but a whole number of nanoseconds.
            perf_counter_ns() = monotonic_ns, shows = "($self, /)";
            /// Seconds of processor time that this process has used, in its own code and in the
            /// system's. Sleep is not counted.
            process_time(), shows = "($self, /)";
            /// As process_time(), but a whole number of nanoseconds.
            process_time_ns(), shows = "($self, /)";
            /// Seconds of processor time that this thread has used.
            thread_time(), shows = "($self, /)";
            /// As thread_time(), but a whole number of nanoseconds.
            thread_time_ns(), shows = "($self, /)";
            /// Waits at least this many seconds, fractions included. Raises ValueError if the number is negative.
            sleep(seconds: &Value, /), shows = "($self, object, /)";
            /// The struct_time in UTC of a number of seconds since 1970, or of now.
            gmtime(*args), shows = "";
            /// The struct_time in the local time zone of a number of seconds since 1970, or of now.
            localtime(*args), shows = "";
            /// The seconds since 1970 of nine calendar fields in local time, as a float: the
            /// inverse of localtime().
            mktime(tuple: &Value, /), shows = "($self, object, /)";
            /// Nine calendar fields, or the local time now, as text like 'Tue Feb  3 04:05:06 2026'.
            asctime(*args), shows = "";
            /// A number of seconds since 1970, or now, in local time and as asctime() writes it.
            ctime(*args), shows = "";
            /// Nine calendar fields, or the local time now, written as a format says: %Y stands for
            /// the year, %H for the hour, and so on.
            strftime(*args), shows = "";
            /// The struct_time of a text that is written as a format says.
            strptime(*args), shows = "";
            /// Finds out again what the local time zone is: TZ in the environment may have changed.
            tzset(), shows = "($self, /)";
        }
    }
}

native_record! {
    /// A moment as calendar fields: nine items, and the zone as attributes.
    static STRUCT_TIME = "time.struct_time" {
        tm_year, tm_mon, tm_mday, tm_hour, tm_min, tm_sec, tm_wday, tm_yday, tm_isdst; tm_zone, tm_gmtoff
    };
}

/// The positional arguments, from `least` to `most` of them, of a function that counts them itself.
fn counted<'a>(cx: &Cx, args: Args<'a>, function: &str, least: usize, most: usize) -> Res<&'a [Value]> {
    args.no_keywords(cx, function)?;
    let args = args.positional();
    let (how, bound) = match args.len() {
        given if (least..=most).contains(&given) => return Ok(args),
        _ if least == most => ("exactly", most),
        given if given < least => ("at least", least),
        _ => ("at most", most),
    };
    let s = if bound == 1 { "" } else { "s" };
    let given = args.len();
    Err(cx.type_error(format_args!("{function}() takes {how} {bound} argument{s} ({given} given)")))
}

/// The argument as C's `int`. Runs Python; `TypeError`, `OverflowError`.
fn c_int(cx: &Cx, value: &Value) -> Res<i32> {
    let number = cx.long(value)?;
    i32::try_from(number).map_err(|_| {
        let bound = if number < 0 { "less than minimum" } else { "greater than maximum" };
        cx.overflow_error(format_args!("signed integer is {bound}"))
    })
}

/// Left to the module `_strptime`, which is written in Python.
fn strptime(cx: &Cx, args: Args<'_>) -> Res {
    let function = cx.attr(&cx.import("_strptime")?, "_strptime_time")?;
    args.call(cx, &function)
}
