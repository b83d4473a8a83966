"""How the modules of the library that is part of the interpreter are found and loaded.

The library is a folder that no system has: every path in it begins with
ROOT. A path of sys.path that lies in it is searched by ImageFinder, and what
that finds is loaded by ImageLoader, with its source, its data and its code.
"""

import _frozen_importlib as _bootstrap
import _imp
import sys

ROOT = _imp._library_root


def _inside(path):
    """The part of a path behind ROOT, or None if it does not lie there."""
    if path == ROOT:
        return ''
    if path.startswith(ROOT + '/'):
        return path[len(ROOT) + 1:].rstrip('/')
    return None


class ImageLoader:
    """Loads one module of the library."""

    def __init__(self, fullname, path):
        self.name = fullname
        self.path = path

    def __eq__(self, other):
        return self.__class__ == other.__class__ and self.__dict__ == other.__dict__

    def __hash__(self):
        return hash(self.name) ^ hash(self.path)

    def _own(self, fullname):
        if fullname is not None and fullname != self.name:
            raise ImportError(f'loader for {self.name} cannot handle {fullname}', name=fullname)
        return _inside(self.path)

    def create_module(self, spec):
        """Leaves the making of the module to the import system."""

    def exec_module(self, module):
        """Runs the module's code."""
        code = self.get_code(module.__name__)
        _bootstrap._call_with_frames_removed(exec, code, module.__dict__)

    def load_module(self, fullname=None):
        """Loads a module, the old way."""
        return _bootstrap._load_module_shim(self, fullname or self.name)

    def is_package(self, fullname=None):
        """Whether the module is a package."""
        return self._own(fullname).endswith('/__init__.py')

    def get_filename(self, fullname=None):
        """The path of the module's source."""
        self._own(fullname)
        return self.path

    def get_code(self, fullname=None):
        """The module's code."""
        code = _imp._library_code(self._own(fullname))
        if code is None:
            raise ImportError(f'the library has no {self.path}', name=self.name, path=self.path)
        return code

    def get_source(self, fullname=None):
        """The module's source."""
        data = _imp._library_data(self._own(fullname))
        if data is None:
            raise ImportError('source not available through get_data()', name=fullname)
        return data.decode('utf-8-sig').replace('\r\n', '\n')

    def get_data(self, path):
        """The bytes of a file of the library."""
        inside = _inside(path)
        data = None if inside is None else _imp._library_data(inside)
        if data is None:
            raise FileNotFoundError(2, 'No such file or directory', path)
        return data

    def get_resource_reader(self, fullname=None):
        """What importlib.resources reads a package's files through."""
        inside = self._own(fullname)
        if not inside.endswith('/__init__.py'):
            return None
        return _Resources(ROOT + '/' + inside[:-len('/__init__.py')])


class ImageFinder:
    """Finds modules in a folder of the library."""

    def __init__(self, path):
        inside = _inside(path) if isinstance(path, str) else None
        if inside is None or _imp._library_list(inside) is None:
            raise ImportError('only folders of the library are supported', path=path)
        self.path = path
        self._inside = inside

    def __repr__(self):
        return f'ImageFinder({self.path!r})'

    def invalidate_caches(self):
        """Does nothing: the library does not change."""

    def find_spec(self, fullname, target=None):
        """The spec of a module in the folder, or None."""
        name = fullname.rpartition('.')[2]
        base = f'{self._inside}/{name}' if self._inside else name
        for inside, package in ((base + '/__init__.py', True), (base + '.py', False)):
            if _imp._library_code(inside) is not None:
                path = f'{ROOT}/{inside}'
                loader = ImageLoader(fullname, path)
                spec = _bootstrap.ModuleSpec(fullname, loader, origin=path, is_package=package)
                spec._set_fileattr = True
                if package:
                    spec.submodule_search_locations.append(f'{ROOT}/{base}')
                return spec
        if _imp._library_list(base) is not None:
            spec = _bootstrap.ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations.append(f'{ROOT}/{base}')
            return spec
        return None

    def iter_modules(self, prefix=''):
        """The names of the modules in the folder, and whether they are packages."""
        for name in _imp._library_list(self._inside):
            if name.endswith('/'):
                base = f'{self._inside}/{name}' if self._inside else name
                if _imp._library_code(base + '__init__.py') is not None:
                    yield prefix + name[:-1], True
            elif name.endswith('.py') and name != '__init__.py':
                yield prefix + name[:-3], False


class _Resources:
    """A file or folder of the library, as importlib.resources knows them; the reader of one, too."""

    def __init__(self, path):
        self._path = path

    def files(self):
        return self

    @property
    def name(self):
        return self._path.rpartition('/')[2]

    def __str__(self):
        return self._path

    def is_dir(self):
        return _imp._library_list(_inside(self._path)) is not None

    def is_file(self):
        return _imp._library_data(_inside(self._path)) is not None

    def iterdir(self):
        for name in _imp._library_list(_inside(self._path)) or ():
            yield _Resources(f'{self._path}/{name}'.rstrip('/'))

    def joinpath(self, *parts):
        return _Resources('/'.join((self._path, *map(str, parts))))

    __truediv__ = joinpath

    def read_bytes(self):
        data = _imp._library_data(_inside(self._path))
        if data is None:
            raise FileNotFoundError(2, 'No such file or directory', self._path)
        return data

    def read_text(self, encoding='utf-8', errors='strict'):
        return self.read_bytes().decode(encoding, errors)

    def open(self, mode='r', *args, **kwargs):
        import io
        stream = io.BytesIO(self.read_bytes())
        if 'b' in mode:
            return stream
        return io.TextIOWrapper(stream, *args, **kwargs)

    def open_resource(self, resource):
        return self.joinpath(resource).open('rb')

    def resource_path(self, resource):
        raise FileNotFoundError(2, 'the library is no folder of the system', resource)

    def is_resource(self, name):
        return self.joinpath(name).is_file()

    def contents(self):
        return (entry.name for entry in self.iterdir())


def _archive_hook(path):
    """The finder of a folder of the library, or the importer of a zip file, whose module is imported for the first one."""
    if not isinstance(path, str) or not path:
        raise ImportError('not a zip file', path=path)
    if path.startswith(ROOT):
        return ImageFinder(path)
    import _frozen_importlib_external as external
    if external._path_isdir(path):
        raise ImportError('not a zip file', path=path)
    import zipimport
    return zipimport.zipimporter(path)


def install():
    """Lets the library, and zip files, be searched."""
    sys.path_hooks[:0] = [_archive_hook]
