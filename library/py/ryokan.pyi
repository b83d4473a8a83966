from os import PathLike
from types import TracebackType
from typing import Any, Literal, Self

__all__: list[str]
__version__: str

class InstructionLimit(BaseException): ...
class TimeLimit(BaseException): ...

class Room:
    type: str
    value: str
    boxed: bool
    refcount: int | None
    bytes: int
    buffer_bytes: int
    cpython_bytes: int
    arena: int | None
    pool: int | None
    block: int | None
    size_class: int | None
    generation: int | None
    flags: tuple[str, ...]
    shape: tuple[str, ...] | Literal["dict"] | None
    line: tuple[str, int] | None

class Stats:
    used_bytes: int
    peak_bytes: int
    external_bytes: int
    limit_bytes: int | None
    arenas: int
    pools: int
    block_bytes: int
    large_blocks: int
    large_bytes: int
    objects: dict[int, tuple[int, int, int]]
    buffers: dict[int, tuple[int, int, int]]

class Row:
    name: str
    count: int
    bytes: int

class Snapshot:
    used_bytes: int
    types: list[Row]
    lines: list[Row]
    def __sub__(self, earlier: Snapshot) -> Change: ...

class Change(Snapshot): ...

class Referrer:
    holder: Any | None
    how: str

class Path:
    text: str
    steps: list[tuple[str, Any]]

class Drawing(str):
    def save(self, file: str | PathLike[str]) -> None: ...

class limit:
    bytes: int | None
    instructions: int | None
    def __init__(self, *, bytes: int | None = None, instructions: int | None = None) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]: ...

def room(obj: object, /) -> Room: ...
def stats() -> Stats: ...
def snapshot() -> Snapshot: ...
def referrers(obj: object, /) -> list[Referrer]: ...
def path_to(obj: object, /) -> Path | None: ...
def draw(*objs: object) -> Drawing: ...
def heap_report(
    file: str | PathLike[str] | None = None, *, format: Literal["txt", "json", "html"] | None = None
) -> str | None: ...
def cpython_size(object: object, /) -> int: ...
def is_boxed(object: object, /) -> bool: ...
def heap_stats() -> dict[str, Any]: ...
def memory_limit() -> int | None: ...
def set_memory_limit(bytes: int | None, /) -> None: ...
def instructions() -> int | None: ...
def reset_peak() -> None: ...
def verify() -> dict[str, int]: ...
