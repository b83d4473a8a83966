//! `_random`: the Mersenne Twister MT19937, bit for bit as in CPython.

use ryokan_vm::native::*;

use crate::chance::chance;

native_module! {
    /// The Mersenne Twister.
    "_random" {
        types { Random }
    }
}

native_type! {
    /// Random() -> a generator of random numbers with a state of its own.
    "_random.Random" = struct Random { state: Own<Twister> }
    flags: SUBCLASS;
    new(*args, **names) = new;
    init(*args, **names) = init;
    methods {
        /// The next number, in [0, 1).
        random();
        /// Sets the state, by a number or a hash; by chance if it is None.
        seed(n: Value = Value::NONE => "None", /);
        /// The state, as a tuple.
        getstate();
        /// Makes the state what getstate returned.
        setstate(state: &Value, /);
        /// A number of k random bits.
        getrandbits(k: Int, /);
    }
}

const WORDS: usize = 624;
const MIDDLE: usize = 397;

/// The generator.
struct Twister {
    words: [u32; WORDS],
    /// How many words were given since all were renewed.
    given: usize,
}

impl Twister {
    /// The state of one seed.
    fn of_one(seed: u32) -> Twister {
        let mut words = [0; WORDS];
        words[0] = seed;
        for at in 1..WORDS {
            let last: u32 = words[at - 1];
            words[at] = (last ^ (last >> 30)).wrapping_mul(1_812_433_253).wrapping_add(at as u32);
        }
        Twister { words, given: WORDS }
    }
    /// The state of a key of any length.
    fn of_key(key: &[u32]) -> Twister {
        let mut this = Twister::of_one(19_650_218);
        let words = &mut this.words;
        let (mut at, mut from) = (1, 0);
        let step = |words: &mut [u32; WORDS], at: &mut usize, factor: u32| {
            let last = words[*at - 1];
            let mixed = words[*at] ^ (last ^ (last >> 30)).wrapping_mul(factor);
            (*at, mixed)
        };
        let store = |words: &mut [u32; WORDS], at: &mut usize, value: u32| {
            words[*at] = value;
            *at += 1;
            if *at == WORDS {
                words[0] = words[WORDS - 1];
                *at = 1;
            }
        };
        for _ in 0..WORDS.max(key.len()) {
            let (_, mixed) = step(words, &mut at, 1_664_525);
            let value = mixed.wrapping_add(key[from]).wrapping_add(from as u32);
            store(words, &mut at, value);
            from = if from + 1 == key.len() { 0 } else { from + 1 };
        }
        for _ in 1..WORDS {
            let (place, mixed) = step(words, &mut at, 1_566_083_941);
            store(words, &mut at, mixed.wrapping_sub(place as u32));
        }
        words[0] = 0x8000_0000;
        this
    }
    /// Makes all words new.
    #[cold]
    fn renew(&mut self) {
        let mix = |high: u32, low: u32| {
            let both = (high & 0x8000_0000) | (low & 0x7FFF_FFFF);
            (both >> 1) ^ if both & 1 == 0 { 0 } else { 0x9908_B0DF }
        };
        for at in 0..WORDS {
            let next = self.words[(at + 1) % WORDS];
            self.words[at] = self.words[(at + MIDDLE) % WORDS] ^ mix(self.words[at], next);
        }
        self.given = 0;
    }
    /// The next 32 bits.
    #[inline]
    fn next(&mut self) -> u32 {
        if self.given >= WORDS {
            self.renew();
        }
        let mut word = self.words[self.given];
        self.given += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C_5680;
        word ^= (word << 15) & 0xEFC6_0000;
        word ^ (word >> 18)
    }
}

/// A key that nobody can tell before.
fn key_of_chance(cx: &Cx) -> Res<Vec<u32>> {
    let mut bytes = [0; 4 * WORDS];
    chance(cx, &mut bytes)?;
    Ok(bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect())
}

fn new(cx: &Cx, class: &Value, args: Args) -> Res {
    args.no_keywords_of::<Random>(cx, class, "Random")?;
    cx.new_of(class, Random { state: Own::new(Twister { words: [0; WORDS], given: WORDS }) })
}

fn init(cx: &Cx, this: This<Random>, args: Args) -> Res<()> {
    args.no_keywords(cx, "Random")?;
    args.count(cx, "Random", 0, 1)?;
    seed(cx, this, args.positional().first().cloned().unwrap_or_default())
}

/// The words of a number, the lowest first.
fn words_of(number: &Int) -> Vec<u32> {
    let bytes = number.magnitude().to_le_bytes();
    let word = |part: &[u8]| part.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte));
    let words: Vec<u32> = bytes.chunks(4).map(word).collect();
    if words.is_empty() { vec![0] } else { words }
}

fn seed(cx: &Cx, this: This<Random>, n: Value) -> Res<()> {
    let key = if n.is_none() {
        key_of_chance(cx)?
    } else if let Some(number) = Int::of(&n) {
        cx.room_for_bytes(number.bits() / 4)?;
        words_of(&number)
    } else {
        let hash = cx.hash(&n)? as u64;
        let words = [hash as u32, (hash >> 32) as u32];
        words[..if words[1] == 0 { 1 } else { 2 }].to_vec()
    };
    cx.work((WORDS + key.len()) as u64 / 4)?;
    this.state.with(cx, |state| *state = Twister::of_key(&key))
}

fn random(cx: &Cx, this: This<Random>) -> Res<f64> {
    this.state.with(cx, |state| {
        let (high, low) = (f64::from(state.next() >> 5), f64::from(state.next() >> 6));
        (high * 67_108_864.0 + low) * (1.0 / 9_007_199_254_740_992.0)
    })
}

fn getrandbits(cx: &Cx, this: This<Random>, k: Int) -> Res {
    if k.is_negative() {
        return Err(cx.value_error("Cannot convert negative int"));
    }
    let Ok(k) = u64::try_from(&*k.magnitude()) else {
        return Err(cx.overflow_error("Python int too large for C uint64_t"));
    };
    if k <= 64 {
        let number = this.state.with(cx, |state| match k {
            0 => 0,
            1..=32 => u64::from(state.next() >> (32 - k)),
            _ => {
                let low = u64::from(state.next());
                u64::from(state.next() >> (64 - k)) << 32 | low
            }
        })?;
        return number.into_value(cx);
    }
    let count = k.div_ceil(32);
    cx.room_for_bytes(usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(8))?;
    let mut bytes = cx.vector(count as usize * 4)?;
    for at in 0..count {
        if at.is_multiple_of(1024) {
            cx.work(1024)?;
        }
        let unused = if at + 1 == count { count * 32 - k } else { 0 };
        let word = this.state.with(cx, Twister::next)? >> unused;
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    dashu_int::UBig::from_le_bytes(&bytes).into_value(cx)
}

fn getstate(cx: &Cx, this: This<Random>) -> Res<Tuple> {
    let (words, given) = this.state.with(cx, |state| (state.words, state.given))?;
    Tuple::try_from_fn(cx, WORDS + 1, |at| match words.get(at) {
        Some(word) => word.into_value(cx),
        None => given.into_value(cx),
    })
}

fn setstate(cx: &Cx, this: This<Random>, state: &Value) -> Res<()> {
    let Some(items) = Tuple::of(state) else { return Err(cx.type_error("state vector must be a tuple")) };
    if items.len() != WORDS + 1 {
        return Err(cx.value_error("state vector is the wrong size"));
    }
    let number = |item: &Value| match Int::of(item) {
        None => Err(cx.type_error("an integer is required")),
        Some(number) if number.is_negative() => {
            Err(cx.overflow_error("can't convert negative value to unsigned int"))
        }
        Some(number) => Ok(number.small()),
    };
    let mut words = [0; WORDS];
    for (word, item) in words.iter_mut().zip(items.as_slice()) {
        // As C has it: what does not fit 64 bits is an error, and of what does 32 bits are taken.
        *word = match number(item)? {
            Some(number) => number as u32,
            None => return Err(cx.overflow_error("Python int too large to convert to C unsigned long")),
        };
    }
    let given = match cx.long(&items.as_slice()[WORDS])? {
        given if (0..=WORDS as i64).contains(&given) => given as usize,
        _ => return Err(cx.value_error("invalid state")),
    };
    this.state.with(cx, |state| *state = Twister { words, given })
}
