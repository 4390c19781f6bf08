const PATHS = {
  streams: "M2 4c2-1.5 4-1.5 6 0s4 1.5 6 0M2 8c2-1.5 4-1.5 6 0s4 1.5 6 0M2 12c2-1.5 4-1.5 6 0s4 1.5 6 0",
  browse: "M3 3h10M3 6.3h10M3 9.6h6M12.5 12.5 14 14M9.5 11.2a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 0 0-3.6 0",
  sql: "M3 4.5l3 3.5-3 3.5M8 12h5",
  replay: "M3 8a5 5 0 1 1 1.6 3.7M3 12.5V9.2h3.3",
  copy: "M6 6h7v7H6zM3 10V3h7",
  check: "M3 8.5l3.2 3.2L13 5",
  close: "M4 4l8 8M12 4l-8 8",
  down: "M4 6l4 4 4-4",
  right: "M6 4l4 4-4 4",
  left: "M10 4L6 8l4 4",
  play: "M5 3.5v9l7.5-4.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  stop: "M4 4h8v8H4z",
  warning: "M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.2",
  link: "M6.5 9.5l3-3M7 5l1.8-1.8a2.5 2.5 0 0 1 3.6 3.6L10.6 8.6M9 11l-1.8 1.8a2.5 2.5 0 0 1-3.6-3.6L5.4 7.4",
  download: "M8 2.5v7M4.8 6.8L8 10l3.2-3.2M3 13h10",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z",
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
  star: "M8 2.5l1.7 3.5 3.8.5-2.8 2.7.7 3.8L8 11.2 4.6 13l.7-3.8L2.5 6.5 6.3 6z",
  trash: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5",
  chart: "M3 3v10h10M5.5 10.5l2.2-3 2 1.6L13 5",
  plus: "M8 3.5v9M3.5 8h9",
  clock: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2 1.3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round">
      <path d={PATHS[name]} />
    </svg>
  );
}
