/** What training code says: which loss a gradient is taken of, and what is data. */
import { constant } from '../../recognise/script/literals.ts';
import { argumentsOf, type Node, none, wrapped } from '../../recognise/script/syntax.ts';
import type { ScriptProgram } from './program.ts';

const differentiating = /^tf\.(variableGrads|grad|grads|valueAndGrad|valueAndGrads)$/;
const deepest = 20;
/** Methods of a value whose gradient is that of the value. */
const passing = /^(mean|sum|asScalar|mul|div)$/;
const targets = /^(y|ys|labels?|targets?|y_?(true|train|batch)|one_?hot\w*)$/i;

/** The calls whose value is what `minimize`, `tf.variableGrads` or `tf.grad` differentiates. */
export function trainedCalls(program: ScriptProgram): Set<Node> {
  const { syntax } = program;
  const found = new Set<Node>();
  const functions: Node[] = [];
  for (const name of ['minimize', 'variableGrads', 'grad', 'grads', 'valueAndGrad', 'valueAndGrads']) {
    for (const call of program.methodCalls(name)) {
      const callee = program.unwrap(syntax.first[call]!);
      const takes = name === 'minimize' ? syntax.property(callee) !== none : undefined;
      if (!(takes ?? differentiating.test(program.path(callee) ?? ''))) continue;
      const given = program.function(argumentsOf(syntax, call)[0]?.value ?? none);
      if (given !== undefined) functions.push(given);
    }
  }
  for (const definition of functions) {
    const returns = program.returns(definition);
    if (returns.length === 1) found.add(valueIn(program, returns[0]!));
  }
  return found;
}

function valueIn(program: ScriptProgram, returned: Node): Node {
  const { syntax } = program;
  let node = program.unwrap(returned);
  for (let step = 0; step < deepest; step++) {
    if (syntax.name(node) === 'VariableName') {
      const assigned = program.assigned(node);
      if (assigned === undefined) return node;
      node = program.unwrap(assigned);
      continue;
    }
    if (syntax.name(node) !== 'CallExpression') return node;
    const callee = program.unwrap(syntax.first[node]!);
    const given = argumentsOf(syntax, node);
    if (program.path(callee) === 'tf.tidy') {
      const body = program.function(given.at(-1)?.value ?? none);
      const returns = body === undefined ? [] : program.returns(body);
      if (returns.length !== 1) return node;
      node = program.unwrap(returns[0]!);
      continue;
    }
    const name = syntax.word(syntax.property(callee));
    const numbers = given.every(({ value }) => typeof constant(program.values, value) === 'number');
    if (name === undefined || !passing.test(name) || !numbers || program.path(callee) !== undefined)
      return node;
    node = program.unwrap(syntax.first[callee]!);
  }
  return node;
}

/** Numbers that are written out or made into a tensor, and what is called the labels. */
export function isData(program: ScriptProgram, expression: Node, depth = 0): boolean {
  const { syntax } = program;
  const node = program.unwrap(expression);
  if (targets.test(lastName(program, node))) return true;
  if (/^(Number|ArrayExpression|NewExpression)$/.test(syntax.name(node))) return true;
  const assigned = program.assigned(node);
  if (assigned !== undefined) return depth < deepest && isData(program, assigned, depth + 1);
  if (syntax.name(node) !== 'CallExpression') return false;
  return /^tf\.(tensor[1-6]?d?|scalar|oneHot|zeros|ones|fill)$/.test(program.path(syntax.first[node]!) ?? '');
}

export function lastName(program: ScriptProgram, expression: Node): string {
  const { syntax } = program;
  let node = program.unwrap(expression);
  while (syntax.name(node) === 'CallExpression') {
    const callee = program.unwrap(syntax.first[node]!);
    const method = syntax.word(syntax.property(callee)) ?? '';
    if (!/^(toFloat|toInt|cast|asType|clone|flatten|squeeze|as[12]D|reshape)$/.test(method)) return '';
    if (program.path(callee) !== undefined) return '';
    node = program.unwrap(syntax.first[callee]!);
  }
  const property = syntax.property(node);
  if (property !== none) return syntax.word(property) ?? '';
  return syntax.name(node) === 'VariableName' ? syntax.source(node) : '';
}

/** Of a function without a name, or with one that is read elsewhere than where it is called. */
export function isHandedIn(program: ScriptProgram, expression: Node): boolean {
  const { syntax, scopes, values } = program;
  const bound = values.assignment(program.unwrap(expression))?.word ?? none;
  const list = bound === none ? none : syntax.parent[bound]!;
  if (syntax.name(list) !== 'ParamList') return false;
  const definition = syntax.parent[list]!;
  if (syntax.name(definition) === 'MethodDeclaration') return false;
  const siblings = syntax.children(syntax.parent[definition]!);
  const word =
    syntax.name(definition) === 'FunctionDeclaration'
      ? syntax.child(definition, 'VariableDefinition')
      : (siblings[siblings.indexOf(definition) - 2] ?? none);
  if (syntax.name(word) !== 'VariableDefinition') return true;
  for (let node = 0; node < syntax.size; node++) {
    if (syntax.source(node) !== syntax.source(word) || scopes.notRead.has(node)) continue;
    if (!/^(VariableName|PropertyDefinition)$/.test(syntax.name(node))) continue;
    const callee = wrapped(syntax, node);
    const parent = syntax.parent[callee]!;
    const isKey = syntax.name(parent) === 'Property' && syntax.children(parent).length > 1;
    if (isKey && syntax.name(node) === 'PropertyDefinition') continue;
    if (syntax.name(parent) !== 'CallExpression' || syntax.first[parent] !== callee) return true;
  }
  return false;
}
