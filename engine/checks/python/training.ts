/** What Python's training loops say: which loss a gradient is taken of, and what is data. */
import { type Node, none, unwrap } from '../../recognise/python/syntax.ts';
import type { PythonProgram } from './program.ts';

/** The calls whose value alone, under a name or not, is what `backward()` is called on. */
export function trainedCalls(program: PythonProgram): Set<Node> {
  const { syntax } = program;
  const subjects = program.methodCalls('backward').map((backward) => {
    const subject = unwrap(syntax, syntax.first[syntax.first[backward]!]!);
    return unwrap(syntax, program.assigned(subject) ?? subject);
  });
  return new Set(subjects);
}

/** Whether an expression is data: what a loop over batches yields, a parameter, or numbers; nothing that a model gave. */
export function isData(program: PythonProgram, node: Node): boolean {
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
function isLoopTarget(program: PythonProgram, word: Node): boolean {
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

/** The name that a value goes by, without the methods that move or cast it. */
export function lastName(program: PythonProgram, node: Node): string {
  const { syntax } = program;
  let inner = unwrap(syntax, node);
  while (syntax.name(inner) === 'CallExpression') {
    const callee = syntax.first[inner]!;
    const method = syntax.property(callee);
    if (method === none || !/^(to|cuda|cpu|float|long|view|squeeze|detach)$/.test(syntax.source(method)))
      return '';
    inner = unwrap(syntax, syntax.first[callee]!);
  }
  return syntax.name(inner) === 'VariableName' ? syntax.source(inner) : '';
}

/** Of a lambda, or of a function whose name is read elsewhere than where it is called. */
export function isHandedIn(program: PythonProgram, expression: Node): boolean {
  const { syntax, values } = program;
  const source = values.assignment(unwrap(syntax, expression))?.source;
  if (source?.kind !== 'parameter') return false;
  const word = syntax.child(source.of, 'VariableName');
  if (syntax.name(source.of) !== 'FunctionDefinition') return true;
  for (let node = 0; node < syntax.size; node++) {
    if (node === word || syntax.name(node) !== 'VariableName' || syntax.source(node) !== syntax.source(word))
      continue;
    const parent = syntax.parent[node]!;
    if (syntax.name(parent) !== 'CallExpression' || syntax.first[parent] !== node) return true;
  }
  return false;
}
