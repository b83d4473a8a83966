# _types, types: names of builtin types, and what is built on them.
import _types
import types

print(sorted(name for name in dir(_types) if not name.startswith('__')))
for name in sorted(name for name in dir(_types) if not name.startswith('__')):
    print(name, getattr(_types, name), getattr(types, name) is getattr(_types, name))
print(types.FunctionType is type(lambda: 0), types.LambdaType is types.FunctionType)


def generator():
    yield


async def coroutine():
    pass


async def both():
    yield


print(type(generator()) is types.GeneratorType, type(both()) is types.AsyncGeneratorType)
c = coroutine()
print(type(c) is types.CoroutineType)
c.close()
print(types.SimpleNamespace(a=1, b='x'), types.GenericAlias(list, (int,)), types.UnionType)
A = types.new_class('A', (dict,), {}, lambda ns: ns.update(x=1))
print(A.x, A.__mro__, types.resolve_bases((list[int],)), types.get_original_bases(A))


class D:
    @types.DynamicClassAttribute
    def value(self):
        return 42


print(D().value, types.prepare_class('X', (int,))[0], types.MethodType(len, 'abc')())
try:
    types.CapsuleType()
except TypeError as error:
    print(error)
