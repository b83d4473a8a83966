"""An exception that is kept, and with it the variables of the frames that it came through."""

last_error = None


def parse(text):
    words = [word + "!" for word in text.split()]
    raise ValueError("no number among them")


def run():
    global last_error
    try:
        parse("word " * 20000)
    except ValueError as error:
        last_error = error


run()
