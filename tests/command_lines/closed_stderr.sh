$PYTHON -c 'import sys; print(sys.stderr, sys.__stderr__); 1/0' 2>&-
