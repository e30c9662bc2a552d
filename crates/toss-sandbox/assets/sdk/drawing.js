// @ts-check
// What the drawings have in common, and the agreement.

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
/** @param {string} title */
const legend = (title) =>
  element('legend', { className: 'head' }, element('span', { className: 'title' }, title), mark());

/**
 * A labelled choice. Without `prompt` the first option is chosen.
 * @param {string} id @param {string} text @param {readonly (readonly [string, string])[]} options @param {string} [prompt]
 */
function selectOf(id, text, options, prompt) {
  const select = element('select', { id },
    ...(prompt ? [element('option', { value: '' }, prompt)] : []),
    ...options.map(([value, name]) => element('option', { value }, name)));
  return { select, field: element('div', { className: 'field' }, element('label', { htmlFor: id }, text), select) };
}

/** @param {string} id @param {string} text @param {Partial<HTMLInputElement>} [properties] */
function inputOf(id, text, properties = {}) {
  const input = element('input', { id, type: 'text', autocomplete: 'off', ...properties });
  return { input, field: element('div', { className: 'field' }, element('label', { htmlFor: id }, text), input) };
}

/** @typedef {Term & { agreed: boolean }} AgreedTerm */

/** @param {() => void} changed */
function drawAgreement(changed) {
  const { node, root } = shadow();
  const rows = TERMS.map((term) => ({ term, box: element('input', { type: 'checkbox' }) }));
  const all = element('input', { type: 'checkbox' });
  root.append(
    element('fieldset', { className: 'widget' },
      legend('약관 동의'),
      element('label', { className: 'term all' }, all, '전체 동의'),
      ...rows.flatMap(({ term, box }) => [
        element('label', { className: 'term' }, box, `[${term.required ? '필수' : '선택'}] ${term.title}`),
        element('details', {}, element('summary', {}, `${term.title} 내용 보기`), element('p', {}, term.content)),
      ])));
  root.addEventListener('change', (event) => {
    if (event.target === all) {
      for (const { box } of rows) box.checked = all.checked;
    }
    all.checked = rows.every(({ box }) => box.checked);
    all.indeterminate = !all.checked && rows.some(({ box }) => box.checked);
    changed();
  });
  return {
    node,
    /** Every term as it stands. @returns {AgreedTerm[]} */
    terms: () => rows.map(({ term, box }) => ({ ...term, agreed: box.checked })),
    agreedRequired: () => rows.every(({ term, box }) => !term.required || box.checked),
  };
}
