/** CHECKLIST 066-01, 385-01, 447-01, 447-10, 447-11: files by their addresses, both ways. */
import { describe, expect, test } from 'vitest';
import { contentOf } from '../../../../src/gateway/decode/said.ts';
import { bodyOf } from '../../../../src/gateway/text/body.ts';
import { parse } from '../../../harness/markup.ts';

const read = (inside: string) => contentOf(parse(`<message xmlns='jabber:client'>${inside}</message>`));
const url = 'https://example.org/x/my%20cat.png';
const oob = (at = url) => `<x xmlns='jabber:x:oob'><url>${at}</url></x>`;
const sfs = (at = url, about = '<name>cat.png</name><size>1200</size><media-type>image/png</media-type>') =>
  `<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'>${about}</file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='${at}'/></sources></file-sharing>`;
const sims = (at = url) =>
  `<reference xmlns='urn:xmpp:reference:0' type='data' begin='0' end='2'><media-sharing xmlns='urn:xmpp:sims:1'><file xmlns='urn:xmpp:jingle:apps:file-transfer:5'><media-type>image/png</media-type><name>cat.png</name><size>1200</size></file><sources><reference xmlns='urn:xmpp:reference:0' type='data' uri='${at}'/></sources></media-sharing></reference>`;
const cat = { url, name: 'cat.png', type: 'image/png', size: 1200 };

describe('447-10 reading', () => {
  test('066-01 an address out of band is the file, the same in the body no text', () => {
    expect(read(`<body>${url}</body>${oob()}`)).toEqual({ files: [{ url, name: 'my cat.png' }] });
    expect(read(`<body>look</body>${oob()}`)).toMatchObject({ text: { plain: 'look' }, files: [{ url }] });
    expect(read(oob())).toEqual({ files: [{ url, name: 'my cat.png' }] });
  });

  test('what describes the file better goes first, and one file is one', () => {
    expect(read(`<body>${url}</body>${oob()}${sfs()}`)).toEqual({ files: [cat] });
    const marked = `<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body start='8'/></fallback>`;
    expect(read(`<body>My cat: ${url}</body>${sfs()}${marked}`)).toMatchObject({
      text: { plain: 'My cat: ' },
      files: [cat],
    });
    expect(read(`<body>see ${url}</body>${marked}`)).toMatchObject({ text: { plain: `see ${url}` } });
  });

  test('300-01 447-11 what its bytes come to is known by the first function that is', () => {
    const hash = (algo: string, value: string) => `<hash xmlns='urn:xmpp:hashes:2' algo='${algo}'>${value}</hash>`;
    const about = '<name>cat.png</name>';
    const digestOf = (...hashes: readonly string[]) => read(sfs(url, about + hashes.join('')))?.files?.[0]?.digest;
    expect(digestOf(hash('sha-1', 'AAAA'), hash('sha3-256', 'BBBB'), hash('sha-256', 'CCCC'))).toEqual({
      by: 'sha3-256',
      value: 'BBBB',
    });
    expect(digestOf(hash('sha-1', 'AAAA'), hash('constructor', 'BBBB'), hash('sha-256', 'C'.repeat(500)))).toBe(
      undefined,
    );
    expect(digestOf()).toBe(undefined);
  });

  test('428-02 an address that is marked as there for other clients is no text, whichever way the file is named', () => {
    const marked = (what: string, range = " start='8'") =>
      `<fallback xmlns='urn:xmpp:fallback:0' for='${what}'><body${range}/></fallback>`;
    // As Cheogram has it.
    const known = { text: { plain: 'My cat: ' }, files: [{ url, name: 'my cat.png' }] };
    expect(read(`<body>My cat: ${url}</body>${oob()}${marked('jabber:x:oob')}`)).toMatchObject(known);
    expect(read(`<body>${url} </body>${oob()}${marked('jabber:x:oob', '')}`)).toEqual({ files: known.files });
    expect(read(`<body>My cat: ${url}</body>${marked('jabber:x:oob')}`)).toMatchObject({
      text: { plain: `My cat: ${url}` },
    });
    expect(read(`<body>My cat: ${url}</body>${sims()}${marked('urn:xmpp:sims:1')}`)).toMatchObject({
      text: { plain: 'My cat: ' },
      files: [cat],
    });
  });

  test('of a name that no file system takes the end is left, which says what kind of file it is', () => {
    const [file] = read(sfs(url, `<name>a${'_'.repeat(200_000)}.png</name>`))?.files ?? [];
    expect(file?.name).toBe(`${'_'.repeat(251)}.png`);
  });

  test('385-01 a file may be named by a reference', () => {
    expect(read(`<body>My cat</body>${sims()}`)).toEqual({ text: { plain: 'My cat', marks: [] }, files: [cat] });
    expect(read(`<body>${url}</body>${sims()}${oob()}`)).toEqual({ files: [cat] });
    expect(read(`<body>${url}</body>${sims()}${sfs(url, '<name>better.png</name>')}`)?.files).toEqual([
      { url, name: 'better.png' },
    ]);
    expect(read(`<body>My cat</body>${sims('xmpp:romeo@example.org?jingle')}`)?.files).toBeUndefined();
  });

  test('461-01 what a file answers, with nothing else said, is kept', () => {
    const reply = "<reply xmlns='urn:xmpp:reply:0' id='m1'/>";
    const whole = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>";
    const answer = { files: [cat], replyTo: { stanzaId: 'm1' } };
    expect(read(`<body>${url}</body>${sfs()}${whole}${reply}`)).toEqual(answer);
    expect(read(sfs() + reply)).toEqual(answer);
    expect(read(reply)).toBeUndefined();
  });

  test('447-02 what stands for a file of another message, for clients that do not know how that has it, is not said again', () => {
    // As Kaidan has it behind several files, or behind one with words; its message has the sources itself.
    const attached = "<attach-to xmlns='urn:xmpp:message-attaching:1' id='m1'/>";
    const standIn = `<body>${url}</body>${oob()}<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>`;
    expect(read(standIn + attached)).toBeUndefined();
    expect(read(standIn)?.files).toHaveLength(1);
    expect(read(standIn + attached + sfs())?.files).toEqual([cat]);
    // Where it brings them (§3.3) it is all that there is of the file.
    const sources = `<sources xmlns='urn:xmpp:sfs:0' id='f'><url-data xmlns='http://jabber.org/protocol/url-data' target='${url}'/></sources>`;
    expect(read(standIn + attached + sources)?.files).toHaveLength(1);
    expect(read(`<body>${url}</body>${oob()}${attached}`)?.files).toHaveLength(1);
  });

  test.each([
    ['no address', oob('')],
    ['no link', oob('xmpp:juliet@example.org')],
    ['a key', oob('aesgcm://example.org/x#0123')],
    ['a path', oob('file:///etc/passwd')],
    ['nonsense', oob('https://')],
    ['too long', oob(`https://example.org/${'x'.repeat(2_000)}`)],
    ['without sources', "<file-sharing xmlns='urn:xmpp:sfs:0'/>"],
  ])('447-11 %s is no file', (_, inside) => {
    expect(read(inside)).toBeUndefined();
    expect(read(`<body>hi</body>${inside}`)).toEqual({ text: { plain: 'hi', marks: [] } });
  });

  test('447-02 several, and not without end', () => {
    expect(read(sfs() + sfs('https://example.org/b', ''))?.files?.map(({ name }) => name)).toEqual(['cat.png', 'b']);
    const many = Array.from({ length: 50 }, (_, n) => oob(`https://example.org/${n}`)).join('');
    expect(read(many)?.files).toHaveLength(20);
    expect(read(oob('https://example.org/%ff'))?.files).toEqual([{ url: 'https://example.org/%ff', name: '%ff' }]);
  });
});

describe('382-01 what is hidden', () => {
  const hides = (hint = '') => `<spoiler xmlns='urn:xmpp:spoiler:0'>${hint}</spoiler>`;

  test('a file in a message that is hidden is hidden, and the hint is what is said of it', () => {
    expect(read(`<body>${url}</body>${oob()}${hides()}`)).toEqual({
      files: [{ url, name: 'my cat.png', isSpoiler: true }],
    });
    expect(read(`<body>${url}</body>${sfs()}${hides(' the\n end ')}`)).toEqual({
      text: { plain: 'the end', marks: [] },
      files: [{ ...cat, isSpoiler: true }],
    });
    expect(read(`<body>look</body>${oob()}${hides('end')}`)).toMatchObject({
      text: { plain: 'end: look', marks: [{ is: 'spoiler', from: 5, to: 9 }] },
      files: [{ isSpoiler: true }],
    });
  });

  test('066-01 is no picture that old clients show at once', () => {
    const written = bodyOf({ files: [{ ...cat, isSpoiler: true }] })?.text ?? '';
    expect(written).toContain(`<body>${url}</body><spoiler xmlns='urn:xmpp:spoiler:0'/>`);
    expect(written).toContain(`disposition='attachment'`);
    expect(written).not.toContain('jabber:x:oob');
    const beside =
      bodyOf({
        files: [
          { ...cat, isSpoiler: true },
          { url: `${url}2`, name: 'b' },
        ],
      })?.text ?? '';
    expect(beside).not.toContain('<spoiler');
    expect(beside).toContain(oob(`${url}2`));
  });
});

test('447-01 what a picture shows, in words, both ways', () => {
  const about = '<name>cat.png</name><desc> A cat,\n asleep </desc>';
  expect(read(sfs(url, about))?.files).toEqual([{ url, name: 'cat.png', description: 'A cat, asleep' }]);
  expect(read(`<x xmlns='jabber:x:oob'><url>${url}</url><desc>A cat</desc></x>`)?.files).toMatchObject([
    { description: 'A cat' },
  ]);
  expect(read(sfs(url, `<desc>${'x'.repeat(5_000)}</desc>`))?.files?.[0]?.description).toHaveLength(1_000);
  const alone = bodyOf({ files: [{ ...cat, description: 'A cat' }] })?.text ?? '';
  expect(alone).toContain(`<body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url><desc>A cat</desc></x>`);
  expect(alone).toContain('<size>1200</size><desc>A cat</desc></file>');
});

test('447-01 how large a picture is and how long a film lasts, both ways', () => {
  const about = '<name>f.mp4</name><width>1080</width><height>1920</height><length>63000</length>';
  const film = { url, name: 'f.mp4', width: 1080, height: 1920, lengthMs: 63_000 };
  expect(read(sfs(url, about))?.files).toEqual([film]);
  const vague = '<name>f.mp4</name><width>wide</width><height>-1</height><length>1.5</length>';
  expect(read(sfs(url, vague))?.files).toEqual([{ url, name: 'f.mp4' }]);
  const { text = '' } = bodyOf({ files: [{ ...film, size: 9 }] }) ?? {};
  expect(text).toContain('<size>9</size><width>1080</width><height>1920</height><length>63000</length></file>');
});

describe('writing', () => {
  test('066-01 the body of a file alone is its address, and equal to it out of band', () => {
    expect(bodyOf({ files: [{ url, name: 'x' }] })?.text).toBe(`<body>${url}</body>${oob()}`);
  });

  test('447-01 what is known of it stands beside, the body marked as fallback', () => {
    expect(bodyOf({ files: [cat] })?.text).toBe(
      `<body>${url}</body>${oob()}<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'><file xmlns='urn:xmpp:file:metadata:0'><media-type>image/png</media-type><name>cat.png</name><size>1200</size></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='${url}'/></sources></file-sharing><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>`,
    );
    expect(bodyOf({ files: [{ url, name: 'x', size: 5 }] })?.text).toContain("disposition='attachment'");
  });

  test('with words, or several, the addresses are enough', () => {
    expect(bodyOf({ files: [cat, { url: 'https://a/b', name: 'b' }] })?.text).not.toContain('file-sharing');
    expect(bodyOf({ text: { plain: 'look', marks: [] }, files: [cat] })?.text).toBe(
      `<body>look\n${url}</body>${oob()}`,
    );
  });
});
