# What sys says of the system's loader of extension modules, and of profilers of the system.
import os
import sys


def tell(function):
    try:
        print(repr(function()))
    except Exception as error:
        print(type(error).__name__, error)


print(sys.getdlopenflags() == os.RTLD_NOW)
for flags in os.RTLD_NOW | os.RTLD_GLOBAL, "a", 2**40, -(2**40), 2.5, -1, True, os.RTLD_NOW:
    tell(lambda: sys.setdlopenflags(flags))
    tell(sys.getdlopenflags)
tell(lambda: sys.setdlopenflags())
tell(lambda: sys.setdlopenflags(1, 2))
tell(lambda: sys.getdlopenflags(1))
print(sys.is_stack_trampoline_active(), sys.deactivate_stack_trampoline())
tell(lambda: sys.activate_stack_trampoline("other"))
tell(lambda: sys.activate_stack_trampoline(3))
tell(lambda: sys.activate_stack_trampoline("a\0b"))
print(sys.is_stack_trampoline_active())
