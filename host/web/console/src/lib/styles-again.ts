/** Style sheets that did not come. What fetches a page with its styles asks for each of them once only. */
const missing = new Set<HTMLLinkElement>();

if (typeof document !== "undefined") {
  const note = ({ target }: Event) => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") missing.add(target);
  };
  document.addEventListener("error", note, true);
}

/** Fetches the style sheets that did not come before. Fails as soon as one does not come again. */
export async function fetchStylesAgain(): Promise<void> {
  await Promise.all([...missing].map(again));
}

function again(link: HTMLLinkElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const copy = link.cloneNode() as HTMLLinkElement;
    missing.delete(link);
    copy.addEventListener("load", () => resolve());
    copy.addEventListener("error", () => reject(new Error(`no ${copy.href}`)));
    link.replaceWith(copy);
  });
}
