try:
    a
except* E as e:
    b
except* F:
    c
else:
    d
