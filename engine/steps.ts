/** Long work that whoever drives it may leave for a while, and forget: a step takes far less than a millisecond as a rule. */
export type Steps<R = void> = Generator<undefined, R, undefined>;

/** All of it at once. */
export function finish<R>(steps: Steps<R>): R {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
