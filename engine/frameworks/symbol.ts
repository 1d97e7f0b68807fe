/** How a framework's symbols are declared: arguments once, in the framework's own order. */
import type { ArgumentInfo, Framework, InputInfo, ParameterInfo, VersionFact } from '../catalogue.ts';
import type { FrameworkSymbol } from '../definition.ts';
import type { ParameterValue } from '../evaluation.ts';

/** An argument that holds an array. `required` ones have no default. */
export const inputArgument = (input: InputInfo): { argument: ArgumentInfo; input: InputInfo } => ({
  argument: input.optional
    ? { name: input.name, kind: 'input', default: 'None' }
    : { name: input.name, kind: 'input' },
  input,
});

export const parameterArgument = (
  parameter: ParameterInfo,
): { argument: ArgumentInfo; parameter: ParameterInfo } => ({
  argument: { name: parameter.name, kind: 'parameter', default: python(parameter.default) },
  parameter,
});

/** Accepted, but changing no number that is shown here. */
export const ignoredArgument = (name: string, value: string): { argument: ArgumentInfo } => ({
  argument: { name, kind: 'ignored', default: value },
});

export type Argument = {
  readonly argument: ArgumentInfo;
  readonly input?: InputInfo;
  readonly parameter?: ParameterInfo;
};

/** A value as Python writes it. */
export function python(value: ParameterValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  return String(value);
}

/** A number whose default Python writes with a point. */
export const withDefault = (argument: Argument, text: string): Argument => ({
  ...argument,
  argument: { ...argument.argument, default: text },
});

export interface Declaration {
  readonly name: string;
  readonly paths: readonly string[];
  readonly framework: Framework;
  readonly loss: string;
  /** For a class. */
  readonly constructor_?: readonly Argument[];
  readonly call: readonly Argument[];
  /** Parameters that are no arguments: what the library takes from its surroundings. */
  readonly settings?: readonly ParameterInfo[];
  readonly caveats: readonly string[];
  readonly versions?: readonly VersionFact[];
  readonly program: FrameworkSymbol['program'];
  readonly curve: FrameworkSymbol['curve'];
}

export function declare(declaration: Declaration): FrameworkSymbol {
  const { constructor_, call, settings = [], ...rest } = declaration;
  const every = [...(constructor_ ?? []), ...call];
  return {
    ...rest,
    kind: constructor_ ? 'class' : 'function',
    ...(constructor_ && { constructorArguments: constructor_.map(({ argument }) => argument) }),
    callArguments: call.map(({ argument }) => argument),
    // The arrays of the call come first: they are what is asked for.
    inputs: [...call, ...(constructor_ ?? [])].flatMap(({ input }) => (input ? [input] : [])),
    parameters: [...every.flatMap(({ parameter }) => (parameter ? [parameter] : [])), ...settings],
  };
}
