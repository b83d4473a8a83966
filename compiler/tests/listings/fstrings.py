f'{a}'
f'a{b!r}c{d:>{w}}e{f=}'
t'x{y!s:z}w'
f'' 'b' f'{c}'
