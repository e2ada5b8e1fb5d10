/** --role edge: holds the component streams. Stanzas go to the worker of their account, what workers wrote goes to the server; no network connection lives here. */

import { inTime } from '../accounts/in-time.ts';
import type { Bridge } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import { createForwarding } from '../delivery/forwarding.ts';
import { createRelayTail } from '../delivery/relay-tail.ts';
import { createRelayWire } from '../delivery/relay-wire.ts';
import { iqAnswer } from '../gateway/client-iqs.ts';
import { createDecoder } from '../gateway/decode/create-decoder.ts';
import { createAllowsHost, createScope } from '../gateway/decode/scope.ts';
import { withLabels } from '../gateway/labels.ts';
import { overhears } from '../gateway/privileges.ts';
import { stanzaText } from '../gateway/stanza-text.ts';
import type { BridgeConfig } from '../ops/config/config.ts';
import { streamsLost } from '../ops/remedies.ts';
import { createJournalStore } from '../storage/redis/journal.ts';
import { createLeases } from '../storage/redis/leases.ts';
import { createOutboxStore } from '../storage/redis/outbox.ts';
import { createPost } from '../storage/redis/post.ts';
import { createJournalTail } from '../storage/redis/tail.ts';
import { createBanStore } from '../storage/sql/ban-store.ts';
import { createLoginStore } from '../storage/sql/login-store.ts';
import { createPlumbingStore } from '../storage/sql/plumbing-store.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { createBans } from './bans.ts';
import { loadBridges } from './bridges.ts';
import { createDeadLetterCount } from './dead-letters.ts';
import { decoderOptions } from './decoding.ts';
import { mailboxDepth } from './domain-metrics.ts';
import { createEdgeServers } from './edge-servers.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { createLate } from './late.ts';
import { createLivingConfig } from './living-config.ts';
import { createLoginFront, loginsBase } from './login-pages.ts';
import {
  bansMark,
  levelIn,
  levelMark,
  plumbingsMark,
  postCap,
  readMailbox,
  reloadMark,
  sharesMark,
  wakeMark,
} from './mailbox.ts';
import { openMedia } from './media/open.ts';
import { openOperating } from './operating.ts';
import { createPagePost } from './page-post.ts';
import { createPlumbings } from './plumbings.ts';
import { createRefusingAloud } from './refusing-aloud.ts';
import { createRereading } from './rereading.ts';
import { readWhenRevived } from './revived.ts';
import { asTold, type RoleParts, type RunningRole, tooLarge } from './role.ts';
import { sealPost } from './sealed-post.ts';
import { createShares } from './shares.ts';
import { type Hold, holdStreams } from './standby.ts';
import { startStreams } from './starting.ts';
import { createStream } from './stream.ts';
import { createWayOut } from './way-out.ts';

/** How long what came last has at the end. */
const handedOnWithinMs = 2_000;
/** How long the end may take of an edge that has lost the streams. */
const giveUpWithinMs = 8_000;

/** Resolves when the first domain is up; rejects with a Remedy where the server refused us. */
export async function runEdge(parts: RoleParts): Promise<RunningRole> {
  const { config, stores, clock, log, signal } = parts;
  const living = createLivingConfig(config, parts.readAgain);
  const bans = createBans(createBanStore(stores.database));
  await bans.read();
  const shares = createShares(createLoginStore(stores.database));
  await shares.read();
  const plumbings = createPlumbings(createPlumbingStore(stores.database));
  await plumbings.read();
  readWhenRevived(stores.workers, [bans, shares, plumbings]);
  const stopping = new AbortController();
  const reread = createRereading({ clock, log, signal: stopping.signal });
  const post = sealPost(createPost(stores.link, { cap: postCap }), stores.vault, log);
  const journal = createJournalStore(stores.link);
  const pages = createPagePost({ post, workers: stores.workers, clock, log });
  const tail = createJournalTail(stores.link, journal, clock);
  const leases = createLeases(stores.link, stores.workers, log);
  let hold: Hold | undefined;
  let isEnding = false;
  const forwarding = createForwarding({
    post,
    leases,
    workers: stores.workers,
    clock,
    signal: stopping.signal,
    fence: () => hold?.lease.fence,
  });
  const outboxStore = createOutboxStore(stores.link, clock);
  const letters = createDeadLetterCount(outboxStore, clock, log);
  const opened = (await loadBridges(config)).map(({ entry, bridge }) => openOne(entry, bridge));

  function openOne(entry: BridgeConfig, bridge: Bridge) {
    const { domain } = entry;
    const metrics = parts.metrics.of(domain, entry.use);
    const network = withLabels(bridge.open(entry.options, { log, clock, fetch: createGuardedFetch({ clock }) }));
    const asItIs = {
      ...{ ...parts, bans, shares, plumbings, startedAt: clock.now() },
      get config() {
        return living.now;
      },
    };
    const options = decoderOptions(entry, bridge, network, asItIs, (owner) => overhears(servers.privileges, owner));
    const decoder = createDecoder(options);
    const scope = createScope(options);
    const complain = createRefusingAloud({ domain, clock, log, signal: stopping.signal });
    const servers = createEdgeServers({
      ...{ domain, post, workers: stores.workers, log },
      allowsHost: createAllowsHost(options),
    });
    const component = createStream(entry, {
      ...parts,
      metrics,
      isHeir: () => hold?.isHeir === true,
      onStanza,
      onOversized: (stanza) => out.send(decoder.refuse(stanza, tooLarge())),
      onUp() {
        relay.resume();
        void servers.begun();
      },
      onDown(isFault) {
        relay.pause(isFault);
        servers.lost();
      },
    });
    const relay = createRelayTail({
      pipe: component,
      tail,
      journal,
      domain,
      clock,
      log,
      rendered: createLate(domain, clock),
      isOurs: () => stores.workers.isShown,
      onBarrier: (ms) => metrics.barrier.observe(ms / 1_000),
    });
    metrics.deadLetters(() => (component.up ? letters.of(domain) : 0));
    const afterwards = createRelayWire({ journal, stream: `${domain}/${stores.workers.self}`, clock, log });
    const put = (text: string): void => void (isEnding ? afterwards.put(text) : component.write(text));
    const out = createWayOut(domain, { put, pressure: () => undefined }, metrics.stanzas('out'), log, clock);
    return { domain, network, component, relay, servers, afterwards };

    function onStanza(stanza: Stanza): void {
      try {
        if (servers.hear(stanza)) return;
        const account = accountOf(stanza);
        if (account !== undefined) handOn(account, stanza);
      } catch (error) {
        log.error({ domain, error }, 'a stanza met a bug');
        out.send(
          decoder.refuse(stanza, new GatewayError('bug', { text: "Internal error; the operator's log has more" })),
        );
      }
    }

    function handOn(account: AccountId, stanza: Stanza): void {
      forwarding.forward(account, stanzaText(stanza)).catch((error: unknown) => {
        complain(error);
        out.send(decoder.refuse(stanza, asTold(error)));
      });
    }

    /** Whose worker has to see it; undefined: it was answered here, or is for nobody. */
    function accountOf(stanza: Stanza): AccountId | undefined {
      if (iqAnswer(stanza) !== undefined) {
        const target = scope.target(stanza.to);
        return target === undefined ? undefined : scope.key(stanza.from, target.on).id;
      }
      const decoded = decoder.decode(stanza);
      if (decoded.is === 'answer') out.send(decoded.stanzas);
      return 'account' in decoded ? decoded.account.id : undefined;
    }
  }

  /** Who may use us is judged here first. */
  async function take(text: string): Promise<void> {
    if (pages.take(text) || operating.take(text)) return;
    if (text === bansMark) await reread(bans);
    if (text.startsWith(levelMark)) parts.levels?.set(levelIn(text));
    if (text === sharesMark) await reread(shares);
    if (text === plumbingsMark) await reread(plumbings);
    if (text === reloadMark) log.info(await living.reload(), 'the configuration was read again');
  }
  const operating = openOperating(parts, {
    ...{ post, outboxStore },
    wake: (account, chat) => forwarding.forward(account, `${wakeMark}${JSON.stringify([account, chat])}`),
  });
  parts.metrics.mailbox(() => mailboxDepth(post, stores.workers.self, clock));
  const reading = readMailbox({ post, self: stores.workers.self, clock, log, signal: stopping.signal, take });

  const media = openMedia(parts, (name) => opened.find(({ domain }) => domain === name)?.network.filesAt);
  const stop: RunningRole['stop'] = async () => {
    await media.close();
    operating.close();
    await Promise.all(opened.map(({ relay }) => relay.close()));
    const isLost = hold?.lease.lost.aborted === true;
    // Where the server lets nobody else in before this stream is closed, what we have heard is still in its place.
    if (isLost) await forwarding.handedOn(handedOnWithinMs);
    // What the server still had for us goes to its worker before we do; what we have to say of it, to whoever has the stream next.
    isEnding = true;
    await Promise.all(opened.map(({ component }) => component.stop()));
    await forwarding.handedOn(handedOnWithinMs);
    if (isLost) await Promise.all(opened.map(({ servers }) => servers.begun()));
    await Promise.all(opened.map(({ afterwards }) => afterwards.settled(handedOnWithinMs)));
    for (const { afterwards } of opened) afterwards.close();
    stopping.abort(new Error('stopping'));
    await reading;
    await hold?.lease.release().catch((error: unknown) => log.warn({ error }, 'the streams could not be given back'));
  };
  /** Whatever does not answer: who stood still for so long may have lost more than the streams. */
  async function giveUp(): Promise<void> {
    const stopped = stop('keep').catch((error: unknown) => log.error({ error }, 'the edge could not be stopped'));
    await inTime(stopped, giveUpWithinMs, clock);
    parts.fail(streamsLost());
  }
  const hasPages = loginsBase(config.http) !== undefined;
  const loginPages = hasPages ? createLoginFront({ ask: pages.ask, clock }) : undefined;
  parts.serve({ media, loginPages, operatorPage: operating.page });
  try {
    hold = await holdStreams({ ...parts, leases, workers: stores.workers });
    hold.lease.lost.addEventListener('abort', () => void giveUp(), { once: true });
    await startStreams(opened, config, clock, log, signal);
  } catch (error) {
    await stop('keep');
    throw error;
  }
  return { stop };
}
