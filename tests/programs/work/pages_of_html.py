# HTML as it comes: tags, entities, comments, what is not closed; a table read out of a page; text escaped and unescaped.
import html
from html.parser import HTMLParser

PAGE = """<!DOCTYPE html><html lang=de><head><title>R&auml;ume &amp; Schl&uuml;ssel</title>
<script>if (a < b && c > d) { x = "<p>"; }</script><style>p > b { color: red }</style></head>
<body class='a b' data-x="1 &lt; 2" hidden><!-- a comment -- with - dashes --><p>eins<br/>zwei<p>drei &#9731; &#x2603; &notit; &unknown; &amp
<table><tr><th>Zimmer<th>Gast<tr><td>1<td>Änne &quot;A&quot;<tr><td>2</td><td><a href="/b?x=1&amp;y=2">Bob</a></td></tr></table>
<img src=x.png alt="" ><INPUT TYPE=checkbox checked><textarea><b>not bold</b></textarea><?php echo 1 ?><![CDATA[x]]></body></html> tail <"""


class Events(HTMLParser):
    def handle_starttag(self, tag, attrs):
        print("start", tag, attrs, self.getpos())

    def handle_startendtag(self, tag, attrs):
        print("startend", tag, attrs)

    def handle_endtag(self, tag):
        print("end", tag)

    def handle_data(self, data):
        print("data", repr(data))

    def handle_comment(self, data):
        print("comment", repr(data))

    def handle_decl(self, decl):
        print("decl", decl)

    def handle_pi(self, data):
        print("pi", data)

    def unknown_decl(self, data):
        print("unknown", data)


Events().feed(PAGE)
print("---- in pieces, references kept")


class Raw(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.found = []

    def handle_entityref(self, name):
        self.found.append("&" + name)

    def handle_charref(self, name):
        self.found.append("#" + name)

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)


raw = Raw()
for at in range(0, len(PAGE), 7):
    raw.feed(PAGE[at : at + 7])
raw.close()
print(raw.found)


class Table(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows, self.cell = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []
            self.rows[-1].append(self.cell)

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


table = Table()
table.feed(PAGE.split("<table>")[1].split("</table>")[0])
table.close()
print([["".join(cell).strip() for cell in row] for row in table.rows])
print(html.escape("<a href='x'>\"&</a>"), html.escape("'\"", quote=False))
print([html.unescape(text) for text in ("&lt;&gt&amp;", "&#128;&#xD800;&#1114112;&#0;", "&notin;&notit", "&NotEqualTilde;", "&#x;&;&#")])
