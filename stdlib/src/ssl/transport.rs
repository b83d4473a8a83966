//! Records on their way between a connection and its socket, or its two pieces of memory.
//!
//! One thread at a time takes records from the transport, and one at a time gives them to it, so that records keep their order and one
//! thread can read while another one writes.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::bio::MemoryBio;
use super::context::Context;
use super::engine::{CHUNK, Engine, Step};
use super::errors::Fault;
use super::socket::{SslSocket, ThisSocket};
use super::config;
use crate::chance::chance;
use crate::socket::{Socket, Timeout, net, transfer};

/// Alerts with which a client is refused.
const HANDSHAKE_FAILURE: u8 = 40;
const INTERNAL_ERROR: u8 = 80;

/// What a record costs at least, in instructions.
const RECORD: u64 = 50;

/// How long a thread sleeps whose turn has not come.
const NAP: Duration = Duration::from_millis(1);

/// One call on its way.
pub struct Way<'a> {
    cx: &'a Cx,
    this: ThisSocket<'a>,
    /// What is being done: for messages.
    doing: &'static str,
    /// The socket; None over memory.
    pub sock: Value,
    timeout: Timeout,
    end: Option<Instant>,
}

/// A turn that ends with the scope.
struct Turn<'a>(&'a Cell<bool>);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// What a turn gives: the turn, and whether it had to be waited for.
type Given<'a> = (Turn<'a>, bool);

impl<'a> Way<'a> {
    /// Begins a call. `SSLError` if the socket is gone.
    pub fn new(cx: &'a Cx, this: ThisSocket<'a>, doing: &'static str) -> Res<Way<'a>> {
        cx.work(RECORD)?;
        let sock = this.socket(cx)?;
        let mut timeout = None;
        if !this.is_over_memory() {
            net(cx)?;
            let Some(socket) = This::<Socket>::of(cx, &sock) else {
                return Err(Fault::text("Underlying socket connection gone").raise(cx));
            };
            timeout = socket.timeout();
        }
        let waits = timeout.filter(|time| !time.is_zero());
        let end = waits.and_then(|time| Instant::now().checked_add(time));
        Ok(Way { cx, this, doing, sock, timeout, end })
    }

    /// Works with the engine, without the lock. Runs no Python, but other threads run.
    pub fn engine<T: Send>(&self, work: impl FnOnce(&mut Engine) -> T + Send) -> Res<T> {
        self.this.work(self.cx, work)
    }
    /// Looks at it. Runs no Python, but other threads may run.
    fn look<T: Send>(&self, look: impl FnOnce(&mut Engine) -> T + Send) -> Res<T> {
        self.this.look(self.cx, look)
    }

    fn turn<'b>(&self, of: &'b Cell<bool>) -> Res<Given<'b>> {
        let mut waited = false;
        while of.get() {
            waited = true;
            self.left()?;
            if self.timeout.is_some_and(|time| time.is_zero()) {
                return Err(self.again());
            }
            self.cx.wait_for(Some(NAP), |most| {
                std::thread::sleep(most.unwrap_or(NAP).min(NAP));
                false
            })?;
        }
        of.set(true);
        Ok((Turn(of), waited))
    }

    fn again(&self) -> Raised {
        if self.doing == "write" { Fault::want_write().raise(self.cx) } else { Fault::want_read().raise(self.cx) }
    }
    fn timed_out(&self) -> Raised {
        self.cx.raise_builtin("TimeoutError", format_args!("The {} operation timed out", self.doing))
    }
    /// How long the socket may be waited for.
    fn left(&self) -> Res<Timeout> {
        let Some(end) = self.end else { return Ok(self.timeout) };
        match end.saturating_duration_since(Instant::now()) {
            left if left.is_zero() => Err(self.timed_out()),
            left => Ok(Some(left)),
        }
    }
    /// The descriptor.
    fn fd(&self) -> Res<i32> {
        match This::<Socket>::of(self.cx, &self.sock).map(|socket| socket.fd()) {
            Some(fd) if fd >= 0 => Ok(fd),
            _ => Err(Fault::text("Underlying socket has been closed.").raise(self.cx)),
        }
    }
    /// What the socket raises, as one of TLS does.
    fn translate(&self, raised: Raised, writes: bool) -> Raised {
        let cx = self.cx;
        if cx.is_raised(&raised, "BlockingIOError") {
            drop(cx.take_raised(raised));
            return if writes { Fault::want_write() } else { Fault::want_read() }.raise(cx);
        }
        if cx.is_raised(&raised, "TimeoutError") {
            drop(cx.take_raised(raised));
            return self.timed_out();
        }
        raised
    }

    /// Takes bytes of the next record. What is wrong with them the engine remembers.
    pub fn fetch(&self) -> Res<()> {
        let (_turn, waited) = self.turn(&self.this.fetching)?;
        if waited {
            // The other thread may have fetched what is wanted.
            return Ok(());
        }
        let missing = self.engine(|engine| engine.missing())?;
        let bytes = if self.this.is_over_memory() {
            let incoming = self.this.incoming.get();
            let Some(incoming) = This::<MemoryBio>::of(self.cx, &incoming) else { return Ok(()) };
            let bytes = incoming.take(self.cx, missing, |bytes| Ok(bytes.to_vec()))?;
            if bytes.is_empty() && !incoming.has_ended() {
                return Err(Fault::want_read().raise(self.cx));
            }
            bytes
        } else {
            let (fd, mut bytes) = (self.fd()?, vec![0; missing]);
            let into = &mut bytes[..];
            let received = transfer(self.cx, fd, false, self.left()?, || sys::recv(fd, 0, into));
            bytes.truncate(received.map_err(|raised| self.translate(raised, false))?);
            bytes
        };
        self.cx.work_on_bytes(bytes.len())?;
        self.engine(|engine| {
            if bytes.is_empty() {
                engine.ended = true;
            } else {
                // The next step says what is wrong.
                let _ = engine.take(&bytes);
            }
        })
    }

    /// Sends what is to be sent.
    pub fn flush(&self) -> Res<()> {
        if !self.look(|engine| engine.has_going())? && !self.this.sending.get() {
            return Ok(());
        }
        let (_turn, _) = self.turn(&self.this.sending)?;
        self.send_all()
    }
    /// Writes all bytes, in one turn: who writes at the same time comes before or after. What a call has taken that could not send it is
    /// not taken again by the next one, which must have these bytes too.
    pub fn write(&self, data: &Buffer) -> Res<Result<(), Fault>> {
        let (_turn, _) = self.turn(&self.this.sending)?;
        let mut taken = self.look(|engine| engine.taken)?;
        if data.len() < taken {
            return Ok(Err(Fault::reason("BAD_LENGTH")));
        }
        loop {
            self.send_all()?;
            let rest = data.read(|bytes| {
                let rest = bytes.get(taken..).unwrap_or_default();
                rest[..rest.len().min(CHUNK)].to_vec()
            });
            if rest.is_empty() {
                break;
            }
            match self.engine(|engine| engine.write(&rest))? {
                Ok(count) => taken += count,
                Err(fault) => return Ok(Err(fault)),
            }
        }
        self.look(|engine| engine.taken = 0)?;
        Ok(Ok(()))
    }
    /// Sends what is to be sent; the turn is this thread's.
    fn send_all(&self) -> Res<()> {
        loop {
            let mut going = self.look(Engine::take_going)?;
            if going.is_empty() {
                return Ok(());
            }
            self.cx.work_on_bytes(going.len())?;
            let sent = self.send(&going);
            let count = *sent.as_ref().unwrap_or(&0);
            going.drain(..count.min(going.len()));
            self.look(|engine| engine.put_back(going))?;
            sent.map_err(|raised| self.translate(raised, true))?;
        }
    }
    fn send(&self, bytes: &[u8]) -> Res<usize> {
        if self.this.is_over_memory() {
            let outgoing = self.this.outgoing.get();
            if let Some(outgoing) = This::<MemoryBio>::of(self.cx, &outgoing) {
                outgoing.add(self.cx, bytes)?;
            }
            return Ok(bytes.len());
        }
        let fd = self.fd()?;
        transfer(self.cx, fd, true, self.left()?, || sys::send(fd, libc::MSG_NOSIGNAL, bytes))
    }
    /// Sends what is to be sent if nobody else does, and it can be; else it is sent with what comes next.
    fn flush_quietly(&self) -> Res<()> {
        match self.this.sending.get() {
            true => Ok(()),
            // What the socket says is left out; what has nothing to do with it is not.
            false => self.flush().or_else(|raised| self.cx.catch(raised, "OSError").map(drop)),
        }
    }
    /// Sends an alert, if it can be sent, and raises.
    pub fn fail(&self, fault: &Fault) -> Raised {
        match self.flush_quietly() {
            Ok(()) => fault.raise(self.cx),
            Err(raised) => raised,
        }
    }
    /// The transport has ended before the other side has said its last word: nothing can be done any more.
    pub fn cut_off(&self) -> Res<Fault> {
        self.look(|engine| engine.fail(Fault::eof()))
    }
    /// Sends what the engine answers to what it has read, if that can be done now.
    pub fn flush_answers(&self) -> Res<()> {
        if !self.look(|engine| engine.has_going() && engine.taken == 0)? {
            return Ok(());
        }
        match self.timeout {
            Some(_) => self.flush_quietly(),
            None if self.this.sending.get() => Ok(()),
            None => self.flush(),
        }
    }

    /// Does the handshake, or what is left of it. Runs Python (a callback for names).
    pub fn handshake(&self) -> Res<()> {
        if self.look(|engine| engine.is_fresh())? {
            self.count(0);
        }
        loop {
            match self.engine(Engine::step)? {
                Err(fault) => return Err(self.fail(&fault)),
                Ok(Step::Nothing) => {
                    self.flush()?;
                    return self.opened();
                }
                Ok(Step::Answer) => self.answer()?,
                Ok(Step::Record) => {
                    self.flush()?;
                    self.fetch()?;
                    if self.look(|engine| engine.ended && engine.fault.is_none())? {
                        return Err(self.cut_off()?.raise(self.cx));
                    }
                }
            }
        }
    }
    /// The same before anything else is done, in a connection that is not open.
    pub fn handshake_if_needed(&self) -> Res<()> {
        if self.look(|engine| engine.is_open() || engine.fault.is_some())? { self.opened() } else { self.handshake() }
    }
    /// Counts a connection that is open now, and names its session.
    fn opened(&self) -> Res<()> {
        let Some(resumed) = self.look(Engine::has_just_opened)? else { return Ok(()) };
        self.count(if self.this.server_side.get() { 3 } else { 1 });
        if resumed {
            self.count(4);
        }
        self.keep_authority()?;
        if !resumed {
            let cx = self.cx;
            let mut id = vec![0; 32];
            chance(cx, &mut id)?;
            let time = if cx.allows(Capability::Clock) { cx.now().as_secs() } else { 0 };
            self.look(|engine| engine.store.name_anew(id, i64::try_from(time).unwrap_or(i64::MAX)))?;
        }
        Ok(())
    }

    /// An authority of a folder that was needed is one of the context's from now on.
    fn keep_authority(&self) -> Res<()> {
        let last = self.look(|engine| engine.chain.as_ref().and_then(|chain| chain.last().cloned()))?;
        let context = self.this.context.get();
        let (Some(last), Some(context)) = (last, This::<Context>::of(self.cx, &context)) else { return Ok(()) };
        context.setup.with(self.cx, |setup| setup.shelf.count(&last))
    }
    fn count(&self, which: usize) {
        let context = self.this.context.get();
        if let Some(context) = This::<Context>::of(self.cx, &context) {
            context.count(which);
        }
    }

    /// Answers a client's first message, when a callback has heard whom it wants.
    fn answer(&self) -> Res<()> {
        let cx = self.cx;
        self.count(2);
        let context = self.this.context.get();
        let Some(first) = This::<Context>::of(cx, &context) else { return Ok(()) };
        let callback = first.sni_callback.get();
        let alert = match callback.is_none() {
            true => None,
            false => self.ask(&callback, &context)?,
        };
        if let Some(alert) = alert {
            let fault = self.engine(|engine| engine.refuse(alert, Fault::reason("CALLBACK_FAILED")))?;
            return Err(self.fail(&fault));
        }
        // The callback may have chosen another one.
        let context = self.this.context.get();
        let Some(chosen) = This::<Context>::of(cx, &context) else { return Ok(()) };
        let refuse = |alert: u8, fault: Fault| self.engine(|engine| engine.refuse(alert, fault)).map(drop);
        if !chosen.setup.with(cx, |setup| setup.has_keys())? {
            return refuse(HANDSHAKE_FAILURE, Fault::reason("NO_SHARED_CIPHER"));
        }
        let config = match config::server(cx, chosen).and_then(|config| self.this.keep(cx, chosen).map(|()| config)) {
            Ok(config) => config,
            Err(raised) => {
                // What the client has said is kept no longer.
                refuse(INTERNAL_ERROR, Fault::reason("INTERNAL_ERROR"))?;
                self.flush_quietly()?;
                return Err(raised);
            }
        };
        // What is wrong the next step says.
        self.engine(|engine| drop(engine.answer(config)))
    }
    /// Asks a callback; the alert with which the client is refused.
    fn ask(&self, callback: &Value, context: &Value) -> Res<Option<u8>> {
        let cx = self.cx;
        let owner = self.this.owner_or_none(cx)?;
        if owner.is_none() && self.this.had_owner() {
            return Ok(Some(INTERNAL_ERROR));
        }
        let name = self.look(|engine| engine.hello.name.clone())?;
        let shown = if owner.is_none() { self.sock.clone() } else { owner };
        let answer = match cx.call(callback, (shown, name, context)) {
            Ok(answer) => answer,
            Err(raised) => {
                cx.unraisable(raised, callback);
                return Ok(Some(HANDSHAKE_FAILURE));
            }
        };
        if answer.is_none() {
            return Ok(None);
        }
        match cx.long(&answer) {
            Ok(alert) => Ok(Some(alert as u8)),
            Err(raised) => {
                cx.unraisable(raised, &answer);
                Ok(Some(INTERNAL_ERROR))
            }
        }
    }
}

impl SslSocket {
    /// Whether it has two pieces of memory in place of a socket.
    pub fn is_over_memory(&self) -> bool {
        !self.incoming.is_none()
    }
}
