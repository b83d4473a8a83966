//! `grp`: the groups that the system knows.

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::pwd::{name_of, not_found};

native_record! {
    /// A group: name, password, number and the names of its members.
    pub static GROUP = "grp.struct_group" { gr_name, gr_passwd, gr_gid, gr_mem };
}

native_module! {
    /// The groups that the system knows.
    "grp" {
        classes { "struct_group" = &GROUP; }
        functions {
            /// The group of a number: a struct_group. KeyError if there is none.
            getgrgid(id: &Value);
            /// The group of a name: a struct_group. KeyError if there is none.
            getgrnam(name: &Value);
            /// All groups, in no order.
            getgrall();
        }
    }
}

fn record(cx: &Cx, group: &sys::Group) -> Res {
    let members = List::new(cx, group.members.len())?;
    for member in &group.members {
        members.push(cx, cx.from_system(member)?)?;
    }
    let items = [
        cx.from_system(&group.name)?,
        cx.from_system(&group.password)?,
        crate::posix::args::Id(group.gid).number().into_value(cx)?,
        members.into_value(),
    ];
    cx.record(&GROUP, items)
}

fn getgrgid(cx: &Cx, id: &Value) -> Res {
    cx.require(Capability::Environment)?;
    let number = crate::posix::args::Id::of(cx, id, "gid")?;
    match cx.blocking(|| sys::group_of_number(number.0)) {
        Some(group) => record(cx, &group),
        None => Err(not_found(cx, format_args!("getgrgid(): gid not found: {}", number.number()))),
    }
}
fn getgrnam(cx: &Cx, name: &Value) -> Res {
    cx.require(Capability::Environment)?;
    let text = name_of(cx, name, "getgrnam")?;
    match cx.blocking(|| sys::group_of_name(&text)) {
        Some(group) => record(cx, &group),
        None => {
            let shown = cx.repr(name)?;
            Err(not_found(cx, format_args!("getgrnam(): name not found: {shown}")))
        }
    }
}
fn getgrall(cx: &Cx) -> Res<List> {
    cx.require(Capability::Environment)?;
    let list = List::new(cx, 0)?;
    for group in sys::all_groups() {
        list.push(cx, record(cx, &group)?)?;
    }
    Ok(list)
}
