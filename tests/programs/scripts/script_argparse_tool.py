"""A command with subcommands; its arguments are lists given here."""
import argparse
import contextlib
import io
import shlex


def positive(text):
    if (value := int(text)) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return value


class KeyValue(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        key, found, value = values.partition("=")
        if not found:
            parser.error(f"{option_string} wants KEY=VALUE, not {values!r}")
        setattr(namespace, self.dest, {**getattr(namespace, self.dest, {}), key: value})


def build():
    parser = argparse.ArgumentParser(prog="tool", description="Works with files.", epilog="Ends here.", color=False)
    parser.add_argument("-v", "--verbose", action="count", default=0, help="say more (default: %(default)s)")
    parser.add_argument("--version", action="version", version="%(prog)s 1.2")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--quiet", action="store_true")
    group.add_argument("--colour", choices=["always", "never", "auto"], default="auto", metavar="WHEN")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")

    copy = commands.add_parser("copy", aliases=["cp"], help="copies files", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    copy.add_argument("sources", nargs="+", help="what to copy")
    copy.add_argument("target", help="where to")
    copy.add_argument("-n", "--jobs", type=positive, default=2, help="how many at once")
    copy.add_argument("-D", "--define", action=KeyValue, help="sets a key", default=argparse.SUPPRESS)
    copy.add_argument("--force", action=argparse.BooleanOptionalAction, default=False, help="overwrite")
    copy.set_defaults(run=lambda a: f"copy {a.sources} -> {a.target} x{a.jobs} {'!' * a.force}")

    count = commands.add_parser("count", help="counts", description="Counts things in files and does it with a long description that must be wrapped at some place.")
    count.add_argument("files", nargs="*", default=["-"])
    count.add_argument("-w", dest="what", action="append_const", const="words")
    count.add_argument("-l", dest="what", action="append_const", const="lines")
    count.add_argument("-e", "--exclude", action="extend", nargs="+", default=[])
    count.add_argument("--range", nargs=2, type=int, metavar=("FROM", "TO"))
    count.add_argument("--scale", nargs="?", const=1.5, type=float)
    count.set_defaults(run=lambda a: f"count {a.what} of {a.files} without {a.exclude} in {a.range} by {a.scale}")
    return parser


def main(line):
    print(f"$ tool {line}")
    err = io.StringIO()
    try:
        with contextlib.redirect_stderr(err):
            args = build().parse_args(shlex.split(line))
    except SystemExit as e:
        print(err.getvalue() + f"[exit {e.code}]")
        return
    print(f"{args.run(args)} (verbose {args.verbose})")
    print({k: v for k, v in sorted(vars(args).items()) if k != "run"})


for line in (
    "copy a.txt 'b c.txt' dir -n4 --force",
    "-vv cp x y --no-force -D a=1 --define b=2=3",
    "copy x y -D broken",
    "copy x",
    "copy x y -n 0",
    "copy x y -n zwei",
    "count -wl f1 f2 -e one two --range 3 -4",
    "--verb count --scale",
    "count --scale 2 -- -dash",
    "--quiet --colour=never count",
    "--colour maybe count",
    "fly",
    "",
    "count --unknown",
    "--ver count",
    "--version",
    "--help",
    "copy -h",
    "count --help",
):
    main(line)

parser = argparse.ArgumentParser(prog="p", prefix_chars="-+", fromfile_prefix_chars=None, add_help=False, exit_on_error=False, color=False)
parser.add_argument("+x", action="store_const", const=42)
parser.add_argument("--level", type=float)
section = parser.add_argument_group("section", "What belongs together.")
section.add_argument("--flag", action="store_false", help=argparse.SUPPRESS)
section.add_argument("rest", nargs=argparse.REMAINDER)
print(parser.parse_args(["+x", "a", "--level", "3"]), parser.parse_known_args(["--level=2.5"]))
try:
    parser.parse_args(["--level", "high"])
except argparse.ArgumentError as e:
    print(e)
print(parser.format_usage(), parser.get_default("flag"), argparse.Namespace(b=1, a="x") == argparse.Namespace(a="x", b=1))
other = argparse.ArgumentParser(prog="q", parents=[parser], argument_default=argparse.SUPPRESS, allow_abbrev=False, color=False)
other.add_argument("--long-option", required=True)
print(other.parse_args(["--long-option", "1", "r"]))
print(other.format_help())
