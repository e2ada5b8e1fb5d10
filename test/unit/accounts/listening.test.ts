/** Clients that want events of contacts: asked what they can do, and asked again where they did not answer. */
import { expect, test } from 'vitest';
import { createListening } from '../../../src/accounts/listening.ts';
import { sessionOf, stanza } from '../gateway/rooms/world.ts';

const caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>";
const comes = (show = '') => stanza(`<presence from='romeo@test/phone' to='net.test'>${show}${caps}</presence>`);
const node = 'urn:xmpp:avatar:metadata';

test('163-02 163-03 a client that did not answer is asked again when it shows itself again', async () => {
  const answers: (ReadonlySet<string> | undefined)[] = [undefined, new Set([`${node}+notify`])];
  let asked = 0;
  const listens: string[][] = [];
  const listening = createListening(
    {
      listens(_, nodes) {
        listens.push([...nodes]);
        return [];
      },
    },
    {
      capabilities: { of: async () => answers[asked++] },
      session: () => sessionOf('romeo', { avatars: { fetch: async () => undefined } }),
      deliver: () => undefined,
    },
  );
  for (const show of ['', '<show>away</show>', '']) {
    listening.hear(comes(show));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([asked, listens]).toEqual([2, [[node]]]);
});
