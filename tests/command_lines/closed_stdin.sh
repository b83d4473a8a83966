$PYTHON -u -c 'import os, sys; print(sys.stdin, sys.__stdin__, os.open("/dev/null", 0)); input()' <&-
