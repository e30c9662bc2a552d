// @ts-check
// `brandpay`: a shop's own pay, as far as a sandbox needs it. Its customer is kept as long as the page lives.

/** @typedef {{ methods: number, oneTouch: boolean }} BrandpayCustomer */
/** @type {Map<string, BrandpayCustomer>} */
const brandpayCustomers = new Map();

/** @param {string} clientKey @param {string} customerKey @param {string | undefined} redirectUrl */
function brandpayOf(clientKey, customerKey, redirectUrl) {
  const calls = oneAtATime();
  const customer = brandpayCustomers.get(customerKey) ?? { methods: 0, oneTouch: false };
  brandpayCustomers.set(customerKey, customer);

  // A sandbox has no developer centre in which a URL could be registered: the one that the shop gives counts as such.
  function needRedirectUrl() {
    if (!redirectUrl) throw tossError('NOT_REGISTERED_REDIRECT_URL', '등록된 redirectUrl이 없습니다.');
  }

  /** A window in which the customer does one thing. @param {string} title @param {string} text @param {string} act @returns {Promise<void>} */
  const ask = (title, text, act) => new Promise((resolve, reject) => {
    const button = element('button', { type: 'button', className: 'pay' }, act);
    const dialog = dialogOver(title, [
      element('div', { className: 'sheet' }, element('h2', { className: 'title' }, title), element('p', {}, text), button),
    ], () => {
      dialog.remove();
      reject(userCancel());
    });
    button.addEventListener('click', () => {
      dialog.remove();
      resolve();
    });
  });

  /** @param {string} name @param {() => Promise<void>} work @returns {Promise<void>} */
  async function errand(name, work) {
    note(`brandpay.${name}`, []);
    return calls.run(name, async () => {
      needRedirectUrl();
      return work();
    });
  }

  return {
    /** The published types give one function two results, hence `any`. @param {Fields} request @returns {Promise<any>} */
    async requestPayment(request) {
      note('brandpay.requestPayment', [request]);
      return calls.run('requestPayment', async () => {
        const { amount, ...rest } = isObject(request) ? request : /** @type {Fields} */ ({});
        const fields = checked(rest, BRANDPAY_FIELDS, ['orderId', 'orderName']);
        // Assumed: another currency than KRW has no code of its own here (Toss docs, list of codes).
        if (isObject(amount) && amount.currency !== 'KRW') throw invalid('amount.currency', 'KRW');
        const total = amountOf(amount, 'BELOW_ZERO_AMOUNT');
        needRedirectUrl();
        const target = targetOf(fields, isRedirect(fields));
        const method = fields.methodId === BRANDPAY_METHODS[1]?.[0] ? 'TRANSFER' : 'CARD';
        const opened = await openPayment({
          ...orderOf(fields, method), method, clientKey, customerKey, amount: total.value, currency: total.currency,
          flow: 'WINDOW', paymentType: 'BRANDPAY', ...openerOf(target),
        });
        const told = await show(opened, target);
        return told && resultOf(told);
      });
    },
    /** @returns {Promise<void>} */
    addPaymentMethod: () => errand('addPaymentMethod', async () => {
      await ask('결제수단 등록', '연습용 카드를 등록합니다.', '등록하기');
      customer.methods += 1;
    }),
    /** @returns {Promise<void>} */
    changePassword: () => errand('changePassword', () => ask('비밀번호 변경', '연습용 결제 비밀번호를 바꿉니다.', '변경하기')),
    /** @returns {Promise<void>} */
    openSettings: () => errand('openSettings', () => ask('브랜드페이 설정', `등록한 결제수단 ${customer.methods}개`, '확인')),
    /** @returns {Promise<void>} */
    changeOneTouchPay: () => errand('changeOneTouchPay', async () => {
      await ask('원터치결제', `지금은 ${customer.oneTouch ? '켜져' : '꺼져'} 있습니다.`, customer.oneTouch ? '끄기' : '켜기');
      customer.oneTouch = !customer.oneTouch;
    }),
    /** @returns {Promise<{ isEnabled: boolean }>} */
    async isOneTouchPayEnabled() {
      note('brandpay.isOneTouchPayEnabled', []);
      return calls.run('isOneTouchPayEnabled', async () => {
        needRedirectUrl();
        // Assumed: who has registered nothing has not agreed to the terms.
        if (customer.methods === 0) throw tossError('NEED_AGREEMENT_WITH_TERMS', '브랜드페이 약관 동의가 필요합니다.');
        return { isEnabled: customer.oneTouch };
      });
    },
    /** @returns {Promise<void>} */
    requestBillingAuth: () => errand('requestBillingAuth', () => ask('자동결제 등록', '연습용 자동결제에 동의합니다.', '동의하기')),
  };
}
