/** Mocha as it is built for browsers, which is a script. */
import '../../../node_modules/mocha/mocha.js';

export default (globalThis as unknown as { readonly Mocha: typeof import('mocha') }).Mocha;
