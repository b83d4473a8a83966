$PYTHON -X utf8=2 -c 1
