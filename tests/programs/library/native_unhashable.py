# Native types that compare and have no hash say so.
import array
import contextvars
import decimal
from collections.abc import Hashable
from functools import cmp_to_key

class Sub(array.array):
    pass

values = array.array('i'), cmp_to_key(len)(1), contextvars.copy_context(), decimal.getcontext().flags, Sub('i')
for value in values:
    print(type(value).__hash__, isinstance(value, Hashable))
    try:
        hash(value)
    except TypeError as error:
        print(error)
