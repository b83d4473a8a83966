$PYTHON -c '
try:
  try: 1/0
  except Exception: raise ExceptionGroup("e",[ValueError(1)])
except ExceptionGroup as e:
  raise ExceptionGroup("o", [e]*20) from e'
