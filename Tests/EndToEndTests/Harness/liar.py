"""A server that means nothing by what it answers a node: liar.py PORT NODE_ID GATEWAY_ID.

Each request for the feed gets the next of these answers, and after the last the first again. Some begin as a right one
does, and then break off or do not add up: no answer may be read as a deletion.
"""
import base64
import http.server
import json
import os
import sys
import threading

port, node, gateway = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def hello():
    return json.dumps({"hello": {
        "version": 1, "node": node, "timeline": "another", "time": 0, "counted": 0,
        "key": base64.b64encode(os.urandom(32)).decode(), "settings": {"name": "liar"},
    }})


def problem(code, title):
    return json.dumps({"errors": [{"code": code, "title": title, "detail": title + "."}]})


answers = [
    lambda: (200, hello(), '{"snapshot":0}'),
    lambda: (500, problem("90001", "Damaged")),
    lambda: (200, hello(), '{"snapshot":3}', '{"at":7}'),
    lambda: (200,),
    lambda: (200, hello(), '{"snapshot":1}', '{"weather":"fine"}'),
    lambda: (200, "{}"),
    lambda: (200, hello(), "[]", '{"snapshot":0}'),
    lambda: (200, "<html><body>It works!</body></html>"),
    lambda: (200, hello(), '{"bye":"session_ended","detail":"Go."}'),
    # Of another timeline, and without a snapshot before it.
    lambda: (200, hello(), json.dumps({"no_gateway": gateway}), '{"at":9000000}'),
    lambda: (404, problem("10005", "Not found")),
    lambda: (200, hello(), "null", '{"at":9}'),
    lambda: (401, problem("90016", "Unknown credential")),
    lambda: (200, hello(), '{"no_gateway":"not-an-id"}', '{"at":8}'),
]
lock = threading.Lock()
count = 0


class Liar(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.answer((503, problem("90002", "Later")))

    def do_GET(self):
        global count
        with lock:
            number, count = count, count + 1
        self.answer(answers[number % len(answers)]())
        print("answered", number, flush=True)
        # The node has read the last of them when it asks again.
        if number == len(answers):
            print("all", flush=True)

    def answer(self, parts):
        self.send_response(parts[0])
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write("".join(part + "\n" for part in parts[1:]).encode())
        self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Liar)
print("ready", flush=True)
server.serve_forever()
