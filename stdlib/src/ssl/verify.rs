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
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use webpki::{
    CertRevocationList, EndEntityCert, KeyUsage, RevocationCheckDepth,
    RevocationOptionsBuilder, UnknownStatusPolicy,
};
use x509_parser::prelude::*;

use super::constants::*;
use super::shelf::{Trusted, is_own_issuer};
use super::{names, strict};

/// Why a certificate is not trusted: OpenSSL's number for it, and words.
#[derive(Clone, Debug)]
pub struct Rejected {
    pub code: i32,
    pub message: Cow<'static, str>,
}

/// What came out of looking at a certificate: the chain from it to what is trusted, or why it is not.
pub type Verdict = Result<Vec<CertificateDer<'static>>, Rejected>;

thread_local! {
    /// What came out of the last look on this thread.
    static VERDICT: RefCell<Option<Verdict>> = const { RefCell::new(None) };
}

/// Takes what came out of the last look on this thread, if there was one.
pub fn take_verdict() -> Option<Verdict> {
    VERDICT.take()
}

pub fn rejected(code: i32, message: impl Into<Cow<'static, str>>) -> Rejected {
    Rejected { code, message: message.into() }
}

/// What decides about trust: what a context trusted, and its settings, when it was first used with them.
pub struct Trust {
    pub trusted: Arc<Vec<Arc<Trusted>>>,
    /// Lists of what was revoked.
    pub revoked: Arc<Vec<Arc<CertRevocationList<'static>>>>,
    pub mode: i32,
    pub flags: u64,
    pub checks_host: bool,
    pub host_flags: u32,
    pub algorithms: WebPkiSupportedAlgorithms,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trust").field("mode", &self.mode).finish_non_exhaustive()
    }
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
    /// Whether chains may end with a certificate that somebody else has issued.
    fn is_partial(&self) -> bool {
        self.flags & VERIFY_X509_PARTIAL_CHAIN != 0
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
        if itself.is_some_and(|_| own || self.is_partial()) {
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
        // Chains end with the ones, and may lead through the others. Nothing is copied but pointers.
        let (mut ends, mut anchors) = (Vec::new(), Vec::new());
        let mut between: Vec<_> = others.iter().map(|other| CertificateDer::from(other.as_ref())).collect();
        for trusted in self.trusted.iter() {
            match trusted.anchor(self.is_partial()) {
                Some(anchor) => {
                    ends.push(trusted);
                    anchors.push(anchor);
                }
                None => between.push(CertificateDer::from(trusted.der.as_ref())),
            }
        }
        let lists: Vec<&CertRevocationList<'_>> = self.revoked.iter().map(|list| &**list).collect();
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
            .verify_for_usage(self.algorithms.all, &anchors, &between, now, usage, revocation, None)
            .map_err(complain)?;
        let mut chain = vec![leaf.clone().into_owned()];
        chain.extend(path.intermediate_certificates().map(|between| between.der().into_owned()));
        if let Some(last) = anchors.iter().position(|anchor| std::ptr::eq(anchor, path.anchor())) {
            let last = &ends[last].der;
            check_time(&parsed(last)?, now)?;
            chain.push(last.clone());
        }
        Ok(chain)
    }

    /// Checks, and leaves what came out for the connection.
    fn judge(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        host: Option<&ServerName<'_>>,
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
        let done = checked.as_ref().map(drop).map_err(alert_for);
        VERDICT.set(Some(checked));
        done
    }
}

fn check_host(leaf: &CertificateDer<'_>, host: &ServerName<'_>, flags: u32) -> Result<(), Rejected> {
    if names::is_of(&parsed(leaf)?, host, flags) {
        return Ok(());
    }
    let (code, kind) = if matches!(host, ServerName::IpAddress(_)) { (64, "IP address") } else { (62, "Hostname") };
    let host = host.to_str();
    Err(rejected(code, format!("{kind} mismatch, certificate is not valid for '{host}'.")))
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
        self.0.judge(leaf, others, Some(name), now)?;
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
