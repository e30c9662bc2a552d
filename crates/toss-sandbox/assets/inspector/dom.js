// Drawing. Text becomes text nodes and nothing else: nothing that came from a shop is ever read as HTML.

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes] a function listens to the event of its name; null and false are left out
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...kept(children));
  return element;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function kept(children) {
  return /** @type {(Node | string)[]} */ (children.filter((child) => child !== null && child !== undefined && child !== false));
}

/** @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren(...kept(children));
}

/**
 * The element with that id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

/** @type {WeakMap<Element, Map<string, {node: HTMLElement, shown: string}>>} */
const lists = new WeakMap();

/**
 * Draws a list. An entry keeps its element as long as it is there, so that the focus, and what was folded open, stay.
 * @template T
 * @param {Element} parent
 * @param {T[]} entries
 * @param {{key: (entry: T) => string, make: () => HTMLElement, show: (node: HTMLElement, entry: T) => void}} how
 */
export function keyed(parent, entries, how) {
  const old = lists.get(parent) ?? new Map();
  const keys = new Set(entries.map(how.key));
  for (const [key, row] of old) if (!keys.has(key)) row.node.remove();
  const now = new Map();
  let place = parent.firstChild;
  for (const entry of entries) {
    const key = how.key(entry);
    const shown = JSON.stringify(entry);
    const row = old.get(key) ?? { node: how.make(), shown: '' };
    if (row.shown !== shown) how.show(row.node, entry);
    row.shown = shown;
    now.set(key, row);
    if (place !== null && row.node === place) place = place.nextSibling;
    else parent.insertBefore(row.node, place);
  }
  lists.set(parent, now);
}

/** @type {WeakMap<Element, string>} */
const drawn = new WeakMap();

/**
 * Draws only if what is drawn has changed, so that a button under the pointer is not replaced.
 * @param {Element} element @param {unknown} of @param {() => Child[]} draw
 */
export function redraw(element, of, draw) {
  const shown = JSON.stringify(of);
  if (drawn.get(element) === shown) return;
  drawn.set(element, shown);
  fill(element, ...draw());
}

/**
 * A button that does something and says when it has failed.
 * @param {string} label @param {() => unknown} act @param {Attributes} [attributes]
 */
export function button(label, act, attributes = {}) {
  return el('button', { type: 'button', click: () => void attempt(act), ...attributes }, label);
}

/** @param {() => unknown} act */
export async function attempt(act) {
  try {
    await act();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), true);
  }
}

let silence = 0;

/** A word at the foot of the page. @param {string} text @param {boolean} [isBad] */
export function say(text, isBad = false) {
  const place = byId('word', HTMLElement);
  place.dataset.bad = String(isBad);
  place.textContent = text;
  clearTimeout(silence);
  silence = window.setTimeout(() => place.replaceChildren(), isBad ? 8_000 : 3_000);
}

/** Text that a click copies. @param {string} text @param {string} what */
export function copyable(text, what) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    say(`${what} copied`);
  };
  // Browsers let pages copy on this machine only, and the sandbox may be on another one.
  return el('span', { class: 'copyable' }, el('code', {}, text), isSecureContext && button('Copy', copy, { class: 'copy', 'aria-label': `Copy ${what}` }));
}
