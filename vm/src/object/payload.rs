//! The macro that makes a struct the payload of an object, so that the struct's own file needs no unsafe line.
//!
//! ```ignore
//! object! {
//!     Property {
//!         tracked: true,
//!         values: [getter, setter, deleter, doc, name],
//!         plain: [getter_doc],
//!         clear: |this| this.getter.set(Value::NONE),
//!     }
//! }
//! ```
//!
//! `values` are the fields that are a `Value`, in the order in which the collector sees them; `plain` are the others, or `owned` if
//! they have something of Rust's to drop. `clear` is
//! there if objects can be part of a cycle that only they can break. `Name as Row` names the row of `layout.rs` if it is not the
//! struct's name; a struct with a parameter names a row for each of its values.
//!
//! # How the duties of [`Object`](super::Object) are met
//! 1. The header's offset is asserted to be 0, and the alignment to be a block's.
//! 2. The row's type is asserted to be the struct; the list of rows asserts the reverse.
//! 3. `trace` takes the struct apart by naming every field, so that none is forgotten; what is `plain` is asserted to have
//!    nothing to drop, and what is `owned` to be `Send`, which no `Value` and nothing that holds one passes; `values` must be of the type `Value`.
//! 4. `clear` and `dying` are safe code with a shared reference: they can drop values out of their slots and nothing else. That
//!    `dying` makes no new reference is left to who writes one.
//! 5. The size is that of the struct.
//! 6. `OWNS` asks the compiler whether the struct has anything to drop.

/// What `plain` fields are: nothing to drop. A failure is one of compilation.
#[inline(always)]
pub(crate) const fn plain<T>(_: &T) {
    const { assert!(!std::mem::needs_drop::<T>(), "a plain field owns something") }
}

/// What `owned` fields are: `Send`, which no `Value` is, nor what holds one.
#[inline(always)]
pub(crate) const fn owned<T: Send>(_: &T) {}

/// See the module's page.
macro_rules! object {
    ($name:ident $body:tt) => {
        $crate::object::payload::object!($name as $name $body);
    };
    ($name:ident as $row:ident $body:tt) => {
        const _: fn($name) -> $crate::types::layouts::rows::$row = |payload| payload;
        $crate::object::payload::object!(@write [] [$name] [$name] [$crate::object::Layout::$row] $body);
    };
    ($name:ident<const $kind:ident: u8> as match { $($value:pat => $row:ident,)* } $body:tt) => {
        $crate::object::payload::object!(
            @write [const $kind: u8] [$name] [$name<$kind>]
            [match $kind { $($value => $crate::object::Layout::$row,)* }] $body
        );
    };
    (@write [$($generics:tt)*] [$name:ident] [$ty:ty] [$layout:expr] {
        tracked: $tracked:expr,
        values: [$($value:ident),*],
        $(plain: [$($plain:ident),*],)?
        $(owned: [$($owned:ident),*],)?
        $(clear: |$this:ident| $clear:expr,)?
        $(dying: |$dead:ident| $dying:expr,)?
    }) => {
        // SAFETY: see payload.rs, which says how each of the duties is met.
        unsafe impl<$($generics)*> $crate::object::Object for $ty {
            const LAYOUT: $crate::object::Layout = $layout;
            const TRACKED: bool = $tracked;
            const OWNS: bool = std::mem::needs_drop::<Self>() $(|| !stringify!($dead).is_empty())?;
            #[inline]
            fn trace(&self, _visit: &mut dyn FnMut(&$crate::value::Value)) {
                const { assert!(std::mem::offset_of!(Self, head) == 0 && align_of::<Self>() <= 8) }
                let $name { head, $($value,)* $($($plain,)*)? $($($owned,)*)? } = self;
                let _: &ryokan_alloc::Header = head;
                $(_visit($value);)*
                $($($crate::object::payload::plain($plain);)*)?
                $($($crate::object::payload::owned($owned);)*)?
            }
            $(fn clear(&self) {
                let $this = self;
                $clear
            })?
            $(fn dying(&self) {
                let $dead = self;
                $dying
            })?
        }
    };
}
pub(crate) use object;
