/** Moderators of either side and what they take back: by who said it there, by the MUC where it lets us (XEP-0425), and never by ranks of the other side. */
import { expect } from 'vitest';
import { plainText } from '../../src/core/content.ts';
import type { MemoryMuc } from '../harness/memory-muc-port.ts';
import { heard, herald, lines, type Plumbed, plumbedScenario, refHeard } from './plumbed.ts';
import type { NetworkPerson } from './stage.ts';

/** A person of each side has spoken, and a moderator of the network looks on. */
async function spoken({ stage, room, owner }: Plumbed) {
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  const prince = await stage.inhabitant('prince', '#verona', 'moderator');
  const theirs = await tybalt.says('#verona', 'hate');
  await owner.says(room, 'love', 's1');
  const ours = refHeard(tybalt);
  const all = lines(owner);
  const [hate, love] = ['hate', 'love'].map((text) => all.find(({ body }) => body === text)?.archived);
  return { tybalt, prince, theirs, ours, hate, love };
}

plumbedScenario('what a moderator of the network takes back is taken back by who said it there', async (plumbed) => {
  const { owner, muc, room } = plumbed;
  const { prince, theirs, hate } = await spoken(plumbed);
  await prince.does('#verona', { kind: 'retracted', target: theirs });
  expect(lines(owner).map(({ nick, retract }) => [nick, retract])).toEqual([['tybalt', hate]]);
  expect(muc.nicks(room)).toEqual([herald, 'owner', 'tybalt']);
});

for (const [how, goes] of [
  ['who was put out of the network’s room', ({ prince }) => prince.kicks('tybalt', '#verona', 'hate')],
  ['whom the MUC has put out', async ({ muc, room }) => muc.kick(room, 'tybalt', 'hate')],
  ['from whom the MUC has taken the voice', async ({ muc, room }) => muc.gives(room, 'tybalt', 'visitor')],
] as const satisfies readonly (readonly [
  string,
  (on: { readonly prince: NetworkPerson; readonly muc: MemoryMuc; readonly room: string }) => Promise<void>,
])[])
  plumbedScenario(
    `of somebody ${how} our occupant takes back what they said, where it is a moderator`,
    async (plumbed) => {
      const { stage, owner, muc, room } = plumbed;
      const { prince, theirs, hate } = await spoken(plumbed);
      muc.gives(room, herald, 'moderator');
      await goes({ prince, muc, room });
      await stage.calm();
      owner.ignores();
      await prince.does('#verona', { kind: 'retracted', target: theirs, reason: 'hate' });
      expect(lines(owner).map(({ nick, retract }) => [nick, retract])).toEqual([['', hate]]);
    },
  );

plumbedScenario('what the MUC’s own people said by the MUC, where our occupant may: once', async (plumbed) => {
  const { stage, owner, muc, room, admin } = plumbed;
  const { tybalt, prince, ours, love } = await spoken(plumbed);
  muc.gives(room, herald, 'moderator');
  await stage.calm();
  owner.ignores();
  admin.ignores();
  await prince.does('#verona', { kind: 'retracted', target: ours });
  expect(lines(owner).map(({ nick, retract }) => [nick, retract])).toEqual(
    [[muc.domain, love]].map(([, id]) => ['', id]),
  );
  expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toHaveLength(1);
  expect(plumbed.told(admin)).toEqual([]);
});

for (const [why, knows] of [
  ['forbidden', true],
  ['service-unavailable', false],
] as const)
  plumbedScenario(
    `where it may not (${why}) it still stands there, and who made the plumbing is told`,
    async (plumbed) => {
      const { owner, muc, room, admin } = plumbed;
      const { prince, ours } = await spoken(plumbed);
      muc.knowsModeration = knows;
      admin.ignores();
      await prince.does('#verona', { kind: 'retracted', target: ours });
      await plumbed.passes(2);
      expect(lines(owner)).toEqual([]);
      expect(plumbed.told(admin)).toEqual([expect.stringContaining(`we may not moderate it (${why})`)]);
      expect(muc.said(room).at(-1)).toBe('owner: love');
    },
  );

plumbedScenario(
  'what the MUC’s moderators take back after a restart of ours goes from the network too',
  async (plumbed) => {
    const { stage, muc, room } = plumbed;
    const { tybalt, ours, love, hate } = await spoken(plumbed);
    await plumbed.passes(2);
    await stage.restarts();
    await plumbed.passes(30);
    muc.takesBack(room, hate ?? '', 'too bitter');
    muc.takesBack(room, love ?? '', 'too sweet');
    await stage.calm();
    expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toEqual([
      expect.objectContaining({ target: ours }),
    ]);
  },
);

plumbedScenario('what the MUC’s moderators take back of its own people goes from the network too', async (plumbed) => {
  const { stage, muc, room, owner } = plumbed;
  const { tybalt, ours, love, hate } = await spoken(plumbed);
  heard(owner);
  muc.takesBack(room, love ?? '', 'too sweet');
  await stage.calm();
  expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toEqual([expect.objectContaining({ target: ours })]);
  muc.takesBack(room, hate ?? '', 'too bitter');
  await stage.calm();
  expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toHaveLength(1);
});

plumbedScenario(
  '424-02 308-03 authors take back and correct what they said before a restart of ours, and nobody else does',
  async (plumbed) => {
    const { stage, room, owner } = plumbed;
    const { tybalt, ours, love } = await spoken(plumbed);
    await plumbed.passes(2);
    await stage.restarts('kill');
    await plumbed.passes(30);
    const retraction = `<message type='groupchat' id='s3' to='${room}'><retract xmlns='urn:xmpp:message-retract:1' id='${love}'/></message>`;
    await (await plumbed.guest('guest')).sends(retraction);
    await owner.sends(
      `<message type='groupchat' id='s2' to='${room}'><body>loving hate</body><replace xmlns='urn:xmpp:message-correct:0' id='s1'/></message>`,
    );
    await stage.calm();
    expect(tybalt.events.at(-1)).toMatchObject({ kind: 'edited', target: ours });
    expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toEqual([]);
    await owner.sends(retraction);
    await stage.calm();
    expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toEqual([
      expect.objectContaining({ target: ours }),
    ]);
  },
);

plumbedScenario(
  'what our occupant said for somebody is taken back by it, by whomever of the network',
  async (plumbed) => {
    const { stage, owner, muc, room } = plumbed;
    muc.change(room, { isMembersOnly: true });
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    const prince = await stage.inhabitant('prince', '#verona', 'moderator');
    const refs = [await tybalt.says('#verona', 'hate'), await tybalt.says('#verona', 'more hate')] as const;
    const said = lines(owner).map(({ archived }) => archived);
    await tybalt.does('#verona', { kind: 'retracted', target: refs[0] });
    await prince.does('#verona', { kind: 'retracted', target: refs[1] });
    expect(lines(owner).map(({ nick, retract }) => [nick, retract])).toEqual(said.map((id) => [herald, id]));
  },
);

plumbedScenario('what our occupant said for somebody is corrected by it, also once they are in', async (plumbed) => {
  const { stage, owner, muc, room } = plumbed;
  muc.change(room, { isMembersOnly: true });
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  const hate = await tybalt.says('#verona', 'hate');
  muc.change(room, { isMembersOnly: false });
  await plumbed.passes(400);
  const more = await tybalt.says('#verona', 'more');
  const [first, second] = lines(owner);
  for (const target of [hate, more])
    await tybalt.does('#verona', { kind: 'edited', target, content: { text: plainText('love') } });
  await tybalt.does('#verona', { kind: 'retracted', target: hate });
  expect(lines(owner).map(({ nick, body, replace, retract }) => [nick, retract ?? body, replace])).toEqual([
    [herald, '<tybalt> love', first?.id],
    ['tybalt', 'love', second?.id],
    [herald, first?.archived, undefined],
  ]);
});

plumbedScenario('who gives a message one of our ids takes the place of no other', async (plumbed) => {
  const { stage, owner, room } = plumbed;
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  const ref = await tybalt.says('#verona', 'hate');
  const [hate] = lines(owner);
  await owner.sends(`<message type='groupchat' id='${hate?.id}' to='${room}'><body>I am tybalt</body></message>`);
  await stage.calm();
  owner.ignores();
  await tybalt.does('#verona', { kind: 'retracted', target: ref });
  expect(lines(owner).map(({ retract }) => retract)).toEqual([hate?.archived]);
});

plumbedScenario(
  'what is done to a message before the MUC has it finds it there, and what is gone is not said',
  async (plumbed) => {
    const { stage, owner, muc } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    const romeo = await stage.inhabitant('romeo', '#verona');
    await tybalt.says('#verona', 'one');
    await romeo.says('#verona', 'two');
    owner.ignores();
    muc.isAway = true;
    const hate = await tybalt.says('#verona', 'hate');
    await tybalt.does('#verona', { kind: 'edited', target: hate, content: { text: plainText('more hate') } });
    const love = await tybalt.says('#verona', 'love');
    await romeo.says('#verona', { text: plainText('indeed'), replyTo: love });
    await romeo.does('#verona', { kind: 'reaction', target: love, emoji: '♥', present: true });
    await tybalt.does('#verona', { kind: 'retracted', target: hate });
    muc.isAway = false;
    await plumbed.passes(120);
    const told = lines(owner);
    const id = told[0]?.archived;
    expect(told.map(({ nick, body, reply, reactions }) => [nick, body, reply ?? reactions])).toEqual([
      ['tybalt', 'love', undefined],
      ['romeo', '> tybalt: love\nindeed', id],
      ['romeo', undefined, id],
    ]);
  },
);
