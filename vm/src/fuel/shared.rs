//! One limit of instructions for several interpreters.
//!
//! Each has a part of what is left, and draws the next where its own would not do. So the limit is that of all of them together, and
//! who is alone, or has enough, looks at nobody else's. What an interpreter has left when it ends goes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::Meter;

/// What an interpreter draws at once, if there is as much.
const PART: i64 = 20_000;

/// Fuel that no interpreter has drawn.
#[derive(Debug, Default)]
pub struct Tank(AtomicI64);

impl Tank {
    /// Gives `wish`, or what is left.
    fn draw(&self, wish: i64) -> i64 {
        let draw = |left: i64| Some(left - wish.min(left));
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, draw);
        before.map_or(0, |left| wish.min(left))
    }
}

impl Meter {
    /// The fuel that it shares with others from now on, but for a part of its own; nothing if there is no limit.
    pub fn share(&self) -> Option<Arc<Tank>> {
        self.limit?;
        let tank = self.tank.get_or_init(|| {
            let tank = Arc::<Tank>::default();
            if !self.stepping.get() {
                self.pour_into(&tank, PART);
            }
            tank
        });
        Some(tank.clone())
    }

    /// One that has not begun draws on what others share.
    pub fn join(&self, tank: Arc<Tank>) {
        self.granted.set(0);
        self.fuel.set(0);
        // (It is set once.)
        let _ = self.tank.set(tank);
    }

    /// Gives back what it has left: its interpreter ends.
    pub fn leave(&self) {
        if let Some(tank) = self.tank.get()
            && !self.stepping.get()
        {
            self.pour_into(tank, 0);
        }
    }

    fn pour_into(&self, tank: &Tank, keep: i64) {
        let given = (self.fuel.get() - keep).max(0);
        self.fuel.set(self.fuel.get() - given);
        self.granted.set(self.granted.get() - given);
        tank.0.fetch_add(given, Ordering::Relaxed);
    }

    /// Draws fuel for a charge that its own does not suffice for; whether it does now. If not, it has all that was left.
    #[cold]
    pub(super) fn refill(&self, charge: i64) -> bool {
        let Some(tank) = self.tank.get() else { return false };
        let drawn = tank.draw(charge.saturating_sub(self.fuel.get()).max(PART));
        self.fuel.set(self.fuel.get() + drawn);
        self.granted.set(self.granted.get() + drawn);
        self.fuel.get() >= charge
    }
}
