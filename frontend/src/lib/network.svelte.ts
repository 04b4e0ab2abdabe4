// Whether this device has a network, as its browser knows.

class Network {
  online = $state(true);

  /** Follows the browser's word from now on. */
  watch(): () => void {
    const look = () => (this.online = navigator.onLine);
    look();
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }
}

export const network = new Network();
