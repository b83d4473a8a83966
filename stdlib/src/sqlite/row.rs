//! `Row`: a tuple whose items have the names of columns.

use ryokan_vm::native::*;

use super::cursor::Cursor;

native_type! {
    "sqlite3.Row" = pub struct Row { data: Tuple, description: Slot }
    flags: SUBCLASS;
    new(*args, **names) = new_row;
    slots { len = len; iter = iter; getitem = get; hash = hash; compare = compare; }
    methods {
        /// The names of the columns.
        keys();
    }
}

fn new_row(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    args.no_keywords_of::<Row>(cx, class, "Row")?;
    args.count(cx, "Row", 2, 2)?;
    let (cursor, data) = (&args.positional()[0], &args.positional()[1]);
    let Some(cursor) = This::<Cursor>::of(cx, cursor) else {
        let kind = cx.arg_name(cursor);
        return Err(cx.type_error(format_args!("Row() argument 1 must be sqlite3.Cursor, not {kind}")));
    };
    let Some(data) = Tuple::of(data) else {
        let kind = cx.arg_name(data);
        return Err(cx.type_error(format_args!("Row() argument 2 must be tuple, not {kind}")));
    };
    cx.new_of(class, Row { data, description: Slot::new(cursor.description.get()) })
}

fn len(_: &Cx, this: This<'_, Row>) -> Res<usize> {
    Ok(this.data.len())
}
fn iter(cx: &Cx, this: This<'_, Row>) -> Res<Iter> {
    cx.iter(this.data.value())
}

/// The names of the columns.
fn names(cx: &Cx, this: &Row) -> Res<Vector<Value>> {
    let Some(columns) = Tuple::of(&this.description.get()) else { return cx.vector(0) };
    let mut names = cx.vector(columns.len())?;
    names.extend(columns.as_slice().iter().filter_map(|column| Tuple::of(column)?.get(0)));
    Ok(names)
}

/// Whether two names are the same, where large and small letters of ASCII are one. Runs Python.
fn is_same(cx: &Cx, name: &Value, asked: &Value) -> Res<bool> {
    if cx.same_or_equal(name, asked)? {
        return Ok(true);
    }
    let (Some(name), Some(asked)) = (Str::of(name), Str::of(asked)) else { return Ok(false) };
    Ok(match (name.ascii(), asked.ascii()) {
        (Some(name), Some(asked)) => name.eq_ignore_ascii_case(asked),
        _ => false,
    })
}

fn get(cx: &Cx, this: This<'_, Row>, key: &Value) -> Res {
    if cx.is_int(key) {
        let index = cx.sequence_index(key)?;
        let len = this.data.len() as i64;
        let at = usize::try_from(if index < 0 { index + len } else { index }).ok();
        let item = at.and_then(|at| this.data.get(at));
        return item.ok_or(()).map_err(|()| cx.index_error("tuple index out of range"));
    }
    if cx.is_str(key) {
        for (name, at) in names(cx, &this)?.iter().zip(0..) {
            if is_same(cx, name, key)? {
                let item = this.data.get(at);
                return item.ok_or(()).map_err(|()| cx.index_error("tuple index out of range"));
            }
        }
        if this.description.is_none() {
            let shown = cx.repr(key)?;
            return Err(cx.index_error(format_args!("No item with key {shown}")));
        }
        return Err(cx.index_error("No item with that key"));
    }
    if cx.is_slice(key) {
        return cx.item(this.data.value(), key);
    }
    Err(cx.index_error("Index must be int or string"))
}

fn keys(cx: &Cx, this: This<'_, Row>) -> Res<List> {
    let list = List::new(cx, 0)?;
    for name in names(cx, &this)?.iter() {
        list.push(cx, name)?;
    }
    Ok(list)
}

fn hash(cx: &Cx, this: This<'_, Row>) -> Res<i64> {
    Ok(cx.hash(&this.description.get())? ^ cx.hash(this.data.value())?)
}

fn compare(cx: &Cx, this: This<'_, Row>, other: &Value, op: CompareOp) -> Res {
    let (Some(other), CompareOp::Eq | CompareOp::Ne) = (This::<Row>::of(cx, other), op) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let equal = cx.same_or_equal(&this.description.get(), &other.description.get())?
        && cx.same_or_equal(this.data.value(), other.data.value())?;
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}
