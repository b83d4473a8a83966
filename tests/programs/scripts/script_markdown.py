"""Markdown to HTML, a line at a time, with escapes and a table of contents."""
import html
import re
import textwrap
from html.parser import HTMLParser

SOURCE = """\
Ryokan's *guide*
================

A paragraph with **bold**, *italic*, `code <b>` and a [link](http://example.org/?a=1&b=2 "A title").
It goes on here & ends.  
New line, escaped \\*stars\\*, ![alt text](pic.png).

## Lists

- one
- two with `x < y`
  - nested
  - deeper **still**
- three

1. first
2. second

## Code & quotes

> Quoted *text*
> on two lines

```python
def f(a: int) -> str:
    return "<%s>" % a
```

| Name | Age |
|:-----|----:|
| Bob  | 7   |
| Eve  | 61  |

---
Last <em>words</em>: 5 < 6.
"""

INLINE = [
    (re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)"), r'<img src="\2" alt="\1">'),
    (re.compile(r'\[([^\]]+)\]\(([^)\s]+)(?:\s+&quot;(.*?)&quot;)?\)'), lambda m: f'<a href="{m[2]}"' + (f' title="{m[3]}"' if m[3] else "") + f">{m[1]}</a>"),
    (re.compile(r"(?<!\\)\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\\)\*(?=\S)(.+?)(?<![\s\\])\*"), r"<em>\1</em>"),
    (re.compile(r"\\([*_`\\])"), r"\1"),
    (re.compile(r" {2,}\n"), "<br>\n"),
]


def inline(text):
    kept = []

    def keep(match):
        kept.append(f"<code>{html.escape(match[1], quote=False)}</code>")
        return f"\0{len(kept) - 1}\0"

    text = html.escape(re.sub(r"`([^`]+)`", keep, text))
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return re.sub(r"\0(\d+)\0", lambda m: kept[int(m[1])], text)


def slug(text):
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


class Converter:
    def __init__(self):
        self.out, self.toc = [], []

    def heading(self, level, text):
        self.toc.append((level, text, slug(text)))
        self.out.append(f'<h{level} id="{slug(text)}">{inline(text)}</h{level}>')

    def items(self, lines, ordered):
        tag = "ol" if ordered else "ul"
        self.out.append(f"<{tag}>")
        at = 0
        while at < len(lines):
            self.out.append(f"<li>{inline(re.sub(r'^(?:[-*]|\d+\.)\s+', '', lines[at]))}")
            at += 1
            end = at
            while end < len(lines) and lines[end].startswith("  "):
                end += 1
            if end > at:
                self.items(textwrap.dedent("\n".join(lines[at:end])).split("\n"), ordered)
            at = end
            self.out[-1] += "</li>"
        self.out.append(f"</{tag}>")

    def table(self, lines):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        sides = ["right" if c.endswith(":") else "left" for c in rows.pop(1)]
        self.out.append("<table>")
        for n, row in enumerate(rows):
            tag = "td" if n else "th"
            self.out.append("<tr>" + "".join(f'<{tag} align="{s}">{inline(c)}</{tag}>' for c, s in zip(row, sides)) + "</tr>")
        self.out.append("</table>")

    def convert(self, source):
        fences = re.split(r"^```(\w*)\n(.*?)^```\n", source, flags=re.M | re.S)
        for n, part in enumerate(fences):
            if n % 3 == 2:
                self.out.append(f'<pre class="{fences[n - 1]}">{html.escape(part, False)}</pre>')
            elif n % 3 == 0:
                for block in re.split(r"\n\s*\n", part.strip("\n")):
                    self.block(block)
        return "\n".join(self.out)

    def block(self, block):
        lines = block.split("\n")
        if not block.strip():
            return
        if match := re.fullmatch(r"(#{1,6})\s+(.*?)\s*#*", block):
            self.heading(len(match[1]), match[2])
        elif len(lines) == 2 and re.fullmatch(r"=+|-+", lines[1]):
            self.heading(1 if lines[1][0] == "=" else 2, lines[0])
        elif re.match(r"[-*]\s|\d+\.\s", block):
            self.items(lines, block[0].isdigit())
        elif block.startswith(">"):
            self.out.append(f"<blockquote>{inline(re.sub(r'^> ?', '', block, flags=re.M))}</blockquote>")
        elif block.startswith("|"):
            self.table(lines)
        elif lines[0] == "---":
            self.out.append("<hr>")
            self.block("\n".join(lines[1:]))
        else:
            self.out.append(f"<p>{inline(block)}</p>")


class Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.depth, self.tags, self.text = 0, {}, []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        for name, value in attrs:
            if name in ("href", "title"):
                print(f"  {tag}.{name} = {value!r}")

    def handle_data(self, data):
        self.text.append(data)


converter = Converter()
result = converter.convert(SOURCE)
print(result)
for level, text, anchor in converter.toc:
    print(f"{'  ' * (level - 1)}- {text} (#{anchor})")
outline = Outline()
outline.feed(result)
outline.close()
print(sorted(outline.tags.items()))
print(textwrap.shorten(" ".join("".join(outline.text).split()), 120, placeholder=" ..."))
print(html.unescape("&lt;&eacute;&#x20AC;&#8364;&amp;amp;&notit;&bogus;"))
