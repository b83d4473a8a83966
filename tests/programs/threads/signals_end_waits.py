"""A handler that raises ends whatever waits: calls of sockets, pipes, locks, children; one that returns lets it go on."""
import signal, time, os, socket, select, threading, subprocess
class X(Exception): pass
def h(s,f): raise X
seen=[]
signal.signal(signal.SIGALRM,h)
def t(name,f):
    signal.setitimer(signal.ITIMER_REAL,0.1)
    try: f(); r='returned'
    except X: r='X'
    except BaseException as e: r=repr(e)
    signal.setitimer(signal.ITIMER_REAL,0)
    print(name,r)
a,b=socket.socketpair()
r,w=os.pipe()
t('sleep',lambda:time.sleep(30))
t('recv',lambda:a.recv(10))
def send():
    while 1: a.send(b'x'*100000)
t('send',send)
t('sendall',lambda:a.sendall(b'x'*50_000_000))
t('read',lambda:os.read(r,1))
def wr():
    while 1: os.write(w,b'x'*100000)
t('write',wr)
t('select',lambda:select.select([],[],[],30))
t('poll',lambda:select.poll().poll(30000))
e=select.epoll()
t('epoll',lambda:e.poll(30))
l=threading.Lock(); l.acquire()
t('lock',lambda:l.acquire())
t('event',lambda:threading.Event().wait(30))
t('popen',lambda:subprocess.run(['sleep','30']))
s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen()
t('accept',lambda:s.accept())
t('file',lambda:open(r,'rb',closefd=False).read(200000000))
child=subprocess.Popen(['sleep','30'],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)
t('waitpid',lambda:os.waitpid(child.pid,0))
child.kill(); child.wait()
s.settimeout(30)
t('accept timeout',lambda:s.accept())
# handlers that return: retried
signal.signal(signal.SIGALRM,lambda s,f: seen.append(1))
t0=time.monotonic(); signal.setitimer(signal.ITIMER_REAL,0.1); time.sleep(0.4); print(len(seen), time.monotonic() - t0 >= 0.4)
# A signal that a process sends itself is handled before the call returns.
order = []
signal.signal(signal.SIGUSR1, lambda s, f: order.append('handled'))
os.kill(os.getpid(), signal.SIGUSR1)
order.append('sent')
signal.raise_signal(signal.SIGUSR1)
print(order)
