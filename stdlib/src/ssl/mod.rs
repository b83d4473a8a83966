//! `_ssl`: connections that nobody else can read or change.
//!
//! The engine is rustls, with the ciphers of ring; it is behind the feature `ssl`, and without it there is no such module. It speaks TLS 1.2
//! and 1.3, and no older version. What programs see is what CPython's module over OpenSSL shows, as far as the engine has it: there are no
//! keys that were shared beforehand, no certificates that a server asks for later, no bindings of channels, and no messages for a callback.
//!
//! The engine works without the interpreter's lock, and knows neither Python nor the network (`engine.rs`); records are carried by the thread
//! that calls (`transport.rs`), which waits as sockets do. A record is taken only when what came before was read, so that what a
//! connection holds has a limit; it is charged when the connection is made.
//!
//! | file | what |
//! |---|---|
//! | `constants.rs`, `objects.rs`, `errors.rs` | numbers; objects of ASN.1; exceptions, and which of them a fault is |
//! | `context.rs`, `loading.rs`, `keys.rs`, `config.rs` | contexts: the type; certificates; private keys; what the engine is told |
//! | `shelf.rs` | what a context trusts, and what it knows to be revoked |
//! | `suites.rs`, `pem.rs`, `random.rs` | ciphers; PEM; chance |
//! | `verify.rs`, `strict.rs`, `names.rs` | whether a certificate is trusted, is as it should be, and is a host's |
//! | `certificate.rs`, `session.rs` | certificates and sessions as objects |
//! | `socket.rs`, `engine.rs`, `transport.rs`, `bio.rs` | connections: the type, their state, carrying records; memory in place of a socket |

use ryokan_vm::native::*;

mod bio;
mod certificate;
mod config;
mod constants;
mod context;
mod engine;
mod errors;
mod keys;
mod loading;
mod names;
mod objects;
mod pem;
mod random;
mod session;
mod shelf;
mod socket;
mod strict;
mod suites;
mod transport;
mod verify;

use certificate::Certificate;

native_module! {
    /// What the module ssl stands on.
    "_ssl" {
        types { context::Context, socket::SslSocket, bio::MemoryBio, session::Session, Certificate }
        fill = fill;
        functions {
            /// Adds chance to the system's own.
            RAND_add(string: &Value, entropy: f64, /) = random::rand_add;
            /// So many bytes of chance.
            RAND_bytes(n: i32, /) = random::rand_bytes;
            /// Whether there is enough chance: always.
            RAND_status() = rand_status;
            /// The first certificate of a file, as a dict.
            _test_decode_cert(path: &Value, /) = certificate::decode_file;
            /// Where certificates that are trusted lie: variables of the environment, and paths that count without them.
            get_default_verify_paths() = loading::get_default_verify_paths;
            /// The object of a number: number, short name, long name, identifier.
            nid2obj(nid: i32, /) = objects::nid2obj;
            /// The object of an identifier, or of a name.
            txt2obj(txt: Text, name: bool = false => "False") = objects::txt2obj;
        }
    }
}

native_state! {
    /// What all connections have in common.
    pub struct State {
        /// The exceptions by their names.
        pub errors: Slot,
    }
}

fn fill(module: &Filler<'_>) -> Res<()> {
    errors::fill(module)?;
    constants::fill(module)
}

fn rand_status(_: &Cx) -> bool {
    true
}
