/** The answering end of the protocol: whatever is asked, exactly one reply goes back. */

import { t } from '@vscode/l10n';
import { RefusedError, toFailure } from '../../engine/presentation/wire.ts';
import { type Checks, wrongIn } from './asked.ts';
import type { Answered, AnyExchanges, Asked, Exchanges, Reply } from './protocol.ts';

/**
 * Typed arrays in one message. VS Code sends each beside the message and counts them in a byte; one more than that, and
 * the message is lost without a word (1.139, measured).
 */
const mostBuffers = 250;

export type Handlers<E extends AnyExchanges<E> = Exchanges> = {
  [M in keyof E]: (asked: Asked<M, E>) => Answered<M, E> | Promise<Answered<M, E>>;
};

/**
 * A listener for the webview's messages. A request that is not as `checks` has it, a handler that throws, a method that
 * nobody serves and a result that cannot be sent are answered with an error; what is no request at all is ignored.
 */
export function answering<E extends AnyExchanges<E> = Exchanges>(
  checks: NoInfer<Checks<E>>,
  handlers: NoInfer<Handlers<E>>,
  post: (reply: Reply) => unknown,
): (message: unknown) => Promise<void> {
  return async (message) => {
    if (!isRequest(message)) return;
    const { id, method, asked } = message;
    try {
      if (!Object.hasOwn(handlers, method)) throw new RefusedError(t`Nobody answers '${method}'.`);
      const wrong = wrongIn(checks[method as keyof E], asked);
      if (wrong !== undefined) throw new RefusedError(t`'${method}' is not asked like this: ${wrong}.`);
      const handler = handlers[method as keyof E] as (asked: unknown) => unknown;
      const answered = (await handler(asked)) as object;
      const buffers = buffersIn(answered);
      if (buffers > mostBuffers) throw new Error(`the answer to '${method}' holds ${buffers} arrays`);
      await post({ kind: 'reply', id, ok: true, answered });
    } catch (error) {
      await post({ kind: 'reply', id, ok: false, error: toFailure(error) });
    }
  };
}

function buffersIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + buffersIn(each), 0);
}

function isRequest(message: unknown): message is { id: number; method: string; asked: unknown } {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id, method } = message as Record<string, unknown>;
  return kind === 'request' && typeof id === 'number' && typeof method === 'string';
}
