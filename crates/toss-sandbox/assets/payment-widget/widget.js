// @ts-check
// `PaymentWidget` itself.

/** @typedef {{ agreedRequiredTerms: boolean, terms: AgreedTerm[] }} AgreementStatus */
/**
 * @typedef {{ type: 'NORMAL' | 'BRANDPAY' | 'CUSTOM', method?: string, methodId?: string, easyPay?: { provider: string },
 *   paymentMethodKey?: string }} SelectedPaymentMethod
 */
/** @typedef {{ paymentType: 'NORMAL' | 'BRANDPAY', paymentKey: string, orderId: string, amount: number, methodId?: string }} RequestPaymentResult */

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

/** @param {string} clientKey @param {string} customerKey @param {{ brandpay?: { redirectUrl?: string } }} [options] */
function PaymentWidget(clientKey, customerKey, options) {
  note('PaymentWidget', [clientKey, customerKey, options]);
  if (!sandboxOrigin) throw tossError('FORBIDDEN_SCRIPT', '스크립트의 출처를 알 수 없습니다.');
  // Assumed for v1: the codes for both keys are those of v2.
  if (!isClientKey(clientKey)) throw tossError('INVALID_CLIENT_KEY', '클라이언트 키 형식이 올바르지 않습니다.');
  if (!isCustomerKey(customerKey)) throw tossError('INVALID_CUSTOMER_KEY', CUSTOMER_KEY_RULE);
  const given = options === undefined
    ? {}
    : checked(options, { brandpay: shape({ redirectUrl: [isUrl, '출처를 포함한 절대 URL'] }) }, [], 'options');
  const brandpay = 'brandpay' in given;

  /** What is drawn now: the payment methods with their amount and events, and the agreement. */
  /** @type {{ view: MethodsView, amount: number, ready: boolean, emit: ReturnType<typeof events>['emit'] } | undefined} */
  let methods;
  /** @type {AgreementView | undefined} */
  let agreement;

  return {
    /**
     * @param {string} selector @param {number | { value: number, currency?: string, country?: string }} amount
     * @param {{ variantKey?: string }} [renderOptions]
     */
    renderPaymentMethods(selector, amount, renderOptions) {
      note('renderPaymentMethods', [selector, amount, renderOptions]);
      const at = place(selector);
      const value = checkedAmount(amount);
      const variant = variantOf(renderOptions);
      checkClientKey(clientKey);
      methods?.view.node.remove();
      const { on, emit } = events(['ready', 'customRequest', 'customPaymentMethodSelect', 'customPaymentMethodUnselect']);
      const view = drawMethods({
        amount: value, variant, brandpay,
        selected(method, before) {
          if (before === CUSTOM) emit('customPaymentMethodUnselect', CUSTOM.code);
          if (method === CUSTOM) emit('customPaymentMethodSelect', CUSTOM.code);
        },
      });
      const mine = { view, amount: value, ready: false, emit };
      methods = mine;
      at.append(mine.view.node);
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
         * @param {number} newAmount @param {string | string[]} [reason] @returns {void}
         */
        updateAmount(newAmount, reason) {
          note('updateAmount', [newAmount, reason]);
          if (!isWon(newAmount)) throw invalid('amount', '0 이상의 정수');
          checkReason(reason);
          mine.amount = newAmount;
          view.setAmount(newAmount);
        },
        /** Assumed: the values are the names. */
        UPDATE_REASON: Object.freeze({ COUPON: 'COUPON', POINT: 'POINT' }),
        /** @param {string} name @param {(selected: string) => unknown} callback @returns {void} */
        on(name, callback) {
          note('on', [name, callback]);
          on(name, callback);
        },
        /** @returns {SelectedPaymentMethod} */
        getSelectedPaymentMethod() {
          note('getSelectedPaymentMethod', []);
          const chosen = view.chosen();
          if (!chosen) return { type: 'NORMAL' };
          if (chosen === BRANDPAY) return { type: 'BRANDPAY', methodId: view.methodId() };
          if (chosen === CUSTOM) return { type: 'CUSTOM', paymentMethodKey: CUSTOM.code };
          return { type: 'NORMAL', method: chosen.method, ...(chosen.provider ? { easyPay: { provider: chosen.provider } } : {}) };
        },
      };
    },

    /** @param {string} selector @param {{ variantKey?: string }} [renderOptions] */
    renderAgreement(selector, renderOptions) {
      note('renderAgreement', [selector, renderOptions]);
      const at = place(selector);
      variantOf(renderOptions);
      checkClientKey(clientKey);
      agreement?.node.remove();
      const { on, emit } = events(['change']);
      const mine = drawAgreement(() => emit('change', status()));
      /** @returns {AgreementStatus} */
      const status = () => ({ agreedRequiredTerms: mine.agreedRequired(), terms: mine.terms() });
      agreement = mine;
      at.append(mine.node);
      return {
        /** @param {string} name @param {(status: AgreementStatus) => void} callback @returns {void} */
        on(name, callback) {
          note('on', [name, callback]);
          on(name, callback);
        },
        /** @returns {AgreementStatus} */
        getAgreementStatus() {
          note('getAgreementStatus', []);
          return status();
        },
      };
    },

    /** @param {Record<string, any>} info @returns {Promise<RequestPaymentResult | undefined>} */
    async requestPayment(info) {
      note('requestPayment', [info]);
      // Assumed: the code before the payment methods are drawn; several shops have seen it.
      if (!methods?.ready || !methods.view.node.isConnected) {
        throw tossError('UNKNOWN_ERROR', '결제 UI가 아직 렌더링되지 않았습니다. 선택자를 확인하거나 렌더링이 끝난 뒤 요청해 주세요.');
      }
      const fields = checked(info, FIELDS, ['orderId', 'orderName']);
      const redirect = isRedirect(fields);
      if (agreement && !agreement.agreedRequired()) {
        throw tossError('NEED_AGREEMENT_WITH_REQUIRED_TERMS', '필수 약관에 동의해 주세요.');
      }
      const { view, amount, emit } = methods;
      if (view.isCustom()) {
        // The shop goes on by itself. Assumed: the promise is fulfilled with nothing.
        emit('customRequest', CUSTOM.code);
        return undefined;
      }
      const chosen = view.order();
      // Assumed for v1: the code is that of v2.
      if (!redirect && isMobile()) throw tossError('NOT_SUPPORTED_PROMISE', '모바일에서는 리다이렉트 방식만 지원합니다.');
      const opened = await openPayment({
        ...orderOf(fields), ...chosen, clientKey, customerKey, amount, currency: 'KRW', flow: 'WIDGET',
        ...(redirect ? {} : { openerOrigin: location.origin }),
      });
      if (!redirect) return /** @type {RequestPaymentResult | undefined} */ (await framedWindow(opened).result);
      location.assign(opened.windowUrl);
      return undefined;
    },
  };
}

PaymentWidget.ANONYMOUS = /** @type {'@@ANONYMOUS'} */ (ANONYMOUS);
PaymentWidget.version = VERSION;
PaymentWidget.__versionHash__ = 'sandbox';

Object.assign(window, { PaymentWidget });
announce('PaymentWidget');
