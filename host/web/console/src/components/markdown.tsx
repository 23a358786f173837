import { Fragment, useMemo } from "react";
import { type Inline, type MarkdownBlock, parseInline, parseMarkdown } from "./markdown-parse.ts";
import classes from "./markdown.module.css";

export function Markdown({ source }: { source: string }) {
  const blocks = useMemo(() => parseMarkdown(source), [source]);
  return (
    <div className={classes.text}>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

/** A sentence with what it marks. */
export function MarkdownLine({ source }: { source: string }) {
  const inline = useMemo(() => parseInline(source), [source]);
  return <Line inline={inline} />;
}

function BlockView({ block }: { block: MarkdownBlock }) {
  switch (block.type) {
    case "heading":
      return block.level === 1 ? <h2><Line inline={block.inline} /></h2> : <h3><Line inline={block.inline} /></h3>;
    case "paragraph":
      return <p><Line inline={block.inline} /></p>;
    case "code":
      return <pre><code>{block.text}</code></pre>;
    case "list": {
      const items = block.items.map((item, index) => <li key={index}><Line inline={item} /></li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table":
      return (
        <div className={classes.table}>
          <table>
            <thead>
              <tr>{block.head.map((cell, index) => <th key={index}><Line inline={cell} /></th>)}</tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={index}>{row.map((cell, at) => <td key={at}><Line inline={cell} /></td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

function Line({ inline }: { inline: Inline[] }) {
  return inline.map((part, index) => {
    if (part.type === "strong") return <strong key={index}>{part.text}</strong>;
    if (part.type === "em") return <em key={index}>{part.text}</em>;
    if (part.type === "code") return <code key={index}>{part.text}</code>;
    if (part.type === "link") {
      return (
        <a key={index} href={part.url} target="_blank" rel="noopener noreferrer">
          {part.text}
        </a>
      );
    }
    return <Fragment key={index}>{part.text}</Fragment>;
  });
}
