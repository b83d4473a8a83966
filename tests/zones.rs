//! Local time: `zones/local_time.py` in the zones that its expected output, made by CPython, names.
//!
//! The zones are rules, not names: the system's tables change.

use std::process::Command;

use ryokan::{Capability, Interpreter};

#[test]
fn local_time_is_what_tz_says() {
    let expected = include_str!("zones/local_time.out");
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/zones/local_time.py");
    let sections: Vec<&str> = expected.split("== ").filter(|section| !section.is_empty()).collect();
    assert!(sections.len() > 10);
    for section in sections {
        let (zone, expected) = section.split_once('\n').expect("a zone stands in the first line");
        let run = Command::new(env!("CARGO_BIN_EXE_ryokan")).arg(program).env("TZ", zone).output();
        let run = run.expect("the interpreter runs");
        assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{zone}");
        assert_eq!(String::from_utf8_lossy(&run.stdout), expected, "{zone}");
    }
}

/// A host that allows neither files nor environment is in UTC; nothing is asked of it when the module is imported.
#[test]
fn without_a_zone_it_is_utc() {
    let shown =
        "__import__('time').tzname, __import__('time').localtime(0).tm_zone, __import__('time').ctime(0)";
    for python in [Interpreter::builder(), Interpreter::builder().allow(Capability::Clock)] {
        let python = python.build().expect("room enough");
        let found = python.eval_to_string(shown).expect("it runs");
        assert_eq!(found, "(('UTC', 'UTC'), 'UTC', 'Thu Jan  1 00:00:00 1970')");
    }
}

/// Clocks are the host's to give, and to set one takes more.
#[test]
fn clocks_are_refused() {
    let none = Interpreter::builder().build().expect("room enough");
    let clock = Interpreter::builder().allow(Capability::Clock).build().expect("room enough");
    for call in [
        "time()",
        "thread_time()",
        "clock_gettime(0)",
        "clock_getres(0)",
        "get_clock_info('time')",
        "localtime()",
    ] {
        let call = format!("__import__('time').{call}");
        let refused = none.eval_to_string(&call).expect_err("there is no clock");
        assert!(
            refused.traceback.ends_with("PermissionError: the host does not allow this: clock\n"),
            "{refused}"
        );
        clock.eval_to_string(&call).expect("there is a clock");
    }
    let refused =
        clock.eval_to_string("__import__('time').clock_settime(0, 5)").expect_err("that is too much");
    assert!(
        refused.traceback.ends_with("PermissionError: the host does not allow this: processes\n"),
        "{refused}"
    );
}
