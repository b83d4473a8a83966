# Arrays as pickles, of both picklers.
import array
import copy
import pickle

class Sub(array.array):
    pass

values = {'b': [-1, 2], 'B': [1, 255], 'h': [-3, 4], 'H': [5, 65535], 'i': [1, -2], 'I': [3, 4], 'l': [-5, 6],
          'L': [7, 8], 'q': [-2**63, 9], 'Q': [2**64 - 1, 0], 'f': [0.5, -1.0], 'd': [0.1, 2.0]}
for code, items in values.items():
    a = array.array(code, items)
    for protocol in range(6):
        for dumps in pickle.dumps, pickle._dumps:
            for loads in pickle.loads, pickle._loads:
                b = loads(dumps(a, protocol))
                assert b == a and b.typecode == code and type(b) is array.array, (code, protocol)
text = array.array('w', 'a\xe9\U0001f600')
assert all(pickle.loads(pickle.dumps(text, p)) == text for p in range(6))
for protocol in range(6):
    print(pickle.dumps(array.array('i', [1, 2]), protocol) == pickle._dumps(array.array('i', [1, 2]), protocol))
sub = Sub('h', [1, 2])
sub.name = 'a sub'
for protocol in range(6):
    other = pickle.loads(pickle.dumps(sub, protocol))
    print(type(other).__name__, other.tolist(), other.name)
print(array.array('i', [1]).__reduce_ex__(2), array.array('i', [1]).__reduce_ex__(4)[1:])
print(copy.copy(sub).tolist(), copy.deepcopy([array.array('d', [1.5])]))
