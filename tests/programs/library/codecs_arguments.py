# The arguments of the functions of _codecs, and what they say to wrong ones.
import _codecs


def told(what, work):
    try:
        print(what, "ok", repr(work()))
    except Exception as e:
        print(what, type(e).__name__, e)


for name in sorted(dir(_codecs)):
    function = getattr(_codecs, name)
    if name.startswith("__") or name in ("register", "unregister", "register_error", "_unregister_error", "lookup", "lookup_error"):
        continue
    print(name, function.__text_signature__)
    for first in "ab", b"ab", None:
        for rest in (), (1.5,), ("strict", 1), ("strict", None), ("strict", 0, 0), ("strict", 0, 0, 0):
            told((name, first, *rest), lambda: function(first, *rest))
    told(name, lambda: function())
    told(name, lambda: function("a", errors="strict"))
print(_codecs.utf_16_encode("\U00012345", None, -1), _codecs.utf_32_encode("\U00012345", None, 1))
told("large", lambda: _codecs.utf_16_encode("a", None, 1 << 40))
told("large", lambda: _codecs.utf_32_ex_decode(b"a", None, 1 << 40))
