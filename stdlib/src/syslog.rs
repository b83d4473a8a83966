//! `syslog`: the system's log.

use std::cell::Cell;
use std::ffi::CString;

use ryokan_system as system;
use ryokan_vm::native::*;

native_module! {
    /// The system's log.
    "syslog" {
        consts {
            "LOG_EMERG" = libc::LOG_EMERG;
            "LOG_ALERT" = libc::LOG_ALERT;
            "LOG_CRIT" = libc::LOG_CRIT;
            "LOG_ERR" = libc::LOG_ERR;
            "LOG_WARNING" = libc::LOG_WARNING;
            "LOG_NOTICE" = libc::LOG_NOTICE;
            "LOG_INFO" = libc::LOG_INFO;
            "LOG_DEBUG" = libc::LOG_DEBUG;
            "LOG_PID" = libc::LOG_PID;
            "LOG_CONS" = libc::LOG_CONS;
            "LOG_NDELAY" = libc::LOG_NDELAY;
            "LOG_ODELAY" = libc::LOG_ODELAY;
            "LOG_NOWAIT" = libc::LOG_NOWAIT;
            "LOG_PERROR" = libc::LOG_PERROR;
            "LOG_KERN" = libc::LOG_KERN;
            "LOG_USER" = libc::LOG_USER;
            "LOG_MAIL" = libc::LOG_MAIL;
            "LOG_DAEMON" = libc::LOG_DAEMON;
            "LOG_AUTH" = libc::LOG_AUTH;
            "LOG_LPR" = libc::LOG_LPR;
            "LOG_LOCAL0" = libc::LOG_LOCAL0;
            "LOG_LOCAL1" = libc::LOG_LOCAL1;
            "LOG_LOCAL2" = libc::LOG_LOCAL2;
            "LOG_LOCAL3" = libc::LOG_LOCAL3;
            "LOG_LOCAL4" = libc::LOG_LOCAL4;
            "LOG_LOCAL5" = libc::LOG_LOCAL5;
            "LOG_LOCAL6" = libc::LOG_LOCAL6;
            "LOG_LOCAL7" = libc::LOG_LOCAL7;
            "LOG_SYSLOG" = libc::LOG_SYSLOG;
            "LOG_CRON" = libc::LOG_CRON;
            "LOG_UUCP" = libc::LOG_UUCP;
            "LOG_NEWS" = libc::LOG_NEWS;
            "LOG_AUTHPRIV" = libc::LOG_AUTHPRIV;
            "LOG_FTP" = libc::LOG_FTP;
        }
        functions {
            /// Says how messages begin and which options and facility they have, from now on.
            openlog(
                ident: Given = Given(None) => "<unrepresentable>", logoption: i64 = 0,
                facility: i64 = i64::from(libc::LOG_USER) => "LOG_USER"
            );
            /// Writes a message, with a priority before it or without one.
            syslog(*args), shows = "";
            /// Closes the log, and forgets what openlog said.
            closelog(), shows = "($module, /)";
            /// Sets which priorities are written, as a mask, and returns the mask before.
            setlogmask(maskpri: i64, /);
            /// The mask of one priority.
            LOG_MASK(pri: i64, /) = mask_of;
            /// The mask of all priorities up to one.
            LOG_UPTO(pri: i64, /) = mask_up_to;
        }
    }
}

native_state! {
    /// Whether the log is open.
    struct Log { open: Cell<bool> }
}

/// A text, as C takes it.
fn c_text(cx: &Cx, what: &str, value: &Value) -> Res<CString> {
    if !cx.is_str(value) {
        let kind = cx.arg_name(value);
        return Err(cx.type_error(format_args!("{what} must be str, not {kind}")));
    }
    // A lone surrogate has no bytes: UnicodeEncodeError.
    let bytes = cx.call_method(value, "encode", ())?;
    let bytes = Bytes::of(&bytes).ok_or(()).map_err(|()| cx.system_error("a str was encoded"))?;
    CString::new(bytes.as_slice()).map_err(|_| cx.value_error("embedded null character"))
}
/// The last part of the script's name: how messages begin where nobody said it.
fn script_name(cx: &Cx) -> Res<Option<CString>> {
    let Some(args) = cx.sys_attr("argv")?.and_then(|args| List::of(&args)) else { return Ok(None) };
    let Some(script) = args.get(0).filter(|script| cx.is_str(script)) else { return Ok(None) };
    let script = cx.str(&script)?;
    let name = script.rsplit('/').next().unwrap_or_default();
    Ok(CString::new(name).ok().filter(|name| !name.is_empty()))
}
fn open(cx: &Cx, ident: Option<CString>, options: i64, facility: i64) -> Res<()> {
    cx.require(Capability::Processes)?;
    system::open_log(ident, options as i32, facility as i32);
    cx.state::<Log>()?.open.set(true);
    Ok(())
}
fn openlog(cx: &Cx, ident: Given, logoption: i64, facility: i64) -> Res<()> {
    let ident = match &ident.0 {
        Some(ident) => Some(c_text(cx, "openlog() argument 1", ident)?),
        None => script_name(cx)?,
    };
    open(cx, ident, logoption, facility)
}
fn syslog(cx: &Cx, args: Args<'_>) -> Res<()> {
    args.no_keywords(cx, "syslog.syslog")?;
    let (priority, message) = match args.positional() {
        [message] => (i64::from(libc::LOG_INFO), message),
        [priority, message] => (cx.long(priority)?, message),
        _ => return Err(cx.type_error("syslog.syslog requires 1 to 2 arguments")),
    };
    let message = c_text(cx, "syslog() argument", message)?;
    cx.require(Capability::Processes)?;
    if !cx.state::<Log>()?.open.get() {
        open(cx, script_name(cx)?, 0, libc::LOG_USER.into())?;
    }
    cx.blocking(|| system::write_log(priority as i32, &message));
    Ok(())
}
fn closelog(cx: &Cx) -> Res<()> {
    if cx.state::<Log>()?.open.replace(false) {
        system::close_log();
    }
    Ok(())
}
fn setlogmask(cx: &Cx, mask: i64) -> Res<i32> {
    cx.require(Capability::Processes)?;
    Ok(system::set_log_mask(mask as i32))
}
fn mask_of(_: &Cx, pri: i64) -> i64 {
    i64::from(1_i32.wrapping_shl(pri as u32))
}
fn mask_up_to(_: &Cx, pri: i64) -> i64 {
    i64::from(1_i32.wrapping_shl(pri as u32 + 1).wrapping_sub(1))
}
