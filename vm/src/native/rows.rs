//! Rows of the tables: what `native_row!` makes of a signature and a function.

/// A row of a table, or a slot that takes arguments: reads the parameters one after the other, then writes the function that
/// converts the arguments. What is carried along, in this order:
///
/// - how it is called, with the paths (the first one counts), and the name for messages;
/// - the pieces of `__text_signature__`, and what stands before the next;
/// - `open` while parameters may be given by position, then `named`;
/// - the parameters that are by position only, those that are not, those by name only.
#[doc(hidden)]
#[macro_export]
macro_rules! native_row {
    // ---- ways in --------------------------------------------------------------------------------------------------
    (@function [$f:path, $($_:tt)*] [$($via:path)?] $n:expr, $doc:expr, ($($p:tt)*)) => {
        $crate::native_row!(@p [function [$f] [$($via)?] $doc] $n; [] "" open [] [] []; $($p)*)
    };
    (@method $T:ident [$f:path, $($_:tt)*] [] $n:expr, $doc:expr, ($($p:tt)*)) => {
        $crate::native_row!(@p [method [$f] [$T] $doc] $n; [] "" open [] [] []; $($p)*)
    };
    (@method $T:ident [$f:path, $($_:tt)*] [$via:path] $n:expr, $doc:expr, ()) => {
        w::method($n, "($self, /)", w::Call::Pull(
            |this| this.body::<$T>().and_then($via),
            |vm, this| $crate::native_row!(@plain $f, $n, vm, [this $T], false,),
        ), $doc)
    };
    (@method $T:ident [$f:path, $($_:tt)*] [$via:path] $n:expr, $doc:expr, ($a:ident: Value, /)) => {
        w::method($n, concat!("($self, ", stringify!($a), ", /)"), w::Call::Put(
            |this, item| $via(this.body::<$T>()?, item),
            |vm, this, a| $crate::native_row!(@plain $f, $n, vm, [this $T], true, (a 1 [Value])),
        ), $doc)
    };
    (@class [$f:path, $($_:tt)*] $n:expr, $doc:expr, ($($p:tt)*)) => {
        $crate::native_row!(@p [class [$f] [] $doc] $n; [] "" open [] [] []; $($p)*)
    };
    (@static [$f:path, $($_:tt)*] $n:expr, $doc:expr, ($($p:tt)*)) => {
        $crate::native_row!(@p [static [$f] [] $doc] $n; [] "" open [] [] []; $($p)*)
    };
    (@new $T:ident [$f:path,] $n:expr, ($($p:tt)*)) => {
        $crate::native_row!(@p [new [$f] [$T] ""] $n; [] "" open [] [] []; $($p)*)
    };
    (@init $T:ident [$f:path,] $n:expr, ($($p:tt)*)) => {
        $crate::native_row!(@p [init [$f] [$T] ""] $n; [] "" open [] [] []; $($p)*)
    };
    (@call $T:ident [$f:path,] $n:expr, ($($p:tt)*)) => {
        $crate::native_row!(@p [call [$f] [$T] ""] $n; [] "" open [] [] []; $($p)*)
    };

    // ---- parameters -----------------------------------------------------------------------------------------------
    (@p $h:tt $n:expr; $s:tt $sep:literal $in:ident $po:tt $op:tt $kw:tt;) => {
        $crate::native_row!(@f $h $n; $s $po $op $kw)
    };
    (@p $h:tt $n:expr; [$($s:tt)*] $sep:literal open [] [$($op:tt)*] []; / $(, $($rest:tt)*)?) => {
        $crate::native_row!(@p $h $n; [$($s)*, $sep, "/"] ", " open [$($op)*] [] []; $($($rest)*)?)
    };
    (@p $h:tt $n:expr; [$($s:tt)*] $sep:literal open $po:tt $op:tt []; *, $($rest:tt)*) => {
        $crate::native_row!(@p $h $n; [$($s)*, $sep, "*"] ", " named $po $op []; $($rest)*)
    };
    (@p $h:tt $n:expr; [$($s:tt)*] $sep:literal open [] [] []; * $args:ident) => {
        $crate::native_row!(@full $h $n; [$($s)*, $sep, "*", stringify!($args)])
    };
    (@p $h:tt $n:expr; [$($s:tt)*] $sep:literal open [] [] []; * $args:ident, ** $names:ident) => {
        $crate::native_row!(@full $h $n; [$($s)*, $sep, "*", stringify!($args), ", **", stringify!($names)])
    };
    (@p $h:tt $n:expr; [$($s:tt)*] $sep:literal $in:ident $po:tt $op:tt $kw:tt; $p:ident: $t:ty = $v:expr => $shown:literal $(, $($rest:tt)*)?) => {
        $crate::native_row!(@add $h $n; [$($s)*, $sep, stringify!($p), "=", $shown] $in $po $op $kw; ($p [$t] [$v]) $($($rest)*)?)
    };
    (@p $h:tt $n:expr; [$($s:tt)*] $sep:literal $in:ident $po:tt $op:tt $kw:tt; $p:ident: $t:ty = $v:expr $(, $($rest:tt)*)?) => {
        $crate::native_row!(@add $h $n; [$($s)*, $sep, stringify!($p), "=", stringify!($v)] $in $po $op $kw; ($p [$t] [$v]) $($($rest)*)?)
    };
    (@p $h:tt $n:expr; [$($s:tt)*] $sep:literal $in:ident $po:tt $op:tt $kw:tt; $p:ident: $t:ty $(, $($rest:tt)*)?) => {
        $crate::native_row!(@add $h $n; [$($s)*, $sep, stringify!($p)] $in $po $op $kw; ($p [$t] []) $($($rest)*)?)
    };
    (@add $h:tt $n:expr; $s:tt open $po:tt [$($op:tt)*] $kw:tt; $new:tt $($rest:tt)*) => {
        $crate::native_row!(@p $h $n; $s ", " open $po [$($op)* $new] $kw; $($rest)*)
    };
    (@add $h:tt $n:expr; $s:tt named $po:tt $op:tt [$($kw:tt)*]; $new:tt $($rest:tt)*) => {
        $crate::native_row!(@p $h $n; $s ", " named $po $op [$($kw)* $new]; $($rest)*)
    };

    // ---- functions of a module ------------------------------------------------------------------------------------
    (@f [function [$f:path] [$via:path] $doc:expr] $n:expr; [$($s:tt)*] [($a:ident [$t:ty] [])] [] []) => {
        w::method($n, concat!("(" $($s)*, ")"), w::Call::Float($via, |vm, a| $crate::native_row!(@plain $f, $n, vm, [], true, (a 1 [$t]))), $doc)
    };
    (@f [function [$f:path] [] $doc:expr] $n:expr; [$($s:tt)*] [($a:ident [$t:ty] [])] [] []) => {
        w::method($n, concat!("(" $($s)*, ")"), w::Call::One(|vm, a| $crate::native_row!(@plain $f, $n, vm, [], true, (a 1 [$t]))), $doc)
    };
    (@f [function [$f:path] [] $doc:expr] $n:expr; [$($s:tt)*] [($a:ident [$t:ty] []) ($b:ident [$u:ty] [])] [] []) => {
        w::method($n, concat!("(" $($s)*, ")"), w::Call::Two(|vm, a, b| $crate::native_row!(@plain $f, $n, vm, [], false, (a 1 [$t]) (b 2 [$u]))), $doc)
    };
    (@f [function [$f:path] [] $doc:expr] $n:expr; [$($s:tt)*] $po:tt $op:tt $kw:tt) => {
        w::method($n, concat!("(" $($s)*, ")"), w::Call::Slice(|vm, slots| {
            let cx = w::Cx::of(vm);
            let mut taker = w::Taker::new(slots);
            w::IntoValue::into_value($crate::native_row!(@all $f, $n, cx, taker, []; $po $op $kw), cx)
        }), $doc)
    };
    (@full [function [$f:path] [] $doc:expr] $n:expr; [$($s:tt)*]) => {
        w::method($n, concat!("(" $($s)*, ")"), w::Call::Full(|vm, args| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($f(cx, w::Args::of(args)), cx)
        }), $doc)
    };

    // ---- methods --------------------------------------------------------------------------------------------------
    (@f [method [$f:path] [$T:ident] $doc:expr] $n:expr; [$($s:tt)*] [] [] []) => {
        w::method($n, "($self, /)", w::Call::One(|vm, this| $crate::native_row!(@plain $f, $n, vm, [this $T], false,)), $doc)
    };
    (@f [method [$f:path] [$T:ident] $doc:expr] $n:expr; [$($s:tt)*] [($a:ident [$t:ty] [])] [] []) => {
        w::method($n, concat!("($self, " $($s)*, ")"), w::Call::Two(|vm, this, a| $crate::native_row!(@plain $f, $n, vm, [this $T], true, (a 1 [$t]))), $doc)
    };
    (@f [method [$f:path] [$T:ident] $doc:expr] $n:expr; [$($s:tt)*] [($a:ident [$t:ty] []) ($b:ident [$u:ty] [])] [] []) => {
        w::method($n, concat!("($self, " $($s)*, ")"), w::Call::Three(|vm, this, a, b| $crate::native_row!(@plain $f, $n, vm, [this $T], false, (a 1 [$t]) (b 2 [$u]))), $doc)
    };
    (@f [method $f:tt $T:tt $doc:expr] $n:expr; [$($s:tt)*] [] $op:tt $kw:tt) => {
        $crate::native_row!(@g [method $f $T $doc] $n; concat!("($self, /, " $($s)*, ")"); [] $op $kw)
    };
    (@f [method $f:tt $T:tt $doc:expr] $n:expr; [$($s:tt)*] $po:tt $op:tt $kw:tt) => {
        $crate::native_row!(@g [method $f $T $doc] $n; concat!("($self, " $($s)*, ")"); $po $op $kw)
    };
    (@g [method [$f:path] [$T:ident] $doc:expr] $n:expr; $signature:expr; $po:tt $op:tt $kw:tt) => {
        w::method($n, $signature, w::Call::Slice(|vm, slots| {
            let cx = w::Cx::of(vm);
            let Some((this, slots)) = slots.split_first() else { return Err(cx.system_error("a method without self")) };
            let this = w::This::<$T>::expect(cx, this)?;
            let mut taker = w::Taker::new(slots);
            w::IntoValue::into_value($crate::native_row!(@all $f, $n, cx, taker, [this]; $po $op $kw), cx)
        }), $doc)
    };
    (@full [method [$f:path] [$T:ident] $doc:expr] $n:expr; [$($s:tt)*]) => {
        w::method($n, concat!("($self, /, " $($s)*, ")"), w::Call::Full(|vm, args| {
            let cx = w::Cx::of(vm);
            let Some((this, pos)) = args.pos.split_first() else { return Err(cx.type_error("unbound method needs an argument")) };
            let this = w::This::<$T>::expect(cx, this)?;
            w::IntoValue::into_value($f(cx, this, w::Args::of(w::CallArgs { pos, ..args })), cx)
        }), $doc)
    };
    (@f [class $f:tt [] $doc:expr] $n:expr; [] [] [] []) => {
        $crate::native_row!(@g [class $f [] $doc] $n; "($type, /)"; [] [] [])
    };
    (@f [class $f:tt [] $doc:expr] $n:expr; [$($s:tt)*] [] $op:tt $kw:tt) => {
        $crate::native_row!(@g [class $f [] $doc] $n; concat!("($type, /, " $($s)*, ")"); [] $op $kw)
    };
    (@f [class $f:tt [] $doc:expr] $n:expr; [$($s:tt)*] $po:tt $op:tt $kw:tt) => {
        $crate::native_row!(@g [class $f [] $doc] $n; concat!("($type, " $($s)*, ")"); $po $op $kw)
    };
    (@g [class [$f:path] [] $doc:expr] $n:expr; $signature:expr; $po:tt $op:tt $kw:tt) => {
        w::class_method($n, $signature, w::Call::Slice(|vm, slots| {
            let cx = w::Cx::of(vm);
            let Some((class, slots)) = slots.split_first() else { return Err(cx.system_error("a class method without a class")) };
            let mut taker = w::Taker::new(slots);
            w::IntoValue::into_value($crate::native_row!(@all $f, $n, cx, taker, [class]; $po $op $kw), cx)
        }), $doc)
    };
    (@full [class [$f:path] [] $doc:expr] $n:expr; [$($s:tt)*]) => {
        w::class_method($n, concat!("($type, /, " $($s)*, ")"), w::Call::Full(|vm, args| {
            let cx = w::Cx::of(vm);
            let Some((class, pos)) = args.pos.split_first() else { return Err(cx.system_error("a class method without a class")) };
            w::IntoValue::into_value($f(cx, class, w::Args::of(w::CallArgs { pos, ..args })), cx)
        }), $doc)
    };
    (@f [static [$f:path] [] $doc:expr] $n:expr; [$($s:tt)*] $po:tt $op:tt $kw:tt) => {
        w::static_method($n, concat!("(" $($s)*, ")"), w::Call::Slice(|vm, slots| {
            let cx = w::Cx::of(vm);
            let mut taker = w::Taker::new(slots);
            w::IntoValue::into_value($crate::native_row!(@all $f, $n, cx, taker, []; $po $op $kw), cx)
        }), $doc)
    };

    // ---- slots that take arguments --------------------------------------------------------------------------------
    (@f [new [$f:path] [$T:ident] $_:expr] $n:expr; [$($s:tt)*] $po:tt $op:tt $kw:tt) => {
        |vm, class, args| {
            let cx = w::Cx::of(vm);
            let bound;
            let slots = $crate::native_row!(@slots args, bound, w::bind_new::<$T>(cx, class, $n, concat!("(" $($s)*, ")"), args); $po $op);
            let mut taker = w::Taker::new(slots);
            w::IntoValue::into_value($crate::native_row!(@all $f, $n, cx, taker, [class]; $po $op $kw), cx)
        }
    };
    (@full [new [$f:path] [$T:ident] $_:expr] $n:expr; $s:tt) => {
        |vm, class, args| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($f(cx, class, w::Args::of(args)), cx)
        }
    };
    (@f [init $f:tt $T:tt $_:expr] $n:expr; $s:tt $po:tt $op:tt $kw:tt) => {
        |vm, this, args| {
            let cx = w::Cx::of(vm);
            $crate::native_row!(@called $f $T $n, cx, this, args; $s $po $op $kw)
        }
    };
    (@f [call $f:tt $T:tt $_:expr] $n:expr; $s:tt $po:tt $op:tt $kw:tt) => {
        |vm, this, args| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($crate::native_row!(@called $f $T $n, cx, this, args; $s $po $op $kw), cx)
        }
    };
    (@called [$f:path] [$T:ident] $n:expr, $cx:ident, $this:ident, $args:ident; [$($s:tt)*] $po:tt $op:tt $kw:tt) => {{
        let this = w::This::<$T>::expect($cx, $this)?;
        let bound;
        let slots = $crate::native_row!(@slots $args, bound, w::bind($cx, $n, concat!("(" $($s)*, ")"), $args); $po $op);
        let mut taker = w::Taker::new(slots);
        $crate::native_row!(@all $f, $n, $cx, taker, [this]; $po $op $kw)
    }};
    (@full [init [$f:path] [$T:ident] $_:expr] $n:expr; $s:tt) => {
        |vm, this, args| {
            let cx = w::Cx::of(vm);
            $f(cx, w::This::<$T>::expect(cx, this)?, w::Args::of(args))
        }
    };
    (@full [call [$f:path] [$T:ident] $_:expr] $n:expr; $s:tt) => {
        |vm, this, args| {
            let cx = w::Cx::of(vm);
            w::IntoValue::into_value($f(cx, w::This::<$T>::expect(cx, this)?, w::Args::of(args)), cx)
        }
    };

    // ---- arguments ------------------------------------------------------------------------------------------------
    // The slots of a call's arguments: as they lie there, if they are plainly positional ones in a number that fits.
    (@slots $args:ident, $bound:ident, $bind:expr; [$($a:tt)*] [$($b:tt)*]) => {{
        const MOST: usize = 0 $(+ $crate::native_row!(@one $a))* $(+ $crate::native_row!(@one $b))*;
        const LEAST: usize = 0 $(+ $crate::native_row!(@asked $a))* $(+ $crate::native_row!(@asked $b))*;
        if $args.names.is_empty() && $args.pos.len() >= LEAST && $args.pos.len() <= MOST {
            $args.pos
        } else {
            $bound = $bind?;
            &$bound[..]
        }
    }};
    (@one $_:tt) => { 1 };
    (@asked ($a:ident [$t:ty] [])) => { 1 };
    (@asked ($a:ident [$t:ty] [$v:expr])) => { 0 };
    // The call, of arguments that were bound by their number.
    (@plain $f:path, $n:expr, $vm:ident, [$($this:ident $T:ident)?], $alone:literal, $(($a:ident $at:literal [$t:ty]))*) => {{
        let cx = w::Cx::of($vm);
        $(let $this = w::This::<$T>::expect(cx, $this)?;)?
        $(let $a = {
            let place = w::Place { function: $n, parameter: "", position: $at, alone: $alone };
            <$t as w::FromArg<'_>>::from_arg(cx, $a, &place)?
        };)*
        w::IntoValue::into_value($f(cx, $($this,)? $($a),*), cx)
    }};
    // The call, of a slot for each parameter.
    (@all $f:path, $n:expr, $cx:ident, $taker:ident, [$($lead:ident)?];
        [$(($a:ident [$t:ty] [$($v:expr)?]))*] [$(($b:ident [$u:ty] [$($x:expr)?]))*] [$(($c:ident [$y:ty] [$($z:expr)?]))*]
    ) => {{
        let _ = &mut $taker;
        $(let $a = $crate::native_row!(@take $cx, $taker, $n, "", [$t] [$($v)?]);)*
        $(let $b = $crate::native_row!(@take $cx, $taker, $n, stringify!($b), [$u] [$($x)?]);)*
        $(let $c = $crate::native_row!(@take $cx, $taker, $n, stringify!($c), [$y] [$($z)?]);)*
        $f($cx, $($lead,)? $($a,)* $($b,)* $($c),*)
    }};
    (@take $cx:ident, $taker:ident, $n:expr, $p:expr, [$t:ty] []) => {{
        let arg = $taker.required($cx)?;
        <$t as w::FromArg<'_>>::from_arg($cx, arg, &$taker.place($n, $p))?
    }};
    (@take $cx:ident, $taker:ident, $n:expr, $p:expr, [$t:ty] [$v:expr]) => {
        match $taker.given() {
            Some(arg) => <$t as w::FromArg<'_>>::from_arg($cx, arg, &$taker.place($n, $p))?,
            None => $v,
        }
    };
}
