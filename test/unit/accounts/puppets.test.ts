/** Who is spoken for, as a session gets it. */
import { expect, test } from 'vitest';
import { picturedIn, respokenIn, spokenIn } from '../../../src/accounts/puppets.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import { plainText } from '../../../src/core/content.ts';
import { chatId, personId } from '../../../src/core/ids.ts';

const session = (puppets?: Session['puppets']): Session => ({
  me: personId('me'),
  limits: () => ({ textBytes: 400, maxBytes: 4000, concurrency: 1, window: 1, dedupes: false }),
  send: () => Promise.reject(new Error('nothing is sent')),
  rooms: { join: () => Promise.reject(new Error('nobody comes in')), leave: async () => {} },
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

test('what takes the place of something said has its author wherever the network may have shown one', () => {
  const content = { text: plainText('hi'), author: { nick: 'juliet', jid: 'juliet@a.test' } };
  expect(respokenIn(content, session())).toEqual({ text: plainText('<juliet> hi') });
  const text = content.text;
  expect(respokenIn(content, session({ canSpeakAs: () => false }))).toEqual({ text, author: { nick: 'juliet' } });
  expect(respokenIn({ text }, session())).toEqual({ text });
});

test('whose picture it is, the gateway alone knows; networks get its address', async () => {
  const content = { text: plainText('hi'), author: { nick: 'juliet', jid: 'juliet@a.test', askedBy: 'herald@a.test' } };
  const [here, there] = [chatId('#here'), chatId('#there')];
  const some = session({ canSpeakAs: (chat) => chat === here });
  const asked: unknown[] = [];
  const pictures = (found: string | Promise<string | undefined> | undefined) => ({
    of: (author: object) => {
      asked.push(author);
      return found;
    },
    heard: () => undefined,
  });
  const text = content.text;
  expect(spokenIn(here, content, some)).toEqual({ text, author: { nick: 'juliet' } });
  expect(picturedIn(here, content, some, undefined)).toEqual({ text, author: { nick: 'juliet' } });
  const shown = { text, author: { nick: 'juliet', avatar: 'https://a.test/p' } };
  expect(picturedIn(here, content, some, pictures('https://a.test/p'))).toEqual(shown);
  expect(await picturedIn(here, content, some, pictures(Promise.resolve('https://a.test/p')))).toEqual(shown);
  expect(asked).toEqual([content.author, content.author]);
  expect(picturedIn(there, content, some, pictures('https://a.test/p'))).toEqual({ text: plainText('<juliet> hi') });
  expect(asked).toHaveLength(2);
});
