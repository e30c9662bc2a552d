// @ts-check
// `TossPayments` itself: three factories, each for its own kind of key.

/** @param {string} clientKey */
function TossPayments(clientKey) {
  note('TossPayments', [clientKey]);

  /** @param {unknown} customerKey @returns {asserts customerKey is string} */
  function checkKeys(customerKey) {
    const isSecret = (/** @type {unknown} */ key) => matches(key, /^(test|live)_g?sk_/);
    if (isSecret(clientKey) || isSecret(customerKey)) {
      throw tossError('INSECURE_KEY_USAGE', '시크릿 키는 브라우저에서 사용할 수 없습니다.');
    }
    if (!isClientKey(clientKey)) throw tossError('INVALID_CLIENT_KEY', '클라이언트 키 형식이 올바르지 않습니다.');
    if (!isCustomerKey(customerKey)) throw tossError('INVALID_CUSTOMER_KEY', CUSTOMER_KEY_RULE);
  }

  function checkKnown() {
    // Assumed: a key that nobody has issued is no valid one.
    if (!settings.clientKeys.includes(clientKey)) throw tossError('INVALID_CLIENT_KEY', '등록되지 않은 클라이언트 키입니다.');
    if (!sandboxOrigin) throw tossError('UNKNOWN', '스크립트의 출처를 알 수 없습니다.');
  }

  function needApiKey() {
    if (clientKey.includes('_gck_')) {
      throw tossError('NOT_SUPPORTED_WIDGET_KEY', '결제위젯 연동 키는 지원하지 않습니다. API 개별 연동 키를 사용해 주세요.');
    }
    checkKnown();
  }

  const features = shape({ cardOCR: shape({ active: BOOLEAN, autoStart: BOOLEAN }, ['active']) });
  /** @type {Rule} */
  const customerKeyRule = [() => true, ''];
  /** @type {Rules} */
  const brandpayRules = { redirectUrl: [isUrl, '출처를 포함한 절대 URL'], features };

  return {
    /** @param {{ customerKey: string, brandpay?: { redirectUrl?: string } }} params */
    widgets(params) {
      note('widgets', [params]);
      const given = checked(params, { customerKey: customerKeyRule, brandpay: shape(brandpayRules) }, ['customerKey']);
      checkKeys(given.customerKey);
      if (!clientKey.includes('_gck_')) {
        throw tossError('NOT_SUPPORTED_API_INDIVIDUAL_KEY', 'API 개별 연동 키는 지원하지 않습니다. 결제위젯 연동 키를 사용해 주세요.');
      }
      checkKnown();
      return widgetsOf(clientKey, given.customerKey, 'brandpay' in given);
    },
    /** @param {{ customerKey: string }} params */
    payment(params) {
      note('payment', [params]);
      const given = checked(params, { customerKey: customerKeyRule }, ['customerKey']);
      checkKeys(given.customerKey);
      needApiKey();
      return paymentOf(clientKey, given.customerKey);
    },
    /** @param {{ customerKey: string, redirectUrl?: string, features?: object }} params */
    brandpay(params) {
      note('brandpay', [params]);
      const given = checked(params, { customerKey: customerKeyRule, ...brandpayRules }, ['customerKey']);
      checkKeys(given.customerKey);
      needApiKey();
      return brandpayOf(clientKey, given.customerKey, /** @type {string | undefined} */ (given.redirectUrl));
    },
    ...V1_CALLS,
  };
}

/** What SDK v1 had on this object: a shop that has not moved on yet is told so. */
const V1_CALLS = Object.fromEntries(['requestPayment', 'requestBillingAuth', 'cancelPayment'].map((name) => [name, () => {
  note(name, []);
  throw tossError('V1_METHOD_NOT_SUPPORTED', `${name}는 SDK v1의 메서드입니다. SDK v2에서는 지원하지 않습니다.`);
}]));

TossPayments.ANONYMOUS = /** @type {'@@ANONYMOUS'} */ (ANONYMOUS);

Object.assign(window, { TossPayments });
announce('TossPayments');
