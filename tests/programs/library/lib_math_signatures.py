"""What math's functions say of themselves, and its constants."""
import math

for name in sorted(dir(math)):
    thing = getattr(math, name)
    if name.startswith('__'):
        continue
    if not callable(thing):
        print(name, thing)
        continue
    print(name, thing.__text_signature__, thing.__module__, thing.__name__, thing.__qualname__, thing)
    print(type(thing.__doc__), len(thing.__doc__) > 0, thing.__self__ is math)
print(math, math.__name__, math.__package__ == '')
