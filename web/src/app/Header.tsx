import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useLive } from "../api/live";
import { ActionMenu } from "../ui/controls";
import { Icon, type IconName } from "../ui/Icon";
import { useServer } from "./server";
import { applyTheme, storedTheme, type Theme } from "./theme";

const AREAS: { path: string; text: string; icon: IconName }[] = [
  { path: "/streams", text: "Streams", icon: "streams" },
  { path: "/browse", text: "Browse", icon: "browse" },
  { path: "/sql", text: "SQL", icon: "sql" },
  { path: "/replays", text: "Replay", icon: "replay" },
];

const THEMES: { id: Theme; text: string; icon: IconName }[] = [
  { id: "auto", text: "As the system", icon: "auto" },
  { id: "light", text: "Light", icon: "sun" },
  { id: "dark", text: "Dark", icon: "moon" },
];

export function Header() {
  const [path] = useLocation();
  const server = useServer();
  const live = useLive();
  return (
    <>
      <header className="header">
        <Link href="/streams" className="brand">
          <img src="/favicon.svg" alt="" />
          watershed
        </Link>
        <nav className="nav" aria-label="Areas">
          {AREAS.map((area) => (
            <Link key={area.path} href={area.path} aria-current={path.startsWith(area.path) ? "page" : undefined}>
              <Icon name={area.icon} />
              {area.text}
            </Link>
          ))}
        </nav>
        <div className="server-facts">
          {server && (
            <>
              <span className="reservoir cut mono" title={`Reservoir ${server.reservoir}`}>
                {server.reservoir.replace(/^file:\/\//, "")}
              </span>
              <span className="version">{server.version}</span>
            </>
          )}
          <span className="connection" role="status" data-state={live.connection}>
            {STATES[live.connection]}
          </span>
          <ThemeMenu />
        </div>
      </header>
      <Banner />
    </>
  );
}

const STATES = { connecting: "connecting", open: "live", lost: "reconnecting", closed: "not connected" };

function Banner() {
  const live = useLive();
  if (live.connection === "lost") {
    return (
      <div className="banner" data-kind="lost" role="alert">
        <Icon name="warning" />
        {live.stopping ? "The server is stopping." : "The connection to the server is lost."} What you see is as of then. Reconnecting…
      </div>
    );
  }
  return live.stopping ? (
    <div className="banner" role="alert">
      <Icon name="warning" />
      The server is stopping. Running statements end; replays go on in the next process.
    </div>
  ) : null;
}

function ThemeMenu() {
  const [theme, setTheme] = useState(storedTheme);
  const current = THEMES.find((choice) => choice.id === theme);
  return (
    <ActionMenu
      label={`Colours: ${current?.text ?? theme}`}
      icon={current?.icon ?? "auto"}
      choices={THEMES}
      onAction={(id) => {
        applyTheme(id as Theme);
        setTheme(id as Theme);
      }}
    />
  );
}
