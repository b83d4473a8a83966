class AppError(Exception):
    pass


def parse(s):
    try:
        return int(s)
    except ValueError as e:
        raise AppError(f"cannot read {s!r}") from e


parse("x1")
