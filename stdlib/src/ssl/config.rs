//! What the engine is told: a context's settings as configurations of rustls, made when they are first used and again when they change.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::{ClientConfig, ResolvesClientCert};
use rustls::crypto::{CryptoProvider, SupportedKxGroup, ring};
use rustls::pki_types::CertificateDer;
use rustls::server::{
    ClientHello, NoClientAuth, ProducesTickets, ResolvesServerCert, ServerConfig, ServerSessionMemoryCache,
    StoresServerSessions, danger::ClientCertVerifier,
};
use rustls::sign::CertifiedKey;
use rustls::{KeyLog, SignatureScheme, SupportedProtocolVersion, version};
use ryokan_vm::native::*;

use super::constants::*;
use super::context::{Context, ThisContext};
use super::errors::Fault;
use super::loading;
use super::suites;
use super::verify::{Settings, Trust, Verifier};

/// What a context holds that is not Python's.
pub struct Setup {
    /// Certificates that are trusted.
    pub trusted: Vec<CertificateDer<'static>>,
    /// Lists of what was revoked.
    pub revoked: Vec<Vec<u8>>,
    /// Folders with more certificates that are trusted.
    pub folders: Vec<PathBuf>,
    /// Keys with their certificates, the last one of a kind.
    pub keys: Vec<Arc<CertifiedKey>>,
    /// The suites of TLS 1.2.
    pub suites: Vec<u16>,
    /// The group of keys that is to be used.
    pub group: Option<&'static dyn SupportedKxGroup>,
    /// The protocols that are spoken over TLS.
    pub protocols: Vec<Vec<u8>>,
    /// Where secrets are logged.
    pub log: Option<Arc<SecretLog>>,
    /// What was paid for certificates.
    pub charges: Vec<Charge>,
    sessions: Arc<dyn StoresServerSessions>,
    tickets: Option<Arc<dyn ProducesTickets>>,
    client: Option<Arc<ClientConfig>>,
    server: Option<Arc<ServerConfig>>,
}

/// How many sessions a server remembers.
const SESSIONS: usize = 256;

impl Setup {
    /// Of a new context.
    pub fn new() -> Setup {
        Setup {
            trusted: Vec::new(),
            revoked: Vec::new(),
            folders: Vec::new(),
            keys: Vec::new(),
            suites: suites::choose(DEFAULT_CIPHERS),
            group: None,
            protocols: Vec::new(),
            log: None,
            charges: Vec::new(),
            sessions: ServerSessionMemoryCache::new(SESSIONS),
            tickets: None,
            client: None,
            server: None,
        }
    }
    /// Something has changed: configurations are made anew.
    pub fn changed(&mut self) {
        self.client = None;
        self.server = None;
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
}

/// A file that secrets are logged in, for those who look at traffic.
#[derive(Debug)]
pub struct SecretLog(pub Mutex<File>);

impl KeyLog for SecretLog {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
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

/// What decides about trust in a context. Reads its folders; `OSError`, `MemoryError`.
fn trust(cx: &Cx, context: ThisContext<'_>) -> Res<Arc<Trust>> {
    let folders = context.setup.with(cx, |setup| setup.folders.clone())?;
    let mut more = Vec::new();
    if context.verify_mode.get() != CERT_NONE {
        for folder in folders {
            more.extend(loading::read_folder(cx, folder)?);
        }
    }
    let settings = Settings {
        mode: context.verify_mode.get(),
        flags: context.verify_flags.get(),
        checks_host: context.check_hostname.get(),
        host_flags: context.host_flags.get(),
    };
    context.setup.with(cx, |setup| {
        let algorithms = setup.provider().signature_verification_algorithms;
        let certificates = setup.trusted.iter().cloned().chain(more);
        Arc::new(Trust::new(certificates, setup.revoked.clone(), settings, algorithms))
    })
}

/// The configuration of clients.
pub fn client(cx: &Cx, context: ThisContext<'_>) -> Res<Arc<ClientConfig>> {
    if let Some(made) = context.setup.with(cx, |setup| setup.client.clone())? {
        return Ok(made);
    }
    let verifier = Arc::new(Verifier(trust(cx, context)?));
    let versions = versions(&context);
    let made = context.setup.with(cx, |setup| {
        let builder = ClientConfig::builder_with_provider(Arc::new(setup.provider()));
        let builder = builder.with_protocol_versions(&versions).ok()?;
        let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
        let mut made = builder.with_client_cert_resolver(Arc::new(Keys(setup.keys.clone())));
        made.alpn_protocols = setup.protocols.clone();
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
        let mut made = builder.with_cert_resolver(Arc::new(Keys(setup.keys.clone())));
        made.alpn_protocols = setup.protocols.clone();
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
