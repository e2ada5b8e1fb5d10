/** What is said to somebody about what they have just sent, in the language of that: in conversations, and with requests for a subscription. And what they are told unasked. */

export const noticeEnglish = {
  waits: (where: string) =>
    `Your message has not reached ${where} yet. It waits and is tried again; you are told if it can not be delivered.`,
  notDecrypted: (method: string, where: string) =>
    `Not delivered: end-to-end encryption (${method}) ends at the gateway to ${where}. Please switch it off for this chat.`,
  encryptionEnds: (method: string, where: string) =>
    `This conversation is on ${where}; end-to-end encryption stops at the gateway. Please switch off ${method} for this chat. Your message was not delivered.`,
  noCalls: (where: string) => `Nobody on ${where} can be called from here. What you write to them gets there.`,
  asksToSee: (name: string) => `${name} asks to see whether you are there.`,
  offNow: (where: string, why: string, remedy: string) =>
    `You are not connected to ${where} any more: ${why} Nothing that waits is lost. ${remedy}`,
  mendLogin: 'Write change-login to me to log in anew.',
  tryAgain: 'Write re-login to me to try again.',
  notBack: (where: string, why: string) =>
    `You are not back on ${where} yet: ${why} It is tried again from time to time, and at once when you change a setting of yours there.`,
};

export const noticeGerman: typeof noticeEnglish = {
  waits: (where) =>
    `Deine Nachricht ist noch nicht bei ${where} angekommen. Sie wartet und wird wieder versucht; du erfährst, wenn sie nicht zugestellt werden kann.`,
  notDecrypted: (method, where) =>
    `Nicht zugestellt: Ende-zu-Ende-Verschlüsselung (${method}) reicht nur bis zum Gateway zu ${where}. Bitte schalte sie für diesen Chat aus.`,
  encryptionEnds: (method, where) =>
    `Dieses Gespräch ist auf ${where}; Ende-zu-Ende-Verschlüsselung reicht nur bis zum Gateway. Bitte schalte ${method} für diesen Chat aus. Deine Nachricht wurde nicht zugestellt.`,
  noCalls: (where) => `Auf ${where} kann von hier aus niemand angerufen werden. Was du dorthin schreibst, kommt an.`,
  asksToSee: (name) => `${name} möchte sehen, ob du da bist.`,
  offNow: (where, why, remedy) =>
    `Du bist nicht mehr mit ${where} verbunden: ${why} Nichts, was wartet, geht verloren. ${remedy}`,
  mendLogin: 'Schreib mir change-login, um dich neu anzumelden.',
  tryAgain: 'Schreib mir re-login, um es noch einmal zu versuchen.',
  notBack: (where, why) =>
    `Du bist noch nicht wieder auf ${where}: ${why} Es wird von Zeit zu Zeit wieder versucht, und sofort, wenn du dort eine Einstellung änderst.`,
};
