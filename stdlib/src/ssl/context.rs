//! Contexts: what connections have in common.

use std::cell::Cell;
use std::io::Write;
use std::sync::{Arc, Mutex};

use rustls::crypto::ring::kx_group;
use ryokan_vm::native::*;

use super::bio::MemoryBio;
use super::config::{SecretLog, Setup, weight_of_protocols};
use super::constants::*;
use super::errors::Fault;
use super::{certificate, loading, socket, suites};
use crate::posix::args as posix;
use crate::socket::Socket;

native_type! {
    /// Settings, certificates and keys of connections.
    "_ssl._SSLContext" = pub struct Context {
        /// Which protocol it was made for.
        pub protocol: Cell<i32>,
        pub options: Cell<u64>,
        pub verify_mode: Cell<i32>,
        pub verify_flags: Cell<u64>,
        pub check_hostname: Cell<bool>,
        pub host_flags: Cell<u32>,
        /// The oldest and the newest version; negative if the engine's own limits count.
        pub minimum: Cell<i32>,
        pub maximum: Cell<i32>,
        pub num_tickets: Cell<i64>,
        pub post_handshake_auth: Cell<bool>,
        /// What is asked when a client has said whom it wants.
        pub sni_callback: Slot,
        msg_callback: Slot,
        keylog: Slot,
        /// Connections begun by clients and done, begun by servers and done, sessions taken up again.
        counts: Cell<[u64; 5]>,
        /// What is not Python's.
        pub setup: Own<Setup>,
    }
    flags: SUBCLASS;
    new(*args, **names) = new;
    getters {
        /// Which protocol it was made for.
        protocol = |_, this: ThisContext| this.protocol.get();
        /// How strong keys and ciphers must be.
        security_level = |_, _: ThisContext| 2;
    }
    attributes {
        /// Whether a server must be the one that was asked for.
        check_hostname = |_, this: ThisContext| this.check_hostname.get(), set_check_hostname;
        /// How names of certificates are compared.
        _host_flags = |_, this: ThisContext| this.host_flags.get(), set_host_flags;
        /// The oldest version that is spoken.
        minimum_version = |_, this: ThisContext| this.minimum.get(), set_minimum;
        /// The newest version that is spoken.
        maximum_version = |_, this: ThisContext| this.maximum.get(), set_maximum;
        /// The file in which secrets are logged.
        keylog_filename = |_, this: ThisContext| this.keylog.get(), set_keylog;
        /// What is called with each message; the engine shows none.
        _msg_callback = |_, this: ThisContext| this.msg_callback.get(), set_msg_callback;
        /// What is called when a client has said whom it wants.
        sni_callback = |_, this: ThisContext| this.sni_callback.get(), set_sni_callback;
        /// How many tickets a server gives.
        num_tickets = |_, this: ThisContext| this.num_tickets.get(), set_num_tickets;
        /// Bits that change how connections behave.
        options = |_, this: ThisContext| this.options.get(), set_options;
        /// Whether a client may be asked for its certificate later; the engine never asks.
        post_handshake_auth = |_, this: ThisContext| this.post_handshake_auth.get(), set_post_handshake_auth;
        /// Bits that change how certificates are checked.
        verify_flags = |_, this: ThisContext| this.verify_flags.get(), set_verify_flags;
        /// Whether the other side must have a certificate that is trusted.
        verify_mode = |_, this: ThisContext| this.verify_mode.get(), set_verify_mode;
    }
    methods {
        /// A connection over a socket.
        _wrap_socket(sock: Value, server_side: bool, server_hostname: Value = Value::NONE => "None", *,
            owner: Value = Value::NONE => "None", session: Value = Value::NONE => "None") = wrap_socket;
        /// A connection over two pieces of memory.
        _wrap_bio(incoming: This<MemoryBio>, outgoing: This<MemoryBio>, server_side: bool, server_hostname: Value = Value::NONE => "None", *,
            owner: Value = Value::NONE => "None", session: Value = Value::NONE => "None") = wrap_bio;
        /// Chooses the ciphers of TLS 1.2 by a list as OpenSSL has it.
        set_ciphers(cipherlist: Text, /);
        /// Sets the protocols that are spoken over TLS, each with its length before it.
        _set_alpn_protocols(protos: Buffer, /) = set_protocols;
        /// Takes a chain of certificates and its private key.
        load_cert_chain(certfile: Value, keyfile: Value = Value::NONE => "None", password: Value = Value::NONE => "None")
            = loading::load_cert_chain;
        /// Reads parameters of a key exchange that the engine has no use for.
        load_dh_params(path: &Value, /);
        /// Trusts the certificates of a file, a folder, or data.
        load_verify_locations(
            cafile: Value = Value::NONE => "None", capath: Value = Value::NONE => "None", cadata: Value = Value::NONE => "None"
        ) = loading::load_verify_locations;
        /// How many connections and sessions there were.
        session_stats();
        /// Trusts what the system trusts.
        set_default_verify_paths() = loading::set_default_verify_paths;
        /// Chooses the group of keys by a name.
        set_ecdh_curve(name: &Value, /);
        /// How many certificates, lists of revoked ones and authorities are known.
        cert_store_stats();
        /// The authorities that are trusted, as dicts or bytes.
        get_ca_certs(binary_form: bool = false => "False");
        /// The ciphers that can be used.
        get_ciphers();
        /// Not possible: the engine has no keys that were shared beforehand.
        set_psk_client_callback(callback: Value) = no_psk_client;
        /// Not possible: the engine has no keys that were shared beforehand.
        set_psk_server_callback(callback: Value, identity_hint: Value = Value::NONE => "None") = no_psk_server;
    }
}

pub type ThisContext<'a> = This<'a, Context>;

fn new(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    args.no_keywords_of::<Context>(cx, class, "_SSLContext")?;
    let [protocol] = args.positional() else {
        let given = args.positional().len();
        return Err(cx.type_error(format_args!("_SSLContext expected 1 argument, got {given}")));
    };
    let protocol = i32::from_arg(cx, protocol, &posix::ANY)?;
    let warned = match protocol {
        PROTOCOL_TLS => Some("ssl.PROTOCOL_TLS is deprecated"),
        PROTOCOL_TLSV1_2 => Some("ssl.PROTOCOL_TLSv1_2 is deprecated"),
        PROTOCOL_TLS_CLIENT | PROTOCOL_TLS_SERVER => None,
        _ => {
            let message = format_args!("invalid or unsupported protocol version {protocol}");
            return Err(cx.value_error(message));
        }
    };
    if let Some(message) = warned {
        cx.warn_about("DeprecationWarning", message, 2, None)?;
    }
    let is_client = protocol == PROTOCOL_TLS_CLIENT;
    let body = Context {
        protocol: Cell::new(protocol),
        options: Cell::new(DEFAULT_OPTIONS),
        verify_mode: Cell::new(if is_client { CERT_REQUIRED } else { CERT_NONE }),
        verify_flags: Cell::new(VERIFY_X509_TRUSTED_FIRST),
        check_hostname: Cell::new(is_client),
        host_flags: Cell::new(HOSTFLAG_NO_PARTIAL_WILDCARDS),
        minimum: Cell::new(MINIMUM_SUPPORTED),
        maximum: Cell::new(MAXIMUM_SUPPORTED),
        num_tickets: Cell::new(2),
        post_handshake_auth: Cell::new(false),
        sni_callback: Slot::new(Value::NONE),
        msg_callback: Slot::new(Value::NONE),
        keylog: Slot::new(Value::NONE),
        counts: Cell::default(),
        setup: Own::new(Setup::new(cx)?),
    };
    cx.new_of(class, body)
}

impl Context {
    /// Something has changed that configurations are made of.
    fn changed(&self, cx: &Cx) -> Res<()> {
        self.setup.with(cx, Setup::changed)
    }
    /// Counts something.
    pub fn count(&self, which: usize) {
        let mut counts = self.counts.get();
        counts[which] += 1;
        self.counts.set(counts);
    }
}

/// What is assigned; `AttributeError` for a deletion.
pub fn given<'a>(cx: &Cx, this: &Value, name: &str, value: Option<&'a Value>) -> Res<&'a Value> {
    value.ok_or(()).map_err(|()| {
        let kind = cx.type_name(this);
        cx.attribute_error(format_args!("attribute '{name}' of '{kind}' objects cannot be deleted"))
    })
}
/// A C `int`.
fn number(cx: &Cx, value: &Value) -> Res<i32> {
    i32::from_arg(cx, value, &posix::ANY)
}
/// Bits.
fn bits(cx: &Cx, value: &Value) -> Res<u64> {
    match cx.index_i128(value)? {
        Some(bits) if bits < 0 => Err(cx.value_error("Cannot convert negative int")),
        Some(bits) if bits <= i128::from(u64::MAX) => Ok(bits as u64),
        _ => Err(cx.overflow_error("Python int too large to convert to C unsigned long")),
    }
}

fn set_check_hostname(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "check_hostname", value)?;
    let checks = cx.truth(value)?;
    if checks && this.verify_mode.get() == CERT_NONE {
        this.verify_mode.set(CERT_REQUIRED);
    }
    this.check_hostname.set(checks);
    this.changed(cx)
}
fn set_host_flags(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "_host_flags", value)?;
    let flags = u32::from_arg(cx, value, &posix::ANY)?;
    this.host_flags.set(flags);
    this.changed(cx)
}

/// A version that one can ask for; the names of the limits become what `lowest` and `highest` say.
fn version(cx: &Cx, this: ThisContext<'_>, value: &Value, lowest: i32, highest: i32) -> Res<i32> {
    let version = number(cx, value)?;
    if this.protocol.get() == PROTOCOL_TLSV1_2 {
        let message = "The context's protocol doesn't support modification of highest and lowest version.";
        return Err(cx.value_error(message));
    }
    let warned = match version {
        768 => "ssl.TLSVersion.SSLv3 is deprecated",
        769 => "ssl.TLSVersion.TLSv1 is deprecated",
        770 => "ssl.TLSVersion.TLSv1_1 is deprecated",
        TLSV1_2 | TLSV1_3 => return Ok(version),
        MINIMUM_SUPPORTED => return Ok(lowest),
        MAXIMUM_SUPPORTED => return Ok(highest),
        _ => return Err(cx.value_error(format_args!("Unsupported TLS/SSL version 0x{version:x}"))),
    };
    cx.warn_about("DeprecationWarning", warned, 2, None)?;
    Ok(version)
}
fn set_minimum(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "minimum_version", value)?;
    this.minimum.set(version(cx, this, value, MINIMUM_SUPPORTED, TLSV1_3)?);
    this.changed(cx)
}
fn set_maximum(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "maximum_version", value)?;
    this.maximum.set(version(cx, this, value, TLSV1_2, MAXIMUM_SUPPORTED)?);
    this.changed(cx)
}
fn set_keylog(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "keylog_filename", value)?;
    this.keylog.set(Value::NONE);
    log_to(cx, this, None)?;
    if value.is_none() {
        return Ok(());
    }
    let path = crate::fspath::fspath(cx, value)?;
    let mut file = loading::open_to_append(cx, &path, value)?;
    let begun = cx.blocking(|| match file.metadata()?.len() {
        0 => file.write_all(b"# Secrets of TLS, written by Ryokan\n"),
        _ => Ok(()),
    });
    begun.map_err(|error| cx.os_error_about(posix::number(&error), Some(value), None))?;
    log_to(cx, this, Some(Arc::new(SecretLog(Mutex::new(file)))))?;
    this.keylog.set(value.clone());
    Ok(())
}
/// Logs secrets from now on, or no more.
fn log_to(cx: &Cx, this: ThisContext<'_>, log: Option<Arc<SecretLog>>) -> Res<()> {
    this.setup.with(cx, |setup| {
        setup.log = log;
        setup.changed();
    })
}
fn set_msg_callback(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "_msg_callback", value)?;
    this.msg_callback.set(callback(cx, value)?);
    Ok(())
}
fn set_sni_callback(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "sni_callback", value)?;
    if this.protocol.get() == PROTOCOL_TLS_CLIENT {
        return Err(cx.value_error("sni_callback cannot be set on TLS_CLIENT context"));
    }
    this.sni_callback.set(Value::NONE);
    this.sni_callback.set(callback(cx, value)?);
    Ok(())
}
fn callback(cx: &Cx, value: &Value) -> Res {
    if !value.is_none() && !cx.is_callable(value) {
        return Err(cx.type_error("not a callable object"));
    }
    Ok(value.clone())
}
fn set_num_tickets(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "num_tickets", value)?;
    let count = cx.long(value)?;
    if count < 0 {
        return Err(cx.value_error("value must be non-negative"));
    }
    if this.protocol.get() != PROTOCOL_TLS_SERVER {
        return Err(cx.value_error("SSLContext is not a server context."));
    }
    this.num_tickets.set(count);
    this.changed(cx)
}
fn set_options(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "options", value)?;
    let options = bits(cx, value)?;
    let old = OP_NO_SSLV3 | OP_NO_TLSV1 | OP_NO_TLSV1_1 | OP_NO_TLSV1_2 | OP_NO_TLSV1_3;
    if options & !this.options.get() & old != 0 {
        let message = "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated";
        cx.warn_about("DeprecationWarning", message, 2, None)?;
    }
    this.options.set(options);
    this.changed(cx)
}
fn set_post_handshake_auth(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "post_handshake_auth", value)?;
    this.post_handshake_auth.set(cx.truth(value)?);
    Ok(())
}
fn set_verify_flags(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "verify_flags", value)?;
    if !cx.is_int(value) {
        let kind = cx.type_name(value);
        return Err(cx.type_error(format_args!("argument must be int, not {kind}")));
    }
    this.verify_flags.set(bits(cx, value)?);
    this.changed(cx)
}
fn set_verify_mode(cx: &Cx, this: ThisContext<'_>, value: Option<&Value>) -> Res<()> {
    let value = given(cx, this.value(), "verify_mode", value)?;
    let mode = number(cx, value)?;
    if !matches!(mode, CERT_NONE | CERT_OPTIONAL | CERT_REQUIRED) {
        return Err(cx.value_error("invalid value for verify_mode"));
    }
    if mode == CERT_NONE && this.check_hostname.get() {
        let message = "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.";
        return Err(cx.value_error(message));
    }
    this.verify_mode.set(mode);
    this.changed(cx)
}

fn wrap_socket(
    cx: &Cx,
    this: ThisContext<'_>,
    sock: Value,
    server_side: bool,
    hostname: Value,
    owner: Value,
    session: Value,
) -> Res {
    if This::<Socket>::of(cx, &sock).is_none() {
        let kind = cx.arg_name(&sock);
        let message = format_args!("_wrap_socket() argument 'sock' must be _socket.socket, not {kind}");
        return Err(cx.type_error(message));
    }
    let over = socket::Over::Socket(sock);
    socket::make(cx, this, over, server_side, hostname, owner, session)
}
#[allow(clippy::too_many_arguments, reason = "a row's parameters")]
fn wrap_bio(
    cx: &Cx,
    this: ThisContext<'_>,
    incoming: This<'_, MemoryBio>,
    outgoing: This<'_, MemoryBio>,
    server_side: bool,
    hostname: Value,
    owner: Value,
    session: Value,
) -> Res {
    let over = socket::Over::Memory(incoming.to_value(), outgoing.to_value());
    socket::make(cx, this, over, server_side, hostname, owner, session)
}

fn set_ciphers(cx: &Cx, this: ThisContext<'_>, list: Text) -> Res<()> {
    let suites = suites::parse(cx, list.as_str())?;
    this.setup.with(cx, |setup| {
        setup.suites = suites;
        setup.changed();
    })
}
fn get_ciphers(cx: &Cx, this: ThisContext<'_>) -> Res<List> {
    let suites = this.setup.with(cx, |setup| suites::suites(&setup.suites))?;
    suites::describe(cx, &suites)
}
fn set_protocols(cx: &Cx, this: ThisContext<'_>, protocols: Buffer) -> Res<()> {
    if protocols.len() > usize::from(u16::MAX) {
        return Err(cx.overflow_error("protocols longer than 65535 bytes"));
    }
    let copy = protocols.read(<[u8]>::to_vec);
    cx.work_on_bytes(copy.len())?;
    let (mut rest, mut all) = (&copy[..], Vec::new());
    while let [length, behind @ ..] = rest {
        // CPython has no other word for a list that is wrong.
        let (one, behind) = behind.split_at_checked(usize::from(*length)).ok_or_else(|| cx.no_memory())?;
        if one.is_empty() {
            return Err(cx.no_memory());
        }
        all.push(one.to_vec());
        rest = behind;
    }
    // Both configurations have them as well.
    let charge = cx.charge(3 * weight_of_protocols(&all))?;
    this.setup.with(cx, |setup| setup.speak(all, charge))
}
fn load_dh_params(cx: &Cx, _: ThisContext<'_>, path: &Value) -> Res<()> {
    let name = crate::fspath::fspath(cx, path)?;
    let bytes = loading::read_file(cx, &name, Some(path))?;
    if memchr::memmem::find(&bytes, b"-----BEGIN DH PARAMETERS-----").is_none() {
        return Err(Fault::of("PEM", "NO_START_LINE").raise(cx));
    }
    Ok(())
}
fn session_stats(cx: &Cx, this: ThisContext<'_>) -> Res<Dict> {
    let [connect, connect_good, accept, accept_good, hits] = this.counts.get();
    let made = Dict::new(cx)?;
    let rows = [
        ("number", 0),
        ("connect", connect),
        ("connect_good", connect_good),
        ("connect_renegotiate", 0),
        ("accept", accept),
        ("accept_good", accept_good),
        ("accept_renegotiate", 0),
        ("hits", hits),
        ("misses", 0),
        ("timeouts", 0),
        ("cache_full", 0),
    ];
    for (name, count) in rows {
        made.set_str(cx, name, count)?;
    }
    Ok(made)
}
fn set_ecdh_curve(cx: &Cx, this: ThisContext<'_>, name: &Value) -> Res<()> {
    let path = crate::fspath::fspath(cx, name)?;
    let text = crate::fspath::c_string(cx, &path, "embedded null byte")?;
    let group = match text.to_bytes() {
        b"prime256v1" | b"P-256" => kx_group::SECP256R1,
        b"secp384r1" | b"P-384" => kx_group::SECP384R1,
        b"X25519" => kx_group::X25519,
        _ => {
            let shown = cx.repr(&path)?;
            return Err(cx.value_error(format_args!("unknown elliptic curve name {}", shown.as_str())));
        }
    };
    this.setup.with(cx, |setup| {
        setup.group = Some(group);
        setup.changed();
    })
}

fn cert_store_stats(cx: &Cx, this: ThisContext<'_>) -> Res<Dict> {
    let (all, authorities, revoked) = this.setup.with(cx, |setup| setup.shelf.counts())?;
    cx.work(all as u64)?;
    let made = Dict::new(cx)?;
    made.set_str(cx, "x509", all)?;
    made.set_str(cx, "crl", revoked)?;
    made.set_str(cx, "x509_ca", authorities)?;
    Ok(made)
}
fn get_ca_certs(cx: &Cx, this: ThisContext<'_>, binary_form: bool) -> Res<List> {
    let found = List::new(cx, 0)?;
    let mut from = 0;
    while let Some((next, one)) = this.setup.with(cx, |setup| setup.shelf.next(from))? {
        cx.work((next - from) as u64)?;
        from = next;
        if !one.is_authority {
            continue;
        }
        if binary_form {
            found.push(cx, one.der.as_ref())?;
        } else {
            found.push(cx, certificate::decode(cx, &one.der)?)?;
        }
    }
    Ok(found)
}

fn no_psk(cx: &Cx) -> Raised {
    cx.raise_builtin("NotImplementedError", "TLS-PSK is not supported by your OpenSSL version.")
}
fn no_psk_client(cx: &Cx, _: ThisContext<'_>, _: Value) -> Res<()> {
    Err(no_psk(cx))
}
fn no_psk_server(cx: &Cx, _: ThisContext<'_>, _: Value, _: Value) -> Res<()> {
    Err(no_psk(cx))
}
