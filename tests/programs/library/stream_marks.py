# Where text streams begin with a mark.
import io
import os

for enc in ('utf-16','utf-32','utf-8-sig','utf-16-le','utf-7'):
    r,w=os.pipe()
    f=open(w,'w',encoding=enc); f.write('ab'); f.flush(); f.write('c'); f.close()
    print(enc, os.read(r,100)); os.close(r)
    b=io.BytesIO(); t=io.TextIOWrapper(b,encoding=enc); t.write('ab'); t.flush(); t.write('c'); t.flush(); print(b.getvalue())
    class NS(io.BytesIO):
        def seekable(self): return False
    b=NS(); t=io.TextIOWrapper(b,encoding=enc); t.write('ab'); t.flush(); t.reconfigure(encoding=enc); t.write('c'); t.flush(); print(b.getvalue())
