// @ts-check
// The payment methods, drawn: tiles, and below them what the chosen method still has to know.

let drawn = 0;

/**
 * @param {{ amount: number, currency?: string, variant: string, brandpay: boolean, selected?: (method: Method, before?: Method) => void }} options
 */
function drawMethods({ amount, currency = 'KRW', variant, brandpay, selected }) {
  const { node, root } = shadow();
  drawn += 1;
  const own = currency === 'KRW' ? [...METHODS, ...(brandpay ? [BRANDPAY] : [])] : [PAYPAL];
  const methods = [...own, ...(variant === VARIANTS.custom ? [CUSTOM] : [])];
  let now = variant === VARIANTS.unselected ? undefined : methods[0];
  const tiles = element('div', { className: 'methods' }, ...methods.map((method) =>
    element('label', { className: 'choice' },
      element('input', { type: 'radio', name: `toss-method-${drawn}`, value: method.code, checked: method === now }),
      decoration(method.icon), element('span', {}, method.text))));

  const company = selectOf('company', '카드사', CARD_COMPANIES, '카드사를 선택해 주세요');
  company.select.selectedIndex = 1;
  const months = selectOf('months', '할부', []);
  const bank = selectOf('bank', '은행', BANKS);
  const accountBank = selectOf('account-bank', '입금은행', ACCOUNT_BANKS);
  const receipt = selectOf('receipt', '현금영수증', RECEIPTS);
  const refundBank = selectOf('refund-bank', '환불은행', BANKS, '은행을 선택해 주세요');
  const refundNumber = inputOf('refund-number', '환불 계좌번호', { inputMode: 'numeric', maxLength: 20 });
  const refundHolder = inputOf('refund-holder', '예금주', { maxLength: 60 });
  const registered = selectOf('registered', '등록한 결제수단', BRANDPAY_METHODS);
  const asksRefundAccount = variant === VARIANTS.refundAccount;
  const refund = asksRefundAccount ? [refundBank.field, refundNumber.field, refundHolder.field] : [];

  /** @type {Record<string, HTMLElement[]>} */
  const details = {
    CARD: [company.field, months.field],
    TRANSFER: [bank.field, receipt.field],
    VIRTUAL_ACCOUNT: [accountBank.field, receipt.field, ...refund],
    BRANDPAY: [registered.field],
  };
  const detail = element('div', { className: 'detail' });
  const notice = element('p', { className: 'notice' });
  notice.setAttribute('role', 'status');

  function showDetail() {
    const fields = (now && details[now.code]) ?? [];
    detail.replaceChildren(...fields, ...(now?.hint ? [element('p', { className: 'hint' }, now.hint)] : []));
    detail.hidden = !detail.hasChildNodes();
    notice.textContent = '';
  }

  /** Instalments depend on the amount. */
  function setAmount(/** @type {number} */ won) {
    const before = months.select.value;
    const most = won >= INSTALMENTS_FROM ? 12 : 1;
    months.select.replaceChildren(
      element('option', { value: '0' }, '일시불'),
      ...Array.from({ length: most - 1 }, (_, i) => element('option', { value: String(i + 2) }, `${i + 2}개월`)));
    months.select.value = Number(before) <= most ? before || '0' : '0';
  }

  tiles.addEventListener('change', () => {
    const input = tiles.querySelector('input:checked');
    const before = now;
    now = methods.find((method) => input instanceof HTMLInputElement && method.code === input.value);
    showDetail();
    if (now) selected?.(now, before);
  });
  root.append(element('fieldset', { className: 'widget' }, legend('결제 방법'), tiles, detail, notice));
  setAmount(amount);
  showDetail();

  /** What is missing, said to the shopper and thrown. @param {string} code @param {string} message */
  function missing(code, message) {
    notice.textContent = message;
    return tossError(code, message);
  }

  return {
    node,
    currency,
    setAmount,
    chosen: () => now,
    /** Which registered method of BrandPay is chosen. */
    methodId: () => (now === BRANDPAY ? registered.select.value : undefined),
    isCustom: () => now === CUSTOM,
    /** The chosen method as the payment window wants it. Throws what the shopper has not filled in. */
    order() {
      notice.textContent = '';
      if (!now) throw missing('NOT_SELECTED_PAYMENT_METHOD', '결제수단을 선택해 주세요.');
      if (now.code === LIVE_ONLY) {
        throw missing('UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD', '테스트 환경에서는 사용할 수 없는 결제수단입니다.');
      }
      switch (now.code) {
        case 'CARD':
          if (!company.select.value) throw missing('NEED_CARD_PAYMENT_DETAIL', '카드사를 선택해 주세요.');
          return { method: 'CARD', cardCompany: company.select.value, installmentMonths: Number(months.select.value) };
        case 'TRANSFER':
          return { method: 'TRANSFER', bank: bank.select.value, cashReceipt: receipt.select.value };
        case 'VIRTUAL_ACCOUNT':
          return {
            method: 'VIRTUAL_ACCOUNT', bank: accountBank.select.value, cashReceipt: receipt.select.value, ...refundAccount(),
          };
        case 'BRANDPAY':
          // Assumed: the first registered method is a card, the second an account.
          return {
            paymentType: 'BRANDPAY', methodId: registered.select.value,
            method: registered.select.selectedIndex === 0 ? 'CARD' : 'TRANSFER',
          };
        default:
          return { method: now.code };
      }
    },
  };

  function refundAccount() {
    if (!asksRefundAccount) return {};
    const [accountNumber, holderName] = [refundNumber.input.value.trim(), refundHolder.input.value.trim()];
    if (!refundBank.select.value || !/^\d{1,20}$/.test(accountNumber) || !holderName) {
      throw missing('NEED_REFUND_ACCOUNT_DETAIL', '환불 계좌 정보를 모두 입력해 주세요.');
    }
    return { refundReceiveAccount: { bank: refundBank.select.value, accountNumber, holderName } };
  }
}

/** A picture that says nothing to who listens. @param {string} icon */
function decoration(icon) {
  const span = element('span', { className: 'icon' }, icon);
  span.setAttribute('aria-hidden', 'true');
  return span;
}

/** @typedef {ReturnType<typeof drawMethods>} MethodsView */
/** @typedef {ReturnType<typeof drawAgreement>} AgreementView */
