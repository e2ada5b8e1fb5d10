/** Private messages, both ways. */
import { expect } from 'vitest';
import { bodyOf, child, conditionOf } from '../../harness/markup.ts';
import { present } from '../../harness/present.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import { gatewayDomain } from '../../harness/world.ts';

export const privately = theme('private messages', [
  scenario('45-46 45-47 to an occupant, and the answer from the contact', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(
      `<message type='chat' id='pm' to='${stage.room}/${juliet.nick}'><body>by yonder moon</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>`,
    );
    await juliet.hears(romeo, 'by yonder moon', juliet.nick);
    juliet.says('swear not by the moon', romeo.nick);
    const answer = await romeo.client.receive(`<message type='chat'><body>swear not by the moon</body></message>`);
    expect(answer.attrs.from).toBe(present(stage.address(juliet.nick)));
    expect(juliet.client.seen(new RegExp(` PRIVMSG ${stage.channel} .*yonder`))).toEqual([]);
  }),

  scenario('45-47 to a person by address, and the answer comes from there', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(
      `<message type='chat' id='dm' to='${stage.address(juliet.nick)}'><body>good night</body></message>`,
    );
    await juliet.hears(romeo, 'good night', juliet.nick);
    juliet.says('a thousand times', romeo.nick);
    const answer = await romeo.client.receive(
      `<message type='chat' from='${present(stage.address(juliet.nick))}'><body>a thousand times</body></message>`,
    );
    expect(bodyOf(answer)).toBe('a thousand times');
  }),

  scenario('JID-13 whose nick has two spellings answers from the address that was written to', async (stage) => {
    const { romeo } = await stage.pair();
    const nurse = await stage.irc('nurse[m]');
    const to = stage.address(nurse.nick);
    romeo.client.send(`<message type='chat' id='dm' to='${to}'><body>what says my lady?</body></message>`);
    await nurse.hears(romeo, 'what says my lady?', nurse.nick);
    nurse.says('nothing, sir', romeo.nick);
    const answer = await romeo.client.receive(`<message type='chat'><body>nothing, sir</body></message>`);
    expect(answer.attrs.from).toBe(present(to));
  }),

  scenario('GEN-06 a message of type normal is said, too', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(`<message id='n' to='${stage.address(juliet.nick)}'><body>parting</body></message>`);
    await juliet.hears(romeo, 'parting', juliet.nick);
  }),

  scenario('45-47 a message reaches each client of the account once', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    await phone.enters();
    juliet.says('to you alone', romeo.nick);
    const pattern = `<message type='chat'><body>to you alone</body></message>`;
    await romeo.client.receive(pattern);
    await phone.client.receive(pattern);
    await phone.client.sawNothingLike(`<message id='never'/>`, gatewayDomain);
    expect(phone.client.seen(pattern)).toHaveLength(1);
    expect(romeo.client.seen(pattern)).toHaveLength(1);
  }),

  scenario('a correction to an occupant is said to them alone', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const to = `${stage.room}/${juliet.nick}`;
    romeo.client.send(`<message type='chat' id='c1' to='${to}'><body>by yonder sun</body></message>`);
    await juliet.hears(romeo, 'by yonder sun', juliet.nick);
    romeo.client.send(
      `<message type='chat' id='c2' to='${to}'><body>by yonder moon</body><replace xmlns='urn:xmpp:message-correct:0' id='c1'/></message>`,
    );
    await juliet.hears(romeo, '[edited] by yonder moon', juliet.nick);
    expect(juliet.client.seen(new RegExp(` PRIVMSG ${stage.channel} .*yonder`))).toEqual([]);
  }),

  scenario('45-46 nobody of that nick: item-not-found', async (stage) => {
    const { romeo } = await stage.pair();
    romeo.client.send(`<message type='chat' id='no' to='${stage.room}/nobody'><body>hello?</body></message>`);
    const error = await romeo.client.receive(`<message type='error' id='no' from='${stage.room}/nobody'/>`);
    expect(conditionOf(error)).toBe('item-not-found');
    romeo.client.send(
      `<message type='chat' id='no2' to='${stage.address('nobody-at-all')}'><body>hello?</body></message>`,
    );
    const other = await romeo.client.receive(`<message type='error' id='no2'/>`);
    expect(conditionOf(other)).toBe('item-not-found');
  }),

  scenario('45-46 groupchat to an occupant: bad-request; GEN-06 to a contact: service-unavailable', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(`<message type='groupchat' id='g1' to='${stage.room}/${juliet.nick}'><body>x</body></message>`);
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='g1'/>`))).toBe('bad-request');
    romeo.client.send(`<message type='groupchat' id='g2' to='${stage.address(juliet.nick)}'><body>x</body></message>`);
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='g2'/>`))).toBe('service-unavailable');
  }),

  scenario('a receipt that was asked for comes when the network has the message', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(
      `<message type='chat' id='rc' to='${stage.address(juliet.nick)}'><body>did it arrive?</body><request xmlns='urn:xmpp:receipts'/></message>`,
    );
    await juliet.hears(romeo, 'did it arrive?', juliet.nick);
    const receipt = await romeo.client.receive(
      `<message from='${stage.address(juliet.nick)}'><received xmlns='urn:xmpp:receipts' id='rc'/></message>`,
    );
    expect(child(receipt, 'body')).toBeUndefined();
  }),

  scenario('a private action and text with formatting', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('\u0001ACTION sighs\u0001', romeo.nick);
    await romeo.client.receive(`<message type='chat'><body>/me sighs</body></message>`);
    romeo.client.send(
      `<message type='chat' id='a' to='${stage.address(juliet.nick)}'><body>/me sighs too</body></message>`,
    );
    await juliet.hears(romeo, '\u0001ACTION sighs too\u0001', juliet.nick);
  }),
]);
