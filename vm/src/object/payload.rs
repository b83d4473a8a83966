//! The macros that say what a struct shows to the collector, so that the struct's own file needs no unsafe line: `object!` makes it
//! the payload of an object, `traced!` a part of one.
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
//! `values` are the fields that are a `Value`, in the order in which the collector sees them; `traced` are those that hold values in
//! another way ([`Trace`]), and come next; `behind` is the one that tells of those behind the payload. `plain` are the others, or
//! `owned` if they have something of Rust's to drop, or `opaque` if the compiler cannot tell that they hold no value of Python's.
//! `clear` is there if objects can be part of a cycle that only they can break. `Name as Row` names the row of `layout.rs` if it is not
//! the struct's name; a struct with a parameter names a row for each of its values.
//!
//! # How the duties of [`Object`] are met
//! 1. The header's offset is asserted to be 0, and the alignment to be a block's.
//! 2. The row's type is asserted to be the struct; the list of rows asserts the reverse.
//! 3. `trace` takes the struct apart by naming every field, so that none is forgotten; what is `plain` is asserted to have
//!    nothing to drop, and what is `owned` to be `Send`, which no `Value` and nothing that holds one passes; `values` must be of the
//!    type `Value`. A value in an `opaque` field would look held from outside: it would leak, and not die too early.
//! 4. `clear` and `dying` are safe code with a shared reference: they can drop values out of their slots and nothing else. That
//!    `dying` makes no new reference is left to who writes one.
//! 5. The size is that of the struct, and of what its `Behind` tells of.
//! 6. `OWNS` asks the compiler whether the struct has anything to drop.

use std::cell::{Cell, OnceCell, RefCell};

use ryokan_alloc::{Death, Heap, ObjPtr, Vector};

use super::{Object, Ref};
use crate::value::Value;

/// What shows the values that it owns: a field of an object, or the body of a native type.
///
/// # Safety
/// `trace` visits every value that it owns at most once and nothing else, makes nothing, and frees nothing. (A value that
/// it leaves out is taken for held from outside: it may leak, but never die too early.)
pub unsafe trait Trace {
    /// Whether there can be any.
    const TRACES: bool = true;
    /// Visits them.
    fn trace(&self, visit: &mut dyn FnMut(&Value));
    /// Visits them, each with the name of the field that it is in, if that is known.
    fn each_field(&self, visit: &mut dyn FnMut(&'static str, &Value)) {
        self.trace(&mut |value| visit("", value));
    }
    /// Lets go of them, to break a cycle: some, or none.
    fn clear(&self) {}
}

// SAFETY: it is the one value.
unsafe impl Trace for Value {
    #[inline]
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self);
    }
    fn clear(&self) {
        self.set(Value::UNBOUND);
    }
}

// SAFETY: it is one value.
unsafe impl<T: Object> Trace for Ref<T> {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.value());
    }
    /// It stays, for it always refers to something: a cycle breaks at what changes.
    fn clear(&self) {}
}

/// What shows what is in it, and only that.
macro_rules! contents {
    ($([$($generics:tt)*] $ty:ty: |$this:ident| $items:expr;)*) => { $(
        // SAFETY: each item visits its own, and stands in one place.
        unsafe impl<$($generics)*> Trace for $ty {
            const TRACES: bool = T::TRACES;
            fn trace(&self, visit: &mut dyn FnMut(&Value)) {
                let $this = self;
                $items.for_each(|item| item.trace(visit));
            }
            fn clear(&self) {
                let $this = self;
                $items.for_each(Trace::clear);
            }
        }
    )* };
}
contents! {
    [T: Trace, const N: usize] [T; N]: |this| this.iter();
    [T: Trace] Box<[T]>: |this| this.iter();
    [T: Trace] Box<T>: |this| std::iter::once(&**this);
    [T: Trace] Vec<T>: |this| this.iter();
    [T: Trace] Vector<T>: |this| this.iter();
    [T: Trace] Option<T>: |this| this.iter();
    [T: Trace] OnceCell<T>: |this| this.get().into_iter();
    // While somebody changes it, what is in it is taken for held from outside.
    [T: Trace] RefCell<T>: |this| this.try_borrow().iter().map(|content| &**content);
}

/// See the module's page. `traced! { Thing: [first, second] }` shows what these fields own; `, |this| ..` says how it lets go of that,
/// if not field by field. `traced! { nothing: [generics] Thing; .. }` is for what owns no value.
#[doc(hidden)]
#[macro_export]
macro_rules! traced {
    (nothing: $([$($generics:tt)*] $ty:ty;)*) => { $(
        // SAFETY: there is nothing to visit.
        unsafe impl<$($generics)*> $crate::object::payload::Trace for $ty {
            const TRACES: bool = false;
            fn trace(&self, _: &mut dyn FnMut(&$crate::value::Value)) {}
        }
    )* };
    ($ty:ty: [$($field:tt: $field_type:ty),*]) => {
        $crate::traced!(@write $ty, [$($field),*], [$(<$field_type as $crate::object::payload::Trace>::TRACES),*], |this| {
            $($crate::object::payload::Trace::clear(&this.$field);)*
            let _ = this;
        });
    };
    ($ty:ty: [$($field:tt),*]) => {
        $crate::traced!(@write $ty, [$($field),*], [true], |this| {
            $($crate::object::payload::Trace::clear(&this.$field);)*
            let _ = this;
        });
    };
    ($ty:ty: [$($field:tt),*], |$this:ident| $clear:expr) => {
        $crate::traced!(@write $ty, [$($field),*], [true], |$this| $clear);
    };
    (@write $ty:ty, [$($field:tt),*], [$($traces:expr),*], |$this:ident| $clear:expr) => {
        // SAFETY: each field visits its own values. None is named twice: the compiler takes no pattern that does.
        unsafe impl $crate::object::payload::Trace for $ty {
            const TRACES: bool = false $(|| $traces)*;
            fn trace(&self, _visit: &mut dyn FnMut(&$crate::value::Value)) {
                let Self { $($field: _,)* .. } = self;
                $($crate::object::payload::Trace::trace(&self.$field, _visit);)*
            }
            fn each_field(&self, _visit: &mut dyn FnMut(&'static str, &$crate::value::Value)) {
                $($crate::object::payload::Trace::trace(&self.$field, &mut |value| _visit(stringify!($field), value));)*
            }
            fn clear(&self) {
                let $this = self;
                $clear
            }
        }
    };
}
pub(crate) use traced;

traced! {
    nothing:
    [] bool; [] char; [] u8; [] u16; [] u32; [] u64; [] usize; [] i8; [] i16; [] i32; [] i64; [] isize; [] f32; [] f64; [] ();
    [] &'static str;
    // What is `Copy` owns no value.
    [T: Copy + 'static] Cell<T>;
}

// ---- what the heap asks of a payload --------------------------------------------------------------------------

/// What the heap needs of a layout.
#[derive(Clone, Copy)]
pub struct LayoutOps {
    /// See [`Object::trace`].
    pub trace: unsafe fn(ObjPtr, &mut dyn FnMut(&Value)),
    /// See [`Object::clear`].
    pub clear: unsafe fn(ObjPtr),
    /// Gives up all that a dead object owns: [`Object::dying`], and its fields.
    pub finish: unsafe fn(ObjPtr),
    /// See [`Object::size`].
    pub size: unsafe fn(ObjPtr) -> usize,
    /// See [`Object::TRACKED`].
    pub tracked: bool,
    /// The fixed part of the payload, in bytes.
    pub payload_bytes: usize,
    /// Finishes a dead object that has nothing behind its payload, and frees its block.
    pub dealloc: unsafe fn(*mut Heap, ObjPtr),
    /// The whole death of such an object: see [`ryokan_alloc::Hooks::deaths`].
    pub death: Death,
}

impl LayoutOps {
    /// Of a payload.
    pub const fn of<T: Object>() -> LayoutOps {
        unsafe fn trace<T: Object>(p: ObjPtr, visit: &mut dyn FnMut(&Value)) {
            // SAFETY: the table is indexed by the object's own layout.
            unsafe { (*p.as_ptr().cast::<T>()).trace(visit) }
        }
        unsafe fn clear<T: Object>(p: ObjPtr) {
            // SAFETY: the table is indexed by the object's own layout.
            unsafe { (*p.as_ptr().cast::<T>()).clear() }
        }
        unsafe fn size<T: Object>(p: ObjPtr) -> usize {
            // SAFETY: the table is indexed by the object's own layout.
            unsafe { (*p.as_ptr().cast::<T>()).size() }
        }
        LayoutOps {
            trace: trace::<T>,
            clear: clear::<T>,
            finish: LayoutOps::finish::<T>,
            size: size::<T>,
            tracked: T::TRACKED,
            payload_bytes: size_of::<T>(),
            dealloc: LayoutOps::dealloc::<T>,
            death: LayoutOps::death::<T>,
        }
    }

    #[inline(always)]
    unsafe fn finish<T: Object>(p: ObjPtr) {
        // SAFETY: the layout says that it is a `T`; it is dead, and the caller uses no field of it again.
        unsafe {
            let this = p.as_ptr().cast::<T>();
            (*this).dying();
            std::ptr::drop_in_place(this);
        }
    }

    #[inline(always)]
    unsafe fn dealloc<T: Object>(heap: *mut Heap, p: ObjPtr) {
        // SAFETY: the layout says that it is a `T`, which is dead. The heap is not borrowed while `finish` runs, which may use it.
        unsafe {
            let this = p.as_ptr().cast::<T>();
            let bytes = if T::FIXED { size_of::<T>() } else { (*this).size() };
            if T::OWNS {
                LayoutOps::finish::<T>(p);
            }
            (*heap).free_object(p.cast(), bytes);
        }
    }

    /// # Safety
    /// That of [`Heap::release`], of an object of this layout that has nothing behind its payload, and no weak reference.
    pub unsafe fn death<T: Object>(heap: *mut Heap, p: ObjPtr) {
        // SAFETY: as above. What owns nothing brings no other death.
        unsafe {
            let die = |heap: *mut Heap| {
                (*heap).untrack(p);
                LayoutOps::dealloc::<T>(heap, p);
            };
            if T::OWNS { Heap::let_die(heap, p, die) } else { die(heap) }
        }
    }
}

// ---- what `object!` asserts ---------------------------------------------------------------------------------

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
        $(traced: [$($traced:ident),*],)?
        $(behind: $behind:ident,)?
        $(opaque: [$($opaque:ident),*],)?
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
                let $name { head, $($value,)* $($($traced,)*)? $($behind,)? $($($opaque: _,)*)? $($($plain,)*)? $($($owned,)*)? } = self;
                let _: &ryokan_alloc::Header = head;
                $(_visit($value);)*
                $($($crate::object::payload::Trace::trace($traced, _visit);)*)?
                $(let behind: &$crate::object::behind::Behind = $behind;
                $crate::object::payload::Trace::trace(behind, _visit);)?
                $($($crate::object::payload::plain($plain);)*)?
                $($($crate::object::payload::owned($owned);)*)?
            }
            $(const FIXED: bool = false;
            fn size(&self) -> usize {
                size_of::<Self>() + self.$behind.values().len() * 8
            })?
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
