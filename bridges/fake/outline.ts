/** Groups of the fake network's rooms: one that is called "#verona/market" stands in the group "verona". */
import type { ChatId, Outline, OutlineEntry } from '#bridge';

/** Each group ahead of its rooms, in the order of the rooms. */
export function outlineOf(rooms: readonly ChatId[]): Outline {
  const entries: OutlineEntry[] = [];
  const groups = new Set<string>();
  for (const chat of [...rooms].sort()) {
    const [, group, name] = /^#(.+)\/([^/]+)$/.exec(chat) ?? [];
    if (group === undefined || name === undefined) {
      entries.push({ chat, name: chat });
      continue;
    }
    if (!groups.has(group)) entries.push({ group, name: group });
    groups.add(group);
    entries.push({ chat, name: `#${name}`, within: group });
  }
  return entries;
}
