/** Lists of people and of whole domains, as operators fill them in: a line for each. */
import type { FormAnswer, FormField } from '../../bridge/commands.ts';
import { parseJid } from '../../xmpp/jid.ts';
import type { Texts } from './texts.ts';
import { textsOf } from './values.ts';

/** A person without a client, or a domain; undefined: neither. */
function who(text: string): string | undefined {
  const jid = parseJid(text.trim());
  return jid === undefined || jid.full !== jid.bare ? undefined : jid.bare;
}

/** Says which line is neither. */
export const notWho =
  (texts: Texts): NonNullable<FormField['objection']> =>
  (value) => {
    const wrong = textsOf(value).find((one) => who(one) === undefined);
    return wrong === undefined ? undefined : texts.banNoJid(wrong);
  };

/** Each once. */
export const whoIn = (value: FormAnswer[string] | undefined): readonly string[] => [
  ...new Set(textsOf(value ?? undefined).flatMap((one) => who(one) ?? [])),
];

/** Whom a JID stands for, a client's own too; undefined: no person. */
export function personOf(text: string): string | undefined {
  const jid = parseJid(text.trim());
  return jid === undefined || jid.local === '' ? undefined : jid.bare;
}

/** Says which line is no person. */
export const notPersons =
  (texts: Texts): NonNullable<FormField['objection']> =>
  (value) => {
    const wrong = textsOf(value).find((one) => personOf(one) === undefined);
    return wrong === undefined ? undefined : texts.deleteUserNobody(wrong);
  };
