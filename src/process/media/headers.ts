/** What is said with a file that strangers have made: only what can't run anything is shown, all else is to be saved, and no page may make anything of it. */
import { isShown } from './types.ts';

const always = {
  'content-security-policy': "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
  // Clients that are pages show it and may load it: whoever asks has the link, which is all that it takes, and is known by nothing else.
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  // Not for long: what was taken back is to be gone.
  'cache-control': 'private, max-age=3600',
};

/** @param type as `typeOf` has it, @param name as the network has it */
export const headersOf = (type: string, name: string): Readonly<Record<string, string>> => ({
  ...always,
  'content-type': type,
  'content-disposition': `${isShown(type) ? 'inline' : 'attachment'}; ${nameIn(name)}`,
});

/** RFC 6266 §4: in letters that everybody reads, and as it is (RFC 8187). */
function nameIn(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9 ._-]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${whole}`;
}
