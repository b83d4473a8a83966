"""What sysconfig knows of how this interpreter was built.

There is no makefile and no C compiler behind it, so that what only those
would say is absent or empty.
"""

import struct as _struct
import sys as _sys

_version = '%d.%d' % _sys.version_info[:2]
_tag = _sys.implementation.cache_tag
_prefix = _sys.base_prefix
_exec_prefix = _sys.base_exec_prefix
_library = _prefix.rstrip('/') + '/' + _sys.platlibdir

build_time_vars = {
    'ABIFLAGS': _sys.abiflags,
    'BINDIR': _exec_prefix.rstrip('/') + '/bin',
    'BINLIBDEST': _library + '/python' + _version,
    'CFLAGS': '',
    'CONFIG_ARGS': '',
    'EXE': '',
    'EXT_SUFFIX': '.' + _tag + '.so',
    'HAVE_GETRANDOM': 1,
    'HAVE_GETRANDOM_SYSCALL': 1,
    'INCLUDEDIR': _prefix.rstrip('/') + '/include',
    'INCLUDEPY': _prefix.rstrip('/') + '/include/python' + _version,
    'LDFLAGS': '',
    'LDVERSION': _version + _sys.abiflags,
    'LIBDEST': _library + '/python' + _version,
    'LIBDIR': _library,
    'MACHDEP': _sys.platform,
    'MULTIARCH': getattr(_sys.implementation, '_multiarch', ''),
    'PY_CFLAGS': '',
    'PY_CFLAGS_NODIST': '',
    'PY_LDFLAGS': '',
    'PY_LDFLAGS_NODIST': '',
    'PY_SUPPORT_TIER': 0,
    'Py_DEBUG': 0,
    'Py_ENABLE_SHARED': 0,
    'Py_GIL_DISABLED': 0,
    'Py_HASH_ALGORITHM': 0,
    'Py_TRACE_REFS': 0,
    'SHLIB_SUFFIX': '.so',
    'SIZEOF_DOUBLE': _struct.calcsize('d'),
    'SIZEOF_FLOAT': _struct.calcsize('f'),
    'SIZEOF_INT': _struct.calcsize('i'),
    'SIZEOF_LONG': _struct.calcsize('l'),
    'SIZEOF_LONG_LONG': _struct.calcsize('q'),
    'SIZEOF_SHORT': _struct.calcsize('h'),
    'SIZEOF_SIZE_T': _struct.calcsize('N'),
    'SIZEOF_VOID_P': _struct.calcsize('P'),
    'SOABI': _tag,
    'TZPATH': '/usr/share/zoneinfo:/usr/lib/zoneinfo:'
              '/usr/share/lib/zoneinfo:/etc/zoneinfo',
    'VERSION': _version,
    'WITH_DOC_STRINGS': 1,
    'WITH_PYMALLOC': 0,
    'exec_prefix': _exec_prefix,
    'prefix': _prefix,
}
