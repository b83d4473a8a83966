//! Running source text: `exec`, `eval`, `compile`; namespaces; `__import__`.

use ryokan_bytecode::CodeFlags;
use ryokan_bytecode::symbols::Block;

use super::scope;
use crate::charge::Charge;
use crate::host::{
    CompileMode, CompileOptions, CompileWarning, HostCompileError, Source, SyntaxClass, SyntaxData,
};
use crate::modules::ast::{self, CompileFlags};
use crate::object::Ref;
use crate::raised::{Raised, Res};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::bytes_methods::buffer_or_none;
use crate::types::cell::CellObj;
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::exceptions::{Exception, Kind};
use crate::types::memoryview::Lent;
use crate::types::str::Str;
use crate::types::str::args::{given, given_value};
use crate::types::str::codec::from_system;
use crate::types::traceback::is_prompt;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn globals(vm: &Vm, _: &[Value]) -> Res {
    Ok(scope::globals(vm))
}
pub(super) fn locals(vm: &Vm, _: &[Value]) -> Res {
    scope::locals(vm)
}

pub(super) fn import(vm: &Vm, args: &[Value]) -> Res {
    let level = match given(args, 4) {
        Some(level) => vm.index_long(level)?,
        None => 0,
    };
    if level < 0 {
        return Err(vm.value_error("level must be >= 0"));
    }
    let none = Value::NONE;
    if level > 0 && given(args, 1).is_none() {
        return Err(vm.raise(&vm.exc.KeyError, "'__name__' not in globals"));
    }
    crate::import::import_level(
        vm,
        &args[0],
        given(args, 1).unwrap_or(&none),
        given(args, 3).unwrap_or(&none),
        level,
    )
}

/// The bytes of a bytes-like object.
pub fn bytes_of(value: &Value) -> Option<&[u8]> {
    if let Some(bytes) = value.get::<Bytes>() {
        return Some(bytes.as_slice());
    }
    value.get::<ByteArray>().map(ByteArray::as_slice)
}

/// A copy of the source that `exec` and `compile` got: what runs while it is compiled cannot change it. Charged to the heap.
struct Text {
    bytes: Vec<u8>,
    is_str: bool,
    start: usize,
    _charge: Charge,
}

impl Text {
    /// `None` if the value is neither str nor bytes-like.
    fn of(vm: &Vm, value: &Value) -> Res<Option<Text>> {
        let is_str = vm.is_str(value);
        let known = is_str || bytes_of(value).is_some();
        let lent = if known { None } else { buffer_or_none(vm, value) };
        let bytes_of = |value| bytes_of(value).or_else(|| lent.as_ref().map(Lent::as_slice));
        let len = match (value.get::<Str>(), bytes_of(value)) {
            (Some(text), _) => text.byte_len(),
            (None, Some(bytes)) => bytes.len(),
            (None, None) => return Ok(None),
        };
        if let Some(text) = value.get::<Str>()
            && let Some(at) = text.chars().iter().position(|c| (0xD800..0xE000).contains(&c))
        {
            return Err(crate::modules::sys::textio::surrogate(vm, value, at));
        }
        // In UTF-8 a character takes at most twice the bytes.
        let most = if value.get::<Str>().is_none_or(Str::is_ascii) { len } else { len * 2 };
        let charge = Charge::new(vm, most)?;
        let bytes =
            value.get::<Str>().map_or_else(|| bytes_of(value).unwrap_or_default().to_vec(), Str::to_wtf8);
        Ok(Some(Text { bytes, is_str, start: 0, _charge: charge }))
    }
    fn source(&self) -> Source<'_> {
        let bytes = &self.bytes[self.start..];
        match std::str::from_utf8(bytes) {
            Ok(text) if self.is_str => Source::Text(text),
            _ => Source::Bytes(bytes),
        }
    }
    /// Without blanks before an expression.
    fn trim(&mut self) {
        self.start = self.bytes.iter().position(|b| !b" \t".contains(b)).unwrap_or(self.bytes.len());
    }
}

/// The one message that comes without a place.
const NULL_BYTES: &str = "source code string cannot contain null bytes";

/// The exception that a syntax error is.
pub fn syntax_error(vm: &Vm, data: &SyntaxData) -> Res {
    let ty = match data.class {
        SyntaxClass::Syntax => &vm.exc.SyntaxError,
        SyntaxClass::Indentation => &vm.exc.IndentationError,
        SyntaxClass::Tab => &vm.exc.TabError,
        SyntaxClass::Incomplete => &vm.exc._IncompleteInputError,
    };
    if data.message == NULL_BYTES {
        return vm.call(&ty.to_value(), &[vm.str(&data.message)?]);
    }
    let number = |n: u32| Value::small(i64::from(n));
    let line = match &data.text {
        Some(text) => Some(text.clone()),
        None => vm.host.source_line(&data.filename, data.line).map(|line| line + "\n"),
    };
    let text = match line {
        Some(text) => vm.str(&text)?,
        None => Value::NONE,
    };
    if data.bare {
        let error = vm.call(&ty.to_value(), &[vm.str(&data.message)?])?;
        let ends = [number(data.end_line), Value::small(i64::from(data.end_offset))];
        let [end_line, end_offset] = ends;
        let fields =
            [vm.str(&data.filename)?, number(data.line), number(data.offset), text, end_line, end_offset];
        if let Some(this) = error.get::<Exception>().filter(|e| e.kind() == Kind::Syntax) {
            for (at, value) in fields.into_iter().enumerate() {
                this.set_field(vm, Kind::Syntax, at + 1, value)?;
            }
        }
        return Ok(error);
    }
    let mut details = vec![vm.str(&data.filename)?, number(data.line), number(data.offset), text];
    if data.end_line != 0 || data.line == 0 && data.text.is_some() {
        details.extend([number(data.end_line), Value::small(i64::from(data.end_offset))]);
    }
    vm.call(&ty.to_value(), &[vm.str(&data.message)?, vm.new_tuple(details)?])
}

/// Notes on a syntax error what `traceback` wants to know: the last statement in front of it, and the text unless it is a
/// file's.
fn note_statement(vm: &Vm, error: &Value, data: &SyntaxData, source: Source<'_>, filename: &str) -> Res<()> {
    let Some(this) = error.get::<Exception>().filter(|e| e.kind() == Kind::Syntax) else { return Ok(()) };
    let text = match source {
        Source::Text(text) => vm.str(text)?,
        Source::Bytes(bytes) if filename.starts_with('<') => vm.str(&String::from_utf8_lossy(bytes))?,
        Source::Bytes(_) => Value::NONE,
    };
    let (line, col) = data.statement;
    let place = [Value::small(i64::from(line)), Value::small(i64::from(col)), text];
    this.set_field(vm, Kind::Syntax, 8, vm.new_tuple(place.to_vec())?)
}

/// What compiling costs, however short the text.
const WORK_OF_COMPILING: u64 = 16;

/// Takes the fuel of compiling a source.
fn charge_compiling(vm: &Vm, source: Source<'_>) -> Res<()> {
    vm.spend(WORK_OF_COMPILING);
    vm.work_on_bytes(source.bytes().saturating_mul(32))
}

/// Compiles source to a code object; raises what the compiler says, prints its warnings.
pub fn compile_source(
    vm: &Vm,
    source: Source<'_>,
    filename: &str,
    mode: CompileMode,
    how: CompileOptions,
) -> Res {
    charge_compiling(vm, source)?;
    let mut warnings = Vec::new();
    let compiled = match how.program {
        true => vm.host.compile_program(vm, source, filename, how, &mut warnings),
        false => {
            vm.host.compile(vm, source, filename, mode, how, &mut warnings).map(|code| (code, Vec::new()))
        }
    };
    warn_all(vm, filename, &warnings)?;
    match compiled {
        Ok((code, folded)) if how.program => vm.load_program(&code, &folded),
        Ok((code, _)) => vm.load_code(&code),
        Err(HostCompileError::Encoding(name)) => {
            let text = decoded(vm, source, &name, filename)?;
            compile_source(vm, text.source(), filename, mode, how)
        }
        Err(error) => Err(failed(vm, error, source, filename)?),
    }
}

fn warn_all(vm: &Vm, filename: &str, warnings: &[CompileWarning]) -> Res<()> {
    warnings.iter().try_for_each(|warning| warn(vm, filename, warning))
}

/// The abstract syntax of a source, as objects.
fn parse_source(
    vm: &Vm,
    source: Source<'_>,
    filename: &str,
    mode: CompileMode,
    how: CompileOptions,
    folds: bool,
) -> Res {
    charge_compiling(vm, source)?;
    let mut warnings = Vec::new();
    let parsed = vm.host.parse(vm, source, filename, mode, how, &mut warnings);
    warn_all(vm, filename, &warnings)?;
    match parsed {
        Err(HostCompileError::Encoding(name)) => {
            let text = decoded(vm, source, &name, filename)?;
            parse_source(vm, text.source(), filename, mode, how, folds)
        }
        Ok(tree) => {
            let _charge = Charge::new(vm, tree.bytes().saturating_mul(1 + usize::from(folds)))?;
            let tree = if folds { vm.host.optimize_tree(tree, how.optimize) } else { tree };
            ast::build(vm, &tree)
        }
        Err(error) => Err(failed(vm, error, source, filename)?),
    }
}

/// The symbol tables of a source that is a str, bytes, or what has bytes. `TypeError`.
pub fn symbols(vm: &Vm, source: &Value, filename: &str, mode: CompileMode) -> Res<Block> {
    let Some(text) = Text::of(vm, source)? else {
        return Err(vm.type_error("symtable() arg 1 must be a string or bytes object"));
    };
    symbols_of(vm, text.source(), filename, mode)
}
fn symbols_of(vm: &Vm, source: Source<'_>, filename: &str, mode: CompileMode) -> Res<Block> {
    charge_compiling(vm, source)?;
    let mut warnings = Vec::new();
    let made = vm.host.symbols(vm, source, filename, mode, &mut warnings);
    warn_all(vm, filename, &warnings)?;
    match made {
        Ok(block) => Ok(block),
        Err(HostCompileError::Encoding(name)) => {
            let text = decoded(vm, source, &name, filename)?;
            symbols_of(vm, text.source(), filename, mode)
        }
        Err(error) => Err(failed(vm, error, source, filename)?),
    }
}

/// What is raised instead of code or a tree.
/// The text of a source in an encoding that the library knows. `SyntaxError`.
fn decoded(vm: &Vm, source: Source<'_>, name: &str, filename: &str) -> Res<Text> {
    let bytes = match source {
        Source::Bytes(bytes) => vm.bytes(bytes)?,
        Source::Text(text) => vm.bytes(text.as_bytes())?,
    };
    let found = vm.call_method(&bytes, &vm.intern("decode")?, &[vm.str(name)?]);
    let text = found.map_err(|raised| {
        if !vm.raised_is(&raised, &vm.exc.LookupError) && !vm.raised_is(&raised, &vm.exc.UnicodeError) {
            return raised;
        }
        let said = vm.to_str(&vm.take_raised(raised));
        let made = said.and_then(|said| {
            let place = vec![vm.str(filename)?, Value::small(0), Value::small(-1), Value::NONE];
            vm.call(&vm.exc.SyntaxError.to_value(), &[said, vm.new_tuple(place)?])
        });
        match made {
            Ok(error) => vm.raise_value(error),
            Err(raised) => raised,
        }
    })?;
    if !vm.is_str(&text) {
        let message = format!("'{name}' decoder returned '{}' instead of 'str'", vm.type_name(&text));
        return Err(vm.type_error(message));
    }
    Text::of(vm, &text)?.ok_or_else(|| vm.system_error("a str is a source"))
}

fn failed(vm: &Vm, error: HostCompileError, source: Source<'_>, filename: &str) -> Res<Raised> {
    Ok(match error {
        HostCompileError::Syntax(data) => {
            let error = syntax_error(vm, &data)?;
            note_statement(vm, &error, &data, source, filename)?;
            vm.raise_value(error)
        }
        HostCompileError::Recursion(message) => vm.recursion_error(message),
        HostCompileError::Encoding(name) => vm.system_error(format_args!("unknown encoding: {name}")),
        HostCompileError::Value(message) => vm.value_error(message),
        HostCompileError::Type(message) => vm.type_error(message),
        HostCompileError::Overflow => vm.overflow_error("the code is too large"),
        HostCompileError::Memory => vm.no_memory(),
        HostCompileError::Internal(message) => vm.system_error(message),
    })
}

/// Shows a warning of the compiler; one that the filters raise is a `SyntaxError` at its place.
fn warn(vm: &Vm, filename: &str, warning: &CompileWarning) -> Res<()> {
    // What is typed at a prompt has its number only when it has been read.
    let filename = if warning.of_text && is_prompt(filename) { "<stdin>" } else { filename };
    let Err(raised) = vm.warn_of_source(&warning.message, filename, warning.line) else { return Ok(()) };
    let exception = vm.take_raised(raised);
    if !vm.is_instance(&exception, &vm.exc.SyntaxWarning) {
        return Err(vm.raise_value(exception));
    }
    let data = SyntaxData {
        class: SyntaxClass::Syntax,
        // What is refused now needs no word of the future.
        message: warning.message.replace(" Such sequences will not work in the future.", ""),
        filename: filename.to_owned(),
        line: warning.line,
        offset: warning.col,
        end_line: warning.end.0,
        end_offset: warning.end.1 as i32,
        text: None,
        bare: false,
        statement: (0, 0),
    };
    let error = syntax_error(vm, &data)?;
    Err(vm.raise_value(error))
}

/// Future features that hold in the calling frame.
fn inherited(vm: &Vm) -> CodeFlags {
    let flags = scope::calling_frame(vm).map(|frame| frame.run().object().flags());
    flags.unwrap_or_default() & CodeFlags::FUTURES
}

/// The str of a file name argument.
fn filename(vm: &Vm, value: &Value) -> Res {
    let path = |value: &Value| match value.get::<Bytes>() {
        _ if vm.is_str(value) => Ok(Some(value.clone())),
        Some(bytes) => from_system(vm, bytes.as_slice()).map(Some),
        None => Ok(None),
    };
    if let Some(known) = path(value)? {
        return Ok(known);
    }
    if let Some(given) = vm.call_special(value, &vm.intern("__fspath__")?, &[])? {
        let kind = vm.type_name(value);
        return path(&given)?.ok_or(()).map_err(|()| {
            let got = vm.type_name(&given);
            vm.type_error(format_args!("expected {kind}.__fspath__() to return str or bytes, not {got}"))
        });
    }
    Err(vm.type_error(format_args!("expected str, bytes or os.PathLike object, not {}", vm.type_name(value))))
}

pub(super) fn compile(vm: &Vm, args: &[Value]) -> Res {
    let file = filename(vm, &args[1])?;
    vm.room_for_bytes(vm.text(&file).len() as u128 * 4)?;
    let name = vm.text(&file);
    if name.contains('\0') {
        return Err(vm.value_error("embedded null character"));
    }
    // The code and what it is made from have copies of it.
    let _copies = Charge::new(vm, name.len().saturating_mul(3))?;
    if !vm.is_str(&args[2]) {
        let kind = vm.arg_name(&args[2]);
        return Err(vm.type_error(format_args!("compile() argument 'mode' must be str, not {kind}")));
    }
    let flags = given(args, 3).map_or(Ok(0), |v| vm.index_c_int(v))?;
    let dont_inherit = given(args, 4).map_or(Ok(false), |v| vm.truth(v))?;
    let optimize = i64::from(given(args, 5).map_or(Ok(-1), |v| vm.index_c_int(v))?);
    let feature = given(args, 6).map_or(Ok(-1), |v| vm.index_c_int(v))?;
    let Some(flags) = CompileFlags::from_bits(flags as u32) else {
        return Err(vm.value_error("compile(): unrecognised flags"));
    };
    if !(-1..=2).contains(&optimize) {
        return Err(vm.value_error("compile(): invalid optimize value"));
    }
    let only_ast = flags.contains(CompileFlags::ONLY_AST);
    let mode = mode_of(vm, vm.text(&args[2]).as_str(), only_ast)?;
    let future = flags.futures();
    let inherited = if dont_inherit { future } else { future | inherited(vm) };
    let feature = u8::try_from(feature).ok().filter(|_| only_ast);
    let type_comments = flags.contains(CompileFlags::TYPE_COMMENTS);
    let how = CompileOptions {
        optimize: optimize.max(0) as u8,
        inherited,
        feature,
        type_comments,
        top_level_await: flags.contains(CompileFlags::TOP_LEVEL_AWAIT),
        open_blocks: flags.contains(CompileFlags::DONT_IMPLY_DEDENT),
        allow_incomplete: flags.contains(CompileFlags::ALLOW_INCOMPLETE),
        program: false,
    };
    let folds = flags.contains(CompileFlags::OPTIMIZED_AST);
    if ast::is_node(vm, &args[0])? {
        return compile_node(vm, &args[0], &name, mode, how, (only_ast, folds));
    }
    let Some(text) = Text::of(vm, &args[0])? else {
        return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object"));
    };
    if only_ast {
        return parse_source(vm, text.source(), &name, mode, how, folds);
    }
    let code = compile_source(vm, text.source(), &name, mode, how)?;
    if !name.is_exact() {
        CodeObj::rename_file(vm, &code, &file)?;
    }
    Ok(code)
}

fn mode_of(vm: &Vm, mode: &str, only_ast: bool) -> Res<CompileMode> {
    Ok(match mode {
        "exec" => CompileMode::Exec,
        "eval" => CompileMode::Eval,
        "single" => CompileMode::Single,
        "func_type" if only_ast => CompileMode::FunctionType,
        "func_type" => {
            return Err(vm.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
        }
        _ if only_ast => {
            return Err(vm.value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'"));
        }
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    })
}

/// Compiles a tree of nodes; gives it as it is if no code is wanted.
fn compile_node(
    vm: &Vm,
    node: &Value,
    filename: &str,
    mode: CompileMode,
    how: CompileOptions,
    (only_ast, folds): (bool, bool),
) -> Res {
    ast::expect_root(vm, node, mode)?;
    if only_ast && !folds {
        return Ok(node.clone());
    }
    let read = ast::read(vm, node, mode)?;
    if only_ast {
        let _charge = Charge::new(vm, read.tree.bytes())?;
        return ast::build(vm, &vm.host.optimize_tree(read.tree, how.optimize));
    }
    vm.spend(WORK_OF_COMPILING);
    vm.work_on_bytes(read.tree.bytes())?;
    let mut warnings = Vec::new();
    let compiled = vm.host.compile_tree(vm, &read.tree, filename, how, &mut warnings);
    warn_all(vm, filename, &warnings)?;
    match compiled {
        Ok(code) => vm.load_code(&code),
        Err(error) => Err(failed(vm, error, Source::Bytes(&[]), filename)?),
    }
}

/// `globals` and `locals` arguments as `exec` (or `eval`) takes them.
fn namespaces(vm: &Vm, args: &[Value], name: &str) -> Res<(Value, Value)> {
    let some = |at: usize| given_value(args, at);
    if let Some(globals) = some(1)
        && !globals.has::<Dict>()
    {
        let kind = vm.type_name(globals);
        return Err(if name == "exec" {
            vm.type_error(format_args!("exec() globals must be a dict, not {kind}"))
        } else if is_mapping(vm, globals) {
            vm.type_error("globals must be a real dict; try eval(expr, {}, mapping)")
        } else {
            vm.type_error("globals must be a dict")
        });
    }
    if let Some(locals) = some(2)
        && !is_mapping(vm, locals)
    {
        let kind = vm.type_name(locals);
        return Err(if name == "exec" {
            vm.type_error(format_args!("locals must be a mapping or None, not {kind}"))
        } else {
            vm.type_error("locals must be a mapping")
        });
    }
    let pair = match (some(1), some(2)) {
        (None, Some(locals)) => (scope::globals(vm), locals.clone()),
        (None, None) => (scope::globals(vm), scope::locals(vm)?),
        (Some(globals), Some(locals)) => (globals.clone(), locals.clone()),
        (Some(globals), None) => (globals.clone(), globals.clone()),
    };
    if let Some(dict) = pair.0.get::<Dict>()
        && dict.get_name(&vm.names.__builtins__).is_none()
    {
        let builtins = scope::calling_frame(vm)
            .map_or_else(|| vm.builtins.clone(), |f| vm.builtins_behind(&f.function().builtins));
        dict.set_name(vm, &vm.names.__builtins__, builtins)?;
    }
    Ok(pair)
}

fn is_mapping(vm: &Vm, value: &Value) -> bool {
    vm.slots(value).getitem().is_some()
}

pub(super) fn exec(vm: &Vm, args: &[Value]) -> Res {
    let (globals, locals) = namespaces(vm, args, "exec")?;
    let closure = given_value(args, 3);
    if let Some(code) = args[0].get::<CodeObj>() {
        let free = code.free_count();
        check_closure(vm, free, closure)?;
        run(vm, &args[0], &globals, &locals, closure)?;
        return Ok(Value::NONE);
    }
    if closure.is_some() {
        return Err(vm.type_error("closure can only be used when source is a code object"));
    }
    let Some(text) = Text::of(vm, &args[0])? else {
        return Err(vm.type_error("exec() arg 1 must be a string, bytes or code object"));
    };
    let how = CompileOptions { inherited: inherited(vm), ..CompileOptions::default() };
    let code = compile_source(vm, text.source(), "<string>", CompileMode::Exec, how)?;
    run(vm, &code, &globals, &locals, None)?;
    Ok(Value::NONE)
}

fn check_closure(vm: &Vm, free: usize, closure: Option<&Value>) -> Res<()> {
    if free == 0 {
        return match closure {
            Some(_) => Err(vm.type_error("cannot use a closure with this code object")),
            None => Ok(()),
        };
    }
    let cells = closure.and_then(|c| c.exact::<Tuple>());
    match cells {
        Some(cells) if cells.items().len() == free && cells.items().iter().all(|c| c.has::<CellObj>()) => {
            Ok(())
        }
        _ => Err(vm.type_error(format_args!("code object requires a closure of exactly length {free}"))),
    }
}

pub(super) fn eval(vm: &Vm, args: &[Value]) -> Res {
    let (globals, locals) = namespaces(vm, args, "eval")?;
    if let Some(code) = args[0].get::<CodeObj>() {
        if code.free_count() > 0 {
            return Err(vm.type_error("code object passed to eval() may not contain free variables"));
        }
        return run(vm, &args[0], &globals, &locals, None);
    }
    let Some(mut text) = Text::of(vm, &args[0])? else {
        return Err(vm.type_error("eval() arg 1 must be a string, bytes or code object"));
    };
    text.trim();
    let how = CompileOptions { inherited: inherited(vm), ..CompileOptions::default() };
    let code = compile_source(vm, text.source(), "<string>", CompileMode::Eval, how)?;
    run(vm, &code, &globals, &locals, None)
}

fn run(vm: &Vm, code: &Value, globals: &Value, locals: &Value, closure: Option<&Value>) -> Res {
    let function = vm.new_function(code, globals)?;
    // What runs by itself has no outer names.
    if let Some(code) = code.get::<CodeObj>() {
        function.qualname.set(code.name.clone());
    }
    if let Some(closure) = closure {
        function.closure.set(closure.clone());
    }
    vm.run_code(function.value(), locals)
}

/// Compiles and runs a module's source in its namespace: what a script's run comes down to.
pub fn run_source(vm: &Vm, source: Source<'_>, filename: &str, namespace: &Ref<Dict>) -> Res {
    let code = compile_source(vm, source, filename, CompileMode::Exec, CompileOptions::default())?;
    run(vm, &code, namespace.value(), namespace.value(), None)
}
