/** A name as Discord takes it from webhooks: 1 to 80 characters, and none that it keeps for itself. */

const longest = 80;
/** "clyde", "discord" and the like are refused wherever they stand; a sign that nobody sees stands between their letters. */
const kept = /c(?=lyde)|d(?=iscord)|e(?=veryone$)|h(?=ere$)|s(?=ystem message$)/gi;
const unseen = '\u2060';

/** What is shown of that name. */
export function speakerName(nick: string): string {
  const plain = nick
    .replace(/[\p{Cc}\p{Zl}\p{Zp}@#:`]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const name = [...plain.replace(kept, (letter) => letter + unseen)].slice(0, longest).join('').trim().toWellFormed();
  return name === '' ? 'nobody' : name;
}
