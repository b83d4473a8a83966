# http.server and urllib: pages, redirects, chunks, forms, errors, a client that goes away in mid-request.
import http.client
import http.server
import json
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = []

    def log_message(self, format, *args):
        self.seen.append(format % args)

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/hop":
            left = int(urllib.parse.parse_qs(url.query)["left"][0])
            self.answer(302, b"", Location="/hop?left=%d" % (left - 1) if left else "/end")
        elif url.path == "/chunks":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for size in (1, 10, 1000, 70000):
                self.wfile.write(b"%x\r\n%s\r\n" % (size, b"c" * size))
            self.wfile.write(b"0\r\n\r\n")
        elif url.path == "/end":
            self.answer(200, "an Ende: ☃".encode(), Content_Type="text/plain; charset=utf-8", X_Mark="1")
        elif url.path == "/teapot":
            self.answer(418, b"short and stout")
        else:
            self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get_content_type() == "application/json":
            result = {"sum": sum(json.loads(body))}
        else:
            result = urllib.parse.parse_qs(body.decode())
        self.answer(200, json.dumps(result, sort_keys=True).encode(), Content_Type="application/json")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    lost = 0

    def handle_error(self, request, client_address):
        Server.lost += 1


server = Server(("127.0.0.1", 0), Pages)
thread = threading.Thread(target=server.serve_forever, args=(0.01,))
thread.start()
root = "http://127.0.0.1:%d" % server.server_port

with urllib.request.urlopen(root + "/hop?left=4") as page:
    print(page.status, page.url.removeprefix(root), page.read().decode(), page.headers["X-Mark"], page.headers.get_content_charset())
with urllib.request.urlopen(root + "/chunks") as page:
    whole = page.read()
    print(len(whole), set(whole), page.headers["Transfer-Encoding"])
with urllib.request.urlopen(root + "/chunks") as page:
    parts = []
    while part := page.read(4096):
        parts.append(len(part))
    print(sum(parts), max(parts))
for path in ("/nothing", "/teapot", "/hop?left=40"):
    try:
        urllib.request.urlopen(root + path)
    except urllib.error.HTTPError as e:
        print(e.code, e.reason, len(e.read()) > 0)
        e.close()
form = urllib.parse.urlencode({"name": "Ümläut & co", "n": [1, 2]}, doseq=True).encode()
print(urllib.request.urlopen(root + "/form", data=form).read().decode())
request = urllib.request.Request(root + "/add", data=b"[1, 2, 39]", headers={"Content-Type": "application/json"})
print(json.load(urllib.request.urlopen(request)))

# One connection for many requests.
connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
for turn in range(3):
    connection.request("GET", "/end")
    answer = connection.getresponse()
    print(answer.status, len(answer.read()), answer.getheader("x-mark"), answer.will_close)
connection.close()

# Clients that go away in the middle; the server serves on.
for piece in (b"GET /end HT", b"POST /form HTTP/1.1\r\nContent-Length: 100\r\n\r\nonly some", b"GET /chunks HTTP/1.1\r\n\r\n", b""):
    with socket.create_connection(("127.0.0.1", server.server_port)) as lost:
        lost.sendall(piece)
        lost.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
print(urllib.request.urlopen(root + "/end").status)
try:
    urllib.request.urlopen("http://127.0.0.1:1/")
except urllib.error.URLError as e:
    print(type(e.reason).__name__)
server.shutdown()
thread.join()
server.server_close()
print(sorted({line.split('"')[1].split()[0] for line in Pages.seen if '"' in line and " HTTP" in line}))
