import { type ReactNode, useState } from "react";
import { Icon } from "../ui/Icon";
import { type JsonNode, size } from "../text/json";
import { reveal } from "../text/payload";

const OPEN_DEPTH = 2;
const SHOWN = 200;

/** A JSON value to look into. All of it is text: names and values alike. */
export function JsonTree({ node }: { node: JsonNode }) {
  return (
    <div className="json-tree mono">
      <Node node={node} depth={0} />
    </div>
  );
}

function Node({ name, node, depth }: { name?: string; node: JsonNode; depth: number }) {
  const label = name === undefined ? null : <span className="name">{reveal(name)}: </span>;
  if (node.kind === "object" || node.kind === "array") {
    return size(node) === 0 ? (
      <Leaf>
        {label}
        {node.kind === "object" ? "{}" : "[]"}
      </Leaf>
    ) : (
      <Branch label={label} node={node} depth={depth} />
    );
  }
  return (
    <Leaf>
      {label}
      <span className={node.kind}>{node.kind === "string" ? `"${reveal(node.text)}"` : node.text}</span>
    </Leaf>
  );
}

function Leaf({ children }: { children: ReactNode }) {
  return <div className="leaf">{children}</div>;
}

function Branch({ label, node, depth }: { label: ReactNode; node: JsonNode & { kind: "object" | "array" }; depth: number }) {
  const [open, setOpen] = useState(depth < OPEN_DEPTH);
  const [shown, setShown] = useState(SHOWN);
  const children = node.kind === "object" ? node.members.map((m) => ({ ...m })) : node.items.map((value, index) => ({ name: String(index), value }));
  const amount = children.length;
  return (
    <div>
      <button type="button" className="branch" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? "down" : "right"} />
        {label}
        <span className="dim">
          {node.kind === "object" ? `{${amount}}` : `[${amount}]`}
        </span>
      </button>
      {open && (
        <div className="children">
          {children.slice(0, shown).map((child, index) => (
            // A name may be there twice.
            <Node key={index} name={child.name} node={child.value} depth={depth + 1} />
          ))}
          {amount > shown && (
            <button type="button" className="branch" onClick={() => setShown(shown + 10 * SHOWN)}>
              {amount - shown} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}
