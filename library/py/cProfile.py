"""Measures how often functions are called and how long they take, with a profiler in native code.

``cProfile.run("main()")`` runs a statement and prints what it took; ``with Profile() as profile: ...`` measures a block. What was measured is
shown by the module pstats. As a command: ``python -m cProfile [-o FILE] [-s ORDER] (SCRIPT | -m MODULE) ...``.
"""

import _lsprof
import importlib.machinery
import io
import marshal
import sys
import types

__all__ = ["run", "runctx", "Profile"]


class Profile(_lsprof.Profiler):
    """A profiler: Profile(timer=None, timeunit=0.0, subcalls=True, builtins=True).

    A timer is a function that gives the time, in seconds or in units of timeunit seconds.
    """

    def print_stats(self, sort=-1):
        """Prints what was measured, by an order of pstats, or several."""
        import pstats

        order = sort if isinstance(sort, tuple) else (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*order).print_stats()

    def dump_stats(self, file):
        """Writes what was measured to a file, for pstats."""
        self.create_stats()
        with open(file, "wb") as stream:
            marshal.dump(self.stats, stream)

    def create_stats(self):
        """Ends measuring, and makes the dict ``stats``."""
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        """Makes the dict ``stats``: for each function (file, line and name) how often it was called, without recursion and with it, the seconds
        within it and in all, and the same of each of its callers."""
        entries = self.getstats()
        self.stats, callers_of = {}, {}
        for entry in entries:
            callers = callers_of[id(entry.code)] = {}
            calls = entry.callcount
            self.stats[label(entry.code)] = calls - entry.reccallcount, calls, entry.inlinetime, entry.totaltime, callers
        for entry in entries:
            caller = label(entry.code)
            for call in entry.calls or ():
                callers = callers_of.get(id(call.code))
                if callers is None:
                    continue
                count = call.callcount
                sums = count, count - call.reccallcount, call.inlinetime, call.totaltime
                if caller in callers:
                    sums = tuple(map(sum, zip(callers[caller], sums)))
                callers[caller] = sums

    def run(self, cmd):
        """Runs a statement in ``__main__`` and measures it."""
        import __main__

        return self.runctx(cmd, __main__.__dict__, __main__.__dict__)

    def runctx(self, cmd, globals, locals):
        """The same in other namespaces."""
        self.enable()
        try:
            exec(cmd, globals, locals)
        finally:
            self.disable()
        return self

    def runcall(self, func, /, *args, **kw):
        """Calls a function, measures that, and returns what it returns."""
        self.enable()
        try:
            return func(*args, **kw)
        finally:
            self.disable()

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *raised):
        self.disable()


def _finish(profile, filename, sort):
    if filename is None:
        profile.print_stats(sort)
    else:
        profile.dump_stats(filename)


def run(statement, filename=None, sort=-1):
    """Runs a statement and prints what it took, or writes that to a file."""
    profile = Profile()
    try:
        profile.run(statement)
    except SystemExit:
        pass
    finally:
        _finish(profile, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """The same in other namespaces."""
    profile = Profile()
    try:
        profile.runctx(statement, globals, locals)
    except SystemExit:
        pass
    finally:
        _finish(profile, filename, sort)


def label(code):
    """The name of a function in what was measured: file, line and name; a native one has only a text."""
    if isinstance(code, str):
        return "~", 0, code
    return code.co_filename, code.co_firstlineno, code.co_name


def main():
    """The command."""
    import os
    import pstats
    from optparse import OptionParser

    parser = OptionParser(usage="cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ...")
    parser.allow_interspersed_args = False
    parser.add_option("-o", "--outfile", dest="outfile", default=None, help="Save stats to <outfile>")
    parser.add_option("-s", "--sort", dest="sort", default=2, choices=sorted(pstats.Stats.sort_arg_dict_default), help="Sort order when printing to stdout, based on pstats.Stats class")
    parser.add_option("-m", dest="module", action="store_true", default=False, help="Profile a library module")
    if not sys.argv[1:]:
        parser.print_usage()
        sys.exit(2)
    options, args = parser.parse_args()
    sys.argv[:] = args
    if options.outfile is not None:
        options.outfile = os.path.abspath(options.outfile)
    if not args:
        parser.print_usage()
        return parser
    if options.module:
        import runpy

        code = "run_module(modname, run_name='__main__')"
        names = {"run_module": runpy.run_module, "modname": args[0]}
    else:
        program = args[0]
        sys.path.insert(0, os.path.dirname(program))
        with io.open_code(program) as file:
            code = compile(file.read(), program, "exec")
        module = types.ModuleType("__main__")
        module.__spec__ = importlib.machinery.ModuleSpec("__main__", None, origin=program)
        module.__file__, module.__builtins__ = program, __builtins__
        sys.modules["__main__"] = module
        names = module.__dict__
    try:
        runctx(code, names, None, options.outfile, options.sort)
    except BrokenPipeError as error:
        # Nobody reads any more.
        sys.stdout = None
        sys.exit(error.errno)
    return parser


if __name__ == "__main__":
    main()
