/** A room of the network and a MUC elsewhere as one (src/design/plumbing.md): both ways, and who agrees to it. */
import { describe, expect } from 'vitest';
import { plainText } from '../../src/core/content.ts';
import { plainNetwork } from './deed-lines.ts';
import { admins, asks, heard, herald, lines, Plumbed, plumbedScenario, refHeard } from './plumbed.ts';
import { mantua, scenario, verona } from './stage.ts';

describe('both ways', () => {
  plumbedScenario(
    '133-01 what an operator announces to all who are in rooms is not said to the MUC',
    async ({ admin }) => {
      expect(await asks(admin, 'announce Back at noon')).toBe('Said to 0 users.');
    },
  );

  plumbedScenario('people of each side are heard on the other, by name', async ({ stage, room, muc, owner }) => {
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'peace? I hate the word');
    expect(heard(owner)).toEqual(['tybalt: peace? I hate the word']);
    expect(muc.nicks(room)).toEqual([herald, 'owner', 'tybalt']);
    await owner.says(room, 'put up your swords', 's1');
    expect(tybalt.heard).toEqual(['piazza: <owner> put up your swords']);
    expect(heard(owner)).toEqual(['owner: put up your swords']);
  });

  plumbedScenario('actions and several lines have the name before each', async ({ stage, room, owner }) => {
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await owner.says(room, '/me sighs', 's1');
    await owner.says(room, 'one\n&lt;tybalt&gt; two', 's2');
    expect(tybalt.heard).toEqual(['piazza: * owner sighs', 'piazza: <owner> one\n<owner> <tybalt> two']);
  });

  plumbedScenario('what is typed in the MUC is no command of the network', async ({ stage, room, owner }) => {
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await owner.says(room, '/nick mercutio', 's1');
    expect(tybalt.heard).toEqual(['piazza: <owner> /nick mercutio']);
    expect(stage.members('#verona')).toContain('piazza');
  });

  plumbedScenario('order is kept while somebody is still coming in', async ({ stage, owner }) => {
    const [tybalt, benvolio] = [
      await stage.inhabitant('tybalt', '#verona'),
      await stage.inhabitant('benvolio', '#verona'),
    ];
    void tybalt.says('#verona', 'one');
    void benvolio.says('#verona', 'two');
    void tybalt.says('#verona', 'three');
    await benvolio.says('#verona', 'four');
    expect(heard(owner)).toEqual(['tybalt: one', 'benvolio: two', 'tybalt: three', 'benvolio: four']);
  });

  plumbedScenario('who goes on the network goes from the MUC, and names follow', async ({ stage, room, muc }) => {
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    const silent = await stage.inhabitant('silent', '#verona');
    await tybalt.says('#verona', 'hello');
    await tybalt.renames('prince-of-cats');
    expect(muc.nicks(room)).toEqual([herald, 'owner', 'prince-of-cats']);
    await silent.parts('#verona');
    await tybalt.parts('#verona');
    expect(muc.nicks(room)).toEqual([herald, 'owner']);
  });

  plumbedScenario('who says one thing and goes is heard at once', async ({ stage, room, muc, owner }) => {
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    void tybalt.says('#verona', 'built');
    await tybalt.parts('#verona');
    expect(heard(owner)).toEqual([`${herald}: <tybalt> built`]);
    expect(muc.nicks(room)).toEqual([herald, 'owner']);
  });

  plumbedScenario('what is said privately to one of ours comes back', async (plumbed) => {
    const { stage, room, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'hello');
    owner.ignores();
    await owner.sends(`<message type='chat' id='p1' to='${room}/tybalt'><body>psst</body></message>`);
    expect(plumbed.told(owner)).toEqual(['Nobody reads what is said here privately: say it in the room.']);
    expect(tybalt.heard).toEqual([]);
  });

  plumbedScenario('who said what the network does not take is told, alone', async (plumbed) => {
    const { stage, room, owner } = plumbed;
    stage.crowd('#verona', 1);
    await stage.promotes('piazza', '#verona', 'visitor');
    const mercutio = await plumbed.guest('mercutio');
    for (const id of ['s1', 's2']) await owner.says(room, `x`.repeat(20_000), id);
    expect(plumbed.told(owner)).toEqual([expect.stringMatching(/^#verona on the fake network: /)]);
    expect(plumbed.told(mercutio)).toEqual([]);
  });
});

describe('what is done to messages', () => {
  plumbedScenario(
    'replies, corrections and retractions of the network name the MUC’s messages',
    async ({ stage, room, owner }) => {
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await owner.says(room, 'who goes there', 's1');
      const asked = refHeard(tybalt);
      const first = await tybalt.says('#verona', 'me');
      await tybalt.says('#verona', { text: plainText('I do'), replyTo: asked });
      await tybalt.does('#verona', { kind: 'edited', target: first, content: { text: plainText('I') } });
      await tybalt.does('#verona', { kind: 'retracted', target: first });
      await tybalt.does('#verona', { kind: 'reaction', target: asked, emoji: '👍', present: true });
      const told = lines(owner);
      const [said, me] = [told.find(({ body }) => body === 'who goes there'), told.find(({ body }) => body === 'me')];
      expect(told.find(({ body }) => body?.endsWith('I do'))?.reply).toBe(said?.archived);
      expect(told.find(({ body }) => body === 'I')?.replace).toBe(me?.id);
      expect(told.find(({ retract }) => retract !== undefined)?.retract).toBe(me?.archived);
      expect(told.find(({ reactions }) => reactions !== undefined)?.reactions).toBe(said?.archived);
      expect(new Set(told.slice(1).map(({ nick }) => nick))).toEqual(new Set(['tybalt']));
    },
  );

  plumbedScenario(
    'who is answered is who said it, not the account that spoke for them',
    async ({ stage, room, owner }) => {
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await owner.says(room, 'who goes there', 's1');
      await tybalt.says('#verona', { text: plainText('I do'), replyTo: refHeard(tybalt) });
      expect(heard(owner).at(-1)).toBe('tybalt: > owner: who goes there\nI do');
    },
  );

  plumbedScenario(
    'so it is where the network knows of no replies, nor of corrections',
    async (plumbed) => {
      const { stage, room, owner } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      const mercutio = await plumbed.guest('mercutio');
      await owner.says(room, 'who goes there', 's1');
      const said = lines(owner).find(({ id }) => id === 's1');
      const answers = (id: string, text: string): string =>
        `<message type='groupchat' id='${id}' to='${room}'><body>${text}</body><reply xmlns='urn:xmpp:reply:0' id='${said?.archived}'/></message>`;
      await mercutio.sends(answers('s2', 'a friend'));
      await owner.sends(answers('s3', 'anybody?'));
      const corrects = (id: string, text: string): string =>
        `<message type='groupchat' id='${id}' to='${room}'><body>${text}</body><replace xmlns='urn:xmpp:message-correct:0' id='s1'/></message>`;
      await owner.sends(corrects('s4', 'who goes there'));
      await owner.sends(corrects('s5', 'who is there'));
      expect(tybalt.heard).toEqual([
        'piazza: <owner> who goes there',
        'piazza: <mercutio> owner: a friend',
        'piazza: <owner> anybody?',
        'piazza: <owner> [edited “who goes there”] who is there',
      ]);
    },
    plainNetwork,
  );

  plumbedScenario('those of the MUC name the network’s', async ({ stage, room, owner }) => {
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    const ref = await tybalt.says('#verona', 'me');
    const me = lines(owner).find(({ body }) => body === 'me');
    await owner.sends(
      `<message type='groupchat' id='r1' to='${room}'><body>I see</body><reply xmlns='urn:xmpp:reply:0' id='${me?.archived}'/></message>`,
    );
    expect(tybalt.events.findLast(({ kind }) => kind === 'message')).toMatchObject({
      content: { text: { plain: '<owner> I see' }, replyTo: ref },
    });
    await owner.sends(
      `<message type='groupchat' id='r2' to='${room}'><body>I saw</body><replace xmlns='urn:xmpp:message-correct:0' id='r1'/></message>`,
    );
    expect(tybalt.events.findLast(({ kind }) => kind === 'edited')).toMatchObject({
      content: { text: { plain: '<owner> I saw' } },
    });
    const own = lines(owner).find(({ id }) => id === 'r1');
    await owner.sends(
      `<message type='groupchat' id='r3' to='${room}'><retract xmlns='urn:xmpp:message-retract:1' id='${own?.archived}'/></message>`,
    );
    expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toHaveLength(1);
    await owner.sends(
      `<message type='groupchat' id='r4' to='${room}'><reactions xmlns='urn:xmpp:reactions:0' id='${me?.archived}'><reaction>👋</reaction></reactions></message>`,
    );
    expect(tybalt.heard.at(-1)).toBe('piazza: * owner reacted with 👋 to tybalt: “me”');
  });

  plumbedScenario(
    'reactions to what was said long ago are said, with what they are to',
    async ({ stage, room, owner }) => {
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      const ref = await tybalt.says('#verona', 'me');
      const me = lines(owner).find(({ body }) => body === 'me');
      for (let i = 0; i < 40; i++) await tybalt.says('#verona', `line ${i}`);
      await stage.passes(2);
      await owner.sends(
        `<message type='groupchat' id='r1' to='${room}'><reactions xmlns='urn:xmpp:reactions:0' id='${me?.archived}'><reaction>👋</reaction></reactions></message>`,
      );
      expect(tybalt.events.findLast(({ kind }) => kind === 'message')).toMatchObject({
        content: { text: { plain: '* owner reacted with 👋 to an earlier message' }, replyTo: ref },
      });
    },
  );

  plumbedScenario('nobody takes back what somebody else said', async (plumbed) => {
    const { stage, room, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    const mercutio = await plumbed.guest('mercutio');
    await mercutio.says(room, 'a plague', 'm1');
    const said = lines(owner).find(({ body }) => body === 'a plague');
    await owner.sends(
      `<message type='groupchat' id='r1' to='${room}'><retract xmlns='urn:xmpp:message-retract:1' id='${said?.archived}'/></message>`,
    );
    expect(tybalt.events.filter(({ kind }) => kind === 'retracted')).toEqual([]);
  });

  plumbedScenario('what is encrypted is not passed on, and its speaker told once an hour', async (plumbed) => {
    const { stage, room, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    owner.ignores();
    const says = (id: string) =>
      owner.sends(
        `<message type='groupchat' id='${id}' to='${room}'><encrypted xmlns='eu.siacs.conversations.axolotl'><payload>x</payload></encrypted><body>I sent you an OMEMO message</body></message>`,
      );
    for (const id of ['e1', 'e2']) await says(id);
    expect(tybalt.heard).toEqual([]);
    expect(plumbed.told(owner)).toEqual([expect.stringMatching(/^#verona on the fake network: .*OMEMO/)]);
  });
});

describe('consent', () => {
  scenario(
    'nothing passes before an owner has said the line, live and as it is',
    async (stage) => {
      const plumbed = new Plumbed(stage);
      const { owner, room, muc } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      const token = await plumbed.asked();
      expect(token).toMatch(/^plumb-[a-z0-9]{16}$/);
      await owner.joins(room, 'owner');
      const mercutio = await plumbed.guest('mercutio');
      await mercutio.says(room, token, 'x1');
      const once = await plumbed.guest('once-an-owner');
      for (const rank of ['owner', 'admin'] as const) {
        muc.affiliate(room, once.bare, rank);
        muc.gives(room, 'once-an-owner', 'moderator');
      }
      await once.says(room, token, 'x0');
      await owner.says(room, `say ${token}`, 'x2');
      await tybalt.says('#verona', 'good morrow');
      expect(muc.said(room)).toEqual([`mercutio: ${token}`, `once-an-owner: ${token}`, `owner: say ${token}`]);
      expect([tybalt.heard, stage.members('#verona')]).toEqual([[], ['tybalt']]);
      expect(await asks(plumbed.admin, 'plumbings')).toContain(token);
      await owner.says(room, token, 'x3');
      expect(await asks(plumbed.admin, 'plumbings')).not.toContain(token);
    },
    admins,
  );

  scenario(
    'an owner who said it before does not say it again by history, nor after a restart',
    async (stage) => {
      const plumbed = new Plumbed(stage);
      const { owner, room } = plumbed;
      const token = await plumbed.asked();
      await stage.gateway.stop('keep');
      await owner.joins(room, 'owner');
      await owner.says(room, token, 'x1');
      await stage.gateway.start();
      await stage.passes(60);
      expect(await asks(plumbed.admin, 'plumbings')).toContain(token);
      await owner.says(room, token, 'x2');
      expect(await asks(plumbed.admin, 'plumbings')).toContain('joined');
    },
    admins,
  );

  scenario(
    'a MUC that is not there is not made, and one for members lets us in later',
    async (stage) => {
      const plumbed = new Plumbed(stage);
      const { admin, muc, owner } = plumbed;
      await plumbed.asked(verona, `nowhere@${muc.domain}`);
      await stage.calm();
      expect(plumbed.told(admin).join()).toMatch(/there is no such MUC/);
      expect(muc.has(`nowhere@${muc.domain}`)).toBe(false);
      expect(await asks(admin, 'plumbings')).toMatch(/^No room/);
      const closed = muc.found('closed', owner.bare, { isMembersOnly: true });
      const token = await plumbed.asked(verona, closed);
      await stage.calm();
      expect(plumbed.told(admin).join()).toMatch(/does not let us in/);
      muc.affiliate(closed, verona, 'member');
      await stage.passes(30);
      await owner.joins(closed, 'owner');
      await owner.says(closed, token, 'x1');
      expect(await asks(admin, 'plumbings')).toContain('joined');
    },
    admins,
  );

  scenario(
    'only operators may, only with a room of another service, and in no circle',
    async (stage) => {
      const plumbed = new Plumbed(stage);
      const { admin, muc, owner, room } = plumbed;
      expect(await asks(owner, `plumb ${verona} ${room}`)).toMatch(/for the operators/);
      expect(await plumbed.asked(verona, mantua)).toMatch(/one of this gateway/);
      expect(await plumbed.asked(verona, 'conference.test')).toMatch(/no address of a room/);
      await plumbed.joined();
      expect(await plumbed.asked()).toMatch(/joined already/);
      const other = muc.found('other', owner.bare);
      await plumbed.asked(mantua, room);
      await plumbed.asked(mantua, other);
      expect(await plumbed.asked(verona, other)).toMatch(/joined already/);
      expect(await asks(admin, 'plumbings')).toContain(other);
    },
    admins,
  );
});

plumbedScenario('a bot that gives its messages no names is heard, where the MUC gives none either', async (plumbed) => {
  const { stage, room, muc, owner } = plumbed;
  muc.hasArchive = false;
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  for (const text of ['built', 'built', 'failed'])
    await owner.sends(`<message type='groupchat' to='${room}'><body>${text}</body></message>`);
  await stage.calm();
  expect(tybalt.heard).toEqual(['built', 'built', 'failed'].map((text) => `piazza: <owner> ${text}`));
});

plumbedScenario('who calls two messages the same is heard twice, and once after a restart', async (plumbed) => {
  const { stage, room, muc, owner } = plumbed;
  muc.hasArchive = false;
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  for (const text of ['one', 'two']) await owner.says(room, text, 'a1');
  const both = ['piazza: <owner> one', 'piazza: <owner> two'];
  expect(tybalt.heard).toEqual(both);
  const two = refHeard(tybalt);
  await plumbed.passes(2);
  await stage.restarts('kill');
  await plumbed.passes(30);
  expect(tybalt.heard).toEqual(both);
  await owner.sends(
    `<message type='groupchat' id='a2' to='${room}'><body>three</body><replace xmlns='urn:xmpp:message-correct:0' id='a1'/></message>`,
  );
  expect(tybalt.events.at(-1)).toMatchObject({ kind: 'edited', target: two });
});

plumbedScenario('two rooms in one MUC hear each other, once', async (plumbed) => {
  const { stage, room, muc, owner } = plumbed;
  await plumbed.joined(mantua);
  const tybalt = await stage.inhabitant('tybalt', '#verona');
  const romeo = await stage.inhabitant('romeo', '#mantua');
  await tybalt.says('#verona', 'where is he');
  await romeo.says('#mantua', 'here');
  await owner.says(room, 'peace', 's1');
  expect(heard(owner)).toEqual(['tybalt: where is he', 'romeo: here', 'owner: peace']);
  expect(tybalt.heard).toEqual(['piazza: <romeo> here', 'piazza: <owner> peace']);
  expect(romeo.heard).toEqual(['piazza: <tybalt> where is he', 'piazza: <owner> peace']);
  expect(muc.nicks(room)).toEqual([herald, 'owner', '#mantua on the fake network', 'tybalt', 'romeo']);
});

plumbedScenario(
  'what is asked of our occupants is answered, and commands are not for a MUC',
  async ({ stage, room, owner }) => {
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'hello');
    const answers: (string | undefined)[] = [];
    for (const [type, to, inside] of [
      ['get', 'tybalt', `<ping xmlns='urn:xmpp:ping'/>`],
      ['get', 'tybalt', `<vCard xmlns='vcard-temp'/>`],
      ['set', herald, `<command xmlns='http://jabber.org/protocol/commands' node='configure'/>`],
      ['get', 'tybalt', `<query xmlns='jabber:iq:register'/>`],
    ] as const) {
      owner.ignores();
      await owner.sends(`<iq type='${type}' id='q' to='${room}/${to}'>${inside}</iq>`);
      answers.push(owner.queue.find(({ name }) => name === 'iq')?.attrs.type);
    }
    expect(answers).toEqual(['result', 'result', 'error', 'error']);
  },
);
