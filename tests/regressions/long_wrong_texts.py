# What is long and wrong is refused, however little stack the thread has that compiles it.
import threading

COUNT = 10000
TEXTS = {
    "elif": "if a: pass\n" + "elif a: pass\n" * COUNT + "x x\n",
    "elif without a colon": "if a: pass\n" + "elif a: pass\n" * COUNT + "elif a\n",
    "except": "try: pass\n" + "except a: pass\n" * COUNT + "x x\n",
    "case": "match a:\n" + " case 1: pass\n" * COUNT + " x x\n",
    "decorators": "@a\n" * COUNT + "x x\n",
    "targets": "a = " * COUNT + "b c\n",
    "operators": "a" + " + a" * COUNT + " b\n",
    "powers": "a" + " ** a" * COUNT + " b\n",
    "signs": "-" * COUNT + "a b\n",
    "not": "not " * COUNT + "a b\n",
    "comparisons": "a" + " < a" * COUNT + " b\n",
    "conditions": "a" + " if a else a" * COUNT + " b\n",
    "lambda": "lambda: " * COUNT + "a b\n",
    "calls": "a" + ".a(1)[2]" * COUNT + " b\n",
    "clauses": "[a" + " for a in a" * COUNT + " b]\n",
    "patterns": "match a:\n case a" + " | a" * COUNT + " b: pass\n",
    "strings": "'a' " * COUNT + "b\n",
    "f-strings": "f'{a}' " * COUNT + "b\n",
    "del": "del " + "a, " * COUNT + "1\n",
    "names": "import " + "a." * COUNT + "a b\n",
    "statements": "a; " * COUNT + "b c\n",
    "items": "with " + "a as a, " * COUNT + "1 as 1: pass\n",
    "parameters": "def f(" + "a, " * COUNT + "a b): pass\n",
    "arguments": "f(" + "a, " * COUNT + "a b)\n",
}


def refuse():
    for name, text in TEXTS.items():
        try:
            compile(text, "f", "exec")
            print(name, "is right")
        except (SyntaxError, MemoryError):
            print(name, "is refused")


threading.stack_size(256 * 1024)
thread = threading.Thread(target=refuse)
thread.start()
thread.join()
