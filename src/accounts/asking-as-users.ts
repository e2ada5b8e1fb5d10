/** Requests that the servers of our users let us make in their names (XEP-0356 §6.3); what is refused is done without, and logged once (CHECKLIST 356-06). */
import type { Log } from '../bridge/contract.ts';
import { type AskedAsUser, answerAsUser, requestAsUser } from '../gateway/as-user.ts';
import type { Privilege, Privileges } from '../gateway/privileges.ts';
import type { Answered, Requests } from './requests.ts';
import { refusals as refusesOthers } from './rosters.ts';

/** `ns`: of what is asked, as the permission names it. */
export interface AsUser extends AskedAsUser {
  readonly ns: string;
}

export interface AskingAsUsers {
  /** May it be asked in that user's name? */
  may(owner: string, asked: Pick<AsUser, 'ns' | 'type'>): boolean;
  /** What was answered to the user; undefined: it may not be asked. Never rejects. */
  ask(owner: string, asked: AsUser): Promise<Answered | undefined>;
}

export interface AskingAsUsersParts {
  readonly privileges: Pick<Privileges, 'of'>;
  readonly requests: Pick<Requests, 'ask'>;
  readonly log: Log;
}

/** Of the server itself, about the request that carries ours: it does not let us, or can't. */
const refusals: ReadonlySet<string> = new Set([...refusesOthers, 'feature-not-implemented']);

/** For one domain. */
export function createAskingAsUsers({ privileges, requests, log }: AskingAsUsersParts): AskingAsUsers {
  /**
   * What was announced and refused all the same, and to whom, until the host says again what it lets us do. Others go on asking: one whom Prosody knows no more is refused
   * in the same words (`forbidden`).
   */
  const broken = new WeakMap<Privilege, Map<string, Set<string>>>();
  const nameOf = ({ ns, type }: Pick<AsUser, 'ns' | 'type'>): string => `${type} ${ns}`;

  function refused(owner: string, privilege: Privilege, what: string, condition: string): void {
    const known = broken.get(privilege) ?? new Map<string, Set<string>>();
    broken.set(privilege, known);
    const whose = known.get(what);
    if (whose !== undefined) {
      whose.add(owner);
      return;
    }
    known.set(what, new Set([owner]));
    log.warn(
      { host: owner.split('@').at(-1), what, condition },
      'a privilege on requests was announced, and is refused',
    );
  }

  function granted(owner: string, { ns, type }: Pick<AsUser, 'ns' | 'type'>): Privilege | undefined {
    const privilege = privileges.of(owner);
    const access = privilege?.iq.get(ns);
    if (privilege === undefined || (access !== type && access !== 'both')) return undefined;
    return broken.get(privilege)?.get(nameOf({ ns, type }))?.has(owner) === true ? undefined : privilege;
  }

  return {
    may: (owner, asked) => granted(owner, asked) !== undefined,
    async ask(owner, asked) {
      const privilege = granted(owner, asked);
      if (privilege === undefined) return undefined;
      const answer = await requests.ask({ to: owner, type: asked.type, body: requestAsUser(privilege.ns, asked) });
      if (answer.is === 'error') {
        if (!refusals.has(answer.condition)) return answer;
        refused(owner, privilege, nameOf(asked), answer.condition);
        return undefined;
      }
      return answerAsUser(answer.payload);
    },
  };
}
