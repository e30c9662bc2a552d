// A stand-in for the scripts of v1 and v2, as obedient or as hostile as a test wants it. Written for these tests alone.

let calls, handlers, behaviours, appended, drawn, refused;
// Never reset: a rejection shows up after the test that caused it, and fails the next one.
const uncaught = [];

window.addEventListener("error", (event) => uncaught.push(`error: ${event.message}`));
window.addEventListener("unhandledrejection", (event) => uncaught.push(`rejection: ${event.reason}`));

/** A page as new: no global, no tags of ours, nothing remembered. */
export function reset() {
  [calls, handlers, behaviours, appended] = [[], new Map(), new Map(), []];
  [drawn, refused] = [new Set(), 0];
  delete window.PaymentWidget;
  delete window.TossPayments;
  delete document.readyState;
  delete document.head.appendChild;
  for (const leftover of document.querySelectorAll("script[src^='blob:'], #PaymentWidget")) leftover.remove();
}

/** The address of a script that defines the global, or of one that does not. */
export function script(source) {
  const good = { good: "window.PaymentWidget = window.fakePaymentWidget", "good v2": "window.TossPayments = window.fakeTossPayments" };
  const text = good[source] ?? source;
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
  window.TossPayments = window.fakeTossPayments;
}

/** Makes a member do something else: `body` sees the call's arguments as `args`. */
export function behave(member, body) {
  behaviours.set(member, new Function("...args", body));
}

/** Makes a member do again what it does ordinarily. */
export function forget(member) {
  behaviours.delete(member);
}

function part(name, members) {
  const made = {};
  for (const [member, ordinary] of Object.entries(members)) {
    made[member] = (...args) => {
      calls.push(JSON.stringify([`${name}.${member}`, ...args.map((arg) => (typeof arg === "function" ? "fn" : arg))]));
      return (behaviours.get(`${name}.${member}`) ?? behaviours.get(member) ?? ordinary)(...args);
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

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Draws what SDK v2 draws: one of a kind at a time, and neither coming nor going is at once. */
async function draw(kind, members) {
  if (drawn.has(kind)) {
    refused += 1;
    throw Object.assign(new Error("already there"), { code: `${kind}_ALREADY_RENDERED` });
  }
  drawn.add(kind);
  await turn();
  return part(kind, {
    on,
    destroy: async () => {
      await turn();
      drawn.delete(kind);
    },
    ...members,
  });
}

window.fakeTossPayments = (...args) => {
  calls.push(JSON.stringify(["TossPayments", ...args]));
  if (behaviours.has("TossPayments")) return behaviours.get("TossPayments")(...args);
  let amount;
  const result = async (request) => ({
    paymentType: "NORMAL", paymentKey: "tgen_2", orderId: request.orderId, amount: request.amount ?? amount,
  });
  return part("toss", {
    widgets: () =>
      part("widgets", {
        setAmount: async (given) => void (amount = given),
        renderPaymentMethods: () =>
          draw("PAYMENT_METHODS_WIDGET", { getSelectedPaymentMethod: async () => ({ code: "CARD" }) }),
        renderAgreement: () => draw("AGREEMENT_WIDGET", {}),
        renderPaymentWindow: () => draw("PAYMENT_WINDOW", {}),
        requestPayment: result,
        requestPaymentWindow: result,
      }),
    payment: () => part("payment", { requestPayment: result, requestBillingAuth: async () => {}, destroy: async () => {} }),
    brandpay: () =>
      part("brandpay", {
        requestPayment: result,
        addPaymentMethod: async () => {},
        changePassword: async () => {},
        openSettings: async () => {},
        changeOneTouchPay: async () => {},
        isOneTouchPayEnabled: async () => ({ isEnabled: true }),
        requestBillingAuth: async () => {},
      }),
  });
};

/** What SDK v2 has drawn. */
export function drawnNow() {
  return [...drawn].sort().join(" ");
}

/** How often a second widget was refused because the first was there. */
export function refusedCount() {
  return refused;
}

/** Lets the page do what it has to, and asks again. */
export function nextTurn() {
  return turn();
}

/** Puts the places of a checkout into the page. */
export function plantPlaces() {
  document.querySelectorAll("#methods, #agreement").forEach((old) => old.remove());
  for (const id of ["methods", "agreement"]) document.body.append(Object.assign(document.createElement("div"), { id }));
}

/** Puts the body of a whole page into this one, in place of what was planted before. */
export function plantPage(html) {
  document.querySelectorAll("#planted, #methods, #agreement").forEach((old) => old.remove());
  const planted = Object.assign(document.createElement("div"), { id: "planted" });
  planted.append(...new DOMParser().parseFromString(html, "text/html").body.children);
  document.body.append(planted);
}

/** Calls what was registered for the event, waits for what it answers, and tells so. */
export async function fireAndWait(event, argument) {
  for (const callback of handlers.get(event) ?? []) {
    const answer = callback(argument);
    if (!(answer instanceof Promise)) return "no promise";
    await answer;
  }
  return "resolved";
}

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
