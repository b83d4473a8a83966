//! What a context trusts, and what it knows to be revoked: read once where it is loaded, paid for as long as the context lives, and
//! shared by all configurations that are made of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, TrustAnchor};
use ryokan_vm::native::*;
use sha2::{Digest, Sha256};
use webpki::{CertRevocationList, OwnedCertRevocationList};
use x509_parser::prelude::*;

/// A certificate that is trusted.
pub struct Trusted {
    pub der: CertificateDer<'static>,
    /// What webpki wants to know of it, if chains may end there at all.
    anchor: Option<TrustAnchor<'static>>,
    /// Whether it says that it has issued itself.
    own_issuer: bool,
    /// Whether it may issue others.
    pub is_authority: bool,
}

/// Whether a certificate says that it has issued itself.
pub fn is_own_issuer(certificate: &X509Certificate<'_>) -> bool {
    certificate.subject().as_raw() == certificate.issuer().as_raw()
}

impl Trusted {
    /// Of a certificate's bytes; nothing if they are none.
    fn read(der: &[u8]) -> Option<Trusted> {
        let Ok((&[], certificate)) = X509Certificate::from_der(der) else { return None };
        let own_issuer = is_own_issuer(&certificate);
        // Those of the first version could not yet say what they are.
        let is_authority = certificate.is_ca() || certificate.version() == X509Version::V1 && own_issuer;
        let der = CertificateDer::from(der.to_vec());
        let anchor = webpki::anchor_from_trusted_cert(&der).ok().map(|anchor| anchor.to_owned());
        Some(Trusted { der, anchor, own_issuer, is_authority })
    }
    /// What one of so many bytes takes: beside them the names and the key of its anchor, and its places in the shelf.
    fn cost(len: usize) -> usize {
        len.saturating_mul(2).saturating_add(512)
    }
    /// What webpki wants to know of it if chains may end there: where `partial` ones will do, with any.
    pub fn anchor(&self, partial: bool) -> Option<TrustAnchor<'_>> {
        let anchor = self.anchor.as_ref().filter(|_| partial || self.own_issuer)?;
        Some(TrustAnchor {
            subject: anchor.subject.as_ref().into(),
            subject_public_key_info: anchor.subject_public_key_info.as_ref().into(),
            name_constraints: anchor.name_constraints.as_ref().map(|limits| limits.as_ref().into()),
        })
    }
}

/// What a list of so many bytes takes: an entry of some 20 bytes becomes one of 200.
fn cost_of_list(len: usize) -> usize {
    len.saturating_mul(10).saturating_add(512)
}

type Hash = [u8; 32];

/// Certificates and lists, each once, in the order in which they came.
#[derive(Default)]
pub struct Shelf {
    pub trusted: Arc<Vec<Arc<Trusted>>>,
    /// The place of each certificate.
    places: HashMap<Hash, usize>,
    /// Which of them count as the context's: one of a folder does when it was needed.
    counted: Vec<bool>,
    /// Lists of what was revoked, as far as webpki can use them.
    pub revoked: Arc<Vec<Arc<CertRevocationList<'static>>>>,
    /// All of them.
    lists: HashSet<Hash>,
    charges: Vec<Charge>,
}

/// What has become of what was to be added.
pub enum Added {
    /// It is new.
    New,
    /// It was there.
    Known,
    /// It is no certificate, or no list.
    Wrong,
}

/// Something that is about to be added, paid for.
pub struct Coming {
    der: Vec<u8>,
    hash: Hash,
    charge: Charge,
}

impl Coming {
    fn new(cx: &Cx, der: Vec<u8>, cost: usize) -> Res<Coming> {
        cx.work_on_bytes(der.len().saturating_mul(8))?;
        Ok(Coming { hash: Sha256::digest(&der).into(), charge: cx.charge(cost)?, der })
    }
    /// A certificate. Runs no Python; `MemoryError`.
    pub fn certificate(cx: &Cx, der: Vec<u8>) -> Res<Coming> {
        let cost = Trusted::cost(der.len());
        Coming::new(cx, der, cost)
    }
    /// A list of what was revoked. Runs no Python; `MemoryError`.
    pub fn list(cx: &Cx, der: Vec<u8>) -> Res<Coming> {
        let cost = cost_of_list(der.len());
        Coming::new(cx, der, cost)
    }
}

impl Shelf {
    /// Trusts a certificate, which counts as the context's or is only one of a folder's.
    pub fn trust(&mut self, coming: Coming, counts: bool) -> Added {
        if let Some(place) = self.places.get(&coming.hash) {
            self.counted[*place] |= counts;
            return Added::Known;
        }
        let Some(read) = Trusted::read(&coming.der) else { return Added::Wrong };
        self.places.insert(coming.hash, self.trusted.len());
        Arc::make_mut(&mut self.trusted).push(Arc::new(read));
        self.counted.push(counts);
        self.charges.push(coming.charge);
        Added::New
    }
    /// Takes a list of what was revoked. One that webpki cannot use revokes nothing, and says of nothing that it was not.
    pub fn revoke(&mut self, coming: Coming) -> Added {
        if !CertificateRevocationList::from_der(&coming.der).is_ok_and(|(rest, _)| rest.is_empty()) {
            return Added::Wrong;
        }
        if !self.lists.insert(coming.hash) {
            return Added::Known;
        }
        if let Ok(list) = OwnedCertRevocationList::from_der(&coming.der) {
            Arc::make_mut(&mut self.revoked).push(Arc::new(list.into()));
        }
        self.charges.push(coming.charge);
        Added::New
    }
    /// One that a chain ends with counts as the context's from now on.
    pub fn count(&mut self, der: &[u8]) {
        if let Some(place) = self.places.get(&Hash::from(Sha256::digest(der))) {
            self.counted[*place] = true;
        }
    }
    /// The next certificate from a place on that counts, and the place behind it.
    pub fn next(&self, from: usize) -> Option<(usize, Arc<Trusted>)> {
        let at = (from..self.counted.len()).find(|at| self.counted[*at])?;
        Some((at + 1, self.trusted[at].clone()))
    }
    /// How many certificates count, how many of these are authorities, and how many lists there are.
    pub fn counts(&self) -> (usize, usize, usize) {
        let all = self.trusted.iter().zip(&self.counted).filter(|(_, counts)| **counts);
        let authorities = all.clone().filter(|(one, _)| one.is_authority).count();
        (all.count(), authorities, self.lists.len())
    }
    /// What a configuration that is made of it takes beside what is shared.
    pub fn weight(&self) -> usize {
        (self.trusted.len() + self.revoked.len()) * size_of::<usize>()
    }
}
