import { lazy, Suspense, useEffect, useState } from "react";
import { Redirect, Route, Switch } from "wouter";
import { token } from "../api/http";
import { LiveProvider } from "../api/live";
import { Loading } from "../ui/states";
import { ErrorBoundary } from "./ErrorBoundary";
import { Header } from "./Header";
import { NotFound } from "./NotFound";
import { ServerProvider } from "./server";
import { TokenPrompt } from "./TokenPrompt";

const StreamsPage = lazy(() => import("../streams/StreamsPage"));
const StreamPage = lazy(() => import("../streams/StreamPage"));
const BrowsePage = lazy(() => import("../browse/BrowsePage"));
const SqlPage = lazy(() => import("../sql/SqlPage"));
const ReplaysPage = lazy(() => import("../replay/ReplaysPage"));
const NewReplayPage = lazy(() => import("../replay/NewReplayPage"));
const ReplayPage = lazy(() => import("../replay/ReplayPage"));

/** The whole page; a new token loads everything anew. */
export function App() {
  const [session, setSession] = useState(0);
  const [wanted, setWanted] = useState(false);
  useEffect(() => token.onWanted(() => setWanted(true)), []);

  const signIn = (text: string) => {
    token.set(text);
    setWanted(false);
    setSession((old) => old + 1);
  };
  return (
    <ErrorBoundary>
      <ServerProvider key={session}>
        <LiveProvider>
          <Header />
          <Suspense
            fallback={
              <main className="main">
                <Loading />
              </main>
            }
          >
            <Switch>
              <Route path="/">
                <Redirect to="/streams" replace />
              </Route>
              <Route path="/streams" component={StreamsPage} />
              <Route path="/streams/:stream">{({ stream }) => <StreamPage key={stream} stream={stream} />}</Route>
              <Route path="/browse" component={BrowsePage} />
              <Route path="/sql" component={SqlPage} />
              <Route path="/replays" component={ReplaysPage} />
              <Route path="/replays/new" component={NewReplayPage} />
              <Route path="/replays/:plan">{({ plan }) => <ReplayPage key={plan} plan={plan} />}</Route>
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </LiveProvider>
      </ServerProvider>
      {wanted && <TokenPrompt refused={token.get() !== null} onToken={signIn} />}
    </ErrorBoundary>
  );
}
