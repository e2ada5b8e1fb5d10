/** --role all: one process that holds the component streams and runs the accounts. */

import { inTime } from '../accounts/in-time.ts';
import { createWire } from '../delivery/wire.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import { gatewayTaken } from '../ops/remedies.ts';
import { createJournalStore } from '../storage/redis/journal.ts';
import { loadBridges } from './bridges.ts';
import { createDeadLetterCount } from './dead-letters.ts';
import { type Domain, openDomain, type Shared } from './domain.ts';
import { journalDepth } from './domain-metrics.ts';
import { createLoginFront, createOwnPages, loginsBase } from './login-pages.ts';
import type { MediaKeeper } from './media/keeper.ts';
import { openMedia } from './media/open.ts';
import { openOperating } from './operating.ts';
import { goodbye, type RoleParts, type RunningRole, tooLarge } from './role.ts';
import { openShared } from './shared.ts';
import { startStreams } from './starting.ts';
import { createStream } from './stream.ts';
import { createWayOut } from './way-out.ts';

/** How long the server has to answer for what was sent last. */
const lastAnswerMs = 3_000;
/** How long the end may take where another process has what was ours. */
const giveUpWithinMs = 8_000;

/** Resolves when the first domain is up and its accounts have begun; rejects with a Remedy where the server refused us. */
export async function runAll(parts: RoleParts): Promise<RunningRole> {
  const { config, stores, clock, log, signal } = parts;
  const byName = new Map<string, Domain>();
  let media: MediaKeeper | undefined;
  const base = loginsBase(config.http);
  const loginPages = base && createOwnPages({ base, clock, log });
  const { shared, jobs, close } = await openShared({
    ...parts,
    loginPages,
    async order(account, order) {
      await byName.get(parseAccountId(account)?.domain ?? '')?.runner.obey(account, order);
    },
    onMedia: () => media?.poke(),
    onWake(account, chat) {
      byName.get(parseAccountId(account)?.domain ?? '')?.runner.poke(account, chat);
    },
  });
  const journal = createJournalStore(stores.link);
  const letters = createDeadLetterCount(shared.outboxStore, clock, log);
  const opened = (await loadBridges(config)).map(({ entry, bridge }) => openOne(entry, bridge, shared));

  function openOne(entry: Parameters<typeof openDomain>[0], bridge: Parameters<typeof openDomain>[1], on: Shared) {
    const metrics = parts.metrics.of(entry.domain, entry.use);
    const component = createStream(entry, {
      ...parts,
      metrics,
      onStanza: (stanza) => domain.dispatch(stanza),
      onOversized: (stanza) => out.send(domain.decoder.refuse(stanza, tooLarge())),
      onUp() {
        domain.servers.begun();
        wire.resume();
        domain.runner.begin();
      },
      onDown(isFault) {
        wire.pause(isFault);
        domain.servers.lost();
      },
    });
    const wire = createWire({
      pipe: component,
      journal,
      domain: entry.domain,
      stream: `${entry.domain}/${stores.workers.self}`,
      clock,
      log,
      onBarrier: (ms) => metrics.barrier.observe(ms / 1_000),
    });
    metrics.queue('journal', () => journalDepth(wire.held(), clock));
    metrics.deadLetters(() => (component.up ? letters.of(entry.domain) : 0));
    const out = createWayOut(entry.domain, wire, metrics.stanzas('out'), log, clock);
    const domain = openDomain(entry, bridge, on, out);
    byName.set(entry.domain, domain);
    return { domain, component, wire };
  }

  for (const { wire, domain } of opened) {
    const left = await wire.recover(() => true);
    if (left > 0)
      log.info({ domain: domain.name, left }, 'what the server had not answered for before the restart is sent again');
  }
  const starting = async (): Promise<void> => {
    await Promise.all(opened.map(({ domain }) => domain.runner.restore(() => !signal.aborted)));
    const streams = opened.map(({ domain, component }) => ({ domain: domain.name, component }));
    await startStreams(streams, config, clock, log, signal);
  };
  const operating = openOperating(parts, {
    *accounts() {
      for (const { name, runner } of byName.values()) for (const one of runner.all()) yield [name, one];
    },
    ...{ jobs, outboxStore: shared.outboxStore },
    wake: (account, chat) => shared.wake(account, chat, 0),
  });
  media = openMedia(parts, (domain) => byName.get(domain)?.network.filesAt);
  const stop: RunningRole['stop'] = async (how) => {
    loginPages?.close();
    operating.close();
    await media?.close();
    await Promise.all(opened.map(({ domain }) => domain.stop(how, goodbye[how])));
    await Promise.all(opened.map(({ wire }) => wire.settled(lastAnswerMs)));
    for (const { wire } of opened) wire.close();
    await Promise.all(opened.map(({ component }) => component.stop()));
    await close();
  };
  /** Whatever does not answer: who stood still for so long may have lost more than the accounts. */
  async function giveUp(): Promise<void> {
    const stopped = stop('keep').catch((error: unknown) => log.error({ error }, 'the gateway could not be stopped'));
    await inTime(stopped, giveUpWithinMs, clock);
    parts.fail(gatewayTaken());
  }
  stores.workers.onTaken(() => void giveUp());
  parts.serve({
    loginPages: loginPages && createLoginFront({ own: loginPages, clock }),
    ...{ media, operatorPage: operating.page },
  });
  try {
    await starting();
  } catch (error) {
    await stop('keep');
    throw error;
  }
  return { stop };
}
