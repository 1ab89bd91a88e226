"""Answers what the smoke test asks, the way the shop does. Prints its port."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/":
            self.answer(200, "text/html", b"<h1>Oxcart</h1>")
        elif self.path == "/api/health":
            self.answer(200, "application/json", b"{}")
        else:
            self.answer(404, "application/problem+json", b"{}")

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-security-policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Shop)
print(server.server_port, flush=True)
server.serve_forever()
