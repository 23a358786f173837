import { useState } from "react";
import { nothing, pick, type Picked } from "../picked.ts";
import { useFileDrop } from "./use-file-drop.ts";

export interface Installer {
  /** Null while nobody installs anything. */
  picked: Picked | null;
  dragging: boolean;
  open: () => void;
  add: (files: File[]) => void;
  close: () => void;
}

/** The files of an installation: chosen in the dialog, or dropped anywhere on the page, which opens it. */
export function useInstaller(): Installer {
  const [picked, setPicked] = useState<Picked | null>(null);
  const add = (files: File[]) => setPicked((before) => pick(before ?? nothing, files));
  const dragging = useFileDrop(add);
  return { picked, dragging, open: () => setPicked(nothing), add, close: () => setPicked(null) };
}
