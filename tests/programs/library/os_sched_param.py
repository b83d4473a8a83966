# A record whose call takes the items.
import copy
import os
import pickle

p = os.sched_param(1)
print(p, os.sched_param(sched_priority=5), os.sched_param('x'), os.sched_param((1,)), p == (1,), p.sched_priority)
print(p.__reduce__(), copy.copy(p), copy.deepcopy(p), copy.replace(p, sched_priority=3))
print([pickle.loads(pickle.dumps(p, protocol)) for protocol in range(6)])
for what in ((lambda: os.sched_param()), (lambda: os.sched_param(1, 2)), (lambda: os.sched_param(a=1)),
             (lambda: os.sched_param(1, sched_priority=2)), (lambda: os.sched_setparam(0, (0,))),
             (lambda: os.sched_setparam(0, os.sched_param('x'))), (lambda: os.sched_setparam(0, os.sched_param(1.5)))):
    try:
        what()
    except TypeError as error:
        print(error)
print(type(os.sched_getparam(0)) is os.sched_param, os.sched_param.n_fields, os.sched_param.__match_args__)
