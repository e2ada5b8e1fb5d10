/** What the clients of our users can do, as they announce it with their presence (XEP-0115 §6): asked once for all that announce the same, and of nobody who announces nothing. */
import { type Caps, capsIn, capsQuestion, readCaps } from '../gateway/client-caps.ts';
import type { Stanza } from '../gateway/face.ts';
import type { Jid } from '../xmpp/jid.ts';
import type { ClientIqs } from './client-iqs.ts';
import { createMemory } from './memory.ts';

export interface Capabilities {
  /** Hears of clients that come, change and go. */
  hear(stanza: Stanza): void;
  /** The clients (full JIDs) of that user (a bare JID) that are there and have that feature, the one that showed itself last at the end. Never rejects. */
  with(feature: string, owner: string): Promise<readonly string[]>;
  /** The features behind what a client announced to `by`: known already, or will be; undefined: it does not answer, or too many are asked. Never rejects. */
  of(client: string, by: string, caps: Caps): ReadonlySet<string> | Promise<ReadonlySet<string> | undefined>;
}

const rememberedAtMost = 2_000;
const askedAtOnce = 200;
const withinMs = 30_000;
const clientsAtMost = 20_000;
const eachAtMost = 20;

/** For one domain, by whose address clients are asked that told no contact alone. @param allows who may use it: nobody else's clients are remembered, however many they are */
export function createCapabilities(
  domain: string,
  iqs: Pick<ClientIqs, 'ask'>,
  allows: (jid: Jid) => boolean,
): Capabilities {
  const known = createMemory<ReadonlySet<string>>(rememberedAtMost);
  const asking = new Map<string, Promise<ReadonlySet<string> | undefined>>();
  const announced = createAnnounced(allows);

  async function ask(client: string, by: string, caps: Caps, key: string): Promise<ReadonlySet<string> | undefined> {
    const answer = await iqs.ask({ from: by, to: client, payload: capsQuestion(caps) }, withinMs);
    const read = readCaps(answer?.payload, caps);
    if (read?.holds === true) known.set(key, read.features);
    return read?.features;
  }

  function of(client: string, by: string, caps: Caps): ReturnType<Capabilities['of']> {
    const key = `${caps.hash} ${caps.ver}`;
    const features = known.get(key);
    if (features !== undefined) return features;
    // What somebody else answers counts only where its hash is right: then it is in mind.
    const others = asking.get(key);
    if (others !== undefined) return others.then(() => known.get(key) ?? ask(client, by, caps, key));
    if (asking.size >= askedAtOnce) return Promise.resolve(undefined);
    const own = ask(client, by, caps, key).finally(() => asking.delete(key));
    asking.set(key, own);
    return own;
  }

  return {
    of,
    hear: announced.hear,
    async with(feature, owner) {
      const theirs = announced.by(owner);
      const asked = await Promise.all(
        theirs.map(async ([client, caps]) => [client, await of(client, domain, caps)] as const),
      );
      return asked.flatMap(([client, features]) => (features?.has(feature) === true ? [client] : []));
    },
  };
}

/** Of one client; `by`: whom it told first. It tells many, and goes from some of them while it stays: from a room, or from a contact that its user has removed. */
interface Announcement {
  readonly caps: Caps;
  readonly by: string;
}

/**
 * Which client announces what, the one that showed itself last at the end. Of those that went while there was no stream nobody tells that they are gone: where there are too
 * many, the one that showed itself longest ago is forgotten.
 */
function createAnnounced(allows: (jid: Jid) => boolean): {
  hear(stanza: Stanza): void;
  by(owner: string): readonly (readonly [client: string, caps: Caps])[];
} {
  /** Owner → full JID. */
  const clients = new Map<string, Map<string, Announcement>>();
  let count = 0;

  function forget(owner: string, client: string, by: string): void {
    const theirs = clients.get(owner);
    if (theirs?.get(client)?.by !== by) return;
    theirs.delete(client);
    count--;
    if (theirs.size === 0) clients.delete(owner);
  }

  function forgetOldest(owner: string, theirs: Map<string, Announcement>): void {
    const [oldest] = theirs.keys();
    if (oldest === undefined || !theirs.delete(oldest)) return;
    count--;
    if (theirs.size === 0) clients.delete(owner);
  }

  return {
    hear(stanza) {
      const { kind, type, from, to } = stanza;
      if (kind !== 'presence' || from.local === '' || from.resource === '') return;
      if (type === 'unavailable') forget(from.bare, from.full, to.bare);
      const caps = capsIn(stanza);
      if (caps === undefined) return;
      const theirs = clients.get(from.bare) ?? new Map<string, Announcement>();
      const known = theirs.get(from.full);
      if (known === undefined && !allows(from)) return;
      if (known === undefined) count++;
      theirs.delete(from.full);
      theirs.set(from.full, { caps, by: known?.by ?? to.bare });
      clients.delete(from.bare);
      clients.set(from.bare, theirs);
      if (theirs.size > eachAtMost) forgetOldest(from.bare, theirs);
      for (const [owner, others] of clients) {
        if (count <= clientsAtMost) break;
        forgetOldest(owner, others);
      }
    },
    by: (owner) => [...(clients.get(owner) ?? [])].map(([client, { caps }]) => [client, caps] as const),
  };
}
