$PYTHON -X cpu_count=3 -c 'import os; print(os.cpu_count(), os.process_cpu_count())'
