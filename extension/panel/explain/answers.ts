import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import { ElementExplainer, explainValue, findTrouble, otherRules } from '../../../engine/explain/index.ts';
import type { Session } from '../../../engine/presentation/session.ts';
import { fromWire } from '../../../engine/presentation/wire.ts';
import type { Handlers } from '../answer.ts';
import type { WireParameters } from '../protocol.ts';
import type { Shown } from '../shown.ts';
import type { ExplainExchanges } from './protocol.ts';

/** Of each session, as long as there is one. */
const explainers = new WeakMap<Session, ElementExplainer>();

function explainerOf(session: Session): ElementExplainer {
  const explainer = explainers.get(session) ?? new ElementExplainer();
  explainers.set(session, explainer);
  return explainer;
}

export function explainAnswers({ session }: Pick<Shown, 'session'>): Handlers<ExplainExchanges> {
  const requestWith = async (parameters: WireParameters): Promise<EvaluateRequest> =>
    (await session()).requestWith(fromWire(parameters));
  return {
    explainValue: async ({ parameters }) => explainValue(await requestWith(parameters)),
    explainElement: async ({ parameters, row }) => {
      const own = await session();
      return explainerOf(own).explain(own.requestWith(fromWire(parameters)), row);
    },
    findTrouble: async ({ parameters }) => ({ troubles: await findTrouble(await requestWith(parameters)) }),
    otherRules: async ({ parameters }) => ({ ruled: await otherRules(await requestWith(parameters)) }),
  };
}
