import type { ReactNode } from "react";
import type { Problem } from "../api/http";
import { Button, CopyButton } from "./controls";
import { Icon } from "./Icon";

export type Tone = "good" | "warn" | "danger" | "archive" | "live";

export function Tag({ tone, children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

export function ProblemBox({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div className="problem" role="alert">
      <Icon name="warning" />
      <div className="text">
        {problem.code && <span className="code">{problem.code}</span>}
        <span className={problem.message.includes("\n") ? "sentence mono" : "sentence"}>{problem.message}</span>
        {problem.hint && <span className="dim">{problem.hint}</span>}
      </div>
      {onRetry && <Button onPress={onRetry}>Try again</Button>}
    </div>
  );
}

export function Loading({ children = "Loading…" }: { children?: ReactNode }) {
  return (
    <div className="loading" role="status">
      {children}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export function Panel({ title, actions, children, label }: { title?: ReactNode; actions?: ReactNode; children: ReactNode; label?: string }) {
  return (
    <section className="panel" aria-label={label}>
      {(title || actions) && (
        <header>
          {title && <h2>{title}</h2>}
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}

export function Figures({ figures }: { figures: { name: string; value: ReactNode; tone?: Tone; title?: string }[] }) {
  return (
    <dl className="panel figures">
      {figures.map((figure) => (
        <div className="figure" key={figure.name} title={figure.title}>
          <dt>{figure.name}</dt>
          <dd data-tone={figure.tone}>{figure.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A cut in print. */
export function Receipt({ receipt }: { receipt: string }) {
  return (
    <span className="receipt">
      <span className="dim">receipt</span>
      <code className="cut" title={receipt}>
        {receipt.length > 26 ? `${receipt.slice(0, 24)}…` : receipt}
      </code>
      <CopyButton text={receipt} label="Copy the receipt" />
    </span>
  );
}

/** `fraction` null: nobody knows how much is left. */
export function ProgressBar({ fraction, label }: { fraction: number | null; label: string }) {
  const value = fraction === null ? undefined : Math.round(Math.min(1, fraction) * 100);
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={value} data-state={fraction === null ? "unknown" : undefined}>
      <div style={value === undefined ? undefined : { width: `${value}%` }} />
    </div>
  );
}
