/** The QR code of a login as a picture: shown in the form, fetched by the client that was shown it, and by nobody else. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { DATA_FORMS } from '../../src/xmpp/xep/0004-data-forms.ts';
import { DISCO_INFO } from '../../src/xmpp/xep/0030-disco.ts';
import { MEDIA } from '../../src/xmpp/xep/0221-media-element.ts';
import { BITS } from '../../src/xmpp/xep/0231-bits-of-binary.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import { Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario } from './stage.ts';

const options = { options: { logins: 'required' } } as const;

/** The answer to a question to the gateway. */
async function asks(client: Client, question: string): Promise<Element | undefined> {
  client.ignores();
  await client.sends(`<iq type='get' id='b' to='${domainName}'>${question}</iq>`);
  return client.queue.findLast(({ name }) => name === 'iq');
}

const asksFor = (client: Client, cid: string) => asks(client, `<data xmlns='${BITS}' cid='${cid}'/>`);

/** What came: the data, or what the error says. */
async function gets(client: Client, cid: string): Promise<string | undefined> {
  const answer = await asksFor(client, cid);
  return answer?.attrs.type === 'result' ? 'data' : child(answer, 'error')?.children.map(nameOf).join(' ');
}

const nameOf = (node: Element | string): string => (typeof node === 'string' ? '' : node.name);

async function features(stage: Stage): Promise<readonly (string | undefined)[]> {
  const info = await asks(stage.client(), `<query xmlns='${DISCO_INFO}'/>`);
  return childrenOf(child(info, 'query', DISCO_INFO), 'feature').map(({ attrs }) => attrs.var);
}

/** As far as the QR code. */
async function shownTo(client: Client) {
  const filling = new Filling(client, 'register');
  await filling.begin();
  const { command, fields } = await filling.submit({ username: 'x', how: 'qr' });
  const media = child(child(child(command, 'x', DATA_FORMS), 'field', DATA_FORMS), 'media', MEDIA);
  const [uri] = childrenOf(media, 'uri');
  return { filling, fields, media, type: uri?.attrs.type, cid: uri && textOf(uri).replace(/^cid:/, '') };
}

scenario(
  '004-05 231-01 it is shown as a picture too, which every client of its owner gets, and nobody else',
  async (stage) => {
    const romeo = stage.client();
    const { fields, media, type, cid = '' } = await shownTo(romeo);
    expect(fields).toEqual({ qr: stage.gateway.authority.pairings[0]?.text });
    expect(type).toBe('image/png');
    const data = child(await asksFor(romeo, cid), 'data', BITS);
    expect(data?.attrs).toEqual({ cid, 'max-age': '0', type: 'image/png' });
    const png = Buffer.from(data === undefined ? '' : textOf(data), 'base64');
    expect(cid).toBe(`sha1+${createHash('sha1').update(png).digest('hex')}@bob.xmpp.org`);
    expect(media?.attrs).toEqual({ height: String(png.readUInt32BE(20)), width: String(png.readUInt32BE(16)) });
    expect(await gets(stage.client('romeo', 'desk'), cid)).toBe('data');
    expect(await gets(stage.client('juliet'), cid)).toBe('item-not-found');
    expect(await gets(romeo, 'sha1+00@bob.xmpp.org')).toBe('item-not-found');
  },
  options,
);

scenario(
  'what comes back in its field is not looked at; the next code is another picture',
  async (stage) => {
    const romeo = stage.client();
    const { filling, cid } = await shownTo(romeo);
    stage.gateway.authority.pairings[0]?.expire();
    await stage.calm();
    const second = await filling.submit({ qr: 'what was shown' });
    expect(second.fields).toEqual({ qr: stage.gateway.authority.pairings[0]?.text });
    const form = child(second.command, 'x', DATA_FORMS);
    const uri = child(child(child(form, 'field', DATA_FORMS), 'media', MEDIA), 'uri', MEDIA);
    expect(uri && textOf(uri)).toMatch(/^cid:sha1\+/);
    expect(uri && textOf(uri)).not.toBe(`cid:${cid}`);
  },
  options,
);

scenario(
  '231-01 it is forgotten after a quarter of an hour',
  async (stage) => {
    const romeo = stage.client();
    const { cid = '' } = await shownTo(romeo);
    await stage.passes(899);
    expect(await gets(romeo, cid)).toBe('data');
    await stage.passes(901);
    expect(await gets(romeo, cid)).toBe('item-not-found');
  },
  options,
);

scenario(
  '030-12 it is announced where logins show some',
  async (stage) => {
    expect(await features(stage)).toContain(BITS);
  },
  options,
);

scenario('and nowhere else', async (stage) => {
  expect(await features(stage)).not.toContain(BITS);
});
