//! `seek` and `tell`.
//!
//! A place in text is a place in bytes where the decoder can begin, how it stands there, and how many bytes and characters lie between
//! there and here. All that is one number, a *cookie*: where the decoder begins at the very place, it is the place itself.

use dashu_int::IBig;
use ryokan_vm::native::*;

use super::super::{offset, unsupported, whence};
use super::codec;
use super::writing::send;
use super::{Stream, buffer_of, check, check_open};

/// What a cookie says.
#[derive(Clone, Copy, Default)]
struct Cookie {
    /// Where the decoder begins.
    start: u64,
    /// How it stands there.
    flags: u32,
    /// How many bytes it is fed.
    feed: u32,
    /// How many of the characters that it gives then lie before the place.
    skip: u32,
    /// Whether it is told that nothing follows.
    last: bool,
}

impl Cookie {
    fn number(self) -> IBig {
        let part = |n: u64, at: usize| IBig::from(n) << at;
        part(self.start, 0)
            + part(self.flags.into(), 64)
            + part(self.feed.into(), 96)
            + part(self.skip.into(), 128)
            + part(self.last.into(), 160)
    }
    fn of(cx: &Cx, number: &IBig) -> Res<Cookie> {
        let too_large = || cx.overflow_error("int too big to convert");
        let part = |at: usize, mask: u64| {
            u64::try_from((number.clone() >> at) & IBig::from(mask)).map_err(|_| too_large())
        };
        if number.clone() >> 168 != IBig::ZERO {
            return Err(too_large());
        }
        Ok(Cookie {
            start: part(0, u64::MAX)?,
            flags: part(64, u64::from(u32::MAX))? as u32,
            feed: part(96, u64::from(u32::MAX))? as u32,
            skip: part(128, u64::from(u32::MAX))? as u32,
            last: part(160, 0xFF)? != 0,
        })
    }
}

pub fn seek(cx: &Cx, this: Stream, cookie: Value, from: Value) -> Res {
    check(cx, this)?;
    check_open(cx, this)?;
    if !this.seekable.get() {
        return Err(unsupported(cx, "underlying stream is not seekable"));
    }
    let from = whence(cx, &from)?;
    let is_zero = || cx.holds(&cookie, CompareOp::Eq, &0_i64.into_value(cx)?);
    match from {
        1 => {
            if !is_zero()? {
                return Err(unsupported(cx, "can't do nonzero cur-relative seeks"));
            }
            // Staying still puts the streams in step.
            let here = cx.call_method(this.value(), "tell", ())?;
            go_to(cx, this, here)
        }
        2 => {
            if !is_zero()? {
                return Err(unsupported(cx, "can't do nonzero end-relative seeks"));
            }
            drop(cx.call_method(this.value(), "flush", ())?);
            forget(this);
            if codec::decodes(this) {
                codec::set_state(cx, this, &[], 0)?;
            }
            let end = cx.call_method(&buffer_of(cx, this)?, "seek", (0, 2))?;
            if this.encoder.is_some() {
                let at_start = !cx.truth(&end)?;
                codec::restart_encoder(cx, this, at_start)?;
            }
            Ok(end)
        }
        0 => go_to(cx, this, cookie),
        _ => Err(cx.value_error(format_args!("invalid whence ({from}, should be 0, 1 or 2)"))),
    }
}

fn forget(this: Stream) {
    this.text.set(None);
    this.used.set(0);
    this.snapshot.set(None);
}

fn go_to(cx: &Cx, this: Stream, cookie: Value) -> Res {
    if cx.holds(&cookie, CompareOp::Lt, &0_i64.into_value(cx)?)? {
        let shown = cx.repr(&cookie)?;
        return Err(cx.value_error(format_args!("negative seek position {shown}")));
    }
    drop(cx.call_method(this.value(), "flush", ())?);
    let number = Big::from_python(cx, &cx.call(&cx.builtin("int")?, (&cookie,))?)?;
    let parsed = Cookie::of(cx, &number.0)?;
    drop(cx.call_method(&buffer_of(cx, this)?, "seek", (parsed.start,))?);
    forget(this);
    if codec::decodes(this) {
        codec::set_state(cx, this, &[], i64::from(if parsed.start == 0 { 0 } else { parsed.flags }))?;
        if parsed.flags != 0 {
            codec::set_state(cx, this, &[], i64::from(parsed.flags))?;
        }
    }
    if parsed.skip > 0 {
        let read = cx.call_method(&buffer_of(cx, this)?, "read", (parsed.feed,))?;
        let Some(bytes) = Bytes::of(&read) else {
            let kind = cx.type_name(&read);
            return Err(cx.type_error(format_args!(
                "underlying read() should have returned a bytes object, not '{kind}'"
            )));
        };
        this.snapshot_flags.set(i64::from(parsed.flags));
        this.snapshot.set(Some(read.clone()));
        let text = codec::decode(cx, this, &bytes, parsed.last)?;
        let length = cx.len(&text)?;
        this.text.set(Some(text));
        if length < parsed.skip as usize {
            return Err(cx.raise_os("can't restore logical file position"));
        }
        this.used.set(parsed.skip as usize);
    } else {
        this.snapshot_flags.set(i64::from(parsed.flags));
        this.snapshot.set(Some(Bytes::new(cx, &[])?.into_value()));
    }
    if this.encoder.is_some() {
        codec::restart_encoder(cx, this, parsed.start == 0 && parsed.flags == 0)?;
    }
    Ok(cookie)
}

pub fn tell(cx: &Cx, this: Stream) -> Res {
    check(cx, this)?;
    check_open(cx, this)?;
    if !this.seekable.get() {
        return Err(unsupported(cx, "underlying stream is not seekable"));
    }
    if !this.telling.get() {
        return Err(cx.raise_os("telling position disabled by next() call"));
    }
    send(cx, this)?;
    drop(cx.call_method(this.value(), "flush", ())?);
    let place = cx.call_method(&buffer_of(cx, this)?, "tell", ())?;
    let snapshot = this.snapshot.get().and_then(|bytes| Bytes::of(&bytes));
    let Some(fed) = snapshot.filter(|_| codec::decodes(this)) else { return Ok(place) };
    let mut cookie = Cookie {
        start: u64::try_from(offset(cx, &place)?).unwrap_or(0).saturating_sub(fed.as_slice().len() as u64),
        flags: this.snapshot_flags.get() as u32,
        ..Cookie::default()
    };
    let used = if this.text.is_some() { this.used.get() } else { 0 };
    if used == 0 {
        // Nothing was given of what was decoded: the decoder began here.
        return Big(cookie.number()).into_value(cx);
    }
    // The decoder is run again over what it was fed, and left as it stands now.
    let (kept, flags) = codec::state(cx, this)?;
    let seen = this.translation.seen.get();
    let found = replay(cx, this, &mut cookie, fed.as_slice(), used);
    let restored = cx.finally(found, || codec::set_state(cx, this, kept.as_slice(), flags));
    this.translation.seen.set(seen);
    restored?;
    Big(cookie.number()).into_value(cx)
}

/// Feeds the decoder anew from where it began, how it stood then.
fn feed(cx: &Cx, this: Stream, flags: u32, bytes: &[u8], last: bool) -> Res<usize> {
    codec::set_state(cx, this, &[], i64::from(flags))?;
    let bytes = Bytes::new(cx, bytes)?;
    cx.len(&codec::decode(cx, this, &bytes, last)?)
}

/// Finds the last place before so many characters at which the decoder keeps nothing, and what lies between there and here.
fn replay(cx: &Cx, this: Stream, cookie: &mut Cookie, fed: &[u8], used: usize) -> Res<()> {
    let begin = cookie.flags;
    // How many bytes are behind the place at most: a first guess by how many bytes a character takes, doubled as long as it is too far.
    let mut skip = ((this.rate.get() * used as f64) as usize).min(fed.len());
    let mut back = 1;
    let mut safe = (0, 0, begin);
    while skip > 0 {
        let chars = feed(cx, this, begin, &fed[..skip], false)?;
        if chars <= used {
            let (kept, flags) = codec::state(cx, this)?;
            if kept.as_slice().is_empty() {
                safe = (skip, chars, flags as u32);
                break;
            }
            skip -= kept.as_slice().len().min(skip);
            back = 1;
        } else {
            skip = skip.saturating_sub(back);
            back *= 2;
        }
    }
    let (mut start, mut chars, mut flags) = safe;
    // From there byte by byte.
    codec::set_state(cx, this, &[], i64::from(flags))?;
    let (mut at, mut total) = (start, chars);
    while at < fed.len() && total < used {
        cx.work(1)?;
        total += cx.len(&codec::decode(cx, this, &Bytes::new(cx, &fed[at..=at])?, false)?)?;
        at += 1;
        let (kept, now) = codec::state(cx, this)?;
        if kept.as_slice().is_empty() && total <= used {
            (start, chars, flags) = (at, total, now as u32);
        }
    }
    if total < used {
        total += cx.len(&codec::decode(cx, this, &Bytes::new(cx, &[])?, true)?)?;
        cookie.last = true;
        if total < used {
            return Err(cx.raise_os("can't reconstruct logical file position"));
        }
    }
    cookie.start += start as u64;
    cookie.flags = flags;
    cookie.skip = (used - chars) as u32;
    cookie.feed = if cookie.skip > 0 || cookie.last { (at - start) as u32 } else { 0 };
    Ok(())
}

pub fn truncate(cx: &Cx, this: Stream, size: Value) -> Res {
    check(cx, this)?;
    drop(cx.call_method(this.value(), "flush", ())?);
    cx.call_method(&buffer_of(cx, this)?, "truncate", (size,))
}
