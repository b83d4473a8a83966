//! Whether the other side's certificate is trusted.
//!
//! Chains are built and checked by webpki. What it does not do stands here: certificates that are trusted themselves, the end of a trusted
//! one's time, and hosts' names. The engine asks on the thread that works with a connection; what it is told there beyond yes and no lies in
//! [`VERDICT`] until the connection takes it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use webpki::{
    BorrowedCertRevocationList, CertRevocationList, EndEntityCert, KeyUsage, RevocationCheckDepth,
    RevocationOptionsBuilder, UnknownStatusPolicy,
};
use x509_parser::prelude::*;

use super::constants::*;
use super::names::{self, Host};
use super::strict;

/// Why a certificate is not trusted: OpenSSL's number for it, and words.
#[derive(Clone, Debug)]
pub struct Rejected {
    pub code: i32,
    pub message: Cow<'static, str>,
}

/// What came out of looking at a certificate.
#[derive(Default)]
pub struct Verdict {
    /// Why it is not trusted.
    pub rejected: Option<Rejected>,
    /// The chain from it to what is trusted.
    pub chain: Option<Vec<CertificateDer<'static>>>,
}

thread_local! {
    /// What came out of the last look on this thread.
    static VERDICT: RefCell<Verdict> = RefCell::default();
}

/// Takes what came out of the last look on this thread.
pub fn take_verdict() -> Verdict {
    VERDICT.take()
}

pub fn rejected(code: i32, message: impl Into<Cow<'static, str>>) -> Rejected {
    Rejected { code, message: message.into() }
}

/// A certificate that is trusted, with what webpki wants of it if chains may end there.
struct Trusted {
    der: CertificateDer<'static>,
    anchor: Option<TrustAnchor<'static>>,
}

/// What decides about trust: a context's settings when it was first used with them.
pub struct Trust {
    trusted: Vec<Trusted>,
    /// Lists of what was revoked, as they came.
    revoked: Vec<Vec<u8>>,
    mode: i32,
    flags: u64,
    checks_host: bool,
    host_flags: u32,
    algorithms: WebPkiSupportedAlgorithms,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trust").field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// The settings of a context that are about trust.
pub struct Settings {
    pub mode: i32,
    pub flags: u64,
    pub checks_host: bool,
    pub host_flags: u32,
}

/// Whether a certificate says that it has issued itself.
pub fn is_own_issuer(certificate: &X509Certificate<'_>) -> bool {
    certificate.subject().as_raw() == certificate.issuer().as_raw()
}

pub fn parsed<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, Rejected> {
    let parsed = X509Certificate::from_der(der).map(|(_, certificate)| certificate);
    parsed.map_err(|_| rejected(1, "unspecified certificate verification error"))
}

/// Whether a certificate is in its time.
fn check_time(certificate: &X509Certificate<'_>, now: UnixTime) -> Result<(), Rejected> {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let validity = certificate.validity();
    if now < validity.not_before.timestamp() {
        return Err(rejected(9, "certificate is not yet valid"));
    }
    if now > validity.not_after.timestamp() {
        return Err(rejected(10, "certificate has expired"));
    }
    Ok(())
}

/// Whether a certificate that is trusted itself may be used so.
fn check_usage(certificate: &X509Certificate<'_>, by_server: bool) -> Result<(), Rejected> {
    let usage = certificate.extended_key_usage().ok().flatten();
    let fits = usage.is_none_or(|usage| {
        let usage = usage.value;
        usage.any || if by_server { usage.server_auth } else { usage.client_auth }
    });
    if fits { Ok(()) } else { Err(rejected(26, "unsuitable certificate purpose")) }
}

/// What a complaint of webpki's is called.
fn complaint(error: &webpki::Error) -> Rejected {
    use webpki::Error as E;
    match error {
        E::CertExpired { .. } => rejected(10, "certificate has expired"),
        E::CertNotValidYet { .. } => rejected(9, "certificate is not yet valid"),
        E::CertRevoked => rejected(23, "certificate revoked"),
        E::UnknownRevocationStatus => rejected(3, "unable to get certificate CRL"),
        E::CrlExpired { .. } => rejected(12, "CRL has expired"),
        E::InvalidCrlSignatureForPublicKey => rejected(8, "CRL signature failure"),
        E::UnknownIssuer => rejected(20, "unable to get local issuer certificate"),
        E::InvalidSignatureForPublicKey => rejected(7, "certificate signature failure"),
        E::RequiredEkuNotFoundContext(_) | E::CaUsedAsEndEntity => {
            rejected(26, "unsuitable certificate purpose")
        }
        E::EndEntityUsedAsCa => rejected(79, "invalid CA certificate"),
        E::PathLenConstraintViolated => rejected(25, "path length constraint exceeded"),
        E::MaximumPathDepthExceeded => rejected(22, "certificate chain too long"),
        E::NameConstraintViolation => rejected(47, "permitted subtree violation"),
        E::UnsupportedCriticalExtension => rejected(34, "unhandled critical extension"),
        _ => rejected(1, "unspecified certificate verification error"),
    }
}

/// The alert that the other side gets.
fn alert_for(rejected: &Rejected) -> Error {
    Error::InvalidCertificate(match rejected.code {
        9 => CertificateError::NotValidYet,
        10 => CertificateError::Expired,
        23 => CertificateError::Revoked,
        18..=21 | 25 | 79 => CertificateError::UnknownIssuer,
        7 => CertificateError::BadSignature,
        26 => CertificateError::InvalidPurpose,
        62 | 64 => CertificateError::NotValidForName,
        _ => CertificateError::ApplicationVerificationFailure,
    })
}

impl Trust {
    /// Takes certificates to trust, and lists of what was revoked.
    pub fn new(
        certificates: impl Iterator<Item = CertificateDer<'static>>,
        revoked: Vec<Vec<u8>>,
        settings: Settings,
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Trust {
        let Settings { mode, flags, checks_host, host_flags } = settings;
        let partial = flags & VERIFY_X509_PARTIAL_CHAIN != 0;
        let trusted = certificates.map(|der| {
            let ends = partial || parsed(&der).is_ok_and(|certificate| is_own_issuer(&certificate));
            let anchor = webpki::anchor_from_trusted_cert(&der).ok().filter(|_| ends);
            let anchor = anchor.map(|anchor| anchor.to_owned());
            Trusted { der, anchor }
        });
        Trust { trusted: trusted.collect(), revoked, mode, flags, checks_host, host_flags, algorithms }
    }

    /// Whether a certificate is trusted: the chain to what is.
    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        by_server: bool,
        now: UnixTime,
    ) -> Result<Vec<CertificateDer<'static>>, Rejected> {
        let certificate = parsed(leaf)?;
        let own = is_own_issuer(&certificate);
        let itself = self.trusted.iter().find(|trusted| trusted.der == *leaf);
        if itself.is_some_and(|_| own || self.flags & VERIFY_X509_PARTIAL_CHAIN != 0) {
            check_time(&certificate, now)?;
            check_usage(&certificate, by_server)?;
            if self.flags & VERIFY_CRL_CHECK_LEAF != 0 {
                return Err(rejected(3, "unable to get certificate CRL"));
            }
            return Ok(vec![leaf.clone().into_owned()]);
        }
        if own {
            return Err(rejected(18, "self-signed certificate"));
        }
        match self.build(leaf, others, by_server, now) {
            Err(rejected) if rejected.code == 20 => Err(self.without_issuer(others)),
            done => done,
        }
    }

    /// Why no issuer was found: the chain may end with one that nobody trusts.
    fn without_issuer(&self, others: &[CertificateDer<'_>]) -> Rejected {
        let ends = others.iter().any(|other| parsed(other).is_ok_and(|other| is_own_issuer(&other)));
        if ends {
            return rejected(19, "self-signed certificate in certificate chain");
        }
        rejected(20, "unable to get local issuer certificate")
    }

    /// Builds a chain to what is trusted.
    fn build(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        by_server: bool,
        now: UnixTime,
    ) -> Result<Vec<CertificateDer<'static>>, Rejected> {
        let complain = |error| complaint(&error);
        let end = EndEntityCert::try_from(leaf).map_err(complain)?;
        let anchors: Vec<_> = self.trusted.iter().filter_map(|trusted| trusted.anchor.clone()).collect();
        let known = self.trusted.iter().filter(|trusted| trusted.anchor.is_none());
        let others: Vec<_> = others.iter().cloned().chain(known.map(|known| known.der.clone())).collect();
        let lists: Vec<CertRevocationList<'_>> = self.revocations();
        let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
        let revocation = if self.flags & VERIFY_CRL_CHECK_LEAF != 0 {
            let options = RevocationOptionsBuilder::new(&lists)
                .map_err(|_| rejected(3, "unable to get certificate CRL"))?;
            let chain = self.flags & VERIFY_CRL_CHECK_ALL != 0;
            let depth = if chain { RevocationCheckDepth::Chain } else { RevocationCheckDepth::EndEntity };
            Some(options.with_depth(depth).with_status_policy(UnknownStatusPolicy::Deny).build())
        } else {
            None
        };
        let usage = if by_server { KeyUsage::server_auth() } else { KeyUsage::client_auth() };
        let path = end
            .verify_for_usage(self.algorithms.all, &anchors, &others, now, usage, revocation, None)
            .map_err(complain)?;
        let mut chain = vec![leaf.clone().into_owned()];
        chain.extend(path.intermediate_certificates().map(|between| between.der().into_owned()));
        let last = self.trusted.iter().find(|trusted| trusted.anchor.as_ref() == Some(path.anchor()));
        if let Some(last) = last {
            check_time(&parsed(&last.der)?, now)?;
            chain.push(last.der.clone());
        }
        Ok(chain)
    }

    fn revocations(&self) -> Vec<CertRevocationList<'_>> {
        let lists = self.revoked.iter().filter_map(|list| BorrowedCertRevocationList::from_der(list).ok());
        lists.map(CertRevocationList::from).collect()
    }

    /// Checks, and leaves what came out for the connection.
    fn judge(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        host: Option<&Host>,
        now: UnixTime,
    ) -> Result<(), Error> {
        if self.mode == CERT_NONE {
            return Ok(());
        }
        let checked = self.check(leaf, others, host.is_some(), now).and_then(|chain| {
            if self.flags & VERIFY_X509_STRICT != 0 {
                strict::check(&chain)?;
            }
            match host.filter(|_| self.checks_host) {
                Some(host) => check_host(leaf, host, self.host_flags).map(|()| chain),
                None => Ok(chain),
            }
        });
        let (verdict, done) = match checked {
            Ok(chain) => (Verdict { chain: Some(chain), rejected: None }, Ok(())),
            Err(rejected) => {
                let error = alert_for(&rejected);
                (Verdict { chain: None, rejected: Some(rejected) }, Err(error))
            }
        };
        VERDICT.set(verdict);
        done
    }
}

fn check_host(leaf: &CertificateDer<'_>, host: &Host, flags: u32) -> Result<(), Rejected> {
    if names::is_of(&parsed(leaf)?, host, flags) {
        return Ok(());
    }
    Err(match host {
        Host::Name(name) => rejected(
            62,
            format!("Hostname mismatch, certificate is not valid for '{name}'."),
        ),
        Host::Address(address) => rejected(
            64,
            format!("IP address mismatch, certificate is not valid for '{address}'."),
        ),
    })
}

/// Signatures of handshakes, as both kinds of verifiers look at them: by the algorithms of the context.
macro_rules! by_our_algorithms {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls12_signature(message, certificate, signed, &self.0.algorithms)
        }
        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls13_signature(message, certificate, signed, &self.0.algorithms)
        }
        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.0.algorithms.supported_schemes()
        }
    };
}

/// Who looks at servers' certificates, and at clients'.
#[derive(Debug)]
pub struct Verifier(pub Arc<Trust>);

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let host = Host::parse(&name.to_str());
        self.0.judge(leaf, others, Some(&host), now)?;
        Ok(ServerCertVerified::assertion())
    }
    by_our_algorithms!();
}

impl ClientCertVerifier for Verifier {
    fn client_auth_mandatory(&self) -> bool {
        self.0.mode == CERT_REQUIRED
    }
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }
    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.0.judge(leaf, others, None, now)?;
        Ok(ClientCertVerified::assertion())
    }
    by_our_algorithms!();
}
