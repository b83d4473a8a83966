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

/// Bytes that wait, connections and certificates are all paid for.
#[test]
fn a_cap_on_memory_holds() {
    for work in [
        "m = ssl.MemoryBIO()\n while True: m.write(bytes(1 << 16))",
        "c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\n c.check_hostname = False\n k = []\n \
         while True: k.append(c.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO()))",
        "k = []\n while True: k.append(ssl.RAND_bytes(1 << 20))",
    ] {
        let program = format!("import ssl\ntry:\n {work}\nexcept MemoryError: print('refused')");
        let output = ryokan(&["--memory-limit", "64M"], &program);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "refused\n", "{error}");
    }
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
