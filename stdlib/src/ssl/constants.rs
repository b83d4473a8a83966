//! The numbers that the module names, and what this build has.

use ryokan_vm::native::*;

pub const PROTOCOL_TLS: i32 = 2;
pub const PROTOCOL_TLSV1_2: i32 = 5;
pub const PROTOCOL_TLS_CLIENT: i32 = 16;
pub const PROTOCOL_TLS_SERVER: i32 = 17;

pub const CERT_NONE: i32 = 0;
pub const CERT_OPTIONAL: i32 = 1;
pub const CERT_REQUIRED: i32 = 2;

pub const OP_IGNORE_UNEXPECTED_EOF: u64 = 1 << 7;
pub const OP_NO_TICKET: u64 = 1 << 14;
pub const OP_CIPHER_SERVER_PREFERENCE: u64 = 1 << 22;
pub const OP_NO_SSLV3: u64 = 1 << 25;
pub const OP_NO_TLSV1: u64 = 1 << 26;
pub const OP_NO_TLSV1_2: u64 = 1 << 27;
pub const OP_NO_TLSV1_1: u64 = 1 << 28;
pub const OP_NO_TLSV1_3: u64 = 1 << 29;
/// What a new context has.
pub const DEFAULT_OPTIONS: u64 = 2_186_412_112;

pub const VERIFY_CRL_CHECK_LEAF: u64 = 4;
/// The bit that the flag `VERIFY_CRL_CHECK_CHAIN` has beside the one above.
pub const VERIFY_CRL_CHECK_ALL: u64 = 8;
pub const VERIFY_X509_STRICT: u64 = 32;
pub const VERIFY_X509_TRUSTED_FIRST: u64 = 1 << 15;
pub const VERIFY_X509_PARTIAL_CHAIN: u64 = 1 << 19;

pub const HOSTFLAG_NO_WILDCARDS: u32 = 2;
pub const HOSTFLAG_NO_PARTIAL_WILDCARDS: u32 = 4;
pub const HOSTFLAG_NEVER_CHECK_SUBJECT: u32 = 32;

pub const SSL_ERROR_SSL: i64 = 1;
pub const SSL_ERROR_WANT_READ: i64 = 2;
pub const SSL_ERROR_WANT_WRITE: i64 = 3;
pub const SSL_ERROR_ZERO_RETURN: i64 = 6;
pub const SSL_ERROR_EOF: i64 = 8;

pub const TLSV1_2: i32 = 771;
pub const TLSV1_3: i32 = 772;
pub const MINIMUM_SUPPORTED: i32 = -2;
pub const MAXIMUM_SUPPORTED: i32 = -1;

pub const ENCODING_PEM: i32 = 1;
pub const ENCODING_DER: i32 = 2;

/// Ciphers that are used unless others are asked for.
pub const DEFAULT_CIPHERS: &str = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";

#[rustfmt::skip]
const NUMBERS: &[(&str, i64)] = &[
    ("CERT_NONE", 0), ("CERT_OPTIONAL", 1), ("CERT_REQUIRED", 2),
    ("ENCODING_PEM", ENCODING_PEM as i64), ("ENCODING_DER", ENCODING_DER as i64),
    ("HOSTFLAG_ALWAYS_CHECK_SUBJECT", 1), ("HOSTFLAG_NO_WILDCARDS", 2), ("HOSTFLAG_NO_PARTIAL_WILDCARDS", 4),
    ("HOSTFLAG_MULTI_LABEL_WILDCARDS", 8), ("HOSTFLAG_SINGLE_LABEL_SUBDOMAINS", 16), ("HOSTFLAG_NEVER_CHECK_SUBJECT", 32),
    ("OP_ALL", 2_147_483_728), ("OP_CIPHER_SERVER_PREFERENCE", 1 << 22), ("OP_ENABLE_KTLS", 8),
    ("OP_ENABLE_MIDDLEBOX_COMPAT", 1 << 20), ("OP_IGNORE_UNEXPECTED_EOF", 1 << 7), ("OP_LEGACY_SERVER_CONNECT", 4),
    ("OP_NO_COMPRESSION", 1 << 17), ("OP_NO_RENEGOTIATION", 1 << 30), ("OP_NO_SSLv2", 0), ("OP_NO_SSLv3", 1 << 25),
    ("OP_NO_TICKET", 1 << 14), ("OP_NO_TLSv1", 1 << 26), ("OP_NO_TLSv1_1", 1 << 28), ("OP_NO_TLSv1_2", 1 << 27),
    ("OP_NO_TLSv1_3", 1 << 29), ("OP_SINGLE_DH_USE", 0), ("OP_SINGLE_ECDH_USE", 0),
    ("PROTOCOL_SSLv23", 2), ("PROTOCOL_TLS", 2), ("PROTOCOL_TLS_CLIENT", 16), ("PROTOCOL_TLS_SERVER", 17),
    ("PROTOCOL_TLSv1", 3), ("PROTOCOL_TLSv1_1", 4), ("PROTOCOL_TLSv1_2", 5),
    ("PROTO_MAXIMUM_SUPPORTED", -1), ("PROTO_MINIMUM_SUPPORTED", -2), ("PROTO_SSLv3", 768), ("PROTO_TLSv1", 769),
    ("PROTO_TLSv1_1", 770), ("PROTO_TLSv1_2", 771), ("PROTO_TLSv1_3", 772),
    ("SSL_ERROR_SSL", 1), ("SSL_ERROR_WANT_READ", 2), ("SSL_ERROR_WANT_WRITE", 3), ("SSL_ERROR_WANT_X509_LOOKUP", 4),
    ("SSL_ERROR_SYSCALL", 5), ("SSL_ERROR_ZERO_RETURN", 6), ("SSL_ERROR_WANT_CONNECT", 7), ("SSL_ERROR_EOF", 8),
    ("SSL_ERROR_INVALID_ERROR_CODE", 10),
    ("VERIFY_DEFAULT", 0), ("VERIFY_CRL_CHECK_LEAF", 4), ("VERIFY_CRL_CHECK_CHAIN", 12), ("VERIFY_X509_STRICT", 32),
    ("VERIFY_ALLOW_PROXY_CERTS", 64), ("VERIFY_X509_TRUSTED_FIRST", 1 << 15), ("VERIFY_X509_PARTIAL_CHAIN", 1 << 19),
    ("ALERT_DESCRIPTION_CLOSE_NOTIFY", 0), ("ALERT_DESCRIPTION_UNEXPECTED_MESSAGE", 10),
    ("ALERT_DESCRIPTION_BAD_RECORD_MAC", 20), ("ALERT_DESCRIPTION_RECORD_OVERFLOW", 22),
    ("ALERT_DESCRIPTION_DECOMPRESSION_FAILURE", 30), ("ALERT_DESCRIPTION_HANDSHAKE_FAILURE", 40),
    ("ALERT_DESCRIPTION_BAD_CERTIFICATE", 42), ("ALERT_DESCRIPTION_UNSUPPORTED_CERTIFICATE", 43),
    ("ALERT_DESCRIPTION_CERTIFICATE_REVOKED", 44), ("ALERT_DESCRIPTION_CERTIFICATE_EXPIRED", 45),
    ("ALERT_DESCRIPTION_CERTIFICATE_UNKNOWN", 46), ("ALERT_DESCRIPTION_ILLEGAL_PARAMETER", 47),
    ("ALERT_DESCRIPTION_UNKNOWN_CA", 48), ("ALERT_DESCRIPTION_ACCESS_DENIED", 49),
    ("ALERT_DESCRIPTION_DECODE_ERROR", 50), ("ALERT_DESCRIPTION_DECRYPT_ERROR", 51),
    ("ALERT_DESCRIPTION_PROTOCOL_VERSION", 70), ("ALERT_DESCRIPTION_INSUFFICIENT_SECURITY", 71),
    ("ALERT_DESCRIPTION_INTERNAL_ERROR", 80), ("ALERT_DESCRIPTION_USER_CANCELLED", 90),
    ("ALERT_DESCRIPTION_NO_RENEGOTIATION", 100), ("ALERT_DESCRIPTION_UNSUPPORTED_EXTENSION", 110),
    ("ALERT_DESCRIPTION_CERTIFICATE_UNOBTAINABLE", 111), ("ALERT_DESCRIPTION_UNRECOGNIZED_NAME", 112),
    ("ALERT_DESCRIPTION_BAD_CERTIFICATE_STATUS_RESPONSE", 113), ("ALERT_DESCRIPTION_BAD_CERTIFICATE_HASH_VALUE", 114),
    ("ALERT_DESCRIPTION_UNKNOWN_PSK_IDENTITY", 115),
];

/// What this build can do. The engine has neither old protocols nor keys that were shared beforehand, and keeps to itself what the bindings
/// of a channel are made of.
#[rustfmt::skip]
const ABLE: &[(&str, bool)] = &[
    ("HAS_ALPN", true), ("HAS_ECDH", true), ("HAS_NPN", false), ("HAS_PHA", false), ("HAS_PSK", false), ("HAS_SNI", true),
    ("HAS_SSLv2", false), ("HAS_SSLv3", false), ("HAS_TLSv1", false), ("HAS_TLSv1_1", false), ("HAS_TLSv1_2", true),
    ("HAS_TLSv1_3", true), ("HAS_TLS_UNIQUE", false),
];

pub fn fill(module: &Filler<'_>) -> Res<()> {
    for (name, number) in NUMBERS {
        module.add(name, *number)?;
    }
    for (name, able) in ABLE {
        module.add(name, *able)?;
    }
    module.add("_DEFAULT_CIPHERS", DEFAULT_CIPHERS)?;
    // The version of the interface that is offered; what stands behind it says its own name.
    module.add("OPENSSL_VERSION", "rustls 0.23 (with the interface of OpenSSL 3.0)")?;
    module.add("OPENSSL_VERSION_NUMBER", 0x3000_0000)?;
    module.add("OPENSSL_VERSION_INFO", (3, 0, 0, 0, 0))?;
    module.add("_OPENSSL_API_VERSION", (3, 0, 0, 0, 0))
}
