"""`_locale` and what `locale` makes of it."""
import _locale
import locale


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


L = _locale
print(locale.Error is L.Error, L.Error.__mro__[1:3], [(n, getattr(L, n)) for n in sorted(dir(L)) if n.startswith("LC_")], L.CHAR_MAX)
print(L.setlocale(L.LC_CTYPE), L.setlocale(L.LC_ALL, "C"), L.setlocale(L.LC_ALL), L.nl_langinfo(L.CODESET), L.getencoding())
for category, name in (0, "POSIX"), (0, "C.UTF-8"), (6, None), (1, "C.utf8"), (12, "C.UTF8"), (6, None), (99, "C"), (99, None), (-1, "C"), (6, "xx"), (6, "LC_CTYPE=C"), (6, "garbage=1"), ("a", None), (0, 3), (0, "a\0b"), (2**40, "C"), (6, "C"):
    print(category, name, attempt(L.setlocale, category, name))
whole = ";".join(f"{name}=C.UTF-8" if name != "LC_TIME" else f"{name}=C" for name in "LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_PAPER LC_NAME LC_ADDRESS LC_TELEPHONE LC_MEASUREMENT LC_IDENTIFICATION".split())
print(L.setlocale(6, whole) == whole, L.setlocale(2), L.setlocale(3))
print(L.localeconv())
print(L.strcoll("a", "b"), L.strcoll("é", "z"), L.strcoll("a", "a"), L.strcoll("", "a"), attempt(L.strcoll, "a", 1), attempt(L.strcoll, "a\0", "a"))
print(L.strxfrm("aé"), attempt(L.strxfrm, "\0"), attempt(L.strxfrm, 1), L.getencoding())
for name in sorted(dir(L)):
    value = getattr(L, name)
    if type(value) is int and not name.startswith("LC_") and name != "CHAR_MAX":
        print(name, value, repr(L.nl_langinfo(value)))
print(attempt(L.nl_langinfo, 0), attempt(L.nl_langinfo, 1 << 20), attempt(L.nl_langinfo, "x"))
print(L.gettext("m"), L.dgettext("d", "m"), L.dgettext(None, "m"), L.dcgettext("d", "m", 5), L.textdomain(None), L.textdomain("d"), L.textdomain(None), L.textdomain(""))
print(L.bindtextdomain("d", "/x"), L.bindtextdomain("d", None), L.bindtextdomain("other", None), attempt(L.bindtextdomain, "", None), L.bind_textdomain_codeset("d", "UTF-8"), L.bind_textdomain_codeset("d", None), L.bind_textdomain_codeset("zz", None))
print(locale.setlocale(locale.LC_ALL, ("C", None)) if False else locale.setlocale(locale.LC_ALL, "C"), locale.getlocale(), locale.localeconv()["decimal_point"], locale.format_string("%.2f|%d", (1234.5, 12345), grouping=True), locale.str(1.5), locale.atof("1.25"), locale.atoi("12"), locale.normalize("de_DE"), sorted(["b", "a", "C"], key=locale.strxfrm))
print(attempt(locale.currency, 5), attempt(locale.setlocale, locale.LC_ALL, "no_SUCH"), locale.delocalize("1,5"))
