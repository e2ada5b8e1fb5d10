/** Who of our users is there, after a restart: no server tells that again by itself, so the gateway or one of the owner's contacts asks for it (RFC 6121 §4.3, CHECKLIST 114-51, 114-53). */
import type { Clock, Network, Session } from '../bridge/contract.ts';
import type { PersonId } from '../core/ids.ts';
import { contactAddress } from '../gateway/contacts/addresses.ts';
import { probe } from '../gateway/contacts/probe.ts';
import type { Face, Outgoing } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import { passOn } from './fleeting.ts';
import type { AccountWorld } from './world.ts';

export interface Probes {
  /**
   * In its turn: the server answers with the presence of each of the owner's clients, to each who asks, or that it may not know.
   * @param answered called when it has had the time for that
   */
  ask(askers: readonly string[], owner: string, signal: AbortSignal, answered?: () => void): void;
}

/** All accounts begin in the same moment. */
const everyMs = 20;
const answersWithinMs = 30_000;

/** For one domain. */
export function createProbes(clock: Clock, send: (stanzas: readonly Outgoing[]) => void): Probes {
  let next = 0;
  let askedAt = 0;
  return {
    ask(askers, owner, signal, answered) {
      const now = clock.now();
      // Where the clock was set back the others wait for as long as before.
      next -= Math.max(0, askedAt - now);
      askedAt = now;
      const at = Math.max(now, next);
      next = at + everyMs;
      const stanzas = askers.map((one) => probe(one, owner));
      if (at <= now) send(stanzas);
      else
        clock.sleep(at - now, signal).then(
          () => send(stanzas),
          () => undefined,
        );
      if (answered !== undefined) clock.sleep(at - now + answersWithinMs, signal).then(answered, () => undefined);
    },
  };
}

/**
 * Who asks. Where a login makes accounts, the gateway, whose clients then hear that it is there (CHECKLIST 114-51); and one contact whose answer is never taken for the owner's wish that nobody
 * sees them: where a network asks for consent, only who has it.
 */
export function probers(
  { id, owner, on, domain }: AccountRow,
  { keepsContacts, addresses, registration }: Pick<Network, 'keepsContacts' | 'addresses' | 'registration'>,
  contacts: readonly PersonId[],
  maySee: (person: PersonId) => boolean,
): readonly string[] {
  const one = keepsContacts === true ? contacts.find(maySee) : contacts[0];
  const account = { id, owner, ...(on !== undefined && { on }) };
  const contact = one === undefined ? [] : [contactAddress({ account, addresses, domain }, one)];
  return registration === 'required' && on === undefined ? [domain, ...contact] : contact;
}

export interface ProbeParts {
  session(): Session | undefined;
  /** Does the owner let that person see them? */
  maySee(person: PersonId): boolean;
  /** The account ends. */
  readonly signal: AbortSignal;
}

type Doubting = Pick<Face, 'contacts' | 'doubt' | 'shown' | 'find'>;

/** For one account: has its owner's clients asked for, where somebody may ask. Those of whom nothing is said again count no more for the network. */
export const createProbe =
  (
    row: AccountRow,
    network: Pick<Network, 'keepsContacts' | 'addresses' | 'registration'>,
    face: Doubting,
    { probes, ignore }: Pick<AccountWorld, 'probes' | 'ignore'>,
    { session, maySee, signal }: ProbeParts,
  ) =>
  (): void => {
    const by = probers(row, network, face.contacts(), maySee);
    if (by.length === 0) return;
    const forget = face.doubt();
    probes.ask(by, row.owner, signal, () => {
      forget();
      const live = session();
      const shown = live && face.shown();
      if (live !== undefined && shown !== undefined) passOn(shown, live, face).catch(ignore);
    });
  };
