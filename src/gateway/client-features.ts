/** What the clients of our users can do, as far as they announce it with their presence (XEP-0115 §6): asked of them once for each set of features. */

import type { Element } from '../xml/element.ts';
import { child } from '../xml/query.ts';
import type { Xml } from '../xml/writer.ts';
import { parseJid } from '../xmpp/jid.ts';
import { discoInfo } from '../xmpp/xep/0030-disco.ts';
import { caps, capsVer, isIllFormed } from '../xmpp/xep/0115-caps.ts';
import type { Stanza } from './face.ts';

export interface ClientFeatures {
  /** Hears of clients that come, change and go. */
  hear(stanza: Stanza): void;
  /** The clients (full JIDs) of that user that are there and announce that feature. */
  with(feature: string, owner: string): Promise<readonly string[]>;
}

/** Asks a client what it can do; undefined: it did not say. */
export type AskInfo = (client: string, question: Xml) => Promise<Element | undefined>;

const clientsAtMost = 20_000;
const setsAtMost = 1_000;
const eachAtMost = 20;

/** For one domain. */
export function createClientFeatures(ask: AskInfo): ClientFeatures {
  /** Owner → full JID → "node#ver". */
  const clients = new Map<string, Map<string, string>>();
  const known = new Map<string, ReadonlySet<string>>();
  let count = 0;

  function forget(owner: string, client: string): void {
    const theirs = clients.get(owner);
    if (theirs?.delete(client) !== true) return;
    count--;
    if (theirs.size === 0) clients.delete(owner);
  }

  /** What is told is believed where it has the announced hash (§5.4). */
  async function featuresOf(client: string, node: string): Promise<ReadonlySet<string>> {
    const cached = known.get(node);
    if (cached !== undefined) return cached;
    const answer = await ask(client, discoInfo.write({ node, identities: [], features: [], forms: [] }));
    const info = answer === undefined ? undefined : discoInfo.read(answer);
    if (info === undefined) return new Set();
    const told = { ...info, features: info.features.map((one) => one.var) };
    if (isIllFormed(told) || capsVer(told) !== node.slice(node.lastIndexOf('#') + 1)) return new Set();
    const features = new Set(told.features);
    if (known.size >= setsAtMost) known.clear();
    known.set(node, features);
    return features;
  }

  return {
    hear({ kind, type, from, el }) {
      if (kind !== 'presence' || from.local === '' || from.resource === '') return;
      if (type === 'unavailable') forget(from.bare, from.full);
      const announced = type === undefined && child(el, 'c', caps.ns) !== undefined ? caps.in(el) : undefined;
      if (announced?.hash !== 'sha-1') return;
      const theirs = clients.get(from.bare) ?? new Map<string, string>();
      const isNew = !theirs.has(from.full);
      if (isNew && (count >= clientsAtMost || theirs.size >= eachAtMost)) return;
      theirs.set(from.full, `${announced.node}#${announced.ver}`);
      clients.set(from.bare, theirs);
      if (isNew) count++;
    },
    async with(feature, owner) {
      const theirs = [...(clients.get(parseJid(owner)?.bare ?? owner) ?? [])];
      const asked = await Promise.all(
        theirs.map(async ([client, node]) => [client, await featuresOf(client, node)] as const),
      );
      return asked.flatMap(([client, features]) => (features.has(feature) ? [client] : []));
    },
  };
}
