import { useNavigate } from "@tanstack/react-router";
import { SetupPage as Form } from "~/features/auth/components/setup-page.tsx";

export function SetupPage() {
  const navigate = useNavigate();
  return <Form onDone={() => void navigate({ to: "/inbox", replace: true })} />;
}
