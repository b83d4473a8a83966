//! `_codecs_tw`: Big5, as it was, and as Windows has it.

use super::codec::Codec;
use super::object::codec_module;
use super::tables::TAIWAN;

codec_module! { "_codecs_tw", "The codecs of Taiwan." }

static CODECS: &[Codec] = &[
    Codec::double("big5", || &TAIWAN.big5, 0x81, 0x40),
    Codec::double("cp950", || &TAIWAN.cp950, 0x81, 0x40),
];
