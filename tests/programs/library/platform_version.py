"""What `platform` makes of `sys.version`, and who needs that: a server of `wsgiref` says what it runs on."""
import platform
import sys
import threading
import urllib.request
from wsgiref.simple_server import WSGIRequestHandler, make_server, software_version

print(platform.python_version_tuple()[:2], platform.python_version() == sys.version.split()[0])
print(all(isinstance(part, str) for part in platform.python_build()), bool(platform.python_compiler()), bool(platform.python_implementation()))
print(platform.system(), bool(platform.platform()), platform.uname().system, platform.architecture()[0])
print(software_version.startswith("WSGIServer/"), platform.python_implementation() in software_version)


def app(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode(), b" ", environ["REQUEST_METHOD"].encode()]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/where") as answer:
        print(answer.status, answer.read(), answer.headers["Content-Type"])
    thread.join()
