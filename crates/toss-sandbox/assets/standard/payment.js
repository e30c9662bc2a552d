// @ts-check
// `payment`: the payment window without a payment UI, and the agreement to be charged again and again.

/** @param {string} clientKey @param {string} customerKey */
function paymentOf(clientKey, customerKey) {
  const calls = oneAtATime();
  /** The call that waits for its window. @type {Abortable | undefined} */
  let active;

  /** @param {OpenWindow} opened @param {'iframe' | 'self'} target */
  async function shown(opened, target) {
    try {
      return await show(opened, target, (frame) => {
        active = frame;
      });
    } finally {
      active = undefined;
    }
  }

  /** @template {Rules} R @param {unknown} method @param {Record<string, R>} of @returns {R} */
  function rulesOf(method, of) {
    const rules = typeof method === 'string' && Object.hasOwn(of, method) ? of[method] : undefined;
    if (!rules) throw tossError('NOT_SUPPORTED_METHOD', `지원하지 않는 결제수단입니다: ${String(method)}`);
    return rules;
  }

  return {
    /** The published types give one function two results, hence `any`. @param {Fields} request @returns {Promise<any>} */
    async requestPayment(request) {
      note('payment.requestPayment', [request]);
      return calls.run('requestPayment', async () => {
        const { method, amount, ...rest } = isObject(request) ? request : /** @type {Fields} */ ({});
        const rules = rulesOf(method, METHOD_FIELDS);
        const abroad = method === 'FOREIGN_EASY_PAY';
        /** @type {Fields} */
        const fields = checked(rest, { ...COMMON, orderProductCode: STRING, ...rules }, [
          'orderId', 'orderName', ...(abroad ? ['foreignEasyPay'] : []),
        ]);
        const total = amountOf(amount, 'BELOW_ZERO_AMOUNT', abroad ? ['USD'] : ['KRW']);
        const paidBy = String(abroad ? fields.foreignEasyPay.provider : method);
        // Assumed for providers that the sandbox does not have.
        if (abroad && paidBy !== 'PAYPAL') throw tossError('NOT_SUPPORTED_METHOD', `지원하지 않는 결제수단입니다: ${paidBy}`);
        const redirect = isRedirect(fields);
        if (abroad && !redirect) throw redirectOnly();
        const target = targetOf(fields, redirect);
        const opened = await openPayment({
          ...orderOf(fields, paidBy), method: paidBy, clientKey, customerKey, amount: total.value, currency: total.currency,
          flow: 'WINDOW', ...openerOf(target),
        });
        const told = await shown(opened, target);
        return told && resultOf(told);
      });
    },

    /** @param {Fields} request @returns {Promise<void>} */
    async requestBillingAuth(request) {
      note('payment.requestBillingAuth', [request]);
      return calls.run('requestBillingAuth', async () => {
        const method = isObject(request) ? request.method : undefined;
        const rules = rulesOf(method, BILLING_FIELDS);
        const fields = checked(request, rules, ['successUrl', 'failUrl']);
        const target = targetOf(fields, true);
        const { successUrl, failUrl, customerName } = fields;
        const opened = await openAt('billing-auths', present({
          clientKey, customerKey, method, customerName, successUrl, failUrl, ...openerOf(target),
        }));
        await shown(opened, target);
      });
    },

    /** @returns {Promise<void>} */
    async destroy() {
      note('payment.destroy', []);
      await nextTask();
      if (!active) throw tossError('NO_ACTIVE_PAYMENT_REQUEST', '진행 중인 결제 요청이 없습니다.');
      active.abort(tossError('PAYMENT_REQUEST_ABORTED', '결제 요청이 중단되었습니다.'));
    },
  };
}
