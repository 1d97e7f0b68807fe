/** Models as they are compiled and fitted. */
import type { ReadCall } from '../../recognise/script/calls.ts';
import { argumentsOf, type Node, none } from '../../recognise/script/syntax.ts';
import type { Compiled } from '../program.ts';
import type { ScriptProgram } from './program.ts';

export interface Compilation extends Compiled<ReadCall> {
  readonly model: Node;
  /** The expression of the loss; of a variable, what it surely holds. */
  readonly loss: Node;
}

/** What a model is surely compiled with, whether it is a loss or not. */
export interface CompiledWith {
  readonly call: Node;
  readonly model: Node;
  /** As `compile` is given it. */
  readonly passed: Node;
  /** The same; of a variable, what it surely holds. */
  readonly loss: Node;
  readonly optimizer: Node;
}

export function compiledWith(program: ScriptProgram): CompiledWith[] {
  const { syntax } = program;
  return program.methodCalls('compile').flatMap((call) => {
    const callee = program.unwrap(syntax.first[call]!);
    const settings = argumentsOf(syntax, call)[0]?.value ?? none;
    if (syntax.property(callee) === none || settings === none) return [];
    const passed = program.property(settings, 'loss') ?? none;
    const optimizer = program.property(settings, 'optimizer') ?? none;
    if (passed === none) return [];
    const loss = program.unwrap(program.assigned(passed) ?? passed);
    return [{ call, model: syntax.first[callee]!, passed, loss, optimizer }];
  });
}

export function readCompilations(program: ScriptProgram): Compilation[] {
  const losses = new Map(program.calls.map((call) => [call.named.expression, call]));
  return compiledWith(program).flatMap(({ model, passed, loss }) => {
    const call = losses.get(loss);
    return call ? [{ call, passed, loss, model, tensor: program.tensors.output(model) }] : [];
  });
}

/** The targets that `fit` gives this model. */
export function targetsOf(program: ScriptProgram, model: Node): Node[] {
  const { syntax } = program;
  return ['fit', 'trainOnBatch', 'evaluate'].flatMap((method) =>
    program.methodCalls(method).flatMap((call) => {
      const callee = program.unwrap(syntax.first[call]!);
      const targets = argumentsOf(syntax, call)[1];
      const same = syntax.property(callee) !== none && program.same(syntax.first[callee]!, model);
      return same && targets && !targets.spread ? [targets.value] : [];
    }),
  );
}
