//! `ChannelID`, and the classes of a script's own that stand for the ends of channels.

use std::cell::Cell;
use std::sync::Arc;

use ryokan_vm::native::*;

use super::super::load::Crossing;
use super::super::is_class;
use super::state::End;
use super::with_id;

native_type! {
    /// A channel ID identifies a channel and may be used as an int.
    "_interpchannels.ChannelID" = pub struct ChannelId { id: Cell<i64>, end: Own<Side>, token: Own<Option<Arc<()>>> }
    slots { repr = repr; str = text; hash = hash; compare = compare; int = number; index = number; }
    getters {
        /// 'send', 'recv' or 'both'
        end = |cx: &Cx, this: This<ChannelId>| this.end(cx).map(name);
        /// The ID of the sending end
        send = |cx: &Cx, this: This<ChannelId>| other_end(cx, this, End::Send);
        /// The ID of the receiving end
        recv = |cx: &Cx, this: This<ChannelId>| other_end(cx, this, End::Recv);
    }
}

/// An end, for an object to hold.
struct Side(End);

native_state! {
    /// The classes that stand for ends.
    struct Ends { send: Slot, recv: Slot }
}

fn name(end: End) -> &'static str {
    match end {
        End::Both => "both",
        End::Send => "send",
        End::Recv => "recv",
    }
}

impl ChannelId {
    /// The number.
    pub fn number(&self) -> i64 {
        self.id.get()
    }
    fn end(&self, cx: &Cx) -> Res<End> {
        self.end.with(cx, |side| side.0)
    }
}

/// Makes one.
pub fn make(cx: &Cx, id: i64, end: End, token: Option<Arc<()>>) -> Res {
    let made = ChannelId { id: Cell::new(id), end: Own::new(Side(end)), token: Own::new(token) };
    Ok(cx.new(made)?.into_value())
}

fn repr(cx: &Cx, this: This<ChannelId>) -> Res<String> {
    let id = this.id.get();
    Ok(match this.end(cx)? {
        End::Both => format!("ChannelID({id})"),
        end => format!("ChannelID({id}, {}=True)", name(end)),
    })
}
fn text(_: &Cx, this: This<ChannelId>) -> String {
    this.id.get().to_string()
}
fn number(_: &Cx, this: This<ChannelId>) -> i64 {
    this.id.get()
}
fn hash(cx: &Cx, this: This<ChannelId>) -> Res<i64> {
    cx.hash(&this.id.get().into_value(cx)?)
}

fn compare(cx: &Cx, this: This<ChannelId>, other: &Value, op: CompareOp) -> Res {
    let wanted = match op {
        CompareOp::Eq => true,
        CompareOp::Ne => false,
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    let equal = match This::<ChannelId>::of(cx, other) {
        Some(other) => this.id == other.id && this.end(cx)? == other.end(cx)?,
        None if cx.is_number(other) => {
            cx.holds(&this.id.get().into_value(cx)?, CompareOp::Eq, other)?
        }
        None => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(Value::bool(equal == wanted))
}

fn other_end(cx: &Cx, this: This<ChannelId>, end: End) -> Res {
    if this.end(cx)? == end {
        return Ok(this.to_value());
    }
    make(cx, this.id.get(), end, this.token.with(cx, |token| token.clone())?)
}

// ---- crossing --------------------------------------------------------------------------------------------------------

/// `_register_end_types(send, recv)`
pub fn register(cx: &Cx, send: Value, recv: Value) -> Res<()> {
    for (class, name) in [(&send, "send"), (&recv, "recv")] {
        if !is_class(cx, class, "object")? {
            return Err(cx.type_error(format_args!("expected a type for '{name}'")));
        }
    }
    let state = cx.state::<Ends>()?;
    state.send.set(send);
    state.recv.set(recv);
    Ok(())
}

/// Which end an object of a registered class stands for.
fn end_of(cx: &Cx, value: &Value) -> Res<Option<End>> {
    let state = cx.state::<Ends>()?;
    let class = cx.class_of(value);
    let stands = |known: Value| !known.is_none() && known.is(&class);
    Ok(match () {
        () if stands(state.send.get()) => Some(End::Send),
        () if stands(state.recv.get()) => Some(End::Recv),
        () => None,
    })
}

/// Whether an object stands for a channel or an end of one.
pub fn is_channel(cx: &Cx, value: &Value) -> Res<bool> {
    Ok(cx.is_exact::<ChannelId>(value) || end_of(cx, value)?.is_some())
}

/// The channel that an object stands for, on its way.
pub fn pack_channel(cx: &Cx, value: &Value) -> Res<Crossing> {
    let (id, end, is_object) = match This::<ChannelId>::of(cx, value) {
        Some(this) => (this.id.get(), this.end(cx)?, false),
        None => {
            let own = cx.attr(value, "_id")?;
            let Some(id) = This::<ChannelId>::of(cx, &own) else {
                let kind = cx.type_name(&own);
                return Err(cx.type_error(format_args!(
                    "'_id' attribute must be an _interpchannels.ChannelID object, not {kind}"
                )));
            };
            (id.id.get(), end_of(cx, value)?.unwrap_or(End::Both), true)
        }
    };
    with_id(cx, id, |channel| {
        Ok(Crossing::Channel { id, end, is_object, token: channel.token.clone() })
    })
}

/// The object that stands for it here.
pub fn unpack_channel(cx: &Cx, id: i64, end: End, is_object: bool, token: &Arc<()>) -> Res {
    let made = make(cx, id, end, Some(token.clone()))?;
    if !is_object {
        return Ok(made);
    }
    let state = cx.state::<Ends>()?;
    let class = || if end == End::Send { state.send.get() } else { state.recv.get() };
    if class().is_none() {
        // Who knows the classes says so when he is imported.
        if let Err(raised) = cx.import("interpreters.channels") {
            drop(cx.catch(raised, "ImportError")?);
            cx.import("test.support.channels")?;
        }
    }
    cx.call(&class(), (made,))
}
