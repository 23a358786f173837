/** A message's text with its styles; addresses in it become links. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { findLinks, safeUrl } from "../text/links.ts";
import { layOut, type Run } from "../text/spans.ts";
import type { Span } from "../wire.ts";
import { useScreen } from "./context.ts";

export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Words({ run }: { run: Run }) {
  const { styles, text } = run;
  const url = safeUrl(run.url);
  let content: ComponentChildren = text;
  if (url) content = <Link url={url}>{text}</Link>;
  else if (!styles.has("code") && !styles.has("pre"))
    content = findLinks(text).map((piece, index) =>
      piece.url ? (
        <Link key={index} url={piece.url}>
          {piece.text}
        </Link>
      ) : (
        piece.text
      ),
    );
  if (styles.has("code")) content = <code>{content}</code>;
  if (styles.has("bold")) content = <strong>{content}</strong>;
  if (styles.has("italic")) content = <em>{content}</em>;
  if (styles.has("underline")) content = <u>{content}</u>;
  if (styles.has("strike")) content = <s>{content}</s>;
  return <>{content}</>;
}

export function RichText({ text, spans }: { text: string; spans: Span[] }) {
  const { words } = useScreen();
  const [opened, open] = useState<number[]>([]);
  const draw = (run: Run, index: number) => {
    if (run.spoiler === null || opened.includes(run.spoiler)) return <Words key={index} run={run} />;
    const { spoiler } = run;
    return (
      <button key={index} type="button" class="spoiler" aria-label={words.value.say("spoiler")} onClick={() => open([...opened, spoiler])}>
        {run.text}
      </button>
    );
  };
  return (
    <div class="text">
      {layOut(text, spans).map(({ kind, runs }, index) => {
        const content = runs.map(draw);
        if (kind === "pre") return <pre key={index}>{content}</pre>;
        if (kind === "quote") return <blockquote key={index}>{content}</blockquote>;
        return <span key={index}>{content}</span>;
      })}
    </div>
  );
}
