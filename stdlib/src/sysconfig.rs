//! `_sysconfig`: what `sysconfig` asks about how the interpreter was built.

use ryokan_vm::native::*;

native_module! {
    /// How the interpreter was built.
    "_sysconfig" {
        functions {
            /// The variables that do not depend on where it is installed.
            config_vars();
        }
    }
}

fn config_vars(cx: &Cx) -> Res<Dict> {
    let vars = Dict::new(cx)?;
    vars.set_str(cx, "Py_GIL_DISABLED", 0)?;
    vars.set_str(cx, "SOABI", "ryokan-314")?;
    vars.set_str(cx, "EXT_SUFFIX", "")?;
    vars.set_str(cx, "SHLIB_SUFFIX", ".so")?;
    Ok(vars)
}
