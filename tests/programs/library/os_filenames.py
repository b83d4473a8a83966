# What errors of the system name: the path that `__fspath__` gave, both paths of two, or nothing.
import os
import pathlib

class Path:
    def __init__(self, path):
        self.path = path
    def __fspath__(self):
        return self.path

def attempt(name, *args, **named):
    try:
        getattr(os, name)(*args, **named)
        print(name, 'done')
    except OSError as error:
        print(name, error.errno, repr(error.filename), repr(error.filename2))

for path in pathlib.PurePath('nope/x'), Path('nope/y'), Path(b'nope/z'), 'nope/s', b'nope/b':
    for name in ('stat lstat chdir chroot readlink remove unlink rmdir mkdir mkfifo mknod listdir scandir statvfs '
                 'listxattr').split():
        attempt(name, path)
    for name, *rest in [('open', os.O_RDONLY), ('chmod', 0o600), ('chown', 0, 0), ('lchown', 0, 0), ('truncate', 3),
                        ('utime',), ('getxattr', 'user.x'), ('setxattr', 'user.x', b''), ('removexattr', 'user.x'),
                        ('pathconf', 'PC_NAME_MAX'), ('execv', ['a']), ('execve', ['a'], {}),
                        ('posix_spawn', ['a'], {}), ('posix_spawnp', ['a'], {})]:
        attempt(name, path, *rest)
    for name in 'rename', 'replace', 'link', 'symlink':
        attempt(name, path, path)
        attempt(name, path, 'nope/other')
        attempt(name, b'nope/other', path)
for name, *rest in [('stat',), ('chdir',), ('listdir',), ('scandir',), ('statvfs',), ('truncate', 1), ('utime',),
                    ('chmod', 0o600), ('chown', 0, 0), ('listxattr',), ('getxattr', 'user.x'), ('fstat',), ('fchdir',)]:
    attempt(name, 99999, *rest)
attempt('mkfifo', 'x', dir_fd=99999)
try:
    pathlib.Path('nope').stat()
except OSError as error:
    print(error)
try:
    open(pathlib.Path('nope'))
except OSError as error:
    print(error)
