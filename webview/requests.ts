/** The asking end of the protocol. */
import { t } from '@vscode/l10n';
import type {
  Answered,
  AnyExchanges,
  Asked,
  Changed,
  Exchanges,
  Failure,
  Method,
  Reply,
  ToHost,
} from '../extension/panel/protocol.ts';

/** A request that was answered with an error, or that nobody answered in time. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** By name, not by class: what evaluates on the GPU is a bundle of its own. */
export const isRequestError = (error: unknown): error is RequestError =>
  error instanceof Error && error.name === 'RequestError' && 'failure' in error;

interface Pending {
  resolve(answered: object): void;
  reject(error: RequestError): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Whoever these may be asked of. */
export interface Asking<E extends AnyExchanges<E>> {
  ask<M extends Method<E>>(method: M, asked: Asked<M, E>): Promise<Answered<M, E>>;
}

export class Requests<E extends AnyExchanges<E> = Exchanges> {
  readonly #post: (message: ToHost<E>) => void;
  readonly #timeout: number;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #closed = false;

  /** @param timeout milliseconds after which an unanswered request is given up. */
  constructor(post: (message: ToHost<E>) => void, timeout = 60_000) {
    this.#post = post;
    this.#timeout = timeout;
  }

  /**
   * Resolves with the host's answer, or rejects with a `RequestError`; never stays open.
   * @param timeout for what waits for the user, not for the host
   */
  ask<M extends Method<E>>(method: M, asked: Asked<M, E>, timeout = this.#timeout): Promise<Answered<M, E>> {
    if (this.#closed) return Promise.reject(closed());
    const id = this.#next++;
    return new Promise<Answered<M, E>>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(error('timeout', t`The extension did not answer within ${timeout / 1000} seconds.`));
      }, timeout);
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject, timer });
      try {
        this.#post({ kind: 'request', id, method, asked } as ToHost<E>);
      } catch (reason) {
        this.#settle(id)?.reject(error('internal', t`The request could not be sent: ${String(reason)}`));
      }
    });
  }

  /** Takes in a message; true when it was a reply that is waited for. */
  receive(message: unknown): boolean {
    if (!isReply(message)) return false;
    const pending = this.#settle(message.id);
    if (!pending) return false;
    if (message.ok) pending.resolve(message.answered);
    else pending.reject(new RequestError(message.error));
    return true;
  }

  /** Rejects all that is under way, and all that is asked from now on. */
  dispose(): void {
    this.#closed = true;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(closed());
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return undefined;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}

/** Whatever posts to the window reaches it: what is no reply of ours is left alone. */
function isReply(message: unknown): message is Reply {
  if (!isObject(message) || message['kind'] !== 'reply' || typeof message['id'] !== 'number') return false;
  if (message['ok'] === true) return isObject(message['answered']);
  const { error } = message;
  return (
    message['ok'] === false &&
    isObject(error) &&
    typeof error['code'] === 'string' &&
    typeof error['message'] === 'string' &&
    isObject(error['details'])
  );
}

export const isChanged = (message: unknown): message is Changed =>
  isObject(message) && message['kind'] === 'changed';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function error(code: Failure['code'], message: string): RequestError {
  return new RequestError({ code, message, details: {} });
}

function closed(): RequestError {
  return error('closed', t('The panel is closed.'));
}
