# importlib made anew from its files, as its tests do, and what sys says of other processes.
import importlib.util
import sys
import types
import _imp

kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "importlib"}
for name in "_frozen_importlib", "_frozen_importlib_external":
    kept[name] = sys.modules[name]
    sys.modules[name] = None
_imp._override_frozen_modules_for_tests(-1)
try:
    for name in "importlib._bootstrap", "_collections_abc", "os":
        print(name, _imp.is_frozen(name))
    import importlib as anew
    print(anew is kept["importlib"], anew._bootstrap is kept["_frozen_importlib"], anew._bootstrap.__name__)
    print(anew.import_module("colorsys").__name__, anew._bootstrap.__spec__.name)
finally:
    _imp._override_frozen_modules_for_tests(0)
    for name in [name for name in sys.modules if name.split(".")[0] == "importlib"]:
        del sys.modules[name]
    sys.modules.update(kept)
print(importlib.import_module("importlib") is kept["importlib"], _imp.is_frozen("os"))
print(type(sys.is_remote_debug_enabled()), sys.is_remote_debug_enabled.__text_signature__)
print(sys.remote_exec.__text_signature__)
try:
    sys.is_remote_debug_enabled(1)
except TypeError as error:
    print(error)
import dis
print("CACHE" in dis.opmap, "EXTENDED_ARG" in dis.opmap)

# What is no str among the names to import says whose list it is in.
import email
for names in [b"a"], [1], ["*"]:
    try:
        print(__import__("email", fromlist=names).__name__)
    except TypeError as error:
        print(error)
email.__all__ = [b"x", "charset"]
for names in ["*"], ["charset", "*"]:
    try:
        print(__import__("email", fromlist=names).__name__)
    except TypeError as error:
        print(error)
