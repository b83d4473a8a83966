$PYTHON -c "$(printf 'print("a\377\376b")')"
