//! Whether a certificate is a host's: its names against the one that was asked for.

use rustls::pki_types::{IpAddr, ServerName};
use x509_parser::prelude::*;

use super::constants::*;

/// The alternative names of a certificate.
pub fn alternatives<'a, 'b>(certificate: &'b X509Certificate<'a>) -> &'b [GeneralName<'a>] {
    let found = certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectAlternativeName(names) => Some(names.general_names.as_slice()),
        _ => None,
    });
    found.unwrap_or_default()
}

/// Whether a pattern of a certificate means a name. A star is the whole of the first label, with two more labels behind it.
fn matches(pattern: &str, name: &str, flags: u32) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    if pattern.eq_ignore_ascii_case(name) {
        return true;
    }
    if flags & HOSTFLAG_NO_WILDCARDS != 0 {
        return false;
    }
    let Some((first, behind)) = pattern.split_once('.') else { return false };
    let Some((label, rest)) = name.split_once('.') else { return false };
    if !behind.contains('.') || !behind.eq_ignore_ascii_case(rest) {
        return false;
    }
    if first == "*" {
        return !label.is_empty();
    }
    // A star beside letters, where that is allowed; no label of another alphabet is meant by it.
    let Some((before, after)) = first.split_once('*') else { return false };
    let (lower, label) = (first.to_ascii_lowercase(), label.to_ascii_lowercase());
    flags & HOSTFLAG_NO_PARTIAL_WILDCARDS == 0
        && !lower.starts_with("xn--")
        && !label.starts_with("xn--")
        && label.len() > before.len() + after.len()
        && label.starts_with(&before.to_ascii_lowercase())
        && label.ends_with(&after.to_ascii_lowercase())
}

/// Whether a certificate is that of a host.
pub fn is_of(certificate: &X509Certificate<'_>, host: &ServerName<'_>, flags: u32) -> bool {
    let names = alternatives(certificate);
    match host {
        ServerName::IpAddress(address) => {
            let octets: &[u8] = match address {
                IpAddr::V4(four) => four.as_ref(),
                IpAddr::V6(sixteen) => sixteen.as_ref(),
            };
            names.iter().any(|name| matches!(name, GeneralName::IPAddress(bytes) if *bytes == octets))
        }
        ServerName::DnsName(host) => {
            let host = host.as_ref();
            let mut names = names.iter().filter_map(|name| match name {
                GeneralName::DNSName(name) => Some(*name),
                _ => None,
            });
            let has_names = names.clone().next().is_some();
            if has_names || flags & HOSTFLAG_NEVER_CHECK_SUBJECT != 0 {
                return names.any(|name| matches(name, host, flags));
            }
            let mut common = certificate.subject().iter_common_name();
            common.any(|name| name.as_str().is_ok_and(|name| matches(name, host, flags)))
        }
        // The engine knows no other kind.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_mean_one_whole_label() {
        let plain = HOSTFLAG_NO_PARTIAL_WILDCARDS;
        assert!(matches("*.example.com", "a.example.com", plain));
        assert!(matches("Example.com", "example.COM.", plain));
        assert!(!matches("*.example.com", "a.b.example.com", plain));
        assert!(!matches("*.example.com", ".example.com", plain));
        assert!(!matches("*.com", "example.com", plain));
        assert!(!matches("*", "example", plain));
        assert!(!matches("*.example.com", "a.example.com", HOSTFLAG_NO_WILDCARDS));
        assert!(!matches("w*.example.com", "www.example.com", plain));
        assert!(matches("w*.example.com", "www.example.com", 0));
        assert!(!matches("x*.example.com", "xn--a.example.com", 0));
    }
}
