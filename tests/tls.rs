//! TLS from outside: Ctrl-C ends what waits, a cap on memory holds, and a host without files or network still has TLS over memory.
//! What programs see of it is tested by `tests/programs/library/ssl_*.py`.

mod command;

use ryokan::Interpreter;

#[cfg(unix)]
use command::interrupted;
use command::ryokan;

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_handshake() {
    let program = "import socket, ssl\n\
                   ours, theirs = socket.socketpair()\n\
                   context = ssl.create_default_context()\n\
                   print('ready')\n\
                   try: context.wrap_socket(ours, server_hostname='localhost')\n\
                   except KeyboardInterrupt: print('stopped')";
    assert_eq!(interrupted(program), (Some(0), "stopped\n".to_string()));
}

/// What programs begin with that make connections over memory.
fn prelude() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/");
    format!("HERE = '{folder}'\n{PRELUDE}")
}

const PRELUDE: &str = r"
import ssl
def client():
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
def server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE + 'server.pem')
    return context
def attempt(call, *args):
    try: return call(*args)
    except ssl.SSLWantReadError: pass
def begun(context):
    'A client that has said its first word.'
    side = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname='localhost')
    attempt(side.do_handshake)
    return side
def opened():
    'A client that is connected, and has got tickets.'
    context = client()
    context.load_verify_locations(HERE + 'authority.pem')
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = context.wrap_bio(down, up, server_hostname='localhost')
    theirs = server().wrap_bio(up, down, server_side=True)
    for _ in range(4): attempt(ours.do_handshake), attempt(theirs.do_handshake)
    theirs.write(b'a'), ours.read(1)
    return ours
def others():
    'Certificates without end, each another one.'
    with open(HERE + 'authority.pem') as file: text = file.read()
    der = bytearray(ssl.PEM_cert_to_DER_cert(text[text.index('-----BEGIN'):]))
    number = 0
    while True:
        number += 1
        der[-4:] = number.to_bytes(4)
        yield bytes(der)
k = []
";

/// What is kept is paid for: the cap refuses it, and the process is not much larger than the cap when that happens.
#[test]
fn a_cap_on_memory_holds() {
    for work in [
        "m = ssl.MemoryBIO()\n while True: m.write(bytes(1 << 16))",
        "c = client()\n while True: k.append(begun(c))",
        "while True: k.append(ssl.RAND_bytes(1 << 20))",
        "while True: k.append(client())",
        "o = opened()\n while True: k.append(o.session)",
        "o = opened()\n while True: k.extend(o.get_unverified_chain())",
        "while True: k.append(client()), k[-1]._set_alpn_protocols(b'\\x01a' * 32000)",
        "c = client()\n c._set_alpn_protocols(b'\\x01a' * 5000)\n while True: k.append(begun(c))",
        "c = client()\n for n, der in enumerate(others()):\n  c.load_verify_locations(cadata=der)\n  \
         if n % 20 == 0: k.append(begun(c))",
    ] {
        let report = "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)";
        let program =
            format!("{}try:\n {work}\nexcept MemoryError: print('refused')\nk.clear()\n{report}", prelude());
        let output = ryokan(&["--memory-limit", "32M"], &program);
        let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let lines: Vec<_> = out.lines().collect();
        let [refused, most] = lines[..] else { panic!("{work}: {out}{error}") };
        assert_eq!(refused, "refused", "{work}: {error}");
        // A process that does nothing has some 40 megabytes, unoptimised.
        assert!(most.parse::<u32>().is_ok_and(|most| most < 150), "{work}: {most} MB");
    }
}

/// What a key has cost is given back when another one takes its place.
#[test]
fn what_is_replaced_is_given_back() {
    let program = format!(
        "{}c = server()\nfor _ in range(2500): c.load_cert_chain(HERE + 'server.pem')\nprint('done')",
        prelude()
    );
    let output = ryokan(&["--memory-limit", "24M"], &program);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "done\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The rounds that a password's key is made of are paid for.
#[test]
fn unlocking_a_key_is_work() {
    let program = format!("{}client().load_cert_chain(HERE + 'dear.pem', password='sesame')", prelude());
    let output = ryokan(&["--max-instructions", "20000000"], &program);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("ryokan.InstructionLimit: 20000000"), "{error}");
}

/// When a session began is told by the host's clock, if it shows one.
#[test]
fn a_session_has_the_time_of_the_host() {
    let program = format!(
        "{}import time\nprint(0 <= time.time() - opened().session.time < 1000, time.time() < 1767226600)",
        prelude()
    );
    let output = ryokan(&["--deterministic"], &program);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "True True\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A host that allows nothing: TLS over memory works, files are refused.
#[test]
fn nothing_of_the_outside_is_needed() {
    let authority = include_str!("certificates/authority.pem");
    let program = format!(
        "import ssl\n\
         context = ssl.create_default_context(cadata='''{authority}''')\n\
         up, down = ssl.MemoryBIO(), ssl.MemoryBIO()\n\
         client = context.wrap_bio(down, up, server_hostname='localhost')\n\
         try: client.do_handshake()\n\
         except ssl.SSLWantReadError: assert up.pending > 100\n\
         for call in (context.load_cert_chain, context.load_verify_locations):\n    \
             try: call('/etc/passwd')\n    \
             except PermissionError: pass\n    \
             else: raise AssertionError\n\
         ssl.create_default_context()\n"
    );
    let python = Interpreter::builder().build().expect("room enough");
    python.exec(&program).expect("it runs");
}
