//! How mappings are made, and change their size.

use std::cell::Cell;
use std::sync::Arc;

use ryokan_system::{self as system, Mapping, Request};
use ryokan_vm::native::*;

use super::{
    ACCESS_COPY, ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, Facts, Map, Memory, Mmap, index, is_exported,
    open_len,
};
use crate::datetime::args::{Parameters, c_int};

const PARAMETERS: Parameters = Parameters {
    function: "",
    names: &["fileno", "length", "flags", "prot", "access", "offset", "trackfd"],
    required: 2,
    positional: 6,
};

/// What the constructor was given.
#[derive(Clone, Copy)]
struct Asked {
    fd: i64,
    len: i64,
    flags: i64,
    prot: i64,
    access: i64,
    offset: i64,
    tracks: bool,
}

const PLAIN: Asked = Asked {
    fd: -1,
    len: 0,
    flags: libc::MAP_SHARED as i64,
    prot: (libc::PROT_READ | libc::PROT_WRITE) as i64,
    access: ACCESS_DEFAULT as i64,
    offset: 0,
    tracks: true,
};

fn system_error(cx: &Cx, error: &std::io::Error) -> Raised {
    cx.os_error(error, None)
}

impl Asked {
    fn of(cx: &Cx, args: Args<'_>) -> Res<Asked> {
        let mut asked = PLAIN;
        PARAMETERS.bind(cx, args, |at, value| {
            match at {
                0 => asked.fd = c_int(cx, value)?,
                1 => asked.len = index(cx, value)?,
                2 => asked.flags = c_int(cx, value)?,
                3 => asked.prot = c_int(cx, value)?,
                4 => asked.access = c_int(cx, value)?,
                5 => asked.offset = cx.long(value)?,
                _ => asked.tracks = cx.truth(value)?,
            }
            Ok(())
        })?;
        if asked.len < 0 {
            return Err(cx.overflow_error("memory mapped length must be positive"));
        }
        if asked.offset < 0 {
            return Err(cx.overflow_error("memory mapped offset must be positive"));
        }
        asked.with_access(cx)
    }
    /// What `access` means: for flags and protection, or what these mean for it.
    fn with_access(mut self, cx: &Cx) -> Res<Asked> {
        let access = self.access as i32;
        if access != ACCESS_DEFAULT && (self.flags != PLAIN.flags || self.prot != PLAIN.prot) {
            return Err(cx.value_error("mmap can't specify both access and flags, prot."));
        }
        let (read, write) = (i64::from(libc::PROT_READ), i64::from(libc::PROT_WRITE));
        match access {
            ACCESS_READ => (self.flags, self.prot) = (libc::MAP_SHARED.into(), read),
            ACCESS_WRITE => (self.flags, self.prot) = (libc::MAP_SHARED.into(), read | write),
            ACCESS_COPY => (self.flags, self.prot) = (libc::MAP_PRIVATE.into(), read | write),
            ACCESS_DEFAULT if self.prot & write == 0 => self.access = ACCESS_READ.into(),
            ACCESS_DEFAULT if self.prot & read == 0 => self.access = ACCESS_WRITE.into(),
            ACCESS_DEFAULT => {}
            _ => return Err(cx.value_error("mmap invalid access parameter.")),
        }
        Ok(self)
    }
    /// Checks the length against the file's, which it may be.
    fn fit(mut self, cx: &Cx) -> Res<Asked> {
        let Ok(stat) = system::fstat(self.fd as i32) else { return Ok(self) };
        if stat.st_mode & libc::S_IFMT != libc::S_IFREG {
            return Ok(self);
        }
        if self.len == 0 {
            if stat.st_size == 0 {
                return Err(cx.value_error("cannot mmap an empty file"));
            }
            if self.offset >= stat.st_size {
                return Err(cx.value_error("mmap offset is greater than file size"));
            }
            self.len = stat.st_size - self.offset;
        } else if self.offset > stat.st_size || stat.st_size - self.offset < self.len {
            return Err(cx.value_error("mmap length is greater than file size"));
        }
        Ok(self)
    }
}

pub fn new(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    let mut asked = Asked::of(cx, args)?;
    let mut fd = -1;
    let mut charge = None;
    if asked.fd == -1 {
        asked.flags |= i64::from(libc::MAP_ANONYMOUS);
        charge = Some(cx.charge(asked.len as usize)?);
    } else {
        cx.require(Capability::Files)?;
        asked = asked.fit(cx)?;
        if asked.flags & i64::from(libc::MAP_PRIVATE) != 0 {
            // What is changed is memory that no file has.
            charge = Some(cx.charge(asked.len as usize)?);
        }
        if asked.tracks {
            fd = system::dup(asked.fd as i32).map_err(|error| system_error(cx, &error))? as i32;
        }
    }
    let request = Request {
        len: asked.len as usize,
        prot: asked.prot as i32,
        flags: asked.flags as i32,
        fd: asked.fd as i32,
        offset: asked.offset,
    };
    let mapping = Mapping::new(request).map_err(|error| {
        if fd >= 0 {
            let _ = system::close(fd);
        }
        system_error(cx, &error)
    })?;
    let mapping = Arc::new(mapping);
    let facts = Facts {
        access: asked.access as i32,
        flags: asked.flags as i32,
        fd,
        offset: asked.offset,
        tracks: asked.tracks,
        closed: false,
    };
    let bytes = ByteArray::outside(cx, Box::new(Memory(Arc::clone(&mapping))))?;
    let body = Mmap {
        bytes,
        mapping: Own::new(mapping),
        charge: Own::new(charge),
        facts: Cell::new(facts),
        at: Cell::new(0),
    };
    cx.new_of(class, body)
}

pub fn resize(cx: &Cx, this: Map<'_>, newsize: i64) -> Res<()> {
    let len = open_len(cx, this)?;
    let facts = this.facts.get();
    if is_exported(this) {
        return Err(cx.buffer_error("mmap can't resize with extant buffers exported."));
    }
    if facts.fd < 0 && !facts.tracks {
        return Err(cx.value_error("mmap can't resize with trackfd=False."));
    }
    if ![ACCESS_WRITE, ACCESS_DEFAULT].contains(&facts.access) {
        return Err(cx.type_error("mmap can't resize a readonly or copy-on-write memory map."));
    }
    if newsize < 0 || newsize.checked_add(facts.offset).is_none() {
        return Err(cx.value_error("new size out of range"));
    }
    let size = newsize as usize;
    if facts.fd < 0 && facts.flags & libc::MAP_PRIVATE == 0 && size > len {
        return Err(cx.value_error("mmap: can't expand a shared anonymous mapping"));
    }
    let charged = this.charge.with(cx, |charge| charge.is_some())?;
    let charge = if charged { Some(cx.charge(size)?) } else { None };
    if facts.fd >= 0 {
        system::ftruncate(facts.fd, facts.offset + newsize).map_err(|error| system_error(cx, &error))?;
    }
    let done = this.mapping.with(cx, |mapping| mapping.resize(size))?;
    done.map_err(|error| system_error(cx, &error))?;
    this.charge.with(cx, |kept| std::mem::replace(kept, charge))?;
    Ok(())
}
