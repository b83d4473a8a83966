# What still works while the interpreter ends: flags, warnings, tracebacks.
import sys
import warnings

warnings.simplefilter("always")


class AtEnd:
    is_finalizing = sys.is_finalizing
    print = print
    warn = staticmethod(warnings.warn)
    stream = sys.stdout

    def __init__(self, name):
        self.name = name

    def __del__(self):
        self.print(self.name, self.is_finalizing(), flush=True)


print(sys.is_finalizing())
AtEnd("before")
end = AtEnd("at the end")
