import type { Span } from "@omnichat/api-client/types";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Piece, pieces } from "~/lib/rich-text.ts";
import classes from "./rich-text.module.css";

export function RichText({ text, spans }: { text: string; spans: Span[] }) {
  const parts = useMemo(() => pieces(text, spans), [text, spans]);
  return (
    <div className={classes.text} dir="auto">
      {parts.map((piece, index) => (
        <PieceView key={index} piece={piece} />
      ))}
    </div>
  );
}

function PieceView({ piece }: { piece: Piece }) {
  let node: ReactNode = piece.text;
  if (piece.url !== null) {
    node = (
      <a href={piece.url} target="_blank" rel="noopener noreferrer nofollow">
        {node}
      </a>
    );
  }
  for (const style of piece.styles) {
    if (style === "bold") node = <strong>{node}</strong>;
    else if (style === "italic") node = <em>{node}</em>;
    else if (style === "underline") node = <u>{node}</u>;
    else if (style === "strike") node = <s>{node}</s>;
    else if (style === "code") node = <code className={classes.code}>{node}</code>;
    else if (style === "pre") node = <code className={classes.pre}>{node}</code>;
    else if (style === "quote") node = <span className={classes.quote}>{node}</span>;
    else if (style === "spoiler") node = <Spoiler>{node}</Spoiler>;
  }
  return node;
}

function Spoiler({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (open) return children;
  return (
    <button type="button" className={classes.spoiler} aria-label={t("message.show_spoiler")} onClick={() => setOpen(true)}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
