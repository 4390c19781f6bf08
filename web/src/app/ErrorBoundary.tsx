import { Component, type ReactNode } from "react";
import { asProblem } from "../api/http";
import { ProblemBox } from "../ui/states";

/** Shows what went wrong in the page itself, in place of an empty window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === undefined ? (
      this.props.children
    ) : (
      <main className="main">
        <h1>The page failed</h1>
        <ProblemBox problem={asProblem(this.state.error)} onRetry={() => window.location.reload()} />
      </main>
    );
  }
}
