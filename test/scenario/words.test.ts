/** What is done to messages on a network that knows nothing of it: said in words there, as it was meant here (src/design/what-networks-lack.md). */
import { describe, expect } from 'vitest';
import { child } from '../harness/markup.ts';
import { correction, nameOf, pair, plainNetwork, reaction, retraction } from './deed-lines.ts';
import { failed, said } from './lines.ts';
import { scenario, verona } from './stage.ts';

describe('on a network that knows nothing of it', () => {
  scenario(
    '308-03 a correction is said in words, and is a correction here',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, 'but sort', 'm1');
      await romeo.sends(correction('m2', 'but soft', 'm1'));
      await romeo.says(verona, 'later', 'm3');
      await romeo.sends(correction('m4', 'But soft!', 'm1'), correction('m5', 'But soft!', 'm1'));
      expect(juliet.heard).toEqual([
        'romeo: but sort',
        'romeo: [edited] but soft',
        'romeo: later',
        'romeo: [edited “but soft”] But soft!',
      ]);
      const replaces = `<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>`;
      romeo.gets(
        said('romeo', 'but sort', 'm1'),
        `<message type='groupchat' id='m2'><body>but soft</body>${replaces}</message>`,
        said('romeo', 'later', 'm3'),
        `<message type='groupchat' id='m4'><body>But soft!</body>${replaces}</message>`,
        `<message type='groupchat' id='m5'><body>But soft!</body>${replaces}</message>`,
      );
    },
    plainNetwork,
  );

  scenario(
    '424-03 a retraction comes back, and says that everybody can still read it',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, 'secret', 'm1');
      await romeo.sends(retraction('m2', nameOf(romeo)));
      const [error] = romeo.gets(failed('message', 'm2', 'cancel', 'feature-not-implemented'));
      expect(child(child(error, 'error'), 'text')?.children.join('')).toMatch(/still read/);
      expect(juliet.heard).toEqual(['romeo: secret']);
    },
    plainNetwork,
  );

  scenario(
    'a reaction is an action, each emoji once',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await juliet.says('#verona', 'Ay me!');
      const name = nameOf(romeo);
      await romeo.sends(reaction('r1', name, '👍'), reaction('r2', name), reaction('r3', name, '👍'));
      expect(juliet.heard).toEqual(['romeo: reacted with 👍 to juliet: “Ay me!”']);
      romeo.gets(
        `<message type='groupchat' id='r1'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'/></message>`,
        `<message type='groupchat' id='r2'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'/></message>`,
        `<message type='groupchat' id='r3'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'/></message>`,
      );
    },
    plainNetwork,
  );

  scenario(
    '461-03 a reply names whom it is for; one to something forgotten keeps its quotation',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await juliet.says('#verona', 'Wherefore?');
      const name = nameOf(romeo);
      const reply = (id: string, text: string, to: string) =>
        `<message type='groupchat' id='${id}' to='${verona}'><body>&gt; a\n${text}</body><reply xmlns='urn:xmpp:reply:0' to='${verona}/juliet' id='${to}'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='4'/></fallback></message>`;
      await romeo.sends(reply('m1', 'Here', name), reply('m2', 'Juliet, here', name), reply('m3', 'What?', 'unknown'));
      expect(juliet.heard).toEqual(['romeo: juliet: Here', 'romeo: Juliet, here', 'romeo: > a\nWhat?']);
      romeo.gets(
        `<message id='m1'><body>&gt; a\nHere</body><reply xmlns='urn:xmpp:reply:0' id='${name}'/></message>`,
        `<message id='m2'><body>&gt; a\nJuliet, here</body></message>`,
        `<message id='m3'><body>&gt; a\nWhat?</body></message>`,
      );
    },
    plainNetwork,
  );

  scenario(
    '308-01 424-03 085-01 nothing of it is announced',
    async (stage) => {
      const { romeo } = await pair(stage);
      await romeo.sends(
        `<iq type='get' id='d' to='${verona}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
      );
      const [answer] = romeo.queue.splice(0);
      const text = JSON.stringify(answer);
      for (const ns of [
        'message-correct',
        'message-retract',
        'message-moderate',
        'reactions',
        'urn:xmpp:reply',
        'chatstates',
        'markers',
      ]) {
        expect(text).not.toContain(ns);
      }
      await romeo.sends(
        `<message type='groupchat' to='${verona}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
      );
      romeo.gets();
    },
    plainNetwork,
  );
});
