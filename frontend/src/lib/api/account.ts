// Accounts and sessions.

import { call, callSignedIn } from './client';
import type {
  Corrected,
  DataAsked,
  DataAskedByMail,
  EmailProof,
  PasswordReset,
  RegistrationProof,
  SavedSite,
  SignUp,
} from './schema';

export const signUp = (asked: SignUp) => call('POST', '/api/accounts', { body: asked });

export const signIn = (email: string, password: string, second_factor?: string) =>
  call('POST', '/api/session', {
    body: second_factor ? { email, password, second_factor } : { email, password },
  });

export const signOut = () => call('DELETE', '/api/session', {});

export const readAccount = () => callSignedIn('GET', '/api/account', {});

/** Opens the account whose address is proved, by the code of a mail or by its link. */
export const verifyEmail = (proof: EmailProof) => call('POST', '/api/accounts/verify-email', { body: proof });

/** Sends again the mail that this browser waits for. */
export const sendCodeAgain = () => call('POST', '/api/proofs/again', { body: {} });

/** Sends again the mails that confirm a change of address. */
export const sendIdentifierCodesAgain = () =>
  callSignedIn('POST', '/api/proofs/again', { body: { mail: 'identifier_change' } });

export const activate = (token: string) => call('POST', '/api/activations', { body: { token } });

/** Chooses a password; without the present one where none was chosen yet. */
export const changePassword = (current_password: string | undefined, new_password: string) =>
  callSignedIn('PUT', '/api/account/password', {
    body: current_password === undefined ? { new_password } : { current_password, new_password },
  });

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

export const askPasswordReset = (email: string) => call('POST', '/api/password-resets', { body: { email } });

export const resetPassword = (reset: PasswordReset) => call('PUT', '/api/password-resets', { body: reset });

export const resumeRegistration = (proof: RegistrationProof) =>
  call('POST', '/api/registrations/resume', { body: proof });

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

// What a client keeps: places of missions, and the professionals they come back to.

export const readSites = () => callSignedIn('GET', '/api/account/sites', {});

/** These places and no others. */
export const saveSites = (sites: SavedSite[]) =>
  callSignedIn('PUT', '/api/account/sites', { body: { sites } });

export const listFavourites = () => callSignedIn('GET', '/api/account/favourites', {});

export const chooseFavourite = (professional: string, wanted: boolean) =>
  callSignedIn('PUT', '/api/account/favourites/{professional}', { path: { professional }, body: { wanted } });

/** Asks something about one's own data. */
export const askAboutData = (asked: DataAsked) =>
  callSignedIn('POST', '/api/account/data-requests', { body: asked });

/** The same without an account: a mail proves the address. */
export const askAboutDataByMail = (asked: DataAskedByMail) =>
  call('POST', '/api/data-requests', { body: asked });

export const confirmDataRequest = (token: string) =>
  call('POST', '/api/data-requests/confirm', { body: { token } });
