/** What can be a channel's name, a nick and a server's name, as far as it is known without a connection. */
import { isIP } from 'node:net';

/** RFC 2812 §1.3. Servers have fewer; CHANTYPES tells which. */
export const channelTypes = '#&+!';

/** A comma would make it two channels, BEL and space end it (RFC 2812 §1.3). */
export function isChannelName(text: string): boolean {
  return (
    text.length >= 1 && text.length <= 200 && channelTypes.includes(text.charAt(0)) && !/[\0-\x20,\x7f]/.test(text)
  );
}

/** What a bouncer calls those of its parts that one talks with (ZNC's *status). */
const bouncerPart = /^\*[A-Za-z]{1,60}$/;

/** Can this be sent as a nick, or to one, without being taken for something else? Whether it is one, its server decides. */
export function isNick(text: string): boolean {
  if (bouncerPart.test(text)) return true;
  return text.length >= 1 && text.length <= 64 && !/[\0-\x20,!@*?\x7f]/.test(text) && !/^[#&+:$]/.test(text);
}

/** A host name, an alias of the configuration, or an IP address; in lower case. */
export function isServerName(text: string): boolean {
  if (text.length < 1 || text.length > 253) return false;
  return (
    isIP(text) !== 0 || (/^[^\0-\x2c/:-@[-`{-\x7f]+$/.test(text.replaceAll('_', '-')) && !/^[.-]|\.\.|[A-Z]/.test(text))
  );
}
