# Many targets, on both sides of a star.
def t(src):
    try:
        ns={}; exec(src, ns); return ns
    except BaseException as e: print(type(e).__name__, str(e)[:80]); return {}
for before in (0,1,3,255,256):
    for after in (0,1,100,254,255,256,257,1000,5000):
        ns=t(','.join(['x%d'%i for i in range(before)]+['*b']+['c%d'%i for i in range(after)])+',= range(7000)')
        if 'b' in ns: print(before, after, len(ns['b']), ns['b'][0], ns.get('c0'), ns.get('c%d'%(after-1)), ns.get('x0'))
ns=t('def f():\n '+','.join('a%d'%i for i in range(3000))+',*b = range(3000)\n return b\nprint(f())'); 
ns=t('def f('+','.join('k%d=1'%i for i in range(300))+'): return k299\nprint(f(k299=5))')
ns=t('match [1]*1000:\n case ['+','.join('a%d'%i for i in range(300))+',*b,'+','.join('c%d'%i for i in range(300))+']: print(len(b), c299)')
