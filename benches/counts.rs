//! Instruction counts, by callgrind: `cargo bench`. The numbers are the same for every run of one binary.
//!
//! Needs valgrind, and `cargo install iai-callgrind-runner --version 0.16.1`. `benches/counts` runs this, turns it into a table of
//! instructions for one operation each, and compares that with `benches/counts.txt`.
//!
//! | group | what | how one operation is told apart |
//! |---|---|---|
//! | `heap` | the allocator's operations | a loop of [`TIMES`] of them, the empty loop taken away |
//! | `python` | what Python code does | a function called for 1000 and for 11000 turns, and the difference of the two; `turn` is the empty loop's |
//! | `whole` | a compilation, a collection, a start, each program of `benches/programs` | as it is |

#![allow(unused_qualifications, reason = "of the macros")]

use std::hint::black_box;
use std::ptr::NonNull;

use iai_callgrind::{library_benchmark, library_benchmark_group, main};
use ryokan::Interpreter;
use ryokan_alloc::{Config, Header, HeaderFlags, Heap, InternTable, ObjPtr, ShapeId};

/// Operations in a measured loop.
const TIMES: usize = 1000;

// ---- heap ------------------------------------------------------------------------------------------------------------

fn heap() -> Box<Heap> {
    let mut heap = Heap::new(Config::default());
    // The first blocks of each class come from the slow path.
    for bytes in (8..=1024).step_by(8) {
        let blocks: Vec<_> = (0..64).map(|_| heap.alloc_object(bytes).expect("memory")).collect();
        for block in blocks {
            // SAFETY: it is freed once, with its size.
            unsafe { heap.free_object(block, bytes) };
        }
    }
    heap
}

fn object(refs: u32) -> (Box<Heap>, ObjPtr) {
    let mut heap = heap();
    let block = heap.alloc_object(16).expect("memory").cast::<Header>();
    // SAFETY: the block is fresh and large enough for a header.
    unsafe { block.write(Header::new(ShapeId::new(1), HeaderFlags::empty(), refs)) };
    (heap, block)
}

#[library_benchmark(setup = object)]
#[bench::one(1)]
fn empty((heap, p): (Box<Heap>, ObjPtr)) -> (Box<Heap>, ObjPtr) {
    for _ in 0..TIMES {
        black_box(p);
    }
    (heap, p)
}

#[library_benchmark(setup = object)]
#[bench::one(1)]
fn incref((heap, p): (Box<Heap>, ObjPtr)) -> (Box<Heap>, ObjPtr) {
    for _ in 0..TIMES {
        // SAFETY: the object lives.
        unsafe { black_box(p).as_ref().incref() };
    }
    (heap, p)
}

#[library_benchmark(setup = object)]
#[bench::one(100_000)]
fn decref_not_last((heap, p): (Box<Heap>, ObjPtr)) -> (Box<Heap>, ObjPtr) {
    for _ in 0..TIMES {
        // SAFETY: the object lives, and has references enough.
        if unsafe { black_box(p).as_ref().decref() } {
            unreachable!();
        }
    }
    (heap, p)
}

#[library_benchmark(setup = heap_of)]
#[bench::b16(16)]
#[bench::b24(24)]
#[bench::b48(48)]
#[bench::b256(256)]
#[bench::b1024(1024)]
fn alloc_free((mut heap, bytes): (Box<Heap>, usize)) -> Box<Heap> {
    let bytes = bytes & 0xFFFF;
    for _ in 0..TIMES {
        let block = heap.alloc_object(black_box(bytes)).expect("memory");
        // SAFETY: it is freed once, with its size.
        unsafe { heap.free_object(black_box(block), bytes) };
    }
    heap
}

// The same with a size that the compiler knows, as for every type of fixed size.
#[library_benchmark(setup = heap)]
#[bench::b48()]
fn alloc_free_known(mut heap: Box<Heap>) -> Box<Heap> {
    for _ in 0..TIMES {
        let block = heap.alloc_object(48).expect("memory");
        // SAFETY: as above.
        unsafe { heap.free_object(black_box(block), 48) };
    }
    heap
}

fn heap_of(bytes: usize) -> (Box<Heap>, usize) {
    (heap(), bytes)
}

// So many blocks, then all of them freed in turn.
#[library_benchmark(setup = heap_of)]
#[bench::b32(32)]
fn burst((mut heap, bytes): (Box<Heap>, usize)) -> Box<Heap> {
    let mut blocks = [NonNull::<u8>::dangling(); TIMES];
    for slot in &mut blocks {
        *slot = heap.alloc_object(bytes).expect("memory");
    }
    for block in black_box(blocks) {
        // SAFETY: as above.
        unsafe { heap.free_object(block, bytes) };
    }
    heap
}

#[library_benchmark(setup = heap_of)]
#[bench::b100000(100_000)]
fn large((mut heap, bytes): (Box<Heap>, usize)) -> Box<Heap> {
    for _ in 0..TIMES {
        let block = heap.alloc_buffer(black_box(bytes)).expect("memory");
        // SAFETY: as above.
        unsafe { heap.free_buffer(black_box(block), bytes) };
    }
    heap
}

fn table(_: u8) -> (InternTable, Box<Heap>, Vec<ObjPtr>) {
    let mut heap = heap();
    // SAFETY: the table is dropped before its heap.
    let mut table = unsafe { InternTable::new(NonNull::from(&mut *heap)) };
    let mut objects = Vec::new();
    for n in 0..1000u64 {
        let block = heap.alloc_object(16).expect("memory").cast::<Header>();
        // SAFETY: the block is fresh and large enough.
        unsafe {
            block.write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1));
            block.cast::<u64>().add(1).write(hash(n));
        }
        table.insert(hash(n), block, kept).expect("memory");
        objects.push(block);
    }
    (table, heap, objects)
}

fn hash(n: u64) -> u64 {
    n.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn kept(p: ObjPtr) -> u64 {
    // SAFETY: the objects of `table` have their hash behind their header.
    unsafe { p.cast::<u64>().add(1).read() }
}

// Found by identity, as a name with its hash kept is.
#[library_benchmark(setup = table)]
#[bench::hit(0)]
fn intern_hit((table, heap, objects): (InternTable, Box<Heap>, Vec<ObjPtr>)) -> (InternTable, Box<Heap>) {
    for p in &objects {
        black_box(table.find(kept(*p), |q| q == *p));
    }
    (table, heap)
}

#[library_benchmark(setup = table)]
#[bench::miss(0)]
fn intern_miss((table, heap, _): (InternTable, Box<Heap>, Vec<ObjPtr>)) -> (InternTable, Box<Heap>) {
    for n in 1_000_000..1_000_000 + TIMES as u64 {
        black_box(table.find(hash(n), |_| false));
    }
    (table, heap)
}

library_benchmark_group!(
    name = heap_group;
    benchmarks = empty, incref, decref_not_last, alloc_free, alloc_free_known, burst, large, intern_hit, intern_miss
);

// ---- python ----------------------------------------------------------------------------------------------------------

const DEFINITIONS: &str = "
import sys
class Point:
    def __init__(self, x): self.x = x; self.y = 2
    def get(self): return 1
class Other:
    def __init__(self, x): self.a = 1; self.x = x
class Third:
    def __init__(self, x): self.b = self.a = 1; self.x = x
class Slotted:
    __slots__ = ('x',)
def identity(v): return v
def forever():
    while True: yield 1
p, q, r, s, g = Point(1), Other(2), Third(3), Slotted(), forever()
s.x = 1
mixed = [p, q, r] * 4000
def turn(n):
    for i in range(n): pass
def int_add(n):
    x = 1
    for i in range(n): x = i + 3
def float_mul(n):
    x = 1.5
    for i in range(n): y = x * 2.5
def attribute(n, p=p):
    for i in range(n): p.x
def attribute_miss(n, p=p):
    for i in range(n): getattr(p, 'zz', 0)
def attribute_polymorphic(n):
    for v in mixed[:n]: v.x
def attribute_slots(n, p=s):
    for i in range(n): p.x
def attribute_store(n, p=p):
    for i in range(n): p.y = 7
def box_unbox(n):
    for i in range(n): x = [i]; y = x[0] is x[0]
def dict_get(n, d={'k': 1}):
    for i in range(n): d['k']
def dict_set(n, d={'k': 1}):
    for i in range(n): d['k'] = 2
def list_get(n, l=[1, 2, 3]):
    for i in range(n): l[1]
def list_append(n):
    l = []
    for i in range(n): l.append(7)
def str_concat(n, a='abc', b='def'):
    for i in range(n): a + b
def call(n, f=identity):
    for i in range(n): f(7)
def method_call(n, p=p):
    for i in range(n): p.get()
def native_call(n, f=len, t=(1, 2)):
    for i in range(n): f(t)
def instantiate(n):
    for i in range(n): Point(1)
def generator_resume(n):
    for i, x in zip(range(n), g): pass
def generator_loop(n):
    def count():
        for i in range(n): yield 1
    for x in count(): pass
def raise_catch(n):
    for i in range(n):
        try: raise ValueError
        except ValueError: pass
def try_nothing(n):
    for i in range(n):
        try: pass
        except ValueError: pass
def intern(n, name='eight_ch'):
    f = sys.intern
    for i in range(n): f(name)
def closure(n):
    x = 1
    def get(): return x
    for i in range(n): get()
def unpack(n, t=(1, 2, 3)):
    for i in range(n): a, b, c = t
def format_int(n):
    for i in range(n): f'{i}'
";

fn ready(name: &str) -> (Interpreter, String, String) {
    let python = Interpreter::builder().hash_seed(0).memory_limit(1 << 30).build().expect("memory");
    python.exec(DEFINITIONS).expect("it runs");
    // Caches are filled, and the functions lowered.
    python.exec(&format!("{name}(100)")).expect("it runs");
    (python, format!("{name}(1000)"), format!("{name}(11000)"))
}

macro_rules! python {
    ($($name:ident)*) => {
        #[library_benchmark(setup = ready)]
        $(#[bench::$name(stringify!($name))])*
        fn few((python, few, _): (Interpreter, String, String)) -> Interpreter {
            python.exec(&few).expect("it runs");
            python
        }
        #[library_benchmark(setup = ready)]
        $(#[bench::$name(stringify!($name))])*
        fn many((python, _, many): (Interpreter, String, String)) -> Interpreter {
            python.exec(&many).expect("it runs");
            python
        }
    };
}

python! {
    turn int_add float_mul attribute attribute_miss attribute_polymorphic attribute_slots attribute_store box_unbox dict_get dict_set
    list_get list_append str_concat call method_call native_call instantiate generator_resume generator_loop raise_catch try_nothing
    intern closure unpack format_int
}

library_benchmark_group!(name = python_group; benchmarks = few, many);

// ---- whole -----------------------------------------------------------------------------------------------------------

fn lines(_: u8) -> (Interpreter, String) {
    let part = "def f{n}(a, b=2, *c, d=4, **e):\n    x = [a * i + b for i in range(10) if i % 2]\n    for y in x:\n        if y > 3 and a:\n            a = f'{y:>4}' + str(b)\n        else:\n            b += y ** 2\n    return {'a': a, 'b': b, **e}\n\n\n";
    let source: String = (0..100).map(|n| part.replace("{n}", &n.to_string())).collect();
    let python = Interpreter::builder().hash_seed(0).build().expect("memory");
    python.exec("def code(source): compile(source, 'f', 'exec')").expect("it runs");
    (python, format!("code({source:?})"))
}

// 1000 lines of functions; the text of the call that is compiled too is one more.
#[library_benchmark(setup = lines)]
#[bench::lines_1000(0)]
fn compile((python, call): (Interpreter, String)) -> Interpreter {
    python.exec(&call).expect("it compiles");
    python
}

fn graph(_: u8) -> Interpreter {
    let python = Interpreter::builder().hash_seed(0).build().expect("memory");
    python.exec("import gc\nclass N: pass\ngc.disable()\nfor i in range(5000):\n    a, b = N(), N()\n    a.other, b.other, a.list = b, a, [a, b]\na = b = None").expect("it runs");
    python
}

// 15,000 objects of cyclic garbage.
#[library_benchmark(setup = graph)]
#[bench::objects_15000(0)]
fn collect(python: Interpreter) -> Interpreter {
    assert_eq!(python.eval_to_string("gc.collect() > 0").expect("it runs"), "True");
    python
}

#[library_benchmark]
#[bench::interpreter()]
fn start() -> Interpreter {
    Interpreter::builder().hash_seed(0).memory_limit(64 << 20).build().expect("memory")
}

fn program(name: &str) -> (Interpreter, String) {
    let path = format!("{}/benches/programs/{name}.py", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(path).expect("the program is part of the repository");
    (Interpreter::builder().hash_seed(0).build().expect("memory"), source)
}

#[library_benchmark(setup = program)]
#[bench::sieve("sieve")]
#[bench::words("words")]
#[bench::market("market")]
#[bench::matrix("matrix")]
#[bench::digits("digits")]
#[bench::parser("parser")]
#[bench::streams("streams")]
#[bench::errors("errors")]
fn run((python, source): (Interpreter, String)) -> Interpreter {
    python.exec(&source).expect("it runs");
    python
}

library_benchmark_group!(name = whole_group; benchmarks = compile, collect, start, run);

main!(library_benchmark_groups = heap_group, python_group, whole_group);
