// What a shopper does with the scripts of the sandbox: ticks the terms, chooses a card, closes the payment window.

/** The first element of the kind within the sandbox's drawings under `place`, or anywhere. */
function find(selector, place = document) {
  for (const host of place.querySelectorAll("*")) {
    const found = host.shadowRoot?.querySelector(selector);
    if (found) return found;
  }
  return undefined;
}

export function tickTerms() {
  find("input[type=checkbox]", document.querySelector("#agreement")).click();
}

/** Chooses the value in the first list of the payment methods. */
export function choose(value) {
  const select = find("select", document.querySelector("#methods"));
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true, composed: true }));
}

export function hasWindow() {
  return find("iframe") !== undefined;
}

/** Closes the payment window, as a shopper does who has changed their mind. */
export function closeWindow() {
  find("dialog button").click();
}

const fetchAsItIs = window.fetch;

/** Cuts the page off the sandbox, or not. */
export function cutOff(cut) {
  window.fetch = cut ? () => Promise.reject(new TypeError("Failed to fetch")) : fetchAsItIs;
}
