import ryokan

pine = ["bed"]
guest = pine
guest.append("lamp")
names = {"pine": pine, "guest": guest}
print(ryokan.draw(names), end="")
