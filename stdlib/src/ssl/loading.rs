//! Certificates and keys that a context takes: its own, and those that it trusts.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use ryokan_vm::native::*;
use x509_parser::prelude::*;

use super::config::{Setup, weight_of_key};
use super::context::ThisContext;
use super::errors::Fault;
use super::keys;
use super::pem::{self, Section};
use super::shelf::{Added, Coming};
use crate::fspath::{c_path, fspath};
use crate::posix::args::number;

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

/// The bytes of a file, and what is paid for them and for what is made of them.
pub struct Content {
    bytes: Vec<u8>,
    _charge: Charge,
}

impl std::ops::Deref for Content {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

fn limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::from_raw_os_error(libc::EFBIG));
    }
    Ok(bytes)
}

/// The bytes of a file, or why it cannot be read. Runs Python where a signal came in meanwhile; raises what its handler raises,
/// `PermissionError` if the host allows no files, and `MemoryError`.
fn read_path(cx: &Cx, path: &Path) -> Res<io::Result<Content>> {
    cx.require(Capability::Files)?;
    let read = cx.blocking(|| limited(path));
    cx.check_signals()?;
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(error)),
    };
    cx.work_on_bytes(bytes.len())?;
    let charge = cx.charge(bytes.len().saturating_mul(2))?;
    Ok(Ok(Content { bytes, _charge: charge }))
}

fn path_of(cx: &Cx, path: &Value) -> Res<PathBuf> {
    let path = c_path(cx, path, "embedded null byte")?;
    Ok(PathBuf::from(OsStr::from_bytes(path.as_bytes())))
}

/// The bytes of a file. `OSError`, about what the caller named the file, where that is to be said.
pub fn read_file(cx: &Cx, path: &Value, about: Option<&Value>) -> Res<Content> {
    let path = path_of(cx, path)?;
    let read = read_path(cx, &path)?;
    read.map_err(|error| cx.os_error_about(number(&error), about, None))
}

/// A file that texts are added to. `OSError` about what the caller named it.
pub fn open_to_append(cx: &Cx, path: &Value, about: &Value) -> Res<File> {
    cx.require(Capability::Files)?;
    let path = path_of(cx, path)?;
    let opened = cx.blocking(|| File::options().append(true).create(true).open(path));
    opened.map_err(|error| cx.os_error_about(number(&error), Some(about), None))
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

/// Trusts the certificates of a folder, in the files whose names are hashes: of those that nobody needs a context does not tell. What
/// cannot be read is left out. Runs Python and raises as [`read_path`].
pub fn read_folder(cx: &Cx, this: ThisContext<'_>, folder: &Path) -> Res<()> {
    cx.require(Capability::Files)?;
    let names = cx.blocking(|| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path()).filter(|path| is_hash(path));
        paths.take(FILES).collect::<Vec<_>>()
    });
    for name in names {
        cx.work(10)?;
        let Ok(bytes) = read_path(cx, &name)? else { continue };
        let sections = quietly(cx, pem::sections(cx, &bytes))?.unwrap_or_default();
        for section in sections.into_iter().filter(Section::is_certificate) {
            quietly(cx, trust_one(cx, this, section.der, false))?;
        }
    }
    Ok(())
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
        if section.is_certificate() {
            trust_one(cx, this, section.der, true)?;
        } else if section.is_revocations() {
            let list = Coming::list(cx, section.der)?;
            let added = this.setup.with(cx, |setup| setup.shelf.revoke(list))?;
            settle(cx, this, added)?;
        } else {
            continue;
        }
        count += 1;
    }
    Ok(count)
}

/// Trusts a certificate, which counts as the context's or is only one of a folder's. `SSLError` if it is none.
fn trust_one(cx: &Cx, this: ThisContext<'_>, der: Vec<u8>, counts: bool) -> Res<()> {
    let certificate = Coming::certificate(cx, der)?;
    let added = this.setup.with(cx, |setup| setup.shelf.trust(certificate, counts))?;
    settle(cx, this, added)
}

/// What follows from what was added.
fn settle(cx: &Cx, this: ThisContext<'_>, added: Added) -> Res<()> {
    match added {
        Added::New => this.setup.with(cx, Setup::changed),
        Added::Known => Ok(()),
        Added::Wrong => Err(Fault::pem().raise(cx)),
    }
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
        let bytes = read_file(cx, &file, None)?;
        let none = || Fault::of("X509", "NO_CERTIFICATE_OR_CRL_FOUND").raise(cx);
        if trust_sections(cx, this, pem::sections(cx, &bytes)?)? == 0 {
            return Err(none());
        }
    }
    if let Some(folder) = folder {
        cx.require(Capability::Files)?;
        look_into(cx, this, path_of(cx, &folder)?)?;
    }
    Ok(())
}

/// Trusts what a str has in PEM, or bytes have in DER.
fn trust_data(cx: &Cx, this: ThisContext<'_>, data: &Value) -> Res<()> {
    let wrong = || cx.type_error("cadata should be an ASCII string or a bytes-like object");
    if let Some(text) = Str::of(data) {
        let text = text.ascii().ok_or_else(wrong)?;
        if text.is_empty() {
            return Err(cx.value_error("Empty certificate data"));
        }
        let _charge = cx.charge(text.len())?;
        let sections = pem::sections(cx, text.as_bytes())?.into_iter().filter(Section::is_certificate).collect();
        if trust_sections(cx, this, sections)? == 0 {
            return Err(Fault::text("no start line: cadata does not contain a certificate").raise(cx));
        }
        return Ok(());
    }
    let buffer = Buffer::of(cx, data).or_else(|raised| {
        drop(cx.catch(raised, "Exception")?);
        Err(wrong())
    })?;
    let copy = buffer.copied(cx)?;
    let mut rest = &copy[..];
    if rest.is_empty() {
        return Err(cx.value_error("Empty certificate data"));
    }
    let mut count = 0;
    while !rest.is_empty() {
        let Ok((behind, _)) = X509Certificate::from_der(rest) else { break };
        trust_one(cx, this, rest[..rest.len() - behind.len()].to_vec(), true)?;
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
    if let Ok(bytes) = read_path(cx, Path::new(&file))? {
        let sections = quietly(cx, pem::sections(cx, &bytes))?.unwrap_or_default();
        for section in sections.into_iter().filter(Section::is_certificate) {
            count += usize::from(quietly(cx, trust_one(cx, this, section.der, true))?.is_some());
        }
    }
    let folder = cx.env(FOLDER_VARIABLE);
    if count > 0 && folder.is_none() {
        // The system's folder has what its file has.
        return Ok(());
    }
    look_into(cx, this, folder.unwrap_or_else(|| DEFAULT_FOLDER.to_owned()).into())
}

/// Certificates of a folder are trusted too.
fn look_into(cx: &Cx, this: ThisContext<'_>, folder: PathBuf) -> Res<()> {
    let charge = cx.charge(folder.as_os_str().len() + 128)?;
    this.setup.with(cx, |setup| setup.look_into(folder, charge))
}

/// What an `SSLError` or another error of the system is about is left out; all else is raised.
fn quietly<T>(cx: &Cx, done: Res<T>) -> Res<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(raised) => cx.catch(raised, "OSError").map(|_| None),
    }
}

/// `load_cert_chain()`
pub fn load_cert_chain(cx: &Cx, this: ThisContext<'_>, certfile: Value, keyfile: Value, password: Value) -> Res<()> {
    let file = path_arg(cx, &certfile, "certfile should be a valid filesystem path")?;
    let key_file = match keyfile.is_none() {
        true => file.clone(),
        false => path_arg(cx, &keyfile, "keyfile should be a valid filesystem path")?,
    };
    keys::check_password(cx, &password)?;
    let bytes = read_file(cx, &file, None)?;
    let chain: Vec<CertificateDer<'static>> = pem::sections(cx, &bytes)?
        .into_iter()
        .filter(Section::is_certificate)
        .map(|section| section.der.into())
        .collect();
    if chain.is_empty() {
        return Err(Fault::pem().raise(cx));
    }
    let bytes = if keyfile.is_none() { bytes } else { read_file(cx, &key_file, None)? };
    let key = keys::private_key(cx, &bytes, &password)?;
    let key = cx.blocking(|| any_supported_type(&key));
    let key = key.map_err(|_| Fault::unusable_key().raise(cx))?;
    let made = CertifiedKey::new(chain, key);
    match made.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
        Err(rustls::Error::InconsistentKeys(_)) => return Err(Fault::of("X509", "KEY_VALUES_MISMATCH").raise(cx)),
        Err(_) => return Err(Fault::pem().raise(cx)),
    }
    let charge = cx.charge(weight_of_key(&made))?;
    this.setup.with(cx, |setup| setup.take_key(made, charge))
}
