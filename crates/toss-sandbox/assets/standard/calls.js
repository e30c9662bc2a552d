// @ts-check
// One call at a time, each of them asynchronous; and the way from a call to its window.

/** So that no call is done before the next task, as over the network. */
const nextTask = () => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Lets one call run at a time (`INVALID_METHOD_TRANSACTION`); calls of `together` may run beside each other.
 * @param {readonly string[]} [together]
 */
function oneAtATime(together = []) {
  /** @type {Set<string>} */
  const running = new Set();
  return {
    /** @template T @param {string} name @param {() => Promise<T>} work @returns {Promise<T>} */
    async run(name, work) {
      const beside = [...running].every((other) => other !== name && together.includes(other) && together.includes(name));
      if (!beside) throw tossError('INVALID_METHOD_TRANSACTION', '이미 다른 명령을 수행 중입니다.');
      running.add(name);
      try {
        await nextTask();
        return await work();
      } finally {
        running.delete(name);
      }
    },
  };
}

/** @typedef {{ abort: (reason: unknown) => void }} Abortable */

/**
 * Shows an opened window where it belongs.
 * @param {OpenWindow} opened @param {'iframe' | 'self'} target @param {(frame: Abortable) => void} [framed]
 * @returns {Promise<WindowResult | undefined>}
 */
async function show(opened, target, framed) {
  if (target === 'self') {
    location.assign(opened.windowUrl);
    return undefined;
  }
  const frame = framedWindow(opened);
  framed?.(frame);
  return frame.result;
}

/** @param {'iframe' | 'self'} target */
const openerOf = (target) => (target === 'iframe' ? { openerOrigin: location.origin } : {});

/** @typedef {{ paymentKey: string, orderId: string, amount: Amount }} RequestPaymentResult */
/** What a promise of `payment` and `brandpay` is fulfilled with. @param {WindowResult} told @returns {RequestPaymentResult} */
const resultOf = ({ paymentKey, orderId, amount }) => ({ paymentKey, orderId, amount: { value: amount, currency: 'KRW' } });

/** @typedef {RequestPaymentResult & { paymentType: 'NORMAL' | 'BRANDPAY' }} WidgetPaymentResult */
/** @param {WindowResult} told @returns {WidgetPaymentResult} */
const widgetResultOf = (told) => ({ paymentType: told.paymentType === 'BRANDPAY' ? 'BRANDPAY' : 'NORMAL', ...resultOf(told) });
