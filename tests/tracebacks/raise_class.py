class Custom(Exception):
    def __str__(self):
        return "multi\nline"


raise Custom
