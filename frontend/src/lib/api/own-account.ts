// What people do with their own account, and ask about their data. Apart from what nearly every page loads.

import { call, callSignedIn } from './client';
import type { Corrected, DataAsked, DataAskedByMail } from './schema';

/** Sends again the mails that confirm a change of address. */
export const sendIdentifierCodesAgain = () =>
  callSignedIn('POST', '/api/proofs/again', { body: { mail: 'identifier_change' } });

export const correctAccount = (corrected: Corrected) =>
  callSignedIn('PUT', '/api/account/profile', { body: corrected });

export const chooseNewsletter = (wanted: boolean) =>
  callSignedIn('PUT', '/api/account/newsletter', { body: { wanted } });

export const leaveNewsletter = (token: string) => call('POST', '/api/newsletter/leave', { body: { token } });

/** Asks to sign in with another e-mail: nothing changes before both addresses have confirmed. */
export const askIdentifierChange = (email: string, reason: string, password: string) =>
  callSignedIn('POST', '/api/account/identifier', { body: { email, reason, password } });

export const confirmIdentifierChange = (token: string) =>
  call('POST', '/api/account/identifier/confirm', { body: { token } });

/** The same with the code of the mail to one of the two addresses. */
export const confirmIdentifierByCode = (address: 'current' | 'wanted', code: string) =>
  callSignedIn('POST', '/api/account/identifier/confirm', { body: { address, code } });

export const exportAccount = (password: string) =>
  callSignedIn('POST', '/api/account/export', { body: { password } });

export const closeAccount = (password: string) =>
  callSignedIn('POST', '/api/account/close', { body: { password } });

/** A professional asks for the account to be closed, or keeps it after all. */
export const leave = (how: 'in_five_days' | 'with_notice' | 'stay', password: string) =>
  callSignedIn('POST', '/api/account/close', { body: { password, how } });

export const listDevices = () => callSignedIn('GET', '/api/account/devices', {});

/** Signs one device out, or all of them. */
export const endDevices = (device?: string) =>
  callSignedIn('POST', '/api/account/devices/end', { body: device ? { device } : { all: true } });

/** Says that somebody else comes in: every session ends, and the password with them. */
export const reportSuspectAccess = () =>
  callSignedIn('POST', '/api/account/suspect-access', { body: { somebody_else_comes_in: true } });

export const beginSecondFactor = (password: string) =>
  callSignedIn('POST', '/api/account/second-factor', { body: { password } });

export const enrolSecondFactor = (code: string) =>
  callSignedIn('PUT', '/api/account/second-factor', { body: { code } });

export const giveUpSecondFactor = (password: string, second_factor: string) =>
  callSignedIn('DELETE', '/api/account/second-factor', { body: { password, second_factor } });

/** Asks something about one's own data. */
export const askAboutData = (asked: DataAsked) =>
  callSignedIn('POST', '/api/account/data-requests', { body: asked });

/** The same without an account: a mail proves the address. */
export const askAboutDataByMail = (asked: DataAskedByMail) =>
  call('POST', '/api/data-requests', { body: asked });

export const confirmDataRequest = (token: string) =>
  call('POST', '/api/data-requests/confirm', { body: { token } });
