// The control API from the browser: a test page on another port of this machine drives the sandbox, as the README promises.
import { Sandbox, SANDBOX_URL } from '../fixtures/sandbox.js';
import { expect, sdkTest } from '../fixtures/bare-shop.js';

const test = sdkTest('v2');

test('a page on another port makes a payment, takes back a fault, hears of changes and resets its order', async ({ bare, request }) => {
  const sandbox = new Sandbox(request);
  const orderId = `page-${crypto.randomUUID()}`;
  const said = await bare.run(`
    const control = '${SANDBOX_URL}/sandbox/control', orderId = '${orderId}';
    const post = (path, body) => fetch(control + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const made = await post('/payments', { orderId, orderName: '책', amount: 12000 });
    const armed = await post('/faults', { fault: { kind: 'error_after' }, endpoint: 'confirm', orderId });
    const cleared = await fetch(control + '/faults?orderId=' + orderId, { method: 'DELETE' });
    const wrong = await post('/faults', { fault: { kind: 'eror' }, endpoint: 'confirm', orderId });
    const heard = await new Promise((resolve, reject) => {
      const events = new EventSource(control + '/events');
      events.addEventListener('change', () => { events.close(); resolve('change'); });
      events.onerror = reject;
    });
    return [made.status, (await made.json()).orderId, armed.status, cleared.status, (await wrong.json()).code, heard];
  `);
  expect(said).toEqual([201, orderId, 204, 204, 'INVALID_REQUEST', 'change']);
  expect((await sandbox.payment(orderId)).status).toBe('IN_PROGRESS');
  expect(await bare.run(`return (await fetch('${SANDBOX_URL}/sandbox/control/reset?orderId=${orderId}', { method: 'POST' })).status;`)).toBe(204);
  expect((await sandbox.payments()).filter((payment) => payment.orderId === orderId)).toEqual([]);
});
