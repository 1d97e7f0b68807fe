/** As much of `node:assert/strict` as the suites use that run in a browser. */

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

type Message = string | undefined;

function assert(value: unknown, message?: Message): asserts value {
  if (!value) throw new AssertionError(message ?? `${shown(value)} does not hold`);
}

const shown = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'object' ? (JSON.stringify(value) ?? String(value)) : String(value);
};

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map || a instanceof Set) return isSame([...a], [...(b as typeof a)]);
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key as never], b[key as never]))
  );
}

export default Object.assign(assert, {
  ok: assert,
  equal(a: unknown, b: unknown, message?: Message) {
    assert(Object.is(a, b), message ?? `${shown(a)} is not ${shown(b)}`);
  },
  notEqual(a: unknown, b: unknown, message?: Message) {
    assert(!Object.is(a, b), message ?? `it is ${shown(b)}`);
  },
  deepEqual(a: unknown, b: unknown, message?: Message) {
    assert(isSame(a, b), message ?? `${shown(a)} is not ${shown(b)}`);
  },
  match(text: string, pattern: RegExp, message?: Message) {
    assert(pattern.test(text), message ?? `${shown(text)} does not match ${pattern}`);
  },
  doesNotMatch(text: string, pattern: RegExp, message?: Message) {
    assert(!pattern.test(text), message ?? `${shown(text)} matches ${pattern}`);
  },
  fail(message?: Message): never {
    throw new AssertionError(message ?? 'it failed');
  },
});
