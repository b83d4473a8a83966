"""Logging to strings: handlers, filters, formatters, a tree of loggers, dictConfig, warnings."""
import io
import logging
import logging.config
import logging.handlers
import queue
import sys
import warnings


class OnlyEven(logging.Filter):
    def filter(self, record):
        record.parity = "even" if getattr(record, "n", 0) % 2 == 0 else "odd"
        return record.parity == "even"


class Memory(logging.Handler):
    def __init__(self, level=logging.NOTSET):
        super().__init__(level)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class Adapter(logging.LoggerAdapter):
    def process(self, msg, kwargs):
        return f"[{self.extra['user']}] {msg}", kwargs


def divide(log, a, b):
    try:
        return a / b
    except ZeroDivisionError:
        log.exception("dividing %d by %d", a, b)


def main():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)-8s|%(name)s|%(funcName)s|%(message)s"))
    root = logging.getLogger("app")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False
    child = logging.getLogger("app.db")
    print(child.parent is root, child.getEffectiveLevel(), child.isEnabledFor(logging.DEBUG), child, logging.getLogger("app.db") is child)
    child.debug("not seen")
    child.info("connected to %s:%d", "localhost", 5432)
    child.warning("mapping %(a)s", {"a": 1})
    root.log(25, "level 25")
    root.error("an error", extra={"n": 1})
    child.getChild("pool").critical("deep")
    divide(child, 1, 0)
    root.info("with stack? %s", "no")
    text = out.getvalue()
    print("\n".join(line for line in text.splitlines() if not line.startswith("  ")))
    print("Traceback (most recent call last):" in text, handler, root.handlers == [handler], root.hasHandlers())

    memory = Memory(logging.WARNING)
    memory.setFormatter(logging.Formatter("{levelno}:{parity}:{message}", style="{", defaults={"parity": "?"}))
    handler_filter = OnlyEven()
    child.addHandler(memory)
    memory.addFilter(handler_filter)
    memory.addFilter(lambda record: "secret" not in record.getMessage())
    for n in range(4):
        child.warning("number %s", n, extra={"n": n})
    child.error("secret")
    child.info("too low")
    print(memory.lines)
    memory.removeFilter(handler_filter)
    Adapter(child, {"user": "bob"}).warning("adapted")
    print(memory.lines[-1])
    logging.addLevelName(25, "NOTICE")
    print(logging.getLevelName(25), logging.getLevelName("NOTICE"), logging.getLevelName(7), logging.getLevelNamesMapping()["INFO"])
    logging.disable(logging.ERROR)
    child.error("disabled")
    logging.disable(logging.NOTSET)
    print(len(memory.lines))
    for bad in (lambda: child.setLevel("LOUD"), lambda: child.log("x", "y"), lambda: logging.Formatter("%(x", style="?"), lambda: child.info("a", extra={"message": 1}), lambda: logging.Formatter("{bad", style="{")):
        try:
            bad()
        except (ValueError, TypeError, KeyError) as e:
            print(type(e).__name__, e)

    logging.config.dictConfig({
        "version": 1, "disable_existing_loggers": True,
        "formatters": {"short": {"format": "$levelname $message", "style": "$"}},
        "filters": {"even": {"()": OnlyEven}},
        "handlers": {"out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "short", "filters": ["even"]}},
        "loggers": {"configured": {"handlers": ["out"], "level": "DEBUG"}},
    })
    log = logging.getLogger("configured")
    log.debug("through dictConfig")
    log.debug("odd", extra={"n": 3})
    print(child.disabled, log.disabled)

    target = Memory()
    buffer = logging.handlers.MemoryHandler(10, flushLevel=logging.ERROR, target=target)
    log.handlers = [buffer]
    log.info("one")
    log.info("two")
    print(target.lines)
    log.error("three")
    print(target.lines)
    q = queue.SimpleQueue()
    log.handlers = [logging.handlers.QueueHandler(q)]
    log.warning("queued %d", 4)
    record = q.get()
    print(record.getMessage(), record.levelname, record.args)
    listener = logging.handlers.QueueListener(q, target)
    listener.start()
    log.warning("listened")
    listener.stop()
    print(target.lines[-1])

    captured = Memory()
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").handlers = [captured]
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old thing", DeprecationWarning)
    logging.captureWarnings(False)
    print(captured.lines[0].split(": ", 1)[1].splitlines()[0])
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        for _ in range(3):
            warnings.warn("again", UserWarning)
    print(len(seen), seen[0].category.__name__, seen[0].message)
    record = logging.makeLogRecord({"msg": "made %s", "args": ("up",), "levelname": "X", "created": 0, "msecs": 123})
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y", validate=True)
    print(formatter.format(record), formatter.usesTime(), formatter.formatException.__name__)
    logging.basicConfig(stream=sys.stdout, level="WARNING", format="%(name)s:%(message)s", force=True)
    logging.warning("from the root")
    logging.info("unseen")


main()
