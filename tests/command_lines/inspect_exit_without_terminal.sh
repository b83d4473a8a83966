PYTHONINSPECT=1 $PYTHON -c 'raise SystemExit(3)'
