// How many messages wait to be read, for the header. It is asked for after something that needs a session
// was answered, so that nobody is asked who is not signed in.

const AGAIN = 60_000;

class Unread {
  count = $state(0);
  #asked = 0;

  /** Asks again unless that was done within the last minute; `ask` answers the conversations. */
  look(ask: () => Promise<{ conversations: { unread: number }[] }>): void {
    if (Date.now() - this.#asked < AGAIN) return;
    this.#asked = Date.now();
    ask().then(
      ({ conversations }) => this.learn(conversations),
      // A number that does not come is not missed: the page of messages has it.
      () => undefined,
    );
  }

  learn(conversations: { unread: number }[]): void {
    this.count = conversations.reduce((sum, { unread }) => sum + unread, 0);
  }

  /** One conversation was read. */
  read(messages: number): void {
    this.count = Math.max(0, this.count - messages);
  }

  forget(): void {
    this.count = 0;
    this.#asked = 0;
  }
}

export const unread = new Unread();
