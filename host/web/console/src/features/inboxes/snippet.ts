/** The code that a site puts before </body>; the host's address is where this console came from. */
export function widgetSnippet(origin: string, inboxId: string): string {
  return (
    "<script>(function(w,d,s,o,u){w[o]=w[o]||function(){(w[o].q=w[o].q||[]).push(arguments)};" +
    "var j=d.createElement(s),f=d.getElementsByTagName(s)[0];j.async=1;j.src=u;f.parentNode.insertBefore(j,f)})" +
    `(window,document,'script','omni','${origin}/widget/loader.js');omni('init','${inboxId}');</script>`
  );
}
