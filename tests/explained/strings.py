import sys


def build():
    text = ""
    for part in ("in", "n"):
        text += part
    word = "inn"
    print(text is word, text == word)
    text = sys.intern(text)
    print(text is word)
    parts = [text.upper()]
    kept = parts[0]
    print(sys.getrefcount(kept))  #: kept


build()
