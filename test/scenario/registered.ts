/** A network on which accounts are added, and romeo with his: what scenarios of logins begin with. */
import { Filling } from './filling.ts';
import type { Client } from './server.ts';
import type { Stage } from './stage.ts';

/** Nobody is on the network without a login. */
export const loginsOnly = { options: { logins: 'required' } } as const;

/** The network knows romeo's account; the gateway does not yet. */
export function romeoOn(stage: Stage): Client {
  stage.gateway.authority.register('romeo', 'sesame');
  return stage.client();
}

/** With his password, in one go. */
export async function registers(stage: Stage): Promise<Client> {
  const romeo = romeoOn(stage);
  const filling = new Filling(romeo, 'register');
  await filling.begin();
  await filling.submit({ username: 'romeo', password: 'sesame' });
  romeo.ignores();
  return romeo;
}

/** The logins that are written down. */
export const kept = (stage: Stage) => stage.gateway.database.db.selectFrom('logins').selectAll().execute();
