//! The tables: `native_module!`, `native_type!`, `native_state!`, `native_exception!`, `native_record!`.
//!
//! A row of functions or methods is
//!
//! ```text
//! /// Its docstring.
//! name(parameters) = path, at_once = path, shows = "text";
//! ```
//!
//! where `= path` is left out if the Rust function has the same name, and `at_once` names a function that a call may ask first, without
//! converting anything: `fn(f64) -> Option<f64>` of a function of an `f64`; `fn(&T, item: &Value) -> Option<Value>` of a method that
//! puts a value into its object, and gives what fell out for it (an empty value if nothing did); `fn(&T) -> Option<Value>` of one that
//! takes one out. It lets nothing die, so that nothing of Python's runs; or it does nothing, and gives nothing. What `__text_signature__` is to be, where CPython's is another than the parameters', `shows` says:
//! `"($self, /)"`, or `""` for None. Parameters are Python's, with Rust's types (`convert.rs`):
//!
//! | parameter | means |
//! |---|---|
//! | `x: f64` | asked for |
//! | `x: f64 = 1.0` | with a default, which `__text_signature__` shows as it stands |
//! | `x: f64 = UNIT => "1.0"` | the same, shown otherwise |
//! | `/`, `*` | what stands before is by position only, what follows by name only |
//! | `*args`, `*args, **names` | all as it came: the function gets an [`Args`](super::Args) |
//!
//! The Rust function gets the [`Cx`](super::Cx), then for a method a [`This`](super::module::This) of the type (for a class method the class), then
//! the parameters, and gives anything that becomes a value, or a `Res` of it.

/// A docstring of the lines of a doc comment.
#[doc(hidden)]
#[macro_export]
macro_rules! native_doc {
    ($($line:literal)*) => {{
        const RAW: &str = concat!($($line, "\n"),*);
        const CLEAN: ([u8; RAW.len()], usize) = $crate::native::written::clean(RAW);
        const TEXT: &str = $crate::native::written::text_of(&CLEAN.0, CLEAN.1);
        TEXT
    }};
}

/// A module: see the page of `ryokan_vm::native`. Defines `MODULE`.
///
/// ```text
/// native_module! {
///     /// The module's docstring.
///     "name" {
///         consts { "PI" = 3.14; }
///         types { Thing }
///         classes { "Error" = &ERROR; }      // of `native_exception!` and `native_record!`
///         fill = path;                        // fn(&Filler) -> Res<()>, for what is not listed
///         functions { .. }
///     }
/// }
/// ```
#[macro_export]
macro_rules! native_module {
    (
        $(#[doc = $doc:literal])*
        $name:literal {
            $(consts { $($constant:literal = $value:expr;)* })?
            $(types { $($ty:ty),* $(,)? })?
            $(classes { $($class:literal = $key:expr;)* })?
            $(fill = $fill:path;)?
            $(functions {
                $($(#[doc = $fdoc:literal])* $f:ident ($($p:tt)*) $(= $path:path)? $(, at_once = $via:path)? $(, shows = $shown:literal)?;)*
            })?
        }
    ) => {
        #[doc = concat!("The module `", $name, "`.")]
        pub static MODULE: $crate::native::NativeModule = {
            use $crate::native::written as w;
            fn __fill(vm: &w::Vm, dict: &w::Dict) -> $crate::native::Res<()> {
                let module = w::Filler::new(vm, dict);
                $($(module.add($constant, $value)?;)*)?
                $($(module.add_type::<$ty>()?;)*)?
                $($(module.add($class, module.cx().class_of_key($key))?;)*)?
                $($fill(&module)?;)?
                let _ = module;
                Ok(())
            }
            static __ROWS: &[w::Method] = &[$($(
                $crate::native_row!(@function [$($path,)? $f,] [$($via)?] stringify!($f), $crate::native_doc!($($fdoc)*), ($($p)*))$(.showing($shown))?,
            )*)?];
            $crate::native::NativeModule { name: $name, doc: $crate::native_doc!($($doc)*), functions: __ROWS, fill: __fill }
        };
    };
}

/// A native type: its body, and what it means in Python. Sections come in this order, and each may be left out.
///
/// ```text
/// native_type! {
///     /// The docstring.
///     "module.name" = pub struct Thing { items: Values, changes: Cell<u64> }
///     flags: SUBCLASS, DICT, HIDDEN, WEAKREF, SEQUENCE, MAPPING, KEYED, COUNTED, UNIONABLE;
///     shows: "(signature)";                   // the `__text_signature__` of the class
///     new(parameters) = path;                 // fn(&Cx, class: &Value, ..) -> Res
///     init(parameters) = path;                // fn(&Cx, This<Thing>, ..) -> Res<()>
///     call(parameters) = path;                // fn(&Cx, This<Thing>, ..)
///     slots { len = path; iter = itself; }    // see `native_slot!`
///     at_once { len = path; }                 // short ways of slots, see below
///     number { Add = path; }                  // fn(&Cx, left: &Value, right: &Value) -> Res
///     in_place { Add = path; }                // fn(&Cx, This<Thing>, other: &Value) -> Res
///     getters { name = path; }                // fn(&Cx, This<Thing>), or a closure
///     attributes { name = path, path; }       // and fn(&Cx, This<Thing>, Option<&Value>) -> Res<()>
///     members { name = path; }                // as getters: fields of CPython's objects, which say `readonly attribute`
///     methods { .. } class_methods { .. } static_methods { .. }
/// }
/// ```
///
/// A type without `new` cannot be called.
///
/// What stands in `at_once` does what the slot of its name does, in less time, where nobody would keep what the slot makes:
///
/// | `at_once` | for | the function |
/// |---|---|---|
/// | `len` | `len(thing)` | `fn(&Thing) -> usize` |
/// | `item` | `thing[index]` of a short int, instead of `getitem` | `fn(&Thing, i64) -> Option<Value>` |
/// | `store` | `thing[index] = value` of a short int, instead of `setitem`, where the value is copied | `fn(&Cx, &Thing, i64, &Value) -> bool`: whether it was |
/// | `pairs` | `for a, b in thing`, instead of `next` | `fn(&Cx, This<Thing>) -> Res<Pair>` |
/// | `rest` | `list(thing)`, instead of `next` again and again | `fn(&Cx, This<Thing>, &List) -> Res<()>` |
///
/// | `write` | `thing.write(text)` of a text stream, in `print` | `fn(&Cx, This<Thing>, &Value) -> Res<bool>`: whether it has written it |
/// | `stream` | whether a text stream is a standard stream, as it was made | `fn(&Cx, This<Thing>) -> Option<u8>`: 0, 1 or 2; what it has kept is sent on |
///
/// Another native type can be the base: `"module.name" = pub struct Thing(Base) { .. }`. It has no fields itself: it was written
/// `"module.base" = pub struct Base: object {}`, and is all methods.
///
/// A base with fields is named with a name for its body, which comes first: `"module.name" = pub struct Thing(base: Base) { .. }`. An
/// instance of the one is an instance of the other then, for Rust too.
///
/// A type may also extend a builtin one: `"module.name" = pub struct Thing: dict { factory }` has the fields of a dict and a member
/// `Thing::factory`, a [`Member`](super::Member). What it does not define it inherits, `new` included.
#[macro_export]
macro_rules! native_type {
    (
        $(#[doc = $doc:literal])*
        $name:literal = $vis:vis struct $T:ident $(($under:ident))? {
            $($(#[doc = $field_doc:literal])* $field_vis:vis $field:ident: $field_type:ty),* $(,)?
        }
        $($sections:tt)*
    ) => {
        $(#[doc = $doc])*
        $vis struct $T { $($(#[doc = $field_doc])* $field_vis $field: $field_type),* }

        $crate::traced! { $T: [$($field: $field_type),*] }
        $crate::native_body! {
            $T,
            $crate::native_kind!(
                [$(#[doc = $doc])*] $name, $T,
                (w::Kind::of::<$T>(&__DEF)$(.under(<$under as $crate::native::NativeType>::KIND))?);
                $($sections)*
            )
        }
    };
    (
        $(#[doc = $doc:literal])*
        $name:literal = $vis:vis struct $T:ident ($first:ident: $under:ident) {
            $($(#[doc = $field_doc:literal])* $field_vis:vis $field:ident: $field_type:ty),* $(,)?
        }
        $($sections:tt)*
    ) => {
        $(#[doc = $doc])*
        #[repr(C)]
        $vis struct $T { $first: $under, $($(#[doc = $field_doc])* $field_vis $field: $field_type),* }

        $crate::traced! { $T: [$first: $under, $($field: $field_type),*] }
        // What `NativeType` asks for: the first field is the body of the kind that is named.
        $crate::native_body! {
            $T,
            $crate::native_kind!(
                [$(#[doc = $doc])*] $name, $T,
                (w::Kind::of::<$T>(&__DEF).beginning_with(<$under as $crate::native::NativeType>::KIND));
                $($sections)*
            )
        }
    };
    (
        $(#[doc = $doc:literal])*
        $name:literal = $vis:vis struct $T:ident $(($under:ident))?: $base:ident { $($member:ident),* $(,)? }
        $($sections:tt)*
    ) => {
        $(#[doc = $doc])*
        $vis struct $T;

        #[allow(non_upper_case_globals, dead_code, reason = "the members' names, as numbers")]
        impl $T {
            $crate::native_members!(0; $($member)*);
        }

        // The members lie behind the base's payload, where the shape shows them.
        $crate::traced! { nothing: [] $T; }
        $crate::native_body! {
            $T,
            $crate::native_kind!(
                [$(#[doc = $doc])*] $name, $T,
                (w::Kind::extending::<$T>(&__DEF, |vm| &vm.types.$base, $crate::native_members!(@count $($member)*))
                    $(.under(<$under as $crate::native::NativeType>::KIND))?);
                $($sections)*
            ),
            fn receive<'a>(cx: &$crate::native::Cx, value: &'a $crate::native::Value) -> Option<&'a $T> {
                $crate::native::written::extends::<$T>(cx, value).then_some(&$T)
            }
        }
    };
}

/// Numbers for the members of a type that extends a builtin one.
#[doc(hidden)]
#[macro_export]
macro_rules! native_members {
    (@count) => { 0 };
    (@count $first:ident $($rest:ident)*) => { 1 + $crate::native_members!(@count $($rest)*) };
    ($at:expr;) => {};
    ($at:expr; $first:ident $($rest:ident)*) => {
        const $first: $crate::native::Member<Self> = $crate::native::Member::number($at);
        $crate::native_members!($at + 1; $($rest)*);
    };
}

/// The kind of a native type: a static with the type's description.
#[doc(hidden)]
#[macro_export]
macro_rules! native_kind {
    (
        [$(#[doc = $doc:literal])*] $name:literal, $T:ident, ($kind:expr);
        $(flags: $($flag:ident),*;)?
        $(shows: $shows:literal;)?
        $(new($($new_p:tt)*) = $new:path;)?
        $(init($($init_p:tt)*) = $init:path;)?
        $(call($($call_p:tt)*) = $call:path;)?
        $(slots { $($slot:ident = $slot_path:ident;)* })?
        $(at_once { $($short:ident = $short_path:path;)* })?
        $(number { $($op:ident = $op_path:path;)* })?
        $(in_place { $($in_place:ident = $in_place_path:path;)* })?
        $(getters { $($(#[doc = $gdoc:literal])* $getter:ident = $get:expr;)* })?
        $(attributes { $($(#[doc = $adoc:literal])* $attribute:ident = $read:expr, $write:expr;)* })?
        $(members { $($(#[doc = $fdoc:literal])* $member:ident = $field:expr;)* })?
        $(methods {
            $($(#[doc = $mdoc:literal])* $m:ident ($($mp:tt)*) $(= $mpath:path)? $(, at_once = $mvia:path)? $(, shows = $mshown:literal)?;)*
        })?
        $(class_methods {
            $($(#[doc = $cdoc:literal])* $c:ident ($($cp:tt)*) $(= $cpath:path)?;)*
        })?
        $(static_methods {
            $($(#[doc = $sdoc:literal])* $s:ident ($($sp:tt)*) $(= $spath:path)?;)*
        })?
    ) => {{
                use $crate::native::written as w;
                const __NAME: &str = w::short_name($name);
                static __DEF: w::TypeDef = w::TypeDef {
                    name: $name,
                    layout: w::Layout::Native,
                    flags: w::TypeFlags::empty()$($(.union($crate::native_flag!($flag)))*)?,
                    doc: $crate::native_doc!($($doc)*),
                    $(signature: Some($shows),)?
                    slots: w::Slots {
                        $(new: Some($crate::native_row!(@new $T [$new,] __NAME, ($($new_p)*))),)?
                        $(init: Some($crate::native_row!(@init $T [$init,] __NAME, ($($init_p)*))),)?
                        $(call: Some($crate::native_row!(@call $T [$call,] __NAME, ($($call_p)*))),)?
                        $($($slot: Some($crate::native_slot!(@$slot $T $slot_path)),)*)?
                        $(number: w::numbers(&[$((w::BinaryOp::$op, |vm, left, right| {
                            $op_path(w::Cx::of(vm), left, right)
                        })),*]),)?
                        $(in_place: w::numbers(&[$((w::BinaryOp::$in_place, |vm, left, right| {
                            let cx = w::Cx::of(vm);
                            $in_place_path(cx, w::This::<$T>::expect(cx, left)?, right)
                        })),*]),)?
                        ..w::Slots::NONE
                    },
                    getset: &[
                        $($(w::getter(stringify!($getter), |vm, this| {
                            let cx = w::Cx::of(vm);
                            w::IntoValue::into_value($get(cx, w::This::<$T>::expect(cx, this)?), cx)
                        }, $crate::native_doc!($($gdoc)*)),)*)?
                        $($(w::attribute(stringify!($attribute), |vm, this| {
                            let cx = w::Cx::of(vm);
                            w::IntoValue::into_value($read(cx, w::This::<$T>::expect(cx, this)?), cx)
                        }, |vm, this, value| {
                            let cx = w::Cx::of(vm);
                            $write(cx, w::This::<$T>::expect(cx, this)?, value)
                        }, $crate::native_doc!($($adoc)*)),)*)?
                        $($(w::field(stringify!($member), |vm, this| {
                            let cx = w::Cx::of(vm);
                            w::IntoValue::into_value($field(cx, w::This::<$T>::expect(cx, this)?), cx)
                        }, $crate::native_doc!($($fdoc)*)),)*)?
                    ],
                    methods: &[
                        $($($crate::native_row!(@method $T [$($mpath,)? $m,] [$($mvia)?] stringify!($m), $crate::native_doc!($($mdoc)*), ($($mp)*))$(.showing($mshown))?,)*)?
                        $($($crate::native_row!(@class [$($cpath,)? $c,] stringify!($c), $crate::native_doc!($($cdoc)*), ($($cp)*)),)*)?
                        $($($crate::native_row!(@static [$($spath,)? $s,] stringify!($s), $crate::native_doc!($($sdoc)*), ($($sp)*)),)*)?
                    ],
                    ..w::TypeDef::EMPTY
                };
                static __KIND: w::Kind = $kind$($(.$short($crate::native_short!(@$short $T $short_path)))*)?;
                let _ = __NAME;
                &__KIND
    }};
}

/// A property of a native type, by the word that its description has for it.
#[doc(hidden)]
#[macro_export]
macro_rules! native_flag {
    (SUBCLASS) => {
        $crate::native::written::TypeFlags::BASETYPE
    };
    (DICT) => {
        $crate::native::written::TypeFlags::HAS_DICT
    };
    (WEAKREF) => {
        $crate::native::written::TypeFlags::HAS_WEAKREF
    };
    (HIDDEN) => {
        $crate::native::written::TypeFlags::HIDDEN
    };
    (MAPPING) => {
        $crate::native::written::TypeFlags::MAPPING
    };
    (SEQUENCE) => {
        $crate::native::written::TypeFlags::SEQUENCE
    };
    (KEYED) => {
        $crate::native::written::TypeFlags::KEYED
    };
    (COUNTED) => {
        $crate::native::written::TypeFlags::COUNTED
    };
    (UNIONABLE) => {
        $crate::native::written::TypeFlags::UNIONABLE
    };
}

/// The function of a short way of a slot.
#[doc(hidden)]
#[macro_export]
macro_rules! native_short {
    (@len $T:ident $f:path) => {
        |this| this.body::<$T>().map($f)
    };
    (@item $T:ident $f:path) => {
        |this, index| $f(this.body::<$T>()?, index)
    };
    (@numbered $T:ident $f:path) => {
        |vm, this, index| {
            let cx = w::Cx::of(vm);
            $f(cx, w::This::<$T>::expect(cx, this)?, index)
        }
    };
    (@store $T:ident $f:path) => {
        |vm, this, index, value| this.body::<$T>().is_some_and(|body| $f(w::Cx::of(vm), body, index, value))
    };
    (@pairs $T:ident $f:path) => {
        |vm, this| w::ask::<$T, _>(vm, this, $f)
    };
    (@write $T:ident $f:path) => {
        |vm, this, text| {
            let cx = w::Cx::of(vm);
            $f(cx, w::This::<$T>::expect(cx, this)?, text)
        }
    };
    (@stream $T:ident $f:path) => {
        |vm, this| {
            let cx = w::Cx::of(vm);
            $f(cx, w::This::<$T>::of(cx, this)?)
        }
    };
    (@rest $T:ident $f:path) => {
        |vm, this, list| {
            let cx = w::Cx::of(vm);
            match w::List::of(list) {
                Some(list) => $f(cx, w::This::<$T>::expect(cx, this)?, &list),
                None => Ok(()),
            }
        }
    };
}

/// The state of a module: a struct of traced fields that begins with their defaults; `cx.state::<State>()` gives it.
#[macro_export]
macro_rules! native_state {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $T:ident { $($(#[doc = $field_doc:literal])* $field_vis:vis $field:ident: $field_type:ty),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Default)]
        $vis struct $T { $($(#[doc = $field_doc])* $field_vis $field: $field_type),* }

        $crate::traced! { $T: [$($field),*] }
        $crate::native_body! {
            $T,
            {
                use $crate::native::written as w;
                static __DEF: w::TypeDef = w::TypeDef { name: concat!(module_path!(), ".", stringify!($T)), layout: w::Layout::Native, ..w::TypeDef::EMPTY };
                static __KIND: w::Kind = w::Kind::of::<$T>(&__DEF);
                &__KIND
            }
        }
    };
}

/// A class of exceptions that a module brings: `pub static ERROR = "struct.error": "Exception";`
#[macro_export]
macro_rules! native_exception {
    ($($(#[doc = $doc:literal])* $vis:vis static $key:ident = $name:literal: $base:literal;)*) => { $(
        $(#[doc = $doc])*
        $vis static $key: $crate::native::ClassKey = $crate::native::ClassKey::new(|vm| {
            $crate::native::written::new_exception_class(vm, $name, $base, $crate::native_doc!($($doc)*))
        });
    )* };
}

/// A type of records, tuples whose items have names: `pub static PLACE = "module.place" { row, column };`. `cx.record(&PLACE, ..)`
/// makes one. Fields behind a semicolon, `{ row, column; sheet }`, are attributes but no items. `"module.place" uncalled { .. }` is a type
/// that Python cannot call, `"module.place" spread { .. }` one that is called with the items instead of a sequence of them.
#[macro_export]
macro_rules! native_record {
    ($(
        $(#[doc = $doc:literal])*
        $vis:vis static $key:ident = $name:literal $($only:ident)? { $($field:ident),* $(,)? $(; $($hidden:ident),* $(,)?)? };
    )*) => { $(
        $(#[doc = $doc])*
        $vis static $key: $crate::native::ClassKey = $crate::native::ClassKey::new(|vm| {
            use $crate::native::written as w;
            const MAKER: w::Maker = w::maker(&[$(stringify!($only))?]);
            static DEF: w::TypeDef = w::record_def($name, $crate::native_doc!($($doc)*), MAKER);
            let fields = w::Fields { items: &[$(stringify!($field)),*], hidden: &[$($(stringify!($hidden)),*)?] };
            w::new_record_class(vm, &DEF, fields)
        });
    )* };
}

/// The function of a slot, of a function over `This`. `itself` gives the object (`iter = itself`).
#[doc(hidden)]
#[macro_export]
macro_rules! native_slot {
    (@iter $T:ident itself) => { |_, this| Ok(this.clone()) };
    (@await_ $T:ident itself) => { |_, this| Ok(this.clone()) };
    (@aiter $T:ident itself) => { |_, this| Ok(this.clone()) };
    (@next $T:ident $f:ident) => { |vm, this| w::ask::<$T, _>(vm, this, $f) };
    (@hash $T:ident $f:ident) => { $crate::native_slot!(@plain $T $f) };
    (@bool $T:ident $f:ident) => { $crate::native_slot!(@plain $T $f) };
    (@len $T:ident $f:ident) => { $crate::native_slot!(@plain $T $f) };
    (@plain $T:ident $f:ident) => {
        |vm, this| {
            let cx = w::Cx::of(vm);
            $f(cx, w::This::<$T>::expect(cx, this)?)
        }
    };
    (@del $T:ident $f:ident) => {
        |vm, this| {
            let cx = w::Cx::of(vm);
            if let Some(this) = w::This::<$T>::of(cx, this) {
                $f(cx, this)
            }
        }
    };
    // The key, or the name.
    (@getitem $T:ident $f:ident) => {
        |vm, this, key| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($f(cx, w::This::<$T>::expect(cx, this)?, key), cx)
        }
    };
    (@getattr $T:ident $f:ident) => { $crate::native_slot!(@getitem $T $f) };
    (@contains $T:ident $f:ident) => {
        |vm, this, item| {
            let cx = w::Cx::of(vm);
            $f(cx, w::This::<$T>::expect(cx, this)?, item)
        }
    };
    // The key, and the value or nothing, which deletes.
    (@setitem $T:ident $f:ident) => {
        |vm, this, key, value| {
            let cx = w::Cx::of(vm);
            $f(cx, w::This::<$T>::expect(cx, this)?, key, value)
        }
    };
    (@setattr $T:ident $f:ident) => { $crate::native_slot!(@setitem $T $f) };
    (@set $T:ident $f:ident) => { $crate::native_slot!(@setitem $T $f) };
    (@get $T:ident $f:ident) => {
        |vm, this, instance, class| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($f(cx, w::This::<$T>::expect(cx, this)?, instance, class), cx)
        }
    };
    // The other operand, and the operator.
    (@compare $T:ident $f:ident) => {
        |vm, this, other, op| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($f(cx, w::This::<$T>::expect(cx, this)?, other, op), cx)
        }
    };
    // `pow(a, b, c)`, with the type's instance in any place.
    (@pow3 $T:ident $f:ident) => {
        |vm, base, exponent, modulus| $f(w::Cx::of(vm), base, exponent, modulus)
    };
    (@$unary:ident $T:ident $f:ident) => {
        |vm, this| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($f(cx, w::This::<$T>::expect(cx, this)?), cx)
        }
    };
}
