# __future__: the features, the flags that they leave in code, and the old spelling of !=.
import __future__

for name in __future__.all_feature_names:
    feature = getattr(__future__, name)
    print(name, feature, feature.optional, feature.mandatory, feature.compiler_flag)
    print(feature.getOptionalRelease() == feature.optional, feature.getMandatoryRelease() == feature.mandatory)
    code = compile(f'from __future__ import {name}\ndef f(): pass', 'f', 'exec', 0, True)
    print(hex(code.co_flags & 0x1fe0000))
    inner = [c for c in code.co_consts if hasattr(c, 'co_name')]
    print([hex(c.co_flags & 0x1fe0000) for c in inner])
    if feature.compiler_flag > 16:
        print(hex(compile('1', 'f', 'eval', feature.compiler_flag, True).co_flags & 0x1fe0000))
print(sorted(name for name in dir(__future__) if name.startswith('CO_')), __future__.__all__)
made = type(feature)(1, mandatoryRelease=None, compiler_flag=3)
print(made, made.__dict__)
made.other = 1
print(made.other)
FLAG = __future__.barry_as_FLUFL.compiler_flag
for text, flags in [('1 <> 2', FLAG), ('1 != 2', FLAG), ('1 <> 2', 0), ('x = [1<>2, "<>", f"{1<>1}"]', FLAG), ('(1 <>\n 2) <> 3', FLAG),
                    ('from __future__ import barry_as_FLUFL\n1 <> 2', 0), ('from __future__ import barry_as_FLUFL\n1 != 2', 0),
                    ('from __future__ import (division, barry_as_FLUFL as x)\nx <> 2', 0), ('barry_as_FLUFL = 1\n1 != 2', 0),
                    ('"!="; 1 <> 2', FLAG)]:
    try:
        code = compile(text, 'f', 'exec', flags, True)
        namespace = {}
        exec(code, namespace)
        print(repr(text), namespace.get('x') if 'x = ' in text else 'fine')
    except SyntaxError as e:
        print(repr(text), '|', e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
