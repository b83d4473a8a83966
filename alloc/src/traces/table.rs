//! The traces of a pool's blocks: eight bytes each, or one.
//!
//! Blocks that lie in one pool were mostly asked for at a few places. When a pool is full, and the heap is large, its table may be
//! made *brief*: the different traces once, and a byte a block, its trace's number. Before another block of the pool is traced, the
//! table is made whole again.
//!
//! ```text
//!   Whole   traces[i]
//!   Brief   traces[numbers[i]]; traces[0]: none
//! ```

use super::Trace;

/// A brief table has at most so many different traces.
const MOST: usize = 128;

/// A table of traces, or none.
#[derive(Default)]
pub(super) enum Table {
    #[default]
    None,
    Whole(Box<[Trace]>),
    Brief(Brief),
}

pub(super) struct Brief {
    traces: Box<[Trace]>,
    numbers: Box<[u8]>,
}

/// So many traces that are none, or zeroes. None: the system has no memory.
fn defaults<T: Copy + Default>(count: usize) -> Option<Box<[T]>> {
    let mut all = Vec::new();
    all.try_reserve_exact(count).ok()?;
    all.resize(count, T::default());
    Some(all.into_boxed_slice())
}

impl Table {
    /// How many bytes a whole table for so many blocks takes beyond this one; 0 if this is one.
    pub(super) fn wanted(&self, blocks: usize) -> usize {
        match self {
            Table::Whole(_) => 0,
            table => (blocks * size_of::<Trace>()).saturating_sub(table.bytes()),
        }
    }

    /// Makes it a whole one, for so many blocks. None: the system has no memory.
    pub(super) fn make_whole(&mut self, blocks: usize) -> Option<&mut [Trace]> {
        if !matches!(self, Table::Whole(_)) {
            let mut whole = defaults::<Trace>(blocks)?;
            whole.iter_mut().zip(self.iter()).for_each(|(trace, known)| *trace = known);
            *self = Table::Whole(whole);
        }
        match self {
            Table::Whole(whole) => Some(whole),
            _ => None,
        }
    }

    /// Makes a whole table a brief one, if that is worth it and the system has memory for it; gives how many bytes it takes less.
    pub(super) fn make_brief(&mut self) -> usize {
        let Table::Whole(whole) = self else { return 0 };
        let Some(brief) = Brief::of(whole) else { return 0 };
        let before = self.bytes();
        *self = Table::Brief(brief);
        before - self.bytes()
    }

    pub(super) fn get(&self, i: usize) -> Trace {
        match self {
            Table::None => None,
            Table::Whole(whole) => whole.get(i).copied(),
            Table::Brief(brief) => brief.get(i),
        }
        .unwrap_or_default()
    }

    /// Puts a trace into a whole table.
    pub(super) fn set(&mut self, i: usize, trace: Trace) {
        if let Table::Whole(whole) = self
            && let Some(place) = whole.get_mut(i)
        {
            *place = trace;
        }
    }

    /// Takes a trace away.
    pub(super) fn take(&mut self, i: usize) -> Trace {
        let trace = self.get(i);
        match self {
            Table::Brief(brief) if trace.site != 0 => brief.numbers[i] = 0,
            table => table.set(i, Trace::default()),
        }
        trace
    }

    /// The traces of the blocks.
    pub(super) fn iter(&self) -> impl Iterator<Item = Trace> {
        let blocks = match self {
            Table::None => 0,
            Table::Whole(whole) => whole.len(),
            Table::Brief(brief) => brief.numbers.len(),
        };
        (0..blocks).map(|i| self.get(i))
    }

    /// What is charged for it.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Table::None => 0,
            Table::Whole(whole) => size_of_val(&**whole),
            Table::Brief(brief) => size_of_val(&*brief.traces) + brief.numbers.len(),
        }
    }
}

impl Brief {
    /// None: it would take more than a quarter of the whole one, or the system has no memory.
    fn of(whole: &[Trace]) -> Option<Brief> {
        let mut numbers = defaults::<u8>(whole.len())?;
        let mut different = Different::new(MOST.min((whole.len() / 8).saturating_sub(4)));
        for (trace, number) in whole.iter().zip(&mut numbers) {
            let word = trace.word();
            let at = different.places[Different::place(word)];
            *number = match different.words[at as usize] == word {
                true => at,
                false => different.look_up(word)?,
            };
        }
        let mut traces = defaults::<Trace>(different.count)?;
        traces.iter_mut().zip(&different.words).for_each(|(trace, word)| *trace = Trace::of(*word));
        Some(Brief { traces, numbers })
    }

    fn get(&self, i: usize) -> Option<Trace> {
        self.traces.get(*self.numbers.get(i)? as usize).copied()
    }
}

/// The different traces of a table, as words, while it is made brief. The first is none.
struct Different {
    words: [u64; 256],
    /// By a word's place, or one behind it: the trace's number.
    places: [u8; 256],
    count: usize,
    most: usize,
}

impl Different {
    fn new(most: usize) -> Different {
        Different { words: [0; 256], places: [0; 256], count: 1, most }
    }

    fn place(word: u64) -> usize {
        (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize
    }

    /// The number of a trace that is not at its place. None: there are too many.
    #[cold]
    fn look_up(&mut self, word: u64) -> Option<u8> {
        if word == 0 {
            return Some(0);
        }
        let mut at = Different::place(word);
        while self.places[at] != 0 {
            if self.words[self.places[at] as usize] == word {
                return Some(self.places[at]);
            }
            at = (at + 1) % self.places.len();
        }
        if self.count > self.most {
            return None;
        }
        self.places[at] = self.count as u8;
        self.words[self.count] = word;
        self.count += 1;
        Some(self.places[at])
    }
}
