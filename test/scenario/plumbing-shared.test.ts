/** Where only a login makes an account, a shared one holds the plumbing: its own people, those of the MUC and those of the network hear each other. */
import { expect } from 'vitest';
import { Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import { heard, lines, Plumbed } from './plumbed.ts';
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
