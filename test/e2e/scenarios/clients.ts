/** Several clients of one user, leaving, ghosts, and lost connections. */
import { expect } from 'vitest';
import { bodies, expectJoinOrder } from '../../harness/expectations.ts';
import { child, codesOf, conditionOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';
import { gatewayDomain } from '../../harness/world.ts';

const ping = (person: JabberPerson, to: string) =>
  person.client.ask(`<iq type='get' to='${to}'><ping xmlns='urn:xmpp:ping'/></iq>`);

/** Cuts a client's connection; resolves when the server has told everybody whom it tells, and the account in the room has heard of it. */
async function loses(person: JabberPerson, room: string): Promise<void> {
  const watcher = await person.another('watcher');
  person.client.cut();
  await watcher.client.receive(`<presence type='unavailable' from='${person.client.jid}'/>`);
  await watcher.client.roundtrip(`${room}/${person.nick}`);
}

export const clients = theme('clients', [
  scenario('45-27 a second client gets the whole sequence, IRC sees no second JOIN', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    const since = juliet.client.inbox.all.length;
    const joined = await phone.enters();
    expectJoinOrder(joined);
    expect(joined.occupants.map(({ attrs }) => attrs.from)).toEqual([`${stage.room}/${juliet.nick}`]);
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ JOIN /, since)).toEqual([]);
  }),

  scenario('45-27 45-40 both clients see what either says', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    await phone.enters();
    const id = romeo.says('from the desk');
    expect((await phone.hears(romeo, 'from the desk')).attrs.id).toBe(id);
    await romeo.hears(romeo, 'from the desk');
    phone.says('from the garden');
    await romeo.hears(romeo, 'from the garden');
    await juliet.hears(romeo, 'from the garden');
    juliet.says('both of you');
    await romeo.hears(juliet, 'both of you');
    await phone.hears(juliet, 'both of you');
  }),

  scenario('45-28 a second client with another nick gets the account’s nick and 210', async (stage) => {
    const { romeo } = await stage.pair();
    const phone = await romeo.another('phone');
    phone.nick = `${romeo.nick}x`;
    const joined = await phone.enters();
    expect(joined.self.attrs.from).toBe(`${stage.room}/${romeo.nick}`);
    expect(codesOf(joined.self)).toEqual(expect.arrayContaining([110, 210]));
  }),

  scenario('45-27 45-55 IRC sees a PART only when the last client leaves', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    await phone.enters();
    const left = await phone.leaves();
    expect(codesOf(left)).toContain(110);
    juliet.says('still there?');
    await romeo.hears(juliet, 'still there?');
    expect(juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ (PART|QUIT)`))).toEqual([]);
    await phone.client.sawNothingLike(`<message type='groupchat'><body>still there?</body></message>`, stage.room);
    await romeo.leaves();
    await juliet.sees(romeo, '(PART|QUIT)');
  }),

  scenario('45-55 leaving parts at once; one may come back', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    expect(codesOf(await romeo.leaves())).toContain(110);
    await juliet.sees(romeo, '(PART|QUIT)');
    await romeo.enters();
    await juliet.sees(romeo, 'JOIN');
  }),

  scenario('45-44 what was said before leaving is said, however long it waits for its turn', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (let n = 1; n <= 12; n++) romeo.says(`a thousand times good night ${n}`);
    await romeo.leaves();
    for (let n = 1; n <= 12; n++) await juliet.hears(romeo, `a thousand times good night ${n}`);
    await juliet.sees(romeo, '(PART|QUIT)');
    expect(romeo.client.seen(`<message type='error'/>`)).toEqual([]);
  }),

  scenario(
    '45-55 the status of who leaves is told as the reason',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      romeo.client.send(
        `<presence type='unavailable' id='bye' to='${stage.room}/${romeo.nick}'><status>the lark, the herald</status></presence>`,
      );
      expect(codesOf(await romeo.sees(romeo, 'unavailable'))).toContain(110);
      await juliet.sees(romeo, '(PART|QUIT)', 'the lark, the herald');
    },
    { hybrid: 'it swallows the farewell of whoever came within the last second' },
  ),

  scenario('45-55 unavailable from somebody who is not in the room is ignored', async (stage) => {
    const { romeo } = await stage.pair();
    const paris = await stage.jabber('paris');
    paris.client.send(`<presence type='unavailable' to='${stage.room}/${paris.nick}'/>`);
    await paris.client.sawNothingLike(`<presence from='${stage.room}/${paris.nick}'/>`, gatewayDomain);
    await romeo.client.roundtrip(gatewayDomain);
  }),

  scenario('45-59 a bounced groupchat message removes that client and no other', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    await phone.enters();
    const error = `<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    phone.client.send(`<message type='error' id='x' to='${stage.room}/${juliet.nick}'>${error}</message>`);
    const answer = await ping(phone, `${stage.room}/${romeo.nick}`);
    expect(conditionOf(answer)).toBe('not-acceptable');
    juliet.says('who is left?');
    await romeo.hears(juliet, 'who is left?');
    romeo.says('I am');
    await juliet.hears(romeo, 'I am');
  }),

  scenario('410-01 410-03 a self-ping is answered at once, whatever the nick', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const since = juliet.client.inbox.all.length;
    expect((await ping(romeo, `${stage.room}/${romeo.nick}`)).attrs.type).toBe('result');
    expect((await ping(romeo, `${stage.room}/${romeo.nick}-of-old`)).attrs.type).toBe('result');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/PING/, since)).toEqual([]);
  }),

  scenario('410-02 a self-ping from a client that is not in the room: not-acceptable', async (stage) => {
    const { romeo } = await stage.pair();
    const phone = await romeo.another('phone');
    const answer = await ping(phone, `${stage.room}/${romeo.nick}`);
    expect(conditionOf(answer)).toBe('not-acceptable');
    expect(child(answer, 'error')?.attrs).toMatchObject({ type: 'cancel', by: stage.room });
  }),

  scenario(
    'a lost connection lingers: IRC sees nothing, and who comes back gets what was said, in order',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      juliet.says('before');
      await romeo.hears(juliet, 'before');
      const since = juliet.client.inbox.all.length;
      await loses(romeo, stage.room);
      for (let n = 1; n <= 5; n++) juliet.says(`while you were away ${n}`);
      await juliet.client.roundtrip();
      const back = await romeo.another('romeo');
      expectJoinOrder(await back.enters());
      // The last of them may still have been on their way to the gateway: then they come behind the join.
      for (let n = 1; n <= 5; n++)
        await back.client.receive(`<message type='groupchat'><body>while you were away ${n}</body></message>`);
      const missed = bodies(back.client.seen(`<message type='groupchat'/>`));
      expect(missed.filter((text) => text?.startsWith('while you'))).toEqual(
        [1, 2, 3, 4, 5].map((n) => `while you were away ${n}`),
      );
      juliet.says('welcome back');
      await back.hears(juliet, 'welcome back');
      back.says('I never left');
      await juliet.hears(back, 'I never left');
      expect(juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ (JOIN|PART|QUIT)`), since)).toEqual([]);
    },
  ),

  scenario('of two clients one is lost: the other notices nothing', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    await phone.enters();
    await loses(phone, stage.room);
    juliet.says('hello');
    await romeo.hears(juliet, 'hello');
    romeo.says('hello yourself');
    await juliet.hears(romeo, 'hello yourself');
  }),
]);
