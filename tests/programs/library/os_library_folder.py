# The folder of the standard library is one that can be listed and read.
import glob
import json
import os
import pathlib
import shutil
import tempfile

folder = os.path.dirname(os.__file__)
print("os.py" in os.listdir(folder), "json" in os.listdir(folder), b"os.py" in os.listdir(folder.encode()))
print(os.path.isdir(folder), os.path.isfile(os.__file__), os.path.exists(folder + "/no such"))
print(os.stat(os.__file__).st_size == len(open(os.__file__, "rb").read()) > 10_000)
entries = {entry.name: entry for entry in os.scandir(folder)}
print(entries["json"].is_dir(), entries["os.py"].is_file(), entries["os.py"].is_symlink())
print(entries["os.py"].stat().st_size == os.path.getsize(os.__file__))
print(entries["os.py"].inode() == os.stat(os.__file__).st_ino)
package = os.path.dirname(json.__file__)
walked = sorted(name for _, _, files in os.walk(package) for name in files if name.endswith(".py"))
print(walked)
print(sorted(pathlib.Path(path).name for path in glob.glob(package + "/*coder.py")))
print(pathlib.Path(json.__file__).read_text().startswith('r"""JSON'))
print(os.path.realpath(package + "/../os.py") == os.path.realpath(os.__file__))
print(os.access(folder, os.R_OK | os.X_OK), os.access(os.__file__, os.R_OK))
fd = os.open(os.__file__, os.O_RDONLY)
print(os.read(fd, 5), os.lseek(fd, 0, os.SEEK_END) == os.path.getsize(os.__file__))
os.close(fd)
with tempfile.TemporaryDirectory() as place:
    shutil.copytree(package, place + "/copy", ignore=shutil.ignore_patterns("__pycache__"))
    print(sorted(os.listdir(place + "/copy")) == walked)
for attempt in (lambda: open(folder), lambda: os.listdir(os.__file__), lambda: open(folder + "/no such.py")):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__)
