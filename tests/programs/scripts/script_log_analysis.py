"""Reads a web server's log and prints a report, as a small tool would."""
import re
from collections import Counter, defaultdict, namedtuple
from datetime import datetime, timedelta, timezone

LOG = """\
192.168.0.7 - alice [12/Mar/2024:06:25:14 +0000] "GET /index.html HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11; Linux)"
10.0.0.3 - - [12/Mar/2024:06:25:16 +0000] "POST /login HTTP/1.1" 302 0 "http://example.org/" "curl/8.5.0"
192.168.0.7 - alice [12/Mar/2024:06:25:20 +0000] "GET /img/logo.png HTTP/1.1" 304 0 "/index.html" "Mozilla/5.0 (X11; Linux)"
172.16.5.9 - - [12/Mar/2024:06:26:01 +0100] "GET /missing HTTP/1.0" 404 312 "-" "BadBot/0.1"
172.16.5.9 - - [12/Mar/2024:06:26:02 +0100] "GET /admin?x=1&y=%20 HTTP/1.0" 403 210 "-" "BadBot/0.1"
this line is broken
10.0.0.3 - bob [12/Mar/2024:06:27:45 +0000] "GET /report.csv HTTP/1.1" 200 98304 "-" "curl/8.5.0"
10.0.0.3 - bob [12/Mar/2024:06:27:59 +0000] "GET /report.csv HTTP/1.1" 500 42 "-" "curl/8.5.0"
192.168.0.7 - alice [12/Mar/2024:07:00:00 +0000] "GET /index.html HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11; Linux)"

8.8.8.8 - - [31/Feb/2024:07:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"
"""

LINE = re.compile(
    r"""
    ^(?P<host>\S+)\s+
    (?P<ident>\S+)\s+
    (?P<user>\S+)\s+
    \[(?P<when>[^\]]+)\]\s+
    "(?P<method>[A-Z]+)\s(?P<path>[^"\s]+)\sHTTP/(?P<version>\d\.\d)"\s+
    (?P<status>\d{3})\s+
    (?P<size>\d+|-)
    (?:\s+"(?P<referrer>[^"]*)"\s+"(?P<agent>[^"]*)")?
    $""",
    re.VERBOSE,
)

Entry = namedtuple("Entry", "host user when method path status size agent", defaults=("-",))


class Malformed(ValueError):
    def __init__(self, number, text, why):
        super().__init__(f"line {number}: {why}: {text!r}")
        self.number = number


def parse(text):
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if (match := LINE.match(line)) is None:
            yield Malformed(number, line, "does not match")
            continue
        fields = match.groupdict()
        try:
            when = datetime.strptime(fields["when"], "%d/%b/%Y:%H:%M:%S %z")
        except ValueError as e:
            yield Malformed(number, line[:20], e)
            continue
        yield Entry(
            fields["host"], fields["user"], when, fields["method"], fields["path"],
            int(fields["status"]), int(fields["size"]), fields["agent"],
        )


def human(n):
    for unit in "B", "KiB", "MiB":
        if n < 1024:
            return f"{n:.1f} {unit}" if unit != "B" else f"{n} B"
        n /= 1024
    return f"{n:.1f} GiB"


def main():
    good, bad = [], []
    for item in parse(LOG):
        (bad if isinstance(item, Malformed) else good).append(item)
    print(f"{len(good)} entries, {len(bad)} bad lines")
    for error in bad:
        print(f"  ! {error}")

    hosts = Counter(e.host for e in good)
    print("\nHosts")
    for host, n in hosts.most_common():
        print(f"  {host:<15} {n:>3} {'#' * n}")

    classes = Counter(f"{e.status // 100}xx" for e in good)
    print("\nStatus:", ", ".join(f"{k}={v}" for k, v in sorted(classes.items())))

    size = defaultdict(int)
    for e in good:
        size[e.user if e.user != "-" else "(nobody)"] += e.size
    print("\nBytes by user")
    for user, total in sorted(size.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {user:10}|{human(total):>12}|{total:>10,}")

    first, last = min(e.when for e in good), max(e.when for e in good)
    print("\nFrom", first.isoformat(), "to", last.isoformat(), "=", last - first)
    print("in UTC:", first.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S %Z"))

    sessions, gap = defaultdict(list), timedelta(minutes=5)
    for e in sorted(good, key=lambda e: (e.host, e.when)):
        runs = sessions[e.host]
        if runs and e.when - runs[-1][-1].when <= gap:
            runs[-1].append(e)
        else:
            runs.append([e])
    for host in sorted(sessions):
        print(host, [len(run) for run in sessions[host]])

    print("\nPaths:", re.sub(r"\d+", lambda m: f"<{m[0]}>", " ".join(sorted({e.path for e in good}))))
    agents = {re.split(r"[/ ]", e.agent, maxsplit=1)[0] for e in good}
    print("Agents:", sorted(agents))
    print(good[0]._replace(user="?")[:2], good[0]._fields, Entry._field_defaults)
    total = hosts + Counter({"8.8.8.8": 2}) - Counter(["10.0.0.3"] * 2)
    print(total.total(), sorted(total.elements())[:3], hosts & total == hosts - Counter({"10.0.0.3": 2}))


main()
