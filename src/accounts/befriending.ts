/** The gateway becomes a contact of whoever registers (XEP-0100 §4.1.1): by their server, where it lets us at their list, else it asks. */
import { askToSubscribe } from '../gateway/commands/login-steps.ts';
import type { LoginPowers } from '../gateway/commands/powers.ts';
import { entryIn, merged } from '../gateway/contacts/placing.ts';
import { probe } from '../gateway/contacts/probe.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Rosters } from './rosters.ts';

/** Both directions at once and with no question to anybody (CHECKLIST 100-04); whose clients are there is asked of their server, and each is told that the gateway is. @param here that it is, to the clients of whom that question does not tell it */
export function createBefriending(
  domain: string,
  rosters: Pick<Rosters, 'may' | 'read' | 'put'>,
  send: (stanzas: readonly Outgoing[]) => void,
  here: (owner: string) => readonly Outgoing[],
): LoginPowers['befriend'] {
  /** False: their server has refused. */
  async function put(owner: string, name: string): Promise<boolean> {
    const list = await rosters.read(owner);
    if (list === undefined) return false;
    const there = list.get(domain);
    if (there?.subscription === 'both') return true;
    const about = { name, groups: [] };
    // What they call it already stays.
    return rosters.put(owner, domain, there === undefined ? about : merged(entryIn(there), undefined, about));
  }

  return (owner, name, lang) => {
    const asks = [askToSubscribe(domain, owner, name, lang)];
    if (rosters.may(owner) !== 'write') return asks;
    // The answer to whoever registers does not wait for their server (100-01).
    void put(owner, name).then((isThere) => send(isThere ? [...here(owner), probe(domain, owner)] : asks));
    return [];
  };
}
