# How types are called, and what they say to a wrong call.
class S(set):
    pass


class FS(frozenset):
    pass


class I(int):
    pass


class Str(str):
    pass


def told(text):
    try:
        print(text, "ok", repr(eval(text)))
    except Exception as e:
        print(text, type(e).__name__, e)


calls = ["", "1", "1, 2", "1, 2, 3", "1, 2, 3, 4", "'x'", "'x', 2", "foo=1", "1, foo=1", "1, 2, foo=1", "1, 2, 3, foo=1", "foo=1, bar=2, baz=3",
         "base=1", "'x', base='y'", "object=1", "encoding='x'", "encoding=1", "errors=1", "errors=None", "b'x', None", "b'x', 'utf-8', None",
         "b'x', encoding=None", "None", "None, None", "1, None"]
for name in "S", "FS", "I", "Str", "set", "frozenset", "int", "str":
    for call in calls:
        told(f"{name}({call})")
for text in ["S().__init__(1, 2)", "S().intersection_update(a=1)", "S().intersection(a=1)", "bytearray().extend('')", "bytearray().extend('a')",
             "memoryview(b'').__exit__(a=1)", "(i for i in ()).throw(ValueError, a=1)", "(i for i in ()).__init__(1)", "{}.keys().__init__(1)",
             "object().__init__(1)", "(1).__init__(1)"]:
    told(text)
