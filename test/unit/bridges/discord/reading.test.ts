/** Whose a message is. */
import { expect, test } from 'vitest';
import { addresses } from '../../../../bridges/discord/addresses.ts';
import { authorOf } from '../../../../bridges/discord/reading.ts';
import { readExported } from '../../../../bridges/discord/text/exported.ts';

test('JID-05 who is shown by a webhook under a long name has an address: it is cut between signs', () => {
  const author = { id: '5', username: `${'a'.repeat(79)}😀😀`, discriminator: '0', global_name: null, avatar: null };
  const id = authorOf({ author, webhook_id: '5' } as unknown as Parameters<typeof authorOf>[0]);
  expect(id).toBe(`5:${'a'.repeat(79)}😀`);
  expect(addresses.parse(addresses.format({ is: 'person', id }))).toEqual({ is: 'person', id });
});

test('JID-05 so has one of an export', () => {
  const author = { id: '5', name: `${'a'.repeat(79)}😀😀`, isBot: true, discriminator: '0000' };
  const said = { id: '9', type: 'Default', timestamp: '2026-01-02T03:04:05+00:00', content: 'hello', author };
  expect(readExported(said)?.by).toBe(`5:${'a'.repeat(79)}😀`);
});
