/** Starting the streams: a server that refuses us before any domain is up ends the program; once one is up, the others are retried and /readyz says so. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { Config } from '../ops/config/config.ts';
import type { Remedy } from '../ops/fatal.ts';
import { hostUnknown, notAuthorized, streamRefused } from '../ops/remedies.ts';
import { type Component, StreamRefused } from '../xmpp/stream/types.ts';

/** How long the other domains' first outcome is waited for when one was refused. */
const othersWithinMs = 5_000;

export interface NamedStream {
  readonly domain: string;
  readonly component: Component;
}

/** Resolves when the first domain is up. Rejects with the Remedy where the server refused, and no domain came up. */
export async function startStreams(
  streams: readonly NamedStream[],
  config: Config,
  clock: Clock,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const refused = Promise.withResolvers<Remedy>();
  /** What was refused is a warning where another domain is up; else it is how the program ends, and told then. */
  const goesOn = Promise.withResolvers<void>();
  const starts = streams.map(async ({ domain, component }) => {
    try {
      await component.start(signal);
    } catch (error) {
      if (!(error instanceof StreamRefused)) throw error;
      const { condition } = error;
      void goesOn.promise.then(() =>
        log.error({ domain, condition }, 'the XMPP server refused this domain; it is tried again, slowly'),
      );
      const remedy = remedyFor(error, domain, config);
      refused.resolve(remedy);
      throw remedy;
    }
  });
  const all = Promise.allSettled(starts);
  const up = Promise.any(starts).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error;
  });
  await Promise.race([up, refused.promise.then((remedy) => whenOthersHadTime(all, clock, remedy))]);
  goesOn.resolve();
}

/** Once one was refused, the others have a few seconds to come up. */
async function whenOthersHadTime(all: Promise<unknown>, clock: Clock, remedy: Remedy): Promise<never> {
  const over = new AbortController();
  await Promise.race([all, clock.sleep(othersWithinMs, over.signal).catch(() => undefined)]);
  over.abort();
  throw remedy;
}

function remedyFor({ condition, text }: StreamRefused, domain: string, { xmpp, file }: Config): Remedy {
  const place = { domain, host: xmpp.host, port: xmpp.port };
  switch (condition) {
    case 'host-unknown':
      return hostUnknown(place, file);
    case 'not-authorized':
      return notAuthorized(place, file);
    default:
      return streamRefused(place, condition, text);
  }
}
