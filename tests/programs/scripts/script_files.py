"""Renames, copies, packs and unpacks files in a temporary folder."""
import configparser
import filecmp
import fnmatch
import glob
import gzip
import hashlib
import io
import os
import re
import shutil
import stat
import sys
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath


def rename_all(folder, pattern, replacement):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (new := re.sub(pattern, replacement, path.name)) != path.name:
            target = path.with_name(new)
            if target.exists():
                yield f"! {target.relative_to(folder)} exists"
                continue
            path.rename(target)
            yield f"{path.relative_to(folder)} -> {target.relative_to(folder)}"


def tree(folder, indent=""):
    for path in sorted(folder.iterdir(), key=lambda p: (p.is_file(), p.name)):
        print(f"{indent}{path.name}{'/' if path.is_dir() else f' ({path.stat().st_size})'}")
        if path.is_dir():
            tree(path, indent + "  ")


def digest(path):
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()[:12]


with tempfile.TemporaryDirectory(prefix="script-") as name:
    root = Path(name)
    for n, title in enumerate(["IMG_001.JPG", "IMG_002.jpg", "notes.txt", "sub/IMG_003.JPG", "sub/deep/data.bin"], 1):
        path = root / title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(range(n * 3)))
    (root / "photo_002.jpg").write_text("already there\n")
    print(*rename_all(root, r"(?i)^img_(\d+)\.jpg$", r"photo_\1.jpg"), sep="\n")
    tree(root)
    notes = root / "notes.txt"
    notes.write_text("erste Zeile\nzweite: ä€😀\n", encoding="utf-8")
    with notes.open("a", encoding="utf-8", newline="\r\n") as f:
        print("dritte", file=f)
    print(notes.read_bytes(), notes.read_text("utf-8").splitlines(), notes.stat().st_size)
    print(sorted(p.name for p in root.glob("**/*.jpg")), sorted(fnmatch.filter(os.listdir(root), "*_00?.*")), [os.path.basename(p) for p in sorted(glob.glob(f"{root}/s*/*"))])
    copy = shutil.copytree(root / "sub", root / "copy", ignore=shutil.ignore_patterns("*.bin"))
    shutil.copy2(notes, copy)
    shutil.move(copy / "notes.txt", copy / "moved.txt")
    print(filecmp.cmp(notes, copy / "moved.txt", shallow=False), digest(notes) == digest(copy / "moved.txt"))
    diff = filecmp.dircmp(root / "sub", copy)
    print(diff.left_only, diff.right_only, diff.common)
    (root / "link").symlink_to("notes.txt")
    os.chmod(notes, 0o640)
    print((root / "link").is_symlink(), (root / "link").resolve() == notes.resolve(), os.readlink(root / "link"), stat.filemode(notes.stat().st_mode))
    for path, dirs, files in os.walk(root):
        dirs.sort()
        print(os.path.relpath(path, root), dirs, sorted(files))
    with os.scandir(root) as entries:
        print(sorted((e.name, e.is_dir(), e.is_symlink()) for e in entries if not e.name.startswith("photo")))
    for attempt in (lambda: (root / "nope").read_text(), lambda: (root / "sub").rmdir(), lambda: notes.mkdir(), lambda: os.listdir(notes), lambda: (root / "sub").read_bytes()):
        try:
            attempt()
        except OSError as e:
            print(type(e).__name__, e.errno, e.strerror, os.path.relpath(e.filename, root))

    text = b"hello " * 500
    for module, suffix in ((gzip, ".gz"),):
        packed = root / f"packed{suffix}"
        with module.open(packed, "wb") as f:
            f.write(text)
        with module.open(packed, "rt") as f:
            print(suffix, f.read(11), packed.stat().st_size < 200, module.decompress(packed.read_bytes()) == text)
    print(len(zlib.compress(text, 9)) < 50, hex(zlib.crc32(text)), zlib.decompress(zlib.compress(b"x")))
    archive = root / "all.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        z.write(notes, "docs/notes.txt")
        z.writestr(zipfile.ZipInfo("made.txt", (2024, 2, 29, 12, 0, 0)), text, zipfile.ZIP_DEFLATED)
        z.comment = b"a comment"
    with zipfile.ZipFile(archive) as z:
        print(z.namelist(), z.testzip(), z.comment, z.getinfo("made.txt").date_time, z.getinfo("made.txt").file_size, z.read("docs/notes.txt") == notes.read_bytes())
        z.extractall(root / "unzipped")
        try:
            z.read("missing")
        except KeyError as e:
            print(e)
    print(zipfile.is_zipfile(notes), sorted(p.name for p in (root / "unzipped").rglob("*")), [p.name for p in zipfile.Path(archive).iterdir()])
    with tarfile.open(root / "all.tar.gz", "w:gz") as t:
        t.add(root / "sub", "sub")
        info = tarfile.TarInfo("made.bin")
        info.size = 5
        t.addfile(info, io.BytesIO(b"12345"))
    with tarfile.open(root / "all.tar.gz") as t:
        print(sorted(t.getnames()), t.extractfile("made.bin").read(), t.getmember("sub").isdir())
        t.extractall(root / "untarred", filter="data")
    print(sorted(p.relative_to(root).as_posix() for p in (root / "untarred").rglob("*")))
    shutil.make_archive(str(root / "made"), "zip", root / "sub")
    print(sorted(zipfile.ZipFile(root / "made.zip").namelist()))

    config = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation())
    config.read_string("[DEFAULT]\nbase = /srv\n[paths]\ndata = ${base}/data\nlog: ${data}/log\n# note\nlist =\n  one\n  two\n[flags]\non = yes\nn = 42\nf = 1.5\nempty\n" .replace("empty\n", ""))
    print(config.sections(), dict(config["paths"]), config["flags"].getboolean("on"), config.getint("flags", "n"), config.getfloat("flags", "f"), config.get("flags", "x", fallback="?"))
    config["new"] = {"Key": "Value $${x}"}
    config.remove_option("paths", "list")
    with (root / "c.ini").open("w") as f:
        config.write(f)
    print((root / "c.ini").read_text())
    for bad in (lambda: config.get("no", "x"), lambda: config.get("new", "x"), lambda: config.getint("paths", "data"), lambda: configparser.ConfigParser().read_string("x = 1"), lambda: configparser.ConfigParser().read_string("[a]\nb=1\nb=2")):
        try:
            bad()
        except (configparser.Error, ValueError) as e:
            print(type(e).__name__, str(e).replace("\n", "|"))
    temp = tempfile.NamedTemporaryFile("w+", dir=root, suffix=".tmp", delete_on_close=True)
    with temp:
        temp.write("temporary")
        temp.seek(0)
        print(temp.read(), os.path.exists(temp.name), temp.name.endswith(".tmp"))
    print(os.path.exists(temp.name))
    spool = tempfile.SpooledTemporaryFile(max_size=10)
    spool.write(b"0123456789abc")
    print(spool._rolled, spool.tell(), sys.getfilesystemencoding())
    spool.close()
print(root.exists(), PurePosixPath("/a/b/../c.tar.gz").suffixes, PureWindowsPath(r"C:\x\y.txt").drive, PurePosixPath("a/b").is_relative_to("a"), Path("x/./y//z").parts, PurePosixPath("/a/b").relative_to("/a"), PurePosixPath("a/b.py").with_suffix(".txt"), PurePosixPath("x/y.py").match("*.py"), os.path.commonpath(["/a/b", "/a/c"]), os.path.splitext("a.b/c"))
