# Classes: traders with methods, properties and operators meet in a market.
class Goods:
    def __init__(self, name, amount):
        self.name, self.amount = name, amount

    def __add__(self, other):
        return Goods(self.name, self.amount + other.amount)

    def __lt__(self, other):
        return (self.amount, self.name) < (other.amount, other.name)


class Trader:
    fee = 1

    def __init__(self, name, money):
        self.name, self.money, self.stock = name, money, {}

    @property
    def worth(self):
        return self.money + sum(g.amount * 2 for g in self.stock.values())

    def receive(self, goods):
        held = self.stock.get(goods.name)
        self.stock[goods.name] = goods if held is None else held + goods

    def buy(self, other, name, price):
        cost = self.cost(price)
        if self.money < cost or name not in other.stock or other.stock[name].amount < 1:
            return False
        self.money -= cost
        other.money += price
        other.stock[name].amount -= 1
        self.receive(Goods(name, 1))
        return True

    def cost(self, price):
        return price + self.fee


class Miser(Trader):
    def cost(self, price):
        return super().cost(price) * 2


traders = [(Miser if n % 3 == 0 else Trader)(f"t{n}", 500 + 10 * n) for n in range(12)]
for n, trader in enumerate(traders):
    trader.receive(Goods("salt" if n % 2 else "iron", 50 + n))
deals = 0
for turn in range(3000):
    a, b = traders[turn * 7 % 12], traders[turn * 5 % 11]
    deals += a.buy(b, "salt" if turn % 3 else "iron", 1 + turn % 4)
print(deals, sum(t.worth for t in traders), max(g for t in traders for g in t.stock.values()).amount)
