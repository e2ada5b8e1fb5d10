/** Contacts of one account: so many, and no more. */
import { expect, test } from 'vitest';
import { createContacts } from '../../../src/accounts/contacts.ts';
import { chatId, personId } from '../../../src/core/ids.ts';
import type { DurableIntent } from '../../../src/core/intent.ts';
import { romeo } from './account-world.ts';
import { setUp } from './executing.ts';

test('where there are too many nobody comes besides; who is one stays one, and may be taken out', async () => {
  const { face, world } = setUp();
  const all = Array.from({ length: 1_000 }, (_, n) => personId(`friend${n}`));
  const row = { id: romeo, domain: 'net.test', owner: 'romeo@test' };
  const contacts = createContacts(row, { ...face, contacts: () => all }, world);
  const keep = (name: string, wanted: boolean) => {
    const intent: Extract<DurableIntent, { kind: 'contact' }> = { kind: 'contact', chat: chatId(name), wanted };
    return contacts.keep(intent);
  };
  await expect(keep('tybalt', true)).rejects.toMatchObject({ code: 'queue-full' });
  await keep('friend7', true);
  expect(await world.store.contacts(romeo)).toEqual(['friend7']);
  await keep('friend7', false);
  expect(await world.store.contacts(romeo)).toEqual([]);
});
