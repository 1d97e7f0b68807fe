import { type Node, none, unwrap } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import type { Program } from './program.ts';
import { argument, range, shortName } from './reading.ts';

export const nonDifferentiable: Check = {
  code: 'non-differentiable',
  severity: 'warning',
  find: (program) => {
    const trained = trainedCalls(program);
    return program.calls.flatMap((call) => {
      const { symbol, alternatives } = call.named.reported;
      if (alternatives || !symbol.startsWith('torch.') || call.evaluates === none) return [];
      const prediction = call.named.value.info?.callArguments[0]?.name;
      if (prediction === undefined || !trained.has(call.evaluates)) return [];
      const passed = argument(call, prediction);
      if (passed === none) return [];
      const { stop } = program.tensors.of(passed);
      if (!stop) return [];
      // A gradient may be meant for the other argument: a target network's output is detached so.
      const others = [...call.arrays].filter(([name]) => name !== prediction);
      if (!others.every(([, node]) => isData(program, node))) return [];
      return [
        {
          ...range(program, passed),
          message: `No gradient passes through ${stop.how}, so backward() of this ${shortName(call)} does not reach the model.`,
          related: [{ ...range(program, stop.node), message: 'The gradient ends here.' }],
          fixes: [],
        },
      ];
    });
  },
};

/** The calls whose value alone, under a name or not, is what `backward()` is called on. */
function trainedCalls(program: Program): Set<Node> {
  const { syntax } = program;
  const subjects = program.methodCalls('backward').map((backward) => {
    const subject = unwrap(syntax, syntax.first[syntax.first[backward]!]!);
    return unwrap(syntax, program.assigned(subject) ?? subject);
  });
  return new Set(subjects);
}

/** Whether an expression is data: what a loop over batches yields, a parameter, or numbers; nothing that a model gave. */
function isData(program: Program, node: Node): boolean {
  const { syntax, values } = program;
  const inner = unwrap(syntax, node);
  switch (syntax.name(inner)) {
    case 'VariableName': {
      const source = values.assignment(inner)?.source;
      if (source?.kind !== 'expression') return isLoopTarget(program, inner);
      return isData(program, source.node);
    }
    case 'CallExpression': {
      // A method that moves or casts it.
      const callee = syntax.first[inner]!;
      const method = syntax.property(callee);
      if (method === none || program.path(callee) !== undefined) return false;
      return /^(to|cuda|cpu|float|long|view|reshape|squeeze|unsqueeze|detach)$/.test(syntax.source(method))
        ? isData(program, syntax.first[callee]!)
        : false;
    }
    default:
      return false;
  }
}

/** `for x, y in loader`, where the loader is no call of a model. */
function isLoopTarget(program: Program, word: Node): boolean {
  const { syntax, values } = program;
  const binding = values.assignment(word);
  if (!binding || binding.word === none) return false;
  for (let outer = syntax.parent[binding.word]!; outer !== none; outer = syntax.parent[outer]!) {
    const name = syntax.name(outer);
    if (name === 'ForStatement') return true;
    if (!/^(TupleExpression|ArrayExpression|ParenthesizedExpression)$/.test(name)) return false;
  }
  return false;
}
