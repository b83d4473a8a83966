//! A number below 2^24 for each block, in three bytes.

/// The largest number.
pub const MOST: u32 = 0xFF_FFFF;

/// See the module's page.
pub struct Marks(Vec<[u8; 3]>);

impl Marks {
    /// Zeroes for so many blocks; nothing if there is no memory for that.
    pub fn new(blocks: usize) -> Option<Marks> {
        let mut marks = Vec::new();
        marks.try_reserve_exact(blocks).ok()?;
        marks.resize(blocks, [0; 3]);
        Some(Marks(marks))
    }

    /// The number of a block.
    pub fn get(&self, block: usize) -> u32 {
        let [low, middle, high] = self.0[block];
        u32::from_le_bytes([low, middle, high, 0])
    }

    /// Gives a block a number.
    pub fn set(&mut self, block: usize, number: u32) {
        debug_assert!(number <= MOST);
        let [low, middle, high, _] = number.to_le_bytes();
        self.0[block] = [low, middle, high];
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}
