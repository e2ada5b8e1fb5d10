/** Whether the network takes a login: connected once, and off again. Nothing that it tells meanwhile is heard. */
import type { Account, Clock, Network, SessionHost } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';

const withinMs = 60_000;
const goodbye = 'It was only to see whether the login works';
const deaf: SessionHost = { emit: () => undefined, checkpoint: async () => {} };

/** Rejects with the GatewayError of the network; also where it does not answer within a minute. */
export async function tryLogin(
  network: Pick<Network, 'connect'>,
  account: Account,
  clock: Pick<Clock, 'after'>,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const stop = clock.after(withinMs, () =>
    ended.abort(new GatewayError('no-connection', { text: 'The network did not answer in time' })),
  );
  const both = AbortSignal.any([signal, ended.signal]);
  const aborted = new Promise<never>((_, reject) =>
    both.addEventListener('abort', () => reject(both.reason), { once: true }),
  );
  aborted.catch(() => undefined);
  try {
    both.throwIfAborted();
    const connecting = network.connect({ ...account, isTrial: true }, deaf, both);
    connecting.catch(() => undefined);
    const session = await Promise.race([connecting, aborted]);
    await Promise.race([session.end(goodbye), aborted]);
  } finally {
    stop();
    ended.abort(new Error(goodbye));
  }
}
