/** How a symbol is declared that is recognised and explained, but not evaluated. */
import type { ArgumentInfo, ExplainedSymbol } from '../../catalogue.ts';

interface Declaration
  extends Omit<ExplainedSymbol, 'kind' | 'constructorArguments' | 'callArguments' | 'caveats'> {
  /** For a class: what its constructor takes, as Python writes it between the brackets. */
  readonly constructor_?: string;
  /** What the function, or the instance, is called with. */
  readonly call: string;
  readonly caveats?: readonly string[];
}

export function explain({ constructor_, call, caveats = [], ...rest }: Declaration): ExplainedSymbol {
  return {
    ...rest,
    caveats,
    kind: constructor_ === undefined ? 'function' : 'class',
    ...(constructor_ !== undefined && { constructorArguments: argumentsOf(constructor_, 'parameter') }),
    callArguments: argumentsOf(call, 'input'),
  };
}

/** `a, *, b=(1, 2)`; what has no default is of the kind `required`. */
function argumentsOf(signature: string, required: ArgumentInfo['kind']): ArgumentInfo[] {
  const parts = signature.match(/(?:[^,([]|\([^)]*\)|\[[^\]]*\])+/g) ?? [];
  const words = parts.map((part) => part.trim());
  const star = words.indexOf('*');
  return words
    .filter((word) => word !== '*')
    .map((word, i) => {
      const [, name, standard] = /^(\w+)(?:=(.+))?$/.exec(word)!;
      return {
        name: name!,
        kind: standard === undefined ? required : 'parameter',
        ...(standard !== undefined && { default: standard }),
        ...(star >= 0 && i >= star && { keywordOnly: true }),
      };
    });
}
