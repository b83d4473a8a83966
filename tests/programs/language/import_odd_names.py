# Names with lone surrogates, where they are names of modules and codecs.
import importlib
import pickle
import sys
import types

NAME = "\ud800"


def tell(act):
    try:
        print(ascii(act()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)), ascii(getattr(e, "name", None)))


tell(lambda: __import__(NAME))
tell(lambda: __import__("os." + NAME))
tell(lambda: importlib.import_module(NAME))
tell(lambda: pickle.loads(b"c\xed\xa0\x80\nx\n."))
tell(lambda: pickle.loads(b"\x80\x04\x8c\x03\xed\xa0\x80\x8c\x01x\x93."))
tell(lambda: "a".encode(NAME))
tell(lambda: b"a".decode(NAME))
tell(lambda: "a".encode("ascii", NAME))
tell(lambda: "\xe9".encode("ascii", NAME))
sys.modules[NAME] = types.ModuleType(NAME)
sys.modules[NAME].x = 5
tell(lambda: __import__(NAME).x)
tell(lambda: pickle.loads(b"\x80\x04\x8c\x03\xed\xa0\x80\x8c\x01x\x93."))
