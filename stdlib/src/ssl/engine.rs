//! One connection's state, apart from Python and from the network: records go in, records come out.

use std::io::{Read, Write};
use std::sync::Arc;

use rustls::client::{ClientConfig, Resumption};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::{Accepted, Acceptor, ServerConfig};
use rustls::{ClientConnection, Connection, Error, HandshakeKind};

use super::errors::Fault;
use super::session::Store;
use super::suites;
use super::verify::take_verdict;

/// The header of a record.
const HEADER: usize = 5;
/// What a record may hold at most: its text, and what ciphers add.
const MOST: usize = (1 << 14) + 2048;
/// How much of what is written goes into a record.
pub const CHUNK: usize = 1 << 14;
/// What a connection takes of memory at most, about: a record in each direction, and a handshake.
pub const COST: usize = 96 << 10;

enum State {
    /// A client that has said nothing yet.
    Fresh(Arc<ClientConfig>, ServerName<'static>),
    /// A server that has not heard all of a client's first message.
    Hearing(Box<Acceptor>),
    /// A server that has, and must say how it answers.
    Heard(Box<Accepted>),
    Open(Box<Connection>),
    /// Nothing can be done any more.
    Broken,
}

/// What a handshake needs next.
pub enum Step {
    /// A record.
    Record,
    /// The server's answer to a client's first message.
    Answer,
    /// Nothing: it is over.
    Nothing,
}

/// What a client's first message has said.
#[derive(Clone, Default)]
pub struct Hello {
    pub name: Option<String>,
    /// The suites that it names, of those that are known.
    pub suites: Vec<rustls::CipherSuite>,
    /// The protocols, each with its length before it.
    protocols: Vec<u8>,
}

impl Hello {
    /// Whether it names a protocol.
    fn speaks(&self, protocol: &[u8]) -> bool {
        let mut rest = &self.protocols[..];
        while let [length, behind @ ..] = rest {
            let (one, behind) = behind.split_at(behind.len().min(usize::from(*length)));
            if one == protocol {
                return true;
            }
            rest = behind;
        }
        false
    }
}

/// What there is to read.
pub enum Plain {
    Some(Vec<u8>),
    /// The other side has said that nothing more comes.
    End,
    /// A record is needed.
    Nothing,
}

pub struct Engine {
    state: State,
    /// A record that has not come whole.
    coming: Vec<u8>,
    /// Records that are to be sent.
    going: Vec<u8>,
    /// How much of what is being written was taken by calls that could not send it.
    pub taken: usize,
    /// Whether any record was taken.
    heard: bool,
    pub is_server: bool,
    /// Whether the transport has ended.
    pub ended: bool,
    /// Whether the other side has said that nothing more comes, and whether this side has.
    pub peer_closed: bool,
    pub closed: bool,
    /// Whether the end of the handshake was told.
    told: bool,
    pub fault: Option<Fault>,
    pub hello: Hello,
    pub chain: Option<Vec<CertificateDer<'static>>>,
    /// What a client keeps for the next connection.
    pub store: Arc<Store>,
}

impl Engine {
    fn new(state: State, is_server: bool) -> Engine {
        Engine {
            state,
            coming: Vec::new(),
            going: Vec::new(),
            taken: 0,
            heard: false,
            is_server,
            ended: false,
            peer_closed: false,
            closed: false,
            told: false,
            fault: None,
            hello: Hello::default(),
            chain: None,
            store: Arc::default(),
        }
    }
    /// A client of somebody.
    pub fn client(config: Arc<ClientConfig>, name: ServerName<'static>) -> Engine {
        Engine::new(State::Fresh(config, name), false)
    }
    /// A server.
    pub fn server() -> Engine {
        Engine::new(State::Hearing(Box::default()), true)
    }
    /// Whether nothing was said yet.
    pub fn is_fresh(&self) -> bool {
        matches!(self.state, State::Fresh(..))
    }
    /// The connection, once there is one.
    pub fn connection(&self) -> Option<&Connection> {
        match &self.state {
            State::Open(connection) => Some(connection),
            _ => None,
        }
    }
    /// Whether the handshake is over.
    pub fn is_open(&self) -> bool {
        self.connection().is_some_and(|connection| !connection.is_handshaking())
    }
    /// The same, once: whether it is over, and was not when this was asked last; and whether a session was taken up again.
    pub fn has_just_opened(&mut self) -> Option<bool> {
        if self.told || !self.is_open() {
            return None;
        }
        self.told = true;
        Some(self.is_resumed())
    }
    /// Whether an earlier session was taken up again.
    pub fn is_resumed(&self) -> bool {
        self.connection().and_then(|open| open.handshake_kind()) == Some(HandshakeKind::Resumed)
    }

    /// Something has gone wrong for good.
    pub fn fail(&mut self, fault: Fault) -> Fault {
        self.fault = Some(fault.clone());
        // A connection still knows who was talked to, and how.
        if !matches!(self.state, State::Open(_)) {
            self.state = State::Broken;
        }
        fault
    }
    fn fail_with(&mut self, error: &Error) -> Fault {
        let verdict = take_verdict();
        self.drain();
        self.fail(match &verdict {
            Some(Err(rejected)) => Fault::rejected(rejected),
            _ => Fault::from_engine(error),
        })
    }
    /// Takes what the engine wants to send.
    fn drain(&mut self) {
        if let State::Open(connection) = &mut self.state {
            while connection.wants_write() {
                if !matches!(connection.write_tls(&mut self.going), Ok(count) if count > 0) {
                    break;
                }
            }
        }
    }

    /// Begins, if that was not done.
    fn begin(&mut self) -> Result<(), Fault> {
        let State::Fresh(config, name) = &self.state else { return Ok(()) };
        let mut config = ClientConfig::clone(config);
        config.resumption = Resumption::store(self.store.clone());
        match ClientConnection::new(Arc::new(config), name.clone()) {
            Ok(connection) => {
                self.state = State::Open(Box::new(Connection::Client(connection)));
                self.drain();
                Ok(())
            }
            Err(error) => Err(self.fail_with(&error)),
        }
    }
    /// Goes on with the handshake as far as it can.
    pub fn step(&mut self) -> Result<Step, Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        self.begin()?;
        match &self.state {
            State::Heard(_) => Ok(Step::Answer),
            _ if self.is_open() => Ok(Step::Nothing),
            _ => Ok(Step::Record),
        }
    }
    /// Answers a client's first message.
    pub fn answer(&mut self, config: Arc<ServerConfig>) -> Result<(), Fault> {
        let accepted = match std::mem::replace(&mut self.state, State::Broken) {
            State::Heard(accepted) => accepted,
            other => {
                self.state = other;
                return Ok(());
            }
        };
        // A client that speaks none of the server's protocols is served all the same.
        let speaks = config.alpn_protocols.iter().any(|protocol| self.hello.speaks(protocol));
        let config = if speaks || config.alpn_protocols.is_empty() {
            config
        } else {
            let mut silent = ServerConfig::clone(&config);
            silent.alpn_protocols.clear();
            Arc::new(silent)
        };
        take_verdict();
        match accepted.into_connection(config) {
            Ok(connection) => {
                self.state = State::Open(Box::new(Connection::Server(connection)));
                self.drain();
                Ok(())
            }
            Err((error, mut alert)) => {
                // Writing to memory does not fail.
                let _ = alert.write_all(&mut self.going);
                Err(self.fail_with(&error))
            }
        }
    }
    /// Answers it with an alert.
    pub fn refuse(&mut self, alert: u8, fault: Fault) -> Fault {
        self.going.extend_from_slice(&[21, 3, 3, 0, 2, 2, alert]);
        self.fail(fault)
    }

    /// How many bytes are missing of the record that comes next.
    pub fn missing(&self) -> usize {
        match self.coming.get(..HEADER) {
            None => HEADER - self.coming.len(),
            Some(header) => {
                let size = usize::from(u16::from_be_bytes([header[3], header[4]]));
                (HEADER + size).saturating_sub(self.coming.len())
            }
        }
    }
    /// Takes bytes, no more than are missing.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        self.coming.extend_from_slice(bytes);
        if let Some(header) = self.coming.first_chunk::<HEADER>()
            && let Some(fault) = self.is_no_record(*header)
        {
            return Err(self.fail(fault));
        }
        if self.coming.len() < HEADER || self.missing() > 0 {
            return Ok(());
        }
        self.heard = true;
        let record = std::mem::take(&mut self.coming);
        self.digest(&record)
    }
    /// What is wrong with a record that begins so.
    fn is_no_record(&self, header: [u8; HEADER]) -> Option<Fault> {
        let size = usize::from(u16::from_be_bytes([header[3], header[4]]));
        let is_known = (20..=24).contains(&header[0]) && header[1] == 3;
        if is_known && size <= MOST {
            return None;
        }
        if self.heard {
            return Some(Fault::reason(if is_known { "RECORD_LAYER_FAILURE" } else { "WRONG_VERSION_NUMBER" }));
        }
        let speaks_http = [&b"GET "[..], b"POST", b"HEAD", b"PUT "].iter().any(|word| header.starts_with(word));
        Some(match self.is_server {
            true if speaks_http => Fault::reason("HTTP_REQUEST"),
            true if header.starts_with(b"CONNE") => Fault::reason("HTTPS_PROXY_REQUEST"),
            _ if is_known => Fault::reason("RECORD_LAYER_FAILURE"),
            _ => Fault::reason("WRONG_VERSION_NUMBER"),
        })
    }
    /// Takes a whole record.
    fn digest(&mut self, mut record: &[u8]) -> Result<(), Fault> {
        take_verdict();
        match &mut self.state {
            State::Hearing(acceptor) => {
                while !record.is_empty() {
                    if !matches!(acceptor.read_tls(&mut record), Ok(count) if count > 0) {
                        return Err(self.fail(Fault::reason("EXCESSIVE_MESSAGE_SIZE")));
                    }
                }
                match acceptor.accept() {
                    Ok(None) => Ok(()),
                    Ok(Some(accepted)) => {
                        self.hear(accepted);
                        Ok(())
                    }
                    Err((error, mut alert)) => {
                        let _ = alert.write_all(&mut self.going);
                        Err(self.fail_with(&error))
                    }
                }
            }
            State::Open(connection) => {
                while !record.is_empty() {
                    if !matches!(connection.read_tls(&mut record), Ok(count) if count > 0) {
                        // Nothing is heard behind the other side's last word.
                        break;
                    }
                    match connection.process_new_packets() {
                        Ok(state) => self.peer_closed |= state.peer_has_closed(),
                        Err(error) => return Err(self.fail_with(&error)),
                    }
                }
                if let Some(Ok(chain)) = take_verdict() {
                    self.chain = Some(chain);
                }
                self.drain();
                Ok(())
            }
            _ => Ok(()),
        }
    }
    fn hear(&mut self, accepted: Accepted) {
        let hello = accepted.client_hello();
        let known = hello.cipher_suites().iter().copied().filter(|suite| suites::known(*suite).is_some());
        self.hello = Hello {
            name: hello.server_name().map(str::to_owned),
            suites: known.collect(),
            protocols: Vec::new(),
        };
        for protocol in hello.alpn().into_iter().flatten() {
            self.hello.protocols.push(protocol.len() as u8);
            self.hello.protocols.extend_from_slice(protocol);
        }
        self.state = State::Heard(Box::new(accepted));
    }

    /// How many bytes can be read at once.
    pub fn pending(&mut self) -> usize {
        match &mut self.state {
            State::Open(connection) => connection.process_new_packets().map_or(0, |state| state.plaintext_bytes_to_read()),
            _ => 0,
        }
    }
    /// Reads at most so many bytes.
    pub fn read(&mut self, most: usize) -> Result<Plain, Fault> {
        if let State::Open(connection) = &mut self.state {
            let mut bytes = vec![0; most.min(CHUNK)];
            match connection.reader().read(&mut bytes) {
                Ok(0) => return Ok(Plain::End),
                Ok(count) => {
                    bytes.truncate(count);
                    return Ok(Plain::Some(bytes));
                }
                Err(_) => {}
            }
        }
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(Plain::Nothing),
        }
    }
    /// Makes a record of bytes; how many of them. They count as taken until the whole of what is written was sent.
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        if self.closed {
            return Err(Fault::reason("PROTOCOL_IS_SHUTDOWN"));
        }
        let State::Open(connection) = &mut self.state else { return Err(Fault::reason("UNINITIALIZED")) };
        let written = connection.writer().write(&bytes[..bytes.len().min(CHUNK)]);
        self.drain();
        self.taken += *written.as_ref().unwrap_or(&0);
        written.map_err(|_| Fault::reason("PROTOCOL_IS_SHUTDOWN"))
    }
    /// Says that nothing more comes.
    pub fn close(&mut self) {
        if let State::Open(connection) = &mut self.state
            && !self.closed
            && self.fault.is_none()
        {
            connection.send_close_notify();
            self.closed = true;
            self.drain();
        }
    }

    /// Whether there are records to be sent.
    pub fn has_going(&self) -> bool {
        !self.going.is_empty()
    }
    /// Takes what is to be sent; what was not is put back.
    pub fn take_going(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.going)
    }
    /// Puts back what was not sent, before what has come since.
    pub fn put_back(&mut self, mut unsent: Vec<u8>) {
        unsent.append(&mut self.going);
        self.going = unsent;
    }
}
