//! Other interpreters of the program: who there is, work in them, and what all of them share.

use ryokan_alloc::SetAside;
use ryokan_bytecode::ops::Op;
use ryokan_bytecode::{CodeFlags, Const};

use super::collections::{Bytes, Dict, Tuple};
use super::cx::Cx;
use crate::modules::marshal;
use crate::modules::sys::SimpleNamespace;
use crate::raised::Res;
use crate::types::code::CodeObj;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::value::Value;
use crate::vm::runtime::{InCommon, Known, Refusal, Rights};

/// What of a code object says whether it can run elsewhere.
pub struct CodeFacts {
    /// Whether it has parameters.
    pub takes_args: bool,
    /// Whether it has free variables.
    pub is_closure: bool,
    /// Whether it returns nothing but None.
    pub returns_only_none: bool,
    /// The names of globals and builtins that it reads itself; what is inside of it may read others.
    pub reads: Vec<Value>,
}

impl Cx {
    /// The number of this interpreter; that of the first one is 0.
    pub fn interpreter_id(&self) -> i64 {
        self.vm().place.id
    }
    /// What this interpreter may do.
    pub fn rights(&self) -> Rights {
        self.vm().place.rights
    }
    /// All interpreters of the program.
    pub fn interpreters(&self) -> Vec<Known> {
        self.vm().place.runtime.all()
    }
    /// What may be known of one of them.
    pub fn known_interpreter(&self, id: i64) -> Result<Known, Refusal> {
        self.vm().place.runtime.known(id)
    }
    /// Makes one, which ends when nobody holds it any more, if `ends_without` says so; gives its number, or nothing if none can be made.
    /// Runs Python (in the new one, and other threads here); raises as [`Cx::work`], `MemoryError`, and `RecursionError` where too little
    /// native stack is left.
    pub fn make_interpreter(&self, rights: Rights, ends_without: bool) -> Res<Option<i64>> {
        self.vm().make_interpreter(rights, ends_without)
    }
    /// Ends one. Runs Python there, and other threads here; `RecursionError` where too little native stack is left.
    pub fn end_interpreter(&self, id: i64) -> Res<Result<(), Refusal>> {
        self.vm().end_interpreter(id)
    }
    /// Somebody needs an interpreter.
    pub fn hold_interpreter(&self, id: i64, ends_without: bool) -> Result<(), Refusal> {
        self.vm().place.runtime.hold(id, ends_without)
    }
    /// He does not any more. Runs Python and raises as [`Cx::end_interpreter`].
    pub fn let_interpreter_go(&self, id: i64) -> Res<Result<(), Refusal>> {
        self.vm().let_interpreter_go(id)
    }
    /// Does `work` in another interpreter. `work` and what it gives are `Send`: nothing of the one gets into the other. Runs Python
    /// there, and other threads here; `RecursionError` where too little native stack is left.
    pub fn in_interpreter<T: Send>(
        &self,
        id: i64,
        work: impl FnOnce(&Cx) -> T + Send,
    ) -> Res<Result<T, Refusal>> {
        self.vm().in_interpreter(id, |vm| work(Cx::of(vm)))
    }
    /// Looks at what a module keeps for all interpreters: shortly, and without waiting for anything.
    pub fn in_common<T: InCommon + Default, R>(&self, look: impl FnOnce(&mut T) -> R) -> R {
        self.vm().place.runtime.in_common(look)
    }
    /// Charges bytes that belong to no interpreter, as long as what is given back lives. Runs no Python; `MemoryError`.
    pub fn set_aside(&self, bytes: usize) -> Res<SetAside> {
        self.vm().heap().set_aside(bytes).ok_or_else(|| self.no_memory())
    }
    /// The namespace of `__main__`, made if there is none. Runs no Python; `MemoryError`, and `SystemError` if `sys.modules` is gone.
    pub fn main_namespace(&self) -> Res<Dict> {
        let vm = self.vm();
        let Some(modules) = vm.modules.get::<crate::types::dict::Dict>() else {
            return Err(vm.system_error("sys.modules is gone"));
        };
        if let Some(module) = modules.get_name(&vm.names.__main__).and_then(Value::get::<Module>) {
            return Ok(Dict(module.dict_ref()));
        }
        let module = vm.new_module("__main__", "")?;
        let dict = Dict(module.dict_ref());
        modules.set_name(vm, &vm.names.__main__, module.into_value())?;
        Ok(dict)
    }
    /// A `types.SimpleNamespace` of these attributes. Runs no Python; `MemoryError`.
    pub fn new_namespace(&self, attributes: &[(&str, &Value)]) -> Res {
        let names = attributes.iter().map(|(name, _)| self.intern(name)).collect::<Res<Vec<_>>>()?;
        let values: Vec<Value> = attributes.iter().map(|(_, value)| (*value).clone()).collect();
        self.call_named(&self.class::<SimpleNamespace>()?, &values, &names)
    }
    /// Whether it is a `memoryview`.
    pub fn is_memoryview(&self, value: &Value) -> bool {
        std::ptr::eq(self.vm().type_of(value), &*self.vm().types.memoryview)
    }
    /// Whether it is a code object.
    pub fn is_code(&self, value: &Value) -> bool {
        value.has::<CodeObj>()
    }
    /// Whether it is a function of Python's.
    pub fn is_function(&self, value: &Value) -> bool {
        value.has::<Function>()
    }
    /// What is to be known of a code object; nothing if it is none. Runs no Python; `MemoryError`.
    pub fn code_facts(&self, code: &Value) -> Res<Option<CodeFacts>> {
        let Some(object) = code.get::<CodeObj>() else { return Ok(None) };
        let whole = object.ensure_whole(self.vm())?;
        let (instrs, consts) = (&whole.code.instrs, &whole.code.consts);
        let mut facts = CodeFacts {
            takes_args: whole.code.parameter_count() > 0,
            is_closure: object.facts.free_count > 0,
            returns_only_none: !object.flags().intersects(CodeFlags::MAKES_GENERATOR),
            reads: Vec::new(),
        };
        for (at, instr) in instrs.iter().enumerate() {
            match instr.op() {
                Some(Op::LoadGlobal) => facts.reads.extend(whole.names.get(instr.arg() as usize).cloned()),
                Some(Op::ReturnValue) => {
                    let before = at.checked_sub(1).map(|at| instrs[at]);
                    let constant = before.filter(|instr| instr.op() == Some(Op::LoadConst));
                    let constant = constant.and_then(|instr| consts.get(instr.arg() as usize));
                    facts.returns_only_none &= constant == Some(&Const::None);
                }
                _ => {}
            }
        }
        Ok(Some(facts))
    }
    /// A code object as bytes, which [`Cx::code_of_bytes`] reads. Runs no Python; `MemoryError`, and `ValueError` where it holds what
    /// has no bytes.
    pub fn code_as_bytes(&self, code: &Value) -> Res<Bytes> {
        let made = marshal::bytes_of(self, code)?;
        Bytes::of(&made).ok_or(()).map_err(|()| self.system_error("marshal made no bytes"))
    }
    /// The code object of such bytes. Runs no Python; `MemoryError`, `ValueError`.
    pub fn code_of_bytes(&self, bytes: &[u8]) -> Res {
        marshal::object_of(self, bytes)
    }
    /// A function of a code object. Runs no Python; `MemoryError`.
    pub fn function_of_code(&self, code: &Value, globals: &Dict) -> Res {
        Ok(self.vm().new_function(code, globals.value())?.into_value())
    }
    /// Runs a code object that wants no arguments, with a namespace. Runs Python, and raises what the code raises.
    pub fn run_code(&self, code: &Value, namespace: &Dict) -> Res {
        let function = self.function_of_code(code, namespace)?;
        let is_function =
            code.get::<CodeObj>().is_some_and(|code| code.flags().contains(CodeFlags::OPTIMIZED));
        match is_function {
            true => self.call(&function, ()),
            false => self.vm().run_code(&function, namespace.value()),
        }
    }
    /// Calls something with arguments by position, and by the names of a dict. Runs Python; raises what the call raises, and `TypeError`
    /// for a name that is no str.
    pub fn call_star(&self, callable: &Value, positional: &Tuple, named: &Value) -> Res {
        self.vm().call_star(callable, positional.value(), named)
    }
}
