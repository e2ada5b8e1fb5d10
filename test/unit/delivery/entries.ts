/** Entries for the tests of delivery. */
import { plainText } from '../../../src/core/content.ts';
import { chatId, deliveryKey } from '../../../src/core/ids.ts';
import type { DurableIntent, Origin } from '../../../src/core/intent.ts';
import type { OutboxEntry } from '../../../src/storage/ports.ts';

export const send = (chat: string, text: string): DurableIntent => ({
  kind: 'send',
  chat: chatId(chat),
  content: { text: plainText(text) },
});

export const origin = (stanzaId: string, at = 1_700_000_000_000): Origin => ({
  from: 'romeo@example.org/phone',
  to: 'somewhere@irc.example.org',
  stanzaId,
  via: 'message',
  at,
});

export const entryAt = (key: string, chat = '#a', at?: number): OutboxEntry => ({
  key: deliveryKey(key),
  intent: send(chat, key),
  origin: origin(key, at),
});
