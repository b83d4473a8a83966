# Which lines a trace function hears of at the ends of loops: a branch that skips the rest of the body is of its own line.
import sys


def lines(function, *arguments):
    heard = []

    def local(frame, event, argument):
        if event == "line":
            heard.append(frame.f_lineno - function.__code__.co_firstlineno)
        return local

    def trace(frame, event, argument):
        return local if frame.f_code is function.__code__ else None

    sys.settrace(trace)
    try:
        function(*arguments)
    except ZeroDivisionError:
        pass
    finally:
        sys.settrace(None)
    print(function.__name__, heard)


def last_if(n):
    for i in range(n):
        if i > 1:
            print("above", i)


def last_elif(n):
    for i in range(n):
        if i > 3:
            n = 4
        elif i > 1:
            n = 2


def in_while(n):
    while n:
        n -= 1
        if n == 1:
            n = 1


def while_true(n):
    while True:
        n -= 1
        if n < 0:
            break
        if n == 1:
            n = 1


def nested_if(n):
    for i in range(n):
        if i:
            if i > 1:
                n = 2


def inner_loop(n):
    for i in range(n):
        if i:
            for j in ():
                pass


def inner_while(n):
    for i in range(n):
        if i:
            while i:
                i -= 1


def inner_match(n):
    for i in range(n):
        if i:
            match i:
                case 3:
                    pass


def if_and_else(n):
    for i in range(n):
        if i:
            n = 1
        else:
            n = 2


def try_last(n):
    for i in range(n):
        if i:
            try:
                n = 1 // i
            except ValueError:
                n = 3


def with_continue(n):
    for i in range(n):
        if i == 1:
            continue
        if i == 2:
            n = 3


def generator(n):
    for i in range(n):
        if i > 1:
            yield i


def consume(n):
    for i in generator(n):
        if i > 2:
            n = i


def and_or(n):
    for i in range(n):
        if i and (n > 2 or
                  i > 1):
            n = 2


def nested(n):
    for i in range(n):
        for j in range(i):
            if j > i:
                n = 1


def else_of_loop(n):
    for i in range(n):
        if i > 5:
            break
    else:
        n = 0
    if n:
        n = 1


def last_raise(n):
    for i in range(n):
        if i == 2:
            1 / 0


for function in (last_if, last_elif, in_while, while_true, nested_if, inner_loop, inner_while, inner_match, if_and_else,
                 try_last, with_continue, consume, and_or, nested, else_of_loop, last_raise):
    lines(function, 4)

events = []


def count(n):
    for i in range(n):
        if i > 99:
            print(i)


sys.monitoring.use_tool_id(3, "lines")
sys.monitoring.register_callback(3, sys.monitoring.events.LINE, lambda code, line: events.append(line - code.co_firstlineno))
sys.monitoring.set_local_events(3, count.__code__, sys.monitoring.events.LINE)
count(2)
sys.monitoring.set_local_events(3, count.__code__, 0)
sys.monitoring.free_tool_id(3)
print(events)
