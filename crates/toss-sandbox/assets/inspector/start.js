// What to paste into a shop.

import { byId, copyable, el, fill } from './dom.js';
import { facts } from './entries.js';

/** @param {import('./api.js').About} about */
export function drawStart(about) {
  const { url, clientKey, apiClientKey, apiSecretKey } = about;
  const secretKey = about.secretKey ?? 'YOUR_SECRET_KEY';
  fill(
    byId('settings', HTMLElement),
    facts([
      ['Base URL of the API', copyable(url, 'base URL')],
      ['Script, SDK v1', copyable(`${url}/v1/payment-widget`, 'script of SDK v1')],
      ['Script, SDK v2', copyable(`${url}/v2/standard`, 'script of SDK v2')],
      ['Client key of the widget', copyable(clientKey, 'client key')],
      ['Secret key of the widget', about.secretKey === null ? 'the one given at the start' : copyable(about.secretKey, 'secret key')],
      ['Client key of the API', copyable(apiClientKey, 'client key of the API')],
      ['Secret key of the API', copyable(apiSecretKey, 'secret key of the API')],
    ]),
  );
  const snippets = [
    ['In the page, SDK v1', `<script src="${url}/v1/payment-widget"></script>`],
    ['In the page, SDK v2', `<script src="${url}/v2/standard"></script>`],
    ["With Toss's npm loaders", `loadPaymentWidget(clientKey, customerKey, undefined, { src: '${url}/v1/payment-widget' });\nloadTossPayments(clientKey, { src: '${url}/v2/standard' });`],
    [
      'Node',
      `const answer = await fetch('${url}/v1/payments/confirm', {\n  method: 'POST',\n  headers: {\n    Authorization: 'Basic ' + btoa('${secretKey}:'),\n    'Content-Type': 'application/json',\n    'Idempotency-Key': orderId,\n  },\n  body: JSON.stringify({ paymentKey, orderId, amount }),\n});`,
    ],
    [
      'Python',
      `answer = requests.post(\n    "${url}/v1/payments/confirm",\n    auth=("${secretKey}", ""),\n    headers={"Idempotency-Key": order_id},\n    json={"paymentKey": payment_key, "orderId": order_id, "amount": amount},\n)`,
    ],
    [
      'Java',
      `var key = Base64.getEncoder().encodeToString("${secretKey}:".getBytes(UTF_8));\nvar request = HttpRequest.newBuilder(URI.create("${url}/v1/payments/confirm"))\n    .header("Authorization", "Basic " + key)\n    .header("Content-Type", "application/json")\n    .header("Idempotency-Key", orderId)\n    .POST(BodyPublishers.ofString(json))\n    .build();`,
    ],
    ['A scenario, from any test', `curl ${url}/sandbox/control/scenarios --json '{"name": "lost-response", "orderId": "order-0001"}'`],
  ];
  fill(byId('snippets', HTMLElement), ...snippets.flatMap(([title = '', text = '']) => [el('h3', {}, title), el('pre', { tabindex: '0' }, text)]));
  fill(
    byId('scenario-table', HTMLElement),
    ...about.scenarios.map(({ name, what }) => el('tr', {}, el('th', { scope: 'row' }, el('code', {}, name)), el('td', {}, what))),
  );
  const magicWords = about.magicWords.map(({ word, what }) =>
    el('tr', {}, el('th', { scope: 'row' }, el('code', {}, word)), el('td', {}, ...what.split('`').map((text, index) => (index % 2 ? el('code', {}, text) : text)))),
  );
  fill(byId('magic-table', HTMLElement), ...magicWords);
  byId('version', HTMLElement).textContent = `toss-sandbox ${about.version}`;
}
