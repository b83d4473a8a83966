"""A cache that nobody empties."""


class Answer:
    def __init__(self, question):
        self.question = question
        self.text = "answer to " * 20 + question


class Service:
    def __init__(self):
        self.cache = {}

    def ask(self, question):
        if question not in self.cache:
            self.cache[question] = Answer(question)
        return self.cache[question]


service = Service()
for number in range(3000):
    service.ask(f"question {number}")
