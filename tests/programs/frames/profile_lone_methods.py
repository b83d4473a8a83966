# A method without its object, where calls are told of; and keywords that functions of none or one take.
import sys

told = []


def profile(frame, event, argument):
    if event.startswith("c_") and argument is not sys.setprofile:
        told.append((event, argument.__qualname__))


def wrong(function, *args, **named):
    try:
        function(*args, **named)
    except TypeError as error:
        print(type(error).__name__, error)


def lone():
    for call in (lambda: list.append(), lambda: str.upper(), lambda: dict.get(), lambda: int.from_bytes()):
        try:
            call()
        except TypeError as error:
            told.append(str(error))


sys.setprofile(profile)
lone()
sys.setprofile(None)
for line in told:
    print(line)

wrong(type, **{"a": 1})
wrong(type, 1, a=2)
wrong(type, 1, 2, a=3)
wrong(zip, strict=1, x=2)
wrong(zip, x=2)
wrong(map, print, [], strict=1, x=2)
wrong(map, print, [], x=2)
