import { useEffect, useRef, useState } from 'react';

/** Writing in place: Enter or leaving keeps, Escape does not. */
export function NameField({ value, onEnd, long = false, label = 'Name' }: { value: string; onEnd(text: string | undefined): void; long?: boolean; label?: string }) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  const common = {
    ref: field, value: text, 'aria-label': label, className: `name-field nodrag nopan nowheel ${long ? 'long' : ''}`, maxLength: long ? 5000 : 100,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onBlur: () => onEnd(text),
    onPointerDown: (event: { stopPropagation(): void }) => event.stopPropagation(),
    onDoubleClick: (event: { stopPropagation(): void }) => event.stopPropagation(),
    onKeyDown: (event: { key: string; ctrlKey: boolean; metaKey: boolean; preventDefault(): void; stopPropagation(): void }) => {
      if (event.key === 'Escape') onEnd(undefined);
      else if (event.key === 'Enter' && (!long || event.ctrlKey || event.metaKey)) onEnd(text);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return long ? <textarea {...common} /> : <input type="text" spellCheck={false} {...common} />;
}
