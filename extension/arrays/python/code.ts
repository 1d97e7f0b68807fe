/** Python that is sent to a process of the user's. It runs in a namespace of its own and leaves no name behind. */
import values from './values.py';

/**
 * A statement that runs `program` behind `values.py`, with these strings as its variables. It has no value, so that
 * a kernel's `_` stays what it is.
 */
export function statement(program: string, variables: Readonly<Record<string, string>>): string {
  return `${builtin}exec(${literal(boot)}, ${scope(program, variables)})`;
}

/**
 * An expression of the same for a frame of a debugger. Its value is what `program` calls `answer`.
 * @param names  an expression of a dictionary, evaluated in the frame: what the program sees as `names`
 */
export function expression(
  program: string,
  variables: Readonly<Record<string, string>>,
  names: string,
): string {
  const given = `${scope(program, variables).slice(0, -1)}, "names": ${names}}`;
  return `(lambda scope: (${builtin}exec(${literal(boot)}, scope), scope["answer"])[1])(${given})`;
}

/** All that the frame can see. */
export const visible = '{**__import__("builtins").globals(), **__import__("builtins").locals()}';

/** A notebook may have a `compile` or an `exec` of its own. */
const builtin = '__import__("builtins").';

/** Each part is compiled by itself: its imports from the future come first there. */
const boot = 'for part in parts: exec(part, globals())';

function scope(program: string, variables: Readonly<Record<string, string>>): string {
  const given = Object.entries(variables).map(([name, value]) => `${literal(name)}: ${literal(value)}`);
  return `{"__name__": "loss_lens", "parts": [${literal(values)}, ${literal(program)}], ${given.join(', ')}}`;
}

/** What JSON writes is a Python string too. */
const literal = (text: string): string => JSON.stringify(text);
