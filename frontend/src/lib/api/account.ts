// Accounts and sessions: what pages ask on the way to something else. The account's own page has the rest.

import { call, callSignedIn } from './client';
import type { EmailProof, PasswordReset, RegistrationProof, SavedSite, SignUp } from './schema';

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

export const activate = (token: string) => call('POST', '/api/activations', { body: { token } });

/** Chooses a password; without the present one where none was chosen yet. */
export const changePassword = (current_password: string | undefined, new_password: string) =>
  callSignedIn('PUT', '/api/account/password', {
    body: current_password === undefined ? { new_password } : { current_password, new_password },
  });

export const askPasswordReset = (email: string) => call('POST', '/api/password-resets', { body: { email } });

export const resetPassword = (reset: PasswordReset) => call('PUT', '/api/password-resets', { body: reset });

export const resumeRegistration = (proof: RegistrationProof) =>
  call('POST', '/api/registrations/resume', { body: proof });

// What a client keeps: places of missions, and the professionals they come back to.

export const readSites = () => callSignedIn('GET', '/api/account/sites', {});

/** These places and no others. */
export const saveSites = (sites: SavedSite[]) =>
  callSignedIn('PUT', '/api/account/sites', { body: { sites } });

export const listFavourites = () => callSignedIn('GET', '/api/account/favourites', {});

export const chooseFavourite = (professional: string, wanted: boolean) =>
  callSignedIn('PUT', '/api/account/favourites/{professional}', { path: { professional }, body: { wanted } });
