# The lines of a traceback are read as the file says that it is written.
import os
import subprocess
import sys
import tempfile

CASES = [
    ("", "foo", "ascii"),
    ("# coding: iso-8859-1\n", "h\xe9 ho", "iso-8859-1"),
    ("#!shebang\n# -*- coding: latin-1 -*-\n", "\xe4\xf6", "latin-1"),
    ("# coding: GBK\n", "\u4e02\u5100", "gbk"),
    ("# coding: cp1251\n", "\u0436\u0443\u043a", "cp1251"),
    ("# coding: utf-8\n", "h\xe9 \U0001f40d", "utf-8"),
    ("", "h\xe9", "utf-8-sig"),
    ("x = 0\n# coding: GBK\n", "h\xe9 ho", "utf-8"),
]


def shown(text, charset, folder, how):
    path = os.path.join(folder, "encoded.py")
    with open(path, "w", encoding=charset, newline="") as file:
        file.write(text)
    env = dict(os.environ, PYTHONIOENCODING="utf-8", PYTHONDONTWRITEBYTECODE="1", NO_COLOR="1", PYTHONPATH=folder)
    program = [path] if how == "file" else ["-c", "import encoded; encoded.f()"]
    done = subprocess.run([sys.executable, *program], env=env, capture_output=True)
    return done.stderr.decode("utf-8", "backslashreplace").replace(folder + os.sep, "")


with tempfile.TemporaryDirectory() as folder:
    for first, message, charset in CASES:
        for newline in ("\n", "\r\n"):
            raises = f"def f():\n    raise RuntimeError('{message}')\n\nif __name__ == '__main__':\n    f()\n"
            text = (first + raises).replace("\n", newline)
            print(charset, repr(newline))
            print(shown(text, charset, folder, "file"))
        print(shown(first + raises, charset, folder, "import"))
    # What is not in the encoding that it says is an error, and no line is shown of it.
    with open(os.path.join(folder, "encoded.py"), "wb") as file:
        file.write(b"# coding: utf-8\nx = 1\ny = '\xff'\n")
    done = subprocess.run([sys.executable, os.path.join(folder, "encoded.py")], capture_output=True)
    print(done.returncode)
