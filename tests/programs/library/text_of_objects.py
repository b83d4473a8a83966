"""What `str()` gives is taken as it is, lone surrogates and all, where modules take any object as a text."""

import asyncio
import csv
import io
import pickle


class Shown:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class Sub(str):
    pass


for text in ("a", "\udc80", "\u4e00\ud800", Sub("sub"), 5):
    print("--", ascii(text))
    out = io.StringIO()
    try:
        csv.writer(out).writerow([Shown(text), 1])
        print(ascii(out.getvalue()))
    except TypeError as error:
        print(error)

    async def main():
        task = asyncio.current_task()
        task.set_name(Shown(text))
        return task.get_name()

    try:
        name = asyncio.run(main())
        print(ascii(name), type(name).__name__)
    except TypeError as error:
        print(error)

    class Pickler(pickle.Pickler):
        def persistent_id(self, object):
            return Shown(text) if object == 7 else None

    out = io.BytesIO()
    try:
        Pickler(out, 0).dump(7)
        print(out.getvalue())
    except (pickle.PicklingError, TypeError, UnicodeEncodeError) as error:
        print(type(error).__name__, error)
