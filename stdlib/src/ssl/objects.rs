//! Objects that have a number of ASN.1: finding them by identifier, name or number.

use ryokan_vm::native::*;

/// The objects that certificates for TLS name: number, short name, long name, identifier. The numbers are OpenSSL's.
#[rustfmt::skip]
const OBJECTS: &[(i32, &str, &str, &str)] = &[
    (4, "MD5", "md5", "1.2.840.113549.2.5"), (6, "rsaEncryption", "rsaEncryption", "1.2.840.113549.1.1.1"),
    (7, "RSA-MD2", "md2WithRSAEncryption", "1.2.840.113549.1.1.2"),
    (8, "RSA-MD5", "md5WithRSAEncryption", "1.2.840.113549.1.1.4"), (13, "CN", "commonName", "2.5.4.3"),
    (14, "C", "countryName", "2.5.4.6"), (15, "L", "localityName", "2.5.4.7"),
    (16, "ST", "stateOrProvinceName", "2.5.4.8"), (17, "O", "organizationName", "2.5.4.10"),
    (18, "OU", "organizationalUnitName", "2.5.4.11"), (48, "emailAddress", "emailAddress", "1.2.840.113549.1.9.1"),
    (49, "unstructuredName", "unstructuredName", "1.2.840.113549.1.9.2"),
    (54, "challengePassword", "challengePassword", "1.2.840.113549.1.9.7"),
    (55, "unstructuredAddress", "unstructuredAddress", "1.2.840.113549.1.9.8"),
    (64, "SHA1", "sha1", "1.3.14.3.2.26"), (65, "RSA-SHA1", "sha1WithRSAEncryption", "1.2.840.113549.1.1.5"),
    (82, "subjectKeyIdentifier", "X509v3 Subject Key Identifier", "2.5.29.14"),
    (83, "keyUsage", "X509v3 Key Usage", "2.5.29.15"),
    (84, "privateKeyUsagePeriod", "X509v3 Private Key Usage Period", "2.5.29.16"),
    (85, "subjectAltName", "X509v3 Subject Alternative Name", "2.5.29.17"),
    (86, "issuerAltName", "X509v3 Issuer Alternative Name", "2.5.29.18"),
    (87, "basicConstraints", "X509v3 Basic Constraints", "2.5.29.19"),
    (88, "crlNumber", "X509v3 CRL Number", "2.5.29.20"),
    (89, "certificatePolicies", "X509v3 Certificate Policies", "2.5.29.32"),
    (90, "authorityKeyIdentifier", "X509v3 Authority Key Identifier", "2.5.29.35"),
    (99, "GN", "givenName", "2.5.4.42"), (100, "SN", "surname", "2.5.4.4"),
    (101, "initials", "initials", "2.5.4.43"), (102, "uid", "uniqueIdentifier", "0.9.2342.19200300.100.1.44"),
    (103, "crlDistributionPoints", "X509v3 CRL Distribution Points", "2.5.29.31"),
    (105, "serialNumber", "serialNumber", "2.5.4.5"), (106, "title", "title", "2.5.4.12"),
    (107, "description", "description", "2.5.4.13"),
    (126, "extendedKeyUsage", "X509v3 Extended Key Usage", "2.5.29.37"),
    (129, "serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"),
    (130, "clientAuth", "TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2"),
    (131, "codeSigning", "Code Signing", "1.3.6.1.5.5.7.3.3"),
    (132, "emailProtection", "E-mail Protection", "1.3.6.1.5.5.7.3.4"),
    (133, "timeStamping", "Time Stamping", "1.3.6.1.5.5.7.3.8"),
    (134, "msCodeInd", "Microsoft Individual Code Signing", "1.3.6.1.4.1.311.2.1.21"),
    (135, "msCodeCom", "Microsoft Commercial Code Signing", "1.3.6.1.4.1.311.2.1.22"),
    (137, "msSGC", "Microsoft Server Gated Crypto", "1.3.6.1.4.1.311.10.3.3"),
    (139, "nsSGC", "Netscape Server Gated Crypto", "2.16.840.1.113730.4.1"),
    (140, "deltaCRL", "X509v3 Delta CRL Indicator", "2.5.29.27"),
    (141, "CRLReason", "X509v3 CRL Reason Code", "2.5.29.21"),
    (142, "invalidityDate", "Invalidity Date", "2.5.29.24"), (173, "name", "name", "2.5.4.41"),
    (174, "dnQualifier", "dnQualifier", "2.5.4.46"),
    (177, "authorityInfoAccess", "Authority Information Access", "1.3.6.1.5.5.7.1.1"),
    (178, "OCSP", "OCSP", "1.3.6.1.5.5.7.48.1"), (179, "caIssuers", "CA Issuers", "1.3.6.1.5.5.7.48.2"),
    (180, "OCSPSigning", "OCSP Signing", "1.3.6.1.5.5.7.3.9"),
    (294, "ipsecEndSystem", "IPSec End System", "1.3.6.1.5.5.7.3.5"),
    (295, "ipsecTunnel", "IPSec Tunnel", "1.3.6.1.5.5.7.3.6"), (296, "ipsecUser", "IPSec User", "1.3.6.1.5.5.7.3.7"),
    (297, "DVCS", "dvcs", "1.3.6.1.5.5.7.3.10"), (391, "DC", "domainComponent", "0.9.2342.19200300.100.1.25"),
    (396, "RSA-MD4", "md4WithRSAEncryption", "1.2.840.113549.1.1.3"),
    (397, "ac-proxying", "ac-proxying", "1.3.6.1.5.5.7.1.10"),
    (398, "subjectInfoAccess", "Subject Information Access", "1.3.6.1.5.5.7.1.11"),
    (400, "role", "role", "2.5.4.72"), (401, "policyConstraints", "X509v3 Policy Constraints", "2.5.29.36"),
    (402, "targetInformation", "X509v3 AC Targeting", "2.5.29.55"),
    (403, "noRevAvail", "X509v3 No Revocation Available", "2.5.29.56"),
    (408, "id-ecPublicKey", "id-ecPublicKey", "1.2.840.10045.2.1"),
    (415, "prime256v1", "prime256v1", "1.2.840.10045.3.1.7"),
    (416, "ecdsa-with-SHA1", "ecdsa-with-SHA1", "1.2.840.10045.4.1"),
    (430, "holdInstructionCode", "Hold Instruction Code", "2.5.29.23"),
    (458, "UID", "userId", "0.9.2342.19200300.100.1.1"),
    (459, "textEncodedORAddress", "textEncodedORAddress", "0.9.2342.19200300.100.1.2"),
    (460, "mail", "rfc822Mailbox", "0.9.2342.19200300.100.1.3"), (461, "info", "info", "0.9.2342.19200300.100.1.4"),
    (462, "favouriteDrink", "favouriteDrink", "0.9.2342.19200300.100.1.5"),
    (463, "roomNumber", "roomNumber", "0.9.2342.19200300.100.1.6"),
    (464, "photo", "photo", "0.9.2342.19200300.100.1.7"),
    (465, "userClass", "userClass", "0.9.2342.19200300.100.1.8"), (466, "host", "host", "0.9.2342.19200300.100.1.9"),
    (467, "manager", "manager", "0.9.2342.19200300.100.1.10"),
    (468, "documentIdentifier", "documentIdentifier", "0.9.2342.19200300.100.1.11"),
    (469, "documentTitle", "documentTitle", "0.9.2342.19200300.100.1.12"),
    (470, "documentVersion", "documentVersion", "0.9.2342.19200300.100.1.13"),
    (471, "documentAuthor", "documentAuthor", "0.9.2342.19200300.100.1.14"),
    (472, "documentLocation", "documentLocation", "0.9.2342.19200300.100.1.15"),
    (473, "homeTelephoneNumber", "homeTelephoneNumber", "0.9.2342.19200300.100.1.20"),
    (474, "secretary", "secretary", "0.9.2342.19200300.100.1.21"),
    (475, "otherMailbox", "otherMailbox", "0.9.2342.19200300.100.1.22"),
    (476, "lastModifiedTime", "lastModifiedTime", "0.9.2342.19200300.100.1.23"),
    (477, "lastModifiedBy", "lastModifiedBy", "0.9.2342.19200300.100.1.24"),
    (478, "aRecord", "aRecord", "0.9.2342.19200300.100.1.26"),
    (479, "pilotAttributeType27", "pilotAttributeType27", "0.9.2342.19200300.100.1.27"),
    (480, "mXRecord", "mXRecord", "0.9.2342.19200300.100.1.28"),
    (481, "nSRecord", "nSRecord", "0.9.2342.19200300.100.1.29"),
    (482, "sOARecord", "sOARecord", "0.9.2342.19200300.100.1.30"),
    (483, "cNAMERecord", "cNAMERecord", "0.9.2342.19200300.100.1.31"),
    (484, "associatedDomain", "associatedDomain", "0.9.2342.19200300.100.1.37"),
    (485, "associatedName", "associatedName", "0.9.2342.19200300.100.1.38"),
    (486, "homePostalAddress", "homePostalAddress", "0.9.2342.19200300.100.1.39"),
    (487, "personalTitle", "personalTitle", "0.9.2342.19200300.100.1.40"),
    (488, "mobileTelephoneNumber", "mobileTelephoneNumber", "0.9.2342.19200300.100.1.41"),
    (489, "pagerTelephoneNumber", "pagerTelephoneNumber", "0.9.2342.19200300.100.1.42"),
    (490, "friendlyCountryName", "friendlyCountryName", "0.9.2342.19200300.100.1.43"),
    (491, "organizationalStatus", "organizationalStatus", "0.9.2342.19200300.100.1.45"),
    (492, "janetMailbox", "janetMailbox", "0.9.2342.19200300.100.1.46"),
    (493, "mailPreferenceOption", "mailPreferenceOption", "0.9.2342.19200300.100.1.47"),
    (494, "buildingName", "buildingName", "0.9.2342.19200300.100.1.48"),
    (495, "dSAQuality", "dSAQuality", "0.9.2342.19200300.100.1.49"),
    (496, "singleLevelQuality", "singleLevelQuality", "0.9.2342.19200300.100.1.50"),
    (497, "subtreeMinimumQuality", "subtreeMinimumQuality", "0.9.2342.19200300.100.1.51"),
    (498, "subtreeMaximumQuality", "subtreeMaximumQuality", "0.9.2342.19200300.100.1.52"),
    (499, "personalSignature", "personalSignature", "0.9.2342.19200300.100.1.53"),
    (500, "dITRedirect", "dITRedirect", "0.9.2342.19200300.100.1.54"),
    (501, "audio", "audio", "0.9.2342.19200300.100.1.55"),
    (502, "documentPublisher", "documentPublisher", "0.9.2342.19200300.100.1.56"),
    (503, "x500UniqueIdentifier", "x500UniqueIdentifier", "2.5.4.45"),
    (509, "generationQualifier", "generationQualifier", "2.5.4.44"), (510, "pseudonym", "pseudonym", "2.5.4.65"),
    (644, "rsaOAEPEncryptionSET", "rsaOAEPEncryptionSET", "1.2.840.113549.1.1.6"),
    (660, "street", "streetAddress", "2.5.4.9"), (661, "postalCode", "postalCode", "2.5.4.17"),
    (663, "proxyCertInfo", "Proxy Certificate Information", "1.3.6.1.5.5.7.1.14"),
    (666, "nameConstraints", "X509v3 Name Constraints", "2.5.29.30"),
    (668, "RSA-SHA256", "sha256WithRSAEncryption", "1.2.840.113549.1.1.11"),
    (669, "RSA-SHA384", "sha384WithRSAEncryption", "1.2.840.113549.1.1.12"),
    (670, "RSA-SHA512", "sha512WithRSAEncryption", "1.2.840.113549.1.1.13"),
    (671, "RSA-SHA224", "sha224WithRSAEncryption", "1.2.840.113549.1.1.14"),
    (672, "SHA256", "sha256", "2.16.840.1.101.3.4.2.1"), (673, "SHA384", "sha384", "2.16.840.1.101.3.4.2.2"),
    (674, "SHA512", "sha512", "2.16.840.1.101.3.4.2.3"), (675, "SHA224", "sha224", "2.16.840.1.101.3.4.2.4"),
    (715, "secp384r1", "secp384r1", "1.3.132.0.34"), (716, "secp521r1", "secp521r1", "1.3.132.0.35"),
    (746, "anyPolicy", "X509v3 Any Policy", "2.5.29.32.0"),
    (747, "policyMappings", "X509v3 Policy Mappings", "2.5.29.33"),
    (748, "inhibitAnyPolicy", "X509v3 Inhibit Any Policy", "2.5.29.54"),
    (769, "subjectDirectoryAttributes", "X509v3 Subject Directory Attributes", "2.5.29.9"),
    (770, "issuingDistributionPoint", "X509v3 Issuing Distribution Point", "2.5.29.28"),
    (771, "certificateIssuer", "X509v3 Certificate Issuer", "2.5.29.29"),
    (791, "ecdsa-with-Recommended", "ecdsa-with-Recommended", "1.2.840.10045.4.2"),
    (792, "ecdsa-with-Specified", "ecdsa-with-Specified", "1.2.840.10045.4.3"),
    (793, "ecdsa-with-SHA224", "ecdsa-with-SHA224", "1.2.840.10045.4.3.1"),
    (794, "ecdsa-with-SHA256", "ecdsa-with-SHA256", "1.2.840.10045.4.3.2"),
    (795, "ecdsa-with-SHA384", "ecdsa-with-SHA384", "1.2.840.10045.4.3.3"),
    (796, "ecdsa-with-SHA512", "ecdsa-with-SHA512", "1.2.840.10045.4.3.4"),
    (857, "freshestCRL", "X509v3 Freshest CRL", "2.5.29.46"), (859, "searchGuide", "searchGuide", "2.5.4.14"),
    (860, "businessCategory", "businessCategory", "2.5.4.15"), (861, "postalAddress", "postalAddress", "2.5.4.16"),
    (862, "postOfficeBox", "postOfficeBox", "2.5.4.18"),
    (863, "physicalDeliveryOfficeName", "physicalDeliveryOfficeName", "2.5.4.19"),
    (864, "telephoneNumber", "telephoneNumber", "2.5.4.20"), (865, "telexNumber", "telexNumber", "2.5.4.21"),
    (866, "teletexTerminalIdentifier", "teletexTerminalIdentifier", "2.5.4.22"),
    (867, "facsimileTelephoneNumber", "facsimileTelephoneNumber", "2.5.4.23"),
    (868, "x121Address", "x121Address", "2.5.4.24"),
    (869, "internationaliSDNNumber", "internationaliSDNNumber", "2.5.4.25"),
    (870, "registeredAddress", "registeredAddress", "2.5.4.26"),
    (871, "destinationIndicator", "destinationIndicator", "2.5.4.27"),
    (872, "preferredDeliveryMethod", "preferredDeliveryMethod", "2.5.4.28"),
    (873, "presentationAddress", "presentationAddress", "2.5.4.29"),
    (874, "supportedApplicationContext", "supportedApplicationContext", "2.5.4.30"),
    (875, "member", "member", "2.5.4.31"), (876, "owner", "owner", "2.5.4.32"),
    (877, "roleOccupant", "roleOccupant", "2.5.4.33"), (878, "seeAlso", "seeAlso", "2.5.4.34"),
    (879, "userPassword", "userPassword", "2.5.4.35"), (880, "userCertificate", "userCertificate", "2.5.4.36"),
    (881, "cACertificate", "cACertificate", "2.5.4.37"),
    (882, "authorityRevocationList", "authorityRevocationList", "2.5.4.38"),
    (883, "certificateRevocationList", "certificateRevocationList", "2.5.4.39"),
    (884, "crossCertificatePair", "crossCertificatePair", "2.5.4.40"),
    (885, "enhancedSearchGuide", "enhancedSearchGuide", "2.5.4.47"),
    (886, "protocolInformation", "protocolInformation", "2.5.4.48"),
    (887, "distinguishedName", "distinguishedName", "2.5.4.49"), (888, "uniqueMember", "uniqueMember", "2.5.4.50"),
    (889, "houseIdentifier", "houseIdentifier", "2.5.4.51"),
    (890, "supportedAlgorithms", "supportedAlgorithms", "2.5.4.52"),
    (891, "deltaRevocationList", "deltaRevocationList", "2.5.4.53"), (892, "dmdName", "dmdName", "2.5.4.54"),
    (910, "anyExtendedKeyUsage", "Any Extended Key Usage", "2.5.29.37.0"),
    (911, "MGF1", "mgf1", "1.2.840.113549.1.1.8"), (912, "RSASSA-PSS", "rsassaPss", "1.2.840.113549.1.1.10"),
    (919, "RSAES-OAEP", "rsaesOaep", "1.2.840.113549.1.1.7"),
    (935, "PSPECIFIED", "pSpecified", "1.2.840.113549.1.1.9"),
    (955, "jurisdictionL", "jurisdictionLocalityName", "1.3.6.1.4.1.311.60.2.1.1"),
    (956, "jurisdictionST", "jurisdictionStateOrProvinceName", "1.3.6.1.4.1.311.60.2.1.2"),
    (957, "jurisdictionC", "jurisdictionCountryName", "1.3.6.1.4.1.311.60.2.1.3"),
    (1022, "ipsecIKE", "ipsec Internet Key Exchange", "1.3.6.1.5.5.7.3.17"),
    (1023, "capwapAC", "Ctrl/provision WAP Access", "1.3.6.1.5.5.7.3.18"),
    (1024, "capwapWTP", "Ctrl/Provision WAP Termination", "1.3.6.1.5.5.7.3.19"),
    (1025, "secureShellClient", "SSH Client", "1.3.6.1.5.5.7.3.21"),
    (1026, "secureShellServer", "SSH Server", "1.3.6.1.5.5.7.3.22"),
    (1027, "sendRouter", "Send Router", "1.3.6.1.5.5.7.3.23"),
    (1028, "sendProxiedRouter", "Send Proxied Router", "1.3.6.1.5.5.7.3.24"),
    (1029, "sendOwner", "Send Owner", "1.3.6.1.5.5.7.3.25"),
    (1030, "sendProxiedOwner", "Send Proxied Owner", "1.3.6.1.5.5.7.3.26"),
    (1034, "X25519", "X25519", "1.3.101.110"), (1035, "X448", "X448", "1.3.101.111"),
    (1087, "ED25519", "ED25519", "1.3.101.112"), (1088, "ED448", "ED448", "1.3.101.113"),
    (1089, "organizationIdentifier", "organizationIdentifier", "2.5.4.97"),
    (1090, "c3", "countryCode3c", "2.5.4.98"), (1091, "n3", "countryCode3n", "2.5.4.99"),
    (1092, "dnsName", "dnsName", "2.5.4.100"),
];

/// Number, short name, long name and identifier.
type Object = (i32, String, String, String);

fn whole(row: &(i32, &str, &str, &str)) -> Object {
    (row.0, row.1.to_owned(), row.2.to_owned(), row.3.to_owned())
}

/// The long name of an identifier; the identifier itself if it has none.
pub fn long_name(identifier: &str) -> &str {
    OBJECTS.iter().find(|row| row.3 == identifier).map_or(identifier, |row| row.2)
}

/// The short name of an identifier; the identifier itself if it has none.
pub fn short_name(identifier: &str) -> String {
    OBJECTS.iter().find(|row| row.3 == identifier).map_or(identifier, |row| row.1).to_owned()
}

/// Whether a text is an identifier: numbers with points between.
fn is_identifier(text: &str) -> bool {
    let mut parts = text.split('.');
    let first = parts.next().is_some_and(|part| matches!(part, "0" | "1" | "2"));
    let mut count = 0;
    let rest = parts.all(|part| {
        count += 1;
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    first && rest && count > 0
}

/// The object of an identifier, or of a name if names are wanted too. `ValueError` if it is not known.
pub fn txt2obj(cx: &Cx, text: Text, name: bool) -> Res<Object> {
    let text = text.as_str();
    cx.work_on_bytes(text.len())?;
    let found = OBJECTS.iter().find(|row| row.3 == text || name && (row.1 == text || row.2 == text));
    match found {
        Some(row) => Ok(whole(row)),
        None if is_identifier(text) => Err(cx.value_error("Unknown object")),
        None => Err(cx.value_error(format_args!("unknown object '{:.100}'", text))),
    }
}

/// The object of a number. `ValueError` if it is not known.
pub fn nid2obj(cx: &Cx, nid: i32) -> Res<Object> {
    if nid < 0 {
        return Err(cx.value_error("NID must be positive."));
    }
    if nid == 0 {
        return Err(cx.value_error("Unknown object"));
    }
    let found = OBJECTS.iter().find(|row| row.0 == nid);
    found.map(whole).ok_or_else(|| cx.value_error(format_args!("unknown NID {nid}")))
}
