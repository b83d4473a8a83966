//! What `isocalendar()` gives: a tuple of year, number of the week and weekday, with names.

use ryokan_vm::native::*;

use super::args::Parameters;

native_type! {
    /// Year, number of the week and weekday by ISO 8601.
    "datetime.IsoCalendarDate" = pub struct IsoDate: tuple {}
    new(*args, **names) = new;
    slots { repr = repr; }
    getters {
        /// the year that the week belongs to
        year = |cx: &Cx, this: This<'_, IsoDate>| item(cx, this, 0);
        /// the number of the week, from 1 on
        week = |cx: &Cx, this: This<'_, IsoDate>| item(cx, this, 1);
        /// the weekday: Monday is 1
        weekday = |cx: &Cx, this: This<'_, IsoDate>| item(cx, this, 2);
    }
    methods {
        /// Pickle makes a plain tuple of it.
        __reduce__() = reduce;
    }
}

const PARAMETERS: Parameters = Parameters {
    function: "IsoCalendarDate",
    names: &["year", "week", "weekday"],
    required: 3,
    positional: 3,
};

/// Of numbers.
pub fn made(cx: &Cx, (year, week, weekday): (i64, i64, i64)) -> Res {
    cx.new_tuple_of(&cx.class::<IsoDate>()?, &[year, week, weekday].map(Value::small))
}
fn new(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    let mut fields = [0; 3];
    PARAMETERS.bind(cx, args, |at, value| super::args::c_int(cx, value).map(|number| fields[at] = number))?;
    cx.new_tuple_of(class, &fields.map(Value::small))
}
fn item(cx: &Cx, this: This<'_, IsoDate>, at: i64) -> Res {
    let tuple = Tuple::of(this.value());
    tuple.and_then(|tuple| tuple.get(at as usize)).ok_or(()).map_err(|()| cx.index_error("tuple index out of range"))
}
fn repr(cx: &Cx, this: This<'_, IsoDate>) -> Res {
    let part = |at| -> Res<Text> { cx.repr(&item(cx, this, at)?) };
    let (class, year, week, weekday) = (cx.type_name(this.value()), part(0)?, part(1)?, part(2)?);
    format_args!("{class}(year={year}, week={week}, weekday={weekday})").into_value(cx)
}
fn reduce(cx: &Cx, this: This<'_, IsoDate>) -> Res {
    (cx.builtin("tuple")?, ((item(cx, this, 0)?, item(cx, this, 1)?, item(cx, this, 2)?),)).into_value(cx)
}
