"""A web server of Python's standard library that keeps values, says 304, is busy, slow or endless, and logs what it hears.

Usage: http-peer.py PORT [CERTIFICATE KEY]
Each line of stdout is JSON: method, path, status, headers, body.
"""

import hashlib
import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

kept = {}
busy = {"left": 0}
lock = threading.Lock()


class Peer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/busy":
            return self.be_busy()
        if path == "/slow":
            return self.drip()
        if path == "/endless":
            return self.pour()
        if path == "/moved":
            return self.answer(301, b"", {"Location": "/kept"})
        body = json.dumps(kept.get(path, {"level": 0.5, "name": "Saal"})).encode()
        tag = '"%s"' % hashlib.md5(body).hexdigest()
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304, b"", {"ETag": tag})
        return self.answer(200, body, {"ETag": tag, "Content-Type": "application/json"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            left = busy["left"]
            if self.path == "/busy-for":
                busy["left"] = int(body)
            elif left > 0:
                busy["left"] -= 1
        if self.path != "/busy-for" and left > 0:
            return self.answer(503, b"", {"Retry-After": "1"}, body)
        return self.answer(200, b'{"got": %d}' % len(body), {"Content-Type": "application/json"}, body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept[self.path] = json.loads(body)
        return self.answer(204, b"", {}, body)

    def be_busy(self):
        self.answer(503, b"", {"Retry-After": "2"})

    def drip(self):
        self.log(200, b"")
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def pour(self):
        self.log(200, b"")
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65536)

    def answer(self, status, body, headers, heard=b""):
        self.log(status, heard)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log(self, status, heard):
        headers = {name.lower(): value for name, value in self.headers.items()}
        line = {"method": self.command, "path": self.path, "status": status, "headers": headers}
        line["body"] = heard.decode("latin1")
        with lock:
            print(json.dumps(line), flush=True)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", int(sys.argv[1])), Peer)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(json.dumps({"ready": True}), flush=True)
server.serve_forever()
