//! Certificates and keys that a context takes: its own, and those that it trusts.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use ryokan_vm::native::*;
use x509_parser::prelude::*;

use super::context::ThisContext;
use super::errors::Fault;
use super::keys;
use super::pem::{self, Section};
use crate::fspath::{c_path, fspath};

/// No file of certificates is larger.
const LARGEST: u64 = 16 << 20;
/// So many files of a folder are looked at.
const FILES: usize = 4096;

/// Where a system keeps the certificates that it trusts: files, of which the first that is there is taken.
const DEFAULT_FILES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/openssl@3/cert.pem",
    "/usr/local/etc/openssl@3/cert.pem",
];
/// And a folder.
const DEFAULT_FOLDER: &str = "/etc/ssl/certs";
const FILE_VARIABLE: &str = "SSL_CERT_FILE";
const FOLDER_VARIABLE: &str = "SSL_CERT_DIR";

/// The path of the file that the system has, or of the last one that it could have.
fn default_file(cx: &Cx) -> &'static str {
    let is_there = |path: &&&str| cx.allows(Capability::Files) && Path::new(path).exists();
    DEFAULT_FILES.iter().find(is_there).copied().unwrap_or("/etc/ssl/cert.pem")
}

/// `get_default_verify_paths()`: two variables of the environment, each with the path that counts without it.
pub fn get_default_verify_paths(cx: &Cx) -> (&'static str, &'static str, &'static str, &'static str) {
    (FILE_VARIABLE, default_file(cx), FOLDER_VARIABLE, DEFAULT_FOLDER)
}

fn limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::from_raw_os_error(libc::EFBIG));
    }
    Ok(bytes)
}

fn read_path(cx: &Cx, path: PathBuf) -> Res<io::Result<Vec<u8>>> {
    cx.require(Capability::Files)?;
    let read = cx.blocking(|| limited(&path));
    cx.check_signals()?;
    if let Ok(bytes) = &read {
        cx.work_on_bytes(bytes.len())?;
    }
    Ok(read)
}

fn path_of(cx: &Cx, path: &Value) -> Res<PathBuf> {
    let path = c_path(cx, path, "embedded null byte")?;
    Ok(PathBuf::from(OsStr::from_bytes(path.as_bytes())))
}

/// The bytes of a file of certificates. `OSError`.
pub fn read_file(cx: &Cx, path: &Value) -> Res<Vec<u8>> {
    let path = path_of(cx, path)?;
    let read = read_path(cx, path)?;
    read.map_err(|error| crate::fspath::io_error(cx, &error))
}

/// A path that an argument is; `TypeError` with a text of its own if it is none.
fn path_arg(cx: &Cx, value: &Value, complaint: &str) -> Res {
    fspath(cx, value).map_err(|raised| {
        if cx.is_raised(&raised, "TypeError") {
            drop(cx.take_raised(raised));
            return cx.type_error(complaint);
        }
        raised
    })
}

/// The certificates of a folder, in the files whose names are hashes. What cannot be read is left out.
pub fn read_folder(cx: &Cx, folder: PathBuf) -> Res<Vec<CertificateDer<'static>>> {
    cx.require(Capability::Files)?;
    let names = cx.blocking(|| {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path()).filter(|path| is_hash(path));
        paths.take(FILES).collect::<Vec<_>>()
    });
    let mut found: Vec<CertificateDer<'static>> = Vec::new();
    for name in names {
        cx.work(10)?;
        let Ok(bytes) = read_path(cx, name)? else { continue };
        let Ok(sections) = pem::sections(cx, &bytes) else { continue };
        found.extend(sections.into_iter().filter(Section::is_certificate).map(|section| section.der.into()));
    }
    Ok(found)
}

/// Whether a file's name is a hash: eight digits, a point and a number.
fn is_hash(path: &Path) -> bool {
    let Some((hash, number)) = path.file_name().and_then(OsStr::to_str).and_then(|name| name.split_once('.')) else {
        return false;
    };
    hash.len() == 8
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Trusts certificates, and takes lists of what was revoked; how many were new or known already.
fn trust_sections(cx: &Cx, this: ThisContext<'_>, sections: Vec<Section>) -> Res<usize> {
    let mut count = 0;
    for section in sections {
        cx.work_on_bytes(section.der.len())?;
        if section.is_certificate() {
            trust_one(cx, this, section.der)?;
        } else if section.is_revocations() {
            let charge = cx.charge(section.der.len())?;
            this.setup.with(cx, |setup| {
                setup.revoked.push(section.der);
                setup.charges.push(charge);
                setup.changed();
            })?;
        } else {
            continue;
        }
        count += 1;
    }
    Ok(count)
}

/// Trusts a certificate. `SSLError` if it is none.
fn trust_one(cx: &Cx, this: ThisContext<'_>, der: Vec<u8>) -> Res<()> {
    if !X509Certificate::from_der(&der).is_ok_and(|(rest, _)| rest.is_empty()) {
        return Err(Fault::pem().raise(cx));
    }
    // What the engine makes of it is about as large.
    let charge = cx.charge(der.len().saturating_mul(3))?;
    this.setup.with(cx, |setup| {
        if !setup.trusted.iter().any(|known| known.as_ref() == der) {
            setup.trusted.push(der.into());
            setup.charges.push(charge);
            setup.changed();
        }
    })
}

/// `load_verify_locations()`
pub fn load_verify_locations(cx: &Cx, this: ThisContext<'_>, cafile: Value, capath: Value, cadata: Value) -> Res<()> {
    if cafile.is_none() && capath.is_none() && cadata.is_none() {
        return Err(cx.type_error("cafile, capath and cadata cannot be all omitted"));
    }
    let file = match cafile.is_none() {
        true => None,
        false => Some(path_arg(cx, &cafile, "cafile should be a valid filesystem path")?),
    };
    let folder = match capath.is_none() {
        true => None,
        false => Some(path_arg(cx, &capath, "capath should be a valid filesystem path")?),
    };
    if !cadata.is_none() {
        trust_data(cx, this, &cadata)?;
    }
    if let Some(file) = file {
        let bytes = read_file(cx, &file)?;
        let none = || Fault::of("X509", "NO_CERTIFICATE_OR_CRL_FOUND").raise(cx);
        if trust_sections(cx, this, pem::sections(cx, &bytes)?)? == 0 {
            return Err(none());
        }
    }
    if let Some(folder) = folder {
        cx.require(Capability::Files)?;
        let folder = path_of(cx, &folder)?;
        this.setup.with(cx, |setup| {
            setup.folders.push(folder);
            setup.changed();
        })?;
    }
    Ok(())
}

/// Trusts what a str has in PEM, or bytes have in DER.
fn trust_data(cx: &Cx, this: ThisContext<'_>, data: &Value) -> Res<()> {
    let wrong = || cx.type_error("cadata should be an ASCII string or a bytes-like object");
    if let Some(text) = Str::of(data) {
        let text = text.ascii().ok_or_else(wrong)?.as_bytes().to_vec();
        if text.is_empty() {
            return Err(cx.value_error("Empty certificate data"));
        }
        let sections = pem::sections(cx, &text)?.into_iter().filter(Section::is_certificate).collect();
        if trust_sections(cx, this, sections)? == 0 {
            return Err(Fault::text("no start line: cadata does not contain a certificate").raise(cx));
        }
        return Ok(());
    }
    let Ok(buffer) = Buffer::of(cx, data) else { return Err(wrong()) };
    let copy = crate::socket::transfer::copy(cx, &buffer)?;
    let mut rest = copy.as_slice();
    if rest.is_empty() {
        return Err(cx.value_error("Empty certificate data"));
    }
    let mut count = 0;
    while !rest.is_empty() {
        let Ok((behind, _)) = X509Certificate::from_der(rest) else { break };
        trust_one(cx, this, rest[..rest.len() - behind.len()].to_vec())?;
        (rest, count) = (behind, count + 1);
    }
    match count {
        0 => Err(Fault::text("not enough data: cadata does not contain a certificate").raise(cx)),
        _ if rest.is_empty() => Ok(()),
        _ => Err(Fault::of("ASN1", "NOT_ENOUGH_DATA").raise(cx)),
    }
}

/// `set_default_verify_paths()`: what the system trusts, as far as it can be read.
pub fn set_default_verify_paths(cx: &Cx, this: ThisContext<'_>) -> Res<()> {
    if !cx.allows(Capability::Files) {
        return Ok(());
    }
    let file = cx.env(FILE_VARIABLE).unwrap_or_else(|| default_file(cx).to_owned());
    let mut count = 0;
    if let Ok(bytes) = read_path(cx, file.into())?
        && let Ok(sections) = quietly(cx, pem::sections(cx, &bytes))
    {
        for section in sections.into_iter().filter(Section::is_certificate) {
            count += usize::from(quietly(cx, trust_one(cx, this, section.der)).is_ok());
        }
    }
    let folder = cx.env(FOLDER_VARIABLE);
    if count > 0 && folder.is_none() {
        // The system's folder has what its file has.
        return Ok(());
    }
    this.setup.with(cx, |setup| {
        setup.folders.push(folder.unwrap_or_else(|| DEFAULT_FOLDER.to_owned()).into());
        setup.changed();
    })
}

/// What an `SSLError` or another error of the system is about is left out.
fn quietly<T>(cx: &Cx, done: Res<T>) -> Result<T, ()> {
    done.map_err(|raised| drop(cx.take_raised(raised)))
}

/// `load_cert_chain()`
pub fn load_cert_chain(cx: &Cx, this: ThisContext<'_>, certfile: Value, keyfile: Value, password: Value) -> Res<()> {
    let file = path_arg(cx, &certfile, "certfile should be a valid filesystem path")?;
    let key_file = match keyfile.is_none() {
        true => file.clone(),
        false => path_arg(cx, &keyfile, "keyfile should be a valid filesystem path")?,
    };
    keys::check_password(cx, &password)?;
    let bytes = read_file(cx, &file)?;
    let chain: Vec<CertificateDer<'static>> = pem::sections(cx, &bytes)?
        .into_iter()
        .filter(Section::is_certificate)
        .map(|section| section.der.into())
        .collect();
    if chain.is_empty() {
        return Err(Fault::pem().raise(cx));
    }
    let bytes = if keyfile.is_none() { bytes } else { read_file(cx, &key_file)? };
    let key = keys::private_key(cx, &bytes, &password)?;
    let key = cx.blocking(|| any_supported_type(&key));
    let key = key.map_err(|_| Fault::unusable_key().raise(cx))?;
    let made = CertifiedKey::new(chain, key);
    match made.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
        Err(rustls::Error::InconsistentKeys(_)) => return Err(Fault::of("X509", "KEY_VALUES_MISMATCH").raise(cx)),
        Err(_) => return Err(Fault::pem().raise(cx)),
    }
    let size = made.cert.iter().map(|one| one.len()).sum::<usize>() + (8 << 10);
    let charge = cx.charge(size)?;
    this.setup.with(cx, |setup| {
        let kind = made.key.algorithm();
        setup.keys.retain(|key| key.key.algorithm() != kind);
        setup.keys.push(Arc::new(made));
        setup.charges.push(charge);
        setup.changed();
    })
}
