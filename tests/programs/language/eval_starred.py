# What `eval` takes: no star at the top of an expression, but those of lambdas' parameters.
for text in ("lambda *c: c", "lambda a, *c: a", "lambda *, c: c", "lambda a, **c: a", "lambda a, /, b: a", "lambda a=lambda: 1, *c: a", "lambda a=(1, *b), *c: a",
             "lambda a={1: 2}, *c: [*c]", "lambda a, *b: a, *c", "lambda a, *c: *c", "lambda a={1: 2}, *c: a, *d", "a, *b", "*a, b", "*a", "1, *a", "'lambda', *a", "[*a]", "f(a, *b)",
             "x[a, *b]", "{*a}", "(lambda a, *c: a), *b"):
    try:
        compile(text, "<text>", "eval")
        print(text, "is taken")
    except SyntaxError as error:
        print(text, error.msg, error.lineno, error.offset)
print(eval("lambda a, b=1, *c: (a, b, c)")(1, 2, 3, 4), eval("lambda self, *, a, b=0: (self, a, b)")(1, a=2))
