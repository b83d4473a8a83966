//! Private keys in PEM, and the passwords that protect some of them.

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use rustls::pki_types::PrivateKeyDer;
use ryokan_vm::native::*;

use super::errors::Fault;
use super::pem::{self, Section};

/// No password is longer.
const LONGEST: usize = 1024;
/// A key may ask for so many rounds, and for so much memory.
const ROUNDS: u32 = 10_000_000;
const MEMORY: u64 = 64 << 20;
/// What a round costs, and what a block of scrypt's does, in instructions.
const ROUND: u64 = 20;

/// The bytes of a password; `complaint` if it cannot be one.
fn password_bytes(cx: &Cx, password: &Value, complaint: &str) -> Res<Vec<u8>> {
    let too_long = || cx.value_error(format_args!("password cannot be longer than {LONGEST} bytes"));
    if cx.is_str(password) {
        let text = cx.str(password)?;
        return if text.as_str().len() > LONGEST { Err(too_long()) } else { Ok(text.as_str().into()) };
    }
    if Bytes::of(password).is_none() && ByteArray::of(password).is_none() {
        return Err(cx.type_error(complaint));
    }
    let bytes = Buffer::of(cx, password)?;
    if bytes.len() > LONGEST { Err(too_long()) } else { Ok(bytes.read(<[u8]>::to_vec)) }
}

/// Whether an argument is a password, or something to ask for one.
pub fn check_password(cx: &Cx, password: &Value) -> Res<()> {
    if password.is_none() || cx.is_callable(password) {
        return Ok(());
    }
    password_bytes(cx, password, "password should be a string or callable").map(drop)
}

/// The first private key of a text. `SSLError` if there is none, or if the password is not the one that protects it.
pub fn private_key(cx: &Cx, text: &[u8], password: &Value) -> Res<PrivateKeyDer<'static>> {
    if memchr::memmem::find(text, b"Proc-Type: 4,ENCRYPTED").is_some() {
        let words = "keys in this old form of encryption are not supported: write the file anew with PKCS 8";
        return Err(Fault::saying("UNSUPPORTED_ENCRYPTION", words).raise(cx));
    }
    if let Some(found) = pem::sections(cx, text)?.iter().find_map(Section::key) {
        return Ok(found);
    }
    // The reader of PEM knows the other label alone.
    let text = String::from_utf8_lossy(text).replace(" ENCRYPTED PRIVATE KEY-", " PRIVATE KEY-");
    let Some(PrivateKeyDer::Pkcs8(locked)) = pem::sections(cx, text.as_bytes())?.iter().find_map(Section::key) else {
        return Err(Fault::pem().raise(cx));
    };
    if password.is_none() {
        return Err(Fault::pem().raise(cx));
    }
    let password = match cx.is_callable(password) {
        true => cx.call(password, ())?,
        false => password.clone(),
    };
    let password = password_bytes(cx, &password, "password callback must return a string")?;
    unlock(cx, locked.secret_pkcs8_der(), &password)
}

/// What unlocking a key takes: time, in instructions, and memory. Nothing if it is not to be done, or cannot be.
fn cost(encryption: &EncryptionScheme) -> Option<(u64, usize)> {
    let EncryptionScheme::Pbes2(scheme) = encryption else { return None };
    match &scheme.kdf {
        Kdf::Pbkdf2(asked) if asked.iteration_count <= ROUNDS => Some((u64::from(asked.iteration_count) * ROUND, 0)),
        Kdf::Scrypt(asked) if asked.parallelization <= 16 => {
            let blocks = asked.cost_parameter.checked_mul(asked.block_size.into())?;
            let memory = blocks.checked_mul(128).filter(|memory| *memory <= MEMORY)?;
            Some((blocks * u64::from(asked.parallelization) * ROUND, memory as usize))
        }
        _ => None,
    }
}

fn unlock(cx: &Cx, locked: &[u8], password: &[u8]) -> Res<PrivateKeyDer<'static>> {
    let Ok(info) = EncryptedPrivateKeyInfoRef::try_from(locked) else { return Err(Fault::pem().raise(cx)) };
    let Some((rounds, memory)) = cost(&info.encryption_algorithm) else {
        let words = "the encryption of this key is not supported";
        return Err(Fault::saying("UNSUPPORTED_ENCRYPTION", words).raise(cx));
    };
    cx.work(rounds)?;
    let _charge = cx.charge(memory)?;
    let unlocked = cx.blocking(|| info.decrypt(password).map(|key| key.as_bytes().to_vec()));
    match unlocked {
        Ok(key) => Ok(PrivateKeyDer::Pkcs8(key.into())),
        Err(_) => Err(Fault::pem().raise(cx)),
    }
}
