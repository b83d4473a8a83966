//! `_blake2`: BLAKE2b and BLAKE2s (RFC 7693), with all parameters of a node of a tree.

use ryokan_vm::native::*;

use crate::hashing::*;

native_module! {
    /// BLAKE2.
    "_blake2" {
        consts {
            "BLAKE2B_MAX_DIGEST_SIZE" = 64; "BLAKE2B_MAX_KEY_SIZE" = 64; "BLAKE2B_PERSON_SIZE" = 16; "BLAKE2B_SALT_SIZE" = 16;
            "BLAKE2S_MAX_DIGEST_SIZE" = 32; "BLAKE2S_MAX_KEY_SIZE" = 32; "BLAKE2S_PERSON_SIZE" = 8; "BLAKE2S_SALT_SIZE" = 8;
        }
        types { Blake2b, Blake2s }
        fill = fill;
    }
}

fn fill(module: &Filler) -> Res<()> {
    for (name, number) in [("MAX_DIGEST_SIZE", 64), ("MAX_KEY_SIZE", 64), ("PERSON_SIZE", 16), ("SALT_SIZE", 16)] {
        module.add_to_type::<Blake2b>(name, number)?;
        module.add_to_type::<Blake2s>(name, number / 2)?;
    }
    Ok(())
}

/// In which order each round takes the words of a block.
const ORDER: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// Which words of the state each step mixes: four columns, then four diagonals.
const MIXED: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// The algorithm over words of a width.
macro_rules! algorithm {
    ($name:ident, $word:ty, $block:literal, $rounds:literal, $turns:expr, $start:expr) => {
        #[derive(Clone)]
        pub struct $name {
            state: [$word; 8],
            block: [u8; $block],
            /// Bytes in the block, and all before.
            held: usize,
            count: u64,
            last_node: bool,
            size: usize,
        }

        impl $name {
            const START: [$word; 8] = $start;

            /// Of a block of parameters.
            fn new(parameters: &[u8], size: usize, last_node: bool) -> $name {
                let mut state = Self::START;
                for (word, bytes) in state.iter_mut().zip(parameters.chunks_exact(size_of::<$word>())) {
                    *word ^= Self::word(bytes);
                }
                $name { state, block: [0; $block], held: 0, count: 0, last_node, size }
            }
            fn word(bytes: &[u8]) -> $word {
                bytes.iter().rev().fold(0, |word, byte| word << 8 | <$word>::from(*byte))
            }
            /// Takes the block into the state.
            fn compress(&mut self, last: bool) {
                let mut words = [0; 16];
                for (word, bytes) in words.iter_mut().zip(self.block.chunks_exact(size_of::<$word>())) {
                    *word = Self::word(bytes);
                }
                let mut v = [0; 16];
                v[..8].copy_from_slice(&self.state);
                v[8..].copy_from_slice(&Self::START);
                v[12] ^= self.count as $word;
                v[13] ^= self.count.checked_shr(<$word>::BITS).unwrap_or(0) as $word;
                if last {
                    v[14] = !v[14];
                    if self.last_node {
                        v[15] = !v[15];
                    }
                }
                let [r1, r2, r3, r4] = $turns;
                for round in 0..$rounds {
                    let order = &ORDER[round % 10];
                    for (step, [a, b, c, d]) in MIXED.into_iter().enumerate() {
                        let (x, y) = (words[order[2 * step]], words[order[2 * step + 1]]);
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
                        v[d] = (v[d] ^ v[a]).rotate_right(r1);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(r2);
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
                        v[d] = (v[d] ^ v[a]).rotate_right(r3);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(r4);
                    }
                }
                for at in 0..8 {
                    self.state[at] ^= v[at] ^ v[at + 8];
                }
            }
        }

        impl Algorithm for $name {
            fn feed(&mut self, bytes: &[u8]) {
                let mut bytes = bytes;
                while !bytes.is_empty() {
                    // A block is taken when another one follows: the last one is marked.
                    if self.held == $block {
                        self.count += $block;
                        self.compress(false);
                        self.held = 0;
                    }
                    let count = bytes.len().min($block - self.held);
                    self.block[self.held..self.held + count].copy_from_slice(&bytes[..count]);
                    (self.held, bytes) = (self.held + count, &bytes[count..]);
                }
            }
            fn digest(&self) -> Vec<u8> {
                let mut end = self.clone();
                end.count += end.held as u64;
                end.block[end.held..].fill(0);
                end.compress(true);
                let mut bytes: Vec<u8> = end.state.iter().flat_map(|word| word.to_le_bytes()).collect();
                bytes.truncate(self.size);
                bytes
            }
        }
    };
}

algorithm! { Wide, u64, 128, 12, [32, 24, 16, 63], [
    0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179,
] }
algorithm! { Narrow, u32, 64, 10, [16, 12, 8, 7], [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
] }

/// What a digest is made of; numbers that are not given are those of a digest without a tree.
struct Parameters {
    size: i64,
    key: Vec<u8>,
    salt: Vec<u8>,
    person: Vec<u8>,
    fanout: i64,
    depth: i64,
    leaf: u64,
    offset: u64,
    node_depth: i64,
    inner: i64,
}

/// The bytes of a parameter, at most so many.
fn bytes_of_parameter(cx: &Cx, name: &str, given: &Given, most: usize) -> Res<Vec<u8>> {
    let Some(value) = &given.0 else { return Ok(Vec::new()) };
    let bytes = Buffer::of(cx, value)?;
    if bytes.len() > most {
        return Err(cx.value_error(format_args!("maximum {name} length is {most} bytes")));
    }
    Ok(bytes.read(<[u8]>::to_vec))
}

/// A number that is not negative and fits 64 bits.
fn unsigned(cx: &Cx, number: &Int) -> Res<u64> {
    if number.is_negative() {
        return Err(cx.value_error("Cannot convert negative int"));
    }
    u64::try_from(&*number.magnitude())
        .map_err(|_| cx.overflow_error("Python int too large for C unsigned long long"))
}

impl Parameters {
    /// Refuses numbers that do not fit.
    fn check(&self, cx: &Cx, name: &str, most: i64) -> Res<()> {
        let Parameters { size, fanout, depth, leaf, offset, node_depth, inner, .. } = self;
        let wrong = if !(1..=most).contains(size) {
            format!("digest_size for {name} must be between 1 and {most} bytes, here it is {size}")
        } else if !(0..=255).contains(fanout) {
            "fanout must be between 0 and 255".into()
        } else if !(1..=255).contains(depth) {
            "depth must be between 1 and 255".into()
        } else if !(0..=255).contains(node_depth) {
            "node_depth must be between 0 and 255".into()
        } else if !(0..=most).contains(inner) {
            format!("inner_size must be between 0 and is {most}")
        } else if *leaf > u64::from(u32::MAX) {
            return Err(cx.overflow_error("leaf_size is too large"));
        } else if most == 32 && *offset > (1 << 48) - 1 {
            return Err(cx.overflow_error("node_offset is too large"));
        } else {
            return Ok(());
        };
        Err(cx.value_error(wrong))
    }
    /// The block of parameters, for words of so many bytes.
    fn block(&self, word: usize) -> Vec<u8> {
        let mut block = vec![self.size as u8, self.key.len() as u8, self.fanout as u8, self.depth as u8];
        block.extend((self.leaf as u32).to_le_bytes());
        let offset = self.offset.to_le_bytes();
        block.extend(if word == 8 { &offset[..] } else { &offset[..6] });
        block.extend([self.node_depth as u8, self.inner as u8]);
        // Words that mean nothing yet.
        block.resize(word * 4, 0);
        let field = word * 2;
        for bytes in [&self.salt, &self.person] {
            block.extend(bytes);
            let full = block.len().next_multiple_of(field);
            block.resize(if bytes.is_empty() { block.len() + field } else { full }, 0);
        }
        block
    }
}

/// A type of digests.
macro_rules! blake2 {
    ($full:literal = $T:ident($algorithm:ident): $name:literal, $shown:literal, $size:literal, $block:literal, $salt:literal) => {
        digest_type! { $full = $T($algorithm): $name, $size, $block;
            { new(
                data: Given = Given(None) => "b''", *, digest_size: i64 = $size,
                key: Given = Given(None) => "b''", salt: Given = Given(None) => "b''", person: Given = Given(None) => "b''",
                fanout: i64 = 1, depth: i64 = 1, leaf_size: Option<Int> = None => "0", node_offset: Option<Int> = None => "0",
                node_depth: i64 = 0, inner_size: i64 = 0, last_node: bool = False, usedforsecurity: bool = True,
                string: Given = Given(None) => "None"
            ) = $T::make; }
            {}
        }
        impl Default for $algorithm {
            fn default() -> $algorithm {
                // No key, no salt, and a tree of one node.
                $algorithm::new(&[$size, 0, 1, 1, 0, 0, 0, 0], $size, false)
            }
        }
        impl $T {
            #[allow(clippy::too_many_arguments, reason = "they are Python's")]
            fn make(
                cx: &Cx, class: &Value, data: Given, digest_size: i64, key: Given, salt: Given, person: Given, fanout: i64,
                depth: i64, leaf_size: Option<Int>, node_offset: Option<Int>, node_depth: i64, inner_size: i64, last_node: bool,
                _: bool, string: Given,
            ) -> Res {
                let number = |given: Option<Int>| given.map_or(Ok(0), |number| unsigned(cx, &number));
                let parameters = Parameters {
                    size: digest_size,
                    key: bytes_of_parameter(cx, "key", &key, $size)?,
                    salt: bytes_of_parameter(cx, "salt", &salt, $salt)?,
                    person: bytes_of_parameter(cx, "person", &person, $salt)?,
                    fanout,
                    depth,
                    leaf: number(leaf_size)?,
                    offset: number(node_offset)?,
                    node_depth,
                    inner: inner_size,
                };
                parameters.check(cx, $shown, $size)?;
                let mut state = $algorithm::new(&parameters.block($salt / 2), digest_size as usize, last_node);
                if !parameters.key.is_empty() {
                    let mut block = [0; $block];
                    block[..parameters.key.len()].copy_from_slice(&parameters.key);
                    state.feed(&block);
                }
                if let Some(data) = input(cx, data, string)? {
                    feed_new(cx, &mut state, &data)?;
                }
                cx.new_of(class, $T { state: Own::new(Box::new(state)) })
            }
        }
    };
}

blake2! { "_blake2.blake2b" = Blake2b(Wide): "blake2b", "Blake2b", 64, 128, 16 }
blake2! { "_blake2.blake2s" = Blake2s(Narrow): "blake2s", "Blake2s", 32, 64, 8 }
