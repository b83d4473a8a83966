//! Paths as texts: what `os.path` does to them without asking the system.

use ryokan_vm::native::*;

use crate::fspath::fspath;

native_module! {
    /// A part of the module.
    "posix" {
        functions {
            /// A path without its dots and doubled slashes.
            _path_normpath(path: &Value);
            /// A path's drive, which is empty here, its root, and what is behind it.
            _path_splitroot_ex(p: &Value, /), shows = "($module, path, /)";
            /// Runs what waits for input with PyOS_InputHook: nothing does.
            _inputhook(), shows = "($module, /)";
            /// Whether something waits for input with PyOS_InputHook.
            _is_inputhook_installed(), shows = "($module, /)";
        }
    }
}

/// The characters of a path: code points, or bytes.
fn units(cx: &Cx, path: &Value, function: &str) -> Res<(Vector<u32>, bool)> {
    let given = match cx.is_str(path) || Bytes::of(path).is_some() {
        true => path.clone(),
        false if cx.attr_opt(&cx.class_of(path), "__fspath__")?.is_none() => {
            let kind = cx.type_name(path);
            let message = format_args!("{function}: path should be string, bytes or os.PathLike, not {kind}");
            return Err(cx.type_error(message));
        }
        false => fspath(cx, path)?,
    };
    if let Some(bytes) = Bytes::of(&given) {
        let mut units = cx.vector(bytes.as_slice().len())?;
        units.extend(bytes.as_slice().iter().map(|byte| u32::from(*byte)));
        return Ok((units, true));
    }
    Ok((cx.code_points(&given)?, false))
}

/// A str or bytes of characters.
fn made(cx: &Cx, units: &[u32], is_bytes: bool) -> Res {
    if is_bytes {
        let mut out = ByteWriter::new(cx);
        units.iter().try_for_each(|unit| out.push(&[*unit as u8]))?;
        return out.finish();
    }
    let mut out = StrWriter::new(cx);
    units.iter().try_for_each(|unit| out.push_char(*unit))?;
    out.finish()
}

const SLASH: u32 = b'/' as u32;
const DOT: u32 = b'.' as u32;

/// How many slashes make the root of a path: two are one of their own, more are as one.
fn root_of(path: &[u32]) -> usize {
    match path {
        [SLASH, SLASH, SLASH, ..] => 1,
        [SLASH, SLASH, ..] => 2,
        [SLASH, ..] => 1,
        _ => 0,
    }
}

fn _path_normpath(cx: &Cx, path: &Value) -> Res {
    let (path, is_bytes) = units(cx, path, "_path_normpath")?;
    cx.work_on_bytes(path.len())?;
    let root = root_of(&path);
    let mut out = cx.vector(path.len().max(1))?;
    out.extend_from_slice(&path[..root]);
    for part in path[root..].split(|unit| *unit == SLASH) {
        match part {
            [] | [DOT] => continue,
            [DOT, DOT] if root > 0 && out.len() == root => continue,
            [DOT, DOT] => {
                let start = out[root..].iter().rposition(|unit| *unit == SLASH).map_or(root, |at| root + at + 1);
                if out.len() > root && out[start..] != [DOT, DOT] {
                    // The part before, and the slash between.
                    out.truncate(start.saturating_sub(1).max(root));
                    continue;
                }
            }
            _ => {}
        }
        if out.len() > root {
            out.push(SLASH);
        }
        out.extend_from_slice(part);
    }
    if out.is_empty() {
        out.push(DOT);
    }
    made(cx, &out, is_bytes)
}

fn _path_splitroot_ex(cx: &Cx, path: &Value) -> Res<(Value, Value, Value)> {
    let (path, is_bytes) = units(cx, path, "_path_splitroot_ex")?;
    let root = root_of(&path);
    Ok((made(cx, &[], is_bytes)?, made(cx, &path[..root], is_bytes)?, made(cx, &path[root..], is_bytes)?))
}

fn _inputhook(_: &Cx) -> i32 {
    0
}
fn _is_inputhook_installed(_: &Cx) -> bool {
    false
}
