//! `_operator`: the native half of `operator`; the callable objects are in `getters.rs`.

use ryokan_vm::native::*;

mod getters;

native_module! {
    /// What operators do, as functions.
    "_operator" {
        types { getters::ItemGetter, getters::AttrGetter, getters::MethodCaller }
        functions {
            /// Whether two strs of ASCII, or two bytes-like objects, are equal: in a time that does not tell where they differ.
            _compare_digest(a: &Value, b: &Value, /) = compare_digest;
            /// abs(a)
            abs(a: &Value, /);
            /// -a
            neg(a: &Value, /);
            /// +a
            pos(a: &Value, /);
            /// ~a
            inv(a: &Value, /) = invert;
            /// ~a
            invert(a: &Value, /);
            /// a.__index__()
            index(a: Int, /);
            /// not a
            not_(a: bool, /);
            /// bool(a)
            truth(a: bool, /);
            /// a is b
            is_(a: &Value, b: &Value, /);
            /// a is not b
            is_not(a: &Value, b: &Value, /);
            /// a is None
            is_none(a: &Value, /);
            /// a is not None
            is_not_none(a: &Value, /);
            /// a + b
            add(a: &Value, b: &Value, /);
            /// a - b
            sub(a: &Value, b: &Value, /);
            /// a * b
            mul(a: &Value, b: &Value, /);
            /// a / b
            truediv(a: &Value, b: &Value, /);
            /// a // b
            floordiv(a: &Value, b: &Value, /);
            /// a % b
            mod(a: &Value, b: &Value, /) = remainder;
            /// a << b
            lshift(a: &Value, b: &Value, /);
            /// a >> b
            rshift(a: &Value, b: &Value, /);
            /// a & b
            and_(a: &Value, b: &Value, /);
            /// a | b
            or_(a: &Value, b: &Value, /);
            /// a ^ b
            xor(a: &Value, b: &Value, /);
            /// a ** b
            pow(a: &Value, b: &Value, /);
            /// a @ b
            matmul(a: &Value, b: &Value, /);
            /// a += b
            iadd(a: &Value, b: &Value, /);
            /// a -= b
            isub(a: &Value, b: &Value, /);
            /// a *= b
            imul(a: &Value, b: &Value, /);
            /// a /= b
            itruediv(a: &Value, b: &Value, /);
            /// a //= b
            ifloordiv(a: &Value, b: &Value, /);
            /// a %= b
            imod(a: &Value, b: &Value, /);
            /// a <<= b
            ilshift(a: &Value, b: &Value, /);
            /// a >>= b
            irshift(a: &Value, b: &Value, /);
            /// a &= b
            iand(a: &Value, b: &Value, /);
            /// a |= b
            ior(a: &Value, b: &Value, /);
            /// a ^= b
            ixor(a: &Value, b: &Value, /);
            /// a **= b
            ipow(a: &Value, b: &Value, /);
            /// a @= b
            imatmul(a: &Value, b: &Value, /);
            /// a == b
            eq(a: &Value, b: &Value, /);
            /// a != b
            ne(a: &Value, b: &Value, /);
            /// a < b
            lt(a: &Value, b: &Value, /);
            /// a <= b
            le(a: &Value, b: &Value, /);
            /// a > b
            gt(a: &Value, b: &Value, /);
            /// a >= b
            ge(a: &Value, b: &Value, /);
            /// a + b, of sequences
            concat(a: &Value, b: &Value, /);
            /// a += b, of sequences
            iconcat(a: &Value, b: &Value, /);
            /// b in a
            contains(a: &Value, b: &Value, /);
            /// How often b is in a.
            countOf(a: &Value, b: &Value, /) = count_of;
            /// The first place of b in a.
            indexOf(a: &Value, b: &Value, /) = index_of;
            /// a[b]
            getitem(a: &Value, b: &Value, /);
            /// a[b] = c
            setitem(a: &Value, b: &Value, c: &Value, /);
            /// del a[b]
            delitem(a: &Value, b: &Value, /);
            /// About how many items there are; default if that is not known.
            length_hint(obj: &Value, default: i64 = 0, /), shows = "($module, obj, default=0, /)";
            /// obj(*args, **kwargs)
            call(*args, **names), shows = "($module, obj, /, *args, **kwargs)";
        }
    }
}

macro_rules! operators {
    ($($name:ident = $op:ident;)*) => { $(
        fn $name(cx: &Cx, a: &Value, b: &Value) -> Res {
            cx.binary(BinaryOp::$op, a, b)
        }
    )* };
}
macro_rules! comparisons {
    ($($name:ident = $op:ident;)*) => { $(
        fn $name(cx: &Cx, a: &Value, b: &Value) -> Res {
            cx.compare(a, CompareOp::$op, b)
        }
    )* };
}

operators! {
    add = Add;
    sub = Subtract;
    mul = Multiply;
    truediv = TrueDivide;
    floordiv = FloorDivide;
    remainder = Remainder;
    lshift = LeftShift;
    rshift = RightShift;
    and_ = And;
    or_ = Or;
    xor = Xor;
    pow = Power;
    matmul = MatrixMultiply;
    iadd = InplaceAdd;
    isub = InplaceSubtract;
    imul = InplaceMultiply;
    itruediv = InplaceTrueDivide;
    ifloordiv = InplaceFloorDivide;
    imod = InplaceRemainder;
    ilshift = InplaceLeftShift;
    irshift = InplaceRightShift;
    iand = InplaceAnd;
    ior = InplaceOr;
    ixor = InplaceXor;
    ipow = InplacePower;
    imatmul = InplaceMatrixMultiply;
}
comparisons! {
    eq = Eq;
    ne = Ne;
    lt = Lt;
    le = Le;
    gt = Gt;
    ge = Ge;
}

fn abs(cx: &Cx, a: &Value) -> Res {
    cx.absolute(a)
}
fn neg(cx: &Cx, a: &Value) -> Res {
    cx.negative(a)
}
fn pos(cx: &Cx, a: &Value) -> Res {
    cx.positive(a)
}
fn invert(cx: &Cx, a: &Value) -> Res {
    cx.invert(a)
}
fn index(_: &Cx, a: Int) -> Int {
    a
}
fn not_(_: &Cx, a: bool) -> bool {
    !a
}
fn truth(_: &Cx, a: bool) -> bool {
    a
}
fn is_(_: &Cx, a: &Value, b: &Value) -> bool {
    a.is(b)
}
fn is_not(_: &Cx, a: &Value, b: &Value) -> bool {
    !a.is(b)
}
fn is_none(_: &Cx, a: &Value) -> bool {
    a.is_none()
}
fn is_not_none(_: &Cx, a: &Value) -> bool {
    !a.is_none()
}

// ---- sequences -------------------------------------------------------------------------------------------------------

/// `left op right` of two that items are asked of by number.
fn join(cx: &Cx, op: BinaryOp, left: &Value, right: &Value) -> Res {
    let known = Str::of(left).is_some() || Bytes::of(left).is_some() || List::of(left).is_some() || Tuple::of(left).is_some();
    if !known && (cx.expect_sequence(left).is_err() || Dict::of(left).is_some()) {
        let kind = cx.type_name(left);
        return Err(cx.type_error(format_args!("'{kind}' object can't be concatenated")));
    }
    cx.binary(op, left, right)
}
fn concat(cx: &Cx, a: &Value, b: &Value) -> Res {
    join(cx, BinaryOp::Add, a, b)
}
fn iconcat(cx: &Cx, a: &Value, b: &Value) -> Res {
    join(cx, BinaryOp::InplaceAdd, a, b)
}
fn contains(cx: &Cx, a: &Value, b: &Value) -> Res<bool> {
    cx.contains(a, b)
}
/// The items of a container.
fn items(cx: &Cx, container: &Value) -> Res<Iter> {
    cx.iter(container).or_else(|raised| {
        drop(cx.catch(raised, "TypeError")?);
        let kind = cx.type_name(container);
        Err(cx.type_error(format_args!("argument of type '{kind}' is not iterable")))
    })
}
fn count_of(cx: &Cx, a: &Value, b: &Value) -> Res<usize> {
    let (items, mut count) = (items(cx, a)?, 0);
    while let Some(item) = items.next(cx)? {
        count += usize::from(cx.same_or_equal(&item, b)?);
    }
    Ok(count)
}
fn index_of(cx: &Cx, a: &Value, b: &Value) -> Res<usize> {
    let (items, mut at) = (items(cx, a)?, 0);
    while let Some(item) = items.next(cx)? {
        if cx.same_or_equal(&item, b)? {
            return Ok(at);
        }
        at += 1;
    }
    Err(cx.value_error("sequence.index(x): x not in sequence"))
}
fn getitem(cx: &Cx, a: &Value, b: &Value) -> Res {
    cx.item(a, b)
}
fn setitem(cx: &Cx, a: &Value, b: &Value, c: &Value) -> Res<()> {
    cx.set_item(a, b, c)
}
fn delitem(cx: &Cx, a: &Value, b: &Value) -> Res<()> {
    cx.del_item(a, b)
}

fn length_hint(cx: &Cx, obj: &Value, default: i64) -> Res {
    if cx.attr_opt(&cx.class_of(obj), "__len__")?.is_some() {
        match cx.len(obj) {
            Ok(len) => return len.into_value(cx),
            Err(raised) => drop(cx.catch(raised, "TypeError")?),
        }
    }
    let hint = match cx.call_special(obj, "__length_hint__", ()) {
        Ok(hint) => hint,
        Err(raised) => {
            drop(cx.catch(raised, "TypeError")?);
            None
        }
    };
    match hint {
        None => default.into_value(cx),
        Some(hint) if hint.is_not_implemented() => default.into_value(cx),
        Some(hint) if !cx.is_int(&hint) => {
            let kind = cx.type_name(&hint);
            Err(cx.type_error(format_args!("__length_hint__ must be an integer, not {kind}")))
        }
        Some(hint) => match cx.index(&hint)? {
            below if below < 0 => Err(cx.value_error("__length_hint__() should return >= 0")),
            hint => hint.into_value(cx),
        },
    }
}

fn call(cx: &Cx, args: Args) -> Res {
    let Some(function) = args.positional().first().cloned() else {
        return Err(cx.type_error("call expected at least 1 argument, got 0"));
    };
    args.behind(1).call(cx, &function)
}

// ---- secrets ---------------------------------------------------------------------------------------------------------

/// Whether bytes are equal, in a time that depends on how many there are alone.
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    let unlike = (0..b.len()).fold(0, |unlike, at| unlike | (b[at] ^ a.get(at).copied().unwrap_or(!b[at])));
    std::hint::black_box(unlike) == 0 && a.len() == b.len()
}

fn compare_digest(cx: &Cx, a: &Value, b: &Value) -> Res<bool> {
    if let (Some(x), Some(y)) = (Str::of(a), Str::of(b)) {
        let (Some(x), Some(y)) = (x.ascii(), y.ascii()) else {
            return Err(cx.type_error("comparing strings with non-ASCII characters is not supported"));
        };
        return Ok(same_bytes(x.as_bytes(), y.as_bytes()));
    }
    if cx.attr_opt(a, "__buffer__")?.is_none() && cx.attr_opt(b, "__buffer__")?.is_none() {
        let (x, y) = (cx.type_name(a), cx.type_name(b));
        return Err(cx.type_error(format_args!("unsupported operand types(s) or combination of types: '{x}' and '{y}'")));
    }
    let (x, y) = (Buffer::of(cx, a)?, Buffer::of(cx, b)?);
    Ok(x.read(|x| y.read(|y| same_bytes(x, y))))
}
