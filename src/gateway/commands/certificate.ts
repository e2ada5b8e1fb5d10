/** Client certificates, by which a network's services know somebody without a password (CertFP): made, shown by their fingerprints, replaced, removed. The key never leaves us. */
import type { CommandRun, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { Certificates } from '../../bridge/contract.ts';
import type { Command, Here } from './command.ts';
import type { Texts } from './texts.ts';

type Doing = 'show' | 'make' | 'remove';

/** Only what makes sense: there is nothing to show or to remove where there is none. */
function actions(texts: Texts, isThere: boolean): FormField {
  const choices: readonly { readonly value: Doing; readonly label: string }[] = isThere
    ? [
        { value: 'show', label: texts.certificateShow },
        { value: 'make', label: texts.certificateReplace },
        { value: 'remove', label: texts.certificateRemove },
      ]
    : [{ value: 'make', label: texts.certificateMake }];
  return { name: 'action', label: texts.certificateWhat, type: 'choice', choices, required: true };
}

/** What is to be told to the network's services. */
function shown(certificates: Certificates, pem: string, text: string) {
  return { notes: [{ is: 'info', text } as const], facts: certificates.fingerprints(pem) };
}

async function* run(certificates: Certificates, { texts, settings, set, account, title }: Here): CommandRun {
  const current = (await settings())[certificates.setting];
  const pem = typeof current === 'string' && current !== '' ? current : undefined;
  const form = {
    title: texts.certificateFor(title),
    text: [texts.certificateText],
    fields: [actions(texts, pem !== undefined)],
  };
  const { action }: FormAnswer = yield form;
  if (action === 'show' && pem !== undefined) return shown(certificates, pem, texts.certificateTell);
  if (action === 'remove') {
    await set({ [certificates.setting]: null });
    return { notes: [{ is: 'info', text: texts.certificateRemoved }] };
  }
  const made = certificates.make(account.owner);
  await set({ [certificates.setting]: made });
  return shown(certificates, made, `${texts.certificateMade} ${texts.certificateTell}`);
}

/** Of one server. */
export const certificate = (certificates: Certificates): Command => ({
  anywhere: true,
  title: (texts) => texts.certificate,
  help: (texts) => texts.certificateHelp,
  run: (here) => run(certificates, here),
});
