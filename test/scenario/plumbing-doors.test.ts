/** MUCs that let not everybody in, or not everybody speak: a password, members only, moderated, full. Whoever made the plumbing is told, in their language. */
import { expect } from 'vitest';
import { admins, asks, heard, herald, Plumbed, plumbedScenario, refHeard } from './plumbed.ts';
import { scenario, verona } from './stage.ts';

scenario(
  'a password is asked for by form, kept sealed, and given by all of ours; another one by the same command',
  async (stage) => {
    const plumbed = new Plumbed(stage);
    const { admin, muc, owner, room } = plumbed;
    muc.change(room, { password: 'open-sesame' });
    await plumbed.asked();
    await stage.calm();
    expect(plumbed.told(admin).join()).toMatch(/does not let us in: it wants a password/);
    expect(await asks(admin, `unplumb ${verona}`)).toMatch(/1/);
    await asks(admin, '1');
    await asks(admin, `plumb ${verona}`);
    const noted = await asks(admin, 'password open-sesame');
    expect(noted).not.toContain('open-sesame');
    const token = /plumb-[a-z0-9]{16}/.exec(await asks(admin, `muc ${room}`))?.[0] ?? '';
    await owner.sends(
      `<presence to='${room}/owner'><x xmlns='http://jabber.org/protocol/muc'><password>open-sesame</password></x></presence>`,
    );
    await owner.says(room, token, 'x1');
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'hello');
    expect(muc.nicks(room)).toEqual([herald, 'owner', 'tybalt']);
    const { rows } = { rows: await stage.gateway.database.db.selectFrom('plumbings').selectAll().execute() };
    expect(rows[0]?.password).toMatch(/^v1:/);
    await stage.restarts('kill');
    await plumbed.passes(5);
    expect(muc.nicks(room)).toContain(herald);
    muc.change(room, { password: 'close-sesame' });
    muc.restart('told');
    await plumbed.passes(20);
    expect(await asks(admin, 'plumbings')).toMatch(/it wants a password, or another one/);
    await asks(admin, `plumb ${verona}`);
    await asks(admin, 'password close-sesame');
    expect(await asks(admin, `muc ${room}`)).toMatch(/is entered with that password now/);
    await plumbed.passes(5);
    expect(muc.nicks(room)).toEqual([herald]);
    expect(await asks(admin, 'plumbings')).toMatch(/· joined$/);
  },
  admins,
);

plumbedScenario('members only: whom an owner has to let in is said, and who speaks meanwhile', async (plumbed) => {
  const { stage, muc, owner, admin, room } = plumbed;
  admin.ignores();
  muc.change(room, { isMembersOnly: true });
  const [tybalt, romeo] = [await stage.inhabitant('tybalt', '#verona'), await stage.inhabitant('romeo', '#verona')];
  await tybalt.says('#verona', 'one');
  await romeo.says('#verona', 'two');
  expect(heard(owner)).toEqual([`${herald}: <tybalt> one`, `${herald}: <romeo> two`]);
  expect(plumbed.told(admin)).toEqual([
    `${herald} and ${room}: the MUC lets none of the network’s people in: only members may enter, and an owner or admin has to make ${verona} one. Our own occupant says what they say, with their names before it.`,
  ]);
  muc.restart('told');
  await plumbed.passes(20);
  expect(plumbed.told(admin).join()).toContain(
    `only members may enter, and an owner or admin has to make ${verona} one`,
  );
  muc.affiliate(room, verona, 'member');
  await plumbed.passes(60);
  expect(muc.nicks(room)).toContain(herald);
});

plumbedScenario('members only: who reacts is not heard as an occupant, and what with is said', async (plumbed) => {
  const { stage, muc, owner, room } = plumbed;
  muc.change(room, { isMembersOnly: true });
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await owner.says(room, 'peace', 's1');
  const target = refHeard(tybalt);
  await tybalt.does('#verona', { kind: 'reaction', target, emoji: '👎', present: true });
  await tybalt.does('#verona', { kind: 'reaction', target, emoji: '👎', present: false });
  await tybalt.does('#verona', { kind: 'reaction', target, emoji: '👎', present: true });
  await tybalt.says('#verona', 'I hate the word');
  expect(heard(owner)).toEqual([
    'owner: peace',
    `${herald}: * tybalt reacted with 👎 to owner: “peace”`,
    `${herald}: <tybalt> I hate the word`,
  ]);
});

plumbedScenario('whose voice a moderator takes is not spoken for, until they have it again', async (plumbed) => {
  const { stage, muc, owner, room } = plumbed;
  const [tybalt, romeo] = [await stage.inhabitant('tybalt', '#verona'), await stage.inhabitant('romeo', '#verona')];
  await tybalt.says('#verona', 'one');
  muc.gives(room, 'tybalt', 'visitor');
  await stage.calm();
  await tybalt.says('#verona', 'two');
  await romeo.says('#verona', 'three');
  muc.gives(room, 'tybalt', 'participant');
  await stage.calm();
  await tybalt.says('#verona', 'four');
  expect(heard(owner)).toEqual(['tybalt: one', 'romeo: three', 'tybalt: four']);
});

plumbedScenario('moderated: the herald speaks where it may; where it may not, that is said', async (plumbed) => {
  const { stage, muc, owner, admin, room } = plumbed;
  muc.change(room, { isModerated: true });
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await tybalt.says('#verona', 'two');
  expect(heard(owner)).toEqual([`${herald}: <tybalt> two`]);
  admin.ignores();
  muc.gives(room, herald, 'visitor');
  await stage.calm();
  expect(plumbed.told(admin)).toEqual([expect.stringMatching(/moderated, and we have no voice/)]);
  expect(await asks(admin, 'plumbings')).toMatch(/moderated, and we have no voice/);
  expect(await stage.gateway.scrape()).toMatch(
    /isthmus_plumbings\{domain="net\.test",bridge="fake",state="troubled"\} 1/,
  );
  admin.ignores();
  await tybalt.says('#verona', 'three');
  await owner.says(room, 'four', 's4');
  expect([heard(owner), tybalt.heard]).toEqual([['owner: four'], ['piazza: <owner> four']]);
  muc.gives(room, herald, 'participant');
  await stage.calm();
  expect(plumbed.told(admin)).toEqual([`${herald} and ${room} are joined again.`]);
  expect(await stage.gateway.scrape()).toMatch(
    /isthmus_plumbings\{domain="net\.test",bridge="fake",state="joined"\} 1/,
  );
  muc.gives(room, 'tybalt', 'participant');
  await stage.calm();
  await tybalt.says('#verona', 'five');
  expect(heard(owner)).toEqual(['tybalt: five']);
});

plumbedScenario('full: the herald speaks, and the MUC is asked once a minute', async (plumbed) => {
  const { stage, muc, owner, admin, room } = plumbed;
  admin.ignores();
  muc.change(room, { atMost: 3 });
  for (const nick of ['tybalt', 'romeo', 'mercutio']) {
    const person = await stage.inhabitant(nick, '#verona');
    await person.says('#verona', 'hello');
  }
  expect(heard(owner)).toEqual(['tybalt: hello', `${herald}: <romeo> hello`, `${herald}: <mercutio> hello`]);
  expect(plumbed.told(admin)).toEqual([expect.stringMatching(/lets none of the network’s people in: it is full\./)]);
});

plumbedScenario('a captcha: who has to do what is said, and who speaks meanwhile', async (plumbed) => {
  const { stage, muc, owner, admin, room } = plumbed;
  admin.ignores();
  muc.change(room, { wantsCaptcha: true });
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  await tybalt.says('#verona', 'one');
  expect(heard(owner)).toEqual([`${herald}: <tybalt> one`]);
  expect(plumbed.told(admin)).toEqual([
    expect.stringMatching(/lets none of the network’s people in: it wants a captcha/),
  ]);
  muc.restart('told');
  await plumbed.passes(20);
  expect(plumbed.told(admin).join()).toContain(`an owner or admin has to make ${verona} a member.`);
  muc.affiliate(room, verona, 'member');
  await plumbed.passes(60);
  expect(muc.nicks(room)).toContain(herald);
});

scenario(
  'JID-04 a room whose name no server takes in a nick is joined all the same',
  async (stage) => {
    const plumbed = new Plumbed(stage);
    const token = await plumbed.asked('#=f0=9f=92=ac-verona@net.test');
    await stage.calm();
    expect(plumbed.muc.nicks(plumbed.room)).toEqual(['#-verona on the fake network']);
    await plumbed.owner.joins(plumbed.room, 'owner');
    await plumbed.owner.says(plumbed.room, token, token);
    await stage.calm();
    expect(await asks(plumbed.admin, 'plumbings')).toMatch(/joined$/);
  },
  admins,
);

scenario(
  'German is told to who asked in German',
  async (stage) => {
    const plumbed = new Plumbed(stage);
    const { admin, muc, owner } = plumbed;
    const closed = muc.found('closed', owner.bare, { isMembersOnly: true });
    admin.ignores();
    await admin.sends(
      `<message type='chat' xml:lang='de' id='m' to='net.test'><body>plumb ${verona} ${closed}</body></message>`,
    );
    await plumbed.passes(2);
    expect(plumbed.told(admin).at(-1)).toBe(
      `${herald} und ${closed}: der MUC lässt uns nicht hinein: nur Mitglieder dürfen hinein, und ein Besitzer oder Admin muss ${verona} zu einem machen. Es wird wieder versucht.`,
    );
  },
  admins,
);

for (const who of ['the herald', 'one of ours'])
  plumbedScenario(`what the MUC finds not acceptable of ${who} is said a few times, and no more`, async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    muc.change(room, { isMembersOnly: who === 'the herald' });
    muc.dislikes = 'hate';
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'I hate the word');
    await plumbed.passes(30);
    const { taken } = muc;
    await tybalt.says('#verona', 'peace');
    expect(muc.taken - taken).toBeLessThan(5);
    expect(heard(owner).at(-1)).toMatch(/peace$/);
  });
