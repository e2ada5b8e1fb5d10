/** `storage.media` of a configuration file. */
import { expect, test } from 'vitest';
import { printFault } from '../../../../src/ops/config/config.ts';
import { parseConfig } from '../../../../src/ops/config/parse.ts';
import { schemas } from './schemas.ts';

const file = 'isthmus.yaml';
const entry = 'bridges: [{ use: irc, domain: irc.example.org, secret: s3cret-in-file }]';
const withMedia = (yaml: string) =>
  parseConfig(`http: { publicUrl: https://a.example/ }\nstorage: { media: ${yaml} }\n${entry}`, file, schemas);

test.each([
  ['off', { media: undefined, mediaSlots: undefined }],
  ['false', { media: undefined, mediaSlots: undefined }],
  ['{}', { media: { days: 30, perFile: 50, megabytes: 2_000 }, mediaSlots: undefined }],
  ['{ days: 7, perFile: 3 }', { media: { days: 7, perFile: 3, megabytes: 2_000 }, mediaSlots: undefined }],
  ['server', { media: undefined, mediaSlots: 'public' }],
  ['server-anywhere', { media: undefined, mediaSlots: 'any' }],
])('%s', (yaml, expected) => {
  const parsed = withMedia(yaml);
  if (!('config' in parsed)) throw new Error('it has faults');
  const { media, mediaSlots, slots, uploads } = parsed.config.storage;
  expect({ media, mediaSlots, slots, uploads }).toEqual({ ...expected, slots: undefined, uploads: undefined });
});

test.each(['30', 'on', '{ days: 0 }', '{ perUser: 3 }'])('%s is refused', (yaml) => {
  expect(withMedia(yaml)).toHaveProperty('faults');
});

test('links that nobody could follow are a fault, told beside others', () => {
  const parsed = parseConfig(`storage:\n  media: { days: 3 }\nhttp: { prot: 80 }\n${entry}`, file, schemas);
  expect('faults' in parsed && parsed.faults.map(printFault)).toEqual([
    'isthmus.yaml:2:3: `storage.media` needs `http.publicUrl`, which is missing; give the address by which others reach `http.port`, as https://gateway.example.org/',
    'isthmus.yaml:3:9: there is no `prot` in `http`; did you mean `port`?',
  ]);
});

test('links below an address with a query or a fragment would be without it', () => {
  const faultsOf = (url: string) => {
    const parsed = parseConfig(`http: { publicUrl: "${url}" }\n${entry}`, file, schemas);
    return 'faults' in parsed ? parsed.faults.map(printFault) : [];
  };
  expect(faultsOf('https://a.example/gateway/')).toEqual([]);
  for (const url of ['https://a.example/?to=b', 'https://a.example/#b'])
    expect(faultsOf(url)).toEqual([
      `isthmus.yaml:1:20: \`http.publicUrl\` must be an address as https://gateway.example.org/, without ? or #, not "${url}"`,
    ]);
});
