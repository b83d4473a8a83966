//! Operations: an attribute of a receiver is called, applied as an operator, read, set or deleted.

use super::Gen;
use super::receivers::{Attribute, RECEIVERS, attributes};
use crate::choices::Choices;

/// How a special method is reached by syntax or by a builtin; `{0}` is the receiver, `{1}` and `{2}` are arguments. What begins with a
/// `|` is a statement.
const SYNTAX: &[(&str, &[&str])] = &[
    ("__abs__", &["abs({0})"]),
    ("__add__", &["{0} + {1}", "sum([{1}, {2}], {0})"]),
    ("__aenter__", &["drive(entering({0}), 1)"]),
    ("__aiter__", &["aiter({0})", "drive(looping({0}), 1)"]),
    ("__and__", &["{0} & {1}"]),
    ("__anext__", &["anext({0})", "drive(anext({0}, {1}), 1)"]),
    ("__await__", &["drive(waiting({0}), 1)"]),
    ("__bool__", &["not {0}", "{1} if {0} else {2}", "any([{0}, {1}])"]),
    ("__buffer__", &["memoryview({0})", "bytes({0})", "b''.join([{0}, {1}])", "bytearray(9).join([{0}])"]),
    ("__bytes__", &["bytes({0})", "b'%b' % ({0},)"]),
    ("__call__", &["{0}()", "{0}({1})", "{0}({1}, {2})", "{0}(*{1}, **{2})", "{0}(a={1})"]),
    ("__class_getitem__", &["type({0})[{1}]", "type({0})[{1}, {2}]"]),
    ("__contains__", &["{1} in {0}", "{1} not in {0}"]),
    ("__delattr__", &["|del {0}.a", "delattr({0}, {1})"]),
    ("__delitem__", &["|del {0}[{1}]", "|del {0}[{1}:{2}]", "|del {0}[{1}:{2}:2]"]),
    ("__dir__", &["dir({0})"]),
    ("__divmod__", &["divmod({0}, {1})"]),
    ("__enter__", &["|with {0} as x, {1} as y: harm(5)"]),
    (
        "__eq__",
        &["{0} == {1}", "[{0}].index({1})", "[{0}, 1].count({1})", "[{0}] == [{1}]", "({0}, 1) == ({1}, 1)"],
    ),
    ("__exit__", &["|with {0}, {1}: raise KeyError({2})"]),
    ("__float__", &["float({0})", "'%f' % {0}", "complex({0})"]),
    ("__floordiv__", &["{0} // {1}"]),
    ("__format__", &["format({0}, 'x')", "format({0}, {1})", "f'{{{0}:>{{{1}}}}}'", "'%*d' % ({0}, {1})"]),
    ("__ge__", &["{0} >= {1}", "[{0}] >= [{1}]"]),
    ("__get__", &["type('D', (), {'a': {0}})().a", "type('D', (), {'a': {0}}).a"]),
    ("__getattr__", &["{0}.a", "getattr({0}, {1}, {2})", "hasattr({0}, {1})"]),
    ("__getattribute__", &["{0}.a", "getattr({0}, 'b', {1})"]),
    (
        "__getitem__",
        &[
            "{0}[{1}]",
            "{0}[{1}:{2}]",
            "{0}[{1}:{2}:{1}]",
            "{0}[:{1}]",
            "'{0[1]}'.format({0})",
            "'%(a)s' % {0}",
        ],
    ),
    ("__gt__", &["{0} > {1}", "max({0}, {1})", "max([{0}, {1}], key={2})"]),
    (
        "__hash__",
        &["hash({0})", "{{0}: {1}, {2}: 1}", "{1} in {{0}: 1, 2: 3}", "hash(({0}, {1}))", "{{0}, {1}, {2}}"],
    ),
    ("__iadd__", &["|{0} += {1}"]),
    ("__iand__", &["|{0} &= {1}"]),
    ("__imul__", &["|{0} *= {1}"]),
    (
        "__index__",
        &[
            "[1, 2, 3][{0}]",
            "range({0}, {1})",
            "hex({0})",
            "'a' * {0}",
            "[{1}] * {0}",
            "bytes(9)[{0}:{1}]",
            "chr({0})",
        ],
    ),
    ("__init__", &["{0}.__init__({1}, {2})", "type({0})({1})", "type({0})({1}, {2})"]),
    ("__init_subclass__", &["type('S', (type({0}),), {})", "type('S', (type({0}),), {'a': {1}}, b={2})"]),
    ("__instancecheck__", &["isinstance({1}, {0})", "isinstance({1}, ({0}, {2}))"]),
    ("__int__", &["int({0})", "'%d' % {0}"]),
    ("__invert__", &["~{0}"]),
    ("__ior__", &["|{0} |= {1}"]),
    ("__isub__", &["|{0} -= {1}"]),
    (
        "__iter__",
        &[
            "[*{0}]",
            "(*{0}, *{1})",
            "|for x in {0}: harm(9)",
            "|a, b, *c = {0}",
            "plain(*{0})",
            "list({0})",
            "sorted({0}, key={1})",
            "{1}.join({0})",
            "min({0}, default={1})",
            "set({0})",
            "dict({0})",
            "zip({0}, {1})",
            "tuple({0})",
            "{1} in {0}",
        ],
    ),
    ("__ixor__", &["|{0} ^= {1}"]),
    ("__le__", &["{0} <= {1}"]),
    ("__len__", &["len({0})", "reversed({0})", "bool({0})"]),
    ("__length_hint__", &["list({0})", "[1, 2].extend({0})"]),
    ("__lshift__", &["{0} << {1}"]),
    ("__lt__", &["{0} < {1}", "sorted([{0}, {1}, {2}])", "min({0}, {1})", "[{0}, {1}].sort(reverse={2})"]),
    ("__matmul__", &["{0} @ {1}"]),
    ("__mod__", &["{0} % {1}", "{0} % ({1}, {2})"]),
    ("__mro_entries__", &["__build_class__(lambda: None, 'X', {0}, {1})", "type('X', ({0},), {})"]),
    ("__mul__", &["{0} * {1}"]),
    ("__ne__", &["{0} != {1}"]),
    ("__neg__", &["-{0}"]),
    ("__next__", &["next({0})", "next({0}, {1})", "list(zip([1, 2, 3], {0}))", "|for x in {0}: harm(8)"]),
    ("__or__", &["{0} | {1}"]),
    ("__pos__", &["+{0}"]),
    ("__pow__", &["{0} ** {1}", "pow({0}, {1}, {2})"]),
    ("__radd__", &["{1} + {0}"]),
    ("__rand__", &["{1} & {0}"]),
    ("__rdivmod__", &["divmod({1}, {0})"]),
    ("__rfloordiv__", &["{1} // {0}"]),
    ("__rlshift__", &["{1} << {0}"]),
    ("__rmod__", &["{1} % {0}", "'%s %r' % ({0}, {1})", "b'%a' % {0}"]),
    ("__rmul__", &["{1} * {0}"]),
    ("__ror__", &["{1} | {0}"]),
    ("__rpow__", &["{1} ** {0}"]),
    ("__rrshift__", &["{1} >> {0}"]),
    ("__rshift__", &["{0} >> {1}"]),
    ("__rsub__", &["{1} - {0}"]),
    ("__rtruediv__", &["{1} / {0}"]),
    ("__rxor__", &["{1} ^ {0}"]),
    (
        "__repr__",
        &[
            "repr({0})",
            "ascii({0})",
            "repr([{0}, {1}])",
            "f'{{{0}!r}}'",
            "'%r' % ({0},)",
            "print({0}, {1}, sep={2})",
        ],
    ),
    ("__reversed__", &["reversed({0})", "list(reversed({0}))"]),
    ("__round__", &["round({0})", "round({0}, {1})"]),
    ("__set__", &["setattr(type('D', (), {'a': {0}})(), 'a', {1})"]),
    ("__set_name__", &["type('D', (), {'a': {0}, 'b': {1}})"]),
    ("__delete__", &["delattr(type('D', (), {'a': {0}})(), 'a')"]),
    ("__setattr__", &["|{0}.a = {1}", "setattr({0}, {1}, {2})", "|{0}.a += {1}", "|{0}.__class__ = {1}"]),
    (
        "__setitem__",
        &[
            "|{0}[{1}] = {2}",
            "|{0}[{1}:{2}] = {1}",
            "|{0}[{1}:{2}:2] = {1}",
            "|{0}[{1}] += {2}",
            "|for {0}[{1}] in [1, 2]: pass",
        ],
    ),
    ("__sizeof__", &["sys.getsizeof({0})", "sys.getsizeof({0}, {1})"]),
    (
        "__str__",
        &[
            "str({0})",
            "'%s' % ({0},)",
            "f'{{{0}}}'",
            "print({0}, {1})",
            "str({0}, {1})",
            "print({1}, file={0})",
        ],
    ),
    ("__sub__", &["{0} - {1}"]),
    ("__subclasscheck__", &["issubclass({1}, {0})", "issubclass(Spare, ({0}, {2}))"]),
    ("__truediv__", &["{0} / {1}"]),
    ("__xor__", &["{0} ^ {1}"]),
];

/// What may be an argument; most are evil.
const VALUES: &[&str] = &[
    "@",
    "@",
    "@",
    "@",
    "@",
    "@",
    "$",
    "slice(@, @, @)",
    "slice(@, 50, 2)",
    "[@, 1, @]",
    "(@, @)",
    "{'a': @}",
    "{@: 1}",
    "iter([@, @])",
    "counting(@)",
    "Sequence()",
    "Ready()",
    "T",
    "lambda *a, **b: harm(#)",
    "memoryview(bytearray(8))",
    "bytearray(b'abc')",
    "Spare()",
    "Spare",
    "1",
    "-1",
    "0",
    "3",
    "1 << 70",
    "1.5",
    "None",
    "'a'",
    "'abc'",
    "b'ab'",
    "'utf-8'",
    "()",
    "{}",
    "victim(#)",
    "plain",
    "list[@]",
    "Table()",
];

/// How many arguments special methods want; others are tried with each number of them.
const TWO: &[&str] = &["__setitem__", "__setattr__", "__get__", "__set__", "__pow__", "__rpow__", "__init__"];

impl Gen<'_, '_> {
    /// Any value, mostly an evil one.
    pub(super) fn value(&mut self) -> String {
        if self.chance(8) {
            let at = self.below(RECEIVERS.len());
            let maker = self.pick(RECEIVERS[at].makers);
            return self.fill(maker);
        }
        let template = self.pick(VALUES);
        self.fill(template)
    }

    /// Uses any attribute of any type.
    pub(super) fn operation(&mut self) {
        let all = attributes();
        let mut attribute = &all[self.below(all.len())];
        if attribute.is_exception {
            attribute = &all[self.below(all.len())];
        }
        self.operation_on(attribute);
    }

    /// A function that makes a receiver and arguments and uses an attribute, and its call.
    pub(super) fn operation_on(&mut self, attribute: &Attribute) {
        let number = self.next;
        self.next += 1;
        let maker = attribute.makers[self.below(attribute.makers.len())].clone();
        let receiver = self.fill(&maker);
        let first = if self.chance(3) { self.value() } else { self.evil() };
        let (second, third) = (self.value(), self.value());
        self.line(0, format!("def op{number}():"));
        let names = self.hold(&receiver, [&first, &second, &third]);
        self.line(1, format!("tell('{}')", attribute.path()));
        for _ in 0..self.below(2) + 1 {
            let text = self.application(attribute, &names);
            match text.strip_prefix('|') {
                Some(statement) => self.line(1, statement),
                None => self.line(1, format!("r = {text}")),
            }
        }
        self.line(1, "return locals().get('r')");
        let k = self.number();
        self.line(0, format!("attempt(op{number}, {k})"));
    }

    /// Binds the receiver and the arguments: as locals, as locals that harm can reach, as globals, or in `T` alone.
    fn hold(&mut self, receiver: &str, args: [&str; 3]) -> [String; 4] {
        let [a, b, c] = args;
        let names = ["v0", "v1", "v2", "v3"].map(str::to_string);
        match self.below(4) {
            0 => {}
            1 => {
                self.line(1, "def drop():");
                self.line(2, "nonlocal v0, v1, v2, v3");
                self.line(2, "v0 = v1 = v2 = v3 = None");
                self.line(1, "DROPS.append(drop)");
            }
            2 => self.line(1, "global v0, v1, v2, v3"),
            _ => {
                self.line(1, format!("T[:] = {receiver}, {a}, {b}, {c}"));
                return ["T[0]", "T[1]", "T[2]", "T[3]"].map(str::to_string);
            }
        }
        self.line(1, format!("v0 = {receiver}"));
        self.line(1, format!("v1, v2, v3 = {a}, {b}, {c}"));
        self.line(1, "T[:] = v0, v1, v2, v3");
        names
    }

    /// One way to use an attribute.
    fn application(&mut self, attribute: &Attribute, [v, a, b, c]: &[String; 4]) -> String {
        let (name, class) = (&attribute.name, self.fill(&attribute.class));
        if !attribute.is_method {
            return match self.below(4) {
                0 => format!("{v}.{name}"),
                1 => format!("|{v}.{name} = {a}"),
                2 => format!("|del {v}.{name}"),
                _ => format!("{class}.{name}"),
            };
        }
        let forms = SYNTAX.iter().find(|(special, _)| special == name);
        if let Some((_, forms)) = forms
            && !self.chance(3)
        {
            let form = self.pick(forms);
            return form
                .replace("{0}", v)
                .replace("{1}", a)
                .replace("{2}", b)
                .replace("{{", "{")
                .replace("}}", "}");
        }
        let args = match () {
            () if TWO.contains(&name.as_str()) => format!("{a}, {b}"),
            () if attribute.is_special() && !self.chance(3) => a.clone(),
            () => {
                let named = self.pick(&[
                    "key", "a", "default", "encoding", "sep", "maxsplit", "strict", "start", "reverse",
                    "dict", "obj",
                ]);
                match self.below(6) {
                    0 => String::new(),
                    1 => format!("{a}, {b}"),
                    2 => format!("{a}, {b}, {c}"),
                    3 => format!("{a}, {named}={b}"),
                    4 => format!("*{a}, **{b}"),
                    _ => a.clone(),
                }
            }
        };
        let comma = if args.is_empty() { "" } else { ", " };
        match self.below(6) {
            0 => format!("{v}.{name}({args})"),
            1 => format!("{class}.{name}({v}{comma}{args})"),
            // A receiver of another type.
            2 => format!("{class}.{name}({a}{comma}{args})"),
            3 => format!("{class}.{name}({b}, {v}, {c})"),
            _ => format!("every({v}.{name}, {a}, {b}, {c})"),
        }
    }
}
