/** --role worker: runs accounts under leases; reads its mailbox, writes to its journals, takes over what dead workers left. Needs no XMPP server of its own. */

import { inTime } from '../accounts/in-time.ts';
import { type Order, readOrder, writeOrder } from '../accounts/orders.ts';
import type { Runner } from '../accounts/runner.ts';
import type { Bridge } from '../bridge/contract.ts';
import type { GatewayError } from '../core/errors.ts';
import { type AccountId, accountId, type ChatId } from '../core/ids.ts';
import { createForwarding } from '../delivery/forwarding.ts';
import { createRelayWire } from '../delivery/relay-wire.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import { createScope } from '../gateway/decode/scope.ts';
import { stanzaIn } from '../gateway/stanza-text.ts';
import type { BridgeConfig } from '../ops/config/config.ts';
import type { Post } from '../storage/process-ports.ts';
import { createJournalStore } from '../storage/redis/journal.ts';
import { createLeases } from '../storage/redis/leases.ts';
import { createPost } from '../storage/redis/post.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { type Balancing, createBalancing } from './balancing.ts';
import { loadBridges } from './bridges.ts';
import { decoderOptions } from './decoding.ts';
import { type Domain, openDomain } from './domain.ts';
import { mailboxDepth, storedDepth } from './domain-metrics.ts';
import { createLoginFront, createOwnPages, loginsBase } from './login-pages.ts';
import {
  bansMark,
  comeMark,
  levelIn,
  levelMark,
  maintenanceMark,
  plumbingsMark,
  postCap,
  readMailbox,
  reloadMark,
  sharesMark,
  streamMark,
  wakeMark,
} from './mailbox.ts';
import { openOperating } from './operating.ts';
import { createPagePost } from './page-post.ts';
import { takeOrPassOn } from './passing-on.ts';
import { createRereading } from './rereading.ts';
import { goodbye, type RoleParts, type RunningRole } from './role.ts';
import { sealPost } from './sealed-post.ts';
import { openShared } from './shared.ts';
import { createSuccession } from './succession.ts';
import { createWayOut } from './way-out.ts';

/** How long a text waits for its account to come back here. */
const backWithinMs = 3_000;
/** How long what is under way with other processes has at the end: longer than a text waits. */
const loopsEndWithinMs = backWithinMs + 500;
/** How long the journal has at the end for what was said last. */
const lastWordMs = 3_000;

interface Opened {
  readonly domain: Domain;
  readonly close: () => Promise<void>;
  accountOf(stanza: Stanza): Found | undefined;
}

/** Somebody's stanza for an account. */
interface Found {
  readonly id: AccountId;
  take(): void;
  refuse(error: GatewayError): void;
}

/** Resolves when our accounts are restored and the mailbox is being read. */
export async function runWorker(parts: RoleParts): Promise<RunningRole> {
  const { config, stores, clock, log } = parts;
  const { workers } = stores;
  const stopping = new AbortController();
  const { signal } = stopping;
  const reread = createRereading({ clock, log, signal });
  const byName = new Map<string, Opened>();
  const post = sealPost(createPost(stores.link, { cap: postCap }), stores.vault, log);
  const journal = createJournalStore(stores.link);
  const base = loginsBase(config.http);
  const own = base && createOwnPages({ base, self: workers.self, clock, log });
  const pages = createPagePost({ own, post, workers, clock, log });
  // A timer may be due while we are still starting: what is not ours goes on from the first moment.
  const holders = createLeases(stores.link, workers, log);
  const forwarding = createForwarding({ post, leases: holders, workers, clock, signal, self: workers.self });
  const { shared, jobs, close } = await openShared({
    ...parts,
    asker: workers.self,
    loginPages: own,
    onWake: wake,
    order: giveOrder,
    tellOthers,
  });
  for (const { entry, bridge } of await loadBridges(config)) byName.set(entry.domain, openOne(entry, bridge));

  function openOne(entry: BridgeConfig, bridge: Bridge): Opened {
    const stream = `${entry.domain}/${workers.self}`;
    const metrics = parts.metrics.of(entry.domain, entry.use);
    const wire = createRelayWire({ journal, stream, clock, log });
    metrics.queue('journal', () => storedDepth(journal, stream, clock));
    const out = createWayOut(entry.domain, wire, metrics.stanzas('out'), log, clock);
    const domain = openDomain(entry, bridge, shared, out);
    const scope = createScope(decoderOptions(entry, bridge, domain.network, shared));
    return {
      domain,
      async close() {
        await wire.settled(lastWordMs);
        wire.close();
      },
      accountOf(stanza) {
        const target = scope.target(stanza.to);
        if (target === undefined) return undefined;
        return {
          id: scope.key(stanza.from, target.on).id,
          take: () => domain.dispatch(stanza),
          refuse: (error) => out.send(domain.decoder.refuse(stanza, error)),
        };
      },
    };
  }

  const operating = openOperating(parts, {
    *accounts() {
      for (const { domain } of byName.values()) for (const one of domain.runner.all()) yield [domain.name, one];
    },
    ...{ jobs, post, outboxStore: shared.outboxStore },
    wake: (account, chat) => shared.wake(account, chat, 0),
  });

  function wake(account: AccountId, chat: ChatId): Promise<void> | void {
    const opened = byName.get(parseAccountId(account)?.domain ?? '');
    if (opened?.domain.runner.get(account) === undefined)
      return forwarding.forward(account, `${wakeMark}${JSON.stringify([account, chat])}`);
    opened.domain.runner.poke(account, chat);
  }

  /** In this process, or on its way to the account's. One that runs nowhere will see for itself when it starts. */
  async function giveOrder(account: AccountId, order: Order): Promise<void> {
    if (await byName.get(parseAccountId(account)?.domain ?? '')?.domain.runner.obey(account, order)) return;
    const holder = await shared.leases.holder(account);
    if (holder !== undefined && holder !== workers.self) await forwarding.forward(account, writeOrder(account, order));
  }

  async function tellOthers(what: string): Promise<void> {
    const others = (await workers.alive()).filter((other) => other !== workers.self);
    await Promise.all(others.map((other) => post.send(other, [what])));
  }

  /** What is not ours goes on to whose it is. */
  async function take(text: string): Promise<void> {
    if (pages.take(text) || operating.take(text)) return;
    if (text.startsWith(wakeMark)) {
      const [account, chat] = JSON.parse(text.slice(wakeMark.length)) as [AccountId, ChatId];
      byName.get(parseAccountId(account)?.domain ?? '')?.domain.runner.poke(account, chat);
      return;
    }
    if (text.startsWith(comeMark)) {
      const id = accountId(text.slice(comeMark.length));
      // Not in the way of what comes behind it.
      void comeBack(id);
      return;
    }
    if (text.startsWith(streamMark)) {
      byName.get(text.slice(streamMark.length))?.domain.runner.begin();
      return;
    }
    if (text === reloadMark) {
      await shared.reload?.(false);
      return;
    }
    if (text === bansMark) return reread(shared.bans);
    if (text === maintenanceMark) return reread(shared.maintenance);
    if (text.startsWith(levelMark)) return parts.levels?.set(levelIn(text));
    if (text === sharesMark) return reread(shared.shares);
    if (text === plumbingsMark) return reread(shared.plumbings);
    const ordered = readOrder(text);
    if (ordered !== undefined) return giveOrder(ordered.account, ordered.order);
    const stanza = stanzaIn(text);
    const opened = stanza && byName.get(stanza.to.domain);
    const found = stanza && opened?.accountOf(stanza);
    if (opened === undefined || found === undefined) return;
    const isOurs = async (): Promise<boolean> => (await whose(found.id, opened.domain)) === workers.self;
    return takeOrPassOn({ ...found, isOurs, forward: () => forwarding.forward(found.id, text) });
  }

  /** Who is to take it. Ours comes back first, for to one that does not run most that is said is an error. */
  async function whose(id: AccountId, { runner }: Domain): Promise<string> {
    if (runner.get(id) !== undefined) return workers.self;
    const moved = await balancing.whereTo(id);
    const holder = await shared.leases.holder(id);
    if (holder !== undefined && holder !== workers.self) return holder;
    if (holder === undefined && moved !== undefined) return moved;
    const back = runner.comeBack(id).catch((error: unknown) => {
      log.warn({ account: id, error }, 'an account that something came for could not be started');
      return false;
    });
    const isBack = await inTime(back, backWithinMs, clock);
    if (isBack !== true || runner.get(id) !== undefined) return workers.self;
    return (await shared.leases.holder(id)) ?? workers.self;
  }

  const runnerOf = (id: AccountId): Runner | undefined => byName.get(parseAccountId(id)?.domain ?? '')?.domain.runner;
  const balancing = openBalancing(parts, { ...{ post, byName, runnerOf, comeBack }, signal: stopping.signal });

  async function comeBack(id: AccountId): Promise<void> {
    await runnerOf(id)
      ?.comeBack(id)
      .catch((error: unknown) => log.error({ account: id, error }, 'an account that moved could not be started'));
  }

  parts.metrics.mailbox(() => mailboxDepth(post, workers.self, clock));
  const mailbox = { post, self: workers.self, clock, log, signal: stopping.signal, take };

  const succession = createSuccession({
    ...{ post, leases: holders, workers, clock, log, signal: stopping.signal },
    async restore(mine) {
      const isOver = (): boolean => stopping.signal.aborted || parts.signal.aborted;
      await Promise.all([...byName.values()].map(({ domain }) => domain.runner.restore((id) => !isOver() && mine(id))));
    },
  });
  for (const { domain } of byName.values()) domain.runner.begin();
  await succession.begin();
  const loops = [readMailbox(mailbox), succession.lookAround(), balancing.run()];

  const loginPages = own && createLoginFront({ own, ask: pages.ask, self: workers.self, clock });
  parts.serve({ loginPages, operatorPage: operating.page });
  return {
    async stop(how) {
      own?.close();
      operating.close();
      stopping.abort(new Error('stopping'));
      // While Redis is away they wait for it: the networks are taken leave of all the same.
      await inTime(Promise.all(loops), loopsEndWithinMs, clock);
      await Promise.all([...byName.values()].map(({ domain }) => domain.stop(how, goodbye[how])));
      await Promise.all([...byName.values()].map((opened) => opened.close()));
      // Nobody need wait for our sign of life to expire, nor look for what came for us meanwhile.
      await workers.close();
      await succession.leave();
      await close();
    },
  };
}

interface Movers {
  readonly post: Pick<Post, 'send'>;
  readonly byName: ReadonlyMap<string, Opened>;
  runnerOf(id: AccountId): Runner | undefined;
  comeBack(id: AccountId): Promise<void>;
  readonly signal: AbortSignal;
}

/** An account that nobody can be told of comes back here. */
function openBalancing(
  { stores, clock, log, metrics }: RoleParts,
  { post, byName, runnerOf, comeBack, signal }: Movers,
): Balancing {
  return createBalancing({
    ...{ workers: stores.workers, clock, log, signal, moved: metrics.moved },
    *accounts() {
      for (const { domain } of byName.values()) yield* domain.runner.all();
    },
    takeBack: comeBack,
    release: async (id) => (await runnerOf(id)?.moveAway(id)) === true,
    announce: (worker, id) =>
      post.send(worker, [comeMark + id]).catch(async (error: unknown) => {
        await comeBack(id);
        throw error;
      }),
  });
}
