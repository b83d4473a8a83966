# Which of several wrong marks of a dialect is told: each by itself comes first, and with it the end of lines.
import _csv
from itertools import product

told = {}
for row in product("\r ,\\\"a", ["\n", " ", "\\", '"', ",", None], [None, "\r", " ", "\\", '"', ","], ["\n", "y\"", "y,", "\\x"], (0, 1), (0, 3)):
    delimiter, quote, escape, end, skips, quoting = row
    try:
        _csv.reader([], delimiter=delimiter, quotechar=quote, escapechar=escape, lineterminator=end, skipinitialspace=skips, quoting=quoting)
        text = "accepted"
    except (TypeError, ValueError) as error:
        text = str(error)
    count, total = told.get(text, (0, 0))
    told[text] = count + 1, (total * 31 + sum(map(ord, repr(row)))) % 1000003
for text, numbers in sorted(told.items()):
    print(text, *numbers)
