//! The exceptions, and which of them a fault of the engine is.

use std::borrow::Cow;
use std::fmt::Display;

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};
use ryokan_vm::native::*;

use super::State;
use super::constants::*;
use super::verify::Rejected;
use crate::exceptions::Family;

/// The classes.
const FAMILY: Family = Family {
    module: "ssl",
    rows: &[
        ("SSLError", &["OSError"], Some("Something about TLS has failed.")),
        ("SSLCertVerificationError", &["SSLError", "ValueError"], Some("A certificate is not trusted.")),
        ("SSLZeroReturnError", &["SSLError"], Some("The other side has ended the session properly.")),
        ("SSLWantReadError", &["SSLError"], Some("More must come in before this can be done.")),
        ("SSLWantWriteError", &["SSLError"], Some("More must go out before this can be done.")),
        ("SSLSyscallError", &["SSLError"], Some("A call of the system has failed.")),
        ("SSLEOFError", &["SSLError"], Some("The connection has ended without a word.")),
    ],
};

native_type! {
    /// What `str()` shows of an `SSLError`: the message alone.
    "_ssl._ErrorText" = struct ErrorText {}
    call(error: &Value) = error_text;
    slots { get = bound; }
}

fn bound(cx: &Cx, this: This<ErrorText>, instance: Option<&Value>, _: &Value) -> Res {
    match instance {
        Some(instance) if !instance.is_none() => cx.bind(this.value(), instance),
        _ => Ok(this.to_value()),
    }
}
fn error_text(cx: &Cx, _: This<ErrorText>, error: &Value) -> Res {
    let message = cx.attr(error, "strerror")?;
    if cx.is_str(&message) {
        return Ok(message);
    }
    cx.str(&cx.attr(error, "args")?)?.into_value(cx)
}

/// Makes the classes, for the module to have and for this file to find.
pub fn fill(module: &Filler<'_>) -> Res<()> {
    let cx = module.cx();
    let made = FAMILY.make(cx, |name, names| match name {
        "SSLError" => names.set_str(cx, "__str__", cx.new(ErrorText {})?),
        _ => Ok(()),
    })?;
    FAMILY.fill(module, made, &cx.state::<State>()?.errors)
}

/// The class of a name.
fn class(cx: &Cx, name: &str) -> Res {
    FAMILY.class(cx, &cx.state::<State>()?.errors, name)
}

/// What has gone wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    class: &'static str,
    number: i64,
    library: Option<&'static str>,
    reason: Option<Cow<'static, str>>,
    text: Cow<'static, str>,
    verdict: Option<(i32, Cow<'static, str>)>,
}

impl Fault {
    /// `SSLError` with a reason, which the text says in words.
    pub fn reason(reason: &'static str) -> Fault {
        Fault::about(reason.into())
    }
    fn about(reason: Cow<'static, str>) -> Fault {
        let text = reason.to_ascii_lowercase().replace('_', " ");
        Fault {
            class: "SSLError",
            number: SSL_ERROR_SSL,
            library: Some("SSL"),
            reason: Some(reason),
            text: text.into(),
            verdict: None,
        }
    }
    /// The same with a text of its own.
    pub fn saying(reason: &'static str, text: impl Into<Cow<'static, str>>) -> Fault {
        Fault { text: text.into(), ..Fault::reason(reason) }
    }
    /// The same of another library.
    pub fn of(library: &'static str, reason: &'static str) -> Fault {
        Fault { library: Some(library), ..Fault::reason(reason) }
    }
    /// `[SSL] PEM lib`: what was read is no certificate, or no key.
    pub fn pem() -> Fault {
        Fault { number: 524_297, reason: None, text: "PEM lib".into(), ..Fault::reason("") }
    }
    /// The same of a key that the engine does not take.
    pub fn unusable_key() -> Fault {
        Fault { text: "PEM lib: the private key is damaged, too short, or of an unknown kind".into(), ..Fault::pem() }
    }
    /// One with a text alone.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Fault {
        Fault { number: 0, library: None, reason: None, text: text.into(), ..Fault::reason("") }
    }
    /// `SSLWantReadError`
    pub fn want_read() -> Fault {
        Fault {
            class: "SSLWantReadError",
            number: SSL_ERROR_WANT_READ,
            ..Fault::text("The operation did not complete (read)")
        }
    }
    /// `SSLWantWriteError`
    pub fn want_write() -> Fault {
        Fault {
            class: "SSLWantWriteError",
            number: SSL_ERROR_WANT_WRITE,
            ..Fault::text("The operation did not complete (write)")
        }
    }
    /// `SSLZeroReturnError`
    pub fn closed() -> Fault {
        Fault {
            class: "SSLZeroReturnError",
            number: SSL_ERROR_ZERO_RETURN,
            ..Fault::text("TLS/SSL connection has been closed (EOF)")
        }
    }
    /// `SSLEOFError`
    pub fn eof() -> Fault {
        Fault {
            class: "SSLEOFError",
            number: SSL_ERROR_EOF,
            ..Fault::saying("UNEXPECTED_EOF_WHILE_READING", "EOF occurred in violation of protocol")
        }
    }
    /// `SSLCertVerificationError`
    pub fn rejected(rejected: &Rejected) -> Fault {
        Fault {
            class: "SSLCertVerificationError",
            verdict: Some((rejected.code, rejected.message.clone())),
            ..Fault::saying(
                "CERTIFICATE_VERIFY_FAILED",
                format!("certificate verify failed: {}", rejected.message),
            )
        }
    }
    /// What the engine says.
    pub fn from_engine(error: &Error) -> Fault {
        match error {
            Error::AlertReceived(alert) => from_alert(*alert),
            Error::InvalidCertificate(CertificateError::BadEncoding) => Fault::of("X509", "ASN1_LIB"),
            Error::InvalidCertificate(CertificateError::BadSignature) => Fault::reason("BAD_SIGNATURE"),
            Error::InvalidCertificate(other) => Fault::saying("BAD_CERTIFICATE", other_text(other)),
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => Fault::reason("UNEXPECTED_RECORD"),
            Error::InvalidMessage(InvalidMessage::UnknownProtocolVersion) => {
                Fault::reason("WRONG_VERSION_NUMBER")
            }
            Error::InvalidMessage(message) => Fault::saying("LENGTH_MISMATCH", format!("bad message: {message:?}")),
            Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
                Fault::reason("UNEXPECTED_MESSAGE")
            }
            Error::PeerIncompatible(why) => from_incompatible(why),
            Error::PeerMisbehaved(why) => Fault::saying("UNEXPECTED_MESSAGE", format!("unexpected message: {why:?}")),
            Error::DecryptError => Fault::reason("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"),
            Error::PeerSentOversizedRecord => Fault::reason("DATA_LENGTH_TOO_LONG"),
            Error::NoCertificatesPresented => Fault::reason("PEER_DID_NOT_RETURN_A_CERTIFICATE"),
            Error::NoApplicationProtocol => Fault::reason("NO_APPLICATION_PROTOCOL"),
            other => Fault::saying("INTERNAL_ERROR", format!("internal error: {other}")),
        }
    }
    /// Raises it.
    #[cold]
    pub fn raise(&self, cx: &Cx) -> Raised {
        let shown = match (self.library, &self.reason) {
            (Some(library), Some(reason)) => format!("[{library}: {reason}] {}", self.text),
            (Some(library), None) => format!("[{library}] {}", self.text),
            _ => self.text.clone().into_owned(),
        };
        let made = class(cx, self.class).and_then(|class| {
            let exception = cx.call(&class, (self.number, shown))?;
            cx.set_attr(&exception, "reason", self.reason.as_deref())?;
            cx.set_attr(&exception, "library", self.library)?;
            if let Some((code, message)) = &self.verdict {
                cx.set_attr(&exception, "verify_code", *code)?;
                cx.set_attr(&exception, "verify_message", message.as_ref())?;
            }
            Ok(exception)
        });
        match made {
            Ok(exception) => cx.raise_value(exception),
            Err(raised) => raised,
        }
    }
}

fn other_text(error: &CertificateError) -> String {
    format!("bad certificate: {error}")
}

/// `SSLError` with a text as its only argument.
#[cold]
pub fn plain(cx: &Cx, message: impl Display) -> Raised {
    match class(cx, "SSLError") {
        Ok(class) => cx.raise(&class, message),
        Err(raised) => raised,
    }
}

/// What an alert of the other side is called: those that SSL 3 had already bear its name.
fn from_alert(alert: AlertDescription) -> Fault {
    let (reason, text) = match u8::from(alert) {
        10 => ("SSLV3_ALERT_UNEXPECTED_MESSAGE", "ssl/tls alert unexpected message"),
        20 => ("SSLV3_ALERT_BAD_RECORD_MAC", "ssl/tls alert bad record mac"),
        21 => ("TLSV1_ALERT_DECRYPTION_FAILED", "tlsv1 alert decryption failed"),
        22 => ("TLSV1_ALERT_RECORD_OVERFLOW", "tlsv1 alert record overflow"),
        30 => ("SSLV3_ALERT_DECOMPRESSION_FAILURE", "ssl/tls alert decompression failure"),
        40 => ("SSLV3_ALERT_HANDSHAKE_FAILURE", "ssl/tls alert handshake failure"),
        41 => ("SSLV3_ALERT_NO_CERTIFICATE", "ssl/tls alert no certificate"),
        42 => ("SSLV3_ALERT_BAD_CERTIFICATE", "ssl/tls alert bad certificate"),
        43 => ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "ssl/tls alert unsupported certificate"),
        44 => ("SSLV3_ALERT_CERTIFICATE_REVOKED", "ssl/tls alert certificate revoked"),
        45 => ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "ssl/tls alert certificate expired"),
        46 => ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", "ssl/tls alert certificate unknown"),
        47 => ("SSLV3_ALERT_ILLEGAL_PARAMETER", "ssl/tls alert illegal parameter"),
        48 => ("TLSV1_ALERT_UNKNOWN_CA", "tlsv1 alert unknown ca"),
        49 => ("TLSV1_ALERT_ACCESS_DENIED", "tlsv1 alert access denied"),
        50 => ("TLSV1_ALERT_DECODE_ERROR", "tlsv1 alert decode error"),
        51 => ("TLSV1_ALERT_DECRYPT_ERROR", "tlsv1 alert decrypt error"),
        60 => ("TLSV1_ALERT_EXPORT_RESTRICTION", "tlsv1 alert export restriction"),
        70 => ("TLSV1_ALERT_PROTOCOL_VERSION", "tlsv1 alert protocol version"),
        71 => ("TLSV1_ALERT_INSUFFICIENT_SECURITY", "tlsv1 alert insufficient security"),
        80 => ("TLSV1_ALERT_INTERNAL_ERROR", "tlsv1 alert internal error"),
        86 => ("TLSV1_ALERT_INAPPROPRIATE_FALLBACK", "tlsv1 alert inappropriate fallback"),
        90 => ("TLSV1_ALERT_USER_CANCELLED", "tlsv1 alert user cancelled"),
        100 => ("TLSV1_ALERT_NO_RENEGOTIATION", "tlsv1 alert no renegotiation"),
        109 => ("TLSV13_ALERT_MISSING_EXTENSION", "tlsv13 alert missing extension"),
        110 => ("TLSV1_UNSUPPORTED_EXTENSION", "tlsv1 unsupported extension"),
        111 => ("TLSV1_CERTIFICATE_UNOBTAINABLE", "tlsv1 certificate unobtainable"),
        112 => ("TLSV1_UNRECOGNIZED_NAME", "tlsv1 unrecognized name"),
        113 => ("TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE", "tlsv1 bad certificate status response"),
        114 => ("TLSV1_BAD_CERTIFICATE_HASH_VALUE", "tlsv1 bad certificate hash value"),
        115 => ("TLSV1_ALERT_UNKNOWN_PSK_IDENTITY", "tlsv1 alert unknown psk identity"),
        116 => ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required"),
        120 => ("TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "tlsv1 alert no application protocol"),
        number => return Fault::saying("UNKNOWN_ALERT_TYPE", format!("unknown alert type: {number}")),
    };
    Fault::saying(reason, text)
}

/// What both sides do not have in common.
fn from_incompatible(why: &PeerIncompatible) -> Fault {
    match why {
        PeerIncompatible::NoCipherSuitesInCommon
        | PeerIncompatible::NoKxGroupsInCommon
        | PeerIncompatible::NoEcPointFormatsInCommon => Fault::reason("NO_SHARED_CIPHER"),
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => Fault::reason("UNSUPPORTED_PROTOCOL"),
        PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon
        | PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::SignatureAlgorithmsExtensionRequired => {
            Fault::reason("NO_SUITABLE_SIGNATURE_ALGORITHM")
        }
        other => Fault::saying("BAD_EXTENSION", format!("bad extension: {other:?}")),
    }
}
