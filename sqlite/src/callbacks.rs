//! What SQLite calls, and the handler that hears of it.

use std::cell::Cell;
use std::cmp::Ordering;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::null;

use libsqlite3_sys as ffi;

use crate::Kind;
use crate::database::Shared;
use crate::settings::{Owned, slice};

/// Who hears what SQLite calls during a call. Numbers are those that functions, aggregates and collations were made with.
pub trait Handler {
    /// A function is called.
    fn call(&self, function: u64, call: Call<'_>);
    /// An aggregate gets another row.
    fn step(&self, aggregate: u64, call: Call<'_>);
    /// A row leaves the window of an aggregate.
    fn inverse(&self, aggregate: u64, call: Call<'_>);
    /// What is the value of an aggregate so far?
    fn value(&self, aggregate: u64, call: Call<'_>);
    /// What is its last value? It ends.
    fn finish(&self, aggregate: u64, call: Call<'_>);
    /// In which order do two texts come?
    fn compare(&self, collation: u64, left: &[u8], right: &[u8]) -> Ordering;
    /// May a statement that is prepared do this? `OK`, `DENY` or `IGNORE`.
    fn authorize(&self, action: i32, about: [Option<&[u8]>; 4]) -> i32;
    /// So many instructions were executed; whether the statement is to stop.
    fn progress(&self) -> bool;
    /// A statement begins: its text, and the same with its parameters filled in, or the code of why there is none.
    fn trace(&self, sql: &[u8], expanded: Result<&[u8], i32>);
    /// A function, an aggregate or a collation is not needed any more.
    fn gone(&self, number: u64);
}

/// A call that is under way, with its handler.
#[derive(Clone, Copy)]
struct Scope<'a> {
    handler: &'a dyn Handler,
    shared: &'a Shared,
}

thread_local! {
    /// The innermost call of this thread; null if that has no handler.
    static INNERMOST: Cell<*const Scope<'static>> = const { Cell::new(null()) };
}

/// Puts back which call was the innermost.
struct Outer(*const Scope<'static>);

impl Drop for Outer {
    fn drop(&mut self) {
        INNERMOST.set(self.0);
    }
}

/// Does `work`, a call of SQLite's, with a handler.
pub(crate) fn with_handler<R>(shared: &Shared, handler: &dyn Handler, work: impl FnOnce() -> R) -> R {
    let scope = Scope { handler, shared };
    let outer = Outer(INNERMOST.replace((&raw const scope).cast()));
    let done = work();
    drop(outer);
    done
}

/// The same without one: nothing is heard of what SQLite calls.
pub(crate) fn without_handler<R>(work: impl FnOnce() -> R) -> R {
    let outer = Outer(INNERMOST.replace(null()));
    let done = work();
    drop(outer);
    done
}

/// Tells the handler of the innermost call, if it has one.
fn tell<R>(what: impl FnOnce(&Scope<'_>) -> R) -> Option<R> {
    let scope = INNERMOST.get();
    // SAFETY: who has put it there (`with_handler`) is further down the stack of this very thread, and takes it away before it returns.
    (!scope.is_null()).then(|| what(unsafe { &*scope }))
}

/// A call of a function or of an aggregate's: its arguments, and the place of its result. It lasts as long as the callback.
pub struct Call<'a> {
    context: *mut ffi::sqlite3_context,
    arguments: &'a [*mut ffi::sqlite3_value],
    /// Whether it is one of an aggregate's.
    of_aggregate: bool,
}

// SAFETY: SQLite waits until the callback returns, on whichever thread its context is used meanwhile, by one at a time.
unsafe impl Send for Call<'_> {}

impl Call<'_> {
    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.arguments.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.arguments.is_empty()
    }
    /// Of which kind an argument is.
    pub fn kind(&self, at: usize) -> Kind {
        // SAFETY: the argument is SQLite's for as long as the callback runs; the others are asked likewise.
        Kind::of(unsafe { ffi::sqlite3_value_type(self.arguments[at]) })
    }
    /// An argument as an integer.
    pub fn integer(&self, at: usize) -> i64 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_value_int64(self.arguments[at]) }
    }
    /// An argument as a float.
    pub fn float(&self, at: usize) -> f64 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_value_double(self.arguments[at]) }
    }
    /// Does something with the bytes of an argument that is a text or a blob.
    pub fn bytes<R>(&self, at: usize, work: impl FnOnce(&[u8]) -> R) -> R {
        let raw = self.arguments[at];
        // SAFETY: as above. The bytes stay until the argument is converted, which nobody does meanwhile: a text and a blob are taken as
        // what they are, and the statement whose they are runs, so that nobody can use it.
        work(unsafe {
            let start = match Kind::of(ffi::sqlite3_value_type(raw)) {
                Kind::Text => ffi::sqlite3_value_text(raw).cast(),
                _ => ffi::sqlite3_value_blob(raw),
            };
            slice(start, ffi::sqlite3_value_bytes(raw))
        })
    }
    /// The number that an aggregate keeps from row to row, 0 at first. Nothing if there is no memory for it, if it is not to be `made` and
    /// there were no rows, or if this is no aggregate.
    pub fn kept(&self, made: bool) -> Option<&Cell<u64>> {
        if !self.of_aggregate {
            return None;
        }
        let bytes = if made { size_of::<Cell<u64>>() } else { 0 };
        // SAFETY: the callback is one of an aggregate. Its memory is aligned, zero at first, and this aggregate's alone.
        unsafe { ffi::sqlite3_aggregate_context(self.context, bytes as c_int).cast::<Cell<u64>>().as_ref() }
    }
    /// The result is NULL.
    pub fn null(&self) {
        // SAFETY: the context is SQLite's for as long as the callback runs; so with the others.
        unsafe { ffi::sqlite3_result_null(self.context) }
    }
    /// The result is an integer.
    pub fn set_integer(&self, number: i64) {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_result_int64(self.context, number) }
    }
    /// The result is a float.
    pub fn set_float(&self, number: f64) {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_result_double(self.context, number) }
    }
    /// The result is a text, which is copied.
    pub fn set_text(&self, text: &str) {
        let (start, len) = (text.as_ptr().cast(), text.len() as u64);
        // SAFETY: as above; the text is given with its length.
        unsafe {
            let copy = ffi::SQLITE_TRANSIENT();
            ffi::sqlite3_result_text64(self.context, start, len, copy, ffi::SQLITE_UTF8 as u8);
        }
    }
    /// The result is a blob, which is copied.
    pub fn set_blob(&self, bytes: &[u8]) {
        // SAFETY: as above; the bytes are given with their length.
        unsafe {
            let (start, len) = (bytes.as_ptr().cast(), bytes.len() as u64);
            ffi::sqlite3_result_blob64(self.context, start, len, ffi::SQLITE_TRANSIENT());
        }
    }
    /// The call fails, for this reason.
    pub fn fail(&self, message: &str) {
        let len = c_int::try_from(message.len()).unwrap_or(0);
        // SAFETY: as above; the text is given with its length.
        unsafe { ffi::sqlite3_result_error(self.context, message.as_ptr().cast(), len) }
    }
    /// The call fails: its result would be too large.
    pub fn fail_too_big(&self) {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_result_error_toobig(self.context) }
    }
    /// The call fails for want of memory.
    pub fn fail_no_memory(&self) {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_result_error_nomem(self.context) }
    }
}

/// Tells of a call, with the number that the function was made with.
///
/// # Safety
/// SQLite has called with this context and these arguments.
unsafe fn called(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
    of_aggregate: bool,
    told: fn(&dyn Handler, u64, Call<'_>),
) {
    // SAFETY: there are as many arguments as are told, and the context knows the number.
    let (number, arguments) = unsafe {
        let arguments: &[*mut ffi::sqlite3_value] = match usize::try_from(count) {
            Ok(count) if count > 0 && !arguments.is_null() => std::slice::from_raw_parts(arguments, count),
            _ => &[],
        };
        (ffi::sqlite3_user_data(context) as u64, arguments)
    };
    let told = tell(|scope| told(scope.handler, number, Call { context, arguments, of_aggregate }));
    if told.is_none() {
        Call { context, arguments, of_aggregate }.fail("nobody hears of this call");
    }
}

macro_rules! callbacks {
    ($($(#[$doc:meta])* $name:ident($context:ident $(, $count:ident, $arguments:ident)?) = $told:ident, $of_aggregate:expr, $n:expr, $a:expr;)*) => { $(
        $(#[$doc])*
        pub(crate) unsafe extern "C" fn $name(
            $context: *mut ffi::sqlite3_context $(, $count: c_int, $arguments: *mut *mut ffi::sqlite3_value)?
        ) {
            // SAFETY: SQLite calls this, as the comment of `called` wants it.
            unsafe { called($context, $n, $a, $of_aggregate, |handler, number, call| handler.$told(number, call)) }
        }
    )* };
}

callbacks! {
    on_call(context, count, arguments) = call, false, count, arguments;
    on_step(context, count, arguments) = step, true, count, arguments;
    on_inverse(context, count, arguments) = inverse, true, count, arguments;
    on_value(context) = value, true, 0, std::ptr::null_mut();
    on_finish(context) = finish, true, 0, std::ptr::null_mut();
}

pub(crate) unsafe extern "C" fn on_forbidden(
    context: *mut ffi::sqlite3_context,
    _: c_int,
    _: *mut *mut ffi::sqlite3_value,
) {
    Call { context, arguments: &[], of_aggregate: false }.fail("this function is not to be called");
}

pub(crate) unsafe extern "C" fn on_gone(number: *mut c_void) {
    tell(|scope| scope.handler.gone(number as u64));
}

pub(crate) unsafe extern "C" fn on_compare(
    number: *mut c_void,
    left_len: c_int,
    left: *const c_void,
    right_len: c_int,
    right: *const c_void,
) -> c_int {
    // SAFETY: SQLite gives two texts with their lengths, and nothing changes the connection before this returns.
    let (left, right) = unsafe { (slice(left, left_len), slice(right, right_len)) };
    let order = tell(|scope| scope.shared.freeze(|| scope.handler.compare(number as u64, left, right)));
    order.unwrap_or(Ordering::Equal) as c_int
}

pub(crate) unsafe extern "C" fn on_authorize(
    _: *mut c_void,
    action: c_int,
    a: *const c_char,
    b: *const c_char,
    c: *const c_char,
    d: *const c_char,
) -> c_int {
    // SAFETY: each is null or ends with a 0, and stays until this returns.
    let about =
        [a, b, c, d].map(|text| (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes()));
    tell(|scope| scope.shared.freeze(|| scope.handler.authorize(action, about))).unwrap_or(ffi::SQLITE_DENY)
}

pub(crate) unsafe extern "C" fn on_progress(_: *mut c_void) -> c_int {
    tell(|scope| scope.shared.freeze(|| scope.handler.progress())).unwrap_or(false).into()
}

pub(crate) unsafe extern "C" fn on_trace(
    kind: c_uint,
    _: *mut c_void,
    statement: *mut c_void,
    sql: *mut c_void,
) -> c_int {
    if kind != ffi::SQLITE_TRACE_STMT || statement.is_null() || sql.is_null() {
        return 0;
    }
    let statement = statement.cast::<ffi::sqlite3_stmt>();
    // SAFETY: of a statement that begins SQLite tells the statement and its text, which ends with a 0; both stay until this returns.
    let (sql, expanded, code) = unsafe {
        let expanded = Owned::new(ffi::sqlite3_expanded_sql(statement));
        let code = ffi::sqlite3_errcode(ffi::sqlite3_db_handle(statement));
        (CStr::from_ptr(sql.cast()).to_bytes(), expanded, code)
    };
    let expanded = expanded.as_ref().ok_or(code).map(Owned::text);
    tell(|scope| scope.shared.freeze(|| scope.handler.trace(sql, expanded)));
    0
}
