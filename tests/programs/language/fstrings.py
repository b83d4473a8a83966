# f-strings: nesting, =, conversions, specs, quotes, lambdas, evaluation order.

x, y, name, items, d = 42, 3.14159, "inn", [1, 2, 3], {"k": "v", "a b": 1}
print(f"{x}", f"{x!r}", f"{x:5}|", f"{x:<5}|", f"{name!r:>8}", f"{y:.2f}", f"{y:{x//4}.{2}f}", f"{{}}", f"{{{x}}}", f"a{x}b{x}c", f"", f"no fields")
print(f"{x=}", f"{x = }", f"{x=:>6}", f"{x=!s}", f"{name=}", f"{name=!s}", f"{ name = }", f"{x+1=}", f"{d['k']=}", f"{y=:.1f}", f"{items[0]=}", f"{len(items)=}")
print(f"{items}", f"{items!s:>12}", f"{d["k"]}", f"{d['a b']}", f'{"nested " + f"{x} {f'{y:.1f}'}"}', f"{'\n'.join(['a', 'b'])}", f"{'a' 'b'}", f"{"x" if x else "y"}")
print(f"{x if x > 1 else y}", f"{(lambda a: a * 2)(4)}", f"{[i for i in range(3)]}", f"{ {1: 2} }", f"{ {1, 2} }", f"{(1, 2)}", f"{1, 2}", f"{x:#x} {x:#b} {x:e}", f"{(w := 5)} {w}", f"{x!=3}", f"{x==42}", f"{x>=1}", f"{'{'}{'}'}")
print(f"""multi
{x
 + 1}
line {name
}""")
print(f"{x}" f"{y:.1f}" "plain {x}" rf"\n{x}" f"\t{x}\x41\u00e9", fr"\d{x}", F"{x}", Rf"{x}\\")
print(f"{x:{'>'}{10}}|{x:{'*^10'}}|{y:{'.' + '3' + 'f'}}|{name:{'<' if True else '>'}{8}}|")
order = []


def note(n, v=None):
    order.append(n)
    return n if v is None else v


print(f"{note(1)} {note(2):{note(3)}} {note(4)!r:>{note(5)}}", order)


class Fmt:
    def __format__(self, s):
        return f"<{s}>"

    def __repr__(self):
        return "R"

    __str__ = lambda self: "S"


o = Fmt()
print(f"{o} {o!r} {o!s} {o!a} {o:abc} {o:{x}x} {o=} {o=:q} {o=!s} {o: } {o:%H:%M} {o!r:>3}")


def err(src, **ns):
    try:
        print("no error:", repr(eval(src, ns)))
    except SyntaxError as e:
        print(src, "->", type(e).__name__, e.msg)
    except Exception as e:
        print(src, "->", type(e).__name__, e)


err("f'{nope}'")
err("f'{1:d}{2:s}'")
err("f'{x:q}'", x=1)
err("f'{[]:5}'")
err("f'{}'")
err("f'{ }'")
err("f'{'")
err("f'}'")
err("f'{a b}'")
err("f'{1!x}'")
err("f'{1!}'")
err("f'{1:{2:{3:{4}}}}'")
err("f'{x!r:{w}}'", x=1, w=5)
err("f'{*a}'")
err("f'{lambda x: 1}'")
err("f'{1 +}'")
err("f'{a[}'")
err("f'{!r}'")
err("f'{=}'")
err("f'{1'")
err("f'{yield}'")
err("f'{f\"{1}\"}'")
err("f'{x = !r:^20}'", x="q")
err("f'a' 'b{c}' f'{1}'")
err("b'a' f'b'")
err("f'{\"a\" if 1 else \"b\"}'")
err("f'{x:{{}}}'", x=1)


def g():
    for i in range(3):
        yield f"{i}:{yield_none()}"


def yield_none():
    return None


print(list(g()), [f"{a}{b}" for a in "xy" for b in (1, 2)], max(f"{n:03}" for n in (5, 40, 300)))
rows = [("tea", 3, 1.5), ("room", 12, 80.0)]
for n, q, p in rows:
    print(f"{n:<8}|{q:>4}|{p:>8.2f}|{q*p:>10,.2f}|{q/15:>6.1%}")
print(f"{'':-^30}", f"{'mid':=^30}", f"{3:>+5}{-3:>+5}{0:>+5}", sep="\n")
class A:
    v = 7
    t = f"{v} {__qualname__}"
print(A.t, f"{A.v}", f"{A.__name__!r}", f"{f'{f"{A.v}"}'}")
