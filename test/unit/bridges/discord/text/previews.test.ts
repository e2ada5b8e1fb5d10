/** Which embeds only show what an address in the text leads to, and which say something of their own. */
import { expect, test } from 'vitest';
import { readEmbeds } from '../../../../../bridges/discord/text/embeds.ts';
import { names } from './told.ts';

const url = 'https://ci.example/org/repo';

/** Is something shown of an embed with that address, behind that text? */
const isShown = (content: string, address = url): boolean =>
  readEmbeds([{ url: address, title: 'repo', description: 'The build has failed' }], content, names).some(
    ({ texts }) => texts.length > 0,
  );

test.each([
  `look: ${url}`,
  `${url}/`,
  `<${url}>`,
  `[here](${url}), and more`,
  `${url}. And more`,
  `${url}?from=chat`,
  `${url}/#readme`,
  `${url}/builds/7, of ${url}`,
])('a preview of an address in the text is left out: %s', (content) => {
  expect(isShown(content)).toBe(false);
  expect(isShown(content, `${url}/`)).toBe(false);
});

test.each(['', 'The build of repo', `${url}/builds/7 has failed`, `${url}-tools`, `${url}.git`, `${url}2`])(
  'what a bot says in a frame is shown, though an address in the text begins like its own: %s',
  (content) => {
    expect(isShown(content)).toBe(true);
    expect(isShown(content, `${url}/`)).toBe(true);
  },
);

test.each(['', '/'])('what is no address stands in no text: "%s"', (address) => {
  expect(isShown('The build of repo', address)).toBe(true);
});
