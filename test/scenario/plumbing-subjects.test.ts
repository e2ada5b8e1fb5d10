/** The subjects of a network's room and of the MUC that it is joined with: what somebody changes is passed on, what is there already stands over nothing. */
import { expect } from 'vitest';
import { chatId } from '../../src/core/ids.ts';
import { domainName } from './gateway.ts';
import { admins, herald, Plumbed, plumbedScenario } from './plumbed.ts';
import { scenario } from './stage.ts';

plumbedScenario('subjects, each way once', async ({ stage, room, owner, muc }) => {
  const tybalt = await stage.inhabitant('tybalt', '#verona', 'moderator');
  await tybalt.setsTopic('#verona', 'the ball');
  expect(muc.subject(room)).toBe('the ball');
  await owner.sends(`<message type='groupchat' id='t1' to='${room}'><subject>the feast</subject></message>`);
  expect(tybalt.events.findLast(({ kind }) => kind === 'room')).toMatchObject({ change: { topic: 'the feast' } });
  expect(muc.subject(room)).toBe('the feast');
});

for (const hasArchive of [true, false]) {
  plumbedScenario(
    `the first one after a restart too, ${hasArchive ? 'with' : 'without'} an archive`,
    async (plumbed) => {
      const { stage, room, owner, muc } = plumbed;
      muc.hasArchive = hasArchive;
      const set = (text: string): Promise<void> =>
        owner.sends(`<message type='groupchat' id='${text}' to='${room}'><subject>${text}</subject></message>`);
      await set('the ball');
      await stage.restarts();
      await plumbed.passes(30);
      await set('the feast');
      expect(stage.gateway.world.topicOf(chatId('#verona'))).toBe('the feast');
    },
  );
}

const topic = ({ stage }: Plumbed): string | undefined => stage.gateway.world.topicOf(chatId('#verona'));
const sets = ({ owner, room }: Plumbed, text: string): Promise<void> =>
  owner.sends(`<message type='groupchat' id='${text}' to='${room}'><subject>${text}</subject></message>`);

for (const hasArchive of [true, false]) {
  const how = hasArchive ? 'with' : 'without';
  plumbedScenario(`what the MUC changes while our occupant is out, ${how} an archive: once`, async (plumbed) => {
    const { stage, room, muc } = plumbed;
    muc.hasArchive = hasArchive;
    const tybalt = await stage.inhabitant('tybalt', '#verona', 'moderator');
    await sets(plumbed, 'the ball');
    muc.kick(room, herald, 'hush');
    await sets(plumbed, 'the feast');
    await plumbed.passes(70);
    expect(topic(plumbed)).toBe('the feast');
    await stage.gateway.stop('kill');
    await plumbed.passes(2);
    await sets(plumbed, 'the mask');
    await stage.gateway.start();
    await plumbed.passes(30);
    expect(topic(plumbed)).toBe('the mask');
    await tybalt.setsTopic('#verona', 'the duel');
    for (const comeBack of [() => stage.restarts(), () => muc.restart('told')]) {
      await comeBack();
      await plumbed.passes(30);
      expect([muc.subject(room), topic(plumbed)]).toEqual(['the duel', 'the duel']);
    }
  });
}

plumbedScenario(
  'what the network changes while our occupant is out of the MUC, or nobody hears us there',
  async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona', 'moderator');
    await sets(plumbed, 'the ball');
    muc.kick(room, herald, 'hush');
    await stage.calm();
    await tybalt.setsTopic('#verona', 'the feast');
    await plumbed.passes(70);
    expect([muc.subject(room), topic(plumbed)]).toEqual(['the feast', 'the feast']);
    stage.server.isMucLost = true;
    await tybalt.setsTopic('#verona', 'the mask');
    stage.server.isMucLost = false;
    muc.restart('told');
    await plumbed.passes(70);
    expect([muc.subject(room), topic(plumbed)]).toEqual(['the mask', 'the mask']);
    await owner.joins(room, 'owner');
    muc.kick(room, herald, 'hush');
    await stage.calm();
    await tybalt.setsTopic('#verona', 'the duel');
    await sets(plumbed, 'the peace');
    await plumbed.passes(300);
    expect([muc.subject(room), topic(plumbed)]).toEqual(['the peace', 'the peace']);
  },
);

plumbedScenario('the MUC keeps its subject where the network did not take it', async (plumbed) => {
  const { stage, room, owner, muc } = plumbed;
  const prince = await stage.inhabitant('prince', '#verona', 'owner');
  await prince.setsTopic('#verona', 'the ball');
  await prince.configures('#verona', { topicByModeratorsOnly: true });
  await owner.sends(`<message type='groupchat' id='t1' to='${room}'><subject>the rules</subject></message>`);
  for (const comeBack of [() => prince.kicks('piazza', '#verona', 'out'), () => stage.restarts()]) {
    await comeBack();
    await plumbed.passes(30);
    expect([muc.subject(room), stage.gateway.world.topicOf(chatId('#verona'))]).toEqual(['the rules', 'the ball']);
  }
  await prince.setsTopic('#verona', 'the mask');
  expect(muc.subject(room)).toBe('the mask');
});

scenario(
  'at the beginning a MUC without a subject gets the network’s, another keeps its own',
  async (stage) => {
    const plumbed = new Plumbed(stage);
    const { muc, room, owner } = plumbed;
    const rules = muc.found('rules', owner.bare);
    await owner.joins(rules, 'owner');
    await owner.sends(`<message type='groupchat' id='t1' to='${rules}'><subject>the rules</subject></message>`);
    for (const [name, where] of [
      ['verona', room],
      ['mantua', rules],
    ] as const) {
      const prince = await stage.inhabitant(`${name}s-prince`, `#${name}`);
      await prince.setsTopic(`#${name}`, 'the ball');
      const token = await plumbed.asked(`#${name}@${domainName}`, where);
      await owner.joins(where, 'owner');
      await owner.says(where, token, token);
      await stage.calm();
    }
    expect([muc.subject(room), muc.subject(rules)]).toEqual(['the ball', 'the rules']);
  },
  admins,
);

plumbedScenario('whose subject the network does not take is told', async (plumbed) => {
  const { stage, room, owner } = plumbed;
  const prince = await stage.inhabitant('prince', '#verona', 'owner');
  await prince.configures('#verona', { topicByModeratorsOnly: true });
  owner.ignores();
  await owner.sends(`<message type='groupchat' id='t1' to='${room}'><subject>the rules</subject></message>`);
  await stage.calm();
  expect(plumbed.told(owner)).toEqual([expect.stringMatching(/^#verona on the fake network: .+/)]);
});

plumbedScenario('where the MUC does not take the network’s subject, who made the plumbing is told', async (plumbed) => {
  const { stage, room, owner, admin, muc } = plumbed;
  await owner.sends(`<message type='groupchat' id='t1' to='${room}'><subject>the rules</subject></message>`);
  muc.change(room, { keepsSubject: true });
  const prince = await stage.inhabitant('prince', '#verona', 'owner');
  admin.ignores();
  for (const topic of ['the ball', 'the feast']) await prince.setsTopic('#verona', topic);
  expect(muc.subject(room)).toBe('the rules');
  expect(plumbed.told(admin)).toEqual([
    expect.stringContaining('did not take a subject that was set on the network (forbidden)'),
  ]);
  muc.gives(room, herald, 'moderator');
  await prince.setsTopic('#verona', 'the mask');
  expect(muc.subject(room)).toBe('the mask');
});
