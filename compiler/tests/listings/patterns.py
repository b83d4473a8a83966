match x:
    case 1 | 2: a
    case [a, b, *_, c]: b
    case {'k': v, **rest} if v: c
    case P(1, q=[z]) as w: d
    case None | True: e
    case (p, 1) | (2, p): f
    case _: g
