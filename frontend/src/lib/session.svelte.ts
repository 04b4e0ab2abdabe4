// Whether somebody signed in with this browser, for what the header says. The session itself is in
// cookies that pages cannot read; this is a reminder, not a permission.

const KEY = 'connecte';

class Reminder {
  signedIn = $state(false);

  recall(): void {
    this.signedIn = localStorage.getItem(KEY) === 'oui';
  }

  begin(): void {
    localStorage.setItem(KEY, 'oui');
    this.signedIn = true;
  }

  end(): void {
    localStorage.removeItem(KEY);
    this.signedIn = false;
  }
}

export const reminder = new Reminder();
