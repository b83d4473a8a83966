$PYTHON -bb -c 'print(b"a" == "a")'
