/** Upload services of users' servers: found once, asked in the user's name or in ours, and done without where they refuse (CHECKLIST 363). */
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { AskingAsUsers } from '../../../src/accounts/asking-as-users.ts';
import type { Answered, Request } from '../../../src/accounts/requests.ts';
import { createSlots } from '../../../src/accounts/slots.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { parse } from '../../harness/markup.ts';
import { silentLog } from '../../harness/silent-log.ts';

const owner = 'romeo@example.org';
const file = { name: 'message.txt', type: 'text/plain' };
const bytes = Buffer.from('But soft');
const info = (features: string, form = '') =>
  `<query xmlns='http://jabber.org/protocol/disco#info'><identity category='store' type='file'/>${features}${form}</query>`;
const upload = "<feature var='urn:xmpp:http:upload:0'/>";
const atMost = (size: number) =>
  `<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:http:upload:0</value></field><field var='max-file-size'><value>${size}</value></field></x>`;
const slot = (by: string) =>
  `<slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.example.org/${by}'/><get url='https://up.example.org/${by}/get'/></slot>`;

function setUp(
  state: { form?: string; ours?: string; theirs?: string; putIs?: boolean | Error; hasNone?: boolean } = {},
) {
  const clock = createManualClock();
  const asked: string[] = [];
  const answer = (markup: string | undefined): Answered =>
    markup === undefined ? { is: 'error', condition: 'forbidden' } : { is: 'result', payload: parse(markup) };
  async function ask({ to, body }: Request): Promise<Answered> {
    const what = /disco#(\w+)|<(request)/.exec(body.text);
    asked.push(`${to} ${what?.[1] ?? 'slot'}`);
    if (what?.[1] === 'items')
      return answer(
        "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='muc.example.org'/><item jid='up.example.org'/><item jid='somebody@example.org'/><item jid='example.org' node='n'/></query>",
      );
    if (what?.[1] === 'info')
      return answer(info(to === 'up.example.org' && state.hasNone !== true ? upload : '', state.form));
    return answer(state.ours);
  }
  const users: AskingAsUsers = {
    may: () => true,
    async ask(whose, { to, ns, type }) {
      asked.push(`${to} as ${whose}: ${type} ${ns}`);
      return state.theirs === undefined ? undefined : answer(state.theirs);
    },
  };
  const slots = createSlots({
    ...{ requests: { ask }, users, clock, log: silentLog },
    async put({ put }, { type, body }) {
      const sent = body instanceof Uint8Array ? Buffer.from(body) : await buffer(body.pieces);
      asked.push(`PUT ${put} ${type} ${sent.toString()}`);
      if (state.putIs instanceof Error) throw state.putIs;
      return state.putIs ?? true;
    },
  });
  return { slots, asked, clock, state };
}

test('363-01 363-03 the service is found once, and takes the file for who sends it', async () => {
  const { slots, asked } = setUp({ theirs: slot('romeo') });
  expect(await slots.store(owner, file, bytes)).toBe('https://up.example.org/romeo/get');
  expect(asked.splice(0)).toEqual([
    'example.org items',
    'muc.example.org info',
    'up.example.org info',
    'example.org info',
    `up.example.org as ${owner}: get urn:xmpp:http:upload:0`,
    'PUT https://up.example.org/romeo text/plain But soft',
  ]);
  expect(await slots.store('juliet@example.org', file, bytes)).toBe('https://up.example.org/romeo/get');
  expect(asked).toHaveLength(2);
});

test('363-03 363-04 where we may not ask in their name, or the answer is no slot, we ask in ours', async () => {
  for (const theirs of [undefined, '<other xmlns="x"/>']) {
    const { slots, asked } = setUp({ ours: slot('gateway'), ...(theirs !== undefined && { theirs }) });
    expect(await slots.store(owner, file, bytes)).toBe('https://up.example.org/gateway/get');
    expect(asked).toContain('up.example.org slot');
  }
});

test('363-05 what is larger than it takes is not asked for; what it refuses is no file', async () => {
  const small = setUp({ form: atMost(7), theirs: slot('romeo') });
  expect(await small.slots.store(owner, file, bytes)).toBeUndefined();
  expect(small.asked.some((one) => one.includes('as romeo'))).toBe(false);
  const refused = setUp();
  expect(await refused.slots.store(owner, file, bytes)).toBeUndefined();
  for (const putIs of [false, new Error('away')]) {
    const broken = setUp({ theirs: slot('romeo'), putIs });
    expect(await broken.slots.store(owner, file, bytes)).toBeUndefined();
  }
});

test('363-01 a server without one is asked again after a while, and one that has one after a day', async () => {
  const { slots, asked, clock, state } = setUp();
  const looks = async (): Promise<number> => {
    asked.length = 0;
    await slots.store('nobody@nowhere.org', file, bytes);
    return asked.filter((one) => one === 'nowhere.org items').length;
  };
  state.hasNone = true;
  expect([await looks(), await looks()]).toEqual([1, 0]);
  await clock.advance(601_000);
  state.hasNone = false;
  expect([await looks(), await looks()]).toEqual([1, 0]);
  await clock.advance(3_600_000);
  expect(await looks()).toBe(0);
  await clock.advance(24 * 3_600_000);
  expect(await looks()).toBe(1);
});
