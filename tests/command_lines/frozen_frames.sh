$PYTHON -c 'import os; os.makedirs("/proc/x/y")'
