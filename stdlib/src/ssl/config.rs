//! What the engine is told: a context's settings as configurations of rustls, made when they are first used and again when they change.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::client::{ClientConfig, ResolvesClientCert};
use rustls::crypto::{CryptoProvider, SupportedKxGroup, ring};
use rustls::server::{
    ClientHello, NoClientAuth, ProducesTickets, ResolvesServerCert, ServerConfig, StoresServerSessions,
    danger::ClientCertVerifier,
};
use rustls::sign::CertifiedKey;
use rustls::{KeyLog, SignatureScheme, SupportedProtocolVersion, version};
use ryokan_vm::native::*;

use super::constants::*;
use super::context::{Context, ThisContext};
use super::errors::Fault;
use super::shelf::Shelf;
use super::verify::{Trust, Verifier};
use super::{loading, suites};
use crate::hashing::hex;

/// Folders with more certificates that are trusted, each with what was paid for it.
type Folders = Vec<(Arc<PathBuf>, Charge)>;

/// What a context holds that is not Python's.
pub struct Setup {
    /// Certificates that are trusted, and lists of what was revoked.
    pub shelf: Shelf,
    folders: Folders,
    /// Keys with their certificates, the last one of a kind, each with what was paid for it.
    keys: Vec<(Arc<CertifiedKey>, Charge)>,
    /// The suites of TLS 1.2.
    pub suites: Vec<u16>,
    /// The group of keys that is to be used.
    pub group: Option<&'static dyn SupportedKxGroup>,
    /// The protocols that are spoken over TLS, and what was paid for them.
    protocols: Option<(Vec<Vec<u8>>, Charge)>,
    /// Where secrets are logged.
    pub log: Option<Arc<SecretLog>>,
    /// What is paid for settings, and for configurations.
    _charge: Charge,
    sessions: Arc<dyn StoresServerSessions>,
    tickets: Option<Arc<dyn ProducesTickets>>,
    client: Option<Arc<ClientConfig>>,
    server: Option<Arc<ServerConfig>>,
}

/// What settings and configurations take, about, with the sessions that a server remembers.
const COST: usize = SESSIONS + (12 << 10);

impl Setup {
    /// Of a new context. Runs no Python; `MemoryError`.
    pub fn new(cx: &Cx) -> Res<Setup> {
        Ok(Setup {
            shelf: Shelf::default(),
            folders: Vec::new(),
            keys: Vec::new(),
            suites: suites::choose(DEFAULT_CIPHERS),
            group: None,
            protocols: None,
            log: None,
            _charge: cx.charge(COST)?,
            sessions: Arc::new(Sessions::default()),
            tickets: None,
            client: None,
            server: None,
        })
    }
    /// Something has changed: configurations are made anew.
    pub fn changed(&mut self) {
        self.client = None;
        self.server = None;
    }
    /// Takes a key with its certificates in the place of one of the same kind. `charge` is what was paid for it.
    pub fn take_key(&mut self, made: CertifiedKey, charge: Charge) {
        let kind = made.key.algorithm();
        self.keys.retain(|(key, _)| key.key.algorithm() != kind);
        self.keys.push((Arc::new(made), charge));
        self.changed();
    }
    /// Whether there is a key.
    pub fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }
    /// Looks into another folder from now on. `charge` is what was paid for its path.
    pub fn look_into(&mut self, folder: PathBuf, charge: Charge) {
        if !self.folders.iter().any(|(known, _)| **known == folder) {
            self.folders.push((Arc::new(folder), charge));
            self.changed();
        }
    }
    /// Speaks these protocols over TLS. `charge` is what was paid for them.
    pub fn speak(&mut self, protocols: Vec<Vec<u8>>, charge: Charge) {
        self.protocols = Some((protocols, charge));
        self.changed();
    }
    fn spoken(&self) -> Vec<Vec<u8>> {
        self.protocols.as_ref().map(|(protocols, _)| protocols.clone()).unwrap_or_default()
    }
    /// What a connection keeps alive of a configuration at most: it may be the last one that has it.
    pub fn weight(&self) -> usize {
        let keys: usize = self.keys.iter().map(|(key, _)| weight_of_key(key)).sum();
        let spoken = self.protocols.as_ref().map_or(0, |(protocols, _)| weight_of_protocols(protocols));
        self.shelf.weight() + keys + 3 * spoken
    }
    fn provider(&self) -> CryptoProvider {
        let mut provider = ring::default_provider();
        provider.cipher_suites = suites::suites(&self.suites);
        if let Some(group) = self.group {
            provider.kx_groups = vec![group];
        }
        provider
    }
    fn log(&self) -> Option<Arc<dyn KeyLog>> {
        self.log.clone().map(|log| log as Arc<dyn KeyLog>)
    }
    fn choice(&self) -> Arc<Keys> {
        Arc::new(Keys(self.keys.iter().map(|(key, _)| key.clone()).collect()))
    }
}

/// What a key takes with its certificates.
pub fn weight_of_key(key: &CertifiedKey) -> usize {
    key.cert.iter().map(|one| one.len() + 64).sum::<usize>() + (8 << 10)
}
/// What a list of protocols takes.
pub fn weight_of_protocols(protocols: &[Vec<u8>]) -> usize {
    protocols.iter().map(|one| one.len() + 56).sum()
}

/// So many bytes of sessions a server remembers at most.
const SESSIONS: usize = 32 << 10;
/// What a session takes beside its bytes.
const ENTRY: usize = 96;

/// The sessions that a server remembers: the last ones, as many as there is room for.
#[derive(Debug, Default)]
struct Sessions(Mutex<VecDeque<(Vec<u8>, Vec<u8>)>>);

impl Sessions {
    fn all(&self) -> MutexGuard<'_, VecDeque<(Vec<u8>, Vec<u8>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoresServerSessions for Sessions {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        let size = |(key, value): &(Vec<u8>, Vec<u8>)| key.len() + value.len() + ENTRY;
        let mut all = self.all();
        all.retain(|(known, _)| *known != key);
        all.push_back((key, value));
        let mut taken: usize = all.iter().map(size).sum();
        while taken > SESSIONS {
            taken -= all.pop_front().as_ref().map_or(taken, size);
        }
        !all.is_empty()
    }
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.all().iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }
    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut all = self.all();
        let at = all.iter().position(|(known, _)| known == key)?;
        all.remove(at).map(|(_, value)| value)
    }
    fn can_cache(&self) -> bool {
        true
    }
}

/// A file that secrets are logged in, for those who look at traffic.
#[derive(Debug)]
pub struct SecretLog(pub Mutex<File>);

impl KeyLog for SecretLog {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody can be told what fails.
        let _ = file.write_all(line.as_bytes());
    }
}

/// Who chooses the key that a side shows.
#[derive(Debug)]
struct Keys(Vec<Arc<CertifiedKey>>);

impl Keys {
    fn choose(&self, schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.iter().find(|key| key.key.choose_scheme(schemes).is_some()).cloned()
    }
}
impl ResolvesServerCert for Keys {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.choose(hello.signature_schemes())
    }
}
impl ResolvesClientCert for Keys {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.choose(schemes)
    }
    fn has_certs(&self) -> bool {
        !self.0.is_empty()
    }
}

/// The versions that a context allows.
fn versions(context: &Context) -> Vec<&'static SupportedProtocolVersion> {
    let (least, most, options) = (context.minimum.get(), context.maximum.get(), context.options.get());
    let allows = |number: i32, bit: u64| {
        (least < 0 || least <= number) && (most < 0 || most >= number) && options & bit == 0
    };
    let mut versions = Vec::new();
    if allows(TLSV1_3, OP_NO_TLSV1_3) && context.protocol.get() != PROTOCOL_TLSV1_2 {
        versions.push(&version::TLS13);
    }
    if allows(TLSV1_2, OP_NO_TLSV1_2) {
        versions.push(&version::TLS12);
    }
    versions
}

/// What decides about trust in a context. Reads its folders. Runs Python where a signal comes in meanwhile; raises what its handler
/// raises, `OSError`, and `MemoryError`.
fn trust(cx: &Cx, context: ThisContext<'_>) -> Res<Arc<Trust>> {
    if context.verify_mode.get() != CERT_NONE {
        let folder = |at: usize| context.setup.with(cx, |setup| setup.folders.get(at).map(|(path, _)| path.clone()));
        let mut at = 0;
        while let Some(path) = folder(at)? {
            loading::read_folder(cx, context, &path)?;
            at += 1;
        }
    }
    context.setup.with(cx, |setup| {
        Arc::new(Trust {
            trusted: setup.shelf.trusted.clone(),
            revoked: setup.shelf.revoked.clone(),
            mode: context.verify_mode.get(),
            flags: context.verify_flags.get(),
            checks_host: context.check_hostname.get(),
            host_flags: context.host_flags.get(),
            algorithms: setup.provider().signature_verification_algorithms,
        })
    })
}

/// A handshake looks at all that is trusted: it pays for that.
fn pay(cx: &Cx, context: ThisContext<'_>) -> Res<()> {
    let trusted = context.setup.with(cx, |setup| setup.shelf.trusted.len())?;
    cx.work(trusted as u64)
}

/// The configuration of clients.
pub fn client(cx: &Cx, context: ThisContext<'_>) -> Res<Arc<ClientConfig>> {
    pay(cx, context)?;
    if let Some(made) = context.setup.with(cx, |setup| setup.client.clone())? {
        return Ok(made);
    }
    let verifier = Arc::new(Verifier(trust(cx, context)?));
    let versions = versions(&context);
    let made = context.setup.with(cx, |setup| {
        let builder = ClientConfig::builder_with_provider(Arc::new(setup.provider()));
        let builder = builder.with_protocol_versions(&versions).ok()?;
        let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
        let mut made = builder.with_client_cert_resolver(setup.choice());
        made.alpn_protocols = setup.spoken();
        made.check_selected_alpn = true;
        if let Some(log) = setup.log() {
            made.key_log = log;
        }
        let made = Arc::new(made);
        setup.client = Some(made.clone());
        Some(made)
    })?;
    made.ok_or_else(|| Fault::reason("NO_PROTOCOLS_AVAILABLE").raise(cx))
}

/// The configuration of servers.
pub fn server(cx: &Cx, context: ThisContext<'_>) -> Res<Arc<ServerConfig>> {
    pay(cx, context)?;
    if let Some(made) = context.setup.with(cx, |setup| setup.server.clone())? {
        return Ok(made);
    }
    let verifier: Arc<dyn ClientCertVerifier> = match context.verify_mode.get() {
        CERT_NONE => Arc::new(NoClientAuth),
        _ => Arc::new(Verifier(trust(cx, context)?)),
    };
    let versions = versions(&context);
    let options = context.options.get();
    let tickets = usize::try_from(context.num_tickets.get()).unwrap_or(usize::MAX).min(16);
    let made = context.setup.with(cx, |setup| {
        let builder = ServerConfig::builder_with_provider(Arc::new(setup.provider()));
        let builder = builder.with_protocol_versions(&versions).ok()?;
        let builder = builder.with_client_cert_verifier(verifier);
        let mut made = builder.with_cert_resolver(setup.choice());
        made.alpn_protocols = setup.spoken();
        made.ignore_client_order = options & OP_CIPHER_SERVER_PREFERENCE != 0;
        made.send_tls13_tickets = tickets;
        made.session_storage = setup.sessions.clone();
        if options & OP_NO_TICKET == 0 {
            if setup.tickets.is_none() {
                setup.tickets = ring::Ticketer::new().ok();
            }
            if let Some(tickets) = &setup.tickets {
                made.ticketer = tickets.clone();
            }
        }
        if let Some(log) = setup.log() {
            made.key_log = log;
        }
        let made = Arc::new(made);
        setup.server = Some(made.clone());
        Some(made)
    })?;
    made.ok_or_else(|| Fault::reason("NO_PROTOCOLS_AVAILABLE").raise(cx))
}
