/** The gateway as one of somebody's contacts: who takes it out has their accounts logged out, which are kept (CHECKLIST 100-42), and who adds it again has them logged in. */
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import type { Desk } from './commands/desk.ts';
import type { KnownLogin, LoginPowers } from './commands/powers.ts';
import { textsFor } from './commands/texts.ts';

/** A shared one is there for others, too, whatever its owner has among their contacts. */
async function own({ list }: LoginPowers, { from }: Stanza, isOut: boolean): Promise<readonly KnownLogin[]> {
  return (await list(from.bare)).filter((login) => login.isOut === isOut && login.admits === undefined);
}

/** They are told, for what is kept is theirs to remove. Nothing is left to send. */
export async function takenOut(stanza: Stanza, { settings, logins }: Desk): Promise<readonly Outgoing[]> {
  const mine = logins === undefined ? [] : await own(logins, stanza, false);
  if (logins === undefined || mine.length === 0) return [];
  const owner = stanza.from.bare;
  const texts = textsFor(stanza.lang ?? (await settings.language(owner)));
  for (const { id } of mine) await logins.logout(id, texts.logOutReason);
  logins.tell(owner, texts.takenOut(mine.map(({ label }) => label).join(', ')), texts.language);
  return [];
}

/** Nothing is left to send. */
export async function addedAgain(stanza: Stanza, { logins }: Desk): Promise<readonly Outgoing[]> {
  if (logins !== undefined) for (const { id } of await own(logins, stanza, true)) await logins.login(id);
  return [];
}
