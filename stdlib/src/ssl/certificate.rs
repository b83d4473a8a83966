//! Certificates as Python sees them: objects of a chain, and dicts of what one says.

use std::net::{Ipv4Addr, Ipv6Addr};

use ryokan_vm::native::*;
use x509_parser::asn1_rs::Tag;
use x509_parser::prelude::*;

use super::constants::*;
use super::errors::{self, Fault};
use super::{names, objects, pem};

native_type! {
    /// A certificate of a chain.
    "_ssl.Certificate" = pub struct Certificate { der: Bytes }
    slots { repr = repr; hash = hash; compare = compare; }
    methods {
        /// Its bytes: a str in PEM, bytes in DER.
        public_bytes(format: i32 = ENCODING_PEM => "Encoding.PEM");
        /// What it says, as a dict.
        get_info();
    }
}

/// A certificate of its bytes. Runs no Python; `MemoryError`.
pub fn of(cx: &Cx, der: &[u8]) -> Res {
    Ok(cx.new(Certificate { der: Bytes::new(cx, der)? })?.into_value())
}

fn repr(cx: &Cx, this: This<Certificate>) -> Res<String> {
    let certificate = read(cx, this.der.as_slice())?;
    let parts: Vec<_> = certificate.subject().iter().collect();
    let shown = parts.iter().rev().map(|part| {
        let pairs = part.iter().map(|pair| {
            let name = objects::short_name(&pair.attr_type().to_id_string());
            format!("{name}={}", text_of(pair))
        });
        pairs.collect::<Vec<_>>().join("+")
    });
    let shown = shown.collect::<Vec<_>>().join(",");
    Ok(format!("<_ssl.Certificate '{shown}'>"))
}
fn hash(cx: &Cx, this: This<Certificate>) -> Res<i64> {
    Ok(cx.hash_of_bytes(this.der.as_slice()))
}
fn compare(cx: &Cx, this: This<Certificate>, other: &Value, op: CompareOp) -> Res {
    let Some(other) = This::<Certificate>::of(cx, other) else { return Ok(Value::NOT_IMPLEMENTED) };
    let same = this.der.as_slice() == other.der.as_slice();
    match op {
        CompareOp::Eq => same.into_value(cx),
        CompareOp::Ne => (!same).into_value(cx),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn public_bytes(cx: &Cx, this: This<Certificate>, format: i32) -> Res {
    match format {
        ENCODING_DER => Ok(this.der.value().clone()),
        ENCODING_PEM => pem::encode("CERTIFICATE", this.der.as_slice()).into_value(cx),
        _ => Err(cx.value_error("Unsupported format")),
    }
}
fn get_info(cx: &Cx, this: This<Certificate>) -> Res<Dict> {
    decode(cx, this.der.as_slice())
}

/// The parts of a certificate. `SSLError` if it is none.
fn read<'a>(cx: &Cx, der: &'a [u8]) -> Res<X509Certificate<'a>> {
    cx.work_on_bytes(der.len())?;
    let read = X509Certificate::from_der(der);
    read.map(|(_, certificate)| certificate).map_err(|_| Fault::of("X509", "ASN1_LIB").raise(cx))
}

/// What a certificate says, as a dict.
pub fn decode(cx: &Cx, der: &[u8]) -> Res<Dict> {
    let certificate = read(cx, der)?;
    let made = Dict::new(cx)?;
    made.set_str(cx, "subject", name_parts(cx, certificate.subject())?)?;
    made.set_str(cx, "issuer", name_parts(cx, certificate.issuer())?)?;
    made.set_str(cx, "version", i64::from(certificate.version().0) + 1)?;
    made.set_str(cx, "serialNumber", serial(certificate.raw_serial()))?;
    made.set_str(cx, "notBefore", date(&certificate.validity().not_before))?;
    made.set_str(cx, "notAfter", date(&certificate.validity().not_after))?;
    let alternatives = names::alternatives(&certificate);
    if !alternatives.is_empty() {
        made.set_str(cx, "subjectAltName", general_names(cx, alternatives)?)?;
    }
    let (ocsp, issuers, lists) = locations(&certificate);
    for (key, found) in [("OCSP", ocsp), ("caIssuers", issuers), ("crlDistributionPoints", lists)] {
        if !found.is_empty() {
            made.set_str(cx, key, Tuple::try_from_fn(cx, found.len(), |at| found[at].into_value(cx))?)?;
        }
    }
    Ok(made)
}

/// The number of a certificate in hexadecimal, as many digits as its bytes have.
fn serial(bytes: &[u8]) -> String {
    // A byte of zeros before a high bit only says that the number is not negative.
    let digits = match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        bytes => bytes,
    };
    crate::hashing::hex(digits).to_ascii_uppercase()
}

/// `Jan  5 09:34:43 2018 GMT`
fn date(time: &ASN1Time) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let time = time.to_datetime();
    let month = MONTHS[usize::from(u8::from(time.month()) - 1)];
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!("{month} {:>2} {hour:02}:{minute:02}:{second:02} {} GMT", time.day(), time.year())
}

/// A tuple of a name's parts, each a tuple of pairs.
fn name_parts(cx: &Cx, name: &X509Name<'_>) -> Res<Tuple> {
    let parts: Vec<_> = name.iter().collect();
    cx.work(parts.len() as u64)?;
    Tuple::try_from_fn(cx, parts.len(), |at| {
        let pairs: Vec<_> = parts[at].iter().collect();
        Tuple::try_from_fn(cx, pairs.len(), |at| pair(cx, pairs[at])).map(Tuple::into_value)
    })
}

fn pair(cx: &Cx, attribute: &AttributeTypeAndValue<'_>) -> Res {
    let identifier = attribute.attr_type().to_id_string();
    (objects::long_name(&identifier), text_of(attribute)).into_value(cx)
}

/// The text of an attribute, whatever kind of string it is.
fn text_of(attribute: &AttributeTypeAndValue<'_>) -> String {
    let bytes = attribute.as_slice();
    match attribute.attr_value().tag() {
        Tag::BmpString => {
            let units: Vec<u16> =
                bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        Tag::UniversalString => {
            let chars = bytes.chunks_exact(4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
            chars.map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        Tag::T61String => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Alternative names as pairs of kind and text.
fn general_names(cx: &Cx, names: &[GeneralName<'_>]) -> Res<Tuple> {
    cx.work(names.len() as u64)?;
    Tuple::try_from_fn(cx, names.len(), |at| match &names[at] {
        GeneralName::OtherName(..) => ("othername", "<unsupported>").into_value(cx),
        GeneralName::RFC822Name(name) => ("email", *name).into_value(cx),
        GeneralName::DNSName(name) => ("DNS", *name).into_value(cx),
        GeneralName::URI(name) => ("URI", *name).into_value(cx),
        GeneralName::DirectoryName(name) => ("DirName", name_parts(cx, name)?).into_value(cx),
        GeneralName::IPAddress(bytes) => ("IP Address", address(bytes)).into_value(cx),
        GeneralName::RegisteredID(identifier) => {
            let identifier = identifier.to_id_string();
            ("Registered ID", objects::long_name(&identifier)).into_value(cx)
        }
        GeneralName::X400Address(_) => ("X400Name", "<unsupported>").into_value(cx),
        GeneralName::EDIPartyName(_) => ("EdiPartyName", "<unsupported>").into_value(cx),
        GeneralName::Invalid(_, bytes) => {
            let shown: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            ("<invalid>", shown).into_value(cx)
        }
    })
}

/// An address: of version 6 with all of its groups.
fn address(bytes: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Ipv4Addr::from(four).to_string();
    }
    let Ok(sixteen) = <[u8; 16]>::try_from(bytes) else { return "<invalid>".to_owned() };
    let groups = Ipv6Addr::from(sixteen).segments();
    groups.map(|group| format!("{group:X}")).join(":")
}

/// Where to ask whether it was revoked, where its issuers' certificates are, and where lists of what was revoked are.
fn locations<'a, 'b>(
    certificate: &'b X509Certificate<'a>,
) -> (Vec<&'b str>, Vec<&'b str>, Vec<&'b str>) {
    let (mut ocsp, mut issuers, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::AuthorityInfoAccess(access) => {
                for place in &access.accessdescs {
                    let GeneralName::URI(uri) = &place.access_location else { continue };
                    match place.access_method.to_id_string().as_str() {
                        "1.3.6.1.5.5.7.48.1" => ocsp.push(*uri),
                        "1.3.6.1.5.5.7.48.2" => issuers.push(*uri),
                        _ => {}
                    }
                }
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in points.iter() {
                    let Some(DistributionPointName::FullName(names)) = &point.distribution_point else {
                        continue;
                    };
                    lists.extend(names.iter().filter_map(|name| match name {
                        GeneralName::URI(uri) => Some(*uri),
                        _ => None,
                    }));
                }
            }
            _ => {}
        }
    }
    (ocsp, issuers, lists)
}

/// `_test_decode_cert(path)`: the first certificate of a file in PEM, as a dict.
pub fn decode_file(cx: &Cx, path: &Value) -> Res<Dict> {
    let path = crate::fspath::fspath(cx, path)?;
    let bytes = match super::loading::read_file(cx, &path, None) {
        Err(raised) if cx.is_raised(&raised, "FileNotFoundError") => {
            drop(cx.take_raised(raised));
            return Err(errors::plain(cx, "Can't open file"));
        }
        read => read?,
    };
    let first = pem::sections(cx, &bytes)?.into_iter().find(|section| section.is_certificate());
    match first {
        Some(section) => decode(cx, &section.der),
        None => Err(errors::plain(cx, "Error decoding PEM-encoded file")),
    }
}
