/** XEP-0444 Message Reactions, version 0.2.1: §3.1, always the full set of one person's reactions to one message; §2.2, what an entity takes at all. */
import { attr, element, texts } from '../codec.ts';
import { type DataForm, typedForm, valueField } from './0004-data-forms.ts';

export const REACTIONS = 'urn:xmpp:reactions:0';

export const reactions = element(REACTIONS, 'reactions', { id: attr('id'), reactions: texts('reaction') });

/** What may be reacted with; a property that is absent restricts nothing. */
export interface Restrictions {
  readonly perPerson?: number | undefined;
  readonly emoji?: ReadonlySet<string> | undefined;
}

/** §2.2; undefined: there is none. */
export function restrictionsForm({ perPerson, emoji }: Restrictions): DataForm | undefined {
  if (perPerson === undefined && emoji === undefined) return undefined;
  return typedForm('result', `${REACTIONS}:restrictions`, [
    ...(perPerson === undefined ? [] : [valueField('max_reactions_per_user', [String(perPerson)])]),
    ...(emoji === undefined ? [] : [valueField('allowlist', [...emoji], 'text-multi')]),
  ]);
}
