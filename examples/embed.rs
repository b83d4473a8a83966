//! A Rust program that brings Python a module with a type of its own, calls Python, and sets limits.
//!
//! `cargo run --release --example embed`

use std::cell::Cell;

use ryokan::native::*;
use ryokan::{Capability, Interpreter};

native_module! {
    /// Rooms to let.
    "inn" {
        types { Room }
        functions {
            /// The price of some nights in a room of a size, in yen; the rate is per night and square metre.
            price(size: f64, nights: i64 = 1, *, rate: f64 = 120.0);
        }
    }
}

native_type! {
    /// A room, with its guests.
    "inn.Room" = struct Room { guests: Values, nights: Cell<i64> }
    flags: SUBCLASS;
    new() = empty;
    slots { len = count; }
    getters {
        /// How many nights it was let.
        nights = nights;
    }
    methods {
        /// Lets a guest in, for some nights.
        check_in(guest: Value, nights: i64 = 1);
    }
}

fn price(cx: &Cx, size: f64, nights: i64, rate: f64) -> Res<f64> {
    if nights < 0 {
        return Err(cx.value_error("nights must not be negative"));
    }
    Ok(size * rate * nights as f64)
}
fn empty(cx: &Cx, class: &Value) -> Res {
    cx.new_of(class, Room { guests: Values::default(), nights: Cell::new(0) })
}
fn count(_: &Cx, this: This<Room>) -> Res<usize> {
    Ok(this.guests.len())
}
fn nights(_: &Cx, this: This<Room>) -> i64 {
    this.nights.get()
}
fn check_in(cx: &Cx, this: This<Room>, guest: Value, nights: i64) -> Res<()> {
    this.nights.set(this.nights.get() + nights);
    this.guests.push_back(cx, guest)
}

const PROGRAM: &str = "
import inn

class Suite(inn.Room):
    def check_in(self, guest, nights=1):
        super().check_in(guest.title(), nights)

def stay(names, nights):
    suite = Suite()
    for name in names:
        suite.check_in(name, nights)
    return len(suite), suite.nights, inn.price(20.0, suite.nights, rate=100.0)
";

pub fn main() -> Result<(), ryokan::Error> {
    let python = Interpreter::builder()
        .module(&MODULE)
        .memory_limit(32 << 20)
        .max_instructions(10_000_000)
        .allow(Capability::Clock)
        .build()
        .expect("32 MB are enough to begin");
    python.exec(PROGRAM)?;

    // Rust's values go in, and Rust's values come out.
    let names = vec!["sen".to_string(), "haku".to_string()];
    let (guests, nights, yen): (usize, i64, f64) = python.call("stay", (names, 3))?;
    println!("{guests} guests, {nights} nights, {yen} yen");

    python.set("limit", 3)?;
    println!("squares: {:?}", python.eval::<Vec<i64>>("[n * n for n in range(limit)]")?);

    // What goes wrong is an error here, and the interpreter goes on.
    let error = python.call::<f64>("inn.price", (20.0, -1)).expect_err("no such stay");
    println!("{}: {}", error.class, error.message);

    // What is not allowed is refused, what is endless ends, what is too much is too much.
    for source in ["open('/etc/passwd')", "import secrets_of_the_host", "b'x' * 10**9"] {
        let error = python.exec(source).expect_err("it is refused");
        println!("{source}: {}", error.class);
    }
    let error = python.exec("while True: pass").expect_err("it ends");
    println!("while True: {}", error.class);
    Ok(())
}
