from __future__ import annotations
x: a | None = 1
def f(a: dict[str, 'q'], *b: -1) -> not c: pass
class A:
    z: Q
