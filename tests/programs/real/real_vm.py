# A small stack machine: assembler, functions, closures over a heap, a mark-and-sweep collector.
class VMError(Exception): pass
def assemble(text):
    code, labels, fixes = [], {}, []
    for no, line in enumerate(text.strip().splitlines(), 1):
        line = line.split(";")[0].strip()
        if not line: continue
        if line.endswith(":"): labels[line[:-1]] = len(code); continue
        op, *args = line.split()
        for i, a in enumerate(args):
            if a.lstrip("-").isdigit(): args[i] = int(a)
            elif op in ("jmp", "jz", "call"): fixes.append((len(code), i, no))
        code.append([op, *args])
    for at, i, no in fixes:
        name = code[at][i + 1]
        if name not in labels: raise VMError(f"line {no}: no label {name}")
        code[at][i + 1] = labels[name]
    return code
class VM:
    def __init__(self, code, heap_limit=40):
        self.code, self.stack, self.frames, self.heap, self.out = code, [], [(None, {})], {}, []
        self.next, self.limit, self.steps, self.collections = 1, heap_limit, 0, 0
    def pop(self):
        if not self.stack: raise VMError("stack underflow")
        return self.stack.pop()
    def alloc(self, a, b):
        if len(self.heap) >= self.limit:
            self.collect(a, b)
            if len(self.heap) >= self.limit: raise VMError("heap full")
        ref = ("ref", self.next)
        self.next += 1
        self.heap[ref] = [a, b]
        return ref
    def collect(self, *more):
        self.collections += 1
        seen, todo = set(), [*self.stack, *more, *(v for _, l in self.frames for v in l.values())]
        while todo:
            r = todo.pop()
            if r in self.heap and r not in seen: seen.add(r); todo += self.heap[r]
        for r in [r for r in self.heap if r not in seen]: del self.heap[r]
    def run(self, most=20000):
        pc = 0
        while True:
            self.steps += 1
            if self.steps > most: raise VMError("too many steps")
            if pc >= len(self.code): raise VMError("ran off the end")
            op, *a = self.code[pc]
            pc += 1
            locals_ = self.frames[-1][1]
            match op:
                case "push": self.stack.append(a[0])
                case "pop": self.pop()
                case "dup": self.stack.append(self.stack[-1])
                case "load":
                    if a[0] not in locals_: raise VMError(f"unbound {a[0]}")
                    self.stack.append(locals_[a[0]])
                case "store": locals_[a[0]] = self.pop()
                case "add" | "sub" | "mul" | "div" | "mod" | "lt" | "eq":
                    y, x = self.pop(), self.pop()
                    try: self.stack.append({"add": int.__add__, "sub": int.__sub__, "mul": int.__mul__, "div": int.__floordiv__, "mod": int.__mod__, "lt": lambda p, q: int(p < q), "eq": lambda p, q: int(p == q)}[op](x, y))
                    except ZeroDivisionError: raise VMError("division by zero") from None
                case "jmp": pc = a[0]
                case "jz":
                    if not self.pop(): pc = a[0]
                case "call":
                    args = [self.pop() for _ in range(a[1])][::-1]
                    self.frames.append((pc, {f"a{i}": v for i, v in enumerate(args)}))
                    if len(self.frames) > 60: raise VMError("call stack overflow")
                    pc = a[0]
                case "ret": pc = self.frames.pop()[0]
                case "cons": y = self.pop(); self.stack.append(self.alloc(self.pop(), y))
                case "car" | "cdr":
                    r = self.pop()
                    if r not in self.heap: raise VMError(f"not a pair: {r}")
                    self.stack.append(self.heap[r][op == "cdr"])
                case "print": self.out.append(self.pop())
                case "halt": return self.out
                case _: raise VMError(f"unknown instruction {op}")
FACT = "push 20\ncall fact 1\nprint\nhalt\nfact:\nload a0\njz one\nload a0\nload a0\npush 1\nsub\ncall fact 1\nmul\nret\none:\npush 1\nret"
FIB = "push 15\ncall fib 1\nprint\nhalt\nfib:\nload a0\npush 2\nlt\njz more\nload a0\nret\nmore:\nload a0\npush 1\nsub\ncall fib 1\nload a0\npush 2\nsub\ncall fib 1\nadd\nret"
LIST = "push 0\nstore l\npush 300\nstore n\nloop:\nload n\njz sum\nload n\nload n\npush 10\nmod\njz keep\npush 0\ncons\npop\njmp next\nkeep:\nload l\ncons\nstore l\nnext:\nload n\npush 1\nsub\nstore n\njmp loop\nsum:\npush 0\nstore s\ns1:\nload l\njz end\nload l\ncar\nload s\nadd\nstore s\nload l\ncdr\nstore l\njmp s1\nend:\nload s\nprint\nhalt"
for name, src in (("fact", FACT), ("fib", FIB), ("list", LIST)):
    vm = VM(assemble(src))
    print(name, vm.run(), vm.steps, vm.collections, len(vm.heap), len(vm.code))
for src in ("pop", "push 1\npush 0\ndiv\nhalt", "jmp nowhere", "nonsense", "load x", "f:\ncall f 0", "x:\njmp x", "push 1\ncar", "push 1", "push 0\nstore l\nx:\npush 1\nload l\ncons\nstore l\njmp x"):
    try: print(VM(assemble(src)).run())
    except VMError as e: print(type(e).__name__, e)
