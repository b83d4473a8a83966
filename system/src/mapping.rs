//! Memory that is mapped: files, and memory that other processes see, too.
//!
//! A file may become shorter than what is mapped of it. Who looks at what is gone gets a signal, `SIGBUS`, of which a program dies as a
//! rule. Here a handler puts a page of zeros in the place of the missing one, so that the program goes on: it reads zeros there, and what
//! it writes there is lost. The handler knows the mappings from a table that it can read at any time.
//!
//! Another process may write what is mapped while somebody looks at it, as in any program that maps a file.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A mapping, until it is closed. The numbers change only while nobody looks at its bytes: whoever has it sees to that.
pub struct Mapping {
    start: AtomicUsize,
    len: AtomicUsize,
    /// Whether the bytes may be looked at at all.
    readable: bool,
    writable: bool,
    place: usize,
}

/// What is mapped, and how: numbers of the system's.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// How many bytes.
    pub len: usize,
    /// What may be done with them.
    pub prot: i32,
    /// Who sees changes.
    pub flags: i32,
    /// The file, or -1.
    pub fd: i32,
    /// Where in the file they begin.
    pub offset: i64,
}

impl Mapping {
    /// Maps memory.
    pub fn new(request: Request) -> io::Result<Mapping> {
        let Request { len, prot, flags, fd, offset } = request;
        guard();
        let place = Place::take().ok_or_else(|| io::Error::from_raw_os_error(libc::ENOMEM))?;
        // A place that a script asks for would take what lies there already.
        let flags = flags & !(libc::MAP_FIXED | libc::MAP_GROWSDOWN);
        // SAFETY: the system chooses where the memory lies; nothing else is there.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), len, prot, flags, fd, offset) };
        if start == libc::MAP_FAILED {
            let error = io::Error::last_os_error();
            Place::give_back(place);
            return Err(error);
        }
        let start = start as usize;
        Place::set(place, start, len);
        Ok(Mapping {
            start: AtomicUsize::new(start),
            len: AtomicUsize::new(len),
            readable: prot & (libc::PROT_READ | libc::PROT_WRITE) != 0,
            writable: prot & libc::PROT_WRITE != 0,
            place,
        })
    }
    /// How many bytes it has; 0 once it is closed.
    pub fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }
    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn start(&self) -> *mut u8 {
        self.start.load(Ordering::Relaxed) as *mut u8
    }
    /// Where it lies, and how many of its bytes may be looked at.
    fn seen(&self, allowed: bool) -> (*mut u8, usize) {
        match (self.start(), self.len()) {
            (start, len) if allowed && len > 0 => (start, len),
            _ => (std::ptr::dangling_mut(), 0),
        }
    }
    /// The bytes; none if they may not be read.
    pub fn bytes(&self) -> &[u8] {
        let (start, len) = self.seen(self.readable);
        // SAFETY: so many bytes are mapped there and may be read; of a file that has become shorter, zeros (the module's page).
        unsafe { std::slice::from_raw_parts(start, len) }
    }
    /// The bytes, to be changed; none if they may not be written.
    #[allow(clippy::mut_from_ref, reason = "whoever has it holds no two of them")]
    pub fn bytes_mut(&self) -> &mut [u8] {
        let (start, len) = self.seen(self.writable);
        // SAFETY: as above, and they may be written.
        unsafe { std::slice::from_raw_parts_mut(start, len) }
    }
    /// Makes it longer or shorter.
    pub fn resize(&self, len: usize) -> io::Result<()> {
        if self.is_empty() {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        // SAFETY: the old memory is this mapping's, and nobody looks at it.
        let start = unsafe { libc::mremap(self.start().cast(), self.len(), len, libc::MREMAP_MAYMOVE) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        self.start.store(start as usize, Ordering::Relaxed);
        self.len.store(len, Ordering::Relaxed);
        Place::set(self.place, start as usize, len);
        Ok(())
    }
    /// Writes changes of a part to the file.
    pub fn flush(&self, from: usize, len: usize) -> io::Result<()> {
        self.on_part(from, len, |start, len| {
            // SAFETY: the part is of this mapping; the call changes none of it.
            unsafe { libc::msync(start.cast(), len, libc::MS_SYNC) }
        })
    }
    /// Tells the system how a part will be used.
    pub fn advise(&self, from: usize, len: usize, advice: i32) -> io::Result<()> {
        self.on_part(from, len, |start, len| {
            // SAFETY: the part is of this mapping, which stays mapped; its bytes may become others.
            unsafe { libc::madvise(start.cast(), len, advice) }
        })
    }
    fn on_part(&self, from: usize, len: usize, call: impl FnOnce(*mut u8, usize) -> i32) -> io::Result<()> {
        if from > self.len() || len > self.len() - from {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        crate::checked(call(self.start().wrapping_add(from), len)).map(drop)
    }
    /// Ends it. Nobody looks at its bytes any more.
    pub fn close(&self) {
        let (start, len) = (self.start(), self.len.swap(0, Ordering::Relaxed));
        if len > 0 {
            Place::set(self.place, 0, 0);
            // SAFETY: the memory is this mapping's, and nobody looks at it.
            unsafe { libc::munmap(start.cast(), len) };
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        self.close();
        Place::give_back(self.place);
    }
}

// ---- what is missing ---------------------------------------------------------------------------------------------------

/// A place of the table: where a mapping lies, and how long it is; a start of 0 for none, of `TAKEN` for one that is to come.
struct Place {
    start: AtomicUsize,
    len: AtomicUsize,
}

const TAKEN: usize = 1;
/// How many mappings there can be: about as many as the system lets a process have.
const MOST: usize = 1 << 16;
static TABLE: [Place; MOST] =
    [const { Place { start: AtomicUsize::new(0), len: AtomicUsize::new(0) } }; MOST];
/// Behind the last place that was ever taken.
static USED: AtomicUsize = AtomicUsize::new(0);

impl Place {
    /// A free place.
    fn take() -> Option<usize> {
        let free = |place: &Place| {
            place.start.compare_exchange(0, TAKEN, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        };
        let found = TABLE.iter().position(free)?;
        USED.fetch_max(found + 1, Ordering::AcqRel);
        Some(found)
    }
    fn set(place: usize, start: usize, len: usize) {
        TABLE[place].len.store(0, Ordering::Release);
        TABLE[place].start.store(start.max(TAKEN), Ordering::Release);
        TABLE[place].len.store(len, Ordering::Release);
    }
    fn give_back(place: usize) {
        TABLE[place].len.store(0, Ordering::Release);
        TABLE[place].start.store(0, Ordering::Release);
    }
    /// Whether an address lies in a mapping.
    fn has(address: usize) -> bool {
        let used = USED.load(Ordering::Acquire).min(MOST);
        TABLE[..used].iter().any(|place| {
            let (start, len) = (place.start.load(Ordering::Acquire), place.len.load(Ordering::Acquire));
            start > TAKEN && address.wrapping_sub(start) < len
        })
    }
}

/// What was done at the signal before.
static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

/// The size of a page.
pub fn page_size() -> usize {
    // SAFETY: the call takes a number.
    unsafe { libc::sysconf(libc::_SC_PAGESIZE) as usize }
}

/// Sees to it that a page that is missing becomes one of zeros.
fn guard() {
    BEFORE.get_or_init(|| {
        // SAFETY: both structs are whole; the handler does only what may be done in one.
        unsafe {
            let mut new: libc::sigaction = std::mem::zeroed();
            let mut old: libc::sigaction = std::mem::zeroed();
            new.sa_sigaction = on_missing as *const () as usize;
            new.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigaction(libc::SIGBUS, &raw const new, &raw mut old);
            old
        }
    });
}

/// Puts a page of zeros where one is missing of a mapping; whether it has: the signal may be about something else.
///
/// # Safety
/// The system has passed the struct to a handler of `SIGBUS`.
pub(crate) unsafe fn replace_missing(info: *const libc::siginfo_t) -> bool {
    // SAFETY: a signal of the system's own has an address. The page lies in a mapping, whose owner reads what he finds. `errno` is put back.
    unsafe {
        // A signal that somebody has sent has a code that is not above 0.
        if (*info).si_code <= 0 || !Place::has((*info).si_addr() as usize) {
            return false;
        }
        let errno = *libc::__errno_location();
        let size = page_size();
        let page = ((*info).si_addr() as usize & !(size - 1)) as *mut libc::c_void;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
        let made = libc::mmap(page, size, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        *libc::__errno_location() = errno;
        made != libc::MAP_FAILED
    }
}

/// The handler. What is not about a mapping is done as before.
extern "C" fn on_missing(signal: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the system passes a whole struct to its handler, and gets the one that it gave.
    unsafe {
        if replace_missing(info) {
            return;
        }
        if let Some(before) = BEFORE.get() {
            libc::sigaction(signal, before, std::ptr::null_mut());
        }
        // A fault comes again by itself.
        if (*info).si_code <= 0 {
            libc::raise(signal);
        }
    }
}
