// A shop in one file: `node shop.mjs`, then http://127.0.0.1:3000/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const SCRIPT = 'http://127.0.0.1:3100/v2/standard'; // at Toss: https://js.tosspayments.com/v2/standard
const API = 'http://127.0.0.1:3100'; // at Toss: https://api.tosspayments.com
const CLIENT_KEY = 'test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm';
const SECRET_KEY = 'test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6';
const PRICE = 15000;
const orders = new Map();

const checkout = (orderId) => `<!doctype html><html lang="ko"><meta charset="utf-8"><title>상점</title>
  <div id="methods"></div><div id="agreement"></div><button disabled>결제하기</button>
  <script src="${SCRIPT}"></script>
  <script type="module">
    const widgets = TossPayments('${CLIENT_KEY}').widgets({ customerKey: TossPayments.ANONYMOUS });
    await widgets.setAmount({ value: ${PRICE}, currency: 'KRW' });
    await widgets.renderPaymentMethods({ selector: '#methods' });
    await widgets.renderAgreement({ selector: '#agreement' });
    const button = document.querySelector('button');
    button.disabled = false;
    button.onclick = () => widgets.requestPayment({
      orderId: '${orderId}', orderName: '토스 티셔츠', successUrl: location.origin + '/success', failUrl: location.origin + '/fail',
    }).catch((error) => alert(error.message));
  </script></html>`;

async function confirm({ paymentKey, orderId, amount }) {
  // What was sold counts, not what the address says.
  if (Number(amount) !== orders.get(orderId)) return 'another amount';
  const answer = await fetch(`${API}/v1/payments/confirm`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${SECRET_KEY}:`)}`, 'content-type': 'application/json', 'idempotency-key': paymentKey,
    },
    body: JSON.stringify({ paymentKey, orderId, amount: PRICE }),
  });
  const { status, code } = await answer.json();
  return `${answer.status} ${status ?? code}`;
}

const server = createServer(async ({ url }, response) => {
  const { pathname, searchParams } = new URL(url, API);
  const say = (type, text) => response.setHeader('content-type', `${type}; charset=utf-8`).end(text);
  if (pathname === '/success') return say('text/plain', await confirm(Object.fromEntries(searchParams)));
  if (pathname !== '/') return say('text/plain', searchParams.get('code') ?? 'nothing here');
  const orderId = randomUUID();
  orders.set(orderId, PRICE);
  return say('text/html', checkout(orderId));
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
