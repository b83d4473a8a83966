# How a time zone shows itself.
import zoneinfo


class Zone(zoneinfo.ZoneInfo):
    pass


for zone in zoneinfo.ZoneInfo("UTC"), Zone("UTC"), zoneinfo.ZoneInfo.no_cache("UTC"):
    print(repr(zone), str(zone))
for path in zoneinfo.TZPATH:
    try:
        file = open(path + "/UTC", "rb")
    except OSError:
        continue
    with file:
        for cls in zoneinfo.ZoneInfo, Zone:
            for key in "mine", None:
                file.seek(0)
                print(repr(cls.from_file(file, key=key)).partition(" name=")[0])
    break
