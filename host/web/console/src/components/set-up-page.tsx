import { Alert } from "@mantine/core";
import type { ReactNode } from "react";
import layout from "./form.module.css";
import { Markdown } from "./markdown.tsx";
import { Page } from "./page.tsx";

interface Props {
  title: string;
  lead: string;
  /** How to fill it in, Markdown. */
  guide: string;
  /** What is wrong and belongs to no field. */
  problem: string | null;
  onBack: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

/** Sets up something new: the form, and beside it how to fill it in. */
export function SetUpPage({ title, lead, guide, problem, onBack, onSubmit, children }: Props) {
  return (
    <Page title={title} lead={lead} onBack={onBack} wide>
      <div className={layout.two}>
        <form
          className={layout.fields}
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {problem === null ? null : (
            <Alert color="red" variant="light" role="alert">
              {problem}
            </Alert>
          )}
          {children}
        </form>
        <div className={layout.guide}>
          <Markdown source={guide} />
        </div>
      </div>
    </Page>
  );
}
