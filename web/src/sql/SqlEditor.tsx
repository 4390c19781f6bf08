import { autocompletion, type CompletionContext, type CompletionResult, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql, type SQLNamespace } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { Schema } from "../api/types";
import { namedColumns } from "./namedColumns";

type Props = {
  value: string;
  schema: Schema | undefined;
  onChange: (text: string) => void;
  /** With the text as it is now, which may be newer than what was last drawn. */
  onRun: (text: string) => void;
};

/**
 * The editor lives in a shadow root: there its styles are adopted style sheets, which the strict
 * content security policy allows, where style elements would need an exception.
 */
export function SqlEditor({ value, schema, onChange, onRun }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const language = useRef(new Compartment());
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };

  useEffect(() => {
    const element = host.current;
    if (element === null) {
      return;
    }
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const run = ({ state }: EditorView) => {
      latest.current.onRun(state.doc.toString());
      return true;
    };
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
          lineNumbers(),
          history(),
          drawSelection(),
          typeOverSelection,
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          autocompletion({ icons: false }),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
          language.current.of(languageOf(undefined)),
          syntaxHighlighting(HIGHLIGHT),
          THEME,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": "SQL statement", spellcheck: "false" }),
          placeholder("SELECT … FROM a stream; Ctrl+Enter runs it"),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              latest.current.onChange(update.state.doc.toString());
            }
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(schema)) });
  }, [schema]);

  useEffect(() => {
    const editor = view.current;
    if (editor !== null && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  return <div className="sql-editor" ref={host} />;
}

/**
 * Typing over a selection, done in the state: in the page, Chromium carries the selection's colours
 * over as inline styles, which the content security policy refuses with a report in the console.
 */
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const text = event.data;
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || text === null || empty || view.composing) {
      return false;
    }
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, text, insert))) {
      view.dispatch(insert());
    }
    return true;
  },
});

function languageOf(schema: Schema | undefined) {
  const namespace: Record<string, SQLNamespace> = Object.create(null);
  for (const table of schema?.tables ?? []) {
    namespace[table.name] = table.columns.map((column) => ({ label: column.name, detail: column.type, type: "property" }));
  }
  const language = sql({ dialect: PostgreSQL, schema: namespace, upperCaseKeywords: true });
  return [language, PostgreSQL.language.data.of({ autocomplete: (context: CompletionContext) => columnsOf(schema, context) })];
}

/** Columns without their table's name: those of the tables that the statement names. */
function columnsOf(schema: Schema | undefined, context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/\w+/);
  if (word === null || context.state.sliceDoc(word.from - 1, word.from) === ".") {
    return null;
  }
  const options = namedColumns(schema, context.state.doc.toString()).map((column) => ({ label: column.name, detail: column.type, type: "property", boost: 1 }));
  return { from: word.from, options, validFor: /^\w*$/ };
}

const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.typeName, color: "var(--code-name)" },
  { tag: tags.comment, color: "var(--ink-dim)", fontStyle: "italic" },
]);

const THEME = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", background: "var(--surface)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--surface)", color: "var(--ink-dim)", border: "0", paddingLeft: "4px" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { background: "color-mix(in srgb, var(--hover) 55%, transparent)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: "var(--selected)" },
  ".cm-selectionMatch": { background: "color-mix(in srgb, var(--selected) 70%, transparent)" },
  ".cm-matchingBracket": { background: "var(--selected)", outline: "1px solid var(--accent)" },
  ".cm-placeholder": { color: "var(--ink-dim)" },
  ".cm-tooltip": { background: "var(--raised)", border: "1px solid var(--line)", borderRadius: "6px", boxShadow: "var(--shadow)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px", maxHeight: "15em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 10px", display: "flex", gap: "14px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--selected)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "650" },
  ".cm-completionDetail": { marginLeft: "auto", color: "var(--ink-dim)", fontStyle: "normal" },
  ".cm-panels": { background: "var(--sunken)", color: "var(--ink)", borderColor: "var(--line)" },
});
