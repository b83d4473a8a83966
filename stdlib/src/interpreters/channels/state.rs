//! The channels of a program, as they lie in the runtime: who is associated with which end, and what waits in them.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use ryokan_vm::native::*;

use super::super::keep_needed;
use super::super::load::Load;

/// Which end is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    Both,
    Send,
    Recv,
}

/// What there is to say of a channel that cannot do what it is asked for.
pub enum Wrong {
    NotThere,
    Closed,
    /// Closed for this interpreter.
    ClosedHere,
    Empty,
    NotEmpty,
    NoMemory,
}

/// What becomes of an object that somebody waits with until it is received.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Waits,
    Received,
    Lost,
}

/// Where he waits.
pub struct Waiting {
    fate: Mutex<Fate>,
    known: Condvar,
}

impl Waiting {
    pub fn new() -> Arc<Waiting> {
        Arc::new(Waiting { fate: Mutex::new(Fate::Waits), known: Condvar::new() })
    }
    fn decide(&self, fate: Fate) {
        let mut now = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        if *now == Fate::Waits {
            *now = fate;
            self.known.notify_all();
        }
    }
    pub fn fate(&self) -> Fate {
        *self.fate.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Waits so long at most; whether it is known.
    pub fn wait(&self, most: Option<Duration>) -> bool {
        let fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |fate: &mut Fate| *fate == Fate::Waits;
        let fate = match most {
            None => self.known.wait_while(fate, waits).unwrap_or_else(PoisonError::into_inner),
            Some(most) => {
                self.known.wait_timeout_while(fate, most, waits).unwrap_or_else(PoisonError::into_inner).0
            }
        };
        *fate != Fate::Waits
    }
}

/// An object in a channel.
pub struct Item {
    /// Nothing: its interpreter has ended.
    pub load: Option<Load>,
    pub from: i64,
    pub unbound: i32,
    pub waiting: Option<Arc<Waiting>>,
    pub _room: SetAside,
}

impl Item {
    /// It leaves the channel.
    pub fn received(&self) {
        if let Some(waiting) = &self.waiting {
            waiting.decide(Fate::Received);
        }
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        if let Some(waiting) = &self.waiting {
            waiting.decide(Fate::Lost);
        }
    }
}

/// One end of a channel: the interpreters that have used it, and whether it is still open to them.
#[derive(Default)]
struct Users(Vec<(i64, bool)>);

impl Users {
    fn find(&self, id: i64) -> Option<bool> {
        self.0.iter().find(|(user, _)| *user == id).map(|(_, open)| *open)
    }
    fn is_any_open(&self) -> bool {
        self.0.iter().any(|(_, open)| *open)
    }
    /// An interpreter uses it.
    fn associate(&mut self, id: i64) -> Result<(), Wrong> {
        match self.find(id) {
            Some(true) => Ok(()),
            Some(false) => Err(Wrong::ClosedHere),
            None => self.add(id, true),
        }
    }
    fn add(&mut self, id: i64, open: bool) -> Result<(), Wrong> {
        self.0.try_reserve(1).map_err(|_| Wrong::NoMemory)?;
        self.0.push((id, open));
        Ok(())
    }
    /// It is closed to an interpreter.
    fn release(&mut self, id: i64) -> Result<(), Wrong> {
        match self.0.iter_mut().find(|(user, _)| *user == id) {
            Some((_, open)) => *open = false,
            None => self.add(id, false)?,
        }
        Ok(())
    }
    fn forget(&mut self, id: i64) -> bool {
        let user = self.0.iter_mut().find(|(user, _)| *user == id);
        user.is_some_and(|(_, open)| std::mem::replace(open, false))
    }
}

/// How far a channel is from its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Open,
    /// Nothing is sent any more; what is there is received.
    Closing,
    Closed,
}

/// Who has closed a channel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// Somebody, for all.
    All,
    /// Each interpreter that used it, for itself.
    Each,
}

pub struct Channel {
    pub id: i64,
    pub unbound: i32,
    pub fallback: i32,
    pub stage: Stage,
    /// Whether it is shown in lists: until somebody has closed it for all.
    pub is_listed: bool,
    pub items: VecDeque<Item>,
    send: Users,
    recv: Users,
    /// Objects that stand for it have this, also while they are on their way.
    pub token: Arc<()>,
    pub _room: SetAside,
}

impl Channel {
    pub fn new(unbound: i32, fallback: i32, room: SetAside) -> Channel {
        Channel {
            id: 0,
            unbound,
            fallback,
            stage: Stage::Open,
            is_listed: true,
            items: VecDeque::new(),
            send: Users::default(),
            recv: Users::default(),
            token: Arc::default(),
            _room: room,
        }
    }

    pub fn send(&mut self, item: Item) -> Result<(), Wrong> {
        if self.stage != Stage::Open {
            return Err(Wrong::Closed);
        }
        self.send.associate(item.from)?;
        self.items.try_reserve(1).map_err(|_| Wrong::NoMemory)?;
        self.items.push_back(item);
        Ok(())
    }

    /// Takes the first object out. Whoever takes it says what has become of it: see [`Channel::settle`].
    pub fn recv(&mut self, to: i64) -> Result<Item, Wrong> {
        if self.stage == Stage::Closed {
            return Err(Wrong::Closed);
        }
        self.recv.associate(to)?;
        self.items.pop_front().ok_or(Wrong::Empty)
    }

    /// What was taken out is received; or it stays where it was, if it still can.
    pub fn settle(&mut self, item: Item, stays: bool) {
        if stays && self.stage != Stage::Closed && self.items.try_reserve(1).is_ok() {
            self.items.push_front(item);
        } else {
            item.received();
        }
        if self.items.is_empty() && self.stage == Stage::Closing {
            self.shut(By::All);
        }
    }

    /// Takes back what somebody waits with.
    pub fn take_back(&mut self, waiting: &Arc<Waiting>) {
        let is_it = |item: &Item| item.waiting.as_ref().is_some_and(|other| Arc::ptr_eq(other, waiting));
        self.items.retain(|item| !is_it(item));
    }

    /// Closes it for all.
    pub fn close(&mut self, end: End, force: bool) -> Result<(), Wrong> {
        match self.stage {
            Stage::Closed => return Err(Wrong::Closed),
            Stage::Closing if end == End::Send && !force => return Err(Wrong::Closed),
            Stage::Open | Stage::Closing => {}
        }
        if !force && !self.items.is_empty() {
            if end == End::Send {
                self.stage = Stage::Closing;
                return Ok(());
            }
            return Err(Wrong::NotEmpty);
        }
        self.shut(By::All);
        Ok(())
    }

    /// Closes it for one interpreter.
    pub fn release(&mut self, id: i64, end: End) -> Result<(), Wrong> {
        if self.stage == Stage::Closed {
            return Err(Wrong::Closed);
        }
        if end != End::Recv {
            self.send.release(id)?;
        }
        if end != End::Send {
            self.recv.release(id)?;
        }
        self.shut_if_unused();
        Ok(())
    }

    fn shut(&mut self, by: By) {
        self.stage = Stage::Closed;
        self.is_listed = by == By::Each;
        self.items.clear();
    }
    fn shut_if_unused(&mut self) {
        if !self.send.is_any_open() && !self.recv.is_any_open() {
            self.shut(By::Each);
        }
    }

    /// The interpreters to which an end is open.
    pub fn users(&self, end: End) -> Result<Vec<i64>, Wrong> {
        if self.stage == Stage::Closed || self.stage == Stage::Closing && end == End::Send {
            return Err(Wrong::Closed);
        }
        let users = if end == End::Recv { &self.recv } else { &self.send };
        let mut open: Vec<i64> = users.0.iter().filter(|(_, open)| *open).map(|(id, _)| *id).collect();
        open.sort_unstable();
        Ok(open)
    }

    /// What `ChannelInfo` says, as an interpreter sees it: flags and numbers, in the order of its fields.
    pub fn info(&self, id: i64) -> Info {
        let mut info = Info {
            stage: [Stage::Open, Stage::Closing, Stage::Closed].map(|stage| stage == self.stage),
            count: self.items.len(),
            ..Info::default()
        };
        if self.stage == Stage::Closed {
            return info;
        }
        for (user, open) in &self.send.0 {
            let at = match (self.recv.find(*user), open) {
                (None, true) => 0,
                (None, false) => 1,
                (Some(true), true) => 4,
                (Some(false), false) => 5,
                (Some(false), true) => 6,
                (Some(true), false) => 7,
            };
            info.users[at] += 1;
        }
        for (user, open) in &self.recv.0 {
            if self.send.find(*user).is_none() {
                info.users[if *open { 2 } else { 3 }] += 1;
            }
        }
        info.own = [&self.send, &self.recv].map(|users| users.find(id)).map(|open| {
            [open == Some(true), open == Some(false)]
        });
        info
    }

    fn is_needed(&self) -> bool {
        Arc::strong_count(&self.token) > 1
    }

    fn interpreter_ended(&mut self, id: i64) {
        const REMOVE: i32 = 1;
        self.items.retain(|item| item.from != id || item.unbound != REMOVE);
        self.items.iter_mut().filter(|item| item.from == id).for_each(|item| item.load = None);
        let (sent, received) = (self.send.forget(id), self.recv.forget(id));
        if sent || received {
            self.shut_if_unused();
        }
    }
}

/// See [`Channel::info`].
#[derive(Default)]
pub struct Info {
    pub stage: [bool; 3],
    pub count: usize,
    /// How many interpreters use which ends, and which of these are closed to them.
    pub users: [usize; 8],
    /// Of the sending and the receiving end: whether the asking interpreter uses it, and whether it is closed to it.
    pub own: [[bool; 2]; 2],
}

/// All channels of a program.
#[derive(Default)]
pub struct Channels {
    next: i64,
    pub all: Vec<Channel>,
}

impl Channels {
    /// Lets those go that no object stands for any more.
    pub fn purge(&mut self) {
        keep_needed(&mut self.all, Channel::is_needed);
    }
    pub fn find(&mut self, id: i64) -> Result<&mut Channel, Wrong> {
        self.purge();
        self.all.iter_mut().find(|channel| channel.id == id).ok_or(Wrong::NotThere)
    }
    /// Adds one; its number, and the token for the object that stands for it.
    pub fn add(&mut self, mut channel: Channel) -> Option<(i64, Arc<()>)> {
        self.purge();
        self.all.try_reserve(1).ok()?;
        channel.id = self.next;
        self.next += 1;
        let made = (channel.id, channel.token.clone());
        self.all.push(channel);
        Some(made)
    }
}

impl InCommon for Channels {
    fn interpreter_ended(&mut self, id: i64) {
        self.all.iter_mut().for_each(|channel| channel.interpreter_ended(id));
    }
}
