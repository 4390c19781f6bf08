import { type ComponentProps, type ReactNode, useId, useState } from "react";
import {
  Button as AriaButton,
  Dialog as AriaDialog,
  Heading,
  Label,
  ListBox,
  ListBoxItem,
  Menu,
  MenuItem,
  MenuTrigger,
  Modal,
  ModalOverlay,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Tab,
  TabList,
  TabPanel,
  Tabs as AriaTabs,
} from "react-aria-components";
import { copyText } from "./copyText";
import { Icon, type IconName } from "./Icon";

type ButtonProps = {
  children?: ReactNode;
  icon?: IconName;
  /** What it does: its name when it has no text, else a tip. */
  label?: string;
  kind?: "primary" | "danger" | "quiet";
  pressed?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  onPress?: () => void;
  keys?: string;
};

export function Button({ children, icon, label, kind, pressed, disabled, type = "button", onPress, keys }: ButtonProps) {
  return (
    <button
      type={type}
      className="button"
      data-kind={kind}
      data-icon={children === undefined ? "" : undefined}
      aria-label={children === undefined ? label : undefined}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onPress}
    >
      {icon && <Icon name={icon} />}
      {children}
      {keys && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}

/** Copies, and says for a moment that it did. */
export function CopyButton({ text, label, children }: { text: string | (() => string); label: string; children?: ReactNode }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(typeof text === "string" ? text : text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <>
      <Button kind="quiet" icon={copied ? "check" : "copy"} label={label} onPress={() => void copy()}>
        {children}
      </Button>
      <span className="visually-hidden" role="status">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}

export type Choice = { id: string; text: string; hint?: string };

/** One of several. */
export function Select({ label, hidden, value, choices, onChange, placeholder }: { label: string; hidden?: boolean; value: string | null; choices: Choice[]; onChange: (id: string) => void; placeholder?: string }) {
  return (
    <AriaSelect className="field" selectedKey={value} onSelectionChange={(key) => key !== null && onChange(String(key))} placeholder={placeholder ?? "Choose"} aria-label={hidden ? label : undefined}>
      {!hidden && <Label>{label}</Label>}
      <AriaButton className="button select-button">
        <SelectValue className="cut">{({ selectedText, defaultChildren }) => selectedText || defaultChildren}</SelectValue>
        <Icon name="down" />
      </AriaButton>
      <Popover className="popover">
        <ListBox items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.text} className="option">
              {choice.text}
              {choice.hint && <span className="hint">{choice.hint}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** A button with a few things to do. */
export function ActionMenu({ label, icon, children, choices, onAction }: { label: string; icon: IconName; children?: ReactNode; choices: Choice[]; onAction: (id: string) => void }) {
  return (
    <MenuTrigger>
      <AriaButton className="button" aria-label={children === undefined ? label : undefined} data-icon={children === undefined ? "" : undefined} data-kind={children === undefined ? "quiet" : undefined}>
        <Icon name={icon} />
        {children}
      </AriaButton>
      <Popover className="popover">
        <Menu items={choices} onAction={(key) => onAction(String(key))}>
          {(choice) => (
            <MenuItem id={choice.id} textValue={choice.text} className="option">
              {choice.text}
              {choice.hint && <span className="hint">{choice.hint}</span>}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

export function Tabs({ label, tabs, selected, onSelect }: { label: string; tabs: { id: string; text: string; content: ReactNode }[]; selected?: string; onSelect?: (id: string) => void }) {
  const control = selected === undefined ? {} : { selectedKey: selected };
  return (
    <AriaTabs className="tabs" {...control} onSelectionChange={(key) => onSelect?.(String(key))}>
      <TabList className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.text}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

/** Over everything else, until it is answered. */
export function Dialog({ title, children, onClose }: { title: string; children: ReactNode; onClose?: () => void }) {
  return (
    <ModalOverlay className="overlay" isOpen isDismissable={onClose !== undefined} isKeyboardDismissDisabled={onClose === undefined} onOpenChange={(open) => !open && onClose?.()}>
      <Modal className="dialog">
        <AriaDialog className="stack">
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A question before something that cannot be undone. */
export function Confirm({ title, text, action, onAnswer }: { title: string; text: ReactNode; action: string; onAnswer: (yes: boolean) => void }) {
  return (
    <Dialog title={title} onClose={() => onAnswer(false)}>
      <p>{text}</p>
      <div className="row">
        <span className="push" />
        <Button onPress={() => onAnswer(false)}>No, go back</Button>
        <Button kind="primary" onPress={() => onAnswer(true)}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

/** A text field. `mono` for what is code. */
export function TextField({ label, value, onChange, hint, mono, area, hidden, ...rest }: { label: string; value: string; onChange: (text: string) => void; hint?: ReactNode; mono?: boolean; area?: boolean; hidden?: boolean } & Pick<ComponentProps<"input">, "placeholder" | "type" | "inputMode" | "list" | "autoFocus" | "min" | "max" | "step">) {
  const id = useId();
  const props = {
    id,
    value,
    className: `input${mono ? " mono" : ""}`,
    spellCheck: false,
    autoComplete: "off",
    "aria-describedby": hint ? `${id}-hint` : undefined,
    onChange: (e: { target: { value: string } }) => onChange(e.target.value),
    placeholder: rest.placeholder,
  };
  return (
    <div className="field">
      <label htmlFor={id} className={hidden ? "visually-hidden" : undefined}>
        {label}
      </label>
      {area ? <textarea rows={2} {...props} /> : <input {...rest} {...props} />}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

export function Check({ checked, onChange, children, hint }: { checked: boolean; onChange: (on: boolean) => void; children: ReactNode; hint?: ReactNode }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(e) => onChange(e.target.checked)} />
      <span>
        {children}
        {hint && <span className="dim"> {hint}</span>}
      </span>
    </label>
  );
}
