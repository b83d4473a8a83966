# A warning of an escape that the filters raise says nothing of the future.
import warnings

for action in "error", "always":
    for text in r"'\z'", r"'\407'", r"b'\z'":
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter(action)
            try:
                print(repr(eval(text)), [str(each.message) for each in caught])
            except SyntaxError as e:
                print(e.msg, e.lineno)
