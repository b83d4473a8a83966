{ $PYTHON -c 'import sys; print(sys.stdout, sys.__stdout__, file=sys.stderr); print(3)' >&- ; } 2>&1
