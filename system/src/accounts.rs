//! The users and groups that the system knows.

use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::{Mutex, PoisonError};

/// A user.
pub struct User {
    /// The name.
    pub name: Vec<u8>,
    /// What stands in place of the password.
    pub password: Vec<u8>,
    /// The number.
    pub uid: u32,
    /// The number of the group.
    pub gid: u32,
    /// The full name.
    pub full_name: Vec<u8>,
    /// The home directory.
    pub home: Vec<u8>,
    /// The shell.
    pub shell: Vec<u8>,
}

/// A group.
pub struct Group {
    /// The name.
    pub name: Vec<u8>,
    /// What stands in place of the password.
    pub password: Vec<u8>,
    /// The number.
    pub gid: u32,
    /// The names of the members.
    pub members: Vec<Vec<u8>>,
}

/// A text of the C library's; empty if there is none.
///
/// # Safety
/// The address is none, or that of a text that ends with a 0.
unsafe fn text(address: *const libc::c_char) -> Vec<u8> {
    if address.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller says so.
    unsafe { CStr::from_ptr(address) }.to_bytes().to_vec()
}

/// # Safety
/// The texts are whole.
unsafe fn user(found: &libc::passwd) -> User {
    // SAFETY: the caller says so.
    unsafe {
        User {
            name: text(found.pw_name),
            password: text(found.pw_passwd),
            uid: found.pw_uid,
            gid: found.pw_gid,
            full_name: text(found.pw_gecos),
            home: text(found.pw_dir),
            shell: text(found.pw_shell),
        }
    }
}

/// # Safety
/// The texts are whole, and the row of members ends with none.
unsafe fn group(found: &libc::group) -> Group {
    // SAFETY: the caller says so.
    unsafe {
        let mut members = Vec::new();
        let mut at = found.gr_mem;
        while !at.is_null() && !(*at).is_null() {
            members.push(text(*at));
            at = at.add(1);
        }
        Group { name: text(found.gr_name), password: text(found.gr_passwd), gid: found.gr_gid, members }
    }
}

/// Room for the texts of a record, and as much as they may take at most.
const ROOM: std::ops::RangeInclusive<usize> = 4096..=(1 << 24);

macro_rules! lookups {
    ($($(#[doc = $doc:literal])* $name:ident($key:ident: $ty:ty) -> $out:ident = $call:ident($given:expr) of $record:ty, $read:ident;)*) => { $(
        $(#[doc = $doc])*
        pub fn $name($key: $ty) -> Option<$out> {
            let mut room = *ROOM.start();
            loop {
                let mut buffer: Vec<libc::c_char> = vec![0; room];
                // SAFETY: zeros are a value of the struct; the call fills it with texts in the buffer, of whose length it is told, or
                // finds nothing.
                let (error, found) = unsafe {
                    let mut record: $record = std::mem::zeroed();
                    let mut found = null_mut();
                    let error = libc::$call($given, &mut record, buffer.as_mut_ptr(), buffer.len(), &mut found);
                    (error, if error == 0 && !found.is_null() { Some($read(&record)) } else { None })
                };
                if error != libc::ERANGE || room >= *ROOM.end() {
                    return found;
                }
                room *= 2;
            }
        }
    )* };
}

lookups! {
    /// The user of a number.
    user_of_number(uid: u32) -> User = getpwuid_r(uid) of libc::passwd, user;
    /// The user of a name.
    user_of_name(name: &CStr) -> User = getpwnam_r(name.as_ptr()) of libc::passwd, user;
    /// The group of a number.
    group_of_number(gid: u32) -> Group = getgrgid_r(gid) of libc::group, group;
    /// The group of a name.
    group_of_name(name: &CStr) -> Group = getgrnam_r(name.as_ptr()) of libc::group, group;
}

/// One thread at a time goes over all of them: the C library remembers where it is.
static WALK: Mutex<()> = Mutex::new(());

/// All users.
pub fn all_users() -> Vec<User> {
    let _alone = WALK.lock().unwrap_or_else(PoisonError::into_inner);
    let mut all = Vec::new();
    // SAFETY: nobody else walks meanwhile, and what is found stays until the next is asked for.
    unsafe {
        libc::setpwent();
        while let Some(found) = libc::getpwent().as_ref() {
            all.push(user(found));
        }
        libc::endpwent();
    }
    all
}

/// All groups.
pub fn all_groups() -> Vec<Group> {
    let _alone = WALK.lock().unwrap_or_else(PoisonError::into_inner);
    let mut all = Vec::new();
    // SAFETY: as above.
    unsafe {
        libc::setgrent();
        while let Some(found) = libc::getgrent().as_ref() {
            all.push(group(found));
        }
        libc::endgrent();
    }
    all
}
