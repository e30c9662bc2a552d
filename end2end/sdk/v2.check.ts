// The sandbox's script of SDK v2 against the types that Toss publishes: compiled, never run.
import type { TossPaymentsBrandpay, TossPaymentsPayment, TossPaymentsSDK, TossPaymentsWidgets } from '@tosspayments/tosspayments-sdk';

/** Fails to compile unless both have the same members. */
type SameMembers<A, B> = [Exclude<keyof A, keyof B>, Exclude<keyof B, keyof A>] extends [never, never] ? true : never;
type Rendered<K extends 'renderPaymentMethods' | 'renderAgreement' | 'renderPaymentWindow', W extends Record<K, (...a: never[]) => unknown>> = Awaited<ReturnType<W[K]>>;
type Widgets = ReturnType<typeof widgetsOf>;

export const offered: (clientKey: string) => TossPaymentsSDK = TossPayments;
export const anonymous: '@@ANONYMOUS' = TossPayments.ANONYMOUS;
export const members: [
  SameMembers<TossPaymentsWidgets, Widgets>,
  SameMembers<TossPaymentsPayment, ReturnType<typeof paymentOf>>,
  SameMembers<TossPaymentsBrandpay, ReturnType<typeof brandpayOf>>,
  SameMembers<Rendered<'renderPaymentMethods', TossPaymentsWidgets>, Rendered<'renderPaymentMethods', Widgets>>,
  SameMembers<Rendered<'renderAgreement', TossPaymentsWidgets>, Rendered<'renderAgreement', Widgets>>,
  SameMembers<Rendered<'renderPaymentWindow', TossPaymentsWidgets>, Rendered<'renderPaymentWindow', Widgets>>,
] = [true, true, true, true, true, true];

// One function of the types has two results, so that the sandbox's promises `any`: what they hold is compared here. The
// first of the two is the one with a result.
type FirstResult<F> = F extends { (...a: never[]): Promise<infer R>; (...a: never[]): Promise<void> } ? R : never;
export const results: [
  (told: WindowResult) => FirstResult<TossPaymentsWidgets['requestPayment']>,
  (told: WindowResult) => FirstResult<TossPaymentsBrandpay['requestPayment']>,
] = [widgetResultOf, (told) => ({ ...resultOf(told), amount: { value: told.amount, currency: 'KRW' } })];
