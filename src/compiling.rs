//! The compiler's words and the VM's: what the host says to one and tells the other.

use std::rc::Rc;

use ryokan_bytecode::Code;
use ryokan_compiler::{CompileError, Mode, Options, Origin, Refusal, SyntaxKind, Warning};
use ryokan_vm::host::{
    CompileMode, CompileOptions, CompileWarning, HostCompileError, Source, SyntaxClass, SyntaxData,
};
use ryokan_vm::vm::Vm;

/// The code, if it passes the verifier.
pub fn verified(code: Rc<Code>) -> Result<Rc<Code>, HostCompileError> {
    match ryokan_bytecode::verify(&code) {
        Ok(_) => Ok(code),
        Err(fault) => Err(HostCompileError::Internal(format!("the compiler made invalid code: {fault:?}"))),
    }
}

pub fn mode_of(mode: CompileMode) -> Mode {
    match mode {
        CompileMode::Exec => Mode::Exec,
        CompileMode::Eval => Mode::Eval,
        CompileMode::Single => Mode::Single,
        CompileMode::FunctionType => Mode::FunctionType,
    }
}

pub fn text_of(source: Source<'_>) -> ryokan_compiler::Source<'_> {
    match source {
        Source::Text(text) => ryokan_compiler::Source::Text(text),
        Source::Bytes(bytes) => ryokan_compiler::Source::Bytes(bytes),
    }
}

pub fn options(vm: &Vm, how: CompileOptions) -> Options {
    Options {
        optimize: how.optimize,
        inherited: how.inherited,
        feature: how.feature,
        type_comments: how.type_comments,
        top_level_await: how.top_level_await,
        open_blocks: how.open_blocks,
        allow_incomplete: how.allow_incomplete,
        max_digits: Some(vm.sys.int_max_str_digits.get()),
        ..Options::default()
    }
}

/// Passes the compiler's warnings on.
pub fn tell(options: Options, warnings: &mut Vec<CompileWarning>) {
    let told = |w: Warning| {
        let Warning { message, line, col, end, of_text } = w;
        CompileWarning { message, line, col, end, of_text }
    };
    warnings.extend(options.warnings.into_inner().into_iter().map(told));
}

pub fn failure(error: CompileError) -> HostCompileError {
    match error {
        CompileError::Syntax(e) => HostCompileError::Syntax(Box::new(SyntaxData {
            class: match e.kind {
                SyntaxKind::Syntax => SyntaxClass::Syntax,
                SyntaxKind::Indentation => SyntaxClass::Indentation,
                SyntaxKind::Tab => SyntaxClass::Tab,
                SyntaxKind::Incomplete => SyntaxClass::Incomplete,
            },
            message: e.message,
            filename: e.filename,
            line: e.line,
            offset: e.col,
            end_line: e.end_line,
            end_offset: e.end_col,
            text: e.text,
            bare: e.origin == Origin::Scopes,
            statement: e.statement,
        })),
        CompileError::Recursion(message) => HostCompileError::Recursion(message),
        CompileError::Encoding(name) => HostCompileError::Encoding(name),
        CompileError::Overflow => HostCompileError::Overflow,
        CompileError::Refused(Refusal::Value, message) => HostCompileError::Value(message),
        CompileError::Refused(Refusal::Type, message) => HostCompileError::Type(message),
        CompileError::Refused(Refusal::System, message) => HostCompileError::Internal(message),
        CompileError::Memory => HostCompileError::Memory,
    }
}
