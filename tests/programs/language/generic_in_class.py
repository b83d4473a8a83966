# Type parameters in classes and functions whose names mean one thing in the class and another in what it holds.
def make_base(arg):
    class Base:
        __arg__ = arg

    return Base


def nested_free():
    T = str

    class C:
        T = int

        class D[U](make_base(T)):
            x = T

        def meth[V](self, x: T, y: V) -> T:
            return T

        type Alias[W] = dict[T, W]

    return C


C = nested_free()
print(C.D.__mro__[1].__arg__, C.D.x, C().meth(1, 2), C.meth.__annotations__['x'], C.Alias.__value__)


class G[T]:
    T = 'class'

    class Inner[U](make_base(T for _ in (1,)), make_base(T)):
        pass

    class Listed[U](make_base([T for _ in (1,)]), make_base(T)):
        pass

    def meth[U](x: (T for _ in (1,)), y: T):
        pass

    def other[U](x: [T for _ in (1,)], y: (lambda: T)()):
        return [T for _ in (1,)]


(T,) = G.__type_params__
first, second = G.Inner.__mro__[1:3]
print(list(first.__arg__) == [T], second.__arg__)
first, second = G.Listed.__mro__[1:3]
print(first.__arg__ == [T], second.__arg__)
print(list(G.meth.__annotations__['x']) == [T], G.meth.__annotations__['y'])
print(G.other.__annotations__['x'] == [T], G.other.__annotations__['y'], G.other(1, 2) == [T])
