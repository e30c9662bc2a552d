"""A shop in one file, without dependencies: `python3 shop.py`, then http://127.0.0.1:3000/"""

import base64
import http.client
import json
import os
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

API = os.environ.get("TOSS_API_URL", "http://127.0.0.1:3100")  # at Toss: https://api.tosspayments.com
SECRET_KEY = os.environ.get("TOSS_SECRET_KEY", "test_gsk_sandbox_9Hd3sTfU6bE0iGxK5wNqPzYo")
PRICE = 15000
ORDERS = {}  # orderId: what it costs, and what has become of it


def call(method, path, body=None, key=None):
    """One call of Toss's API: status and JSON, or None where no whole answer came."""
    headers = {
        "Authorization": "Basic " + base64.b64encode(f"{SECRET_KEY}:".encode()).decode(),
        "Content-Type": "application/json",
    }
    if key:
        headers["Idempotency-Key"] = key
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(API + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except (OSError, http.client.HTTPException, ValueError):
        return None


def confirm(payment_key, order_id, amount):
    order = ORDERS.get(order_id)
    if order is None:
        return 404, "no such order"
    if order["status"] == "paid":
        return 200, "paid"
    # What was sold counts, not what the address says.
    if str(order["amount"]) != amount:
        return 400, "another amount"
    body = {"paymentKey": payment_key, "orderId": order_id, "amount": order["amount"]}
    # Where no answer comes, the same key asks again for the same result.
    for _ in range(3):
        answer = call("POST", "/v1/payments/confirm", body, key=payment_key)
        if answer and answer[0] < 500 and answer[0] not in (409, 429):
            break
    else:
        return 202, "not known yet"
    status, payment = answer
    if status == 200 and payment["orderId"] == order_id and payment["totalAmount"] == order["amount"]:
        order["status"] = "paid"
        return 200, "paid"
    return 402, payment.get("code", "not paid")


class Shop(BaseHTTPRequestHandler):
    def say(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self):
        if self.path != "/orders":
            return self.say(404, "nothing here")
        order_id = str(uuid.uuid4())
        ORDERS[order_id] = {"amount": PRICE, "status": "new"}
        return self.say(201, json.dumps({"orderId": order_id, "orderName": "토스 티셔츠", "amount": PRICE}))

    def do_GET(self):
        url = urlparse(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/success":
            return self.say(*confirm(query.get("paymentKey", ""), query.get("orderId", ""), query.get("amount", "")))
        return self.say(200, query.get("code", "POST /orders makes an order"))

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Shop)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
