type X[T: int, *U, **V] = dict[T, U]
def f[T = int](x: T, y=1, *, z=2) -> T: pass
class A[T: (int, str)](B):
    def m(self) -> T: pass
type Y = X
