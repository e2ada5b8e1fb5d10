/** The plumbings of one account: opened and closed as they are written down, told what is for their guests, and what their MUCs say. */
import { GatewayError } from '../core/errors.ts';
import { personId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { sparseMap } from '../core/sparse.ts';
import type { Face, Outgoing, Stanza } from '../gateway/face.ts';
import { readOn } from '../gateway/labels.ts';
import { tellOwner } from '../gateway/notice.ts';
import { departureOf, refusalOf } from '../plumbing/guest.ts';
import { namesAtMost } from '../plumbing/names.ts';
import { createPlumbing, type Plumbing } from '../plumbing/plumbing.ts';
import type { PlumbingParts } from '../plumbing/plumbing-parts.ts';
import { type About, endIn, toldIn } from '../plumbing/trouble-words.ts';
import { createTroubles, type Troubles } from '../plumbing/troubles.ts';
import type { PlumbingRow } from '../storage/plumbing-ports.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { Xml } from '../xml/writer.ts';
import type { Account } from './account-port.ts';
import type { PlumbedParts } from './plumbed.ts';
import type { AccountWorld } from './world.ts';

/** Once an account has had one. */
export interface Plumbings {
  /** As they are written down now. */
  change(): Promise<void>;
  /** The account has begun: so do they. */
  begin(): void;
  /** To the XMPP server, but for what is for one of them. */
  send(stanzas: readonly Outgoing[]): void;
  /** Is that client one of them? */
  isGuest(client: string): boolean;
  /** True: it is from a MUC of one of them. */
  heard(stanza: Stanza): boolean;
  close(how: 'keep' | 'farewell' | 'lost', reason: string): Promise<void>;
}

const pageSize = 100;
/** What could not be read is asked for again. */
const againAfterMs = 10_000;
const describedWithinMs = 5_000;

/** None yet. @param hasBegun the account has */
export function createPlumbings(
  row: AccountRow,
  face: Face,
  world: AccountWorld,
  parts: PlumbedParts,
  account: Account,
  hasBegun: () => boolean,
): Plumbings {
  const plumbings = sparseMap<string, Plumbing>();
  let changing: Promise<void> = Promise.resolve();
  let stopped = false;
  let cancel = (): void => {};
  const on = row.on === undefined ? {} : { on: row.on };

  const ofGuest = (jid: string): Plumbing | undefined => [...plumbings.values()].find(({ guest }) => guest === jid);

  /** What is for a MUC that owns the account is for nobody: a room reads no notices. */
  const isForNobody = (jid: string): boolean =>
    jid === row.owner && parts.of(row.id).some(({ muc }) => muc === row.owner);

  function send(stanzas: readonly Outgoing[]): void {
    if (plumbings.size === 0) {
      world.send(stanzas);
      return;
    }
    const out: Outgoing[] = [];
    for (const stanza of stanzas) {
      const to = stanza.to.filter((jid) => ofGuest(jid) === undefined && !isForNobody(jid));
      if (to.length > 0) out.push(to.length === stanza.to.length ? stanza : { ...stanza, to });
      for (const jid of stanza.to) ofGuest(jid)?.tell(stanza);
    }
    if (out.length > 0) world.send(out);
  }

  /** Into the outbox; the guest hears of a refusal as any client does. */
  function accept(plumbing: () => Plumbing | undefined, intent: DurableIntent, origin: Origin): void {
    world.outbox.append(row.id, intent, origin, {
      accepted(was) {
        if (was.is === 'new') account.offer({ key: was.key, behind: was.behind, intent, origin });
      },
      refused(error) {
        const known =
          error instanceof GatewayError ? error : new GatewayError('storage-away', { text: 'Try again later' });
        plumbing()?.tell(refusalOf(origin, known));
      },
    });
  }

  function looks({ chat }: PlumbingRow, nick: string): Xml {
    const person = face.whois(chat, nick);
    return parts.photo(row.on, (person === undefined ? undefined : face.avatarOf(person)) ?? undefined);
  }

  function contact({ chat }: PlumbingRow, nick: string): string | undefined {
    const person = face.whois(chat, nick);
    const local = person === undefined ? '' : parts.addresses.format({ is: 'person', id: personId(person), ...on });
    return local === '' ? undefined : `${local}@${row.domain}`;
  }

  /** To who made it, in their language. */
  function tell({ id, by, lang = 'en' }: PlumbingRow, text: string): void {
    // They may have had their data deleted since.
    const to = parts.of(row.id).find((one) => one.id === id)?.by ?? by;
    if (to !== '') world.send([tellOwner(row.domain, to, text, lang)]);
  }

  function troublesOf(plumbingRow: PlumbingRow, about: () => About): Troubles {
    const { id, lang = 'en' } = plumbingRow;
    return createTroubles({
      now: () => world.clock.now(),
      tell: (what) => tell(plumbingRow, toldIn(lang, what, about())),
      onChange(troubles) {
        const kept = troubles.length === 0 ? undefined : JSON.stringify(troubles);
        parts.store.trouble(id, kept).catch(failed);
      },
    });
  }

  const failed = (error: unknown): void =>
    world.log.error({ account: row.id, error }, 'a change of a plumbing could not be written down');

  /** That somebody agreed to it, or ended it, is not forgotten because the storage is away. */
  function surely(write: () => Promise<void>): void {
    if (stopped) return;
    write().catch((error: unknown) => {
      failed(error);
      world.clock.after(againAfterMs, () => surely(write));
    });
  }

  /** What it is called for people: as the network calls it, of which an address may say nothing. */
  function titled({ chat }: PlumbingRow): Pick<PlumbingParts, 'title' | 'retitle'> {
    const usual = parts.addresses.title({ is: 'room', id: chat, ...on });
    let title = usual;
    return {
      title: () => title,
      async retitle() {
        const { rooms } = account.session ?? {};
        const late = new AbortController();
        const cancel = world.clock.after(describedWithinMs, () => late.abort());
        const seen = await rooms?.describe?.(chat, late.signal).catch(() => undefined);
        cancel();
        if (seen?.name !== undefined) title = usual.includes(seen.name) ? usual : seen.name;
      },
    };
  }

  async function open(plumbingRow: PlumbingRow): Promise<Plumbing> {
    const { id, chat, muc } = plumbingRow;
    if (plumbingRow.troubles !== undefined) await parts.store.trouble(id, undefined);
    const [marks, names] = [await parts.store.marks(id), await parts.store.names(id, namesAtMost)];
    const address = { is: 'room', id: chat, ...on } as const;
    const { title, retitle } = titled(plumbingRow);
    await retitle();
    const { server } = readOn(row.on);
    const pair = parts.addresses.title({ is: 'room', id: chat, ...(server !== undefined && { on: server }) });
    const room = `${parts.addresses.format(address)}@${row.domain}`;
    const about = (): About => ({ title: title(), muc, room });
    const troubles = troublesOf(plumbingRow, about);
    const { archive } = world;
    const made: Plumbing = createPlumbing({
      ...{ row: plumbingRow, room, title, retitle, pair, password: parts.passwordOf(plumbingRow), troubles },
      known: { marks, names },
      ...{ mac: parts.mac, newId: parts.newId, clock: world.clock, log: world.log, store: parts.store },
      send: world.send,
      accept: (intent, origin) => accept(() => made, intent, origin),
      ask: (iq, withinMs) => world.iqs.ask(iq, withinMs),
      contact: (nick) => contact(plumbingRow, nick),
      looks: (nick) => looks(plumbingRow, nick),
      find: (stanzaId) => face.find(chat, { stanzaId }),
      ...(parts.isArchived && {
        async rows(after, since) {
          const base = { account: row.id, chat, max: pageSize, order: 'oldest' } as const;
          const page = after === undefined ? undefined : await archive.page({ ...base, after });
          return (page ?? (await archive.page({ ...base, start: since })))?.rows ?? [];
        },
      }),
      wasAccepted: async (stanza) => (await archive.find(row.id, chat, { stanza })) !== undefined,
      onGranted(at) {
        surely(() => parts.granted(plumbingRow, at));
        troubles.news({ is: 'joined' });
      },
      onOver(end) {
        tell(plumbingRow, endIn(plumbingRow.lang ?? 'en', end, about()));
        surely(() => parts.over(plumbingRow));
      },
    } satisfies PlumbingParts);
    return made;
  }

  /** The network's room is left as by any client: nobody else may be in it. */
  function letGo({ row: { chat }, guest }: Plumbing): void {
    const room = `${parts.addresses.format({ is: 'room', id: chat, ...on })}@${row.domain}`;
    const stanza = departureOf(guest, room);
    if (stanza !== undefined) account.mail({ is: 'stanza', stanza });
  }

  /** As they are written down now. */
  async function renew(): Promise<void> {
    const rows = parts.of(row.id);
    for (const [id, plumbing] of plumbings) {
      const now = rows.find((one) => one.id === id);
      if (now !== undefined && now.password === plumbing.row.password) continue;
      await plumbing.close(now === undefined ? 'over' : 'silently', 'No longer joined');
      if (now === undefined) letGo(plumbing);
      plumbings.delete(id);
      parts.running.delete(id);
    }
    for (const one of rows) {
      if (plumbings.has(one.id) || stopped) continue;
      const plumbing = await open(one);
      plumbings.set(one.id, plumbing);
      parts.running.set(one.id, plumbing);
      if (hasBegun()) plumbing.begin();
    }
  }

  function change(): Promise<void> {
    changing = changing.then(renew).catch((error: unknown) => {
      world.log.error({ account: row.id, error }, 'plumbings could not be opened; it is tried again');
      cancel();
      if (!stopped) cancel = world.clock.after(againAfterMs, () => void change());
    });
    return changing;
  }

  /** From a MUC of one of them, to an occupant of theirs. */
  function heard(stanza: Stanza): boolean {
    if (stanza.kind === 'iq') return false;
    const theirs = [...plumbings.values()].filter(({ row: { muc } }) => muc === stanza.from.bare);
    for (const plumbing of theirs) if (plumbing.guest !== stanza.from.full) plumbing.hear(stanza);
    return theirs.length > 0;
  }

  return {
    change,
    begin() {
      for (const plumbing of plumbings.values()) plumbing.begin();
    },
    send,
    isGuest: (client) => ofGuest(client) !== undefined,
    heard: (stanza) => plumbings.size > 0 && heard(stanza),
    async close(how, reason) {
      stopped = true;
      cancel();
      await changing;
      for (const [id, one] of plumbings) {
        await one.close(how === 'farewell' ? 'over' : 'silently', reason);
        if (parts.running.get(id) === one) parts.running.delete(id);
      }
    },
  };
}
