//! Objects as a tree for the compiler.
//!
//! Whatever has the attributes of a node will do; only where a node may be of several classes is its class asked. Reading an attribute
//! may run Python, which may change what was not read yet: so each thing is read once, and copied.

use std::cell::RefCell;
use std::cmp::Ordering;

use ryokan_bytecode::ast::{Attributes, Class, Field, Item, Kind, Many, Place, Row, Tree};
use ryokan_bytecode::{Const, Text as CodeText};

use crate::host::CompileMode;
use crate::native::*;
use crate::types::float::{float_of, is_exact_float};
use crate::vm::Vm;

use super::classes::{self, Classes, PLACE};

/// Whether a value is a node: its class inherits from `AST`.
pub fn is_node(vm: &Vm, value: &Value) -> Res<bool> {
    Ok(vm.is_instance(value, &*classes::base(vm)?))
}

/// `TypeError` unless a node is what a mode compiles.
pub fn expect_root(vm: &Vm, node: &Value, mode: CompileMode) -> Res<()> {
    let cx = Cx::of(vm);
    let class = root_class(mode);
    if cx.is_instance(node, &Classes::of(cx)?.node(class))? {
        return Ok(());
    }
    let name = class.row().name;
    Err(cx.type_error(format_args!("expected {name} node, got {}", cx.class_name(node))))
}

fn root_class(mode: CompileMode) -> Class {
    match mode {
        CompileMode::Exec => Class::Module,
        CompileMode::Eval => Class::Expression,
        CompileMode::Single => Class::Interactive,
        CompileMode::FunctionType => Class::FunctionType,
    }
}

/// A tree as read, and what pays for it.
pub struct Read {
    /// The tree.
    pub tree: Tree,
    _charge: Charge,
}

/// Reads the root of a tree, which is of the class of its mode. Runs Python.
pub fn read(vm: &Vm, node: &Value, mode: CompileMode) -> Res<Read> {
    let cx = Cx::of(vm);
    let reader = Reader { cx, classes: Classes::of(cx)?, tree: RefCell::default(), charge: cx.charge(0)? };
    reader.of_class(node, root_class(mode).row(), Place::default())?;
    Ok(Read { tree: reader.tree.into_inner(), _charge: reader.charge })
}

struct Reader<'a> {
    cx: &'a Cx,
    classes: Obj<Classes>,
    tree: RefCell<Tree>,
    charge: Charge,
}

impl Reader<'_> {
    fn pay(&self, bytes: usize) -> Res<()> {
        self.charge.add(self.cx.vm(), bytes)
    }

    /// A node of a kind.
    fn node(&self, value: &Value, kind: Kind) -> Res<Item> {
        let cx = self.cx;
        cx.check_stack()?;
        cx.work(16)?;
        if kind.is_product() {
            let Some(row) = kind.classes().next() else { return Ok(Item::None) };
            return self.product(value, row);
        }
        let has_place = kind.attributes() != Attributes::No;
        let is_marks = kind.classes().all(|row| row.fields.is_empty()) && !has_place;
        if value.is_none() && !is_marks {
            return Ok(Item::None);
        }
        let place = if has_place { self.place(value, kind)? } else { Place::default() };
        for row in kind.classes() {
            if cx.is_instance(value, &self.classes.node(row.class))? {
                return self.of_class(value, row, place);
            }
        }
        let shown = cx.repr(value)?;
        Err(cx.type_error(format_args!("expected some sort of {}, but got {shown}", kind.name())))
    }

    /// A node of the only class of its kind: its place is read last.
    fn product(&self, value: &Value, row: &'static Row) -> Res<Item> {
        let fields = self.fields(value, row)?;
        let place = match row.sum.attributes() {
            Attributes::No => Place::default(),
            _ => self.place(value, row.sum)?,
        };
        self.add(row, place, fields)
    }

    fn of_class(&self, value: &Value, row: &'static Row, place: Place) -> Res<Item> {
        let fields = self.fields(value, row)?;
        self.add(row, place, fields)
    }

    /// Adds a node that has what it must have.
    fn add(&self, row: &'static Row, place: Place, fields: Vec<Item>) -> Res<Item> {
        for (field, item) in row.fields.iter().zip(&fields) {
            let needed = field.many == Many::One && !matches!(field.kind, Kind::Int | Kind::Constant);
            if needed && item.is_none() && row.class != Class::Lambda {
                let (field, class) = (field.name, row.name);
                return Err(self.cx.value_error(format_args!("field '{field}' is required for {class}")));
            }
        }
        self.pay(Tree::NODE_BYTES + fields.len() * Tree::ITEM_BYTES)?;
        Ok(self.tree.borrow_mut().add(row.class, place, fields))
    }

    fn missing(&self, name: &str, owner: &str) -> Raised {
        self.cx.type_error(format_args!("required field \"{name}\" missing from {owner}"))
    }

    fn place(&self, value: &Value, kind: Kind) -> Res<Place> {
        let whole = kind.attributes() == Attributes::Whole;
        let mut numbers = [0; 4];
        for (at, name) in PLACE.iter().enumerate() {
            let found = self.cx.attr_opt(value, name)?;
            numbers[at] = match found {
                Some(found) if at < 2 || whole || !found.is_none() => self.int(&found)?,
                None if at < 2 || whole => return Err(self.missing(name, kind.name())),
                _ => numbers[at - 2],
            };
        }
        let [line, col, end_line, end_col] = numbers;
        Ok(Place { line, col, end_line, end_col })
    }

    fn int(&self, value: &Value) -> Res<i32> {
        let cx = self.cx;
        if !cx.is_int(value) {
            let shown = cx.repr(value)?;
            return Err(cx.value_error(format_args!("invalid integer value: {shown}")));
        }
        let number = cx.index_i128(value)?.and_then(|n| i32::try_from(n).ok());
        number.ok_or_else(|| cx.overflow_error("Python int too large to convert to C int"))
    }

    fn fields(&self, value: &Value, row: &'static Row) -> Res<Vec<Item>> {
        row.fields.iter().map(|field| self.field(value, row, field)).collect()
    }

    fn field(&self, owner: &Value, row: &Row, field: &Field) -> Res<Item> {
        let found = self.cx.attr_opt(owner, field.name)?;
        match (found, field.many) {
            (None, Many::One) => Err(self.missing(field.name, row.name)),
            (None, Many::Seq | Many::Gaps) => Ok(self.tree.borrow_mut().seq([])),
            (None, Many::Opt) => Ok(Item::None),
            (Some(value), Many::Opt) if value.is_none() => Ok(Item::None),
            (Some(value), Many::One | Many::Opt) => self.one(&value, field.kind),
            (Some(value), Many::Seq | Many::Gaps) => self.sequence(&value, row, field),
        }
    }

    fn sequence(&self, value: &Value, row: &Row, field: &Field) -> Res<Item> {
        let cx = self.cx;
        let Some(list) = List::of(value) else {
            let (class, name, given) = (row.name, field.name, cx.class_name(value));
            return Err(cx.type_error(format_args!("{class} field \"{name}\" must be a list, not a {given}")));
        };
        let len = list.len();
        self.pay(len.saturating_mul(Tree::ITEM_BYTES * 2))?;
        let mut items = Vec::new();
        for at in 0..len {
            let Some(item) = list.get(at) else { break };
            items.push(self.one(&item, field.kind)?);
            if list.len() != len {
                let (class, name) = (row.name, field.name);
                return Err(
                    cx.runtime_error(format_args!("{class} field \"{name}\" changed size during iteration"))
                );
            }
        }
        Ok(self.tree.borrow_mut().seq(items))
    }

    fn one(&self, value: &Value, kind: Kind) -> Res<Item> {
        match kind {
            Kind::Identifier | Kind::String => {
                if value.is_none() {
                    return Ok(Item::None);
                }
                match self.text(value)? {
                    Some(text) => Ok(Item::Plain(Const::Str(text))),
                    None => Err(self.cx.type_error(format_args!("AST {} must be of type str", kind.name()))),
                }
            }
            Kind::Int => self.int(value).map(|n| Item::int(i64::from(n))),
            Kind::Constant => match self.constant(value)? {
                Ok(constant) => Ok(Item::Plain(constant)),
                Err(kind) => Ok(Item::Odd(CodeText::from(kind.as_str()))),
            },
            kind => self.node(value, kind),
        }
    }

    /// The text of what is exactly a str.
    fn text(&self, value: &Value) -> Res<Option<CodeText>> {
        let Some(text) = value.exact::<crate::types::str::Str>() else { return Ok(None) };
        self.pay(text.byte_len().saturating_mul(2))?;
        Ok(Some(CodeText::from_wtf8(&text.to_wtf8())))
    }

    /// A value as a constant, or the name of its type if it is none.
    fn constant(&self, value: &Value) -> Res<Result<Const, Text>> {
        let (cx, vm) = (self.cx, self.cx.vm());
        cx.check_stack()?;
        if let Some(text) = self.text(value)? {
            return Ok(Ok(Const::Str(text)));
        }
        if let Some(bytes) = Bytes::exact(value) {
            self.pay(bytes.as_slice().len())?;
            return Ok(Ok(Const::Bytes(bytes.as_slice().into())));
        }
        let known = match value {
            value if value.is_none() => Some(Const::None),
            value if value.is(&Value::TRUE) => Some(Const::True),
            value if value.is(&Value::FALSE) => Some(Const::False),
            value if value.is(&Value::ELLIPSIS) => Some(Const::Ellipsis),
            value if is_exact_float(value) => float_of(value).map(|x| Const::Float(x.to_bits())),
            value if cx.is_exact_int(value) => return self.whole(value).map(Ok),
            value if std::ptr::eq(vm.type_of(value), &*vm.types.complex) => {
                let (re, im) = cx.complex(value)?;
                Some(Const::Complex(re.to_bits(), im.to_bits()))
            }
            _ => None,
        };
        if let Some(known) = known {
            return Ok(Ok(known));
        }
        let frozen = std::ptr::eq(vm.type_of(value), &*vm.types.frozenset);
        if !frozen && Tuple::exact(value).is_none() {
            return Ok(Err(cx.class_name(value)));
        }
        let items = Tuple::from_iterable(cx, value)?;
        self.pay(items.len().saturating_mul(2 * size_of::<Const>()))?;
        let mut all = Vec::new();
        for item in items.as_slice() {
            match self.constant(item)? {
                Ok(item) => all.push(item),
                Err(kind) => return Ok(Err(kind)),
            }
        }
        Ok(Ok(if frozen { Const::FrozenSet(all.into()) } else { Const::Tuple(all.into()) }))
    }

    fn whole(&self, value: &Value) -> Res<Const> {
        let vm = self.cx.vm();
        if let Some(small) = vm.as_i64(value) {
            return Ok(Const::Int(small));
        }
        let Some(big) = vm.to_big(value) else { return Err(self.cx.type_error("an int is expected")) };
        let negative = big.cmp(&dashu_int::IBig::ZERO) == Ordering::Less;
        let (_, magnitude) = big.into_parts();
        let bytes = magnitude.to_le_bytes();
        self.pay(bytes.len())?;
        Ok(Const::BigInt(negative, bytes.into()))
    }
}
