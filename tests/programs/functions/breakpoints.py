# breakpoint() calls what PYTHONBREAKPOINT names at that time.
import os
os.environ['PYTHONBREAKPOINT']='int'
print(breakpoint('7'))
os.environ['PYTHONBREAKPOINT']='0'
print(breakpoint())
os.environ['PYTHONBREAKPOINT']='sys.exit.x'
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always'); print(breakpoint()); print(w[0].category.__name__, w[0].message)
os.environ['PYTHONBREAKPOINT']='sys.getrecursionlimit'
print(breakpoint())
for v in ('.','..','.foobar','foobar.','.int','int.','nope','nope.x','os.path'):
    os.environ['PYTHONBREAKPOINT']=v
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter('always')
        try: print(v, breakpoint()); print([str(x.message) for x in w])
        except Exception as e: print(v,type(e).__name__,e)
os.environ['PYTHONBREAKPOINT']='0'
del os.environ['PYTHONBREAKPOINT']
