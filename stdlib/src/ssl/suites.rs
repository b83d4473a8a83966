//! Ciphers: what the engine has, as OpenSSL calls them, and choosing among them as OpenSSL's lists say.

use rustls::crypto::ring::ALL_CIPHER_SUITES;
use rustls::{CipherSuite, SupportedCipherSuite};
use ryokan_vm::native::*;

use super::errors;

/// What is known of a suite.
pub struct Known {
    number: u16,
    /// What OpenSSL calls it.
    pub name: &'static str,
    /// Whether it belongs to TLS 1.3.
    is_new: bool,
    bits: i32,
    auth: &'static str,
    cipher: &'static str,
    shown: &'static str,
}

#[rustfmt::skip]
const KNOWN: &[Known] = &[
    Known { number: 0x1302, name: "TLS_AES_256_GCM_SHA384", is_new: true, bits: 256, auth: "any", cipher: "aes-256-gcm", shown: "AESGCM(256)           " },
    Known { number: 0x1303, name: "TLS_CHACHA20_POLY1305_SHA256", is_new: true, bits: 256, auth: "any", cipher: "chacha20-poly1305", shown: "CHACHA20/POLY1305(256)" },
    Known { number: 0x1301, name: "TLS_AES_128_GCM_SHA256", is_new: true, bits: 128, auth: "any", cipher: "aes-128-gcm", shown: "AESGCM(128)           " },
    Known { number: 0xc02c, name: "ECDHE-ECDSA-AES256-GCM-SHA384", is_new: false, bits: 256, auth: "ecdsa", cipher: "aes-256-gcm", shown: "AESGCM(256)           " },
    Known { number: 0xc030, name: "ECDHE-RSA-AES256-GCM-SHA384", is_new: false, bits: 256, auth: "rsa", cipher: "aes-256-gcm", shown: "AESGCM(256)           " },
    Known { number: 0xcca9, name: "ECDHE-ECDSA-CHACHA20-POLY1305", is_new: false, bits: 256, auth: "ecdsa", cipher: "chacha20-poly1305", shown: "CHACHA20/POLY1305(256)" },
    Known { number: 0xcca8, name: "ECDHE-RSA-CHACHA20-POLY1305", is_new: false, bits: 256, auth: "rsa", cipher: "chacha20-poly1305", shown: "CHACHA20/POLY1305(256)" },
    Known { number: 0xc02b, name: "ECDHE-ECDSA-AES128-GCM-SHA256", is_new: false, bits: 128, auth: "ecdsa", cipher: "aes-128-gcm", shown: "AESGCM(128)           " },
    Known { number: 0xc02f, name: "ECDHE-RSA-AES128-GCM-SHA256", is_new: false, bits: 128, auth: "rsa", cipher: "aes-128-gcm", shown: "AESGCM(128)           " },
];

/// What is known of a suite of a number.
pub fn known(suite: CipherSuite) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.number == u16::from(suite))
}

impl Known {
    fn version(&self) -> &'static str {
        if self.is_new { "TLSv1.3" } else { "TLSv1.2" }
    }
    /// Name, version and bits, as `cipher()` gives them.
    pub fn triple(&self) -> (&'static str, &'static str, i32) {
        (self.name, self.version(), self.bits)
    }
    /// The dict that `get_ciphers()` has of it.
    fn describe(&self, cx: &Cx) -> Res {
        let upper = self.auth.to_ascii_uppercase();
        let (exchange, kea) = if self.is_new { ("any", "kx-any") } else { ("ECDH", "kx-ecdhe") };
        let auth = if self.is_new { "any" } else { &upper };
        let (name, version, shown) = (self.name, self.version(), self.shown);
        let text = format!("{name:<30} {version} Kx={exchange:<8} Au={auth:<5} Enc={shown} Mac=AEAD");
        let made = Dict::new(cx)?;
        made.set_str(cx, "id", 0x0300_0000 + i64::from(self.number))?;
        made.set_str(cx, "name", name)?;
        made.set_str(cx, "protocol", version)?;
        made.set_str(cx, "description", text)?;
        made.set_str(cx, "strength_bits", self.bits)?;
        made.set_str(cx, "alg_bits", self.bits)?;
        made.set_str(cx, "aead", true)?;
        made.set_str(cx, "symmetric", self.cipher)?;
        made.set_str(cx, "digest", Value::NONE)?;
        made.set_str(cx, "kea", kea)?;
        made.set_str(cx, "auth", format!("auth-{}", self.auth))?;
        Ok(made.into_value())
    }
    /// Whether a word of a list means it.
    fn is_meant(&self, word: &str) -> bool {
        let (aes, large) = (self.cipher.starts_with("aes"), self.bits == 256);
        match word {
            "ALL" | "DEFAULT" | "COMPLEMENTOFALL" | "HIGH" | "ECDHE" | "EECDH" | "kEECDH" | "kECDHE" | "ECDH"
            | "TLSv1.2" | "FIPS" => word != "COMPLEMENTOFALL" && (word != "FIPS" || aes),
            "AES" | "AESGCM" => aes,
            "AES256" => aes && large,
            "AES128" => aes && !large,
            "CHACHA20" => !aes,
            "SHA384" => aes && large && self.name.ends_with("SHA384"),
            "SHA256" => self.name.ends_with("SHA256"),
            "aRSA" | "RSA" => self.auth == "rsa" && word == "aRSA",
            "aECDSA" | "ECDSA" => self.auth == "ecdsa",
            _ => self.name == word,
        }
    }
    fn are_meant(&self, words: &str) -> bool {
        words.split('+').all(|word| self.is_meant(word))
    }
}

/// The suites that are older than TLS 1.3, chosen by a list of OpenSSL's in its order. Those of TLS 1.3 are always there.
pub fn choose(list: &str) -> Vec<u16> {
    let mut chosen: Vec<u16> = Vec::new();
    let mut never: Vec<u16> = Vec::new();
    for part in list.split([':', ',', ' ', ';']).filter(|part| !part.is_empty()) {
        let (sign, words) = match part.split_at_checked(1) {
            Some((sign @ ("!" | "-" | "+"), words)) => (sign, words),
            Some(("@", _)) => continue,
            _ => ("", part),
        };
        let meant = KNOWN.iter().filter(|known| !known.is_new && known.are_meant(words));
        for number in meant.map(|known| known.number) {
            let has = chosen.contains(&number);
            match sign {
                "" if !has && !never.contains(&number) => chosen.push(number),
                "" => {}
                "+" if !has => {}
                _ => {
                    chosen.retain(|other| *other != number);
                    if sign == "!" {
                        never.push(number);
                    } else if sign == "+" {
                        chosen.push(number);
                    }
                }
            }
        }
    }
    chosen
}

/// The same; `SSLError` if the list means none at all.
pub fn parse(cx: &Cx, list: &str) -> Res<Vec<u16>> {
    cx.work_on_bytes(list.len().saturating_mul(8))?;
    let chosen = choose(list);
    // The names of TLS 1.3 choose nothing, as there is nothing to choose.
    if chosen.is_empty() {
        return Err(errors::plain(cx, "No cipher can be selected."));
    }
    Ok(chosen)
}

/// The engine's suites: all of TLS 1.3, and of TLS 1.2 those that were chosen, in that order.
pub fn suites(chosen: &[u16]) -> Vec<SupportedCipherSuite> {
    let find = |number: u16| ALL_CIPHER_SUITES.iter().find(|suite| u16::from(suite.suite()) == number).copied();
    let new = KNOWN.iter().filter(|known| known.is_new).map(|known| known.number);
    new.chain(chosen.iter().copied()).filter_map(find).collect()
}

/// `get_ciphers()`
pub fn describe(cx: &Cx, suites: &[SupportedCipherSuite]) -> Res<List> {
    let all = List::new(cx, 0)?;
    for known in suites.iter().filter_map(|suite| known(suite.suite())) {
        all.push(cx, known.describe(cx)?)?;
    }
    Ok(all)
}
