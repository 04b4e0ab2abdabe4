// Files behind a link that the API makes on demand and that lasts a minute, and files made here.

/**
 * Opens the file in another tab. The tab is opened within the click, before the link is known: a
 * browser blocks one that opens by itself later. Where it is blocked all the same, this tab goes.
 */
export async function openFile(link: () => Promise<{ url: string }>): Promise<void> {
  const tab = window.open('', '_blank');
  if (tab) tab.opener = null;
  try {
    const { url } = await link();
    if (tab) tab.location.href = url;
    else location.assign(url);
  } catch (error) {
    tab?.close();
    throw error;
  }
}

/** Saves data that is already here as a file of the person's own. */
export function saveJson(name: string, data: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
