/** Requests in users' names (CHECKLIST 12.5): asked where they are let, read as they come back, done without where they are refused. */
import { expect, test } from 'vitest';
import { createAskingAsUsers } from '../../../src/accounts/asking-as-users.ts';
import type { Answered, Request } from '../../../src/accounts/requests.ts';
import { createPrivileges } from '../../../src/gateway/privileges.ts';
import { xml } from '../../../src/xml/writer.ts';
import { parse } from '../../harness/markup.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { stanza } from '../gateway/rooms/world.ts';

const owner = 'romeo@example.org';
const ns = 'http://jabber.org/protocol/pubsub';
const asked = { type: 'get', ns, payload: xml`<pubsub xmlns='http://jabber.org/protocol/pubsub'/>` } as const;

function setUp(access = 'both') {
  const privileges = createPrivileges({ counts: () => true, onChange: () => {} });
  const announce = (): void =>
    void privileges.hear(
      stanza(
        `<message from='example.org' to='net.test'><privilege xmlns='urn:xmpp:privilege:2'><perm access='iq'><namespace ns='${ns}' type='${access}'/></perm></privilege></message>`,
      ),
    );
  announce();
  const requests: Request[] = [];
  const warnings: object[] = [];
  const state: { answer: Answered } = { answer: { is: 'error', condition: 'forbidden' } };
  const asking = createAskingAsUsers({
    privileges,
    requests: {
      async ask(request) {
        requests.push(request);
        return state.answer;
      },
    },
    log: { ...silentLog, warn: (fields) => warnings.push(fields) },
  });
  const inside = (markup: string): void => {
    const payload = parse(
      `<privilege xmlns='urn:xmpp:privilege:2'><forwarded xmlns='urn:xmpp:forward:0'>${markup}</forwarded></privilege>`,
    );
    state.answer = { is: 'result', payload };
  };
  return { asking, requests, warnings, state, inside, announce };
}

test('356-40 a request goes to the user’s bare address, both of one type, the inner one with an id', async () => {
  const { asking, requests } = setUp();
  await asking.ask(owner, asked);
  await asking.ask(owner, { ...asked, type: 'set', to: 'pubsub.example.org' });
  expect(requests.map(({ to, type, body }) => [to, type, body.text])).toEqual([
    [
      owner,
      'get',
      `<privileged_iq xmlns='urn:xmpp:privilege:2'><iq xmlns='jabber:client' type='get' id='asked'><pubsub xmlns='${ns}'/></iq></privileged_iq>`,
    ],
    [
      owner,
      'set',
      `<privileged_iq xmlns='urn:xmpp:privilege:2'><iq xmlns='jabber:client' type='set' id='asked' to='pubsub.example.org'><pubsub xmlns='${ns}'/></iq></privileged_iq>`,
    ],
  ]);
});

test('356-40 the answer is inside the server’s, an error too', async () => {
  const { asking, inside, warnings, state } = setUp();
  inside(`<iq xmlns='jabber:client' type='result' id='asked'><pubsub xmlns='${ns}'><items/></pubsub></iq>`);
  expect(await asking.ask(owner, asked)).toMatchObject({ is: 'result', payload: { name: 'pubsub', ns } });
  inside(`<iq xmlns='jabber:client' type='result' id='asked'/>`);
  expect(await asking.ask(owner, asked)).toEqual({ is: 'result' });
  inside(
    `<iq xmlns='jabber:client' type='error' id='asked'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
  );
  expect(await asking.ask(owner, asked)).toEqual({ is: 'error', condition: 'forbidden' });
  // Whoever was asked has refused that, not the server what it had promised.
  expect([asking.may(owner, asked), warnings]).toEqual([true, []]);
  for (const markup of [undefined, parse("<privilege xmlns='urn:xmpp:privilege:2'/>"), parse("<other xmlns='x'/>")]) {
    state.answer = { is: 'result', ...(markup && { payload: markup }) };
    expect(await asking.ask(owner, asked)).toMatchObject({ is: 'error' });
  }
});

test('356-04 356-41 nothing is asked of hosts that have said nothing, or not this', async () => {
  const { asking, requests } = setUp('set');
  expect(await asking.ask(owner, asked)).toBeUndefined();
  expect(await asking.ask('romeo@elsewhere.org', { ...asked, type: 'set' })).toBeUndefined();
  expect(await asking.ask(owner, { ...asked, type: 'set', ns: 'urn:xmpp:blocking' })).toBeUndefined();
  expect(requests).toEqual([]);
  expect(asking.may(owner, { ns, type: 'set' })).toBe(true);
});

test('356-06 356-41 what is refused all the same is not asked for again, is logged once, and is tried when it is announced anew', async () => {
  const { asking, requests, warnings, announce, state } = setUp();
  for (const _ of [1, 2]) expect(await asking.ask(owner, asked)).toBeUndefined();
  expect([requests.length, warnings.length, asking.may(owner, asked)]).toEqual([1, 1, false]);
  state.answer = { is: 'error', condition: 'remote-server-timeout' };
  for (const _ of [1, 2]) await asking.ask(owner, { ...asked, type: 'set' });
  expect([requests.length, warnings.length]).toEqual([3, 1]);
  announce();
  expect(asking.may(owner, asked)).toBe(true);
});

test('356-06 who is refused, as Prosody refuses one whom it knows no more, stops nobody else of the host, and it is logged once', async () => {
  const { asking, requests, warnings, inside } = setUp();
  for (const gone of [owner, 'tybalt@example.org']) {
    expect(await asking.ask(gone, asked)).toBeUndefined();
    expect(asking.may(gone, asked)).toBe(false);
  }
  inside(`<iq xmlns='jabber:client' type='result' id='asked'/>`);
  expect(await asking.ask('mercutio@example.org', asked)).toEqual({ is: 'result' });
  expect([requests.length, warnings.length]).toEqual([3, 1]);
});
