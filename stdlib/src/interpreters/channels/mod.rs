//! `_interpchannels`: channels between interpreters, with ends that each interpreter has for itself.
//!
//! | file | what |
//! |---|---|
//! | `state.rs` | the channels, as they lie in the runtime |
//! | `ids.rs` | `ChannelID`, and what stands for ends |

mod ids;
mod state;

use ryokan_vm::native::*;

use super::load::Load;
use super::pack::{Fallback, lacks_room, pack, pack_buffer};
use super::unpack::unpack;
use super::{Named, error_under, pay_for, unbound_op};
use crate::time::{away_from_zero, nanoseconds};
pub use ids::{is_channel, pack_channel, unpack_channel};
use ids::{ChannelId, make};
pub use state::End;
use state::{Channel, Channels, Fate, Item, Stage, Waiting, Wrong};
use std::time::Duration;

native_module! {
    /// Channels between interpreters, at their plainest.
    "_interpchannels" {
        types { ChannelId }
        classes {
            "ChannelInfo" = &CHANNEL_INFO;
            "ChannelError" = &CHANNEL_ERROR;
            "ChannelNotFoundError" = &NOT_FOUND;
            "ChannelClosedError" = &CLOSED;
            "ChannelEmptyError" = &EMPTY;
            "ChannelNotEmptyError" = &NOT_EMPTY;
        }
        functions {
            /// Makes a channel; gives its ID. It lives as long as there is a ChannelID of it.
            create(unboundop: i32 = -1, fallback: i32 = -1), shows = "";
            /// Takes a channel away, with what is in it.
            destroy(cid: Value), shows = "";
            /// All channels, each with what becomes of items whose interpreter has ended, and of objects that are not shareable.
            list_all();
            /// The interpreters to which an end is open.
            list_interpreters(cid: Value, *, send: Given = Given(None) => "..."), shows = "";
            /// Adds an object. By default it waits until that is received.
            send(cid: Value, obj: Value, unboundop: i32 = -1, fallback: i32 = -1, *, blocking: bool = True, timeout: Value = Value::NONE => "None"), shows = "";
            /// The same of an object's buffer.
            send_buffer(cid: Value, obj: Value, unboundop: i32 = -1, fallback: i32 = -1, *, blocking: bool = True, timeout: Value = Value::NONE => "None"), shows = "";
            /// Takes the first object, and what it stands for if its interpreter has ended. If there is none, the default.
            recv(cid: Value, default: Given = Given(None) => "..."), shows = "";
            /// Closes an end, or both, for all interpreters. Where objects wait, only force closes at once; the sending end closes when
            /// they are received.
            close(cid: Value, *, send: bool = False, recv: bool = False, force: bool = False), shows = "";
            /// Closes an end, or both, for this interpreter.
            release(cid: Value, *, send: bool = False, recv: bool = False, force: bool = False), shows = "";
            /// How many objects wait.
            get_count(cid: Value), shows = "";
            /// How it is with a channel.
            get_info(cid: Value), shows = "";
            /// What becomes of items whose interpreter has ended, and of objects that are not shareable, where send() says nothing else.
            get_channel_defaults(cid: Value), shows = "";
            /// An ID of a channel, or of one of its ends.
            _channel_id(id: Value, *, send: Given = Given(None) => "None", recv: Given = Given(None) => "None", force: bool = False, _resolve: bool = False) = channel_id, shows = "";
            /// Says which classes stand for the ends of channels.
            _register_end_types(send: Value, recv: Value) = ids::register, shows = "";
        }
    }
}

native_record! {
    /// A named tuple of a channel's state.
    static CHANNEL_INFO = "_interpchannels.ChannelInfo" {
        open, closing, closed, count, num_interp_send, num_interp_send_released, num_interp_recv, num_interp_recv_released;
        num_interp_both, num_interp_both_released, num_interp_both_send_released, num_interp_both_recv_released,
        send_associated, send_released, recv_associated, recv_released
    };
}

fn channel_error(cx: &Cx, name: &str) -> Res {
    let base = cx.class_of_key(&CHANNEL_ERROR)?;
    error_under(cx, "_interpchannels", name, &base, "")
}
static CHANNEL_ERROR: ClassKey = ClassKey::new(|vm| {
    let cx = Cx::of(vm);
    error_under(cx, "_interpchannels", "ChannelError", &cx.builtin("RuntimeError")?, "")
});
static NOT_FOUND: ClassKey = ClassKey::new(|vm| channel_error(Cx::of(vm), "ChannelNotFoundError"));
static CLOSED: ClassKey = ClassKey::new(|vm| channel_error(Cx::of(vm), "ChannelClosedError"));
static EMPTY: ClassKey = ClassKey::new(|vm| channel_error(Cx::of(vm), "ChannelEmptyError"));
static NOT_EMPTY: ClassKey = ClassKey::new(|vm| channel_error(Cx::of(vm), "ChannelNotEmptyError"));

/// What a channel and an item are charged for, besides what is in the item.
const CHANNEL_BYTES: usize = size_of::<Channel>() + 128;
const ITEM_BYTES: usize = 2 * size_of::<Item>() + 64;

fn wrong(cx: &Cx, id: i64, wrong: Wrong) -> Raised {
    match wrong {
        Wrong::NotThere => cx.raise_of(&NOT_FOUND, format_args!("channel {id} not found")),
        Wrong::Closed => cx.raise_of(&CLOSED, format_args!("channel {id} is closed")),
        Wrong::ClosedHere => cx.raise_of(&CLOSED, format_args!("channel {id} is already closed")),
        Wrong::Empty => cx.raise_of(&EMPTY, format_args!("channel {id} is empty")),
        Wrong::NotEmpty => {
            let text = format_args!("channel {id} may not be closed if not empty (try force=True)");
            cx.raise_of(&NOT_EMPTY, text)
        }
        Wrong::NoMemory => cx.no_memory(),
    }
}

/// The number of a channel, of an ID or an int.
fn id_of(cx: &Cx, cid: &Value) -> Res<i64> {
    match This::<ChannelId>::of(cx, cid) {
        Some(this) => Ok(this.number()),
        None => Named("channel").id(cx, cid),
    }
}

/// Does something with a channel.
fn with_id<T>(cx: &Cx, id: i64, look: impl FnOnce(&mut Channel) -> Result<T, Wrong>) -> Res<T> {
    pay_for(cx, cx.in_common(|channels: &mut Channels| channels.all.len()))?;
    cx.in_common(|channels: &mut Channels| look(channels.find(id)?)).map_err(|why| wrong(cx, id, why))
}

fn create(cx: &Cx, unboundop: i32, fallback: i32) -> Res {
    let unbound = unbound_op(cx, unboundop, 3)?;
    let fallback = super::queues::fallback_of(cx, fallback, 1)?;
    let room = cx.set_aside(CHANNEL_BYTES)?;
    let made =
        cx.in_common(|channels: &mut Channels| channels.add(Channel::new(unbound, fallback, room)));
    let Some((id, token)) = made else { return Err(cx.no_memory()) };
    make(cx, id, End::Both, Some(token))
}

fn destroy(cx: &Cx, cid: Value) -> Res<()> {
    let id = id_of(cx, &cid)?;
    let gone = cx.in_common(|channels: &mut Channels| {
        let at = channels.all.iter().position(|channel| channel.id == id)?;
        Some(channels.all.remove(at))
    });
    gone.map(drop).ok_or(()).map_err(|()| wrong(cx, id, Wrong::NotThere))
}

fn list_all(cx: &Cx) -> Res<List> {
    let count = cx.in_common(|channels: &mut Channels| channels.all.len());
    let _room = cx.charge(count * 64)?;
    let all: Vec<_> = cx.in_common(|channels: &mut Channels| {
        channels.purge();
        let shown = channels.all.iter().filter(|channel| channel.is_listed).take(count);
        shown.map(|channel| (channel.id, channel.unbound, channel.fallback, channel.token.clone())).collect()
    });
    let list = List::new(cx, all.len())?;
    for (id, unbound, fallback, token) in all {
        list.push(cx, (make(cx, id, End::Both, Some(token))?, unbound, fallback))?;
    }
    Ok(list)
}

fn list_interpreters(cx: &Cx, cid: Value, send: Given) -> Res<Vec<i64>> {
    let Some(send) = send.0 else {
        return Err(cx.type_error("channel_list_interpreters() missing required argument 'send' (pos 2)"));
    };
    let end = if cx.truth(&send)? { End::Send } else { End::Recv };
    let id = id_of(cx, &cid)?;
    with_id(cx, id, |channel| channel.users(end))
}

/// The end that flags name; both if they name none.
fn end_of(send: bool, recv: bool) -> End {
    match (send, recv) {
        (true, false) => End::Send,
        (false, true) => End::Recv,
        _ => End::Both,
    }
}

fn close(cx: &Cx, cid: Value, send: bool, recv: bool, force: bool) -> Res<()> {
    let id = id_of(cx, &cid)?;
    with_id(cx, id, |channel| channel.close(end_of(send, recv), force))
}

fn release(cx: &Cx, cid: Value, send: bool, recv: bool, _: bool) -> Res<()> {
    let (id, own) = (id_of(cx, &cid)?, cx.interpreter_id());
    with_id(cx, id, |channel| channel.release(own, end_of(send, recv)))
}

fn get_count(cx: &Cx, cid: Value) -> Res<usize> {
    let id = id_of(cx, &cid)?;
    with_id(cx, id, |channel| match channel.stage {
        Stage::Closed => Err(Wrong::Closed),
        Stage::Open | Stage::Closing => Ok(channel.items.len()),
    })
}

fn get_info(cx: &Cx, cid: Value) -> Res {
    let (id, own) = (id_of(cx, &cid)?, cx.interpreter_id());
    let info = with_id(cx, id, |channel| Ok(channel.info(own)))?;
    let number = |number: usize| Value::small(number as i64);
    let users = info.users.map(number);
    let items = info.stage.map(Value::bool).into_iter().chain([number(info.count)]).chain(users);
    cx.record(&CHANNEL_INFO, items.chain(info.own.into_iter().flatten().map(Value::bool)))
}

fn get_channel_defaults(cx: &Cx, cid: Value) -> Res<(i32, i32)> {
    let id = id_of(cx, &cid)?;
    with_id(cx, id, |channel| Ok((channel.unbound, channel.fallback)))
}

fn channel_id(cx: &Cx, id: Value, send: Given, recv: Given, force: bool, _resolve: bool) -> Res {
    let number = id_of(cx, &id)?;
    let flag = |given: &Given| given.0.as_ref().map(|given| cx.truth(given)).transpose();
    let (send, recv) = (flag(&send)?, flag(&recv)?);
    if send == Some(false) && recv == Some(false) {
        return Err(cx.value_error("'send' and 'recv' cannot both be False"));
    }
    let end = end_of(send == Some(true), recv == Some(true));
    let token = cx.in_common(|channels: &mut Channels| channels.find(number).map(|it| it.token.clone()));
    match token {
        Ok(token) => make(cx, number, end, Some(token)),
        Err(_) if force => make(cx, number, end, None),
        Err(why) => Err(wrong(cx, number, why)),
    }
}

// ---- sending and receiving -------------------------------------------------------------------------------------------

/// How somebody sends.
struct Way {
    unboundop: i32,
    fallback: i32,
    blocking: bool,
    timeout: Value,
}

fn send(
    cx: &Cx,
    cid: Value,
    obj: Value,
    unboundop: i32,
    fallback: i32,
    blocking: bool,
    timeout: Value,
) -> Res<()> {
    let way = Way { unboundop, fallback, blocking, timeout };
    send_with(cx, &cid, way, |fallback| pack(cx, &obj, fallback))
}

fn send_buffer(
    cx: &Cx,
    cid: Value,
    obj: Value,
    unboundop: i32,
    fallback: i32,
    blocking: bool,
    timeout: Value,
) -> Res<()> {
    let way = Way { unboundop, fallback, blocking, timeout };
    send_with(cx, &cid, way, |_| pack_buffer(cx, &obj))
}

/// How long to wait; nothing: for ever.
fn patience(cx: &Cx, way: &Way) -> Res<Option<Duration>> {
    if way.timeout.is_none() {
        return Ok(None);
    }
    if !way.blocking {
        return Err(cx.value_error("can't specify a timeout for a non-blocking call"));
    }
    let wrong = || cx.value_error("timeout value must be a non-negative number");
    let time = nanoseconds(cx, &way.timeout, away_from_zero)?;
    Ok(Some(Duration::from_nanos(u64::try_from(time).map_err(|_| wrong())?)))
}

fn send_with(cx: &Cx, cid: &Value, way: Way, pack: impl FnOnce(Fallback) -> Res<Load>) -> Res<()> {
    let id = id_of(cx, cid)?;
    let patience = patience(cx, &way)?;
    let (unbound, default) = with_id(cx, id, |channel| match channel.stage {
        Stage::Open => Ok((channel.unbound, channel.fallback)),
        Stage::Closing | Stage::Closed => Err(Wrong::Closed),
    })?;
    let unbound = unbound_op(cx, way.unboundop, unbound)?;
    let fallback = Fallback::of(super::queues::fallback_of(cx, way.fallback, default)?);
    let load = pack(fallback)?;
    let waiting = way.blocking.then(Waiting::new);
    let item = Item {
        load: Some(load),
        from: cx.interpreter_id(),
        unbound,
        waiting: waiting.clone(),
        _room: cx.set_aside(ITEM_BYTES)?,
    };
    with_id(cx, id, |channel| channel.send(item))?;
    let Some(waiting) = waiting else { return Ok(()) };
    let bell = waiting.clone();
    let waited = cx.wait_for(patience, move |most| bell.wait(most));
    // Whoever waits no longer takes the object back.
    cx.in_common(|channels: &mut Channels| {
        if let Ok(channel) = channels.find(id) {
            channel.take_back(&waiting);
        }
    });
    match (waited?, waiting.fate()) {
        (_, Fate::Received) => Ok(()),
        (true, _) => Err(cx.raise_of(&CLOSED, format_args!("channel {id} has closed"))),
        (false, _) => {
            let class = cx.builtin("TimeoutError")?;
            Err(cx.raise(&class, "timed out"))
        }
    }
}

fn recv(cx: &Cx, cid: Value, default: Given) -> Res<(Value, Value)> {
    let (id, own) = (id_of(cx, &cid)?, cx.interpreter_id());
    pay_for(cx, cx.in_common(|channels: &mut Channels| channels.all.len()))?;
    let item = match (cx.in_common(|channels: &mut Channels| channels.find(id)?.recv(own)), default.0) {
        (Ok(item), _) => item,
        (Err(Wrong::Empty), Some(default)) => return Ok((default, Value::NONE)),
        (Err(why), _) => return Err(wrong(cx, id, why)),
    };
    let received = match &item.load {
        Some(load) => unpack(cx, load).map(|value| (value, Value::NONE)),
        None => Ok((Value::NONE, Value::small(i64::from(item.unbound)))),
    };
    let stays = received.as_ref().is_err_and(|raised| lacks_room(cx, raised));
    cx.in_common(|channels: &mut Channels| match channels.find(id) {
        Ok(channel) => channel.settle(item, stays),
        Err(_) if stays => drop(item),
        Err(_) => item.received(),
    });
    received
}
