import { useNavigate } from "@tanstack/react-router";
import { InvitePage as Form } from "~/features/auth/components/invite-page.tsx";

export function InvitePage() {
  const navigate = useNavigate();
  return <Form onDone={() => void navigate({ to: "/inbox", replace: true })} />;
}
