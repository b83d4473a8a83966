//! `termios`: how terminals are set.

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::posix::args::{FileNo, number};

native_exception! {
    /// What the system refuses of a terminal.
    static ERROR = "termios.error": "Exception";
}

native_module! {
    /// How terminals are set.
    "termios" {
        classes { "error" = &ERROR; }
        fill = fill;
        functions {
            /// How a terminal is set: flags of input, output, control and local, speeds of input and output, and control characters.
            tcgetattr(fd: FileNo, /);
            /// Sets a terminal: TCSANOW at once, TCSADRAIN when all is written, TCSAFLUSH then, and what was not read is dropped.
            tcsetattr(fd: FileNo, when: i32, attributes: &Value, /);
            /// Sends a break.
            tcsendbreak(fd: FileNo, duration: i32, /);
            /// Waits until all is written.
            tcdrain(fd: FileNo, /);
            /// Drops what was not read (TCIFLUSH), not written (TCOFLUSH), or both (TCIOFLUSH).
            tcflush(fd: FileNo, queue: i32, /);
            /// Stops or lets go on what is written or read.
            tcflow(fd: FileNo, action: i32, /);
            /// The size of a terminal: rows and columns.
            tcgetwinsize(fd: FileNo, /);
            /// Sets the size of a terminal.
            tcsetwinsize(fd: FileNo, winsize: &Value, /);
        }
    }
}

macro_rules! numbers {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64)),*] };
}

const CONSTANTS: &[(&str, i64)] = numbers! {
    B0 B50 B75 B110 B134 B150 B200 B300 B600 B1200 B1800 B2400 B4800 B9600 B19200 B38400 B57600 B115200 B230400 B460800 B500000
    B576000 B921600 B1000000 B1152000 B1500000 B2000000 B2500000 B3000000 B3500000 B4000000
    TCSANOW TCSADRAIN TCSAFLUSH TCIFLUSH TCOFLUSH TCIOFLUSH TCOOFF TCOON TCIOFF TCION
    IGNBRK BRKINT IGNPAR PARMRK INPCK ISTRIP INLCR IGNCR ICRNL IUCLC IXON IXANY IXOFF IMAXBEL
    OPOST OLCUC ONLCR OCRNL ONOCR ONLRET OFILL OFDEL NLDLY CRDLY TABDLY BSDLY VTDLY FFDLY NL0 NL1 CR0 CR1 CR2 CR3 TAB0 TAB1 TAB2
    TAB3 XTABS BS0 BS1 VT0 VT1 FF0 FF1 CSIZE CSTOPB CREAD PARENB PARODD HUPCL CLOCAL CIBAUD CRTSCTS CMSPAR CS5 CS6 CS7 CS8
    ISIG ICANON XCASE ECHO ECHOE ECHOK ECHONL ECHOCTL ECHOPRT ECHOKE FLUSHO NOFLSH TOSTOP PENDIN IEXTEN EXTA EXTB EXTPROC
    VINTR VQUIT VERASE VKILL VEOF VTIME VMIN VSWTC VSTART VSTOP VSUSP VEOL VREPRINT VDISCARD VWERASE VLNEXT VEOL2
    TIOCEXCL TIOCNXCL TIOCSCTTY TIOCGPGRP TIOCSPGRP TIOCOUTQ TIOCSTI TIOCGWINSZ TIOCSWINSZ TIOCMGET TIOCMBIS TIOCMBIC TIOCMSET
    FIONREAD FIONBIO FIOCLEX FIONCLEX FIOASYNC TIOCCONS TIOCNOTTY TIOCGETD TIOCSETD TIOCM_LE TIOCM_DTR TIOCM_RTS TIOCM_ST
    TIOCM_SR TIOCM_CTS TIOCM_CAR TIOCM_RNG TIOCM_DSR TIOCM_CD TIOCM_RI TCGETA TCGETS TCSBRK TCSBRKP TCSETA TCSETAF TCSETAW
    TCSETS TCSETSF TCSETSW TCXONC TCFLSH TIOCINQ TIOCLINUX TIOCPKT TIOCGSERIAL TIOCSSERIAL NCCS
};

fn fill(module: &Filler) -> Res<()> {
    CONSTANTS.iter().try_for_each(|(name, value)| module.add(name, *value))?;
    for (name, value) in [
        ("TIOCPKT_DATA", 0),
        ("TIOCPKT_FLUSHREAD", 1),
        ("TIOCPKT_FLUSHWRITE", 2),
        ("TIOCPKT_STOP", 4),
        ("TIOCPKT_START", 8),
        ("TIOCPKT_NOSTOP", 16),
        ("TIOCPKT_DOSTOP", 32),
        ("CBAUD", 0o10017),
        ("CBAUDEX", 0o10000),
        ("CINTR", 3),
        ("CQUIT", 28),
        ("CERASE", 127),
        ("CKILL", 21),
        ("CEOF", 4),
        ("CEOL", 0),
        ("CSTART", 17),
        ("CSTOP", 19),
        ("CSUSP", 26),
        ("CRPRNT", 18),
        ("CWERASE", 23),
        ("CLNEXT", 22),
        ("CDSUSP", 25),
        ("CEOT", 4),
        ("CFLUSH", 15),
        ("IBSHIFT", 16),
        ("IOCSIZE_MASK", 0x3FFF_0000),
        ("IOCSIZE_SHIFT", 16),
        ("IUTF8", 0o40000),
        ("N_TTY", 0),
        ("N_SLIP", 1),
        ("N_MOUSE", 2),
        ("N_PPP", 3),
        ("N_STRIP", 4),
        ("TIOCGSOFTCAR", 0x5419),
        ("TIOCSSOFTCAR", 0x541A),
        ("TIOCSERCONFIG", 0x5453),
        ("TIOCSERGWILD", 0x5454),
        ("TIOCSERSWILD", 0x5455),
        ("TIOCGLCKTRMIOS", 0x5456),
        ("TIOCSLCKTRMIOS", 0x5457),
        ("TIOCSERGSTRUCT", 0x5458),
        ("TIOCSERGETLSR", 0x5459),
        ("TIOCSERGETMULTI", 0x545A),
        ("TIOCSERSETMULTI", 0x545B),
        ("TIOCMIWAIT", 0x545C),
        ("TIOCGICOUNT", 0x545D),
        ("TIOCSER_TEMT", 1),
        ("VSWTCH", 7),
        ("_POSIX_VDISABLE", 0),
    ] {
        module.add(name, value)?;
    }
    Ok(())
}

/// `termios.error(number, text)`
fn failed(cx: &Cx, error: &std::io::Error) -> Raised {
    let made = || -> Res {
        let number = number(error);
        let raised = cx.os_error_about(number, None, None);
        let text = cx.attr(&cx.take_raised(raised), "strerror")?;
        cx.call(&cx.class_of_key(&ERROR)?, (number, text))
    };
    match made() {
        Ok(error) => cx.raise_value(error),
        Err(raised) => raised,
    }
}
fn check<T>(cx: &Cx, done: std::io::Result<T>) -> Res<T> {
    done.map_err(|error| failed(cx, &error))
}

fn tcgetattr(cx: &Cx, fd: FileNo) -> Res<List> {
    let found = check(cx, sys::tcgetattr(fd.0))?;
    let speed = i64::from(found.c_cflag & 0o10017);
    let characters = List::new(cx, found.c_cc.len())?;
    let raw = found.c_lflag & libc::ICANON == 0;
    for (at, c) in found.c_cc.iter().enumerate() {
        // These two are numbers where lines are not gathered.
        if raw && (at == libc::VMIN || at == libc::VTIME) {
            characters.push(cx, *c)?;
        } else {
            characters.push(cx, Bytes::new(cx, &[*c])?)?;
        }
    }
    let list = List::new(cx, 7)?;
    for flags in [found.c_iflag, found.c_oflag, found.c_cflag, found.c_lflag] {
        list.push(cx, flags)?;
    }
    list.push(cx, speed)?;
    list.push(cx, speed)?;
    list.push(cx, characters)?;
    Ok(list)
}

fn tcsetattr(cx: &Cx, fd: FileNo, when: i32, attributes: &Value) -> Res<()> {
    let wrong = || cx.type_error("tcsetattr, arg 3: must be 7 element list");
    let Some(list) = List::of(attributes).filter(|list| list.len() == 7) else { return Err(wrong()) };
    let mut how = check(cx, sys::tcgetattr(fd.0))?;
    let flags = |at: usize| -> Res<u32> {
        let value = list.get(at).ok_or(()).map_err(|()| wrong())?;
        Ok(cx.index(&value)? as u32)
    };
    (how.c_iflag, how.c_oflag, how.c_cflag, how.c_lflag) = (flags(0)?, flags(1)?, flags(2)?, flags(3)?);
    let (_, speed) = (flags(4)?, flags(5)?);
    how.c_cflag = how.c_cflag & !0o10017 | speed & 0o10017;
    (how.c_ispeed, how.c_ospeed) = (speed, speed);
    let characters = list.get(6).and_then(|value| List::of(&value)).filter(|list| list.len() == how.c_cc.len());
    let Some(characters) = characters else {
        let count = how.c_cc.len();
        return Err(cx.type_error(format_args!("tcsetattr: attributes[6] must be {count} element list")));
    };
    for at in 0..how.c_cc.len() {
        let Some(value) = characters.get(at) else { break };
        how.c_cc[at] = match Bytes::of(&value).as_ref().map(Bytes::as_slice) {
            Some([c]) => *c,
            _ if cx.is_int(&value) => cx.index(&value)? as u8,
            _ => {
                return Err(cx.type_error(
                    "tcsetattr: elements of attributes must be characters or integers",
                ));
            }
        };
    }
    check(cx, cx.blocking(|| sys::tcsetattr(fd.0, when, &how)))
}
fn tcsendbreak(cx: &Cx, fd: FileNo, duration: i32) -> Res<()> {
    check(cx, cx.blocking(|| sys::ioctl(fd.0, libc::TCSBRKP, i64::from(duration)))).map(drop)
}
fn tcdrain(cx: &Cx, fd: FileNo) -> Res<()> {
    check(cx, cx.blocking(|| sys::ioctl(fd.0, libc::TCSBRK, 1))).map(drop)
}
fn tcflush(cx: &Cx, fd: FileNo, queue: i32) -> Res<()> {
    check(cx, sys::ioctl(fd.0, libc::TCFLSH, i64::from(queue))).map(drop)
}
fn tcflow(cx: &Cx, fd: FileNo, action: i32) -> Res<()> {
    check(cx, sys::ioctl(fd.0, libc::TCXONC, i64::from(action))).map(drop)
}
fn tcgetwinsize(cx: &Cx, fd: FileNo) -> Res<(i32, i32)> {
    let size = check(cx, sys::window(fd.0))?;
    Ok((i32::from(size.ws_row), i32::from(size.ws_col)))
}
fn tcsetwinsize(cx: &Cx, fd: FileNo, winsize: &Value) -> Res<()> {
    let pair = Tuple::from_iterable(cx, winsize)?;
    let [rows, columns] = pair.as_slice() else {
        return Err(cx.type_error("tcsetwinsize, arg 2: must be a two-item sequence"));
    };
    let part = |value: &Value| -> Res<u16> {
        u16::try_from(cx.index(value)?).map_err(|_| cx.overflow_error("winsize value(s) out of range."))
    };
    let (rows, columns) = (part(rows)?, part(columns)?);
    check(cx, sys::set_window(fd.0, rows, columns))
}
