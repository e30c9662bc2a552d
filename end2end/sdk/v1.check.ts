// The sandbox's script of SDK v1 against the types that Toss publishes: compiled, never run.
import type { PaymentWidgetConstructor } from '@tosspayments/payment-widget__types';

type Official = ReturnType<PaymentWidgetConstructor>;
type Offered = ReturnType<typeof PaymentWidget>;
/** Fails to compile unless both have the same members. */
type SameMembers<A, B> = [Exclude<keyof A, keyof B>, Exclude<keyof B, keyof A>] extends [never, never] ? true : never;

export const offered: PaymentWidgetConstructor = PaymentWidget;
export const members: [
  SameMembers<Official, Offered>,
  SameMembers<ReturnType<Official['renderPaymentMethods']>, ReturnType<Offered['renderPaymentMethods']>>,
  SameMembers<ReturnType<Official['renderAgreement']>, ReturnType<Offered['renderAgreement']>>,
] = [true, true, true];
