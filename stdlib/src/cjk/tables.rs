//! The tables of `tables.bin`, which `stdlib/scripts/cjk_tables.py` writes and describes: a part for each language, unpacked at its first
//! use.
//!
//! A table is a rectangle: a row for each lead byte, a column for each trail byte. A place in it is `row * columns + column`.

use std::io::Read;
use std::sync::LazyLock;

/// A character set of two bytes.
#[derive(Default)]
pub struct Table {
    columns: usize,
    /// The characters by place: 0 for none, `FAR` for one above U+FFFF.
    near: Vec<u16>,
    /// The places of those, in order, and the characters.
    far: Vec<(u16, u32)>,
    /// Of each 256 characters, which page of `places` they have; the first page is empty.
    pages: Vec<u16>,
    /// The places of characters, counted from 1; 0 for none.
    places: Vec<u16>,
}

const FAR: u16 = 0xFFFF;
/// How many characters the pages are about: none above U+2FFFF is in any table.
const CHARS: usize = 0x3_0000;

impl Table {
    /// The character at a place.
    #[inline]
    pub fn char(&self, row: u8, column: u8) -> Option<u32> {
        let (row, column) = (usize::from(row), usize::from(column));
        if column >= self.columns {
            return None;
        }
        let place = row * self.columns + column;
        match *self.near.get(place)? {
            0 => None,
            FAR => {
                let at = self.far.binary_search_by_key(&place, |(place, _)| usize::from(*place)).ok()?;
                Some(self.far[at].1)
            }
            near => Some(u32::from(near)),
        }
    }
    /// The row and the column of a character.
    #[inline]
    pub fn place(&self, c: u32) -> Option<(u8, u8)> {
        let page = usize::from(*self.pages.get(c as usize >> 8)?);
        let place = usize::from(*self.places.get(page << 8 | (c & 0xFF) as usize)?).checked_sub(1)?;
        Some(((place / self.columns) as u8, (place % self.columns) as u8))
    }
    /// Says where a character is written.
    fn settle(&mut self, c: u32, place: u16) {
        let Some(page) = self.pages.get_mut(c as usize >> 8) else { return };
        if *page == 0 {
            *page = (self.places.len() >> 8) as u16;
            self.places.resize(self.places.len() + 0x100, 0);
        }
        self.places[usize::from(*page) << 8 | (c & 0xFF) as usize] = place;
    }
}

/// The languages and their tables, in the order of the file: how many rows and columns each has.
macro_rules! parts {
    ($($index:literal $static:ident: $part:ident { $($table:ident: $rows:literal * $columns:literal,)* })*) => { $(
        pub struct $part {
            $(pub $table: Table,)*
        }
        pub static $static: LazyLock<$part> = LazyLock::new(|| {
            let mut tables = unpack($index, &[$(($rows, $columns)),*]).unwrap_or_default().into_iter();
            $part { $($table: tables.next().unwrap_or_default(),)* }
        });
    )* };
}

parts! {
    0 CHINA: China {
        gb2312: 94 * 94,
        gbk: 126 * 191,
        gb18030: 126 * 191,
    }
    1 JAPAN: Japan {
        jisx0208: 94 * 94,
        jisx0212: 94 * 94,
        cp932: 60 * 188,
        jisx0213: 94 * 94,
        jisx0213_second: 94 * 94,
    }
    2 KOREA: Korea {
        ksx1001: 94 * 94,
        cp949: 126 * 191,
        johab: 126 * 206,
    }
    3 TAIWAN: Taiwan {
        big5: 126 * 191,
        cp950: 126 * 191,
        big5hkscs: 126 * 191,
    }
}

static FILE: &[u8] = include_bytes!("tables.bin");

/// Bytes that are read from the front.
struct Source<'a>(&'a [u8]);

impl<'a> Source<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
    /// A length of four bytes.
    fn length(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?) as usize)
    }
    /// A number of seven bits a byte.
    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = usize::from(self.take(1)?[0]);
            number |= (byte & 0x7F).checked_shl(shift)?;
            shift += 7;
            if byte < 0x80 {
                return Some(number);
            }
        }
    }
}

/// The tables of a part of the file; nothing if the file were not what the script writes.
fn unpack(index: usize, sizes: &[(usize, usize)]) -> Option<Vec<Table>> {
    let mut file = Source(FILE);
    for _ in 0..index {
        let length = file.length()?;
        file.take(length)?;
    }
    let length = file.length()?;
    let packed = file.take(length)?;
    let mut bytes = Vec::new();
    let mut reader = lzma_rust2::LzmaReader::new_mem_limit(packed, u32::MAX, None).ok()?;
    reader.read_to_end(&mut bytes).ok()?;

    let mut part = Source(&bytes);
    let (runs, chars) = (part.length()?, part.length()?);
    let mut runs = Source(part.take(runs)?);
    let planes = [part.take(chars)?, part.take(chars)?, part.take(chars)?];
    let mut next = 0;
    let mut char = || {
        let at = |plane: usize| planes[plane].get(next).copied().map(u32::from);
        let char = at(0)? | at(1)? << 8 | at(2)? << 16;
        next += 1;
        Some(char)
    };
    sizes.iter().map(|&(rows, columns)| table(rows, columns, &mut runs, &mut char, &mut part)).collect()
}

/// A table of runs, of the characters in them, and of those that are written elsewhere.
fn table(
    rows: usize,
    columns: usize,
    runs: &mut Source<'_>,
    char: &mut impl FnMut() -> Option<u32>,
    others: &mut Source<'_>,
) -> Option<Table> {
    let mut near = vec![0; rows * columns];
    let (mut far, mut at, mut some) = (Vec::new(), 0, false);
    while at < near.len() {
        let end = at + runs.number()?;
        for place in near.get_mut(at..end)?.iter_mut().zip(at..).filter(|_| some) {
            let c = char()?;
            *place.0 = u16::try_from(c).unwrap_or(FAR);
            if *place.0 == FAR {
                far.push((place.1 as u16, c));
            }
        }
        (at, some) = (end, !some);
    }
    let pages = vec![0; CHARS >> 8];
    let mut table = Table { columns, near, far, pages, places: vec![0; 0x100] };
    // Backwards, so that of several places the first one stays.
    for at in (0..rows * columns).rev() {
        if let Some(c) = table.char((at / columns) as u8, (at % columns) as u8) {
            table.settle(c, at as u16 + 1);
        }
    }
    for _ in 0..others.number()? {
        let (c, place) = (others.number()?, others.number()?);
        table.settle(c as u32, place as u16);
    }
    Some(table)
}
