import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import { explainElement, explainValue, findTrouble, otherRules } from '../../../engine/explain/index.ts';
import { fromWire } from '../../../engine/presentation/wire.ts';
import type { Handlers } from '../answer.ts';
import type { WireParameters } from '../protocol.ts';
import type { Shown } from '../shown.ts';
import type { ExplainExchanges } from './protocol.ts';

export function explainAnswers({ session }: Pick<Shown, 'session'>): Handlers<ExplainExchanges> {
  const requestWith = async (parameters: WireParameters): Promise<EvaluateRequest> =>
    (await session()).requestWith(fromWire(parameters));
  return {
    explainValue: async ({ parameters }) => explainValue(await requestWith(parameters)),
    explainElement: async ({ parameters, row }) => explainElement(await requestWith(parameters), row),
    findTrouble: async ({ parameters }) => ({ troubles: await findTrouble(await requestWith(parameters)) }),
    otherRules: async ({ parameters }) => ({ ruled: await otherRules(await requestWith(parameters)) }),
  };
}
