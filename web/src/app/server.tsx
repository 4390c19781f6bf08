import { createContext, type ReactNode, useContext } from "react";
import { request } from "../api/http";
import type { ServerFacts } from "../api/types";
import { useResource } from "../api/useResource";

const ServerContext = createContext<ServerFacts | undefined>(undefined);

export function ServerProvider({ children }: { children: ReactNode }) {
  const facts = useResource("server", (signal) => request<ServerFacts>("/server", { signal }), { every: 60_000 });
  return <ServerContext value={facts.value}>{children}</ServerContext>;
}

/** What the server said of itself; undefined until it has. */
export const useServer = () => useContext(ServerContext);

/** Whether this person may change something. */
export const useMayOperate = () => useServer()?.role === "operate";
