//! Symbol tables as plain data: what the compiler knows of the names of each block of a source.

/// A block: a module, a class body, a function, annotations, and so on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Its name: a class's or function's own; `top`, `lambda`, `genexpr`, `__annotate__`.
    pub name: String,
    /// Which kind: 0 a function, 1 a class, 2 a module, 3 annotations, 4 the value of `type`, 5 type parameters, 6 what is said of one.
    pub kind: u8,
    /// The line where it begins; 0 of a module.
    pub line: u32,
    /// Whether it stands in a function.
    pub nested: bool,
    /// Its names, mangled, with the bits of how each is used; from bit 12 on, where it lives: 1 here, 2 and 3 global (said so, or not), 4 in
    /// an outer block, 5 here and in inner blocks.
    pub symbols: Vec<(String, u32)>,
    /// The parameters.
    pub parameters: Vec<String>,
    /// The blocks in it.
    pub children: Vec<Block>,
}

impl Block {
    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let names = self.symbols.iter().map(|(name, _)| name.len() + 40).sum::<usize>();
        let children = self.children.iter().map(Block::bytes).sum::<usize>();
        size_of::<Block>() + self.name.len() + names + children
    }
}
