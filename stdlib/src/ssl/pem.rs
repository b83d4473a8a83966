//! PEM: bytes in lines of base64 between two lines that say what they are.

use rustls::pki_types::pem::{PemObject, SectionKind};
use rustls::pki_types::PrivateKeyDer;
use ryokan_vm::native::*;

use super::errors::Fault;
use crate::binascii::base64;

/// What stands between two lines.
pub struct Section {
    kind: SectionKind,
    pub der: Vec<u8>,
}

impl Section {
    /// Whether it is a certificate.
    pub fn is_certificate(&self) -> bool {
        self.kind == SectionKind::Certificate
    }
    /// Whether it is a list of what was revoked.
    pub fn is_revocations(&self) -> bool {
        self.kind == SectionKind::Crl
    }
    /// The private key, if it is one.
    pub fn key(&self) -> Option<PrivateKeyDer<'static>> {
        let der = || self.der.clone();
        match self.kind {
            SectionKind::PrivateKey => Some(PrivateKeyDer::Pkcs8(der().into())),
            SectionKind::RsaPrivateKey => Some(PrivateKeyDer::Pkcs1(der().into())),
            SectionKind::EcPrivateKey => Some(PrivateKeyDer::Sec1(der().into())),
            _ => None,
        }
    }
}

/// The sections of a text. `SSLError` if what is begun is no base64, or does not end.
pub fn sections(cx: &Cx, text: &[u8]) -> Res<Vec<Section>> {
    cx.work_on_bytes(text.len())?;
    let all = <(SectionKind, Vec<u8>)>::pem_slice_iter(text);
    let all = all.map(|section| section.map(|(kind, der)| Section { kind, der }));
    all.collect::<Result<_, _>>().map_err(|_| Fault::pem().raise(cx))
}

/// Bytes in PEM.
pub fn encode(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for bytes in der.chunks(48) {
        let (mut line, len) = ([0; 64], bytes.len().div_ceil(3) * 4);
        base64::write(bytes, &mut line);
        text.extend(line[..len].iter().map(|letter| char::from(*letter)));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_and_padding() {
        assert_eq!(super::encode("X", b"ab"), "-----BEGIN X-----\nYWI=\n-----END X-----\n");
        assert_eq!(super::encode("X", b"abc"), "-----BEGIN X-----\nYWJj\n-----END X-----\n");
        assert_eq!(super::encode("X", &[0; 49]).lines().nth(2), Some("AA=="));
    }
}
