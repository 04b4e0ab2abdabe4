// Files behind a link that the API makes on demand and that lasts a minute.

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
