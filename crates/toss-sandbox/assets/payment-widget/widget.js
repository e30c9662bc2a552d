// @ts-check
// `PaymentWidget` itself.

/**
 * Assumed: a wrong key shows when something is to be drawn, and then at once.
 * @param {string} clientKey
 */
function checkClientKey(clientKey) {
  if (!clientKey.startsWith('test_gck_') && !clientKey.startsWith('live_gck_')) {
    throw tossError('NOT_REGISTERED_PAYMENT_WIDGET', '결제위젯 연동 키(gck)가 필요합니다. 등록된 결제 UI가 없습니다.');
  }
  if (!settings.clientKeys.includes(clientKey)) {
    throw tossError('UNAUTHORIZED_KEY', '인증되지 않은 클라이언트 키입니다.');
  }
}

/** @param {string} clientKey @param {string} customerKey @param {unknown} [options] */
function PaymentWidget(clientKey, customerKey, options) {
  note('PaymentWidget', [clientKey, customerKey, options]);
  if (!sandboxOrigin) throw tossError('FORBIDDEN_SCRIPT', '스크립트의 출처를 알 수 없습니다.');
  // Assumed for v1: the codes for both keys are those of v2.
  if (!matches(clientKey, /^(test|live)_g?ck_\w+$/)) {
    throw tossError('INVALID_CLIENT_KEY', '클라이언트 키 형식이 올바르지 않습니다.');
  }
  if (customerKey !== ANONYMOUS && !matches(customerKey, /^[A-Za-z0-9\-_=.@]{2,50}$/)) {
    throw tossError('INVALID_CUSTOMER_KEY', "customerKey는 영문, 숫자, '-', '_', '=', '.', '@' 2~50자여야 합니다.");
  }
  if (options !== undefined && !isObject(options)) throw invalid('options', '객체');

  /** What is drawn now: the payment methods with their amount, and the agreement. */
  /** @type {{ view: ReturnType<typeof drawMethods>, amount: number, ready: boolean } | undefined} */
  let methods;
  /** @type {ReturnType<typeof drawAgreement> | undefined} */
  let agreement;

  return {
    /** @param {string} selector @param {unknown} amount @param {unknown} [renderOptions] */
    renderPaymentMethods(selector, amount, renderOptions) {
      note('renderPaymentMethods', [selector, amount, renderOptions]);
      const at = place(selector);
      const value = checkedAmount(amount);
      checkOptions(renderOptions);
      checkClientKey(clientKey);
      methods?.view.node.remove();
      const mine = { view: drawMethods(), amount: value, ready: false };
      methods = mine;
      at.append(mine.view.node);
      const { on, emit } = events(['ready', 'customRequest', 'customPaymentMethodSelect', 'customPaymentMethodUnselect']);
      setTimeout(() => {
        // Drawn anew in the meantime: only the last one becomes ready.
        if (methods !== mine) return;
        mine.ready = true;
        performance.mark('toss:ready');
        emit('ready');
      }, 0);
      return {
        /**
         * The reason goes into Toss's statistics, not into the charge.
         * @param {number} newAmount
         * @param {string | string[]} [reason]
         */
        updateAmount(newAmount, reason) {
          note('updateAmount', [newAmount, reason]);
          if (!isWon(newAmount)) throw invalid('amount', '0 이상의 정수');
          checkReason(reason);
          mine.amount = newAmount;
        },
        /** Assumed: the values are the names. */
        UPDATE_REASON: Object.freeze({ COUPON: 'COUPON', POINT: 'POINT' }),
        /** @param {string} name @param {(selected: string) => unknown} callback */
        on(name, callback) {
          note('on', [name, callback]);
          on(name, callback);
        },
        /** @returns {SelectedPaymentMethod} */
        getSelectedPaymentMethod() {
          note('getSelectedPaymentMethod', []);
          return mine.view.chosen() === 'CARD'
            ? { type: 'NORMAL', method: '카드' }
            : { type: 'NORMAL', method: '간편결제', easyPay: { provider: '토스페이' } };
        },
      };
    },

    /** @param {string} selector @param {unknown} [renderOptions] */
    renderAgreement(selector, renderOptions) {
      note('renderAgreement', [selector, renderOptions]);
      const at = place(selector);
      checkOptions(renderOptions);
      checkClientKey(clientKey);
      agreement?.node.remove();
      const { on, emit } = events(['change']);
      const mine = drawAgreement((status) => emit('change', status));
      agreement = mine;
      at.append(mine.node);
      return {
        /** @param {string} name @param {(status: AgreementStatus) => void} callback */
        on(name, callback) {
          note('on', [name, callback]);
          on(name, callback);
        },
        getAgreementStatus() {
          note('getAgreementStatus', []);
          return mine.status();
        },
      };
    },

    /** @param {unknown} info */
    async requestPayment(info) {
      note('requestPayment', [info]);
      // Assumed: the code before the payment methods are drawn; several shops have seen it.
      if (!methods?.ready || !methods.view.node.isConnected) {
        throw tossError('UNKNOWN_ERROR', '결제 UI가 아직 렌더링되지 않았습니다. 선택자를 확인하거나 렌더링이 끝난 뒤 요청해 주세요.');
      }
      const { showCustomerMobilePhone, mobileCarrier, appScheme, cultureExpense, escrowProducts, products, shipping,
        paymentMethodOptions, useInternationalCardOnly, ...fields } = checkedRequest(info);
      if (agreement && !agreement.status().agreedRequiredTerms) {
        throw tossError('NEED_AGREEMENT_WITH_REQUIRED_TERMS', '필수 약관에 동의해 주세요.');
      }
      const { view, amount } = methods;
      const method = view.chosen();
      if (method === 'CARD' && !view.company()) {
        throw tossError('NEED_CARD_PAYMENT_DETAIL', '카드사를 선택해 주세요.');
      }
      const redirect = 'successUrl' in fields;
      const { paymentKey, windowUrl } = await openPayment({
        ...fields, clientKey, customerKey, amount, currency: 'KRW', method,
        ...(method === 'CARD' ? { cardCompany: view.company() } : {}),
        ...(redirect ? {} : { openerOrigin: location.origin }),
      });
      if (!redirect) return framedWindow(paymentKey, windowUrl);
      location.assign(windowUrl);
      return undefined;
    },
  };
}

PaymentWidget.ANONYMOUS = /** @type {'@@ANONYMOUS'} */ (ANONYMOUS);
PaymentWidget.version = VERSION;
PaymentWidget.__versionHash__ = 'sandbox';

Object.assign(window, { PaymentWidget });
