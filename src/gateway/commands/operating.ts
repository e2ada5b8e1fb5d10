/** What operators do while the gateway runs: look at its sessions, delete a user, have more or less logged, keep newcomers out while they work at it. */
import type { CommandNote, FormAnswer, FormField } from '../../bridge/commands.ts';
import { GatewayError } from '../../core/errors.ts';
import { ADMIN } from '../../xmpp/xep/0133-service-administration.ts';
import type { Command, Here } from './command.ts';
import { farewellFrom } from './delete-data.ts';
import { whoIn } from './people-and-domains.ts';
import type { Texts } from './texts.ts';
import { textsOf } from './values.ts';

const shownAtMost = 500;

const note = (text: string) => ({ notes: [{ is: 'info' as const, text }] });

/** Every account that runs, or will when the gateway is whole. */
export const sessions: Command = {
  adminsOnly: true,
  title: (texts) => texts.sessions,
  help: (texts) => texts.sessionsHelp,
  async *run({ texts, powers, addresses }) {
    const all = [...(await powers.accounts())].sort((a, b) => a.id.localeCompare(b.id));
    if (all.length === 0) return note(texts.nobodyConnected);
    const shown = all.slice(0, shownAtMost);
    const rows: Record<string, string>[] = [];
    for (const { id, owner, on } of shown) {
      const server = addresses.title({ is: 'service', ...(on !== undefined && { on }) });
      rows.push({ jid: owner, server, rooms: `${(await powers.rooms(id)).length}` });
    }
    return {
      table: {
        columns: [
          { name: 'jid', label: 'JID' },
          { name: 'server', label: texts.infoServer },
          { name: 'rooms', label: texts.infoRooms },
        ],
        rows,
      },
      ...(all.length > shown.length && {
        notes: [{ is: 'info' as const, text: texts.onlineMore(all.length - shown.length) }],
      }),
    };
  },
};

/** A whole domain is deleted person by person: nobody loses everything by a slip. */
const notPeople =
  (texts: Texts): NonNullable<FormField['objection']> =>
  (value) => {
    const wrong = textsOf(value).find((one) => whoIn([one])[0]?.includes('@') !== true);
    return wrong === undefined ? undefined : texts.deleteUserNobody(wrong);
  };

/** Resolves with what kept it from being done, if so: nobody else waits for that. */
async function deleteOne(here: Here, owner: string, domain: string): Promise<GatewayError | undefined> {
  try {
    await eraseOne(here, owner, domain);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

async function eraseOne({ powers, texts, afterwards, signal }: Here, owner: string, domain: string): Promise<void> {
  powers.logins?.pending(owner)?.cancel();
  const contacts = await powers.personalData.erase(owner, texts.deleteReason, signal);
  afterwards([...contacts, domain].flatMap((from) => farewellFrom(from, owner)));
}

/** XEP-0133 §4.2: as if they had deleted their data themselves. They may come again. */
export const deleteUser = (domain: string): Command => ({
  adminsOnly: true,
  title: (texts) => texts.deleteUser,
  help: (texts) => texts.deleteUserHelp,
  async *run(here) {
    const { texts, powers } = here;
    const whom: FormAnswer = yield {
      title: texts.deleteUser,
      formType: ADMIN,
      fields: [
        {
          name: 'accountjids',
          label: texts.deleteUserWhom,
          type: 'lines',
          required: true,
          objection: notPeople(texts),
        },
      ],
      more: true,
    };
    const owners = whoIn(whom.accountjids);
    let count = 0;
    for (const owner of owners) count += (await powers.accounts(owner)).length;
    const sure: FormAnswer = yield {
      title: texts.deleteUser,
      text: [texts.deleteUserText(owners.join(', '), count)],
      fields: [{ name: 'confirm', label: texts.deleteConfirm, type: 'flag', required: true }],
    };
    if (sure.confirm !== true) return note(texts.nothingChanged);
    here.goesOn();
    const done: string[] = [];
    const notes: CommandNote[] = [];
    for (const owner of owners) {
      const error = await deleteOne(here, owner, domain);
      if (error === undefined) done.push(owner);
      else notes.push({ is: 'error', text: `${owner}: ${here.worded(error)}` });
    }
    if (done.length > 0) notes.unshift({ is: 'info', text: texts.deleteUserDone(done.join(', ')) });
    return { notes };
  },
});

/** Until the next restart, in all processes. */
export const logLevel: Command = {
  adminsOnly: true,
  title: (texts) => texts.logLevel,
  help: (texts) => texts.logLevelHelp,
  async *run({ texts, powers: { operating } }) {
    const { log } = operating;
    if (log === undefined) throw new GatewayError('not-available');
    const answer: FormAnswer = yield {
      title: texts.logLevel,
      text: [texts.logLevelText(log.now())],
      fields: [
        {
          name: 'level',
          label: texts.logLevelWhich,
          type: 'choice',
          choices: log.levels.map((value) => ({ value, label: value })),
          required: true,
        },
      ],
    };
    const level = String(answer.level);
    await log.set(level);
    return note(texts.logLevelIs(level));
  },
};

/** Whoever is in a room stays there. */
export const maintenance: Command = {
  adminsOnly: true,
  title: (texts) => texts.maintenance,
  help: (texts) => texts.maintenanceHelp,
  async *run({ texts, powers: { operating } }) {
    const now = operating.maintenance.now();
    const answer: FormAnswer = yield {
      title: texts.maintenance,
      text: [now === undefined ? texts.maintenanceOff : texts.maintenanceOn(now), texts.maintenanceText],
      fields: [
        { name: 'state', label: texts.maintenanceState, type: 'flag', value: now !== undefined },
        { name: 'words', label: texts.maintenanceWords, type: 'text', ...(now !== undefined && { value: now }) },
      ],
    };
    const words = answer.state === true ? textsOf(answer.words ?? undefined).join(' ') : undefined;
    await operating.maintenance.set(words);
    return note(words === undefined ? texts.maintenanceOff : texts.maintenanceOn(words));
  },
};
