import { useState } from "react";
import { Button, Dialog, TextField } from "../ui/controls";

/** Asks for a token; it stays in this tab's session storage and goes nowhere but to this server. */
export function TokenPrompt({ refused, onToken }: { refused: boolean; onToken: (token: string) => void }) {
  const [text, setText] = useState("");
  return (
    <Dialog title="This server wants a token">
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          if (text.trim()) {
            onToken(text.trim());
          }
        }}
      >
        <p className="dim">
          {refused ? "The token was refused: it is wrong, or was withdrawn." : "Whoever runs the server hands them out (tokens: in watershed.yaml)."} It is kept until this tab is closed.
        </p>
        <TextField label="Token" type="password" value={text} onChange={setText} autoFocus mono />
        <div className="row">
          <span className="push" />
          <Button kind="primary" type="submit" disabled={!text.trim()}>
            Go on
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
