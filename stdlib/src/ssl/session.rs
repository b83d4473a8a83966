//! Sessions: what a client keeps of one connection to begin the next with.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::NamedGroup;
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use ryokan_vm::native::*;

/// How long a session may be used, in seconds: what OpenSSL tells of its own.
const TIMEOUT: i64 = 7200;
/// So many tickets are kept at most.
const TICKETS: usize = 4;

/// What is kept of a session. A connection has one of its own, which begins with what another one has left.
#[derive(Default)]
struct Kept {
    id: Vec<u8>,
    time: i64,
    old: Option<Tls12ClientSessionValue>,
    tickets: Vec<Tls13ClientSessionValue>,
}

/// Where the engine keeps it.
#[derive(Default)]
pub struct Store(Mutex<Kept>);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Begins with what another session has left.
    pub fn begin_with(&self, other: &Store) {
        if std::ptr::eq(self, other) {
            return;
        }
        let mut left = other.kept();
        // A ticket is used once.
        let tickets = left.tickets.pop().into_iter().collect();
        let begun = Kept { id: left.id.clone(), time: left.time, old: left.old.clone(), tickets };
        drop(left);
        *self.kept() = begun;
    }
    /// A session has begun anew at a time: it has another name than the one before.
    pub fn name_anew(&self, id: Vec<u8>, time: i64) {
        let mut kept = self.kept();
        kept.id = id;
        kept.time = time;
    }
    fn has_ticket(&self) -> bool {
        let kept = self.kept();
        kept.old.is_some() || !kept.tickets.is_empty()
    }
}

impl ClientSessionStore for Store {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}
    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        None
    }
    fn set_tls12_session(&self, _: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.kept().old = Some(value);
    }
    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.kept().old.clone()
    }
    fn remove_tls12_session(&self, _: &ServerName<'static>) {
        self.kept().old = None;
    }
    fn insert_tls13_ticket(&self, _: ServerName<'static>, value: Tls13ClientSessionValue) {
        let mut kept = self.kept();
        if kept.tickets.len() == TICKETS {
            kept.tickets.remove(0);
        }
        kept.tickets.push(value);
    }
    fn take_tls13_ticket(&self, _: &ServerName<'_>) -> Option<Tls13ClientSessionValue> {
        self.kept().tickets.pop()
    }
}

native_type! {
    /// What a connection has left, to begin another one with.
    "_ssl.SSLSession" = pub struct Session { context: Slot, store: Own<Arc<Store>>, charge: Own<Charge> }
    slots { compare = compare; }
    getters {
        /// Whether the other side has given a ticket for it.
        has_ticket = |cx: &Cx, this: This<Session>| this.store.with(cx, |store| store.has_ticket());
        /// Its name.
        id = id;
        /// How long the ticket can be used, in seconds.
        ticket_lifetime_hint = |_, _: This<Session>| TIMEOUT;
        /// When it began, in seconds since 1970.
        time = |cx: &Cx, this: This<Session>| this.store.with(cx, |store| store.kept().time);
        /// How long it can be used, in seconds.
        timeout = |_, _: This<Session>| TIMEOUT;
    }
}

/// What tickets take, about.
const COST: usize = 8 << 10;

/// A session of a context. The other side's certificates, which it keeps, have so many bytes. Runs no Python; `MemoryError`.
pub fn of(cx: &Cx, context: &Value, store: Arc<Store>, certificates: usize) -> Res {
    let charge = Own::new(cx.charge(COST.saturating_add(certificates))?);
    let made = cx.new(Session { context: Slot::new(context.clone()), store: Own::new(store), charge })?;
    Ok(made.into_value())
}

impl Session {
    /// Whether it was made with a context.
    pub fn is_of(&self, context: &Value) -> bool {
        self.context.is(context)
    }
    /// What is kept of it.
    pub fn store(&self, cx: &Cx) -> Res<Arc<Store>> {
        self.store.with(cx, |store| store.clone())
    }
}

fn id(cx: &Cx, this: This<Session>) -> Res {
    let id = this.store.with(cx, |store| store.kept().id.clone())?;
    (&id[..]).into_value(cx)
}
fn compare(cx: &Cx, this: This<Session>, other: &Value, op: CompareOp) -> Res {
    let Some(other) = This::<Session>::of(cx, other) else { return Ok(Value::NOT_IMPLEMENTED) };
    let (left, right) = (this.store(cx)?, other.store(cx)?);
    let same = Arc::ptr_eq(&left, &right) || {
        let id = left.kept().id.clone();
        id == right.kept().id
    };
    match op {
        CompareOp::Eq => same.into_value(cx),
        CompareOp::Ne => (!same).into_value(cx),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
