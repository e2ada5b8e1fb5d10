/**
 * How people of the network's list come into the owner's contact list where we may not put them there: a client that can take many at once is given them
 * (XEP-0144), else the owner is asked for one after the other, at a pace that no server takes for a flood (CHECKLIST ROS-30 to ROS-32).
 */

import type { PersonId } from '../core/ids.ts';
import { sparseMap } from '../core/sparse.ts';
import { suggestion } from '../gateway/contacts/listed.ts';
import type { Entry } from '../gateway/contacts/placing.ts';
import type { Face } from '../gateway/face.ts';
import type { Capabilities } from './capabilities.ts';
import type { Requests } from './requests.ts';
import type { SubscriptionPace } from './subscription-pace.ts';

export interface AskingOwner {
  /** To be asked for, before long. `text` is what they said themselves: then it is their request, and no client is given them. */
  add(person: PersonId, text?: string): void;
  /** Not any more. */
  remove(person: PersonId): void;
  /** All that were added: to a client that takes them, else one by one. Said again it changes nothing. Never rejects. */
  begin(): void;
}

export interface AskingParts {
  readonly owner: string;
  readonly face: Pick<Face, 'listed'>;
  readonly requests: Pick<Requests, 'ask'>;
  readonly clients: Pick<Capabilities, 'with'>;
  readonly pace: SubscriptionPace;
  /** The contact's address, and how it stands on the network's list. */
  entry(person: PersonId): { readonly jid: string; readonly entry: Entry } | undefined;
  send(stanzas: ReturnType<Face['listed']['ask']>): void;
  /** It was done: written down. */
  did(person: PersonId, how: 'suggested' | 'asked' | 'asks'): Promise<void>;
  onBug(error: unknown): void;
  readonly signal: AbortSignal;
}

const rosterExchange = 'http://jabber.org/protocol/rosterx';
/** What a client is asked to show its user at once. */
const suggestedAtMost = 200;
const waitingAtMost = 5_000;

/** For one account. */
export function createAskingOwner(parts: AskingParts): AskingOwner {
  const { owner, face, signal } = parts;
  const waiting = sparseMap<PersonId, string | undefined>();
  let running = false;

  /** True where a client has them all. */
  async function suggestAll(): Promise<boolean> {
    const plain = [...waiting]
      .flatMap(([person, text]) => (text === undefined ? [person] : []))
      .slice(0, suggestedAtMost);
    const client = plain.length === 0 ? undefined : (await parts.clients.with(rosterExchange, owner)).at(-1);
    if (client === undefined || signal.aborted) return false;
    const items = plain.flatMap((person) => {
      const known = parts.entry(person);
      return known === undefined ? [] : [{ action: 'add' as const, jid: known.jid, ...known.entry }];
    });
    const answer = await parts.requests.ask({ to: client, type: 'set', body: suggestion(items) });
    if (answer.is === 'error') return false;
    for (const person of plain) {
      waiting.delete(person);
      await parts.did(person, 'suggested');
    }
    return true;
  }

  async function askAll(): Promise<void> {
    while (await suggestAll());
    for (;;) {
      const [next] = waiting;
      if (next === undefined) return;
      await parts.pace.turn(owner, signal);
      const [person, text] = next;
      // Whoever was settled meanwhile is not asked for.
      if (!waiting.has(person)) continue;
      waiting.delete(person);
      parts.send(face.listed.ask(person, text));
      await parts.did(person, text === undefined ? 'asked' : 'asks');
    }
  }

  function begin(): void {
    if (running || waiting.size === 0 || signal.aborted) return;
    running = true;
    askAll()
      .catch((error: unknown) => (signal.aborted ? undefined : parts.onBug(error)))
      .finally(() => {
        running = false;
      });
  }

  return {
    add(person, text) {
      if (waiting.size < waitingAtMost) waiting.set(person, text ?? waiting.get(person));
    },
    remove: (person) => void waiting.delete(person),
    begin,
  };
}
