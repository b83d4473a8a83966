//! The constants that a running form's operands name, each once, in the order in which they were wanted.

use crate::value::Word;

/// How many constants operands name; above them is room for every small int.
const NEAR: usize = (1 << 16) - 256;

/// See the module's page.
#[derive(Default)]
pub struct Consts {
    values: Vec<Word>,
    /// By the number of a constant of the code, its object's place and that of its immediate form, each one more than the index; 0 if
    /// there is none yet.
    places: Vec<[u32; 2]>,
    /// The same, by the number that a small int is.
    small: Vec<u32>,
}

impl Consts {
    /// Of a code that has so many constants.
    pub fn of(count: usize) -> Consts {
        Consts { places: vec![[0; 2]; count], ..Consts::default() }
    }
    /// The index of a constant of the code, its immediate form if there is one. `None` where operands name no more.
    pub fn place(&mut self, number: u32, value: Word, peeked: Option<Word>) -> Option<u16> {
        let place = &mut self.places[number as usize][usize::from(peeked.is_some())];
        if *place == 0 {
            if self.values.len() >= NEAR {
                return None;
            }
            self.values.push(peeked.unwrap_or(value));
            *place = self.values.len() as u32;
        }
        Some((*place - 1) as u16)
    }
    /// The index of a small int, for which there is always room.
    pub fn small(&mut self, number: u16, value: Word) -> u16 {
        let at = usize::from(number);
        if self.small.len() <= at {
            self.small.resize(at + 1, 0);
        }
        if self.small[at] == 0 {
            self.values.push(value);
            self.small[at] = self.values.len() as u32;
        }
        (self.small[at] - 1) as u16
    }
    /// All of them.
    pub fn into_values(self) -> Box<[Word]> {
        self.values.into()
    }
}
