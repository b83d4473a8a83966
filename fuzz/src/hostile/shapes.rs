//! Programs of a kind that single operations do not make: structures nested deeply, classes in the making, containers that change
//! while they are walked, code that looks at its own frames.
//!
//! A shape is a suite that becomes a function of its own; `Gen::fill` says what `@`, `$`, `?` and `#` stand for.

use super::Gen;
use crate::choices::Choices;

/// What is nested, as a function of the last level.
const LEVELS: &[&str] = &[
    "lambda x: (x,)",
    "lambda x: [x]",
    "lambda x: {'a': x}",
    "lambda x: frozenset([x])",
    "lambda x: slice(x, 1)",
    "lambda x: slice(None, x, x)",
    "lambda x: staticmethod(x)",
    "lambda x: classmethod(x)",
    "lambda x: property(x)",
    "lambda x: property(None, None, None, x)",
    "lambda x: type(type.__dict__)({'a': x})",
    "lambda x: type(type.__dict__)(x if type(x) is type(type.__dict__) else {})",
    "lambda x: list[x]",
    "lambda x: list[x][1] if x is None else dict[x, int]",
    "lambda x: type(list[int])(x, x)",
    "lambda x: map(plain, iter(()) if x is None else x)",
    "lambda x: filter(None, iter(()) if x is None else x)",
    "lambda x: zip(iter(()) if x is None else x)",
    "lambda x: enumerate(iter([1]) if x is None else x)",
    "lambda x: iter([x])",
    "lambda x: iter(plain, x)",
    "lambda x: reversed([x])",
    "lambda x: counting(x)",
    "lambda x: delegating(iter([1, 2]) if x is None else x)",
    "lambda x: (y for y in (iter([1]) if x is None else x))",
    "lambda x: type(Sequence().__len__)(plain, x)",
    "lambda x: type(Sequence().__len__)(len if x is None else x, x)",
    "lambda x: [].append if x is None else x.__call__",
    "lambda x: ValueError(x)",
    "lambda x: linked(ValueError(), x)",
    "lambda x: ExceptionGroup('g', [x or ValueError()])",
    "lambda x: lambda: x",
    "lambda x: lambda y=x: y",
    "lambda x: within(Spare(), x)",
    "lambda x: within(lambda: 1, x)",
    "lambda x: {1: x}.values()",
    "lambda x: {1: x}.items()",
    "lambda x: super(Spare, within(Spare(), x))",
    "lambda x: type('C', (x or Spare,), {})",
    "lambda x: waiting(Ready() if x is None else x)",
    "lambda x: memoryview(b'abc' if x is None else x)",
    "lambda x: traced(x)",
    "lambda x: @",
    "lambda x: [@, x]",
    "lambda x: {@: x}",
];

/// What is done with a nested structure `x`, of which `y` is another.
const DEEP_USES: &[&str] = &[
    "hash(x)",
    "repr(x)",
    "str(x)",
    "x == y",
    "x < y",
    "next(x)",
    "list(x)",
    "len(x)",
    "bool(x)",
    "iter(x)",
    "x()",
    "x.__name__",
    "x.__doc__",
    "x.__isabstractmethod__",
    "x.__wrapped__",
    "x.__class__",
    "x.a",
    "x['a']",
    "isinstance(1, x)",
    "issubclass(int, x)",
    "x | int",
    "x.send(None)",
    "x.throw(ValueError)",
    "x.close()",
    "x.__reduce_ex__(2)",
    "sys.getsizeof(x)",
    "dir(x)",
    "gc.get_referents(x)",
    "gc.collect()",
    "'%s' % (x,)",
    "sorted([x, y])",
    "{x: y}",
    "x.__get__(1, int)",
    "x.split(ValueError)",
    "sys.excepthook(type(x), x, None)",
    "type('C', (), {'a': x}).a",
    "type('C', (), {'a': x})().a",
    "drive(x, 1)",
];

/// Whole suites.
const SUITES: &[&str] = &[
    // Containers that change while they are walked.
    "x = ?\nT[:] = x, @\nfor y in x:\n    harm(#)\n    T.append(y)\n    del T[9:]",
    "x = [@, 3, @, 1, 2] * 3\nT[:] = [x]\nx.sort(key=lambda y: (harm(#), y)[1])",
    "x = list(range(30))\nT[:] = [x]\nx.sort(key=lambda y: (harm(#), -y)[1], reverse=@)",
    "x = [@ for _ in range(12)]\nT[:] = [x]\nx.sort()",
    "x = sorted({@: 1, @: 2, @: 3}, key=@)",
    "x = {@: 1, @: 2}\nT[:] = [x]\nfor y in x.items(): harm(#)\nx.update(?)\nx |= {@: @}",
    "x = {@, @, @}\ny = {@, @}\nT[:] = x, y\nx & y, x - y, x ^ y, x <= y, x.isdisjoint(y)\nx |= y\nx ^= y\nx -= y",
    "x = {k: @ for k in range(9)}\nT[:] = [x]\nx.keys() & {@}, x.items() - [(@, @)], x.items() ^ {1: @}.items(), x.keys() >= [@]",
    "x = dict.fromkeys([@, 1, @], @)\nT[:] = [x]\nx == {@: @, 1: @}\nx.setdefault(@, @)\nx.pop(@, @)\nx[@] = x",
    "x = [1, @] * 4\nT[:] = [x]\nx[@:@] = x\nx[@:@:2] = [@] * 3\ndel x[@:@]\nx *= @",
    "x = bytearray(b'abc' * 20)\nT[:] = [x]\nx[@:@] = b'12345'\nx[@:50:2] = bytes(5)\ndel x[@:]\nx.replace(x, @)\nx.insert(@, @)\nx += @",
    "x = bytearray(64)\ny = memoryview(x).cast('I')\nT[:] = x, y\ny[@] = @\ny[@:@] = y\ny[1:3].tolist()\ny == @\ny[@]",
    "x = memoryview(bytearray(9))\nT[:] = [x]\nx[1] = @\nx[@:5] = b'abcd'\nbytes(x), x.hex(@), x.tobytes(order=@), x in [@]",
    "x = [@, @]\nT[:] = [x]\nx.extend(y for y in x if harm(#) or len(x) < 50)\nx.index(@)\nx.remove(@)",
    "T[:] = [[1, 2, 3]]\na, *b, c = T[0], @, @\n[a, b, *c] = @\nfor a[@], (b, c) in [(1, (2, 3))]: harm(#)",
    "x = [[1, @], [@, 2]]\nT[:] = x\nx == [[1, @], [@, 2]]\nx < [[1, @], [@, 2]]\n(x, x) == (x, [x])\n[@] in x\nx.count([@, 2])",
    // Texts.
    "x = ['a', Named('b'), 'c'] * 3\nT[:] = [x]\n','.join(x + [@])\n','.join(y for y in x if harm(#) or 1)\nNamed('a').join(x)",
    "'{0.a} {0[b]} {1!r:{2}} {3}'.format(@, @, @, @)\n'%s %(a)r' % @\n'%*.*f' % (@, @, @)\nf'{@} {@!r} {@:>{@}}'\n'{a}'.format_map(Table(a=@))\n'abc'.translate(@)\n'abc'.translate({97: @, 98: @})",
    "'abcabc'.replace('a', 'b', @), 'abc'.find('b', @, @), 'abc'.startswith(('a', @), @), 'abc'.split(None, @), 'abc'.center(@, 'x'), 'abc'.zfill(@), 'abc'.encode(@), 'a\\tb'.expandtabs(@)",
    "b'abc'.replace(b'a', @), b'abc'.find(@, @), b'%b %s' % (@, @), bytes([1, @, 3]), bytearray([@, 2]), bytes(@), int.from_bytes(@, @), int.from_bytes([@, 1]), (5).to_bytes(@, @), bytes.fromhex(@)",
    "int(@, @), int('12', @), float(@), complex(@, @), round(2.5, @), pow(2, @, @), divmod(@, @), sum([1, @, 2.5], @), max(@, @, key=@), min([@, 1], default=@), range(@, @, @)[@], range(9).index(@), 5 in range(@)",
    // Exceptions.
    "x = ?\nT[:] = [x]\ntry: raise x from @\nexcept BaseException as e:\n    T.append(e)\n    harm(#)\n    sys.excepthook(type(e), e, e.__traceback__)\n    raise",
    "x = OSError(@, @, @)\nT[:] = [x]\nrepr(x), str(x)\nx.args = @\nx.filename = @\nstr(x)\nsys.excepthook(@, x, @)",
    "x = SyntaxError(@, (@, @, @, @, @, @))\nT[:] = [x]\nstr(x)\nx.text = @\nx.lineno = @\nx.msg = @\nx.filename = @\nsys.excepthook(SyntaxError, x, None)",
    "x = ExceptionGroup('g', [ValueError(@), @, KeyError(@)])\nT[:] = [x]\nx.split(@), x.subgroup(lambda e: harm(#)), x.derive([@])\nsys.excepthook(type(x), x, None)",
    "try: raise ExceptionGroup('g', [ValueError(@), KeyError(@)])\nexcept* (ValueError, @) as e: harm(#)\nexcept* @: pass",
    "try: raise @\nexcept @: harm(#)\nexcept (@, $, ValueError): pass\nfinally: harm(#)",
    "x = KeyError(@)\nx.__context__ = y = ValueError(@)\ny.__cause__ = x\nx.__notes__ = [@, 'n', @]\nT[:] = x, y\nstr(x)\nsys.excepthook(KeyError, x, None)\nx.add_note(@)\nx.with_traceback(@)",
    "x = traced(@)\nT[:] = [x]\nx.tb_next = traced(@)\nx.tb_frame.clear()\nx.tb_frame.f_locals\nharm(#)\nx.tb_lineno, x.tb_lasti",
    // Classes in the making.
    "x = type('X', (Spare,), {'__slots__': counting(@)})\nT[:] = [x]\nclass Y(x):\n    __slots__ = (harm(k) or 's%d' % k for k in range(@))",
    "class X(@, a=@):\n    b = @\n    c = @\nT.append(X)\nX().b, X.c",
    "class X($):\n    def __set_name__(self, owner, name):\n        T[:] = [owner]\n        harm(#)\nclass Y:\n    a = X()\n    b = X()\nY.a",
    "class M(type):\n    def mro(cls):\n        T[:] = [cls]\n        harm(#)\n        gc.collect()\n        return (super().mro(), [cls, object], [cls, int, object], [cls, @], @, [Spare, cls])[# % 6]\n    def __getattribute__(cls, name):\n        harm(#)\n        return type.__getattribute__(cls, name)\nclass X(Spare, metaclass=M): pass\nT.append(X)\nX.__bases__ = (Listed,)\nX(), X.a",
    "class M(type):\n    def __prepare__(*args): return @\n    def __new__(meta, name, bases, space):\n        harm(#)\n        return type.__new__(meta, name, bases, Table(space))\n    def __call__(cls, *args): harm(#); return type.__call__(cls)\nclass X(metaclass=M): a = 1; del a\nX()",
    "class A: pass\nclass B(A): pass\nclass C(B, $): pass\nT[:] = A, B, C, C()\nB = None\nA.__len__ = lambda self: 1\nharm(#)\ndel C\ngc.collect()\nA.__subclasses__()\nA.__eq__ = @\nT[:] = []\nA.__subclasses__()\nA.a = 1",
    "class A: pass\nfor k in range(20):\n    T[:] = [A, type('S%d' % k, (A,), {})]\n    harm(#)\n    A.__subclasses__()\n    setattr(A, '__%s__' % ('len', 'iter', 'hash', 'call', 'eq', 'get')[k % 6], @)\n    if k & 1: gc.collect()",
    "class A: a = 1\nclass B(A): pass\nx = B()\nx.b = 1\nT[:] = A, B, x\nfor k in range(9):\n    B.__bases__ = ($ if k & 1 else A,)\n    harm(#)\n    x.a, x.b, B.a\n    x.__class__ = Spare if k & 2 else B",
    "class A:\n    __slots__ = 'a', 'b'\nclass B:\n    __slots__ = 'c', 'd'\nx = A()\nx.a = @\nT[:] = [x]\nx.__class__ = B\nx.c, x.d\nx.__class__ = $\nx.a",
    "x = type('X', ($, Spare), {})\ny = type('Y', (Slotted, $), {})\nz = type('Z', (Exception, $), {})\nT[:] = x(), y(), z()\nharm(#)",
    "x = Spare()\nT[:] = [x]\nfor k in range(30):\n    setattr(x, 'a%d' % k, @)\n    harm(#)\n    if k % 5 == 4: delattr(x, 'a%d' % (k - 1))\nx.__dict__ = {1: 2, 'a': @}\nx.__dict__ |= {@: 1}\nvars(x).update(a=1)\nx.a",
    "x = $.__dict__\nx | {1: @}, {1: @} | x, x == x, x == {@: 1}, x.get(@), x.copy(), repr(x)\nfor y in gc.get_referents(x):\n    T.append(y)\n    harm(#)\n    y.update(a=1)\n    y.clear()",
    "$.__abstractmethods__ = (@, 'a', @)\n$()\n$.__abstractmethods__ = [(harm(#), 'a')[1] for _ in range(3)]\n$.__new__($)\n$.__name__ = @\n$.__qualname__ = Named('q')\n$.__module__ = @\nrepr($)\n$.__doc__ = @\n$.__annotations__ = @",
    "x = super($, $.__new__($))\nT[:] = [x]\nx.a, x.__len__, x.__class__\nx.__init__(@, @)\nx.__init__($, @)\nx.__eq__(@)\nx.__get__(@, @)",
    // Objects that die, or do not.
    "class D:\n    def __del__(self):\n        T[:] = [self]\n        harm(#)\n        self.__class__ = $\nfor k in range(4):\n    x = D()\n    x.me = x if k & 1 else @\n    T[:] = [x]\n    x = None\n    T.clear()\n    gc.collect()",
    "class D:\n    def __del__(self):\n        harm(#)\n        if left > 0: T.append(D())\nfor k in range(5): D()\ngc.collect()",
    "x = y = []\nfor k in range(3000): y = [k if k % 100 else @, y]\nT[:] = [y]\ny = None\nT.clear()",
    "x = [@ for _ in range(20)]\nfor y in x: within(y, x)\nT[:] = [x]\nx = y = None\nT.clear()\ngc.collect()\ngc.collect(@)",
    // The collector's lists.
    "for x in gc.get_objects()[#::97]:\n    T[:] = [x]\n    use(x, #)",
    "for x in gc.get_objects()[#::131]:\n    T[:] = [x, @]\n    harm(#)",
    "x = [@, (@, [@])]\nfor y in gc.get_referrers(x, x[0]) + gc.get_referents(x, type(x[0]), $):\n    if y is not T and y is not G and y is not ACTS:\n        T[:] = [y]\n        use(y, #)",
    "def hook(phase, info):\n    T[:] = [info]\n    harm(#)\ngc.callbacks.append(hook)\ngc.collect()\nx = [@]\nx.append(x)\nx = None\ngc.collect(1)\ngc.callbacks.clear()\ngc.get_objects(@)\ngc.set_threshold(@, @)\ngc.freeze()\ngc.unfreeze()",
    "x = []\nx.append(x)\nT[:] = [x]\nx += [{1: x}, (x,), @]\nx = None\nT.clear()\ngc.collect()\nlen(gc.get_objects(generation=0))",
    // Frames, code, generators.
    "def g(a, b=@):\n    harm(#)\n    g.__code__ = other.__code__ if # & 1 else plain.__code__\n    return a, b\nT[:] = [g]\nfor k in range(5): g(@)\ng.__defaults__ = (@,) * 5\ng()\ng.__kwdefaults__ = {'z': @}\ng(1)",
    "def g():\n    x = @\n    T[:] = [sys._getframe()]\n    yield sys._getframe()\n    harm(#)\n    yield x\ny = g()\nf = next(y)\nf.clear()\nT[:] = y, f\nharm(#)\nf.f_locals, f.f_lineno, f.f_back\nnext(y)",
    "def g():\n    try: y.send(1)\n    except ValueError: pass\n    T[:] = [y]\n    harm(#)\n    yield 1\n    y.close()\n    yield from y\ny = g()\nfor _ in range(3): use(y, #)",
    "x = counting(@)\ny = delegating(x)\nT[:] = x, y\nnext(y)\nx.close()\nharm(#)\ny.throw(@)\ny.send(@)\ndel x, y\nT.clear()",
    "async def f():\n    async with @ as a, @: harm(#)\n    async for b in @: harm(#)\n    return [c async for c in producing(@) if await Ready()]\nx = f()\nT[:] = [x]\ndrive(x, #)\ndrive(anext(producing(Ready()), @), #)\nx.throw(@)\nx.close()",
    "x = producing(@)\ny = x.asend(None)\nz = x.athrow(ValueError)\nT[:] = x, y, z\ndrive(y, #)\ndrive(z, #)\ny.close()\nx.aclose().send(None)\nharm(#)\ny.send(@)",
    "x = plain.__code__.replace(co_consts=(@, 1), co_names=(@,))\nx = other.__code__.replace(co_varnames=@)\nx = plain.__code__.replace(co_code=b'abcdef')\nexec(x, {})",
    "exec(plain.__code__)\nexec(counting.__code__)\neval(other.__code__, {'x': @})\nexec((lambda: x).__code__, closure=())\nexec('a = b', Table(b=@), Table(b=@))\nexec('def f(): return a\\nclass X(a): b', Table(a=@, b=@))\neval('a + b', {'a': @}, @)",
    "def trace(frame, event, arg):\n    T[:] = [frame]\n    harm(#)\n    return trace if left > 0 else None\nsys.settrace(trace)\ntry:\n    x = [@ for _ in range(3)]\n    other(@).send(None)\nfinally: sys.settrace(None)",
    "def watch(frame, event, arg):\n    if left > 0: harm(#)\nsys.setprofile(watch)\ntry: repr(@), len([@]), list(counting(1))\nfinally: sys.setprofile(None)",
    "def deeper(n, x):\n    T[:] = [sys._getframe(k) for k in range(3)]\n    harm(#)\n    if n: deeper(n - 1, @)\n    T[0].clear()\n    return T[-1].f_locals, T[-1].f_back.f_code\ndeeper(5, @)",
    // The rest of the language.
    "match @:\n    case $(1, b=Spare.a): harm(#)\n    case $(x, y): harm(#)\n    case [1, *x, 2]: harm(#)\n    case {'a': x, **y}: harm(#)\n    case int() | str(): pass\n    case Spare(a=1): pass\nmatch (@, @):\n    case ($(), $(x)): pass\n    case (1 | 2.5 | 'a', None): pass",
    "plain(*@, **@)\nplain(*[@], **{'a': @}, **Table(b=@))\nother(*@, z=@)\nprint(*@, sep=@, end=@, file=@, flush=@)\n@(*@, **@)\n(lambda a, *b, c=@, **d: a)(@, *@, c=@)",
    "x = Table(a=@)\ndef f(): return a, missing\ng = type(plain)(f.__code__, x, @, (@,))\ng()\ntype(plain)(f.__code__, {'__builtins__': Table(a=@)})()\ntype(plain)(plain.__code__, @)",
    "x = type(sys)('m')\nx.__getattr__ = lambda name: (harm(#), @)[1]\nx.__spec__ = x\nT[:] = [x]\nx.a, x.b, dir(x), repr(x)\nx.__dict__.clear()\nx.__name__ = @\nrepr(x)\nx.__class__ = $\nx.a",
    "__import__(@)\n__import__('sys', @, @, @, @)\nsys.modules['hostile'] = @\nimport hostile\nfrom hostile import a\nfrom sys import nothing\nimport hostile.sub",
    "x = property(@, @, @, doc=@)\nT[:] = [x]\ny = type('Y', (), {'a': x, 'b': classmethod(x), 'c': staticmethod(x)})\ny().a\ny().a = 1\ndel y().a\ny.b, y().c\nx.__init__(@)\nx.getter(@).setter(@)\nx.__set_name__(@, @)\nx.__doc__ = @",
    "x = list[@, T]\nx.__parameters__, x.__args__, x[@], x[@, @], repr(x), hash(x), x == list[@], isinstance(1, x), x(), x.a\ny = int | $ | list[@]\nrepr(y), hash(y), y == (str | $), isinstance(@, y), issubclass($, y), y | @, @ | y",
    "x = [@]\ny = iter(x)\nT[:] = x, y\nnext(y)\ny.__setstate__(@)\ny.__setstate__(-1 << 70)\ny.__length_hint__()\ny.__reduce__()\nharm(#)\nnext(y)\nz = zip(y, x, strict=@)\nz.__setstate__(@)\nlist(z)\nz.__reduce__()",
    "sys.stdout = @\nprint(@)\nsys.stdout = sys.__stdout__\nsys.stderr = @\nsys.unraisablehook = @\nsys.excepthook = @\nsys.displayhook(@)\nsys.stderr = sys.__stderr__\nsys.exit(@)",
    "for k in range(50):\n    x = [(k, @), {k: @}, {@}, bytearray(k)]\n    T[:] = x\n    harm(#)\n    x[0] == x[1]; x[2] == {@}\n    if k % 16 == 0: gc.collect()",
    "x = 1 << 200\nT[:] = [[x + k for k in range(9)], {x: 1.5, x + 1: 2.5}]\nfor a in T[0]: harm(#); a + @; a == @; {a: @}\nfor a, b in T[1].items(): harm(#); b * @; b < @",
    "x = Spare()\nx.n = 10 ** 6\nx.f = 1.5\nT[:] = [x]\nfor k in range(9):\n    x.n + @\n    x.f * @\n    x.n += 1\n    harm(#)\n    x.n == @\nx.n, x.f",
];

impl Gen<'_, '_> {
    /// A part of the program that is of a kind.
    pub(super) fn shape(&mut self) {
        let suite = match self.chance(4) {
            true => self.nested(),
            false => self.pick(SUITES).to_string(),
        };
        let number = self.next;
        self.next += 1;
        self.line(0, format!("def op{number}():"));
        self.line(1, format!("tell('shape {number}')"));
        let text = self.fill(&suite);
        self.guarded(1, &text);
        let k = self.number();
        self.line(0, format!("attempt(op{number}, {k})"));
    }

    /// Writes a suite whose simple statements each stand in a `try` of their own: what one raises does not keep the next from being
    /// tried. Compound statements stand as they are.
    fn guarded(&mut self, indent: usize, text: &str) {
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        while at < lines.len() {
            let end = (at + 1..lines.len()).find(|i| is_head(lines[*i])).unwrap_or(lines.len());
            let binds = lines[at].starts_with("def ") || lines[at].starts_with("async def ");
            let inner = if binds { indent } else { indent + 1 };
            if !binds {
                self.line(indent, "try:");
            }
            for line in &lines[at..end] {
                self.line(inner, line);
            }
            if !binds {
                self.line(indent, "except BaseException as error: T.append(error)");
            }
            at = end;
        }
        self.line(indent, "return None");
    }

    /// A deep structure, and what is done with it.
    fn nested(&mut self) -> String {
        let level = self.pick(LEVELS);
        let depth = self.pick(&[50, 300, 2000, 5000, 20_000]);
        let mut text = format!("x = deep({level}, {depth})\ny = x\n");
        if self.chance(2) {
            text += &format!("y = deep({level}, {depth})\n");
        }
        for _ in 0..self.below(3) + 1 {
            text += self.pick(DEEP_USES);
            text += "\n";
        }
        text + "T[:] = [x]\nx = y = None\nharm(#)\nT.clear()"
    }
}

/// Whether a line begins a statement of the suite: it is not indented, and goes on with none before it.
fn is_head(line: &str) -> bool {
    let goes_on = ["except", "finally:", "else:", "elif "];
    !line.starts_with(' ') && !goes_on.iter().any(|word| line.starts_with(word))
}
