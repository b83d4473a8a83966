# An interpreter of an eight-symbol language, with jump table and run-length folding.
class Halt(Exception): pass
def compile_(src):
    code, stack = [], []
    for c in src:
        if c in "+-<>":
            op, k = ("add", 1 if c == "+" else -1) if c in "+-" else ("move", 1 if c == ">" else -1)
            if code and code[-1][0] == op: code[-1][1] += k
            else: code.append([op, k])
        elif c == "[": stack.append(len(code)); code.append(["jz", None])
        elif c == "]":
            if not stack: raise SyntaxError("] without [")
            j = stack.pop()
            if code[j + 1 :] == [["add", -1]]: code[j:] = [["clear", 0]]
            else: code[j][1] = len(code); code.append(["jnz", j])
        elif c in ".,": code.append(["out" if c == "." else "in", 0])
    if stack: raise SyntaxError(f"{len(stack)} [ without ]")
    return [tuple(x) for x in code]
def run(src, data=b"", steps=60000):
    code, tape, p, i, out, inp = compile_(src), bytearray(300), 0, 0, bytearray(), iter(data)
    n = 0
    while i < len(code):
        n += 1
        if n > steps: raise Halt(f"more than {steps} steps, output {bytes(out)}")
        op, k = code[i]
        if op == "add": tape[p] = tape[p] + k & 255
        elif op == "move":
            p += k
            if not 0 <= p < 300: raise IndexError(f"tape position {p}")
        elif op == "jz":
            if not tape[p]: i = k
        elif op == "jnz":
            if tape[p]: i = k
        elif op == "clear": tape[p] = 0
        elif op == "out": out.append(tape[p])
        else: tape[p] = next(inp, 0)
        i += 1
    return bytes(out), n
def say(text):
    cur, src = 0, ""
    for c in text.encode():
        src += ("+" * (c - cur) if c >= cur else "-" * (cur - c)) + "."
        cur = c
    return src
print(run(say("Ryokan: names are keys\n")))
print(run(",[.,]", b"echo!"), run(">,[>,]<[.<]", b"reverse"), run("++++++++[>++++++++<-]>+.+.+."), run(">,>,<[->+<]>.", bytes([33, 40])))
table = "++++++[>++++++++<-]>" + "[->+>+<<]" + ">+++++.>" + ">++++++++[<<<+++++>>>-]<<<" + "[-]>>.<<" + "+++[>[->+>+<<]>>[-<<+>>]<<<-]"
print(run(table))
stairs = "+++++++[->+>+<<]>[->[->+>+<<]>>[-<<+>>]<[->>>" + "+" * 42 + ".[-]<<<]>>>++++++++++.[-]<<<<-<]"
print(run(stairs)[0].decode().split("\n")[:8])
for bad, data in (("[", b""), ("]", b""), ("+[]", b""), ("<", b""), ("+[>+]", b"")):
    try: print(run(bad, data))
    except (SyntaxError, Halt, IndexError) as e: print(type(e).__name__, e)
print(compile_("++[->+<]>>.,[-]"))
