/** Registering accounts with one network: one login at a time for each person, carried on wherever they answer; kept in one transaction once the network has taken it. */
import type { Clock, Log, Network, Schema } from '../bridge/contract.ts';
import type { LoggedIn, LoginPlace, LoginRun } from '../bridge/login.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import { createTranslate } from '../core/sentences.ts';
import type { SettingValue } from '../core/settings.ts';
import { accountKey } from '../gateway/decode/account-key.ts';
import { isShared, labelOf, readOn, sharedLabelOf, writeOn } from '../gateway/labels.ts';
import { saidIn } from '../gateway/translation.ts';
import type { LoginRow, LoginStore } from '../storage/login-ports.ts';
import type { Credentials } from './credentials.ts';
import { createFlow, type OwnFlow } from './login-flow.ts';
import type { Preferences } from './preferences.ts';
import { tryLogin } from './trial.ts';

export interface Logins {
  /** The login that this person has begun and not ended, on whatever client. */
  pending(owner: string): OwnFlow | undefined;
  /** Begins one, in the place of a pending one. Rejects where this person, or everybody together, has too many. */
  begin(who: LoginWho): Promise<OwnFlow>;
  /** Nothing is left of what is not kept yet. */
  close(): void;
}

export interface LoginWho {
  /** Bare JID. */
  readonly owner: string;
  /** Where they asked. */
  readonly on?: string | undefined;
  /** The one that is to be changed or mended. */
  readonly id?: AccountId | undefined;
  /** In which they are asked. */
  readonly language: string;
  /** It is to serve these too: bare JIDs and domains. Absent: a new one is its owner's alone. */
  readonly admits?: readonly string[] | undefined;
}

export interface LoginsParts {
  readonly domain: string;
  /** What it is called. */
  readonly name: string;
  readonly network: Network;
  readonly schema: Schema<unknown>;
  readonly store: LoginStore;
  readonly credentials: Credentials;
  readonly preferences: Pick<Preferences, 'of' | 'rows'>;
  /** Logins that one person may have. */
  readonly atMost: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Throws a GatewayError while nobody may add one. A login that is mended may always. */
  mayBegin(who: LoginWho): void;
  /** One was kept: its account connects, or connects anew where what it had was refused or is another's. @param isOther it is not what there was before */
  onKept(id: AccountId, isOther: boolean): Promise<void>;
}

/** Under way at once, over everybody. */
const flowsAtMost = 1_000;

export function createLogins(parts: LoginsParts): Logins {
  const { domain, network, store, credentials, preferences, clock, log } = parts;
  const flows = new Map<string, OwnFlow>();
  const theirs = network.sentences && createTranslate(network.sentences);

  /** Where the account goes: in the place of the same one, else behind those that are there. */
  async function keyFor({ owner, on, id, admits }: LoginWho, kept: LoggedIn, old: LoginRow | undefined) {
    if (old !== undefined && id !== undefined) return accountKey(domain, owner, old.on);
    const asked = readOn(on);
    const server = kept.on ?? asked.server;
    const isHere = (row: LoginRow): boolean =>
      readOn(row.on).server === server && isShared(row.on) === (admits !== undefined);
    const there = (await store.owned({ domain, owner })).filter(isHere);
    const same = there.find(({ label }) => label === kept.label);
    if (same !== undefined) return accountKey(domain, owner, same.on);
    if (admits !== undefined) return accountKey(domain, owner, await sharedOn(server, kept.label));
    const labels = new Set(there.map((row) => readOn(row.on).label));
    const label =
      !labels.has(asked.label) && !isShared(on)
        ? asked.label
        : labels.has(undefined)
          ? labelOf(kept.label, new Set([...labels].filter((one) => one !== undefined)))
          : undefined;
    const where = { ...(server !== undefined && { server }), ...(label !== undefined && { label }) };
    return accountKey(domain, owner, writeOn(where));
  }

  /** Nobody's shared account on that server is called so. */
  async function sharedOn(server: string | undefined, name: string): Promise<string | undefined> {
    const shared = (await store.shared()).filter((row) => row.domain === domain).map((row) => readOn(row.on));
    const labels = shared.flatMap((one) => (one.server === server ? (one.label ?? []) : []));
    const label = sharedLabelOf(name, new Set(labels));
    return writeOn({ label, ...(server !== undefined && { server }) });
  }

  async function mustHaveRoom(owner: string, id: AccountId): Promise<void> {
    const mine = await store.owned({ domain, owner });
    if (mine.every((row) => row.id !== id) && mine.length >= parts.atMost)
      throw new GatewayError('over-quota', { text: `At most ${parts.atMost} accounts here: remove one first` });
  }

  /** The login that is to be changed, as it is by now: steps take their time, and meanwhile it may have come to admit others, or have been removed. */
  async function asItIs({ id }: LoginRow): Promise<LoginRow> {
    const row = await store.get(id);
    if (row === undefined)
      throw new GatewayError('not-registered', { text: 'The account was removed meanwhile; add it anew' });
    return row;
  }

  async function keep(who: LoginWho, kept: LoggedIn, before: LoginRow | undefined): Promise<LoginRow> {
    const { owner } = who;
    const old = before && (await asItIs(before));
    const { id, on } = await keyFor(who, kept, old);
    await mustHaveRoom(owner, id);
    const change = kept.settings ?? {};
    const sealed = credentials.seal(id, { credentials: kept.credentials, settings: Object.keys(change) });
    const place = { level: 'server', ...(on !== undefined && { on }) } as const;
    const admits = who.admits ?? old?.admits;
    const { puts, removes } = preferences.rows(owner, place, change);
    const row: LoginRow = {
      id,
      domain,
      owner,
      ...(on !== undefined && { on }),
      label: kept.label,
      credentials: sealed,
      at: clock.now(),
      isOut: false,
      ...(admits !== undefined && { admits }),
    };
    const isOther = (await store.get(id))?.label !== kept.label;
    await store.put(row, puts, removes);
    await parts
      .onKept(id, isOther)
      .catch((error: unknown) => log.warn({ account: id, error }, 'a new login could not begin'));
    return row;
  }

  function start(who: LoginWho, old: LoginRow | undefined): OwnFlow {
    const { owner } = who;
    const ended = new AbortController();
    const proven = new WeakSet<LoggedIn>();
    const on = readOn(who.on).server;

    async function verify(kept: LoggedIn): Promise<void> {
      const { id, on: where } = await keyFor(who, kept, old);
      const server = kept.on ?? on;
      const set = (await preferences.of(owner)).over({ level: 'server', ...(where !== undefined && { on: where }) });
      const account = {
        id,
        owner,
        ...(server !== undefined && { on: server }),
        credentials: parts.schema.parse(kept.credentials),
        settings: changed(set, kept.settings ?? {}),
      };
      await tryLogin(network, account, clock, ended.signal);
      proven.add(kept);
    }

    const place: LoginPlace = {
      owner,
      language: who.language,
      ...(on !== undefined && { on }),
      ...(old !== undefined && { known: { credentials: credentials.open(old).credentials, label: old.label } }),
      settings: async (server) =>
        (await preferences.of(owner)).over({ level: 'server', ...(server !== undefined && { on: server }) }),
      signal: ended.signal,
      verify,
    };
    const flow: OwnFlow = createFlow({
      clock,
      log,
      ended,
      id: old?.id,
      run: network.login?.(place) ?? plainLogin(place, parts),
      worded: (text) => saidIn(text, who.language, theirs),
      check: (kept) => (proven.has(kept) ? Promise.resolve() : verify(kept)),
      keep: (kept) => keep(who, kept, old),
      onOver() {
        if (flows.get(owner) === flow) flows.delete(owner);
      },
    });
    return flow;
  }

  return {
    pending: (owner) => flows.get(owner),
    async begin(who) {
      const { owner, id } = who;
      const old = id === undefined ? undefined : await store.get(id);
      if (old === undefined) parts.mayBegin(who);
      if (old === undefined && (await store.owned({ domain, owner })).length >= parts.atMost + 1)
        throw new GatewayError('over-quota', { text: `At most ${parts.atMost} accounts here: remove one first` });
      flows.get(owner)?.cancel();
      flows.delete(owner);
      if (flows.size >= flowsAtMost)
        throw new GatewayError('queue-full', { text: 'Too many people are logging in just now; try again in a while' });
      const flow = start(who, old);
      flows.set(owner, flow);
      return flow;
    },
    close() {
      for (const flow of flows.values())
        flow.cancel(new GatewayError('not-connected', { text: 'The gateway stops; begin anew' }));
    },
  };
}

/** What is set, with these changes. */
function changed(set: Readonly<Record<string, SettingValue>>, change: LoggedIn['settings'] & object) {
  const all: Record<string, SettingValue> = { ...set };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete all[name];
    else all[name] = value;
  }
  return all;
}

/** A network that says only what it needs: one form, asked again with the network's words until it takes what was filled in. */
async function* plainLogin({ verify }: LoginPlace, { network, name }: Pick<LoginsParts, 'network' | 'name'>): LoginRun {
  const fields = network.loginFields ?? [];
  const called = fields.find(({ type }) => type !== 'secret');
  let fault: string | undefined;
  for (;;) {
    const answer = yield { ask: 'form', title: name, fields, ...(fault !== undefined && { fault }) };
    const label = answer[called?.name ?? ''];
    const kept: LoggedIn = {
      credentials: { ...answer },
      label: typeof label === 'string' && label !== '' ? label : name,
    };
    try {
      await verify(kept);
      return kept;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.next === 'later') throw error;
      fault = error.message;
    }
  }
}
