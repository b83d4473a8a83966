//! Reading: the loop over opcodes.

use ryokan_vm::native::*;

use super::input::Input;
use super::op;
use super::stack::Stack;
use super::unpickler::Unpickler;
use super::{State, UNPICKLING_ERROR};

/// The newest protocol.
const NEWEST: u8 = 5;
/// As many opcodes as are paid for at once.
const PAID: u64 = 64;

/// Reads one pickle.
pub struct Loader<'a> {
    pub cx: &'a Cx,
    pub unpickler: &'a Unpickler,
    /// The unpickler as an object, if it is one of a class of Python's, which may have methods of its own.
    pub own: Option<Value>,
    pub state: Obj<State>,
    pub input: Input<'a>,
    pub stack: Stack<'a>,
    pub protocol: u8,
    pub fix_imports: bool,
    pub encoding: Text,
    pub errors: Text,
    /// What the unpickler does with the name that an object has outside.
    pub resolve: Option<Value>,
}

impl<'a> Loader<'a> {
    pub fn new(cx: &'a Cx, unpickler: &'a Unpickler, input: Input<'a>) -> Res<Loader<'a>> {
        Ok(Loader {
            cx,
            unpickler,
            own: None,
            state: cx.state::<State>()?,
            input,
            stack: Stack::new(cx)?,
            protocol: 0,
            fix_imports: unpickler.fix_imports.get(),
            encoding: cx.str(&unpickler.encoding.get())?,
            errors: cx.str(&unpickler.errors.get())?,
            resolve: None,
        })
    }
    #[cold]
    pub fn error(&self, message: impl std::fmt::Display) -> Raised {
        self.cx.raise_of(&UNPICKLING_ERROR, message)
    }

    /// Reads a pickle: the object that it says. Runs Python.
    pub fn whole(&mut self) -> Res {
        let mut left = PAID;
        loop {
            left -= 1;
            if left == 0 {
                self.cx.work(PAID)?;
                left = PAID;
            }
            let code = match self.input.byte() {
                Ok(code) => code,
                Err(raised) => return Err(self.at_end(raised)),
            };
            if code == op::STOP {
                break;
            }
            self.step(code)?;
        }
        self.input.settle()?;
        self.stack.pop()
    }
    /// There is no further opcode.
    #[cold]
    fn at_end(&self, raised: Raised) -> Raised {
        let truncated = self.cx.class_of_key(&UNPICKLING_ERROR);
        let exception = self.cx.take_raised(raised);
        match truncated.and_then(|class| self.cx.is_instance(&exception, &class)) {
            Ok(true) => self.cx.raise_builtin("EOFError", "Ran out of input"),
            Ok(false) => self.cx.raise_value(exception),
            Err(raised) => raised,
        }
    }

    /// What an opcode says.
    fn step(&mut self, code: u8) -> Res<()> {
        let cx = self.cx;
        match code {
            op::NONE => self.stack.push(Value::NONE),
            op::NEWTRUE => self.stack.push(Value::TRUE),
            op::NEWFALSE => self.stack.push(Value::FALSE),
            op::BININT1 => self.small::<1>(),
            op::BININT2 => self.small::<2>(),
            op::BININT => {
                let number = i32::from_le_bytes(self.input.array()?);
                self.stack.push(Value::small(i64::from(number)))
            }
            op::BINFLOAT => {
                let number = f64::from_be_bytes(self.input.array()?);
                self.stack.push(number.into_value(cx)?)
            }
            op::SHORT_BINUNICODE => {
                let count = self.input.byte()?;
                self.unicode(count.into())
            }
            op::MEMOIZE => {
                let value = self.stack.top()?;
                self.unpickler.memo.add(cx, value)
            }
            op::BINPUT => {
                let index = self.input.byte()?;
                self.put(index.into())
            }
            op::LONG_BINPUT => {
                let index = u32::from_le_bytes(self.input.array()?);
                self.put(index as usize)
            }
            op::BINGET => {
                let index = self.input.byte()?;
                self.get(index.into())
            }
            op::LONG_BINGET => {
                let index = u32::from_le_bytes(self.input.array()?);
                self.get(index as usize)
            }
            op::MARK => self.stack.mark(),
            op::EMPTY_TUPLE => self.tuple(0),
            op::TUPLE1 => self.tuple(1),
            op::TUPLE2 => self.tuple(2),
            op::TUPLE3 => self.tuple(3),
            op::TUPLE => {
                let start = self.stack.unmark()?;
                let made = self.stack.tuple_from(start)?;
                self.stack.push(made.into_value())
            }
            op::EMPTY_LIST => self.stack.push(List::new(cx, 0)?.into_value()),
            op::EMPTY_DICT => self.stack.push(Dict::new(cx)?.into_value()),
            op::EMPTY_SET => self.stack.push(Set::new(cx)?.into_value()),
            op::APPEND => {
                let start = self.stack.len().wrapping_sub(1);
                self.append(start, true)
            }
            op::APPENDS => {
                let start = self.stack.unmark()?;
                self.append(start, false)
            }
            op::SETITEM => {
                let start = self.stack.len().wrapping_sub(2);
                self.set_items(start)
            }
            op::SETITEMS => {
                let start = self.stack.unmark()?;
                self.set_items(start)
            }
            op::NEWOBJ => self.new_object(false),
            op::BUILD => self.build(),
            op::REDUCE => self.reduce(),
            op::STACK_GLOBAL => self.stack_global(),
            op::POP => self.stack.discard(),
            op::FRAME => {
                let size = self.input.array()?;
                let size = u64::from_le_bytes(size);
                match usize::try_from(size) {
                    Ok(size) if size <= isize::MAX as usize => self.input.begin_frame(size),
                    _ => {
                        let most = isize::MAX;
                        let message = format_args!("FRAME length exceeds system's maximum of {most} bytes");
                        Err(cx.overflow_error(message))
                    }
                }
            }
            op::PROTO => {
                let protocol = self.input.byte()?;
                if protocol > NEWEST {
                    return Err(cx.value_error(format_args!("unsupported pickle protocol: {protocol}")));
                }
                self.protocol = protocol;
                Ok(())
            }
            _ => self.rarer_step(code),
        }
    }
    /// The same of an opcode that says how many bytes it has, or is of an old protocol, or rare.
    #[inline(never)]
    fn rarer_step(&mut self, code: u8) -> Res<()> {
        let cx = self.cx;
        match code {
            op::SHORT_BINBYTES => {
                let count = self.input.byte()?;
                self.bytes(count.into())
            }
            op::BINBYTES => {
                let count = u32::from_le_bytes(self.input.array()?);
                self.bytes(count as usize)
            }
            op::BINBYTES8 => {
                let count = self.input.array()?;
                let count = self.size(count, "BINBYTES")?;
                self.bytes(count)
            }
            op::BYTEARRAY8 => {
                let count = self.input.array()?;
                let count = self.size(count, "BYTEARRAY8")?;
                self.bytearray(count)
            }
            op::BINUNICODE => {
                let count = u32::from_le_bytes(self.input.array()?);
                self.unicode(count as usize)
            }
            op::BINUNICODE8 => {
                let count = self.input.array()?;
                let count = self.size(count, "BINUNICODE")?;
                self.unicode(count)
            }
            op::SHORT_BINSTRING => {
                let count = self.input.byte()?;
                self.string(count.into())
            }
            op::BINSTRING => {
                let count = i32::from_le_bytes(self.input.array()?);
                self.string(count.into())
            }
            op::LONG1 => {
                let count = self.input.byte()?;
                self.long(count.into())
            }
            op::LONG4 => {
                let count = i32::from_le_bytes(self.input.array()?);
                self.long(count.into())
            }
            op::INT => self.int_line(),
            op::LONG => self.long_line(),
            op::FLOAT => self.float_line(),
            op::STRING => self.string_line(),
            op::UNICODE => self.unicode_line(),
            op::PUT => {
                let (index, value) = self.index_line_and_top()?;
                match usize::try_from(index) {
                    Ok(index) => self.unpickler.memo.put(cx, index, value),
                    Err(_) => Err(cx.value_error("negative PUT argument")),
                }
            }
            op::GET => {
                let index = self.index_line()?;
                match usize::try_from(index) {
                    Ok(index) => self.get(index),
                    Err(_) => Err(self.not_remembered(index)),
                }
            }
            op::DUP => {
                let value = self.stack.top()?;
                self.stack.push(value)
            }
            op::POP_MARK => {
                let start = self.stack.unmark()?;
                self.stack.truncate(start);
                Ok(())
            }
            op::LIST => self.list(),
            op::DICT => self.dict(),
            op::FROZENSET => {
                let start = self.stack.unmark()?;
                let items = self.stack.tuple_from(start)?;
                self.stack.push(cx.frozenset(items.as_slice())?)
            }
            op::ADDITEMS => self.add_items(),
            op::NEWOBJ_EX => self.new_object(true),
            op::OBJ => self.obj(),
            op::INST => self.inst(),
            op::GLOBAL => {
                let module = self.name_line("utf-8")?;
                let name = self.name_line("utf-8")?;
                let found = self.find(module, name)?;
                self.stack.push(found)
            }
            op::EXT1 => {
                let [a] = self.input.array()?;
                self.by_number(a.into())
            }
            op::EXT2 => {
                let number = u16::from_le_bytes(self.input.array()?);
                self.by_number(number.into())
            }
            op::EXT4 => {
                let number = i32::from_le_bytes(self.input.array()?);
                self.by_number(number.into())
            }
            op::PERSID => {
                let name = self.outside_name()?;
                self.outside(name)
            }
            op::BINPERSID => {
                let name = self.stack.pop()?;
                self.outside(name)
            }
            op::NEXT_BUFFER => self.next_buffer(),
            op::READONLY_BUFFER => self.readonly_buffer(),
            0x20..=0x7e if code != b'\'' && code != b'\\' => {
                Err(self.error(format_args!("invalid load key, '{}'.", char::from(code))))
            }
            _ => Err(self.error(format_args!("invalid load key, '\\x{code:02x}'."))),
        }
    }

    /// A number of one or two bytes without a sign.
    #[inline]
    fn small<const N: usize>(&mut self) -> Res<()> {
        let bytes = self.input.take(N)?;
        let number = bytes.iter().rev().fold(0, |number, byte| number << 8 | i64::from(*byte));
        self.stack.push(Value::small(number))
    }
    #[inline]
    fn tuple(&mut self, count: usize) -> Res<()> {
        let made = self.stack.last(count)?;
        self.stack.push(made.into_value())
    }
    #[inline]
    fn put(&mut self, index: usize) -> Res<()> {
        let value = self.stack.top()?;
        self.unpickler.memo.put(self.cx, index, value)
    }
    #[inline]
    fn get(&mut self, index: usize) -> Res<()> {
        match self.unpickler.memo.get(self.cx, index)? {
            Some(value) => self.stack.push(value),
            None => Err(self.not_remembered(index as i64)),
        }
    }
    #[cold]
    fn not_remembered(&self, index: i64) -> Raised {
        self.error(format_args!("Memo value not found at index {index}"))
    }
}
