// @ts-check
// `widgets`: the payment UI and the agreement within the shop's page, or in a window over it.

/** @typedef {{ code: string, methodId?: string }} SelectedPaymentMethod */
/** @typedef {{ agreedRequiredTerms: boolean, agreements: { term: { id: string, required: boolean }, agreed: boolean }[] }} AgreementStatus */
/** @typedef {{ paymentMethod?: string | null, agreement?: string | null } | null} WindowVariants */

/** What stands in the page, of whichever instance: there is room for one payment UI and one agreement. */
/** @type {{ methods?: MethodsView, agreement?: AgreementView }} */
const onPage = {};

/** @param {MethodsView} view @returns {SelectedPaymentMethod} */
function selectedOf(view) {
  const chosen = view.chosen();
  if (!chosen) throw tossError('NOT_SELECTED_PAYMENT_METHOD', '결제수단을 선택해 주세요.');
  const methodId = view.methodId();
  return methodId === undefined ? { code: chosen.code } : { code: chosen.code, methodId };
}

/** @param {AgreementView} view @returns {AgreementStatus} */
const agreementOf = (view) => ({
  agreedRequiredTerms: view.agreedRequired(),
  agreements: view.terms().map(({ id, required, agreed }) => ({ term: { id, required }, agreed })),
});

/** @param {unknown} params */
function placeOf(params) {
  const { selector, variantKey } = checked(params, { selector: STRING, variantKey: STRING }, ['selector']);
  return { at: place(selector), variant: checkedVariant(variantKey) };
}

/** @param {string} clientKey @param {string} customerKey @param {boolean} brandpay */
function widgetsOf(clientKey, customerKey, brandpay) {
  const calls = oneAtATime(['renderPaymentMethods', 'renderAgreement']);
  /** @type {Amount | undefined} */
  let amount;
  /** @type {MethodsView | undefined} */
  let methods;
  /** @type {AgreementView | undefined} */
  let agreement;
  /** A window over the page, while it is open. @type {ReturnType<typeof openWindow> | undefined} */
  let paymentWindow;

  function needAmount() {
    if (!amount) throw tossError('NOT_SETUP_AMOUNT', '결제 금액이 설정되지 않았습니다. setAmount를 먼저 호출해 주세요.');
    return amount;
  }

  /** @param {WindowVariants | undefined} variants @param {() => void} pay @param {() => void} cancel */
  function openWindow(variants, pay, cancel) {
    const { value, currency } = needAmount();
    const view = drawMethods({ amount: value, currency, variant: checkedVariant(variants?.paymentMethod), brandpay });
    checkedVariant(variants?.agreement);
    const terms = drawAgreement(() => {
      button.disabled = !terms.agreedRequired();
    });
    const button = element('button', { type: 'button', className: 'pay', disabled: true }, `${currency === 'KRW' ? `${value.toLocaleString('ko-KR')}원` : `${value} ${currency}`} 결제하기`);
    button.addEventListener('click', pay);
    const dialog = dialogOver('결제하기', [element('div', { className: 'sheet' }, view.node, terms.node, button)], cancel);
    return { view, terms, close: dialog.remove };
  }

  /** @param {Fields} fields @param {Amount} total @param {MethodsView} view @param {AgreementView | undefined} terms */
  async function pay(fields, total, view, terms) {
    const redirect = isRedirect(fields);
    const target = targetOf(fields, redirect);
    if (view.isCustom()) {
      throw tossError('CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY', '커스텀 결제수단은 상점에서 직접 결제를 처리해야 합니다.');
    }
    const chosen = view.order();
    if (chosen.method === PAYPAL.code && !redirect) throw redirectOnly();
    if (terms && !terms.agreedRequired()) {
      throw tossError('NEED_AGREEMENT_WITH_REQUIRED_TERMS', '필수 약관에 동의해 주세요.');
    }
    const opened = await openPayment({
      ...chosen, ...orderOf(fields, chosen.method), clientKey, customerKey, amount: total.value, currency: total.currency,
      flow: 'WIDGET', ...openerOf(target),
    });
    const told = await show(opened, target);
    return told && widgetResultOf(told);
  }

  return {
    /** @param {Amount} given @returns {Promise<void>} */
    async setAmount(given) {
      note('setAmount', [given]);
      const next = amountOf(given, 'INVALID_AMOUNT_VALUE', ['KRW', 'USD']);
      // Assumed: a payment UI that is drawn stays with its methods, and these with their currency.
      const drawn = paymentWindow?.view ?? methods;
      if (drawn && drawn.currency !== next.currency) throw invalid('amount.currency', drawn.currency, 'INVALID_AMOUNT_CURRENCY');
      await nextTask();
      amount = next;
      methods?.setAmount(next.value);
    },

    /** @param {{ selector: string, variantKey?: string }} params */
    async renderPaymentMethods(params) {
      note('renderPaymentMethods', [params]);
      return calls.run('renderPaymentMethods', async () => {
        const { at, variant } = placeOf(params);
        const { value, currency } = needAmount();
        if (methods || onPage.methods?.node.isConnected) {
          throw tossError('PAYMENT_METHODS_WIDGET_ALREADY_RENDERED', '이미 결제 UI가 렌더링되어 있습니다.');
        }
        const { on, emit } = events(['paymentMethodSelect']);
        const view = drawMethods({ amount: value, currency, variant, brandpay, selected: () => emit('paymentMethodSelect', selectedOf(view)) });
        at.append(view.node);
        methods = onPage.methods = view;
        performance.mark('toss:ready');
        return {
          /** @param {string} name @param {(method: SelectedPaymentMethod) => void} callback @returns {void} */
          on(name, callback) {
            note('on', [name, callback]);
            on(name, callback);
          },
          /** @returns {Promise<SelectedPaymentMethod>} */
          async getSelectedPaymentMethod() {
            note('getSelectedPaymentMethod', []);
            await nextTask();
            return selectedOf(view);
          },
          /** @returns {Promise<void>} */
          async destroy() {
            note('destroy', []);
            await nextTask();
            view.node.remove();
            if (methods === view) methods = undefined;
          },
        };
      });
    },

    /** @param {{ selector: string, variantKey?: string }} params */
    async renderAgreement(params) {
      note('renderAgreement', [params]);
      return calls.run('renderAgreement', async () => {
        const { at } = placeOf(params);
        if (agreement || onPage.agreement?.node.isConnected) {
          throw tossError('AGREEMENT_WIDGET_ALREADY_RENDERED', '이미 약관 UI가 렌더링되어 있습니다.');
        }
        const { on, emit } = events(['agreementStatusChange']);
        const view = drawAgreement(() => emit('agreementStatusChange', agreementOf(view)));
        at.append(view.node);
        agreement = onPage.agreement = view;
        return {
          /**
           * Assumed: whoever listens is told at once how the agreement stands, since it cannot be asked for.
           * @param {string} name @param {(status: AgreementStatus) => void} callback @returns {void}
           */
          on(name, callback) {
            note('on', [name, callback]);
            on(name, callback);
            void nextTask().then(() => view.node.isConnected && callback(agreementOf(view)));
          },
          /** @returns {Promise<void>} */
          async destroy() {
            note('destroy', []);
            await nextTask();
            view.node.remove();
            if (agreement === view) agreement = undefined;
          },
        };
      });
    },

    /** The published types give one function two results, hence `any`. @param {Fields} request @returns {Promise<any>} */
    async requestPayment(request) {
      note('requestPayment', [request]);
      return calls.run('requestPayment', async () => {
        const fields = checked(request, WIDGET_FIELDS, ['orderId', 'orderName']);
        const total = needAmount();
        const shown = paymentWindow ?? (methods && { view: methods, terms: agreement });
        // Assumed: nothing is selected where nothing is rendered.
        if (!shown) throw tossError('NOT_SELECTED_PAYMENT_METHOD', '결제 UI가 렌더링되지 않았습니다.');
        return pay(fields, total, shown.view, shown.terms);
      });
    },

    /**
     * The older form of `renderPaymentWindow`, still in the types.
     * @param {Fields & { amount: Amount }} request @param {{ variantKey?: WindowVariants }} [options] @returns {Promise<any>}
     */
    async requestPaymentWindow(request, options) {
      note('requestPaymentWindow', [request, options]);
      return calls.run('requestPaymentWindow', async () => {
        const { amount: given, ...rest } = isObject(request) ? request : { amount: undefined };
        const fields = checked(rest, WIDGET_FIELDS, ['orderId', 'orderName']);
        const total = amountOf(given, 'BELOW_ZERO_AMOUNT', ['KRW', 'USD']);
        targetOf(fields, isRedirect(fields));
        amount = total;
        const variants = windowVariants(options);
        return new Promise((resolve, reject) => {
          const opened = openWindow(variants, () => {
            pay(fields, total, opened.view, opened.terms).then((result) => {
              opened.close();
              resolve(result);
            }, (reason) => {
              opened.close();
              reject(reason);
            });
          }, () => {
            opened.close();
            reject(userCancel());
          });
        });
      });
    },

    /** @param {{ variantKey?: WindowVariants }} [params] */
    async renderPaymentWindow(params) {
      note('renderPaymentWindow', [params]);
      return calls.run('renderPaymentWindow', async () => {
        const variants = windowVariants(params);
        needAmount();
        if (paymentWindow) throw tossError('PAYMENT_WINDOW_ALREADY_RENDERED', '이미 결제창이 렌더링되어 있습니다.');
        const { on, emit } = events(['paymentRequest', 'cancel']);
        const close = () => {
          opened.close();
          if (paymentWindow === opened) paymentWindow = undefined;
        };
        const opened = openWindow(variants,
          () => emit('paymentRequest', { paymentMethod: selectedOf(opened.view) }),
          () => {
            close();
            emit('cancel');
          });
        paymentWindow = opened;
        performance.mark('toss:ready');
        return {
          /** @param {string} name @param {(params: { paymentMethod: SelectedPaymentMethod }) => Promise<void>} callback @returns {void} */
          on(name, callback) {
            note('on', [name, callback]);
            on(name, callback);
          },
          /** @returns {Promise<void>} */
          async destroy() {
            note('destroy', []);
            await nextTask();
            close();
          },
        };
      });
    },
  };
}

/** @param {unknown} params @returns {WindowVariants | undefined} */
function windowVariants(params) {
  if (params === undefined || params === null) return undefined;
  const { variantKey } = checked(params, { variantKey: shape({ paymentMethod: STRING, agreement: STRING }) }, [], 'options');
  return /** @type {WindowVariants | undefined} */ (variantKey);
}
