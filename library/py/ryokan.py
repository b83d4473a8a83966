"""What this interpreter's memory is made of: names are keys, objects are rooms.

room(obj)         where an object lies, what it takes, how often it is referred to
stats()           what the heap holds
snapshot()        counts and bytes by type and by line; a - b is what came between
referrers(obj)    who holds it, and how
path_to(obj)      why it is alive: the shortest way from a root
draw(*objs)       a picture of objects and what they lead to, as SVG
limit(...)        a with statement that caps its block: bytes, instructions
heap_report()     all of that in one; heap_report("OUT.html") writes a page
cpython_size(obj) the bytes that CPython 3.14 would need

Looking changes nothing: no count, no identity, and no code of the program runs. Results have fields, and a repr to read.
"""

import _ryokan
from _ryokan import (InstructionLimit, TimeLimit, __version__, cpython_size, heap_stats, instructions, is_boxed,
                     memory_limit, reset_peak, set_memory_limit, verify)

__all__ = ["Change", "Drawing", "InstructionLimit", "Path", "Referrer", "Room", "Row", "Snapshot", "Stats", "TimeLimit",
           "cpython_size", "draw", "heap_report", "heap_stats", "instructions", "is_boxed", "limit", "memory_limit",
           "path_to", "referrers", "reset_peak", "room", "set_memory_limit", "snapshot", "stats", "verify"]

_ROWS = 20


def _bytes(number):
    return f"{number:,} byte" + ("" if number == 1 else "s")


def _bar(part, whole, width=20):
    return "#" * round(width * part / whole) if whole > 0 and part > 0 else ""


class Room:
    """Where an object lies and what it takes: room(obj) gives one.

    type, value       the name of its type; it in a few characters
    boxed             whether it is an object; a number that nobody else refers to is a word in its place
    refcount          how many references the program holds; None for what lives for ever
    bytes             what it takes here, with its buffer (buffer_bytes) behind the block
    cpython_bytes     what CPython 3.14 would need for it
    arena, pool, block    their numbers; None for a large block, or where there is no object
    size_class        the size of the pool's blocks
    generation        of the collector; None if it does not watch the object
    flags             a tuple of words: immortal, tracked, interned, ..
    shape             the names of the attributes in the order of their slots, "dict" if they lie in a dict, or None
    line              (file, line) that asked for its memory, if that is traced
    """

    __slots__ = ("type", "value", "boxed", "refcount", "bytes", "buffer_bytes", "cpython_bytes", "arena", "pool",
                 "block", "size_class", "generation", "flags", "shape", "line")

    def __init__(self, facts):
        for name in self.__slots__:
            setattr(self, name, facts[name])

    def __repr__(self):
        lines = [f"{self.value}: {self.type}"]
        if not self.boxed:
            lines.append(f"  no room of its own: {', '.join(self.flags) or 'one of the constants'}; "
                         f"in CPython {_bytes(self.cpython_bytes)}")
            return "\n".join(lines)
        buffer = f", {self.buffer_bytes:,} of them its buffer" if self.buffer_bytes else ""
        lines.append(f"  bytes      {self.bytes:,}{buffer} (in CPython {self.cpython_bytes:,})")
        count = "none counted: it lives for ever" if self.refcount is None else f"{self.refcount:,}"
        lines.append(f"  references {count}")
        if self.pool is None:
            lines.append("  place      a large block" + ("" if self.arena is None else f" in arena {self.arena}"))
        else:
            lines.append(f"  place      arena {self.arena}, pool {self.pool}, block {self.block}, "
                         f"of {self.size_class} bytes")
        if self.generation is not None:
            lines.append(f"  generation {self.generation}")
        if self.flags:
            lines.append(f"  flags      {', '.join(self.flags)}")
        if self.shape is not None:
            lines.append(f"  shape      {self.shape if isinstance(self.shape, str) else ', '.join(self.shape)}")
        if self.line is not None:
            lines.append(f"  made at    {self.line[0]}:{self.line[1]}")
        return "\n".join(lines)


def _count(obj):
    return _ryokan.room(obj)["refcount"]


# How many references the way from room() to the count adds: an object that nobody else holds counts no others.
_LENT = _count([])


def room(obj, /):
    """Where an object lies, what it takes, how often it is referred to: a Room.

    A number that lies in a variable as a word gets a room when it is handed over to be looked at.
    """
    # (Loaded once: a second load would give a number a room.)
    facts = _ryokan.room(obj)
    if facts["refcount"] is not None:
        facts["refcount"] -= _LENT
    return Room(facts)


class Stats:
    """What the heap holds: stats() gives one.

    used_bytes, peak_bytes, limit_bytes    what is charged now and was at the most; the cap, or None
    external_bytes    what is charged outside of blocks: stacks, tables, digits
    block_bytes       the blocks in use
    arenas, pools     how many there are, of 1 MiB and 64 KiB
    large_blocks, large_bytes
    objects, buffers  by block size: blocks in use, free ones, pools
    """

    __slots__ = ("used_bytes", "peak_bytes", "external_bytes", "limit_bytes", "arenas", "pools", "block_bytes",
                 "large_blocks", "large_bytes", "objects", "buffers")

    def __init__(self, facts):
        for name in self.__slots__:
            setattr(self, name, facts[name])

    def __repr__(self):
        lines = [f"{self.used_bytes:>14,} bytes charged, {self.peak_bytes:,} at the most"]
        if self.limit_bytes is not None:
            lines.append(f"{self.limit_bytes:>14,} bytes is the cap {_bar(self.used_bytes, self.limit_bytes)}")
        lines.append(f"{self.block_bytes:>14,} bytes of blocks in use; {self.pools:,} pools in {self.arenas:,} arenas")
        lines.append(f"{self.large_bytes:>14,} bytes of them in {self.large_blocks:,} large blocks")
        lines.append(f"{self.external_bytes:>14,} bytes outside of blocks")
        for kind, classes in (("objects", self.objects), ("storage", self.buffers)):
            lines.append(f"{kind:>14}  {'block':>6} {'pools':>6} {'used':>10} {'free':>10}")
            for size, (used, free, pools) in classes.items():
                lines.append(f"{'':14}  {size:>6} {pools:>6} {used:>10,} {free:>10,}  {_bar(used, used + free, 12)}")
        return "\n".join(lines)


def stats():
    """What the heap holds: a Stats."""
    return Stats(heap_stats())


class Row:
    """A row of a snapshot: a name (of a type, or a line as FILE:LINE), how many, and how many bytes."""

    __slots__ = ("name", "count", "bytes")

    def __init__(self, name, count, bytes):
        self.name, self.count, self.bytes = name, count, bytes

    def __repr__(self):
        return f"<{self.name}: {self.count:,} of {_bytes(self.bytes)}>"


def _table(title, rows, signed=False):
    sign = "+" if signed else ""
    most = max((abs(row.bytes) for row in rows), default=0)
    lines = [f"{'bytes':>14} {'count':>12}  {title}"]
    for row in rows[:_ROWS]:
        lines.append(f"{row.bytes:>{sign}14,} {row.count:>{sign}12,}  {row.name:<32} {_bar(abs(row.bytes), most)}".rstrip())
    if len(rows) > _ROWS:
        lines.append(f"{'':14} {len(rows) - _ROWS:>12,}  more")
    return lines


class Snapshot:
    """Counts and bytes of what was alive: snapshot() gives one.

    used_bytes    what was charged
    types         rows by type, the greatest first
    lines         rows by the line that asked for the memory; none unless that is traced (tracemalloc.start())

    later - earlier is a Change: what came, and what went.
    """

    __slots__ = ("used_bytes", "types", "lines")
    _signed = False

    def __init__(self, used_bytes, types, lines):
        self.used_bytes, self.types, self.lines = used_bytes, types, lines

    def __sub__(self, earlier):
        if not isinstance(earlier, Snapshot):
            return NotImplemented
        return Change(self.used_bytes - earlier.used_bytes, _less(self.types, earlier.types),
                      _less(self.lines, earlier.lines))

    def __repr__(self):
        sign = "+" if self._signed else ""
        lines = [f"{self.used_bytes:>{sign}14,} bytes charged"]
        lines += _table("type", self.types, self._signed)
        if self.lines:
            lines += _table("line", self.lines, self._signed)
        return "\n".join(lines)


class Change(Snapshot):
    """What came between two snapshots: as a Snapshot, but its numbers are differences; rows that stayed as they were are
    left out.
    """

    __slots__ = ()
    _signed = True


def _less(later, earlier):
    known = {row.name: row for row in earlier}
    rows = []
    for row in later:
        before = known.pop(row.name, None)
        if before is None:
            rows.append(row)
        elif (row.count, row.bytes) != (before.count, before.bytes):
            rows.append(Row(row.name, row.count - before.count, row.bytes - before.bytes))
    rows += [Row(row.name, -row.count, -row.bytes) for row in known.values()]
    return sorted(rows, key=lambda row: (-abs(row.bytes), row.name))


def snapshot():
    """Counts and bytes of what is alive now, by type and by line: a Snapshot."""
    used = heap_stats()["used_bytes"]
    census = _ryokan.census()
    lines = [Row(f"{file}:{line}", count, size) for file, line, count, size, _ in _ryokan.lines()]
    types = [Row(name, count, size) for name, (count, size) in census.items()]
    types.sort(key=lambda row: (-row.bytes, row.name))
    return Snapshot(used, types, lines)


class Referrer:
    """Who holds an object: holder, and how, in words of Python. A holder of None is no object: a variable of a running
    frame, or the interpreter.
    """

    __slots__ = ("holder", "how")

    def __init__(self, holder, how):
        self.holder, self.how = holder, how

    def __repr__(self):
        return self.how.strip() if self.holder is None else f"{_ryokan.brief(self.holder)} {self.how.strip()}"


class _Listed(list):
    """A list that shows a line an item."""

    def __repr__(self):
        return "\n".join(map(repr, self)) or "nobody"


def referrers(obj, /):
    """A list of who holds an object, each a Referrer."""
    return _Listed(Referrer(holder, how) for how, holder in _ryokan.holders(obj))


class Path:
    """The shortest way from a root to an object: path_to(obj) gives one.

    text     the way in words of Python: __main__.cache['key'][3]
    steps    pairs of how an object is held and the object, the root's first; None for what is shown to nobody
    """

    __slots__ = ("text", "steps")

    def __init__(self, text, steps):
        self.text, self.steps = text, steps

    def __repr__(self):
        lines = [self.text]
        for how, obj in self.steps:
            lines.append(f"  {how.strip():<28} {'' if obj is None else _ryokan.brief(obj)}".rstrip())
        return "\n".join(lines)


def path_to(obj, /):
    """Why an object is alive: a Path; None if no root leads to it, or if it is no object but a number in its place."""
    found = _ryokan.path_to(obj)
    return None if found is None else Path(*found)


class Drawing(str):
    """A picture as SVG text. save(file) writes it; notebooks show it."""

    __slots__ = ()

    def save(self, file):
        """Writes the picture to a file, by its name."""
        with open(file, "w", encoding="utf-8") as out:
            out.write(self)

    def _repr_svg_(self):
        return str(self)

    def __repr__(self):
        return f"<Drawing of {len(self):,} characters; save('OUT.svg') writes it>"


def draw(*objs):
    """A picture of objects and of what they lead to: a Drawing."""
    return Drawing(_ryokan.draw(objs))


class limit:
    """Caps what a block of a with statement may take.

    with limit(bytes=10_000_000):          so many bytes more than are in use when it begins: MemoryError beyond
    with limit(instructions=1_000_000):    so many instructions of bytecode: InstructionLimit beyond, once

    Behind the block all is as before. A cap that holds already, and leaves less, goes on to hold. Instructions are
    counted while the block runs, and cost more then; native work is not among them.
    """

    __slots__ = ("bytes", "instructions", "_cap", "_left", "_in_use")

    def __init__(self, *, bytes=None, instructions=None):
        if bytes is None and instructions is None:
            raise TypeError("limit() needs bytes, instructions, or both")
        for name, value in (("bytes", bytes), ("instructions", instructions)):
            if value is not None and value < 0:
                raise ValueError(f"{name} must not be negative")
        self.bytes, self.instructions, self._in_use = bytes, instructions, False

    def __enter__(self):
        if self._in_use:
            raise RuntimeError("this limit is in use")
        self._cap = memory_limit()
        self._left = None
        if self.instructions is not None:
            before = _ryokan.limit_instructions(None)
            more = self.instructions if before is None else min(self.instructions, before)
            self._left = (before, more)
        if self.bytes is not None:
            cap = heap_stats()["used_bytes"] + self.bytes
            set_memory_limit(cap if self._cap is None else min(cap, self._cap))
        self._in_use = True
        if self._left is not None:
            try:
                # The rest of this function is not the block's.
                _ryokan.limit_instructions(self._left[1] + _OWN)
            except BaseException:
                self._in_use = False
                set_memory_limit(self._cap)
                raise
        return self

    def __exit__(self, kind, exception, traceback):
        left = None
        if self._left is not None:
            left = _ryokan.limit_instructions(None)
        self._in_use = False
        if self.bytes is not None:
            set_memory_limit(self._cap)
        if self._left is not None and self._left[0] is not None:
            before, more = self._left
            _ryokan.limit_instructions(max(before - more + (left or 0), 0))
        return False


# What __enter__ still does, and __exit__ begins with, in instructions.
_OWN = 24


def heap_report(file=None, *, format=None):
    """A report of the heap: what is in it, who holds it, what would be freed if it went.

    Without a file it is given as text; with one it is written there, and None is given. The format is "txt", "json" or
    "html": that of the file's ending, if it is not said.
    """
    if format is None:
        ending = "txt" if file is None else str(file).rpartition(".")[2]
        format = ending if ending in ("txt", "json", "html") else "txt"
    report = _ryokan.heap_report(format)
    if file is None:
        return report
    with open(file, "w", encoding="utf-8") as out:
        out.write(report)
