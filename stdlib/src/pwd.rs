//! `pwd`: the users that the system knows.

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::fspath::c_string;

native_record! {
    /// A user: name, password, numbers of user and group, full name, home and shell.
    pub static PASSWD = "pwd.struct_passwd" { pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell };
}

native_module! {
    /// The users that the system knows.
    "pwd" {
        classes { "struct_passwd" = &PASSWD; }
        functions {
            /// The user of a number: a struct_passwd. KeyError if there is none.
            getpwuid(uidobj: &Value, /), shows = "($module, uidobj, /)";
            /// The user of a name: a struct_passwd. KeyError if there is none.
            getpwnam(name: &Value, /), shows = "($module, name, /)";
            /// All users, in no order.
            getpwall(), shows = "($module, /)";
        }
    }
}

fn record(cx: &Cx, user: &sys::User) -> Res {
    let text = |bytes: &[u8]| cx.from_system(bytes);
    let items = [
        text(&user.name)?,
        text(&user.password)?,
        crate::posix::args::Id(user.uid).number().into_value(cx)?,
        crate::posix::args::Id(user.gid).number().into_value(cx)?,
        text(&user.full_name)?,
        text(&user.home)?,
        text(&user.shell)?,
    ];
    cx.record(&PASSWD, items)
}

/// A name, as an argument of these functions.
pub fn name_of(cx: &Cx, name: &Value, function: &'static str) -> Res<std::ffi::CString> {
    if !cx.is_str(name) {
        let kind = cx.arg_name(name);
        return Err(cx.type_error(format_args!("{function}() argument must be str, not {kind}")));
    }
    c_string(cx, name, "embedded null byte")
}
/// `KeyError` of a text.
#[cold]
pub fn not_found(cx: &Cx, message: std::fmt::Arguments<'_>) -> Raised {
    match message.into_value(cx) {
        Ok(message) => cx.key_error(message),
        Err(raised) => raised,
    }
}

fn getpwuid(cx: &Cx, uid: &Value) -> Res {
    cx.require(Capability::Environment)?;
    let number = match crate::posix::args::Id::of(cx, uid, "uid") {
        Ok(number) => number,
        Err(raised) => {
            drop(cx.catch(raised, "OverflowError")?);
            return Err(not_found(cx, format_args!("getpwuid(): uid not found")));
        }
    };
    match cx.blocking(|| sys::user_of_number(number.0)) {
        Some(user) => record(cx, &user),
        None => Err(not_found(cx, format_args!("getpwuid(): uid not found: {}", number.number()))),
    }
}
fn getpwnam(cx: &Cx, name: &Value) -> Res {
    cx.require(Capability::Environment)?;
    let text = name_of(cx, name, "getpwnam")?;
    match cx.blocking(|| sys::user_of_name(&text)) {
        Some(user) => record(cx, &user),
        None => {
            let shown = cx.repr(name)?;
            Err(not_found(cx, format_args!("getpwnam(): name not found: {shown}")))
        }
    }
}
fn getpwall(cx: &Cx) -> Res<List> {
    cx.require(Capability::Environment)?;
    let list = List::new(cx, 0)?;
    for user in sys::all_users() {
        list.push(cx, record(cx, &user)?)?;
    }
    Ok(list)
}
