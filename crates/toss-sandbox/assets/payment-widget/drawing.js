// @ts-check
// Payment methods and agreement, drawn into the page.

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** An empty node with its own style, which the style of the shop's page does not reach. */
function shadow() {
  if (!sheet) {
    // A constructed sheet passes a strict Content-Security-Policy, an inline <style> does not.
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  const node = document.createElement('div');
  const root = node.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  return { node, root };
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {Partial<HTMLElementTagNameMap[K]>} properties @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const mark = () => element('span', { className: 'mark' }, 'SANDBOX');

/** Codes and names: Toss docs /codes/org-codes. The server of the sandbox has the same list. */
const CARD_COMPANIES = [
  ['41', '신한카드'], ['61', '현대카드'], ['51', '삼성카드'], ['11', 'KB국민카드'],
  ['71', '롯데카드'], ['31', 'BC카드'], ['15', '카카오뱅크'], ['24', '토스뱅크'],
];

let drawn = 0;

function drawMethods() {
  const { node, root } = shadow();
  drawn += 1;
  /** @param {'CARD' | 'TOSSPAY'} value @param {string} text */
  const choice = (value, text) =>
    element('label', { className: 'choice' },
      element('input', { type: 'radio', name: `toss-method-${drawn}`, value, checked: value === 'CARD' }), text);
  const company = element('select', { id: 'company' },
    element('option', { value: '' }, '카드사를 선택해 주세요'),
    ...CARD_COMPANIES.map(([code, name], i) => element('option', { value: code, defaultSelected: i === 0 }, name)));
  company.selectedIndex = 1;
  const detail = element('div', { className: 'detail' }, element('label', { htmlFor: 'company' }, '카드사'), company);
  const methods = element('div', { className: 'methods' }, choice('CARD', '카드'), choice('TOSSPAY', '토스페이'));
  root.append(
    element('fieldset', { className: 'widget' },
      element('legend', { className: 'head' }, element('span', { className: 'title' }, '결제 방법'), mark()),
      methods, detail));
  const chosen = () => {
    const input = methods.querySelector('input:checked');
    return input instanceof HTMLInputElement && input.value === 'TOSSPAY' ? 'TOSSPAY' : 'CARD';
  };
  methods.addEventListener('change', () => {
    detail.hidden = chosen() !== 'CARD';
  });
  return { node, chosen, company: () => company.value };
}

/** @type {Readonly<Omit<Term, 'agreed'>[]>} Assumed: one required term and an optional one, unchecked. */
const TERMS = [
  {
    id: 'payment', required: true, title: '결제 서비스 이용 약관, 개인정보 처리 동의',
    content: '연습용 약관입니다. 실제 결제가 이루어지지 않으며 개인정보가 수집되지 않습니다.',
  },
  {
    id: 'marketing', required: false, title: '혜택 알림 수신 동의',
    content: '연습용 약관입니다. 아무 알림도 보내지 않습니다.',
  },
];

/** @param {(status: AgreementStatus) => void} changed */
function drawAgreement(changed) {
  const { node, root } = shadow();
  const boxes = TERMS.map(() => element('input', { type: 'checkbox' }));
  const all = element('input', { type: 'checkbox' });
  root.append(
    element('fieldset', { className: 'widget' },
      element('legend', { className: 'head' }, element('span', { className: 'title' }, '약관 동의'), mark()),
      element('label', { className: 'term all' }, all, '전체 동의'),
      ...TERMS.flatMap((term, i) => [
        element('label', { className: 'term' }, boxes[i], `[${term.required ? '필수' : '선택'}] ${term.title}`),
        element('details', {}, element('summary', {}, `${term.title} 내용 보기`), element('p', {}, term.content)),
      ])));
  /** @returns {AgreementStatus} */
  const status = () => ({
    agreedRequiredTerms: TERMS.every((term, i) => !term.required || boxes[i].checked),
    terms: TERMS.map((term, i) => ({
      id: term.id, agreed: boxes[i].checked, required: term.required, title: term.title, content: term.content,
    })),
  });
  root.addEventListener('change', (event) => {
    if (event.target === all) {
      for (const box of boxes) box.checked = all.checked;
    }
    all.checked = boxes.every((box) => box.checked);
    all.indeterminate = !all.checked && boxes.some((box) => box.checked);
    changed(status());
  });
  return { node, status };
}
