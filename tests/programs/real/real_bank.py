# A bank: accounts, transactions that roll back, interest, reports.
class BankError(Exception): pass
class Insufficient(BankError):
    def __init__(self, account, wanted):
        super().__init__(f"{account.owner} has {account.balance / 100:.2f}, wanted {wanted / 100:.2f}")
class Account:
    _next = 1000
    def __init__(self, owner, balance=0):
        self.owner, self._balance, self.history = owner, balance, []
        Account._next += 1
        self.number = Account._next
    @property
    def balance(self): return self._balance
    @balance.setter
    def balance(self, v):
        if v < self.floor: raise Insufficient(self, self._balance - v)
        self.history.append(v - self._balance)
        self._balance = v
    floor = 0
    def __iadd__(self, cents): self.balance += cents; return self
    def __isub__(self, cents): self.balance -= cents; return self
    def __repr__(self): return f"<{type(self).__name__} {self.number} {self.owner}: {self.balance}>"
    def month(self): pass
class Savings(Account):
    def __init__(self, owner, balance=0, rate=2): super().__init__(owner, balance); self.rate = rate
    def month(self): self.balance += self.balance * self.rate // 100
class Checking(Account):
    floor = -50000
    def month(self):
        super().month()
        if self.balance < 0: self.balance -= 500
class Bank:
    def __init__(self): self.accounts, self.log = {}, []
    def open(self, kind, *a, **k):
        acc = kind(*a, **k)
        return self.accounts.setdefault(acc.number, acc)
    def __getitem__(self, n):
        try: return self.accounts[n]
        except KeyError: raise BankError(f"no account {n}") from None
    def transaction(self): return Transaction(self)
    def transfer(self, a, b, cents):
        if cents <= 0: raise ValueError(f"bad amount {cents}")
        with self.transaction() as t:
            src, dst = self[a], self[b]
            dst += cents
            src -= cents
            t.note(f"{src.owner} -> {dst.owner}: {cents}")
    def total(self): return sum(a.balance for a in self.accounts.values())
class Transaction:
    def __init__(self, bank): self.bank, self.notes = bank, []
    def note(self, s): self.notes.append(s)
    def __enter__(self):
        self.saved = {n: (a._balance, len(a.history)) for n, a in self.bank.accounts.items()}
        return self
    def __exit__(self, t, v, tb):
        if t is None: self.bank.log += self.notes; return
        for n, (b, h) in self.saved.items():
            acc = self.bank.accounts[n]
            acc._balance = b
            del acc.history[h:]
        self.bank.log.append(f"rolled back: {t.__name__}: {v}")
bank = Bank()
ann, bob, eve = bank.open(Savings, "Ann", 100000, rate=3), bank.open(Checking, "Bob", 20000), bank.open(Account, "Eve")
print(ann, bob, eve, bank.total())
for args in ((ann.number, bob.number, 30000), (bob.number, eve.number, 90000), (bob.number, eve.number, 20000), (eve.number, ann.number, 50000), (ann.number, 9999, 1), (ann.number, bob.number, -5), (eve.number, bob.number, 15000)):
    try: bank.transfer(*args); print("done", bank.total())
    except (BankError, ValueError) as e: print(type(e).__name__, e, bank.total())
for month in range(1, 13):
    for a in bank.accounts.values(): a.month()
    if month % 4 == 0: print(month, *bank.accounts.values(), bank.total())
print("\n".join(bank.log))
print(f"{'owner':<8}{'number':>8}{'balance':>14}{'moves':>7}")
for a in sorted(bank.accounts.values(), key=lambda a: -a.balance):
    print(f"{a.owner:<8}{a.number:>8}{a.balance / 100:>14,.2f}{len(a.history):>7}")
assert all(sum(a.history) == a.balance - s for a, s in ((ann, 100000), (bob, 20000), (eve, 0)))
