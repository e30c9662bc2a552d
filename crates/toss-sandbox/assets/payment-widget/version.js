// @ts-check
/**
 * The offline counterpart of Toss Payments' SDK v1 for the payment widget: `window.PaymentWidget`.
 *
 * The server joins this folder and `sdk`, which both versions share, inside one function. Surface, argument rules and
 * error codes follow the published types and documentation of SDK v1; what they leave open says "assumed".
 */

/** How this version of the SDK names what both versions have. */
const DIALECT = {
  invalid: 'INVALID_PARAMETER', unknown: 'UNKNOWN_ERROR',
  /** Only SDK v2 has `null` for "not given" (published types). */
  nullIsAbsent: false,
};
