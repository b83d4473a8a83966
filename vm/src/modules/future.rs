//! `__future__`: the features that a module may ask for ahead of their time.

use crate::native::*;
use crate::types::dict::Dict;
use crate::vm::Vm;

/// `__future__.__doc__`
pub const DOC: &str = "Features that a module may switch on ahead of the release that makes them mandatory.";

/// A release, as `sys.version_info` has it.
type Release = (i64, i64, i64, &'static str, i64);

/// (name, optional since, mandatory since, if ever, compiler flag and its name)
#[allow(clippy::type_complexity, reason = "a table of literals")]
static FEATURES: &[(&str, Release, Option<Release>, (i64, &str))] = &[
    ("nested_scopes", (2, 1, 0, "beta", 1), Some((2, 2, 0, "alpha", 0)), (0x10, "CO_NESTED")),
    ("generators", (2, 2, 0, "alpha", 1), Some((2, 3, 0, "final", 0)), (0, "CO_GENERATOR_ALLOWED")),
    ("division", (2, 2, 0, "alpha", 2), Some((3, 0, 0, "alpha", 0)), (0x2_0000, "CO_FUTURE_DIVISION")),
    (
        "absolute_import",
        (2, 5, 0, "alpha", 1),
        Some((3, 0, 0, "alpha", 0)),
        (0x4_0000, "CO_FUTURE_ABSOLUTE_IMPORT"),
    ),
    (
        "with_statement",
        (2, 5, 0, "alpha", 1),
        Some((2, 6, 0, "alpha", 0)),
        (0x8_0000, "CO_FUTURE_WITH_STATEMENT"),
    ),
    (
        "print_function",
        (2, 6, 0, "alpha", 2),
        Some((3, 0, 0, "alpha", 0)),
        (0x10_0000, "CO_FUTURE_PRINT_FUNCTION"),
    ),
    (
        "unicode_literals",
        (2, 6, 0, "alpha", 2),
        Some((3, 0, 0, "alpha", 0)),
        (0x20_0000, "CO_FUTURE_UNICODE_LITERALS"),
    ),
    (
        "barry_as_FLUFL",
        (3, 1, 0, "alpha", 2),
        Some((4, 0, 0, "alpha", 0)),
        (0x40_0000, "CO_FUTURE_BARRY_AS_BDFL"),
    ),
    (
        "generator_stop",
        (3, 5, 0, "beta", 1),
        Some((3, 7, 0, "alpha", 0)),
        (0x80_0000, "CO_FUTURE_GENERATOR_STOP"),
    ),
    ("annotations", (3, 7, 0, "beta", 1), None, (0x100_0000, "CO_FUTURE_ANNOTATIONS")),
];

crate::native_type! {
    "__future__._Feature" = struct Feature {}
    flags: SUBCLASS, DICT, WEAKREF;
    new(*args, **names) = new_feature;
    init(*args, **names) = set_feature;
    slots { repr = repr; }
    methods {
        /// The first release in which a module could ask for the feature, as sys.version_info has it.
        getOptionalRelease() = optional;
        /// The first release that has the feature without being asked, as sys.version_info has it; None if
        /// there is none.
        getMandatoryRelease() = mandatory;
    }
}

fn new_feature(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, Feature {})
}
fn set_feature(cx: &Cx, this: This<Feature>, args: Args) -> Res<()> {
    let signature = "(optionalRelease, mandatoryRelease, compiler_flag)";
    let slots = written::bind(cx, "_Feature.__init__", signature, args.into_call())?;
    for (name, value) in ["optional", "mandatory", "compiler_flag"].into_iter().zip(slots) {
        cx.set_attr(this.value(), name, value)?;
    }
    Ok(())
}
fn optional(cx: &Cx, this: This<Feature>) -> Res {
    cx.attr(this.value(), "optional")
}
fn mandatory(cx: &Cx, this: This<Feature>) -> Res {
    cx.attr(this.value(), "mandatory")
}
fn repr(cx: &Cx, this: This<Feature>) -> Res {
    let parts = (optional(cx, this)?, mandatory(cx, this)?, cx.attr(this.value(), "compiler_flag")?);
    let mut text = StrWriter::new(cx);
    text.push_str("_Feature")?;
    text.push_str(&cx.repr(&parts.into_value(cx)?)?)?;
    text.finish()
}

/// Adds the features.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    let module = Filler::new(vm, dict);
    let cx = module.cx();
    let class = cx.class::<Feature>()?;
    let names = List::new(cx, FEATURES.len())?;
    let all = List::new(cx, FEATURES.len() + 1)?;
    all.push(cx, "all_feature_names")?;
    for (name, optional, mandatory, (flag, flag_name)) in FEATURES {
        module.add(flag_name, *flag)?;
        module.add(name, cx.call(&class, (*optional, *mandatory, *flag))?)?;
        names.push(cx, *name)?;
        all.push(cx, *name)?;
    }
    module.add("_Feature", class)?;
    module.add("all_feature_names", names.into_value())?;
    module.add("__all__", all.into_value())
}
