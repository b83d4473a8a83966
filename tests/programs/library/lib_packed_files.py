# Archives with all ways of packing: tarfile, zipfile, shutil.
import io
import tarfile
import zipfile

FILES = {'a.txt': b'some text\n' * 30, 'b/c.bin': bytes(range(256)) * 3, 'empty': b''}
for way in ('', 'gz', 'bz2', 'xz', 'zst'):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode='w:' + way) as archive:
        for name, data in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    raw.seek(0)
    with tarfile.open(fileobj=raw) as archive:
        print(way, {member.name: archive.extractfile(member).read() == FILES[member.name] for member in archive})
    raw.seek(0)
    with tarfile.open(fileobj=raw, mode='r|*') as archive:
        print([member.name for member in archive])
for way in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_ZSTANDARD):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, 'w', way) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    with zipfile.ZipFile(raw) as archive:
        print(way, archive.testzip(), {name: archive.read(name) == data for name, data in FILES.items()}, [i.compress_type for i in archive.infolist()])
        with archive.open('a.txt') as file:
            print(file.readline(), file.read(5))
