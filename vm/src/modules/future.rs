//! `__future__`: the features that a module may ask for ahead of their time.

use crate::modules::add;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::records;
use crate::value::Value;
use crate::vm::Vm;

/// `__future__.__doc__`
pub const DOC: &str = "Features that a module may switch on ahead of the release that makes them mandatory.";

/// (name, optional since, mandatory since (major 0: never), compiler flag)
#[allow(clippy::type_complexity, reason = "a table of literals")]
static FEATURES: &[(&str, [i64; 2], [i64; 2], i64)] = &[
    ("nested_scopes", [2, 1], [2, 2], 0x10),
    ("generators", [2, 2], [2, 3], 0),
    ("division", [2, 2], [3, 0], 0x2_0000),
    ("absolute_import", [2, 5], [3, 0], 0x4_0000),
    ("with_statement", [2, 5], [2, 6], 0x8_0000),
    ("print_function", [2, 6], [3, 0], 0x10_0000),
    ("unicode_literals", [2, 6], [3, 0], 0x20_0000),
    ("barry_as_FLUFL", [3, 1], [4, 0], 0x40_0000),
    ("generator_stop", [3, 5], [3, 7], 0x80_0000),
    ("annotations", [3, 7], [0, 0], 0x100_0000),
];

fn release(vm: &Vm, version: [i64; 2]) -> Res {
    if version[0] == 0 {
        return Ok(Value::NONE);
    }
    let small = Value::small;
    vm.new_tuple(vec![small(version[0]), small(version[1]), small(0), vm.str("alpha")?, small(0)])
}

/// Adds the features.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    let class = records::class(vm, "__future__", "_Feature", &["optional", "mandatory", "compiler_flag"], 3)?;
    let mut names = Vec::new();
    for (name, optional, mandatory, flag) in FEATURES {
        let parts = vec![release(vm, *optional)?, release(vm, *mandatory)?, Value::small(*flag)];
        add(vm, dict, name, records::record(vm, &class, parts)?)?;
        names.push(vm.intern(name)?);
    }
    add(vm, dict, "all_feature_names", vm.new_list(names)?)
}
