$PYTHON -c 'import sys; print(ascii(sys.argv))' "$(printf 'a\377b')" é
