// A stand-in for the v1 script, as obedient or as hostile as a test wants it. Written for these tests alone.

let calls, handlers, behaviours, appended;
// Never reset: a rejection shows up after the test that caused it, and fails the next one.
const uncaught = [];

window.addEventListener("error", (event) => uncaught.push(`error: ${event.message}`));
window.addEventListener("unhandledrejection", (event) => uncaught.push(`rejection: ${event.reason}`));

/** A page as new: no global, no tags of ours, nothing remembered. */
export function reset() {
  [calls, handlers, behaviours, appended] = [[], new Map(), new Map(), []];
  delete window.PaymentWidget;
  delete document.readyState;
  delete document.head.appendChild;
  for (const leftover of document.querySelectorAll("script[src^='blob:'], #PaymentWidget")) leftover.remove();
}

/** The address of a script that defines the global, or of one that does not. */
export function script(source) {
  const text = source === "good" ? "window.PaymentWidget = window.fakePaymentWidget" : source;
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/** An address that looks like any other and answers nothing. */
export function brokenScript() {
  const url = script("");
  URL.revokeObjectURL(url);
  return url;
}

export function defineGlobal() {
  window.PaymentWidget = window.fakePaymentWidget;
}

/** Makes a member do something else: `body` sees the call's arguments as `args`. */
export function behave(member, body) {
  behaviours.set(member, new Function("...args", body));
}

function part(name, members) {
  const made = {};
  for (const [member, ordinary] of Object.entries(members)) {
    made[member] = (...args) => {
      calls.push(JSON.stringify([`${name}.${member}`, ...args.map((arg) => (typeof arg === "function" ? "fn" : arg))]));
      return (behaviours.get(member) ?? ordinary)(...args);
    };
  }
  return made;
}

const on = (event, callback) => void handlers.set(event, [...(handlers.get(event) ?? []), callback]);

window.fakePaymentWidget = (...args) => {
  calls.push(JSON.stringify(["PaymentWidget", ...args]));
  if (behaviours.has("PaymentWidget")) return behaviours.get("PaymentWidget")(...args);
  return part("widget", {
    renderPaymentMethods: () => ({
      UPDATE_REASON: { COUPON: "the coupon word", POINT: "the point word" },
      ...part("methods", {
        on,
        updateAmount: () => undefined,
        getSelectedPaymentMethod: () => ({ type: "NORMAL", method: "카드" }),
      }),
    }),
    renderAgreement: () =>
      part("agreement", { on, getAgreementStatus: () => ({ agreedRequiredTerms: true, terms: [] }) }),
    requestPayment: async ({ orderId }) => ({ paymentType: "NORMAL", paymentKey: "tgen_1", orderId, amount: 45000 }),
  });
};

/** The calls so far, each as a JSON array of name and arguments; forgets them. */
export function takeCalls() {
  return calls.splice(0).join("\n");
}

/** Calls whatever was registered for the event; answers what that threw into the page, or nothing. */
export function fire(event, ...args) {
  try {
    for (const callback of handlers.get(event) ?? []) callback(...args);
    return undefined;
  } catch (thrown) {
    return String(thrown);
  }
}

/** What reached the page without being caught. */
export function takeUncaught() {
  return uncaught.splice(0).join("\n");
}

export function evaluate(expression) {
  return new Function(`return (${expression})`)();
}

/** Watches script tags being added; `swallow` leaves them out of the page, so that they never load. */
export function watchAppends(swallow) {
  document.head.appendChild = (node) => {
    appended.push(node);
    return swallow ? node : Node.prototype.appendChild.call(document.head, node);
  };
}

export function appendedCount() {
  return appended.length;
}

export function lastAppended() {
  return appended.at(-1).outerHTML;
}

/** A tag as the HTML brings it along, which neither loads nor fails before the test says so. */
export function plantTag(src, readyState) {
  Object.defineProperty(document, "readyState", { configurable: true, get: () => readyState });
  const tag = document.createElement("script");
  tag.type = "text/plain";
  tag.src = src;
  Node.prototype.appendChild.call(document.body, tag);
}

export function tagCount(src) {
  return [...document.scripts].filter((tag) => tag.src === src).length;
}

export function dispatchToTag(src, type) {
  [...document.scripts].find((tag) => tag.src === src).dispatchEvent(new Event(type));
}

export function dispatchPageLoad() {
  window.dispatchEvent(new Event("load"));
}

/** An element whose id is the global's name, which the browser then offers under that name. */
export function plantNamesake() {
  const element = document.createElement("div");
  element.id = "PaymentWidget";
  document.body.append(element);
}
