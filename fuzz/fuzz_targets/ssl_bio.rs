//! TLS over memory: a client and a server, and between them somebody who changes, drops, repeats and adds bytes as the input says.
//!
//! Whatever comes: no error but one of TLS's own is raised, and what a side reads is what the other one has written, from the beginning on.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::literal;
use ryokan_fuzz::{Settings, run, show};

/// What each input is given to: two bytes are a step.
const PROGRAM: &str = r#"
import _ssl
data, how = DATA, HOW
def context(protocol, name):
    made = _ssl._SSLContext(protocol)
    made.load_verify_locations(FOLDER + '/authority.pem')
    if name: made.load_cert_chain(FOLDER + name)
    made._set_alpn_protocols((b'', b'\x02h2', b'\x02h2\x01a')[how % 3])
    if how & 4: made.maximum_version = 771
    elif how & 8: made.minimum_version = 772
    return made
first, second = context(16, '/client.pem' if how & 16 else None), context(17, '/server.pem')
if how & 32: second.verify_mode = 1 + (how >> 4 & 1)
if how & 64: second.sni_callback = lambda side, name, context: (None, 80, 'x')[len(data) % 3]
if how & 128: second.options |= 1 << 14
session = None
def pair():
    global up, down, sides, sent, got
    up, down = _ssl.MemoryBIO(), _ssl.MemoryBIO()
    # What goes out waits in these two until somebody carries it.
    from_first, from_second = _ssl.MemoryBIO(), _ssl.MemoryBIO()
    sides = (first._wrap_bio(down, from_first, False, 'localhost', session=session), second._wrap_bio(up, from_second, True))
    sent, got = ([b'', b''], [b'', b''])
    return [(from_first, up), (from_second, down)]
ways = pair()
def attempt(call, *args):
    try: return call(*args)
    except (_ssl.SSLError, ValueError): return None
def carry(way, change):
    source, target = ways[way]
    taken = bytearray(source.read())
    if taken: change(taken)
    attempt(target.write, taken)
def change_one(taken, by):
    taken[by * 7919 % len(taken)] ^= by | 1
def shake():
    attempt(sides[0].do_handshake), carry(0, lambda taken: None)
    attempt(sides[1].do_handshake), carry(1, lambda taken: None)
if how & 2: shake(), shake(), shake()
at = 0
while at + 1 < len(data):
    step, by = data[at], data[at + 1]
    at += 2
    way = step & 1
    side = sides[way]
    kind = step >> 1
    if kind < 40: attempt(side.do_handshake), carry(way, lambda taken: None)
    elif kind < 50:
        text = bytes([by]) * (by * by)
        if attempt(side.write, text) is not None: sent[way] += text
        carry(way, lambda taken: None)
    elif kind < 62: got[way] += attempt(side.read, by * 64 + 1) or b''
    elif kind < 70: carry(way, lambda taken: change_one(taken, by))
    elif kind < 74: carry(way, lambda taken: taken.__delitem__(slice(by, None)))
    elif kind < 78: carry(way, lambda taken: taken.extend(taken[:by]))
    elif kind < 82: carry(way, lambda taken: taken.clear())
    elif kind < 86: carry(way, lambda taken: taken.__setitem__(slice(by, by + 3), taken[:9]))
    elif kind < 90:
        attempt(ways[way][1].write, data[at:at + by])
        at += by
    elif kind < 92: ways[way][1].write_eof()
    elif kind < 96: attempt(side.shutdown), carry(way, lambda taken: None)
    elif kind < 98:
        record = bytes([20 + by % 5, 3, 3, 0, data[at] if at < len(data) else 0])
        attempt(ways[way][1].write, record + data[at + 1:at + 1 + record[4]])
        at += 1 + record[4]
    elif kind < 102:
        for name in ('cipher', 'version', 'pending', 'selected_alpn_protocol', 'shared_ciphers', 'getpeercert', 'get_unverified_chain', 'get_verified_chain'):
            found = attempt(getattr(side, name))
            if type(found) is list and found and type(found[0]) is not tuple: found[0].get_info(), found[0].public_bytes(), hash(found[0]), repr(found[0])
    elif kind < 104: first.check_hostname = by & 1
    elif kind < 106: attempt(setattr, first, 'verify_mode', by % 3)
    elif kind < 108: first.verify_flags = by
    elif kind < 110: session = attempt(lambda: sides[0].session)
    elif kind < 112: ways = pair()
    elif kind < 114: attempt(second.load_cert_chain, FOLDER + ('/server.pem', '/client.pem', '/self_signed.pem')[by % 3])
    elif kind < 116: attempt(first.load_verify_locations, FOLDER + ('/self_signed.pem', '/authority.pem')[by % 2])
    elif kind < 118: attempt(first.load_verify_locations, None, None, data[at:at + by] or b'\0')
    else: shake()
    for reader in (0, 1): assert sent[1 - reader].startswith(got[reader]), 'other bytes than were written'
"#;

/// The certificates, in a folder of their own: a target may run where the sources are not.
fn folder() -> &'static str {
    static FOLDER: OnceLock<String> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("ryokan-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        for (name, text) in [
            ("authority.pem", include_str!("../../tests/certificates/authority.pem")),
            ("client.pem", include_str!("../../tests/certificates/client.pem")),
            ("server.pem", include_str!("../../tests/certificates/server.pem")),
            ("self_signed.pem", include_str!("../../tests/certificates/self_signed.pem")),
        ] {
            std::fs::write(folder.join(name), text).expect("a file can be written");
        }
        folder.to_str().expect("a name").to_string()
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((how, steps)) = data.split_first() else { return };
    let source = PROGRAM.replace("DATA", &literal(steps)).replace("HOW", &how.to_string());
    let source = source.replace("FOLDER", &format!("{:?}", folder()));
    show(|| source.clone());
    let ended = run(&source, &Settings { fuel: 3_000_000, files: true, ..Settings::default() });
    assert!(ended.error.is_none() || ended.was_stopped(), "{}", ended.shown());
});
