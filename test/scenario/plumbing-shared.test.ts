/** Where only a login makes an account, a shared one holds the plumbing: its own people, those of the MUC and those of the network hear each other. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import { Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import { asks, heard, lines, Plumbed, refHeard } from './plumbed.ts';
import type { Client } from './server.ts';
import { type Stage, type StageOptions, scenario, verona } from './stage.ts';

const options: StageOptions = { options: { logins: 'required' }, admins: ['admin@test'] };
const room = `#verona=~+bot@${domainName}`;
const herald = '#verona on the fake network (+bot)';

/** The operator's account `bot`, which admits juliet. */
async function shared(stage: Stage): Promise<void> {
  stage.gateway.authority.register('bot', 'sesame');
  const filling = new Filling(stage.client('admin', 'phone'), 'register');
  await filling.begin();
  await filling.submit({ admits: 'juliet@test' }, 'next');
  expect((await filling.submit({ username: 'bot', password: 'sesame' })).status).toBe('completed');
}

scenario(
  'all three hear each other, once, by name; after a restart too',
  async (stage) => {
    await shared(stage);
    const plumbed = new Plumbed(stage);
    expect(await plumbed.asked(verona)).toMatch(/shared account has to hold the plumbing/);
    await plumbed.joined(room);
    const { muc, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    const juliet = stage.client('juliet', 'desk');
    await juliet.joins(room, 'Juliet');
    juliet.ignores();
    await owner.says(plumbed.room, 'from the MUC', 's1');
    await juliet.says(room, 'from a client', 'j1');
    await tybalt.says('#verona', 'from the network');
    expect(tybalt.heard).toEqual(['bot: <owner> from the MUC', 'bot: <juliet> from a client']);
    expect(heard(owner)).toEqual([
      'owner: from the MUC',
      `${herald}: <juliet> from a client`,
      'tybalt: from the network',
    ]);
    expect(lines(juliet).map(({ nick, body }) => `${nick}: ${body}`)).toEqual([
      'bot: <owner> from the MUC',
      'bot: <juliet> from a client',
      'tybalt: from the network',
    ]);
    await stage.restarts();
    await plumbed.passes(30);
    await owner.says(plumbed.room, 'and after it', 's2');
    expect(tybalt.heard.at(-1)).toBe('bot: <owner> and after it');
    expect(muc.said(plumbed.room).filter((line) => line.endsWith('from the network'))).toHaveLength(1);
  },
  options,
);

scenario(
  'what is for the operator alone stays with the operator, and the MUC is let into nothing else',
  async (stage) => {
    await shared(stage);
    const plumbed = new Plumbed(stage);
    await plumbed.joined(room);
    const { admin, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    admin.ignores();
    owner.ignores();
    await tybalt.says('bot', 'a word with you');
    await stage.calm();
    expect(tybalt.heard).toEqual([]);
    expect(plumbed.told(owner)).toEqual([]);
    await owner.sends(`<iq type='get' id='q' to='${plumbed.room}/${herald}'><vCard xmlns='vcard-temp'/></iq>`);
    expect(owner.queue.find(({ name }) => name === 'iq')?.attrs.type).toBe('error');
  },
  options,
);

/** Two MUCs of one owner in the account's room. */
async function twice(stage: Stage): Promise<{ readonly plumbed: Plumbed; readonly other: string }> {
  await shared(stage);
  const plumbed = new Plumbed(stage);
  await plumbed.joined(room);
  const { muc, owner } = plumbed;
  const other = muc.found('forum', owner.bare);
  const token = await plumbed.asked(room, other);
  await owner.joins(other, 'owner');
  await owner.says(other, token, token);
  return { plumbed, other };
}

scenario(
  'two MUCs in one room hear each other, what is done to messages too; after a restart as well',
  async (stage) => {
    await shared(stage);
    const plumbed = new Plumbed(stage);
    await plumbed.joined(room);
    const { muc, owner } = plumbed;
    const other = muc.found('forum', owner.bare);
    const portia = stage.client('portia', 'desk');
    muc.affiliate(other, portia.bare, 'owner');
    const token = await plumbed.asked(room, other);
    await portia.joins(other, 'portia');
    await portia.says(other, token, token);
    await stage.calm();
    portia.ignores();
    const prince = await stage.inhabitant('prince', '#verona', 'moderator');
    await owner.says(plumbed.room, 'hallo', 'o1');
    await owner.sends(
      `<message type='groupchat' id='o2' to='${plumbed.room}'><body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='o1'/></message>`,
    );
    await portia.says(other, 'peace', 'p1');
    await prince.does('#verona', { kind: 'retracted', target: refHeard(prince) });
    const [first, edit] = lines(portia);
    expect([first, edit]).toMatchObject([
      { nick: herald, body: '<owner> hallo', replace: undefined },
      { nick: herald, body: '<owner> hello', replace: first?.id },
    ]);
    const [, , said, gone] = lines(owner);
    expect([said?.body, gone?.nick, gone?.retract]).toEqual(['<portia> peace', herald, said?.archived]);
    await plumbed.passes(2);
    await stage.restarts();
    await plumbed.passes(30);
    await owner.says(plumbed.room, 'still here', 'o3');
    expect([heard(owner), heard(portia)]).toEqual([['owner: still here'], [`${herald}: <owner> still here`]]);
    expect(prince.heard).toEqual(['bot: <owner> hallo', 'bot: <portia> peace', 'bot: <owner> still here']);
  },
  options,
);

scenario(
  'a subject that is set by way of the account is told to all MUCs but the one that set it',
  async (stage) => {
    const { plumbed, other } = await twice(stage);
    const { muc, owner, admin } = plumbed;
    await stage.calm();
    await admin.joins(room, 'Admin');
    owner.ignores();
    const set = (client: Client, to: string, text: string): Promise<void> =>
      client.sends(`<message type='groupchat' id='${text}' to='${to}'><subject>${text}</subject></message>`);
    await set(owner, plumbed.room, 'the ball');
    const first = [muc.subject(plumbed.room), muc.subject(other)];
    await set(admin, room, 'the feast');
    const second = [muc.subject(plumbed.room), muc.subject(other)];
    expect([first, second]).toEqual([
      ['the ball', 'the ball'],
      ['the feast', 'the feast'],
    ]);
    expect(owner.queue.filter(({ children }) => JSON.stringify(children).includes('subject'))).toHaveLength(4);
  },
  options,
);

scenario(
  'whoever says the same in both MUCs makes no loop of it',
  async (stage) => {
    const { plumbed, other } = await twice(stage);
    const { muc, owner, admin } = plumbed;
    const feeds = await plumbed.guest('feed');
    await feeds.joins(other, 'feed');
    admin.ignores();
    for (let i = 0; i < 5; i++)
      for (const where of [other, plumbed.room]) await feeds.says(where, `news ${i}`, `n${i}`);
    owner.ignores();
    await feeds.says(plumbed.room, 'the end', 'e');
    expect(muc.said(other).at(-1)).toBe(`${herald}: <feed> the end`);
    expect(plumbed.told(admin)).toEqual([]);
  },
  options,
);

scenario(
  'what a client of the account corrects is corrected in the MUC',
  async (stage) => {
    await shared(stage);
    const plumbed = new Plumbed(stage);
    await plumbed.joined(room);
    const juliet = stage.client('juliet', 'desk');
    await juliet.joins(room, 'Juliet');
    await juliet.says(room, 'hallo', 'j1');
    await juliet.sends(
      `<message type='groupchat' id='j2' to='${room}'><body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='j1'/></message>`,
    );
    const [first, edit] = lines(plumbed.owner);
    expect([first?.body, edit?.body, edit?.replace]).toEqual(['<juliet> hallo', '<juliet> hello', first?.id]);
  },
  options,
);

scenario(
  'with the account that holds it a plumbing ends: nobody of ours stays in the MUC, and none comes back',
  async (stage) => {
    await shared(stage);
    const plumbed = new Plumbed(stage);
    await plumbed.joined(room);
    const { admin, owner, muc } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'hello');
    owner.ignores();
    const removing = new Filling(admin, 'remove-account');
    await removing.begin();
    expect((await removing.submit({ confirm: '1' })).status).toBe('completed');
    await stage.calm();
    const left = owner.queue.filter(({ attrs }) => attrs.type === 'unavailable').map(({ attrs }) => attrs.from);
    expect(left).toEqual([`${plumbed.room}/tybalt`, `${plumbed.room}/${herald}`]);
    expect(await asks(admin, 'plumbings')).toMatch(/none|no /i);
    await stage.restarts();
    await plumbed.passes(30);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    expect(muc.said(plumbed.room).at(-1)).toContain('hello');
  },
  options,
);

scenario(
  'a plumbing goes with the shared account that holds it: nothing of whoever had it is written down again',
  async (stage) => {
    await shared(stage);
    const plumbed = new Plumbed(stage);
    await plumbed.joined(room);
    const { admin, muc } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'hello');
    await asks(admin, 'delete-my-data');
    await asks(admin, 'confirm yes');
    await stage.calm();
    expect([muc.nicks(plumbed.room), stage.members('#verona')]).toEqual([['owner'], ['tybalt']]);
    expect(await asks(admin, 'plumbings')).toMatch(/^No room/);
    await stage.restarts();
    await plumbed.passes(30);
    expect(await tablesWith('admin@test', stage)).toEqual([]);
    expect([muc.nicks(plumbed.room), stage.members('#verona')]).toEqual([['owner'], ['tybalt']]);
  },
  options,
);

async function tablesWith(text: string, { gateway }: Stage): Promise<readonly string[]> {
  const { db } = gateway.database;
  const found: string[] = [];
  for (const { name } of await db.introspection.getTables())
    if (JSON.stringify(await sql`select * from ${sql.table(name)}`.execute(db)).includes(text)) found.push(name);
  return found;
}
