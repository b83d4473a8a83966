"""Reads sales from CSV, checks the rows, and prints a report and another CSV."""
import csv
import io
import statistics
import sys
from itertools import groupby
from operator import itemgetter

SALES = '''\
region,product,units,price,note
North,Apples,120,0.45,
South,"Pears, green",80,0.60,"said ""fresh"""
North,Plums,n/a,0.80,counted later
East,Apples,200,0.40,"two
lines"
South,Apples,50,0.50,
West,Nothing,0,1.00,
East,"Pears, green",75,0.62
'''


def rows(text):
    reader = csv.DictReader(io.StringIO(text), restval="(none)")
    for row in reader:
        try:
            yield {**row, "units": int(row["units"]), "price": float(row["price"])}
        except ValueError as error:
            print(f"line {reader.line_num}: {error}")
    print("fields:", reader.fieldnames)


def table(header, lines, align=None):
    widths = [max(len(str(cell)) for cell in column) for column in zip(header, *lines)]
    align = align or "<" * len(header)
    print(" | ".join(f"{h:^{w}}" for h, w in zip(header, widths)).rstrip())
    print("-+-".join("-" * w for w in widths))
    for line in lines:
        print(" | ".join(f"{cell!s:{a}{w}}" for cell, a, w in zip(line, align, widths)).rstrip())


class SemicolonDialect(csv.excel):
    delimiter = ";"
    quotechar = "'"
    lineterminator = "\n"
    quoting = csv.QUOTE_NONNUMERIC


def main():
    data = sorted(rows(SALES), key=itemgetter("region", "product"))
    report = []
    for region, group in groupby(data, key=itemgetter("region")):
        group = list(group)
        revenue = sum(r["units"] * r["price"] for r in group)
        report.append((region, sum(r["units"] for r in group), f"{revenue:,.2f}"))
    report.append(("total", sum(r[1] for r in report), f"{sum(float(r[2]) for r in report):,.2f}"))
    table(("Region", "Units", "Revenue"), report, "<>>")

    prices = [r["price"] for r in data]
    print(f"mean {statistics.mean(prices):.4f} median {statistics.median(prices)} stdev {statistics.stdev(prices):.4f}")
    print("quartiles", [round(q, 3) for q in statistics.quantiles(prices, n=4)])
    print("mode", statistics.mode(r["product"] for r in data), statistics.multimode("aabbc"))
    print("weighted", round(statistics.fmean(prices, [r["units"] for r in data]), 4))

    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["product", "region", "units"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(data)
    print(repr(out.getvalue()))
    try:
        csv.DictWriter(out, ["product"]).writerow({"product": "x", "colour": "y"})
    except ValueError as error:
        print("ValueError:", error)

    csv.register_dialect("semi", SemicolonDialect)
    print("semi" in csv.list_dialects(), csv.get_dialect("semi").delimiter)
    writer = csv.writer(sys.stdout, dialect="semi")
    writer.writerow(["it's", 1, 2.5, None, "a;b"])
    back = list(csv.reader(["'x''y';3;4.5", "'';7;'8'"], "semi"))
    print(back)
    csv.unregister_dialect("semi")
    try:
        csv.reader([], "semi")
    except csv.Error as error:
        print("csv.Error:", error)

    sample = "name\tage\nbob\t5\neve\t61\n"
    dialect = csv.Sniffer().sniff(sample)
    print(repr(dialect.delimiter), csv.Sniffer().has_header(sample), list(csv.reader(sample.splitlines(), dialect)))
    for bad in ('"unclosed', 'a"b"c', "x\ry"):
        try:
            print(list(csv.reader([bad], strict=True)))
        except csv.Error as error:
            print("csv.Error:", error)


main()
