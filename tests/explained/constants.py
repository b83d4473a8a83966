import sys


def constants():
    pair = (1, 2)
    print(sys.getrefcount(pair))  #: pair
    again = (1, 2)
    print(sys.getrefcount(again))  #: again
    print(pair is again)
    nested = (1.5, ("two words", 2.5))
    print(sys.getrefcount(nested))  #: nested
    written = 123456789012345678901234567890
    print(sys.getrefcount(written))  #: written
    folded = 10**20
    print(sys.getrefcount(folded))  #: folded
    negative = -1.75
    print(sys.getrefcount(negative))  #: negative
    positive = 1.75
    print(sys.getrefcount(positive))  #: positive
    text = "two words more"
    print(sys.getrefcount(text))  #: text
    data = b"bytes"
    print(sys.getrefcount(data))  #: data
    repeated = "ab " * 3
    print(sys.getrefcount(repeated))  #: repeated


def names(name_of_parameter=None):
    name_of_local = 1
    print(sys._is_immortal("name_of_parameter"), sys._is_immortal("name_of_local"))
    print(sys._is_immortal("name_of_nothing"), sys._is_interned("name_of_nothing"))
    print(sys.getrefcount("names") == sys.getrefcount(None), dict(name_of_keyword=1))
    print([sys._is_immortal(name) for name in dict(name_of_keyword=1)])
    made = "name_of_" + str(name_of_local)
    print(sys._is_immortal(made), sys._is_immortal(sys.intern(made)))


constants()
names()
