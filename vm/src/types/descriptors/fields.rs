//! Which attributes of builtin types are fields of CPython's objects: its `member_descriptor`s, which say so in their repr and when
//! somebody sets them.

use crate::object::native::GetSet;
use crate::object::ty::TypeDef;

/// Whether the attribute of a builtin or native type is a field.
pub fn is_field(ty: &TypeDef, row: &GetSet) -> bool {
    let fields: &[&str] = match ty.name {
        "AttributeError" => &["name", "obj"],
        "BaseException" => &["__suppress_context__"],
        "BaseExceptionGroup" => &["exceptions", "message"],
        "ImportError" => &["msg", "name", "name_from", "path"],
        "NameError" => &["name"],
        "OSError" => &["errno", "filename", "filename2", "strerror"],
        "StopIteration" => &["value"],
        "SyntaxError" => &[
            "_metadata",
            "end_lineno",
            "end_offset",
            "filename",
            "lineno",
            "msg",
            "offset",
            "print_file_and_line",
            "text",
        ],
        "SystemExit" => &["code"],
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => {
            &["encoding", "end", "object", "reason", "start"]
        }
        "async_generator" => &["ag_running"],
        "builtin_function_or_method" => &["__module__"],
        "classmethod" | "staticmethod" => &["__func__", "__wrapped__"],
        "classmethod_descriptor"
        | "getset_descriptor"
        | "member_descriptor"
        | "method_descriptor"
        | "wrapper_descriptor" => &["__name__", "__objclass__"],
        "code" => &[
            "co_argcount",
            "co_consts",
            "co_exceptiontable",
            "co_filename",
            "co_firstlineno",
            "co_flags",
            "co_kwonlyargcount",
            "co_linetable",
            "co_name",
            "co_names",
            "co_nlocals",
            "co_posonlyargcount",
            "co_qualname",
            "co_stacksize",
        ],
        "complex" => &["imag", "real"],
        "coroutine" => &["cr_origin"],
        "frame" => &["f_trace_lines"],
        "function" => &["__builtins__", "__closure__", "__globals__"],
        "method-wrapper" => &["__self__"],
        "method" => &["__func__", "__self__"],
        "module" | "types.SimpleNamespace" => &["__dict__"],
        "property" => &["fdel", "fget", "fset"],
        "range" | "slice" => &["start", "step", "stop"],
        "super" => &["__self__", "__self_class__", "__thisclass__"],
        "traceback" => &["tb_frame", "tb_lasti"],
        "type" => {
            &["__base__", "__basicsize__", "__dictoffset__", "__flags__", "__itemsize__", "__weakrefoffset__"]
        }
        "types.GenericAlias" => &["__args__", "__origin__", "__unpacked__"],
        "typing.Union" => &["__args__"],
        _ => &[],
    };
    row.is_field || fields.contains(&row.name)
}
