//! Connections: `_SSLSocket`.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::pki_types::{CertificateDer, ServerName};
use ryokan_vm::native::*;

use super::constants::*;
use super::context::{Context, ThisContext, given};
use super::engine::{self, Engine, Plain};
use super::errors::Fault;
use super::session::Session;
use super::transport::Way;
use super::{certificate, config, session, suites};

native_type! {
    /// A connection.
    "_ssl._SSLSocket" = pub struct SslSocket {
        pub context: Slot,
        /// A weak reference to the socket; None over memory.
        sock: Slot,
        /// What comes in and goes out over memory.
        pub incoming: Slot,
        pub outgoing: Slot,
        /// A weak reference to whom callbacks are told of.
        owner: Slot,
        server_hostname: Slot,
        pub server_side: Cell<bool>,
        /// Whether a thread takes records from the transport, and whether one gives records to it.
        pub fetching: Cell<bool>,
        pub sending: Cell<bool>,
        /// The context whose configuration the engine has.
        configured: Slot,
        engine: Own<Arc<Mutex<Engine>>>,
        charge: Own<Charge>,
    }
    getters {
        /// Whether it is a server's.
        server_side = |_, this: ThisSocket| this.server_side.get();
        /// The server that was asked for.
        server_hostname = |_, this: ThisSocket| this.server_hostname.get();
        /// Whether an earlier session was taken up again.
        session_reused = |cx: &Cx, this: ThisSocket| this.look(cx, |engine| engine.is_resumed());
    }
    attributes {
        /// Its settings.
        context = |_, this: ThisSocket| this.context.get(), set_context;
        /// Whom callbacks are told of.
        owner = |cx: &Cx, this: ThisSocket| this.owner_or_none(cx), set_owner;
        /// What is left of it for another connection.
        session = get_session, set_session;
    }
    methods {
        /// Does the handshake.
        do_handshake();
        /// Writes bytes; returns how many.
        write(b: Buffer, /);
        /// At most so many bytes, or so many into a buffer: read(size[, buffer]).
        read(*args), shows = "";
        /// How many bytes can be read at once.
        pending();
        /// The other side's certificate: a dict, or bytes.
        getpeercert(der: bool = false => "False", /);
        /// Bytes that only this connection has; None if there are none of the kind.
        get_channel_binding(cb_type: Text = Text::default() => "'tls-unique'");
        /// The cipher: its name, version, and bits.
        cipher();
        /// The ciphers that client and server have in common.
        shared_ciphers();
        /// The version that is spoken.
        version();
        /// The protocol that was agreed on.
        selected_alpn_protocol();
        /// How data is compressed: not at all.
        compression();
        /// Says that nothing more comes, and waits for the other side to say so; returns the socket.
        shutdown();
        /// Not possible: the engine asks for certificates in the handshake only.
        verify_client_post_handshake();
        /// The certificates that the other side has shown.
        get_unverified_chain();
        /// The certificates from the other side's to one that is trusted.
        get_verified_chain();
    }
}

pub type ThisSocket<'a> = This<'a, SslSocket>;

/// What a connection is over.
pub enum Over {
    Socket(Value),
    Memory(Value, Value),
}

fn weak(cx: &Cx, value: &Value) -> Res {
    cx.call_method(&cx.import("_weakref")?, "ref", (value,))
}

/// Makes a connection.
pub fn make(
    cx: &Cx,
    context: ThisContext<'_>,
    over: Over,
    server_side: bool,
    hostname: Value,
    owner: Value,
    session: Value,
) -> Res {
    let wrong = match context.protocol.get() {
        PROTOCOL_TLS_SERVER if !server_side => {
            "Cannot create a client socket with a PROTOCOL_TLS_SERVER context"
        }
        PROTOCOL_TLS_CLIENT if server_side => {
            "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context"
        }
        _ => "",
    };
    if !wrong.is_empty() {
        return Err(Fault::text(wrong).raise(cx));
    }
    if !server_side && hostname.is_none() && context.check_hostname.get() {
        return Err(cx.value_error("check_hostname requires server_hostname"));
    }
    if server_side && !hostname.is_none() {
        return Err(cx.value_error("server_hostname can only be specified in client mode"));
    }
    if server_side && !session.is_none() {
        return Err(cx.value_error("session can only be specified in client mode"));
    }
    let name = host_name(cx, &hostname)?;
    let engine = if server_side { Engine::server() } else { Engine::client(config::client(cx, context)?, name) };
    let (sock, incoming, outgoing) = match over {
        Over::Socket(sock) => (weak(cx, &sock)?, Value::NONE, Value::NONE),
        Over::Memory(incoming, outgoing) => (Value::NONE, incoming, outgoing),
    };
    let owner = if owner.is_none() { Value::NONE } else { weak(cx, &owner)? };
    let made = cx.new(SslSocket {
        context: Slot::new(context.to_value()),
        sock: Slot::new(sock),
        incoming: Slot::new(incoming),
        outgoing: Slot::new(outgoing),
        owner: Slot::new(owner),
        server_hostname: Slot::new(hostname),
        server_side: Cell::new(server_side),
        fetching: Cell::new(false),
        sending: Cell::new(false),
        configured: Slot::default(),
        engine: Own::new(Arc::new(Mutex::new(engine))),
        charge: Own::new(cx.charge(0)?),
    })?;
    let made = made.into_value();
    This::<SslSocket>::expect(cx, &made)?.keep(cx, context)?;
    if !session.is_none() {
        set_session(cx, This::expect(cx, &made)?, Some(&session))?;
    }
    Ok(made)
}

/// Whom a client asks for; an address that nobody has if that is not said.
fn host_name(cx: &Cx, hostname: &Value) -> Res<ServerName<'static>> {
    if hostname.is_none() {
        return Ok(ServerName::IpAddress(std::net::IpAddr::from([0, 0, 0, 0]).into()));
    }
    if !cx.is_str(hostname) {
        let kind = cx.arg_name(hostname);
        return Err(cx.type_error(format_args!("argument must be str, not {kind}")));
    }
    let text = Str::of(hostname).and_then(|text| text.ascii().map(str::to_owned)).filter(|text| !text.contains('\0'));
    let Some(text) = text else {
        let kind = cx.arg_name(hostname);
        let message = format_args!("argument must be encoded string without null bytes, not {kind}");
        return Err(cx.type_error(message));
    };
    if text.is_empty() || text.starts_with('.') {
        let message = "server_hostname cannot be an empty string or start with a leading dot.";
        return Err(cx.value_error(message));
    }
    ServerName::try_from(text).map_err(|_| cx.value_error("server_hostname is no name of a host"))
}

impl SslSocket {
    /// Looks at the engine, which takes no time, unless somebody works with it. Runs no Python, but other threads run then.
    pub fn look<T: Send>(&self, cx: &Cx, look: impl FnOnce(&mut Engine) -> T + Send) -> Res<T> {
        let engine = self.engine.with(cx, |engine| engine.clone())?;
        match engine.try_lock() {
            Ok(mut engine) => Ok(look(&mut engine)),
            Err(_) => Ok(without_the_lock(cx, &engine, look)),
        }
    }
    /// Works with the engine, without the lock. Runs no Python, but other threads run.
    pub fn work<T: Send>(&self, cx: &Cx, work: impl FnOnce(&mut Engine) -> T + Send) -> Res<T> {
        let engine = self.engine.with(cx, |engine| engine.clone())?;
        Ok(without_the_lock(cx, &engine, work))
    }
    /// The socket; None if it is gone, or if there was none.
    pub fn socket(&self, cx: &Cx) -> Res {
        dereferenced(cx, &self.sock)
    }
    /// Whom callbacks are told of.
    pub fn owner_or_none(&self, cx: &Cx) -> Res {
        dereferenced(cx, &self.owner)
    }
    /// Whether there was ever somebody whom callbacks are told of.
    pub fn had_owner(&self) -> bool {
        !self.owner.is_none()
    }
    /// Keeps a context, whose configuration the engine has, and pays for what of that only this connection may have soon. Runs Python
    /// where another context dies by it; `MemoryError`.
    pub fn keep(&self, cx: &Cx, context: ThisContext<'_>) -> Res<()> {
        let weight = context.setup.with(cx, |setup| setup.weight())?;
        let charge = cx.charge(engine::COST.saturating_add(weight))?;
        self.charge.with(cx, |paid| *paid = charge)?;
        self.configured.set(context.to_value());
        Ok(())
    }
    /// Looks at a connection whose handshake is over.
    fn open<T: Send>(&self, cx: &Cx, look: impl FnOnce(&Engine) -> Option<T> + Send) -> Res<Option<T>> {
        self.look(cx, |engine| if engine.is_open() { look(engine) } else { None })
    }
}

fn without_the_lock<T: Send>(cx: &Cx, engine: &Mutex<Engine>, work: impl FnOnce(&mut Engine) -> T + Send) -> T {
    cx.blocking(|| work(&mut engine.lock().unwrap_or_else(PoisonError::into_inner)))
}

fn dereferenced(cx: &Cx, weak: &Slot) -> Res {
    let weak = weak.get();
    if weak.is_none() { Ok(weak) } else { cx.call(&weak, ()) }
}

fn set_context(cx: &Cx, this: ThisSocket<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "context", value)?;
    if This::<Context>::of(cx, value).is_none() {
        return Err(cx.type_error("The value must be a SSLContext"));
    }
    this.context.set(value.clone());
    Ok(())
}
fn set_owner(cx: &Cx, this: ThisSocket<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "owner", value)?;
    this.owner.set(weak(cx, value)?);
    Ok(())
}
fn get_session(cx: &Cx, this: ThisSocket<'_>) -> Res {
    let kept = this.open(cx, |engine| {
        let shown = engine.connection()?.peer_certificates().unwrap_or_default();
        Some((engine.store.clone(), shown.iter().map(|one| one.len()).sum()))
    })?;
    match kept {
        Some((store, certificates)) => session::of(cx, &this.context.get(), store, certificates),
        None => Ok(Value::NONE),
    }
}
fn set_session(cx: &Cx, this: ThisSocket<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "session", value)?;
    let Some(session) = This::<Session>::of(cx, value) else {
        return Err(cx.type_error("Value is not a SSLSession."));
    };
    if !session.is_of(&this.context.get()) {
        return Err(cx.value_error("Session refers to a different SSLContext."));
    }
    if this.server_side.get() {
        return Err(cx.value_error("Cannot set session for server-side SSLSocket."));
    }
    let store = session.store(cx)?;
    let fresh = this.look(cx, |engine| {
        if engine.is_fresh() {
            engine.store.begin_with(&store);
        }
        engine.is_fresh()
    })?;
    if fresh { Ok(()) } else { Err(cx.value_error("Cannot set session after handshake.")) }
}

fn do_handshake(cx: &Cx, this: ThisSocket<'_>) -> Res<()> {
    Way::new(cx, this, "handshake")?.handshake()
}

/// Whether the end of the transport is taken for the other side's last word.
fn forgives_end(cx: &Cx, this: ThisSocket<'_>) -> bool {
    let context = this.context.get();
    This::<Context>::of(cx, &context).is_some_and(|context| context.options.get() & OP_IGNORE_UNEXPECTED_EOF != 0)
}

/// Reads at most so many bytes, as soon as there are some; none at the end.
fn read_some(cx: &Cx, this: ThisSocket<'_>, most: usize) -> Res<Vec<u8>> {
    let way = Way::new(cx, this, "read")?;
    loop {
        way.handshake_if_needed()?;
        match way.engine(|engine| engine.read(most))? {
            Ok(Plain::Some(bytes)) => {
                cx.work_on_bytes(bytes.len())?;
                return Ok(bytes);
            }
            Ok(Plain::End) if this.look(cx, |engine| engine.closed)? => return Err(Fault::closed().raise(cx)),
            Ok(Plain::End) => return Ok(Vec::new()),
            Ok(Plain::Nothing) => {}
            Err(fault) => return Err(way.fail(&fault)),
        }
        way.flush_answers()?;
        if this.look(cx, |engine| engine.ended)? {
            if forgives_end(cx, this) {
                return Ok(Vec::new());
            }
            return Err(way.cut_off()?.raise(cx));
        }
        way.fetch()?;
    }
}
fn read(cx: &Cx, this: ThisSocket<'_>, args: Args<'_>) -> Res {
    args.no_keywords(cx, "_ssl._SSLSocket.read")?;
    let (size, buffer) = match args.positional() {
        [size] => (size, None),
        [size, buffer] => (size, Some(buffer)),
        _ => return Err(cx.type_error("_ssl._SSLSocket.read requires 1 to 2 arguments")),
    };
    let size = i32::from_arg(cx, size, &crate::posix::args::ANY)?;
    let Some(buffer) = buffer else {
        let size = usize::try_from(size).map_err(|_| cx.value_error("size should not be negative"))?;
        let bytes = if size == 0 { Vec::new() } else { read_some(cx, this, size)? };
        return (&bytes[..]).into_value(cx);
    };
    let place = Place { function: "read", parameter: "", position: 2, alone: false };
    let buffer = BufferMut::from_arg(cx, buffer, &place)?;
    let size = match usize::try_from(size) {
        Ok(size) if size > 0 && size <= buffer.len() => size,
        _ => buffer.len(),
    };
    if size == 0 {
        return 0.into_value(cx);
    }
    let bytes = read_some(cx, this, size)?;
    buffer.write(0, &bytes);
    bytes.len().into_value(cx)
}
fn write(cx: &Cx, this: ThisSocket<'_>, data: Buffer) -> Res<usize> {
    let way = Way::new(cx, this, "write")?;
    way.handshake_if_needed()?;
    if data.is_empty() && this.look(cx, |engine| engine.taken)? == 0 {
        return Ok(0);
    }
    way.write(&data)?.map_err(|fault| way.fail(&fault))?;
    Ok(data.len())
}
fn pending(cx: &Cx, this: ThisSocket<'_>) -> Res<usize> {
    this.look(cx, Engine::pending)
}
fn shutdown(cx: &Cx, this: ThisSocket<'_>) -> Res {
    let way = Way::new(cx, this, "write")?;
    if let Some(fault) = this.look(cx, |engine| engine.fault.clone())? {
        return Err(way.fail(&fault));
    }
    if !this.look(cx, |engine| engine.is_open())? {
        return Err(Fault::reason("SHUTDOWN_WHILE_IN_INIT").raise(cx));
    }
    way.engine(Engine::close)?;
    way.flush()?;
    let way = Way::new(cx, this, "read")?;
    loop {
        if this.look(cx, |engine| engine.pending() > 0)? {
            return Err(Fault::reason("APPLICATION_DATA_AFTER_CLOSE_NOTIFY").raise(cx));
        }
        let (heard, ended, fault) =
            this.look(cx, |engine| (engine.peer_closed, engine.ended, engine.fault.clone()))?;
        match fault {
            Some(fault) => return Err(way.fail(&fault)),
            None if heard => return Ok(way.sock.clone()),
            None if ended && forgives_end(cx, this) => return Ok(way.sock.clone()),
            None if ended => return Err(way.cut_off()?.raise(cx)),
            None => way.fetch()?,
        }
    }
}

fn getpeercert(cx: &Cx, this: ThisSocket<'_>, der: bool) -> Res {
    if !this.look(cx, |engine| engine.is_open())? {
        return Err(cx.value_error("handshake not done yet"));
    }
    let first = this.open(cx, |engine| {
        engine.connection()?.peer_certificates()?.first().map(|first| first.clone().into_owned())
    })?;
    let Some(first) = first else { return Ok(Value::NONE) };
    if der {
        return first.as_ref().into_value(cx);
    }
    let context = this.context.get();
    let looks = This::<Context>::of(cx, &context).is_some_and(|context| context.verify_mode.get() != CERT_NONE);
    Ok(if looks { certificate::decode(cx, &first)? } else { Dict::new(cx)? }.into_value())
}
fn get_channel_binding(cx: &Cx, _: ThisSocket<'_>, kind: Text) -> Res {
    match kind.as_str() {
        "" | "tls-unique" => Ok(Value::NONE),
        other => Err(cx.value_error(format_args!("'{other}' channel binding type not implemented"))),
    }
}
fn cipher(cx: &Cx, this: ThisSocket<'_>) -> Res {
    let suite = this.look(cx, |engine| engine.connection()?.negotiated_cipher_suite())?;
    suite.and_then(|suite| suites::known(suite.suite())).map(suites::Known::triple).into_value(cx)
}
fn shared_ciphers(cx: &Cx, this: ThisSocket<'_>) -> Res {
    if !this.server_side.get() {
        return Ok(Value::NONE);
    }
    let offered = this.look(cx, |engine| engine.hello.suites.clone())?;
    if offered.is_empty() {
        return Ok(Value::NONE);
    }
    let context = this.context.get();
    let own = match This::<Context>::of(cx, &context) {
        Some(context) => context.setup.with(cx, |setup| suites::suites(&setup.suites))?,
        None => Vec::new(),
    };
    let found = List::new(cx, 0)?;
    for suite in offered {
        let Some(known) = suites::known(suite) else { continue };
        if own.iter().any(|own| own.suite() == suite) {
            found.push(cx, known.triple())?;
        }
    }
    Ok(found.into_value())
}
fn version(cx: &Cx, this: ThisSocket<'_>) -> Res<Option<&'static str>> {
    this.open(cx, |engine| match engine.connection()?.protocol_version()? {
        rustls::ProtocolVersion::TLSv1_2 => Some("TLSv1.2"),
        rustls::ProtocolVersion::TLSv1_3 => Some("TLSv1.3"),
        _ => None,
    })
}
fn selected_alpn_protocol(cx: &Cx, this: ThisSocket<'_>) -> Res<Option<String>> {
    let protocol = this.look(cx, |engine| engine.connection()?.alpn_protocol().map(<[u8]>::to_vec))?;
    Ok(protocol.map(|protocol| String::from_utf8_lossy(&protocol).into_owned()))
}
fn compression(_: &Cx, _: ThisSocket<'_>) {}
fn verify_client_post_handshake(cx: &Cx, _: ThisSocket<'_>) -> Res<()> {
    let message = "Post-handshake auth is not supported by your OpenSSL version.";
    Err(cx.raise_builtin("NotImplementedError", message))
}

/// A list of certificates; None if there are none.
fn list_of(cx: &Cx, chain: Option<Vec<CertificateDer<'static>>>) -> Res {
    let Some(chain) = chain else { return Ok(Value::NONE) };
    let list = List::new(cx, chain.len())?;
    for der in chain {
        list.push(cx, certificate::of(cx, &der)?)?;
    }
    Ok(list.into_value())
}
fn get_unverified_chain(cx: &Cx, this: ThisSocket<'_>) -> Res {
    let chain = this.open(cx, |engine| {
        let shown = engine.connection()?.peer_certificates()?;
        Some(shown.iter().map(|one| one.clone().into_owned()).collect())
    })?;
    list_of(cx, chain)
}
fn get_verified_chain(cx: &Cx, this: ThisSocket<'_>) -> Res {
    let chain = this.open(cx, |engine| engine.chain.clone())?;
    list_of(cx, chain)
}
