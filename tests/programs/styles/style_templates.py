"""A template engine without regular expressions: expressions with filters, loops, conditions, blocks that inherit; compiled to closures."""
import sys


class TemplateError(Exception):
    pass


def pieces(text):
    at = 0
    while at < len(text):
        begin = min((p for p in (text.find("{{", at), text.find("{%", at)) if p >= 0), default=-1)
        if begin < 0:
            yield "text", text[at:]
            return
        if begin > at:
            yield "text", text[at:begin]
        close = "}}" if text[begin + 1] == "{" else "%}"
        end = text.find(close, begin + 2)
        if end < 0:
            raise TemplateError(f"{text[begin:begin + 8]!r} is not closed")
        yield ("value" if close == "}}" else "tag"), text[begin + 2 : end].strip()
        at = end + 2


FILTERS = {
    "upper": str.upper, "title": str.title, "len": len, "sum": sum, "join": ", ".join, "first": lambda v: v[0], "str": str, "money": lambda v: f"{v:,.2f}",
    "escape": lambda v: str(v).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), "reverse": lambda v: v[::-1],
}


def expression(text):
    first, *filters = [part.strip() for part in text.split("|")]
    for name in filters:
        if name not in FILTERS:
            raise TemplateError(f"no filter {name!r}")
    if first[:1] in "'\"" and first:
        constant = first[1:-1]
        get = lambda scope: constant
    elif first.lstrip("-").isdigit():
        number = int(first)
        get = lambda scope: number
    else:
        head, *rest = first.split(".")

        def get(scope):
            value = scope[head]
            for name in rest:
                if isinstance(value, dict):
                    value = value[name]
                elif name.isdigit():
                    value = value[int(name)]
                else:
                    value = getattr(value, name)
                    value = value() if callable(value) else value
            return value

    if not filters:
        return get
    functions = [FILTERS[name] for name in filters]

    def filtered(scope):
        value = get(scope)
        for function in functions:
            value = function(value)
        return value

    return filtered


class Scope(dict):
    def __init__(self, outer, **own):
        super().__init__(own)
        self.outer = outer

    def __missing__(self, name):
        try:
            return self.outer[name]
        except KeyError:
            raise TemplateError(f"no name {name!r}") from None


class Template:
    library = {}

    def __init__(self, text, name=None):
        self.parent, self.blocks = None, {}
        self.stream = pieces(text)
        self.body, ended = self.parse(())
        if name:
            self.library[name] = self

    def parse(self, ends):
        body = []
        for kind, text in self.stream:
            if kind == "text":
                body.append(lambda scope, out, text=text: out.append(text))
            elif kind == "value":
                get = expression(text)
                body.append(lambda scope, out, get=get: out.append(str(get(scope))))
            else:
                word, _, rest = text.partition(" ")
                if word in ends:
                    return body, word
                body.append(getattr(self, "tag_" + word, self.unknown(word))(rest))
        if ends:
            raise TemplateError(f"{' or '.join(ends)} is missing")
        return body, None

    def unknown(self, word):
        def refuse(rest):
            raise TemplateError(f"no tag {word!r}")

        return refuse

    def tag_for(self, rest):
        name, _, source = rest.partition(" in ")
        get, name = expression(source), name.strip()
        body, ended = self.parse(("else", "end"))
        other = self.parse(("end",))[0] if ended == "else" else []

        def loop(scope, out):
            items = list(get(scope))
            for at, item in enumerate(items):
                inner = Scope(scope, loop={"index": at + 1, "last": at == len(items) - 1})
                inner[name] = item
                for part in body:
                    part(inner, out)
            if not items:
                for part in other:
                    part(scope, out)

        return loop

    def tag_if(self, rest):
        negated = rest.startswith("not ")
        get = expression(rest[4:] if negated else rest)
        body, ended = self.parse(("else", "end"))
        other = self.parse(("end",))[0] if ended == "else" else []

        def choose(scope, out):
            for part in body if bool(get(scope)) != negated else other:
                part(scope, out)

        return choose

    def tag_set(self, rest):
        name, _, value = rest.partition("=")
        get, name = expression(value.strip()), name.strip()
        return lambda scope, out: scope.__setitem__(name, get(scope))

    def tag_block(self, name):
        self.blocks[name] = self.parse(("end",))[0]

        def show(scope, out):
            for part in scope["_blocks"][name]:
                part(scope, out)

        return show

    def tag_extends(self, rest):
        self.parent = rest.strip("'\"")
        return lambda scope, out: None

    def render(self, **names):
        chain = [self]
        while chain[-1].parent:
            chain.append(self.library[chain[-1].parent])
        blocks = {}
        for template in reversed(chain):
            blocks.update(template.blocks)
        out, scope = [], Scope({"_blocks": blocks}, **names)
        for part in chain[-1].body:
            part(scope, out)
        return "".join(out)


class Item:
    def __init__(self, name, price, tags=()):
        self.name, self.price, self.tags = name, price, tags

    def label(self):
        return f"<{self.name}>"


Template("<h1>{% block title %}plain{% end %}</h1>\n{% block body %}{% end %}-- {{ 'the end' | upper }}\n", "base")
PAGE = Template(
    "{% extends 'base' %}{% block title %}{{ shop | title }}{% end %}{% block body %}"
    "{% for item in items %}{{ loop.index }}. {{ item.label | escape }}: {{ item.price | money }}"
    "{% if item.tags %} [{{ item.tags | join }}]{% else %} (plain){% end %}{% if not loop.last %};{% end %}\n{% else %}nothing\n{% end %}"
    "{% set n = items | len %}{{ n }} items, {{ prices | sum | money }}, {{ items.0.name | reverse }}\n{% end %}"
)
ITEMS = [Item(f"thing {i}", i * 1234.5, ("new", "red")[: i % 3]) for i in range(1, 6)]
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    for _ in range(5):
        text = PAGE.render(shop="the corner shop", items=ITEMS, prices=[item.price for item in ITEMS])
print(text)
print(Template("{{ a.b.1 }} {{ -5 }} {% for x in l %}{% for y in l %}{{ x }}{{ y }} {% end %}{% end %}").render(a={"b": [1, 2]}, l="ab"))
for broken in ["{{ a", "{% for x in y %}", "{% nothing %}", "{{ a | nofilter }}", "{% if a %}{% else %}", "{{ missing }}"]:
    try:
        print(Template(broken).render())
    except TemplateError as error:
        print(f"{broken:22} {error}")
