// Who signed in with this browser, for what the header offers. The session itself is in cookies that
// pages cannot read; this is a reminder, not a permission.

import type { Role } from '$lib/api/schema';

const KEY = 'connecte';
const TEAM = 'equipe';
const ROLES: Role[] = ['client', 'professional', 'manager', 'agent', 'applicant', 'admin'];

class Reminder {
  role: Role | undefined = $state();
  /** Whether the professional acted for has a team: a natural person has none. Unknown until the account said. */
  team: boolean | undefined = $state();

  get signedIn(): boolean {
    return this.role !== undefined;
  }

  recall(): void {
    const kept = localStorage.getItem(KEY);
    this.role = ROLES.find((role) => role === kept);
    const said = localStorage.getItem(TEAM);
    this.team = this.role === 'manager' || (said === null ? undefined : said === 'oui');
  }

  begin(role: Role): void {
    localStorage.setItem(KEY, role);
    localStorage.removeItem(TEAM);
    this.role = role;
    this.team = role === 'manager' || undefined;
  }

  /** What the account says of the professional. */
  learn(hasTeam: boolean): void {
    this.team = hasTeam;
    localStorage.setItem(TEAM, hasTeam ? 'oui' : 'non');
  }

  end(): void {
    localStorage.removeItem(KEY);
    localStorage.removeItem(TEAM);
    this.team = undefined;
    this.role = undefined;
  }
}

export const reminder = new Reminder();
