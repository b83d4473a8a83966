# _stat, stat: kinds of files and their letters.
import _stat
import stat

kinds = [stat.S_IFDIR, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFREG, stat.S_IFIFO, stat.S_IFLNK, stat.S_IFSOCK, 0, 0o150000]
tests = [stat.S_ISDIR, stat.S_ISCHR, stat.S_ISBLK, stat.S_ISREG, stat.S_ISFIFO, stat.S_ISLNK, stat.S_ISSOCK, stat.S_ISDOOR, stat.S_ISPORT, stat.S_ISWHT]
for kind in kinds:
    print(oct(kind), [test(kind | 0o644) for test in tests], stat.filemode(kind | 0o644))
for bits in (0, 0o7777, 0o4755, 0o2755, 0o1777, 0o4644, 0o2644, 0o1666, 0o111, 0o222, 0o444, 0o750):
    print(stat.filemode(stat.S_IFREG | bits), oct(stat.S_IMODE(stat.S_IFREG | bits)), oct(stat.S_IFMT(stat.S_IFREG | bits)))
print(sorted((name, getattr(_stat, name)) for name in dir(_stat) if name[0] in 'SU' and not callable(getattr(_stat, name))))
for bad in ('x', None, 1.5, -1):
    try:
        print(stat.S_ISDIR(bad))
    except (TypeError, OverflowError) as error:
        print(type(error).__name__)
