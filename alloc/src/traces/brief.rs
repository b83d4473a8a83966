//! Which tables are brief: those of full pools, when the heap grows; and none from the moment on when every free has to take its trace
//! away, or for a pool that a block is to be traced of.

use crate::arena::{ARENA_SLOTS, Arenas};
use crate::heap::Heap;
use crate::slot::{Slot, State};

/// A heap with so many slots is large: 16 arenas.
const LARGE: usize = 16 * ARENA_SLOTS as usize;
/// So many pools are looked at when one gets its table, and of so many of them the tables are made brief.
const LOOKS: usize = 64;
const BRIEF_AT_ONCE: usize = 3;

/// The pool whose table has this place in the list, if there is one.
fn pool_in(arenas: &Arenas, place: usize) -> Option<*mut Slot> {
    let slots = ARENA_SLOTS as usize;
    arenas.pool_at(place / slots, (place % slots) as u32).map(|base| base.as_ptr().cast())
}

impl Heap {
    /// Makes the tables of a few full pools brief, if the heap is large and nobody sums up. It takes no memory that is charged.
    pub(crate) fn make_tables_brief(&mut self) {
        let Some(traces) =
            self.traces.as_mut().filter(|traces| !traces.summed && traces.pools.len() >= LARGE)
        else {
            return;
        };
        let (mut less, mut tables) = (0, 0);
        for _ in 0..LOOKS {
            let Some(pool) = pool_in(&self.arenas, traces.look()) else { continue };
            // SAFETY: the arenas' pools are live slots of this heap.
            let pool = unsafe { &mut *pool };
            if !pool.has_room() && pool.state != State::Open && !pool.traces.is_null() {
                less += traces.make_brief(pool);
                tables += 1;
            }
            // Those that lie behind one another wait for the next time.
            if tables == BRIEF_AT_ONCE {
                break;
            }
        }
        self.uncharge(less);
    }

    /// Makes every table whole. The blocks of a pool for which there is no memory lose their traces.
    pub(super) fn make_tables_whole(&mut self) {
        let slots = self.traces.as_ref().map_or(0, |traces| traces.pools.len());
        for at in 0..slots {
            let Some(pool) = pool_in(&self.arenas, at) else { continue };
            // SAFETY: the arenas' pools are live slots of this heap. For the sake of a table empty ones may go: they are looked
            // up anew each time.
            unsafe { self.make_table_whole(pool) };
        }
    }

    /// Makes the table of a pool whole if it is brief. If there is no memory, its blocks lose their traces.
    ///
    /// # Safety
    /// It is a live pool.
    pub(super) unsafe fn make_table_whole(&mut self, pool: *mut Slot) {
        // SAFETY: as the caller promises. While nothing is collected, a pool stays that has blocks in use.
        unsafe {
            let Some(traces) = self.traces.as_ref().filter(|traces| traces.is_brief(&*pool)) else { return };
            let bytes = traces.wanted(&*pool);
            self.keep_still(true);
            let granted = (*pool).used() > 0 && self.take(bytes);
            self.keep_still(false);
            let Some(traces) = &mut self.traces else { return };
            if granted && traces.add_table(&mut *pool) {
                self.external += bytes;
                return;
            }
            let lost = traces.drop_table(&mut *pool);
            self.uncharge(lost);
            if granted {
                self.give(bytes);
            }
        }
    }
}
