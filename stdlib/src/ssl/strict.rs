//! What is asked of certificates beside trust where `VERIFY_X509_STRICT` is set: that they say what RFC 5280 wants them to say.

use rustls::pki_types::CertificateDer;
use x509_parser::prelude::*;

use super::shelf::is_own_issuer;
use super::verify::{Rejected, parsed, rejected};

/// What a certificate says of keys, and whether it insists.
#[derive(Default)]
struct Says {
    own_key: Option<bool>,
    issuers_key: Option<bool>,
    authority: Option<bool>,
    usage: bool,
}

fn says(certificate: &X509Certificate<'_>) -> Says {
    let mut says = Says::default();
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(_) => says.own_key = Some(extension.critical),
            ParsedExtension::AuthorityKeyIdentifier(_) => says.issuers_key = Some(extension.critical),
            ParsedExtension::BasicConstraints(_) => says.authority = Some(extension.critical),
            ParsedExtension::KeyUsage(_) => says.usage = true,
            _ => {}
        }
    }
    says
}

/// Whether a chain is as it should be, from the other side's certificate to the one that is trusted.
pub fn check(chain: &[CertificateDer<'static>]) -> Result<(), Rejected> {
    chain.iter().try_for_each(check_one)
}

fn check_one(der: &CertificateDer<'static>) -> Result<(), Rejected> {
    let certificate = parsed(der)?;
    let says = says(&certificate);
    let is_authority = certificate.is_ca();
    let wrong = if is_authority && says.authority == Some(false) {
        (89, "Basic Constraints of CA cert not marked critical")
    } else if is_authority && !says.usage {
        (92, "CA cert does not include key usage extension")
    } else if certificate.issuer().iter().next().is_none() {
        (83, "Issuer name empty")
    } else if is_authority && certificate.subject().iter().next().is_none() {
        (84, "Subject name empty")
    } else if says.issuers_key.is_none() && !is_own_issuer(&certificate) {
        (85, "Missing Authority Key Identifier")
    } else if is_authority && says.own_key.is_none() {
        (86, "Missing Subject Key Identifier")
    } else if says.issuers_key == Some(true) {
        (90, "Authority Key Identifier marked critical")
    } else if says.own_key == Some(true) {
        (91, "Subject Key Identifier marked critical")
    } else {
        return Ok(());
    };
    Err(rejected(wrong.0, wrong.1))
}
