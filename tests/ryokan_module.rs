//! The module `ryokan`: what it says of rooms, who holds them, and what a block may take.

mod command;

use command::ryokan;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a program prints that imports the module.
fn prints(code: &str) -> String {
    let done = ryokan(&["--verify-heap"], &format!("import ryokan\n{code}"));
    assert!(done.status.success(), "{code}\n{}", text(&done.stderr));
    assert!(text(&done.stderr).starts_with("heap: in order"), "{}", text(&done.stderr));
    text(&done.stdout)
}

#[test]
fn rooms() {
    let classes = "class Node:\n    def __init__(self): self.a = 1; self.b = [2]\nclass Slots:\n    __slots__ = ('x',)\n";
    let said = prints(&format!(
        "{classes}n = Node()\nm = n\nr = ryokan.room(n)\n\
         print(r.type, r.boxed, r.refcount, r.bytes, r.size_class, r.generation, r.flags, r.shape)\n\
         print(ryokan.room(n.b).bytes, ryokan.room(n.b).buffer_bytes, ryokan.room(n.b).refcount)\n\
         n.__dict__\nprint(ryokan.room(n).shape, ryokan.room(Slots()).shape)\n\
         print(ryokan.room(5).flags, ryokan.room(None).boxed, ryokan.room(len('ab') * 35000).flags)\n\
         r = ryokan.room('x' * 100_000)\nprint(r.pool, r.size_class, r.bytes > 100_000)\n\
         print(ryokan.room('word').flags, ryokan.room(int).refcount)\n"
    ));
    let wanted = "Node True 2 24 24 0 ('tracked',) ('a', 'b')\n32 8 1\ndict None\n('small int',) False ('unboxed',)\n\
                  None None True\n('interned',) None\n";
    assert_eq!(said, wanted);
}

#[test]
fn sizes_stand_side_by_side() {
    let code = "import sys\nclass A: pass\nfor value in (1, 1.5, 10**30, 'text', 'é', b'', (), (1, 2), [], [1], {}, {'a': 1}, set(), A(), A, int, len, range(3)):\n\
                \x20   assert ryokan.cpython_size(value) == sys.getsizeof(value), value\nprint(ryokan.room([1, 2]).cpython_bytes, sys.getsizeof([1, 2]))\n";
    assert_eq!(prints(code), "72 72\n");
}

#[test]
fn what_the_heap_holds_adds_up() {
    let done = ryokan(&[], "import sys\nprint(sys._debugmallocstats())\n");
    assert_eq!(text(&done.stdout), "None\n");
    let told = text(&done.stderr);
    let number = |row: &str| -> usize {
        let line = told.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("{row}: {told}"));
        line[row.len()..].split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number")
    };
    let [large, outside, pools] = ["large blocks", "outside", "pools"].map(number);
    assert_eq!(number("charged"), large + outside + pools, "{told}");
    let [used, free, apart] = ["in blocks", "in free blocks", "heads and ends"].map(number);
    assert_eq!(used - large + free + apart, pools, "{told}");
}

#[test]
fn ways_through_native_objects() {
    let code = "
import collections, contextvars, functools, threading, weakref
class Big: pass
local = threading.local()
local.item = Big()
print(ryokan.path_to(local.item).text)
@functools.lru_cache
def cached(n): return Big()
print(ryokan.path_to(cached(4)).text)
def in_context():
    var = contextvars.ContextVar('var', default=Big())
    print(ryokan.path_to(var.get()).text)
    var.set(Big())
    print(ryokan.path_to(var.get()).text)
in_context()
var = contextvars.ContextVar('other')
context = contextvars.copy_context()
context.run(var.set, Big())
print(ryokan.path_to(context[var]).text)
part = functools.partial(print, Big())
print(ryokan.path_to(part.args[0]).text)
queue = collections.deque([Big()])
print(ryokan.path_to(queue[0]).text)
";
    let wanted = "__main__.local by thread[1]['item']\n__main__.cached (memory)[4]\n\
                  in_context(): var (default)\n\
                  the current context (vars)[<_contextvars.ContextVar 'var'>]\n\
                  __main__.context (vars)[<_contextvars.ContextVar 'other'>]\n\
                  __main__.part (args)[0]\n__main__.queue (items)\n";
    assert_eq!(prints(code), wanted);
}

#[test]
fn ways_and_holders() {
    let code = "
class Node:
    pass
cache = {'key': [0, Node()]}
node = cache['key'][1]
node.more = {1: (2, [3])}
print(ryokan.path_to(node.more[1][1]).text)
print(ryokan.path_to(cache['key']).text)
def outer():
    kept = []
    def f(): return kept
    return f
f = outer()
print(ryokan.path_to(f()).text)
def arguments(a, b=[1]): return ryokan.path_to(a).text
print(arguments(Node()))
print(ryokan.path_to(arguments.__defaults__[0]).text)
def gen():
    own = [1]
    yield own
g = gen()
print(ryokan.path_to(next(g)).text)
print(ryokan.path_to(5), ryokan.path_to(ryokan).text)
print(sorted(r.how for r in ryokan.referrers(node)))
print(ryokan.referrers(node.more[1][1]))
try: 1 / 0
except ZeroDivisionError as e: saved = e
print(ryokan.path_to(saved.__traceback__).text)
node = [0]
def called(function): return function().text
print(called(lambda: ryokan.path_to(node)))
";
    let wanted = "__main__.node.more[1][1]\n__main__.cache['key']\n__main__.f.__closure__[0].cell_contents\narguments(): a\n\
                  __main__.arguments.__defaults__[0]\n__main__.g.gi_frame.f_locals['own']\nNone ryokan\n\
                  [\"['node']\", '[1]']\ntuple of 2 [1]\n";
    let said = prints(code);
    assert!(said.starts_with(wanted), "{said}");
    assert!(said.ends_with("__main__.saved.__traceback__\n__main__.node\n"), "{said}");
}

#[test]
fn snapshots_and_their_differences() {
    let code = "
import tracemalloc
tracemalloc.start()
class Leak: pass
before = ryokan.snapshot()
kept = [Leak() for _ in range(100)]
change = ryokan.snapshot() - before
rows = {row.name: row for row in change.types}
print(rows['Leak'].count, rows['list'].count > 0, change.used_bytes > 0)
line = [row for row in change.lines if row.name.startswith('<string>:7')][0]
print(line.count >= 101)
print(repr(change).splitlines()[1].split())
tracemalloc.stop()
print(ryokan.snapshot().lines)
kept.clear()
print([row.count for row in (ryokan.snapshot() - before).types if row.name == 'Leak'])
";
    assert_eq!(prints(code), "100 True True\nTrue\n['bytes', 'count', 'type']\n[]\n[]\n");
}

#[test]
fn blocks_with_limits() {
    let code = "
cap = ryokan.memory_limit()
try:
    with ryokan.limit(bytes=1_000_000):
        kept = []
        while True: kept.append([0] * 100)
except MemoryError: print('refused', ryokan.memory_limit() == cap)
del kept
big = bytearray(5_000_000)
done = 0
try:
    with ryokan.limit(instructions=10_000):
        while True: done += 1
except ryokan.InstructionLimit: print('stopped', 1000 < done < 10_000)
with ryokan.limit(bytes=10_000_000, instructions=10_000):
    print(sum(range(100)))
def f(n): return 0 if n == 0 else f(n - 1)
try:
    with ryokan.limit(instructions=100): f(500)
except ryokan.InstructionLimit: print('in calls')
try:
    with ryokan.limit(instructions=500):
        with ryokan.limit(instructions=1_000_000):
            while True: pass
except ryokan.InstructionLimit: print('the outer one holds')
while done < 100_000: done += 1
for wrong in ({}, {'bytes': -1}):
    try: ryokan.limit(**wrong)
    except (TypeError, ValueError) as e: print(type(e).__name__)
huge = ryokan.limit(bytes=10_000_000, instructions=10**30)
for turn in range(2):
    try:
        with huge: pass
    except OverflowError: print('too large', ryokan.memory_limit() == cap)
";
    let wanted = "refused True\nstopped True\n4950\nin calls\nthe outer one holds\nTypeError\nValueError\n\
                  too large True\ntoo large True\n";
    assert_eq!(prints(code), wanted);
}

#[test]
fn a_counted_run_has_no_limit_within_it() {
    let code = "import ryokan\ncap = ryokan.memory_limit()\ntry:\n    with ryokan.limit(bytes=10, instructions=10): pass\n\
                except RuntimeError: print('refused', ryokan.memory_limit() == cap)\n";
    assert_eq!(text(&ryokan(&["--count"], code).stdout), "refused True\n");
}

/// What a script puts in the class of a limit is not run when the limit is reached.
#[test]
fn nobody_is_asked_at_a_limit() {
    let code = "
import ryokan
def evil(self, *args):
    print('asked')
    while True: pass
def spin():
    while True: pass
for turn in range(3):
    try:
        with ryokan.limit(instructions=1000): spin()
    except ryokan.InstructionLimit as limit:
        print(type(limit).__name__, len(limit.args))
    ryokan.InstructionLimit.__init__ = ryokan.InstructionLimit.__new__ = evil
";
    assert_eq!(prints(code), "InstructionLimit 1\nInstructionLimit 1\nInstructionLimit 1\n");
    let done = ryokan(
        &["--max-instructions", "100000"],
        code.split("for turn")
            .next()
            .map(|setup| format!("{setup}ryokan.InstructionLimit.__init__ = evil\nspin()\n"))
            .unwrap_or_default()
            .as_str(),
    );
    assert!(
        text(&done.stderr).contains("InstructionLimit") && done.stdout.is_empty(),
        "{}",
        text(&done.stderr)
    );
}

#[test]
fn drawings() {
    let code = "
ring = [1, int('70000')]
ring.append(ring)
class P: pass
p = P(); p.name = 'a<b'; p.ring = ring
picture = ryokan.draw(p, 5)
print(picture.startswith('<svg') and picture.endswith('</svg>\\n'), '.ring → #2' in picture, 'a&lt;b' in picture)
print('70000 (unboxed)' in picture, '#2 list of 3' in picture, '1 reference, ' in picture)
print(repr(picture).startswith('<Drawing of'), isinstance(picture, str))
";
    assert_eq!(prints(code), "True True True\nTrue True True\nTrue True\n");
}

#[test]
fn nothing_of_the_program_is_called() {
    let code = "
class Loud:
    def __repr__(self): print('repr'); return 'x'
    def __eq__(self, other): print('eq'); return True
    def __hash__(self): return 1
    def __getattribute__(self, name): print('get', name); return object.__getattribute__(self, name)
    @property
    def __class__(self): print('class'); return int
loud = Loud()
kept = {loud: [loud]}
ryokan.room(loud), ryokan.path_to(loud), ryokan.referrers(loud), ryokan.draw(loud, kept), ryokan.snapshot(), ryokan.heap_report()
repr(ryokan.room(loud)), repr(ryokan.path_to(loud)), repr(ryokan.referrers(loud))
print('quiet')
";
    assert_eq!(prints(code), "quiet\n");
}

#[test]
fn reports_on_request() {
    let code = "
import json, os, tempfile
text = ryokan.heap_report()
print(text.splitlines()[0])
data = json.loads(ryokan.heap_report(format='json'))
print(sorted(data)[:4], data['made'])
with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, 'report.html')
    print(ryokan.heap_report(file), open(file).read().startswith('<!DOCTYPE html>'))
try: ryokan.heap_report(format='pdf')
except ValueError as e: print(e)
";
    let wanted = "Heap report, made on request\n['apart', 'at_least', 'classes', 'garbage'] on request\nNone True\n\
                  the format must be 'txt', 'json' or 'html'\n";
    assert_eq!(prints(code), wanted);
}

/// The stub names what the module has, and the module documents it.
#[test]
fn the_stub_is_true() {
    let code = "
import ast, inspect
stub = __loader__ if False else open('STUB').read()
named = {node.name for node in ast.parse(stub).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
print(sorted(named ^ set(ryokan.__all__)))
print([name for name in ryokan.__all__ if not getattr(ryokan, name).__doc__])
for node in ast.parse(stub).body:
    if isinstance(node, ast.ClassDef) and hasattr(getattr(ryokan, node.name), '__slots__'):
        fields = {item.target.id for item in node.body if isinstance(item, ast.AnnAssign)}
        slots = {s for s in getattr(ryokan, node.name).__slots__ if not s.startswith('_')}
        if fields != slots: print(node.name, fields ^ slots)
";
    let stub = concat!(env!("CARGO_MANIFEST_DIR"), "/library/py/ryokan.pyi");
    assert_eq!(prints(&code.replace("__loader__ if False else ", "").replace("STUB", stub)), "[]\n[]\n");
}
