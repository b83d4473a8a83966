"""Records of modules take attributes, those of sys do not."""
import grp
import os
import pwd
import resource
import signal
import sys
import time

RECORDS = [
    time.struct_time, os.stat_result, os.terminal_size, os.uname_result, os.times_result, os.sched_param, os.statvfs_result, resource.struct_rusage, pwd.struct_passwd, grp.struct_group,
    signal.struct_siginfo, type(sys.flags), type(sys.version_info), type(sys.float_info), type(sys.int_info), type(sys.hash_info), type(sys.thread_info), type(sys.get_asyncgen_hooks()),
]
for record in RECORDS:
    print(record.__module__, record.__name__, bool(record.__flags__ & 1 << 8), bool(record.__flags__ & 1 << 9))
    try:
        record.note = "said"
        print(" ", record.note, "note" in record.__dict__, "note" in dir(record))
        record.note = 1
        print(" ", record.note)
        del record.note
        print(" ", hasattr(record, "note"))
        del record.note
    except (TypeError, AttributeError) as error:
        print(" ", type(error).__name__, error)

now = time.gmtime(0)
time.struct_time.year = property(lambda self: self.tm_year)
time.struct_time.first = now
print(now.year, now.first is now, time.gmtime(10**9).year)
try:
    now.year = 3
except AttributeError as error:
    print(error)
try:
    now.other = 3
except AttributeError as error:
    print(error)


try:
    class Sub(time.struct_time):
        pass
except TypeError as error:
    print(error)
del time.struct_time.year, time.struct_time.first
print(hasattr(now, "year"))
