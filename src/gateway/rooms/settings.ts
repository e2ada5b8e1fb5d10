/** What the room is: its flags as disco features (XEP-0045 §16.3), and the word that one of them changed (§10.2.1, status 104). */
import type { Room as RoomSettings } from '../../core/event.ts';
import { xml } from '../../xml/writer.ts';
import { valueField } from '../../xmpp/xep/0004-data-forms.ts';
import { slowModeField } from '../../xmpp/xep/0500-slow-mode.ts';
import type { RoomFeature } from './feature.ts';
import type { Room } from './room.ts';

const changed = xml`<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x>`;

type Settings = Omit<RoomSettings, 'topic' | 'topicBy' | 'topicAt'>;

function differs(before: Partial<Settings>, after: Partial<Settings>): boolean {
  return (
    before.name !== after.name ||
    before.isPublic !== after.isPublic ||
    before.isModerated !== after.isModerated ||
    before.isMembersOnly !== after.isMembersOnly ||
    before.hasPassword !== after.hasPassword ||
    before.topicByModeratorsOnly !== after.topicByModeratorsOnly ||
    before.noOutsideMessages !== after.noOutsideMessages ||
    before.maxMembers !== after.maxMembers ||
    before.slowModeSeconds !== after.slowModeSeconds
  );
}

/**
 * One of each pair (45-10). Always non-anonymous: who is who is known to all. Persistent, because the channel is the network's and does not end with us.
 * Always open, also by invitation only: nobody in a members-only room is without an affiliation (§5.2.1), and in one that is not anonymous clients encrypt what is
 * said, which nobody in the room could read (380-03).
 */
export function flagsOf({ settings }: Room): readonly string[] {
  return [
    settings.isPublic === false ? 'muc_hidden' : 'muc_public',
    'muc_persistent',
    'muc_open',
    settings.isModerated === true ? 'muc_moderated' : 'muc_unmoderated',
    'muc_nonanonymous',
    settings.hasPassword === true ? 'muc_passwordprotected' : 'muc_unsecured',
  ];
}

/** May everybody change the subject? By the registry's name, and by the one that servers use. */
const subjectFields = ['muc#roominfo_subjectmod', 'muc#roominfo_changesubject'];

/** Flags for discovery, 104 when one of them changes. */
export const settings: RoomFeature = {
  info: (_, { settings: { name, slowModeSeconds, topicByModeratorsOnly: closed } }) => [
    ...(name === undefined ? [] : [valueField('muc#roomconfig_roomname', [name], 'text-single')]),
    ...(slowModeSeconds === undefined ? [] : [slowModeField(slowModeSeconds)]),
    ...(closed === undefined ? [] : subjectFields.map((field) => valueField(field, [closed ? '0' : '1'], 'boolean'))),
  ],
  on: {
    room(face, room, { change }, out) {
      const { topic, topicBy, topicAt, ...flags } = change;
      const before = room.settings;
      room.settings = { ...before, ...flags };
      if (flags.hasPassword === false) room.password = undefined;
      // The first description after a restart is no change: the clients knew the room before.
      const isFirst = Object.keys(before).length === 0 && flags.name !== undefined;
      if (isFirst || room.everybody.length === 0 || !differs(before, room.settings)) return;
      const id = face.context.newId();
      out.stanzas.push({ kind: 'message', type: 'groupchat', from: room.jid, to: room.everybody, id, body: changed });
    },
  },
};
