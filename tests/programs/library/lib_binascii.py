import binascii as b
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
t(lambda:b.hexlify(b'abc')); t(lambda:b.hexlify(b'abcdef','-')); t(lambda:b.hexlify(b'abcdef',b':',2)); t(lambda:b.hexlify(b'abcdefg','_',-3)); t(lambda:b.hexlify(b'ab','xx')); t(lambda:b.hexlify(b'ab','')); t(lambda:b.hexlify(b'ab',1)); t(lambda:b.hexlify('a')); t(lambda:b.hexlify(b'ab','é')); t(lambda:b.hexlify(b'abc',bytes_per_sep=0,sep='-')); t(lambda:b.b2a_hex(data=b'a')); t(lambda: b.hexlify(b'ab', b'\x80')); t(lambda:b.hexlify(b'',sep='-'))
t(lambda:b.unhexlify('6162')); t(lambda:b.unhexlify(b'6A6b')); t(lambda:b.unhexlify('6')); t(lambda:b.unhexlify('zz')); t(lambda:b.unhexlify('é1')); t(lambda:b.unhexlify(1)); t(lambda:b.a2b_hex(''))
t(lambda:b.b2a_base64(b'hello')); t(lambda:b.b2a_base64(b'hello',newline=False)); t(lambda:b.b2a_base64(b'')); t(lambda:b.b2a_base64('x'))
for s in ['aGVsbG8=\n','aGVsbG8','aGVsbG','aGVsb','aGVs','aGV','aG','a','','aGVsbG8=x','====','a===','ab==','abc=','ab=c','a-b_c','é','aG==VsbG8=','aGVs=','ab=\n=','abcd=', 'abcde', '=abc','ab==cd','a=b=', 'abcd====', 'abc=d']:
    print(s, end=' '); t(lambda:b.a2b_base64(s)); t(lambda:b.a2b_base64(s,strict_mode=True))
t(lambda:b.crc32(b'abc')); t(lambda:b.crc32(b'abc',5)); t(lambda:b.crc32(b'abc',-1)); t(lambda:b.crc32(b'abc',2**40+1)); t(lambda:b.crc32('a')); t(lambda:b.crc_hqx(b'abc',0)); t(lambda:b.crc_hqx(b'abc',70000)); t(lambda:b.crc_hqx(b'abc'))
t(lambda:b.b2a_uu(b'hello')); t(lambda:b.b2a_uu(b'x'*46)); t(lambda:b.b2a_uu(b'')); t(lambda:b.b2a_uu(b'\0\0',backtick=True)); t(lambda:b.b2a_uu(b'\0\0'))
for s in [b'%:&5L;&\\ \n', b'', b'!', b'"  ', b'%:&5L;&\\', b' \n', b'#0V%T', b'#0V%Tx', b'#0V%T  `\n', b'\x80', b'#\x800', b'`', b'!0', b'#', b'$86)C9', b'M']:
    print(s,end=' '); t(lambda:b.a2b_uu(s))
for s in [b'a=3Db', b'a=\nb', b'a=\r\nb', b'a=3', b'a=', b'a==3D', b'=ZZ', b'a_b', b'=41=6', b'a=xx\nq', b'=\r', b'= \n']:
    print(s,end=' '); t(lambda:b.a2b_qp(s)); t(lambda:b.a2b_qp(s,header=True))
for s in [b'a=b', b'a b \n', b'a\tb\t', b'x'*80, b'\xe9 caf', b'.\n', b'.', b'a\r\nb', b'_ a', b'a \r\nb', b'a\n.\n', b'=\r', b'\r', b' ', b'x'*75+b'=', b'x'*76, b'x'*74+b' y', b'a'*73+b'\xe9b', b'\n'*3, b'a\nb\r\nc']:
    print(s,end=' '); t(lambda:b.b2a_qp(s)); t(lambda:b.b2a_qp(s,quotetabs=True)); t(lambda:b.b2a_qp(s,istext=False)); t(lambda:b.b2a_qp(s,header=True))
t(lambda: b.Error.__mro__); t(lambda:b.Incomplete.__mro__); t(lambda:b.a2b_qp('é'))
