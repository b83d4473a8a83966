x: int = 1
if a:
    y: str
def f(a: int, *b: X, c: Y = 1, **d) -> Z: pass
class A:
    z: Q
    if x:
        w: R
