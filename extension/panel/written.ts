import * as engine from '../../engine/index.ts';
import { short } from '../../engine/presentation/numbers.ts';
import { controlsOf, subjectOf } from '../../engine/presentation/subject.ts';
import type { WireParameters, WireValue } from './protocol.ts';

/** `delta=0.5, reduction='sum'`: what is not at its default. */
export async function writtenOut(loss: string, parameters: WireParameters): Promise<string> {
  const { parameters: infos } = subjectOf(engine, loss);
  return controlsOf(infos, {})
    .filter(({ name, default: standard }) => {
      const value = parameters[name];
      return value !== undefined && text(value) !== text(standard);
    })
    .map(({ name }) => `${name}=${text(parameters[name]!)}`)
    .join(', ');
}

function text(value: WireValue): string {
  if (value instanceof Float64Array) return short(value[0]!, 'float64');
  if (typeof value === 'string') return `'${value}'`;
  return value === null ? 'None' : value ? 'True' : 'False';
}
