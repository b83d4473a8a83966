//! The codecs of East Asia: `_multibytecodec`, and `_codecs_cn`, `_codecs_hk`, `_codecs_iso2022`, `_codecs_jp`, `_codecs_kr` and
//! `_codecs_tw`, whose `getcodec` gives the codecs on which those of the package `encodings` stand.
//!
//! The tables are CPython's, character by character, since a script asks CPython for all of them (`tables.rs`). No crate has them: what
//! there is in Rust (`encoding_rs`) has the tables of browsers, who write no JIS X 0212, read GB 2312 as GBK, and know neither JIS X 0213
//! nor Johab. What `tables.bin` takes, 76 KB for 180,000 places, was the least of what was measured: planes of low, middle and high bytes
//! under LZMA, which finds one table in another by itself; the same as words of two bytes takes 110 KB, differences from one character to
//! the next are no better, and under zlib it is 87 KB.
//!
//! | file | what |
//! |---|---|
//! | `tables.rs`, `tables.bin` | the tables |
//! | `codec.rs` | what a codec is: reading and writing one character |
//! | `cn.rs`, `hk.rs`, `jp.rs`, `jisx0213.rs`, `kr.rs`, `tw.rs` | the codecs whose bytes are told apart by their values |
//! | `iso2022.rs` | those that switch between sets by escape sequences |
//! | `engine.rs` | whole texts, and what error handlers say |
//! | `object.rs` | a codec as an object |
//! | `incremental.rs`, `streams.rs` | encoders and decoders that remember, readers and writers of streams |

mod codec;
mod engine;
mod incremental;
mod jisx0213;
mod object;
mod streams;
mod tables;

pub mod cn;
pub mod hk;
pub mod iso2022;
pub mod jp;
pub mod kr;
pub mod multibyte;
pub mod tw;
