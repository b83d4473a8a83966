# More constants and names than an operand of sixteen bits tells apart.
MANY = 70_000


def lines(text):
    return "".join(text % (i, i) for i in range(MANY))


space = {}
exec(lines("v%d = %d\n"), space)
print(space["v0"], space["v65535"], space["v65536"], space["v69999"])
exec("def read():\n return [" + ", ".join(f"v{i}" for i in range(MANY)) + "]", space)
print(space["read"]() == list(range(MANY)))
exec("def write():\n global " + ", ".join(f"v{i}" for i in range(MANY)) + "\n" + lines(" v%d = %d.5\n"), space)
space["write"]()
print(space["v65534"], space["v65535"], space["v65536"], space["v69999"])
exec(lines("del v%d; w = %d\n"), space)
print("v0" in space, "v69999" in space, space["w"])
try:
    exec("missing_before = 1\n" + lines("v%d = %d\n") + "absent", space)
except NameError as e:
    print(e)

table = eval("{" + ", ".join(f"{i}.5: 'k{i}'" for i in range(MANY)) + "}")
print(len(table), table[65535.5], table[69999.5])
print(eval("[" + ", ".join(f"{i}.25" for i in range(MANY)) + "][-1]"))
print(eval("lambda x: [" + ", ".join(f"x + {i}.5" for i in range(MANY)) + "]")(1)[-1])
print(eval("lambda x: [" + ", ".join(f"{i}.5 < x" for i in range(MANY)) + "]")(69998)[-2:])


class Holder:
    def method(self):
        return self.a69998


exec("def fill(x):\n" + lines(" x.a%d = %d.5\n") + " return x.a69999, x.method(), x.a65535, hasattr(x, 'a1')", space)
print(space["fill"](Holder()))
exec("def empty(x):\n" + lines(" x.a%d = %d.5\n") + "".join(f" del x.a{i}\n" for i in range(MANY)) + " return x.a69999", space)
try:
    space["empty"](Holder())
except AttributeError as e:
    print(e)
exec("def text():\n" + lines(" 'd%d'; x = %d.5\n") + " return 'last'", space)
print(space["text"]())
exec("def item(d):\n" + "".join(f" d[{i}.5] = {i}.75\n" for i in range(MANY)) + " return d[69999.5], d[1.5]", space)
print(space["item"]({}))
exec("class Wide:\n" + lines(" n%d = %d.5\n") + " def get(self): return __class__.n69999", space)
print(space["Wide"].n65536, space["Wide"]().get())
exec("import sys\n" + lines("v%d = %d\n") + "from sys import maxsize as most, path\nimport gc as collector", space)
print(space["most"] > 0, space["collector"].__name__)
