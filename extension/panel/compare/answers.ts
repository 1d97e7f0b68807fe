import type { Parameters } from '../../../engine/evaluation.ts';
import { comparable, compare, mostCompared } from '../../../engine/explain/index.ts';
import * as engine from '../../../engine/index.ts';
import { controlsOf, subjectOf } from '../../../engine/presentation/subject.ts';
import { fromWire, toWire } from '../../../engine/presentation/wire.ts';
import { titleOf } from '../../catalogue.ts';
import { frameworkNames } from '../../frameworks.ts';
import type { Handlers } from '../answer.ts';
import type { WireParameters } from '../protocol.ts';
import type { Shown } from '../shown.ts';
import { writtenOut } from '../written.ts';
import type { ComparedView, CompareExchanges } from './protocol.ts';

export function compareAnswers({ session }: Pick<Shown, 'session'>): Handlers<CompareExchanges> {
  return {
    comparable: async ({ parameters }) => {
      const request = (await session()).requestWith(fromWire(parameters));
      return {
        most: mostCompared,
        comparable: comparable(request).map((each) => ({
          ...each,
          label: each.framework ? `${each.name} (${frameworkNames[each.framework]})` : titleOf(each.name),
        })),
      };
    },
    comparedControls: async ({ loss }) => ({
      controls: controlsOf(subjectOf(engine, loss).parameters, {}),
    }),
    compare: async ({ parameters, others }) => {
      const request = (await session()).requestWith(fromWire(parameters));
      const compared = await compare(
        request,
        others.map((other) => ({ loss: other.loss, parameters: fromWire(other.parameters) })),
      );
      const views = compared.map(
        async ({ parameters: own, ...rest }): Promise<ComparedView> => ({
          ...rest,
          written: await writtenOut(rest.loss, toWireAll(own)),
        }),
      );
      return { compared: await Promise.all(views) };
    },
  };
}

const toWireAll = (parameters: Parameters): WireParameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, toWire(value)]));
