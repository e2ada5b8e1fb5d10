/** Calls, as clients begin and end them: nobody on a network can take one, and their caller hears so at once. */
import { describe, expect } from 'vitest';
import { bodyOf, child, conditionOf } from '../harness/markup.ts';
import { pair } from './deed-lines.ts';
import { scenario, verona } from './stage.ts';

const her = 'juliet@net.test';
const jingle = 'urn:xmpp:jingle-message:0';
const invites = 'urn:xmpp:call-invites:0';

/** As Conversations has it. */
const proposes = (id: string, to = her) =>
  `<message type='chat' id='jm-propose-${id}' to='${to}'><propose xmlns='${jingle}' id='${id}'>
    <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>
    <request xmlns='urn:xmpp:receipts'/><store xmlns='urn:xmpp:hints'/></message>`;
const turnedDown = (id: string, from = her) =>
  `<message type='chat' id='*' from='${from}'><reject xmlns='${jingle}' id='${id}'>
    <reason xmlns='urn:xmpp:jingle:1'><unsupported-applications/></reason></reject><store xmlns='urn:xmpp:hints'/></message>`;
const why = (from = her, type = 'chat') =>
  `<message type='${type}' from='${from}'><body>Nobody on net.test can be called from here. What you write to them gets there.</body></message>`;

describe('482-01 calls', () => {
  scenario('who calls is turned down at once, and told why once', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const before = juliet.events.length;
    await romeo.sends(proposes('c1'));
    romeo.gets(turnedDown('c1'), why());
    await romeo.sends(
      `<message type='chat' to='${her}'><retract xmlns='${jingle}' id='c1'><reason xmlns='urn:xmpp:jingle:1'><cancel/></reason></retract><store xmlns='urn:xmpp:hints'/></message>`,
      proposes('c2'),
    );
    romeo.gets(turnedDown('c2'));
    await stage.passes(3601);
    await romeo.sends(proposes('c3'));
    romeo.gets(turnedDown('c3'), why());
    expect(juliet.events).toHaveLength(before);
  });

  scenario('an occupant of a room, too', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.sends(proposes('c1', `${verona}/juliet`));
    romeo.gets(turnedDown('c1', `${verona}/juliet`), why(`${verona}/juliet`));
  });

  scenario('an invitation (XEP-0482), by the name that its sender gave', async (stage) => {
    const { romeo } = await pair(stage);
    const no = (id: string) => `<message type='chat' from='${her}'><reject xmlns='${invites}' id='${id}'/></message>`;
    await romeo.sends(
      `<message type='chat' id='m1' to='${her}'><invite xmlns='${invites}' video='true'><jingle sid='s1'/></invite></message>`,
      `<message type='chat' id='m2' to='${her}'><invite xmlns='${invites}'><jingle sid='s2'/></invite><origin-id xmlns='urn:xmpp:sid:0' id='o2'/></message>`,
      `<message type='chat' id='m3' to='${her}'><propose xmlns='${invites}' video='false'><muji xmlns='urn:xmpp:jingle:muji:0' room='r@muc.test'/></propose></message>`,
    );
    romeo.gets(no('m1'), why(), no('o2'), no('m3'));
  });

  scenario('to a room: its caller is told, the others hear nothing; what is said with it is said', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const invite = `<invite xmlns='${invites}'><external uri='https://meet.test/verona'/></invite>`;
    await romeo.sends(`<message type='groupchat' id='m1' to='${verona}'>${invite}</message>`);
    romeo.gets(why(verona, 'groupchat'));
    await romeo.sends(
      `<message type='groupchat' id='m2' to='${verona}'><body>Call me: https://meet.test/verona</body>${invite}</message>`,
    );
    expect(romeo.queue.map(bodyOf)).toEqual(['Call me: https://meet.test/verona']);
    expect(juliet.heard).toEqual(['romeo: Call me: https://meet.test/verona']);
  });

  scenario('in German, where the call is', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.sends(proposes('c1').replace('<message ', "<message xml:lang='de' "));
    expect(romeo.queue.map(bodyOf).at(-1)).toMatch(/^Auf net\.test kann von hier aus niemand angerufen werden\./);
  });

  scenario('while nobody is connected, it comes back with why', async (stage) => {
    const romeo = stage.client();
    await romeo.sends(proposes('c1'));
    const [back, ...more] = romeo.queue;
    expect(more).toEqual([]);
    expect([back?.attrs.type, back?.attrs.id]).toEqual(['error', 'jm-propose-c1']);
    expect(back && conditionOf(back)).toBe('recipient-unavailable');
  });

  scenario(
    'whoever may not use the gateway is told that',
    async (stage) => {
      const mercutio = stage.client('mercutio@elsewhere', 'x');
      await mercutio.sends(proposes('c1'));
      expect(mercutio.queue.map((one) => one.attrs.type)).toEqual(['error']);
      expect(child(mercutio.queue[0], 'error')).toBeDefined();
    },
    { allow: ['test'] },
  );
});
