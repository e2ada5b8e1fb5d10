/** An account of the operator's that serves several people, for the scenarios about it. */
import { expect } from 'vitest';
import { write } from '../../src/xml/writer.ts';
import { Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import type { Stage, StageOptions } from './stage.ts';

export const options: StageOptions = { options: { logins: 'required' }, admins: ['admin@test'] };
export const verona = `#verona=~+bot@${domainName}`;

/** The operator's account `bot`, which admits these; nothing of that is left in the operator's client. */
export async function shares(stage: Stage, ...admits: readonly string[]) {
  stage.gateway.authority.register('bot', 'sesame');
  const admin = stage.client('admin');
  const filling = new Filling(admin, 'register');
  expect((await filling.begin()).fields).toEqual({ admits: '' });
  await filling.submit(Object.fromEntries([['admits', admits.join('</value><value>')]]), 'next');
  const done = await filling.submit({ username: 'bot', password: 'sesame' });
  expect(done.status).toBe('completed');
  await stage.calm();
  admin.ignores();
  return admin;
}

/** What came as text. */
export const came = (client: ReturnType<Stage['client']>): string =>
  client.queue
    .splice(0)
    .map((one) => write(one).text)
    .join('\n');

export const forbidden = `<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
