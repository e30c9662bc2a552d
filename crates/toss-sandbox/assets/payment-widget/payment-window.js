// @ts-check
// The way to the payment window: a redirect, or a frame over the page.

/** @param {Record<string, unknown>} order @returns {Promise<{ paymentKey: string, windowUrl: string }>} */
async function openPayment(order) {
  /** @type {Response} */
  let response;
  /** @type {any} */
  let body;
  try {
    response = await fetch(`${sandboxOrigin}/sandbox/window/payments`, {
      method: 'POST', credentials: 'omit', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order),
    });
    body = await response.json();
  } catch {
    throw tossError('NETWORK_ERROR', '네트워크 오류가 발생했습니다. 잠시 후 다시 시도해 주세요.');
  }
  if (!response.ok) throw tossError(String(body.code), String(body.message));
  return { paymentKey: body.paymentKey, windowUrl: new URL(body.windowUrl, sandboxOrigin ?? undefined).href };
}

/**
 * Promise mode: the window in a frame over the page.
 * @param {string} paymentKey
 * @param {string} windowUrl
 */
function framedWindow(paymentKey, windowUrl) {
  return new Promise((resolve, reject) => {
    const { node, root } = shadow();
    const close = element('button', { type: 'button' }, '닫기');
    const frame = element('iframe', { src: windowUrl, title: '결제창' });
    const dialog = element('dialog', {},
      element('div', { className: 'widget window frame' },
        element('div', { className: 'head' }, mark(), close), frame));
    dialog.setAttribute('aria-label', '결제창');
    root.append(dialog);

    /** @param {MessageEvent} event */
    const told = ({ source, origin: from, data }) => {
      const mine = source === frame.contentWindow && from === sandboxOrigin;
      if (!mine || !isObject(data) || data.source !== 'toss-sandbox' || data.paymentKey !== paymentKey) return;
      const error = data.error;
      finish(() => (isObject(error)
        ? reject(tossError(String(error.code), String(error.message)))
        : resolve(data.result)));
    };
    /** @param {() => void} settle */
    const finish = (settle) => {
      window.removeEventListener('message', told);
      node.remove();
      settle();
    };
    const closed = () => finish(() => reject(tossError('USER_CANCEL', '사용자가 결제를 취소했습니다.')));
    window.addEventListener('message', told);
    close.addEventListener('click', closed);
    dialog.addEventListener('cancel', closed);
    document.body.append(node);
    dialog.showModal();
  });
}
