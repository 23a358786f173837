/** Style sheets that a page with a strict CSP accepts. */

/**
 * Adds a sheet to the page or to a shadow root and answers how to take it off. A constructed sheet is not subject to the page's
 * `style-src`; a `<style>` element is, and serves browsers that cannot construct one.
 */
export function addStyles(root: Document | ShadowRoot, css: string): () => void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => void (root.adoptedStyleSheets = root.adoptedStyleSheets.filter((held) => held !== sheet));
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    (root === document ? document.head : root).appendChild(style);
    return () => style.remove();
  }
}
