// @ts-check
// The way to the payment window: the whole page, or a frame over it.

/** What a window tells when it is done. @typedef {{ paymentType: string, paymentKey: string, orderId: string, amount: number, methodId?: string }} WindowResult */
/** A window of the sandbox that is ready to be shown. @typedef {{ id: string, windowUrl: string, cancelUrl: string | null }} OpenWindow */

/** Opens a payment at the sandbox. @param {Record<string, unknown>} order @returns {Promise<OpenWindow>} */
const openPayment = (order) => openAt('payments', order);

/** @param {'payments' | 'billing-auths'} what @param {Record<string, unknown>} asked @returns {Promise<OpenWindow>} */
async function openAt(what, asked) {
  /** @type {Response} */
  let response;
  /** @type {any} */
  let body;
  try {
    response = await fetch(`${sandboxOrigin}/sandbox/window/${what}`, {
      method: 'POST', credentials: 'omit', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked),
    });
    body = await response.json();
  } catch {
    throw tossError('NETWORK_ERROR', '네트워크 오류가 발생했습니다. 잠시 후 다시 시도해 주세요.');
  }
  if (!response.ok) {
    const code = String(body.code);
    throw tossError(code === 'INVALID_PARAMETER' ? DIALECT.invalid : code, String(body.message));
  }
  return {
    id: String(body.id), windowUrl: new URL(body.windowUrl, sandboxOrigin ?? undefined).href, cancelUrl: body.cancelUrl ?? null,
  };
}

const userCancel = () => tossError('USER_CANCEL', '사용자가 결제를 취소했습니다.');

/**
 * A dialog over the page, of the sandbox's own looks. `closed` is called when the shopper leaves it.
 * @param {string} title @param {Node[]} content @param {() => void} closed
 */
function dialogOver(title, content, closed) {
  const { node, root } = shadow();
  const close = element('button', { type: 'button' }, '닫기');
  const dialog = element('dialog', {},
    element('div', { className: 'widget window frame' }, element('div', { className: 'head' }, mark(), close), ...content));
  dialog.setAttribute('aria-label', title);
  root.append(dialog);
  close.addEventListener('click', closed);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    closed();
  });
  document.body.append(node);
  dialog.showModal();
  return { remove: () => node.remove() };
}

/**
 * Shows a window in a frame over the page. In redirect mode the page itself goes where the window leads.
 * @param {OpenWindow} opened
 * @returns {{ result: Promise<WindowResult | undefined>, abort: (reason: unknown) => void }}
 */
function framedWindow({ id, windowUrl, cancelUrl }) {
  /** @type {(reason: unknown) => void} */
  let abort = () => {};
  /** @type {Promise<WindowResult | undefined>} */
  const result = new Promise((resolve, reject) => {
    const frame = element('iframe', { src: windowUrl, title: '결제창' });
    /** @param {() => void} settle */
    const finish = (settle) => {
      window.removeEventListener('message', told);
      dialog.remove();
      settle();
    };
    /** @param {string} url */
    const leave = (url) => {
      location.assign(url);
      resolve(undefined);
    };
    /** @param {MessageEvent} event */
    const told = ({ source, origin: from, data }) => {
      const mine = source === frame.contentWindow && from === sandboxOrigin;
      if (!mine || !isObject(data) || data.source !== 'toss-sandbox' || data.id !== id) return;
      const { error, redirect } = data;
      finish(() => {
        if (isObject(error)) reject(tossError(String(error.code), String(error.message)));
        else if (typeof redirect === 'string') leave(redirect);
        else resolve(/** @type {WindowResult} */ (data.result));
      });
    };
    const dialog = dialogOver('결제창', [frame], () =>
      finish(() => (cancelUrl ? leave(cancelUrl) : reject(userCancel()))));
    window.addEventListener('message', told);
    abort = (reason) => finish(() => reject(reason));
  });
  return { result, abort: (reason) => abort(reason) };
}
