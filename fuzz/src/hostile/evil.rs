//! Classes whose special methods do harm.
//!
//! Each method acts first (`harm(k)` of the prelude clears, resizes, re-classes, releases, drops or collects what is being
//! operated on, or raises), then gives something: mostly what the protocol wants, sometimes what it forbids.

use super::Gen;
use super::receivers::attributes;
use crate::choices::Choices;

/// A special method: its parameters, and what it may give.
type Special = (&'static str, &'static str, &'static [&'static str]);

const INTS: &[&str] = &["1", "0", "-1", "3", "1 << 70", "True", "'x'"];
const BOOLS: &[&str] = &["True", "False", "NotImplemented", "self"];
const ANY: &[&str] = &["self", "1", "NotImplemented", "victim(1)", "[1, 2]"];
const AWAITED: &[&str] = &["Ready()", "waiting(Ready())", "5"];

/// Special methods that are not arithmetic.
const SPECIALS: &[Special] = &[
    ("__index__", "self", INTS),
    ("__int__", "self", INTS),
    ("__trunc__", "self", INTS),
    ("__round__", "self, *args", INTS),
    ("__floor__", "self", INTS),
    ("__ceil__", "self", INTS),
    ("__float__", "self", &["1.5", "0.0", "float('nan')", "1", "'x'"]),
    ("__complex__", "self", &["1j", "1.5", "'x'"]),
    ("__bool__", "self", &["True", "False", "1"]),
    ("__len__", "self", &["2", "0", "100", "-1", "1 << 62", "1 << 70"]),
    ("__length_hint__", "self", &["5", "0", "-1", "1 << 40", "NotImplemented", "'x'"]),
    ("__hash__", "self", &["1", "2", "8", "-1", "1 << 64", "'x'"]),
    ("__eq__", "self, other", BOOLS),
    ("__ne__", "self, other", BOOLS),
    ("__lt__", "self, other", BOOLS),
    ("__le__", "self, other", BOOLS),
    ("__gt__", "self, other", BOOLS),
    ("__ge__", "self, other", BOOLS),
    ("__iter__", "self", &["iter([1, 2, 3])", "self", "iter(T)", "counting(self)", "iter(Sequence())", "5"]),
    (
        "__next__",
        "self",
        &["stop() or 1", "stop() or self", "stop() or ('a', victim(2))", "stop() or victim(1)"],
    ),
    ("__getitem__", "self, key", &["lost() or 1", "lost() or self", "lost() or key", "lost() or victim(3)"]),
    ("__setitem__", "self, key, value", &["None"]),
    ("__delitem__", "self, key", &["None"]),
    ("__contains__", "self, item", BOOLS),
    ("__missing__", "self, key", ANY),
    ("__reversed__", "self", &["iter([1, 2])", "self", "5"]),
    ("__call__", "self, *args, **named", &["self", "1", "args", "True", "'a'", "iter(args)", "None"]),
    ("__repr__", "self", &["'r'", "'\\u1234' * 9", "5", "Named('r')"]),
    ("__str__", "self", &["'s'", "'\\u1234' * 9", "5", "Named('s')"]),
    ("__format__", "self, spec", &["'f'", "5", "Named('f')"]),
    ("__bytes__", "self", &["b'x'", "'x'"]),
    ("__fspath__", "self", &["'x'", "5"]),
    ("__getattr__", "self, name", &["1", "self", "absent()", "plain", "(1, 2)"]),
    ("__getattribute__", "self, name", &["object.__getattribute__(self, name)", "1", "absent()", "plain"]),
    ("__setattr__", "self, name, value", &["None", "object.__setattr__(self, name, value)"]),
    ("__delattr__", "self, name", &["None", "object.__delattr__(self, name)"]),
    ("__get__", "self, instance, owner=None", &["self", "1", "plain", "absent()", "True"]),
    ("__set__", "self, instance, value", &["None"]),
    ("__delete__", "self, instance", &["None"]),
    (
        "__set_name__",
        "self, owner, name",
        &["None", "setattr(owner, 'b' + name, self)", "delattr(owner, name)"],
    ),
    ("__init_subclass__", "cls, **named", &["None", "T.append(cls)"]),
    ("__class_getitem__", "cls, key", ANY),
    ("__instancecheck__", "self, instance", BOOLS),
    ("__subclasscheck__", "self, subclass", BOOLS),
    ("__subclasshook__", "self, *args", BOOLS),
    ("__mro_entries__", "self, bases", &["(Spare,)", "()", "(object,)", "bases", "(Spare, Listed)", "5"]),
    ("__prepare__", "*args, **named", &["{}", "Table()", "5", "{'a': victim(1)}"]),
    (
        "mro",
        "cls",
        &[
            "type.mro(cls)",
            "[cls, object]",
            "[cls, Spare, object]",
            "[int, object]",
            "[]",
            "[cls, 5]",
            "[cls, list, object]",
        ],
    ),
    ("__del__", "self", &["None", "T.append(self)", "setattr(self, '__class__', Spare)", "None"]),
    ("__enter__", "self", ANY),
    ("__exit__", "self, *args", BOOLS),
    ("__aenter__", "self", AWAITED),
    ("__aexit__", "self, *args", AWAITED),
    ("__await__", "self", &["iter([1, 2])", "counting(self)", "self", "5"]),
    ("__aiter__", "self", &["self", "producing(Ready())", "5"]),
    ("__anext__", "self", &["Ready()", "waiting(Ready())", "ended()", "5"]),
    ("__dir__", "self", &["['b', 'a']", "[self, 1]", "T", "counting(1)", "5"]),
    ("__sizeof__", "self", INTS),
    ("__reduce_ex__", "self, protocol", ANY),
    ("__reduce__", "self", ANY),
    ("__getstate__", "self", ANY),
    (
        "__buffer__",
        "self, flags",
        &["memoryview(bytearray(16))", "memoryview(b'abc')", "5", "memoryview(victim(1))"],
    ),
    ("__release_buffer__", "self, view", &["None", "view.release()"]),
    ("__neg__", "self", ANY),
    ("__pos__", "self", ANY),
    ("__abs__", "self", ANY),
    ("__invert__", "self", ANY),
];

/// Attributes that are read where a class or an object is looked at.
const ATTRIBUTES: &[&str] = &[
    "__match_args__ = ('a', 'b')",
    "__match_args__ = T",
    "__class__ = property(lambda self: (harm(11), int)[1])",
    "__dict__ = property(lambda self: (harm(12), {})[1])",
    "__hash__ = None",
    "__iter__ = None",
    "__contains__ = None",
    "__slots__ = ('a', 'b')",
    "__slots__ = counting(1)",
    "__slots__ = (harm(k) or 's%d' % k for k in range(9))",
    "__name__ = property(lambda self: (harm(13), 'n')[1])",
    "__doc__ = property(lambda self: (harm(14), 'd')[1])",
    "__isabstractmethod__ = property(lambda self: (harm(15), True)[1])",
    "__module__ = property(lambda self: (harm(16), 'm')[1])",
    "__bases__ = property(lambda self: (harm(17), (int,))[1])",
    "__mro__ = (int, object)",
    "a = property(lambda self: harm(18))",
    "a = plain",
];

/// Arithmetic that has a plain, a reflected and an in-place method.
const ARITHMETIC: &[&str] = &[
    "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and",
    "or", "xor",
];

/// What an evil class derives from, and what its instances are made with.
const BASES: &[(&str, &str)] = &[
    ("", ""),
    ("", ""),
    ("", ""),
    ("list", "[1, 2, 3]"),
    ("dict", "{1: 2, 'a': 3}"),
    ("int", "3"),
    ("str", "'abc'"),
    ("float", "1.5"),
    ("tuple", "(1, 2)"),
    ("bytes", "b'abc'"),
    ("bytearray", "b'abcdef'"),
    ("set", "[1, 2, 3]"),
    ("frozenset", "[1, 2]"),
    ("complex", "1, 2"),
    ("type", "'C', (Spare,), {'a': 1}"),
    ("type", "'C', (), {}"),
    ("property", "plain"),
    ("classmethod", "plain"),
    ("staticmethod", "plain"),
    ("super", "Spare"),
    ("enumerate", "Sequence()"),
    ("zip", "Sequence(), [1, 2]"),
    ("map", "plain, Sequence()"),
    ("filter", "None, Sequence()"),
    ("reversed", "[1, 2]"),
    ("Exception", "1, 2"),
    ("OSError", "2, 'x', 'f'"),
    ("SyntaxError", "'m', ('f', 1, 2, 'text')"),
    ("StopIteration", "5"),
    ("KeyError", "1"),
    ("UnicodeDecodeError", "'utf-8', b'abc', 0, 1, 'r'"),
    ("ExceptionGroup", "'g', [ValueError(1)]"),
    ("Slotted", ""),
    ("Sequence", ""),
    ("type(sys)", "'m'"),
    ("type(sys.implementation)", ""),
    ("type(list[int])", "list, int"),
];

/// A class of the program.
pub struct Evil {
    /// Its name.
    pub name: String,
    /// An expression for an instance.
    pub make: String,
}

/// Every special method that classes here may have.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = SPECIALS.iter().map(|(name, ..)| name.to_string()).collect();
    for op in ARITHMETIC {
        names.extend(["", "r", "i"].map(|kind| format!("__{kind}{op}__")));
    }
    names
}

impl Gen<'_, '_> {
    /// Writes a class with special methods.
    pub(super) fn evil_class(&mut self) {
        let name = format!("E{}", self.classes.len());
        let (base, args) = self.pick(BASES);
        let parents = self.parents(base);
        // One that does everything, or one that does a few things.
        let everything = self.chance(3);
        self.line(0, "try:");
        self.line(1, format!("class {name}({parents}):"));
        self.line(2, "pass");
        if self.chance(4) {
            let text = self.pick(ATTRIBUTES);
            self.line(2, text);
        }
        for (method, params, gives) in SPECIALS {
            let one_in = match *method {
                "__getattribute__" | "__del__" | "__setattr__" | "mro" | "__prepare__" => 8,
                _ if everything => 2,
                _ => 7,
            };
            if self.chance(one_in) {
                self.method(method, params, gives);
            }
        }
        for op in ARITHMETIC {
            for kind in ["", "r", "i"] {
                if self.chance(if everything { 3 } else { 12 }) {
                    self.method(&format!("__{kind}{op}__"), "self, other, *more", ANY);
                }
            }
        }
        if self.chance(3) {
            self.borrowed();
        }
        self.line(0, format!("except BaseException: {name} = Harmless"));
        let make = if args.is_empty() { format!("made({name})") } else { format!("made({name}, {args})") };
        self.classes.push(Evil { name, make });
    }

    /// A base, an earlier class with it, or a metaclass.
    fn parents(&mut self, base: &str) -> String {
        if !self.classes.is_empty() && self.chance(6) {
            let earlier = self.class_name();
            return match self.below(4) {
                0 => earlier,
                1 if !base.is_empty() => format!("{earlier}, {base}"),
                2 => format!("Spare, metaclass={earlier}"),
                _ => format!("{}, a=1", self.evil()),
            };
        }
        base.to_string()
    }

    fn method(&mut self, name: &str, params: &str, gives: &[&str]) {
        let k = self.number();
        let give = self.pick(gives);
        match self.below(12) {
            11 => self.line(2, format!("def {name}({params}): harm({k}); raise ValueError({k})")),
            10 => self.line(2, format!("def {name}({params}): harm({k}); harm({}); return {give}", k + 7)),
            9 => self.line(
                2,
                format!("def {name}({params}): churn(0, harm({k})) if left > 0 else 0; return {give}"),
            ),
            _ => self.line(2, format!("def {name}({params}): harm({k}); return {give}")),
        }
    }

    /// Methods of builtin types as special methods of another class.
    fn borrowed(&mut self) {
        for _ in 0..self.below(5) + 1 {
            let all = attributes();
            let from = &all[self.below(all.len())];
            if !from.is_method {
                continue;
            }
            let (class, name) = (self.fill(&from.class), &from.name);
            let to = match self.chance(3) {
                true => self.pick(SPECIALS).0,
                false if from.is_special() => name,
                false => self
                    .pick(&["__len__", "__repr__", "__hash__", "__call__", "__iter__", "__next__", "__eq__"]),
            };
            let skipped =
                ["__new__", "__init__", "__class__", "__init_subclass__", "__getattribute__", "__setattr__"];
            if !skipped.contains(&to) {
                self.line(2, format!("try: {to} = {class}.{name}"));
                self.line(2, "except BaseException: pass");
            }
        }
    }
}
