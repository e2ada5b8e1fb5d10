/** What a contact's address announces (CHECKLIST 030-08, 115-01): the same for service discovery and for presence, so that the hash in the one is that of the other. */
import type { Session } from '../../bridge/contract.ts';
import type { ChatId } from '../../core/ids.ts';
import { PEP_IDENTITY } from '../../xmpp/xep/0163-pep.ts';
import { type Announced, announced, contactFeatures, type Info } from '../disco.ts';
import { reactionForms } from '../reaction-limits.ts';
import { contactArchiveFeatures } from './archive.ts';
import { deedFeatures } from './deed-features.ts';
import { nodeFeatures } from './nodes.ts';
import { contactQuestions, offeredOf } from './person-questions.ts';

/**
 * As things are: what the live session can ask and do, nothing of the network where there is none.
 * @param kept is what is said between the two kept?
 */
export type ContactInfoOf = (session: Session | undefined, chat: ChatId, kept: boolean) => Announced;

/** Nameless: one hash is all that clients have to ask about, for all contacts alike (XEP-0115 §1.2). */
const identities = [
  { category: 'account', type: 'registered' },
  { category: 'client', type: 'pc' },
] as const;
const withNodes = [...identities, PEP_IDENTITY];

const rememberedAtMost = 64;

/** @param always what contacts have on every session of the domain */
export function createContactInfo(always: readonly string[]): ContactInfoOf {
  const known = new Map<string, Announced>();
  return (session, chat, kept) => {
    const asked = session === undefined ? [] : offeredOf(contactQuestions, session.people ?? {});
    const now = [...asked, ...nodeFeatures(session), ...deedFeatures(session), ...(kept ? contactArchiveFeatures : [])];
    const forms = reactionForms(session, chat);
    const restricted = forms.flatMap(({ fields }) => fields.flatMap(({ values }) => values));
    const key = `${session?.avatars !== undefined} ${[...now, ...restricted].join(' ')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const info: Info = {
      identities: session?.avatars === undefined ? identities : withNodes,
      features: [...always, ...contactFeatures, ...now],
      forms,
    };
    if (known.size >= rememberedAtMost) known.clear();
    const made = announced(info);
    known.set(key, made);
    return made;
  };
}
