// @ts-check
/**
 * The offline counterpart of Toss Payments' SDK v2: `window.TossPayments`.
 *
 * The server joins this folder and `sdk`, which both versions share, inside one function. Surface, argument rules and
 * error codes follow the published types and documentation of SDK v2; what they leave open says "assumed".
 */

/** How this version of the SDK names what both versions have. */
const DIALECT = {
  invalid: 'INVALID_PARAMETERS', unknown: 'UNKNOWN',
  /** The published types take `null` for "not given". */
  nullIsAbsent: true,
};
