/** Who is spoken for, as a session gets it. */
import { expect, test } from 'vitest';
import { spokenIn } from '../../../src/accounts/puppets.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import { plainText } from '../../../src/core/content.ts';
import { chatId, personId } from '../../../src/core/ids.ts';

const session = (puppets?: Session['puppets']): Session => ({
  me: personId('me'),
  limits: () => ({ textBytes: 400, maxBytes: 4000, concurrency: 1, window: 1, dedupes: false }),
  send: () => Promise.reject(new Error('nothing is sent')),
  end: () => Promise.resolve(),
  ...(puppets !== undefined && { puppets }),
});

test('a name stands in front unless the network shows it in that chat', () => {
  const content = { text: plainText('hi'), author: { nick: 'juliet' } };
  const [here, there] = [chatId('#here'), chatId('#there')];
  expect(spokenIn(here, content, session())).toEqual({ text: plainText('<juliet> hi') });
  const some = session({ canSpeakAs: (chat) => chat === here });
  expect(spokenIn(here, content, some)).toBe(content);
  expect(spokenIn(there, content, some)).toEqual({ text: plainText('<juliet> hi') });
});
